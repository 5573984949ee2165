"""What a firm did for others goes to the firm that it merged into; what may not, stays and is named."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from tests.mandates import builders as b
from tests.mandates.giving_people import CARE, PIETER, RETURNS, SANNE, Firms
from tests.mandates.merging import ACTIVE, BY, GONE, GROUND, INTO, MERGED, THIRD, Merging, merging
from tests.mandates.test_register import events
from tests.mandates.two_firms import NOW
from toegang.assurance import Level
from toegang.audit.events import MandateOrdered
from toegang.catalogue.representation import EdgeKind
from toegang.errors import NotEntitled, Unavailable
from toegang.identity.numbers import KvkNumber
from toegang.mandates.decide import Asker, Permit
from toegang.mandates.edge import LIVE, PENDING, Edge, State, Under
from toegang.mandates.job import JobState
from toegang.mandates.law import NOT_ASKED, NOTHING_TOLD, Law
from toegang.mandates.legal.court import Capacity
from toegang.mandates.life import Act, Side
from toegang.mandates.moves import Move, Mover
from toegang.mandates.party import Standing
from toegang.mandates.scope import Scope
from toegang.mandates.why import Why
from toegang.registers.organisations import RegisteredOrganisation
from toegang.registers.organisations import Standing as Registered
from toegang.storage import Database

# -- refusals: nothing is ordered ----------------------------------------------------------------------------

NOT_MERGED: dict[str, RegisteredOrganisation | None] = {
    "unknown": None,
    "active": replace(MERGED, standing=Registered.ACTIVE, into=None),
    "dissolved, into nobody": replace(MERGED, standing=Registered.DISSOLVED, into=None),
    "merged into another": replace(MERGED, into=THIRD),
    "in doubt": replace(MERGED, disputed=True),
    "from tomorrow on": replace(MERGED, standing_since=date(2027, 3, 2)),
}
CANNOT_TAKE: dict[str, RegisteredOrganisation | None] = {
    "unknown": None,
    "in doubt": replace(ACTIVE, disputed=True),
    "insolvent": replace(ACTIVE, standing=Registered.INSOLVENT),
    "merged itself": replace(ACTIVE, standing=Registered.MERGED, into=THIRD),
}


async def refused(world: Merging, *both: KvkNumber) -> str:
    with pytest.raises(NotEntitled) as told:
        await world.jobs.transfer((both[0], both[1]), BY, GROUND, NOW)
    assert await world.jobs.store.latest(5) == ()
    return told.value.why


@pytest.mark.requires("MANDATES-P22")
@pytest.mark.parametrize("what", NOT_MERGED)
async def test_nothing_goes_over_that_the_register_does_not_say_merged(database: Database, what: str) -> None:
    world = await merging(database)
    edge = await world.client(1)
    told = NOT_MERGED[what]
    world.house.firms.told = {INTO: ACTIVE} | ({} if told is None else {GONE: told})
    assert await refused(world, GONE, INTO) == Why.NO_AUTHORITY
    assert await world.state(edge) is State.ACTIVE


@pytest.mark.parametrize("what", CANNOT_TAKE)
async def test_nothing_goes_to_who_cannot_act(database: Database, what: str) -> None:
    world = await merging(database)
    told = CANNOT_TAKE[what]
    world.house.firms.told = {GONE: MERGED} | ({} if told is None else {INTO: told})
    assert await refused(world, GONE, INTO) == Why.PARTY_ENDED


async def test_nothing_goes_to_oneself_nor_back(database: Database) -> None:
    world = await merging(database)
    assert await refused(world, GONE, GONE) == Why.SELF_APPROVAL
    assert await refused(world, INTO, GONE) == Why.NO_AUTHORITY


async def test_who_acts_for_nobody_here_has_nothing_to_go_over(database: Database) -> None:
    world = await merging(database)
    world.house.firms.told[THIRD] = replace(MERGED, kvk=THIRD)
    assert await refused(world, THIRD, INTO) == Why.PARTY_UNKNOWN
    assert await world.house.voluntary.finding.numbers.find((THIRD,)) == {}


class Silent(Firms):
    """A trade register that does not answer."""

    async def find(self, kvk: KvkNumber) -> RegisteredOrganisation | None:
        message = f"nothing of {kvk}"
        raise Unavailable(message)


async def test_a_silent_register_orders_nothing_and_makes_a_job_wait_where_it_is(database: Database) -> None:
    world = await merging(database)
    edges = [await world.client(each) for each in range(3)]
    job = await world.order()
    job = await replace(world.jobs, stretch=1).step(job) or job
    finding = replace(world.house.voluntary.finding, organisations=Silent())
    deaf = replace(world.jobs, transferring=replace(world.jobs.transferring, finding=finding))
    with pytest.raises(Unavailable):
        await deaf.transfer((GONE, INTO), BY, GROUND, NOW)
    with pytest.raises(Unavailable):
        await deaf.step(job)
    assert not await deaf.round()
    assert await world.jobs.store.find(job.id) == job
    assert not await world.jobs.round()
    assert {await world.state(edge) for edge in edges} == {State.SUPERSEDED}


@pytest.mark.parametrize("what", NOT_MERGED)
async def test_a_register_that_says_something_else_meanwhile_stops_it(database: Database, what: str) -> None:
    world = await merging(database)
    edges = [await world.client(each) for each in range(3)]
    job = await replace(world.jobs, stretch=1).step(await world.order())
    assert job is not None
    told = NOT_MERGED[what]
    world.house.firms.told = {INTO: ACTIVE} | ({} if told is None else {GONE: told})
    over = await world.jobs.step(job)
    assert over is not None
    assert (over.state, over.done) == (JobState.STOPPED, 1)
    assert [await world.state(edge) for edge in edges].count(State.ACTIVE) == 2


# -- refusals: one stays -------------------------------------------------------------------------------------


async def stays(world: Merging, edge: Edge) -> str:
    """Have it tried between two that go, and return why it stays."""
    others = [await world.client(8), await world.client(9)]
    before = Counter(await world.house.notices())
    job = await world.done()
    assert [await world.state(each) for each in others] == [State.SUPERSEDED] * 2
    assert await world.at(edge) == edge
    told = Counter(await world.house.notices()) - before
    assert edge.principal not in {party for _, party in told}
    assert (job.done, job.refused, job.state) == (2, 1, JobState.DONE)
    [(kept, why)] = await world.jobs.refusals(job.id)
    assert kept == edge.id
    return why


@pytest.mark.parametrize("kind", [EdgeKind.PROXY, EdgeKind.EMPLOYEE, EdgeKind.STAFF])
async def test_only_what_a_firm_does_for_clients_goes_over(database: Database, kind: EdgeKind) -> None:
    world = await merging(database)
    assert await stays(world, await world.client(1, kind=kind)) == Why.KIND_NOT_ADMITTED


async def test_a_mandate_of_who_takes_over_is_none_for_itself(database: Database) -> None:
    world = await merging(database)
    await world.house.voluntary.mandates.know(b.firm(world.into), now=NOW)
    edge = await world.client(1, principal=world.into, kind=EdgeKind.INTERMEDIARY)
    assert await world.whys(await world.done()) == [Why.SELF_APPROVAL]
    assert await world.at(edge) == edge


def controls(person: object, organisation: object) -> Law:
    link = b.law(kind=EdgeKind.STATUTORY, agent=person, principal=organisation, needed=1)
    return replace(NOTHING_TOLD, links=(link,))


@pytest.mark.requires("MANDATES-P27")
async def test_who_controls_who_takes_over_is_on_neither_side_twice(database: Database) -> None:
    world = await merging(database)
    director = world.house.ids[PIETER]
    world.house.courts.told[world.into] = controls(director, world.into)
    under = Under(by=director, kind=EdgeKind.PARENTAL)
    assert await stays(world, await world.client(1, under=under)) == Why.SELF_APPROVAL


@pytest.mark.requires("MANDATES-P27")
async def test_an_organisation_with_the_same_director_is_asked(database: Database) -> None:
    world = await merging(database)
    director, client = world.house.ids[PIETER], b.party_id(77)
    world.house.courts.told[world.into] = controls(director, world.into)
    world.house.courts.told[client] = controls(director, client)
    await world.house.voluntary.mandates.know(b.firm(client), now=NOW)
    edge = await world.client(1, principal=client, kind=EdgeKind.INTERMEDIARY)
    assert await stays(world, edge) == Why.SELF_APPROVAL


@pytest.mark.parametrize("state", [State.ACTIVE, State.OFFERED, State.REQUESTED])
async def test_who_has_one_with_them_already_gets_no_second(database: Database, state: State) -> None:
    world = await merging(database)
    waits = None if state is State.ACTIVE else NOW + b.DAY
    edge = await world.client(1)
    await world.client(2, principal=edge.principal, agent=world.into, state=state, pending_until=waits)
    assert await stays(world, edge) == Why.HELD_ALREADY


async def test_who_hides_is_not_taken_along_and_the_report_does_not_say_so(database: Database) -> None:
    world = await merging(database)
    sanne = world.house.ids[SANNE]
    world.house.register.people[SANNE] = replace(world.house.register.people[SANNE], address_secret=True)
    assert await stays(world, await world.client(1, principal=sanne)) == Why.ASK_FIRST


@pytest.mark.parametrize("standing", [Standing.DECEASED, Standing.UNDER_GUARDIANSHIP, Standing.INVESTIGATED])
async def test_who_cannot_give_it_now_is_asked_in_the_same_word(
    database: Database, standing: Standing
) -> None:
    world = await merging(database)
    edge = await world.client(1)
    told = b.person(edge.principal, standing=standing, told_at=NOW)
    await world.house.voluntary.mandates.know(told, now=NOW)
    assert await stays(world, edge) == Why.ASK_FIRST


@pytest.mark.requires("MANDATES-P12", "MANDATES-P25")
async def test_what_a_court_took_away_and_what_is_not_told_stays(database: Database) -> None:
    world = await merging(database)
    edge = await world.client(1)
    lost = Capacity(incapable_since=NOW - b.DAY)
    for law, why in (
        (replace(NOTHING_TOLD, capacities={edge.principal: lost}), Why.ASK_FIRST),
        (NOT_ASKED, Why.REGISTER_SILENT),
        (replace(NOTHING_TOLD, doubted=frozenset({edge.principal})), Why.ASK_FIRST),
    ):
        world.house.courts.told[edge.principal] = law
        job = await world.done()
        assert job.refused == 1
        assert await world.whys(job) == [why]
    assert await world.at(edge) == edge


async def test_what_the_service_does_not_admit_now_stays(database: Database) -> None:
    world = await merging(database)
    edge = await world.client(1, terms=b.terms(scopes=(Scope.of_service(CARE.id),)))
    world.house.offered.services[:] = [RETURNS]
    assert await stays(world, edge) == Why.NOT_ADMITTED


async def test_nobody_is_sent_away_from_a_service_where_one_acts(database: Database) -> None:
    world = await merging(database)
    one = replace(CARE, representation=b.rules(one_agent=True, since=None))
    world.house.offered.services[:] = [RETURNS, one]
    terms = b.terms(scopes=(Scope.of_service(CARE.id),))
    edge = await world.client(1, terms=terms)
    other = await world.client(2, principal=edge.principal, agent=world.house.ids[PIETER], terms=terms)
    assert await stays(world, edge) == Why.ONE_AGENT
    assert await world.at(other) == other


async def test_where_one_acts_the_new_one_takes_the_place_of_the_old(database: Database) -> None:
    world = await merging(database)
    world.house.offered.services[:] = [replace(RETURNS, representation=b.rules(one_agent=True, since=None))]
    edge = await world.client(1)
    assert (await world.done()).done == 1
    assert [each.state for each in await world.new(edge.principal)] == [State.ACTIVE]


@pytest.mark.parametrize(
    "changes",
    [
        {"state": State.REQUESTED, "pending_until": NOW},
        {"state": State.SUSPENDED, "terms": b.terms(until=NOW)},
        {"state": State.REVOKED},
        {"terms": b.terms(until=NOW)},
    ],
)
async def test_what_is_over_is_passed(database: Database, changes: dict[str, object]) -> None:
    world = await merging(database)
    edge = await world.client(1, **changes)
    job = await world.done()
    assert (job.done, job.refused) == (0, 0)
    assert await world.at(edge) == edge


# -- what is not in force ------------------------------------------------------------------------------------


@pytest.mark.requires("MANDATES-P16", "MANDATES-P22", "MANDATES-P30")
async def test_what_stands_still_goes_over_and_stands_still(database: Database) -> None:
    world = await merging(database)
    sanne = world.house.ids[SANNE]
    edge = await world.client(1, principal=sanne, state=State.SUSPENDED)
    job = await world.done(stretch=1)
    assert (job.done, job.refused) == (1, 0)
    assert await world.state(edge) is State.SUPERSEDED
    [made] = await world.new(sanne)
    assert (made.state, made.renews, made.terms.within(edge.terms)) == (State.SUSPENDED, edge.id, True)
    told = Counter(await world.house.notices())
    assert told["mandate-changed-notice", sanne] == told["mandate-ended-notice", sanne] == 1
    assert not told["mandate-given-notice", sanne]
    asker = Asker(actor=world.into, authenticated=Level.HIGH, requested=Level.LOW, service=RETURNS)
    mandates = world.house.voluntary.mandates
    assert not isinstance(await mandates.decide(asker, sanne, NOW, NOTHING_TOLD), Permit)
    office = Move(act=Act.RESUME, by=Mover.of_house(Side.OFFICE))
    again = await mandates.move(made.id, made.version, office, [RETURNS], NOW, NOT_ASKED)
    assert again.state is State.ACTIVE


@pytest.mark.requires("MANDATES-P16", "MANDATES-P22", "MANDATES-P30")
@pytest.mark.parametrize("state", sorted(PENDING))
async def test_what_nobody_answered_ends_and_both_are_told_once(database: Database, state: State) -> None:
    world = await merging(database)
    sanne = world.house.ids[SANNE]
    edge = await world.client(1, principal=sanne, state=state, pending_until=NOW + b.DAY)
    job = await world.done(stretch=1)
    assert (job.done, job.refused, job.state) == (1, 0, JobState.DONE)
    over = await world.at(edge)
    assert (over.state, over.version) == (State.TERMINATED_BY_LAW, edge.version + 1)
    assert await world.new(sanne) == []
    told = Counter(await world.house.notices())
    assert told["mandate-ended-notice", sanne] == 1
    read = await events(database, sanne, world.house.voluntary.mandates)
    [ordered] = [each for each in read if isinstance(each, MandateOrdered)]
    assert (ordered.act, ordered.cause, ordered.decision) == ("terminate", "merger", GROUND)
    assert (await world.done(stretch=1)).done == 0, "nothing is done again"


@pytest.mark.requires("MANDATES-P16", "MANDATES-P22")
@pytest.mark.parametrize("stretch", [1, 2, 1000])
async def test_whatever_state_it_is_in_nothing_live_stays_but_what_is_named(
    database: Database, stretch: int
) -> None:
    """Each state, in each of two kinds of which one goes over: once, as it stood, or it is told why not."""
    world = await merging(database)
    edges = [
        await world.client(
            10 * number + other,
            state=state,
            kind=kind,
            pending_until=NOW + b.DAY if state in PENDING else None,
        )
        for number, state in enumerate(sorted(State))
        for other, kind in enumerate((EdgeKind.VOLUNTARY, EdgeKind.EMPLOYEE))
    ]
    before = await world.jobs.look(world.both, NOW)
    job = await world.done(stretch)
    named = {edge for edge, _ in await world.jobs.refusals(job.id)}
    for edge in edges:
        now, new = await world.at(edge), [each.state for each in await world.new(edge.principal)]
        held = edge.state in {State.ACTIVE, State.SUSPENDED}
        carried = edge.kind is EdgeKind.VOLUNTARY
        goes, ends = held and carried, edge.state in PENDING and carried
        after = State.SUPERSEDED if goes else State.TERMINATED_BY_LAW if ends else edge.state
        assert (now.state, new) == (after, [edge.state] if goes else []), edge
        assert (edge.id in named) is (edge.state in LIVE and not carried), edge
    assert (job.done, job.refused) == (2 + len(PENDING), len(LIVE))
    assert (before.goes, before.ends, sum(before.stays.values())) == (2, len(PENDING), len(LIVE))
