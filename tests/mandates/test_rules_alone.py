"""Rules on their own: drawn worlds seldom come upon them, or another stands before them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.mandates import builders as b
from tests.mandates.test_register import SERVICE, made
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.mandates.decide import Permit, chosen
from toegang.mandates.edge import EdgeId, State
from toegang.mandates.giving import deals_with_themselves
from toegang.mandates.judging import Grounds, clients_are_of_the_team
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.life import Act
from toegang.mandates.link import Path, link_of
from toegang.mandates.moves import Move, Mover
from toegang.mandates.scope import covering
from toegang.mandates.statement import CLOCKS_APART
from toegang.mandates.stores import Page, Reach
from toegang.mandates.why import Why
from toegang.storage import Database

RULES = b.rules()
TEAM = b.party_id(300)
TICK = timedelta(microseconds=1)


def grounds() -> Grounds:
    known = {each.id: each for each in (b.person(b.SANNE), b.person(b.PIETER), b.firm())}
    return Grounds.of(b.service(1, RULES), RULES, level=Level.LOW, now=b.NOW, parties=known, law=NOTHING_TOLD)


@pytest.mark.requires("MANDATES-P5")
async def test_lists_look_among_what_holds_to_the_microsecond(database: Database) -> None:
    # Whatever a list looks among is judged after that, which would leave out what is over too.
    near = b.edge(principal=b.FIRM, agent=b.PIETER, kind=EdgeKind.EMPLOYEE)
    far = b.edge(id=EdgeId(b.party_id(8)), agent=b.FIRM)
    graph, terms = (await made(database, near, far)).graph, near.terms
    moments = {
        terms.from_ - TICK: False, terms.from_: True, terms.until - TICK: True, terms.until: False
    }  # fmt: skip
    for now, held in moments.items():
        keys = tuple(each.key for each in covering(SERVICE))
        reach = Reach(keys=keys, depth=2, level=Level.LOW, now=now)
        assert set(await graph.principals(b.PIETER, reach, Page())) == ({b.FIRM, b.SANNE} if held else set())
        assert set(await graph.agents(b.SANNE, reach, Page())) == ({b.FIRM, b.PIETER} if held else set())
        assert set(await graph.organisations(b.PIETER, reach)) == ({b.FIRM} if held else set())


@pytest.mark.requires("MANDATES-P24")
def test_of_two_that_are_alike_the_same_one_is_chosen_whichever_is_found_first() -> None:
    paths: list[Path] = [(link_of(b.edge(id=EdgeId(b.party_id(id_)))),) for id_ in (8, 9)]
    found = [chosen(each, grounds(), Level.HIGH) for each in (paths, paths[::-1])]
    assert all(isinstance(each, Permit) for each in found)
    assert found[0] == found[1]


@pytest.mark.requires("MANDATES-P25")
@pytest.mark.parametrize("other", [b.SANNE, b.PIETER])
def test_of_whom_one_register_was_silent_or_doubtful_nothing_is_sure_whatever_another_told(
    other: object,
) -> None:
    for which in ("silent", "doubted"):
        mine, theirs = (b.told(**{which: frozenset({each})}) for each in (b.NOOR, other))
        for both in (mine.and_(theirs), theirs.and_(mine)):
            assert both.unsure(b.NOOR) is not None
            assert both.unsure(other) is not None  # type: ignore[arg-type]


@pytest.mark.requires("MANDATES-P26")
def test_who_was_on_a_team_for_a_while_acts_for_its_clients_for_as_long() -> None:
    near = b.edge(principal=b.FIRM, agent=b.PIETER, kind=EdgeKind.EMPLOYEE, terms=b.terms(teams_only=True))
    far = link_of(b.edge(agent=b.FIRM))
    on = link_of(b.edge(principal=TEAM, agent=b.PIETER, kind=EdgeKind.STAFF))
    is_for = link_of(b.edge(agent=TEAM, kind=EdgeKind.INTERMEDIARY))
    over = (replace(on, until=b.NOW), is_for), (on, replace(is_for, until=b.NOW))
    ended = (replace(on, state=State.REVOKED), is_for), (on, replace(is_for, state=State.REVOKED))
    for through in ((), *over, *ended):
        path = (replace(link_of(near), through=through), far)
        assert clients_are_of_the_team(path, grounds()) is Why.NOT_ON_THE_TEAM
    assert clients_are_of_the_team((replace(link_of(near), through=(on, is_for)), far), grounds()) is None


@pytest.mark.requires("MANDATES-P27")
def test_who_asked_as_director_of_one_side_does_not_give_it_in_the_name_of_the_other() -> None:
    # What a director asks rests on nothing of theirs (BW-2:240): that they asked is all that is known.
    asked = b.edge(agent=b.FIRM, state=State.REQUESTED, initiator=b.FIRM, asked_by=b.NOOR)
    for_sanne = Mover(party=b.NOOR, behalf=b.SANNE, level=Level.HIGH)
    told = deals_with_themselves(asked, Move(act=Act.APPROVE, by=for_sanne), NOTHING_TOLD, b.NOW)
    assert told is Why.SELF_APPROVAL
    another = replace(asked, asked_by=b.PIETER)
    assert deals_with_themselves(another, Move(act=Act.APPROVE, by=for_sanne), NOTHING_TOLD, b.NOW) is None


@pytest.mark.requires("MANDATES-P28")
def test_two_clocks_that_each_differ_by_two_minutes_are_no_further_apart_than_is_reckoned_with() -> None:
    assert 4 * 60 <= CLOCKS_APART.total_seconds() <= 10 * 60
