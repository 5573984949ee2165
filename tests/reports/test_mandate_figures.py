"""Figures of mandates and of logins for others: what is counted, under what, and what is hidden."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.audit.builders import NOON
from tests.reports.test_figures import MARCH, OPEN, figures
from toegang.assurance import Level
from toegang.audit.event import Personal
from toegang.audit.events import (
    Event,
    MandateBegun,
    MandateMoved,
    MandateReasonGiven,
    MandateUsed,
    TeamChanged,
)
from toegang.catalogue.representation import EdgeKind
from toegang.mandates.legal.authority import Basis
from toegang.mandates.life import Act
from toegang.mandates.link import DESK
from toegang.mandates.reasons import Reason
from toegang.reports.facts import BY_OFFICE
from toegang.reports.figures import FigureId, Wanted
from toegang.reports.words import ACTS, GROUNDS, REASONS, Labels

SOMEBODY = Personal("somebody")


def begun(act: Act = Act.OFFER, after: str = "offered") -> Event:
    return MandateBegun(
        at=NOON,
        edge="e",
        kind="voluntary",
        act=act,
        after=after,
        level=Level.LOW,
        principal=SOMEBODY,
        agent=SOMEBODY,
    )


def moved(act: Act, before: str, after: str, side: str = "agent") -> Event:
    return MandateMoved(
        at=NOON,
        edge="e",
        version=2,
        act=act,
        before=before,
        after=after,
        side=side,
        level=Level.LOW,
        contested=0,
        principal=SOMEBODY,
        agent=SOMEBODY,
    )


def reasoned(reason: Reason) -> Event:
    return MandateReasonGiven(
        at=NOON, edge="e", after="revoked", reason=reason, told=False, by=SOMEBODY, reference="e"
    )


def used(*basis: str) -> Event:
    return MandateUsed(
        at=NOON,
        statement="s",
        service=str(UUID(int=1)),
        basis=basis,
        path=("law",) * len(basis),
        level=Level.LOW,
        rules=1,
        actor=SOMEBODY,
        principal=SOMEBODY,
    )


def column(events: list[Event], figure: FigureId, wanted: Wanted = OPEN) -> dict[str, int | None]:
    return {row.key: row.cells[0] for row in figures(events, wanted).table(figure).rows}


def test_few_acts_and_few_logins_are_hidden() -> None:
    events = [*[begun()] * 3, *[used("heir")] * 4]
    assert column(events, FigureId.MANDATES_BY_ACT, MARCH) == {"offer": None}
    assert column(events, FigureId.LOGINS_FOR_OTHERS, MARCH) == {"heir": None}
    assert figures(events, MARCH).table(FigureId.LOGINS_FOR_OTHERS).totals == (None,)


def test_what_is_said_of_teams_is_no_mandate_of_anybody() -> None:
    team = TeamChanged(at=NOON, team="t", organisation="o", what="client-added", level=Level.LOW, by=SOMEBODY)
    assert column([team] * 20, FigureId.MANDATES_BY_ACT) == {}


def test_each_act_counts_under_its_word_and_nothing_is_added_up() -> None:
    events = [
        begun(),
        moved(Act.ACCEPT, "offered", "active"),
        moved(Act.SUSPEND, "active", "suspended"),
        moved(Act.RESUME, "suspended", "active"),
        moved(Act.REVOKE, "active", "revoked", "principal"),
        moved(Act.REVOKE, "active", "revoked", "co-principal"),
        moved(Act.REVOKE, "suspended", "revoked", "office"),
        begun(Act.OFFER, "active"),
    ]
    counted = column(events, FigureId.MANDATES_BY_ACT)
    ended = {"revoke": 2, BY_OFFICE: 1}
    assert counted == {"offer": 2, "accept": 1, "suspend": 1, "resume": 1, **ended}
    assert figures(events, OPEN).table(FigureId.MANDATES_BY_ACT).totals == ()


def test_reasons_of_ending_are_counted_and_few_are_hidden_in_company() -> None:
    events = [*[reasoned(Reason.NOT_NEEDED)] * 30, *[reasoned(Reason.NO_TRUST)] * 3]
    events += [reasoned(Reason.MISTAKE)] * 12
    assert column(events, FigureId.REASONS_OF_ENDING) == {"not-needed": 30, "no-trust": 3, "mistake": 12}
    hidden = {"not-needed": 30, "no-trust": None, "mistake": None}
    assert column(events, FigureId.REASONS_OF_ENDING, MARCH) == hidden
    assert column(events[-5:], FigureId.REASONS_OF_ENDING, MARCH) == {"mistake": None}


def test_an_employee_counts_under_the_ground_of_their_firm() -> None:
    counted = column([used("employee", "curatele"), used("voluntary"), used()], FigureId.LOGINS_FOR_OTHERS)
    assert counted == {"curatele": 1, "voluntary": 1, "": 1}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_act_and_every_ground_has_a_name(language: str) -> None:
    labels = Labels(language=language)
    assert {*Act, BY_OFFICE} == set(ACTS)
    given = {kind.value for kind in EdgeKind if not kind.by_law}
    assert {each.value for each in Basis} | given | {DESK} <= set(GROUNDS)
    assert set(Reason) == set(REASONS)
    for act in ACTS:
        assert labels.row(FigureId.MANDATES_BY_ACT, act) != act
    assert labels.row(FigureId.LOGINS_FOR_OTHERS, "heir") != labels.row(FigureId.LOGINS_FOR_OTHERS, "proxy")
