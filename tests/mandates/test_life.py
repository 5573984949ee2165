"""The life of an edge: the table says what may be, and nothing else may."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mandates import builders as b
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.catalogue.values import ServiceId
from toegang.mandates.edge import LIVE, PENDING, TERMINAL, Edge, State, Substitution, Terms
from toegang.mandates.life import TABLE, Act, Line, Side
from toegang.mandates.link import link_of
from toegang.mandates.moves import Move, Mover, Scene
from toegang.mandates.moving import begun, moved
from toegang.mandates.party import PartyId, Standing
from toegang.mandates.scope import Scope
from toegang.mandates.why import Objection, Why
from toegang.registers.population import BirthDate

BEGINNING = {Act.REQUEST, Act.OFFER, Act.TRANSFER}
WHO = {Side.PRINCIPAL: b.SANNE, Side.AGENT: b.PIETER, Side.CO_PRINCIPAL: b.NOOR}
HOUSE = {Side.OFFICE, Side.LAW, Side.CLOCK}
LATER = b.NOW + 60 * b.DAY


def prepared(state: State, initiator: Side = Side.PRINCIPAL) -> Edge:
    """Return an edge in a state, with a co-principal who has not agreed yet."""
    waits = b.NOW + b.DAY if state in PENDING else None
    return b.edge(
        state=state, co_principals=frozenset({b.NOOR}), initiator=WHO[initiator], pending_until=waits
    )


def mover(side: Side) -> Mover:
    return Mover.of_house(side) if side in HOUSE else Mover.self(WHO[side], Level.HIGH)


def sound(act: Act, side: Side) -> Move:
    """Return a move that no guard objects to, where the table has it."""
    shorter, longer = b.terms(until=b.NOW + b.DAY), b.terms(until=LATER)
    new = {Act.RESTRICT: shorter, Act.EXTEND: longer}.get(act)
    named = frozenset({b.NOOR}) if act is Act.CONSENT else None
    letter = Level.LOW if act is Act.ACTIVATE else None
    return Move(act=act, by=mover(side), terms=new, letter=letter, required=named)


def now_for(act: Act) -> Scene:
    return b.scene(now=b.NOW + 2 * b.DAY) if act is Act.LAPSE else b.scene()


def standing_as(side: Side, initiator: Side) -> set[Side]:
    answers = side in {Side.PRINCIPAL, Side.AGENT} and side is not initiator
    return (
        {side} | ({Side.INITIATOR} if side is initiator else set()) | ({Side.ANSWERER} if answers else set())
    )


EVERYTHING = [
    (act, side, state, initiator)
    for act, side, state, initiator in itertools.product(
        [act for act in Act if act not in BEGINNING], [*WHO, *HOUSE], State, [Side.PRINCIPAL, Side.AGENT]
    )
]


@pytest.mark.requires("MANDATES-T3", "MANDATES-T17", "MANDATES-P16")
def test_of_all_acts_by_all_sides_from_all_states_exactly_those_of_the_table_are_done() -> None:
    done = set()
    for act, side, state, initiator in EVERYTHING:
        before = prepared(state, initiator)
        after = moved(before, sound(act, side), now_for(act))
        expected = any(
            line.act is act and state in line.from_ and standing_as(side, initiator) & line.by
            for line in TABLE
        )
        assert isinstance(after, Edge) is expected, (act, side, state, initiator, after)
        if isinstance(after, Edge):
            assert after.version == before.version + 1
            done.add(act)
    assert done == set(Act) - BEGINNING


@pytest.mark.requires("MANDATES-T3", "MANDATES-T5")
def test_what_waits_for_the_code_of_a_letter_goes_on_by_that_code_and_no_other_road() -> None:
    """Said here beside the table: approved meanwhile, a letter on its way would open what is settled."""
    going_on = {
        (act, side)
        for act, side in itertools.product([act for act in Act if act not in BEGINNING], [*WHO, *HOUSE])
        if isinstance(
            after := moved(prepared(State.CODE_SENT, Side.AGENT), sound(act, side), now_for(act)), Edge
        )
        if after.state not in TERMINAL
    }
    assert going_on == {(Act.ACTIVATE, Side.AGENT)}


@pytest.mark.requires("MANDATES-P16")
@pytest.mark.parametrize("state", sorted(TERMINAL))
def test_what_ended_stays_as_it_ended(state: State) -> None:
    for act in Act:
        for side in (*WHO, *HOUSE):
            if act not in BEGINNING:
                assert isinstance(moved(prepared(state), sound(act, side), now_for(act)), Objection)


@pytest.mark.parametrize("line", TABLE, ids=lambda line: f"{line.number}-{line.act.value}")
def test_a_line_leads_where_it_says(line: Line) -> None:
    side = next(iter(line.by - {Side.INITIATOR, Side.ANSWERER}), Side.PRINCIPAL)
    initiator = Side.AGENT if Side.ANSWERER in line.by else Side.PRINCIPAL
    for state in line.from_:
        after = moved(prepared(state, initiator), sound(line.act, side), now_for(line.act))
        assert isinstance(after, Edge)
        settles = State.ACTIVE if line.act is Act.CONSENT else State.AWAITING_COSIGN
        assert after.state is (line.to or settles)


def test_eighteen_transitions_have_a_line_and_no_act_has_two() -> None:
    assert {line.number for line in TABLE} == {f"T{number}" for number in range(1, 19)}
    assert sorted(line.act for line in TABLE) == sorted(Act)
    assert {state for line in TABLE for state in line.from_} == LIVE


# -- what is refused although the table has it ---------------------------------------------------------------

REFUSED = {
    "approving with too low a login": (
        State.REQUESTED, Act.APPROVE,
        b.scene(demands=b.demands(grant=Level.HIGH)), Level.LOW, Why.LEVEL_TOO_LOW,
    ),
    "accepting with too low a login": (
        State.OFFERED, Act.ACCEPT, b.scene(demands=b.demands(accept=Level.HIGH)), Level.LOW, Why.LEVEL_TOO_LOW
    ),
    "approving under curatele": (
        State.REQUESTED, Act.APPROVE,
        b.scene(principal=b.person(b.SANNE, standing=Standing.UNDER_GUARDIANSHIP)),
        Level.HIGH, Why.NOT_CAPABLE,
    ),
    "approving as a minor": (
        State.REQUESTED, Act.APPROVE,
        b.scene(principal=b.person(b.SANNE, born=BirthDate.parse("2009-03-02"))), Level.HIGH, Why.NOT_CAPABLE,
    ),
    "approving for the dead": (
        State.REQUESTED, Act.APPROVE,
        b.scene(principal=b.person(b.SANNE, standing=Standing.DECEASED)), Level.HIGH, Why.PARTY_ENDED,
    ),
    "accepting as a minor": (
        State.OFFERED, Act.ACCEPT,
        b.scene(agent=b.person(b.PIETER, born=BirthDate.parse("2010-00-00"))), Level.HIGH, Why.NOT_CAPABLE,
    ),
    "accepting for a dissolved firm": (
        State.OFFERED, Act.ACCEPT,
        b.scene(agent=b.firm(b.PIETER, standing=Standing.DISSOLVED)), Level.HIGH, Why.PARTY_ENDED,
    ),
    "approving what no service admits any more": (
        State.REQUESTED, Act.APPROVE, b.scene(demands=None), Level.HIGH, Why.NOT_ADMITTED
    ),
    "approving a kind that is not admitted": (
        State.REQUESTED, Act.APPROVE,
        b.scene(demands=b.demands(kinds=frozenset({EdgeKind.HELPER}))), Level.HIGH, Why.KIND_NOT_ADMITTED,
    ),
    "a letter where services want none": (
        State.REQUESTED, Act.SEND_LETTER, b.scene(demands=b.demands(letter=False)), Level.HIGH, Why.NO_LETTER
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_a_guard_refuses(case: tuple[State, Act, Scene, Level, Why]) -> None:
    state, act, scene, level, why = case
    acting = b.SANNE if act is Act.APPROVE else b.PIETER
    assert moved(prepared(state), b.move(act, Mover.self(acting, level)), scene) == Objection(why)


def test_a_code_that_was_not_checked_activates_nothing_nor_one_that_claims_too_much() -> None:
    waiting = prepared(State.CODE_SENT)
    for letter in (None, Level.SUBSTANTIAL):
        told = moved(waiting, b.move(Act.ACTIVATE, b.PIETER, letter=letter), b.scene())
        assert told == Objection(Why.CODE_NOT_PROVEN)


def test_an_edge_that_came_by_letter_is_worth_no_more_than_the_letter() -> None:
    after = moved(b.edge(state=State.CODE_SENT), b.move(Act.ACTIVATE, b.PIETER, letter=Level.LOW), b.scene())
    assert isinstance(after, Edge)
    assert (after.state, after.terms.level) == (State.ACTIVE, Level.LOW)


def test_what_was_not_answered_in_time_cannot_be_answered_and_lapses_no_earlier() -> None:
    waiting = prepared(State.OFFERED)
    last, too_late = b.NOW + b.DAY - timedelta(microseconds=1), b.NOW + b.DAY
    assert isinstance(moved(waiting, b.move(Act.ACCEPT, b.PIETER), b.scene(now=last)), Edge)
    for act, by in ((Act.ACCEPT, b.PIETER), (Act.WITHDRAW, b.SANNE), (Act.DECLINE, b.PIETER)):
        assert moved(waiting, b.move(act, by), b.scene(now=too_late)) == Objection(Why.NOT_NOW)
    lapse = Move(act=Act.LAPSE, by=Mover.of_house(Side.CLOCK))
    assert moved(waiting, lapse, b.scene(now=last)) == Objection(Why.NOT_NOW)
    assert isinstance(moved(waiting, lapse, b.scene(now=too_late)), Edge)


@pytest.mark.requires("MANDATES-P5")
@pytest.mark.parametrize("state", sorted(State))
def test_what_waits_has_lapsed_from_the_moment_on_to_which_it_waits_and_nothing_else_has(
    state: State,
) -> None:
    waiting, tick = b.edge(state=state, pending_until=b.NOW), timedelta(microseconds=1)
    assert waiting.state_at(b.NOW - tick) is state
    assert waiting.state_at(b.NOW) is (State.LAPSED if state in PENDING else state)
    assert replace(waiting, pending_until=None).state_at(b.NOW) is state


@pytest.mark.requires("MANDATES-P5")
def test_a_mandate_holds_from_its_first_moment_on_and_not_at_its_end() -> None:
    first, end, tick = b.NOW - b.DAY, b.NOW, timedelta(microseconds=1)
    mine = b.edge(terms=b.terms(from_=first, until=end))
    moments = (first - tick, first, end - tick, end)
    for holds in (mine.effective, mine.terms.covers, link_of(mine).covers):
        assert [holds(at) for at in moments] == [False, True, True, False]


def test_whoever_receives_a_mandate_cannot_approve_it_for_who_gives_it() -> None:
    both = Mover(party=b.PIETER, behalf=b.SANNE, level=Level.HIGH)
    told = moved(prepared(State.REQUESTED, Side.AGENT), b.move(Act.APPROVE, both), b.scene())
    assert told == Objection(Why.SELF_APPROVAL)


@pytest.mark.requires("MANDATES-P27")
def test_whoever_receives_a_mandate_is_not_the_co_principal_who_agrees_to_it() -> None:
    mine = replace(prepared(State.AWAITING_COSIGN), co_principals=frozenset({b.PIETER}))
    assert moved(mine, b.move(Act.CONSENT, b.PIETER), b.scene()) == Objection(Why.SELF_APPROVAL)
    assert isinstance(moved(mine, b.move(Act.DECLINE, b.PIETER), b.scene()), Edge)


def test_ending_asks_no_level_and_no_standing() -> None:
    gone = b.scene(
        principal=b.person(b.SANNE, standing=Standing.UNDER_GUARDIANSHIP),
        demands=b.demands(grant=Level.HIGH, accept=Level.HIGH),
    )
    low = Mover.self(b.SANNE, Level.MINIMAL)
    assert isinstance(moved(b.edge(), b.move(Act.REVOKE, low), gone), Edge)
    assert isinstance(moved(b.edge(), b.move(Act.RENOUNCE, Mover.self(b.PIETER, Level.MINIMAL)), gone), Edge)


def test_a_consent_of_whom_the_register_no_longer_names_does_not_count() -> None:
    waiting = prepared(State.AWAITING_COSIGN)
    told = moved(waiting, b.move(Act.CONSENT, b.NOOR, required=frozenset()), b.scene())
    assert told == Objection(Why.NOT_YOURS)
    two = frozenset({b.NOOR, b.party_id(4)})
    after = moved(waiting, b.move(Act.CONSENT, b.NOOR, required=two), b.scene())
    assert isinstance(after, Edge)
    assert after.state is State.AWAITING_COSIGN


# -- beginning -----------------------------------------------------------------------------------------------


def test_an_offer_waits_for_its_agent_unless_the_services_ask_no_acceptance() -> None:
    proposed, offer = b.edge(state=State.DECLINED), b.move(Act.OFFER, b.SANNE)
    waits = begun(proposed, offer, b.scene())
    assert isinstance(waits, Edge)
    assert (waits.state, waits.pending_until, waits.version) == (State.OFFERED, b.NOW + 21 * b.DAY, 1)
    at_once = begun(proposed, offer, b.scene(demands=b.demands(acceptance=False)))
    assert isinstance(at_once, Edge)
    assert (at_once.state, at_once.pending_until) == (State.ACTIVE, None)
    joint = replace(proposed, co_principals=frozenset({b.NOOR}), agreed=frozenset({b.NOOR}))
    together = begun(joint, offer, b.scene(demands=b.demands(acceptance=False)))
    assert isinstance(together, Edge)
    assert together.state is State.AWAITING_COSIGN


def test_an_offer_is_worth_no_more_than_the_login_that_made_it() -> None:
    made = begun(b.edge(), b.move(Act.OFFER, Mover.self(b.SANNE, Level.LOW)), b.scene())
    assert isinstance(made, Edge)
    assert made.terms.level is Level.LOW


BEGINNINGS = {
    "somebody else's": (b.edge(), Act.OFFER, b.NOOR, Why.NOT_YOURS),
    "an offer by its agent": (b.edge(), Act.OFFER, b.PIETER, Why.NOT_YOURS),
    "a request by its principal": (b.edge(), Act.REQUEST, b.SANNE, Why.NOT_YOURS),
    "a kind that only the law gives": (b.edge(kind=EdgeKind.PARENTAL), Act.OFFER, b.SANNE, Why.NOT_YOURS),
    "longer than admitted": (
        b.edge(terms=b.terms(until=b.NOW + 6 * 366 * b.DAY)), Act.OFFER, b.SANNE, Why.LONGER_THAN_ADMITTED
    ),
    "later than in a year": (
        b.edge(terms=b.terms(from_=b.NOW + 367 * b.DAY, until=b.NOW + 368 * b.DAY)),
        Act.OFFER,
        b.SANNE,
        Why.NOT_NOW,
    ),
    "over before it began": (b.edge(terms=b.terms(until=b.NOW)), Act.OFFER, b.SANNE, Why.NOT_NOW),
}  # fmt: skip


@pytest.mark.parametrize("case", BEGINNINGS.values(), ids=BEGINNINGS)
def test_a_beginning_is_refused(case: tuple[Edge, Act, PartyId, Why]) -> None:
    proposed, act, by, why = case
    assert begun(proposed, b.move(act, by), b.scene()) == Objection(why)


# -- changing ------------------------------------------------------------------------------------------------

WIDER = {
    "longer": b.terms(until=LATER),
    "earlier": b.terms(from_=b.NOW - 9 * b.DAY),
    "another service": b.terms(scopes=(Scope.of_service(ServiceId(UUID(int=2))),)),
    "higher": b.terms(level=Level.HIGH),
    "may be passed on": b.terms(substitution=Substitution.ONE_LEVEL),
    "may give": b.terms(grants=True),
}


@pytest.mark.parametrize("new", WIDER.values(), ids=WIDER)
def test_restricting_makes_nothing_wider_in_any_respect(new: Terms) -> None:
    for by in (b.SANNE, b.PIETER):
        told = moved(b.edge(), b.move(Act.RESTRICT, by, terms=new), b.scene())
        assert told == Objection(Why.WIDER)


def test_extending_changes_the_end_and_nothing_else() -> None:
    longer = b.terms(until=LATER)
    assert isinstance(moved(b.edge(), b.move(Act.EXTEND, b.SANNE, terms=longer), b.scene()), Edge)
    wider = replace(longer, grants=True)
    assert moved(b.edge(), b.move(Act.EXTEND, b.SANNE, terms=wider), b.scene()) == Objection(Why.WIDER)
    too_long = b.terms(until=b.NOW + 6 * 366 * b.DAY)
    told = moved(b.edge(), b.move(Act.EXTEND, b.SANNE, terms=too_long), b.scene())
    assert told == Objection(Why.LONGER_THAN_ADMITTED)


def test_what_ran_out_is_not_extended() -> None:
    over = b.edge(terms=b.terms(until=b.NOW))
    told = moved(over, b.move(Act.EXTEND, b.SANNE, terms=b.terms(until=LATER)), b.scene())
    assert told == Objection(Why.NOT_NOW)


@pytest.mark.requires("MANDATES-P16")
@given(st.lists(st.tuples(st.sampled_from(sorted(Act)), st.sampled_from([*WHO, *HOUSE])), max_size=12))
def test_whatever_is_done_in_whatever_order_the_version_counts_and_an_end_is_an_end(
    acts: list[tuple[Act, Side]],
) -> None:
    edge = prepared(State.REQUESTED, Side.AGENT)
    for act, side in acts:
        after = moved(edge, sound(act, side), b.scene())
        if isinstance(after, Objection):
            continue
        assert act not in BEGINNING
        assert edge.state in LIVE
        assert after.version == edge.version + 1
        assert (after.id, after.principal, after.agent, after.kind) == (
            edge.id, edge.principal, edge.agent, edge.kind
        )  # fmt: skip
        assert after.terms.worth <= max(edge.terms.worth, Level.LOW)
        edge = after


def test_who_began_it_is_who_did_and_not_who_is_named() -> None:
    made = begun(b.edge(initiator=b.SANNE), b.move(Act.REQUEST, b.PIETER), b.scene())
    assert isinstance(made, Edge)
    assert made.initiator == b.PIETER
    assert moved(made, b.move(Act.WITHDRAW, b.SANNE), b.scene()) == Objection(Why.NOT_YOURS)


@pytest.mark.parametrize("kind", [EdgeKind.PROXY, EdgeKind.STATUTORY, EdgeKind.COURT])
def test_nobody_gives_what_a_service_would_take_for_told_by_a_register(kind: EdgeKind) -> None:
    told = begun(b.edge(kind=kind), b.move(Act.OFFER, b.SANNE), b.scene())
    assert told == Objection(Why.NOT_YOURS)
