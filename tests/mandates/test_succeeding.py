"""Where one acts at a time: what comes into force takes the place of what was there; nothing else does."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from tests.mandates import builders as b
from tests.mandates.giving_people import CARE, NOOR, PIETER, RETURNS, SANNE, UNTIL, People, people, proposal
from tests.mandates.test_office import office, ordered
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.errors import NotEntitled, OneTimeGone
from toegang.identity.numbers import Bsn
from toegang.mandates.decide import Asker, Permit
from toegang.mandates.edge import Edge, EdgeId, State
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.life import Act
from toegang.mandates.moves import Mover
from toegang.mandates.moving import begun
from toegang.mandates.party import Party
from toegang.mandates.scope import Scope
from toegang.mandates.statement import Binding, Met
from toegang.mandates.why import Objection, Why
from toegang.storage import Database
from toegang.storage.parties import PartyTable
from toegang.units import Unit

NOW = b.NOW
ONE = replace(RETURNS, representation=b.rules(one_agent=True, since=None))


async def opened(database: Database) -> People:
    house = await people(database)
    house.offered.services[:] = [ONE, CARE]
    mandates = replace(house.voluntary.mandates, outbox=house.outbox)
    return replace(house, voluntary=replace(house.voluntary, mandates=mandates))


async def offered(house: People, to: Bsn, *services: object, **changes: object) -> Edge:
    found = await house.find(SANNE, to)
    wanted = replace(proposal(*(services or (ONE,))), **changes)  # type: ignore[arg-type]
    return await house.voluntary.offer(house.actor(SANNE), found, wanted, NOW)


async def given(house: People, to: Bsn, *services: object) -> Edge:
    edge = await offered(house, to, *services)
    return await house.voluntary.agree(house.actor(to), edge.id, edge.version, NOW)


async def given_for_a_day(house: People, to: Bsn) -> Edge:
    edge = await offered(house, to, until=NOW + timedelta(days=1))
    return await house.voluntary.agree(house.actor(to), edge.id, edge.version, NOW)


async def state(house: People, edge: Edge) -> State:
    found = await house.voluntary.mandates.edges.find(edge.id)
    assert found is not None
    return found.state


def asker(house: People, actor: Bsn) -> Asker:
    return Asker(actor=house.ids[actor], authenticated=Level.SUBSTANTIAL, requested=Level.LOW, service=ONE)


# -- refusals ------------------------------------------------------------------------------------------------


async def test_a_mandate_there_is_for_that_service_alone_begins_now_and_is_not_given_on(
    database: Database,
) -> None:
    house = await opened(database)
    later = NOW + timedelta(days=3)
    for services, changes in (
        ((ONE, CARE), {}),
        ((ONE,), {"grants": True}),
        ((ONE,), {"from_": later, "until": UNTIL}),
    ):
        with pytest.raises(NotEntitled) as refused:
            await offered(house, PIETER, *services, **changes)
        assert refused.value.why == Why.ONE_AGENT


@pytest.mark.parametrize("kind", [EdgeKind.EMPLOYEE, EdgeKind.STAFF])
def test_employees_are_as_many_as_their_organisation_likes(kind: EdgeKind) -> None:
    edge = b.edge(kind=kind, terms=b.terms(grants=True))
    scene = b.scene(demands=b.demands(one_agent=True))
    assert isinstance(begun(edge, b.move(Act.OFFER, b.SANNE), scene), Edge)


async def test_what_is_only_offered_declined_or_taken_back_takes_nobodys_place(database: Database) -> None:
    house = await opened(database)
    first = await given(house, PIETER)
    second = await offered(house, NOOR)
    assert await state(house, first) is State.ACTIVE
    await house.voluntary.end(house.actor(NOOR), second.id, second.version, NOW)
    assert await state(house, first) is State.ACTIVE


async def test_other_services_and_other_givers_stay_as_they_are(database: Database) -> None:
    house = await opened(database)
    care = await given(house, PIETER, CARE)
    to_noor = await house.find(PIETER, NOOR)
    other = await house.voluntary.offer(house.actor(PIETER), to_noor, proposal(ONE), NOW)
    other = await house.voluntary.agree(house.actor(NOOR), other.id, other.version, NOW)
    await given(house, NOOR)
    assert [await state(house, each) for each in (care, other)] == [State.ACTIVE, State.ACTIVE]


async def test_what_was_given_for_more_before_one_acted_at_a_time_stays(database: Database) -> None:
    house = await people(database)
    both = await given(house, PIETER, RETURNS, CARE)
    house.offered.services[:] = [ONE, CARE]
    await given(house, NOOR)
    assert await state(house, both) is State.ACTIVE


# -- what it does --------------------------------------------------------------------------------------------


@pytest.mark.requires("MANDATES-P16", "MANDATES-P4")
async def test_whoever_comes_into_force_takes_the_place_in_the_same_moment(database: Database) -> None:
    house = await opened(database)
    first = await given(house, PIETER)
    mandates, sanne = house.voluntary.mandates, house.ids[SANNE]
    waiting = Binding(transaction="login-1", audience="portal", nonce="n-1", session="s-1")
    await mandates.state(asker(house, PIETER), sanne, waiting, NOW, NOTHING_TOLD)
    before = Counter(await house.notices())
    second = await given(house, NOOR)
    assert await state(house, first) is State.SUPERSEDED
    assert await state(house, second) is State.ACTIVE
    with pytest.raises(OneTimeGone):
        await mandates.redeem(waiting, ONE, NOW)
    assert not isinstance(await mandates.decide(asker(house, PIETER), sanne, NOW, NOTHING_TOLD), Permit)
    assert isinstance(await mandates.decide(asker(house, NOOR), sanne, NOW, NOTHING_TOLD), Permit)
    told = Counter(await house.notices()) - before
    assert ("mandate-ended-notice", house.ids[PIETER]) in told
    assert ("mandate-ended-notice", sanne) in told


async def test_one_to_the_same_one_again_takes_the_place_of_the_first(database: Database) -> None:
    house = await opened(database)
    first = await given(house, PIETER)
    second = await given(house, PIETER)
    assert [await state(house, each) for each in (first, second)] == [State.SUPERSEDED, State.ACTIVE]


@pytest.mark.requires("MANDATES-P16")
async def test_of_two_that_come_into_force_at_once_one_is_left(database: Database) -> None:
    house = await opened(database)
    edges = [await offered(house, each) for each in (PIETER, NOOR)]
    acts = [
        house.voluntary.agree(house.actor(bsn), edge.id, edge.version, NOW)
        for bsn, edge in zip((PIETER, NOOR), edges, strict=True)
    ]
    await asyncio.gather(*acts)
    assert sorted([await state(house, each) for each in edges]) == [State.ACTIVE, State.SUPERSEDED]


async def test_what_stood_still_does_not_go_on_beside_who_took_its_place(database: Database) -> None:
    house = await opened(database)
    first = await given(house, PIETER)
    await office(house).decide(first.id, Act.SUSPEND, ordered(), NOW)
    second = await given(house, NOOR)
    with pytest.raises(NotEntitled) as refused:
        await office(house).decide(first.id, Act.RESUME, ordered(), NOW)
    assert refused.value.why == Why.ONE_AGENT
    assert await state(house, first) is State.SUSPENDED
    await house.voluntary.end(house.actor(SANNE), second.id, second.version, NOW)
    assert (await office(house).decide(first.id, Act.RESUME, ordered(), NOW)).state is State.ACTIVE


async def test_what_is_over_is_not_replaced_and_nobody_is_told_that_it_ended(database: Database) -> None:
    house = await opened(database)
    first = await given_for_a_day(house, PIETER)
    later, before = NOW + timedelta(days=10), Counter(await house.notices())
    wanted = replace(proposal(ONE), from_=later)
    second = await house.voluntary.offer(house.actor(SANNE), await house.find(SANNE, NOOR), wanted, later)
    await house.voluntary.agree(house.actor(NOOR), second.id, second.version, later)
    assert [await state(house, each) for each in (first, second)] == [State.ACTIVE, State.ACTIVE]
    told = Counter(await house.notices()) - before
    assert not [each for each in told if each[0] == "mandate-ended-notice"]


async def test_what_stood_still_goes_on_beside_what_is_over(database: Database) -> None:
    house = await opened(database)
    first = await given(house, PIETER)
    await office(house).decide(first.id, Act.SUSPEND, ordered(), NOW)
    await given_for_a_day(house, NOOR)
    later = NOW + timedelta(days=10)
    assert (await office(house).decide(first.id, Act.RESUME, ordered(), later)).state is State.ACTIVE


async def test_who_has_another_service_of_it_takes_nobodys_place(database: Database) -> None:
    house = await people(database)
    both = await given(house, PIETER, RETURNS, CARE)
    house.offered.services[:] = [ONE, CARE]
    await given(house, NOOR, CARE)
    await office(house).decide(both.id, Act.SUSPEND, ordered(), NOW)
    assert (await office(house).decide(both.id, Act.RESUME, ordered(), NOW)).state is State.ACTIVE


async def test_what_stays_from_before_stands_in_nobodys_way(database: Database) -> None:
    house = await people(database)
    await given(house, PIETER, RETURNS, CARE)
    house.offered.services[:] = [ONE, CARE]
    one = await given(house, NOOR)
    await office(house).decide(one.id, Act.SUSPEND, ordered(), NOW)
    assert (await office(house).decide(one.id, Act.RESUME, ordered(), NOW)).state is State.ACTIVE


@pytest.mark.parametrize("kind", [EdgeKind.HELPER, EdgeKind.EMPLOYEE])
async def test_what_takes_nobodys_place_goes_on_beside_who_acts(database: Database, kind: EdgeKind) -> None:
    house = await opened(database)
    await given(house, PIETER)
    terms = b.terms(scopes=(Scope.of_service(ONE.id),), until=UNTIL)
    other = b.edge(id=EdgeId(b.party_id(7)), principal=house.ids[SANNE], agent=house.ids[NOOR], kind=kind)
    async with house.database.begin() as unit:
        assert await house.voluntary.mandates.edges.add(unit, replace(other, terms=terms))
    await office(house).decide(other.id, Act.SUSPEND, ordered(), NOW)
    assert (await office(house).decide(other.id, Act.RESUME, ordered(), NOW)).state is State.ACTIVE


@pytest.mark.requires("MANDATES-P16")
async def test_of_who_goes_on_and_who_takes_the_place_at_once_one_is_left(database: Database) -> None:
    house = await opened(database)
    first = await given(house, PIETER)
    await office(house).decide(first.id, Act.SUSPEND, ordered(), NOW)
    second = await offered(house, NOOR)
    await asyncio.gather(
        office(house).decide(first.id, Act.RESUME, ordered(), NOW),
        house.voluntary.agree(house.actor(NOOR), second.id, second.version, NOW),
        return_exceptions=True,
    )
    assert [await state(house, each) for each in (first, second)].count(State.ACTIVE) == 1


async def test_a_scope_that_only_shares_its_hash_is_another(database: Database) -> None:
    house = await opened(database)
    async with house.database.begin() as unit:
        found = await house.voluntary.mandates.edges.under(
            unit, house.ids[SANNE], Scope.of_service(ONE.id).key
        )
    assert list(found) == []


# -- the level for another's name ----------------------------------------------------------------------------


@pytest.mark.parametrize("act", [Act.REQUEST, Act.OFFER])
def test_in_anothers_name_the_level_for_administering_is_asked_besides(act: Act) -> None:
    scene = b.scene(demands=b.demands(administer=Level.SUBSTANTIAL))
    side = b.SANNE if act is Act.OFFER else b.PIETER
    edge = b.edge(id=EdgeId(b.party_id(7)))
    for level, against in ((Level.LOW, Objection(Why.LEVEL_TOO_LOW)), (Level.SUBSTANTIAL, None)):
        by = Mover(party=b.NOOR, behalf=side, level=level)
        told = begun(edge, b.move(act, by), scene)
        assert told == against if against is not None else isinstance(told, Edge)
    assert isinstance(begun(edge, b.move(act, Mover.self(side, Level.LOW)), scene), Edge)


# -- at once with who acts by what loses its place -----------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Late(PartyTable):
    """Parties that somebody looks at only when another has begun to do something else."""

    meanwhile: Callable[[], Awaitable[object]]

    async def hold(self, unit: Unit, seen: Iterable[Party]) -> bool:
        await self.meanwhile()
        return await PartyTable.hold(self, unit, seen)

    async def stand(self, unit: Unit, met: Iterable[Met]) -> bool:
        await self.meanwhile()
        return await PartyTable.stand(self, unit, met)


@pytest.mark.requires("MANDATES-P16", "MANDATES-P4")
@pytest.mark.parametrize("redeems", [False, True])
async def test_who_takes_the_place_and_who_acts_by_it_still_never_wait_for_each_other(
    database: Database, *, redeems: bool
) -> None:
    house = await opened(database)
    first, second = await given(house, PIETER), await offered(house, NOOR)
    mandates, sanne = house.voluntary.mandates, house.ids[SANNE]
    one = Binding(transaction="login-1", audience="portal", nonce="n-1", session="s-1")
    comes: list[asyncio.Task[Edge]] = []

    async def meanwhile() -> None:
        act = house.voluntary.agree(house.actor(NOOR), second.id, second.version, NOW)
        comes.append(asyncio.create_task(act))
        await asyncio.wait(comes, timeout=0.3)

    late = replace(mandates, parties=Late(database=database, meanwhile=meanwhile))
    if redeems:
        await mandates.state(asker(house, PIETER), sanne, one, NOW, NOTHING_TOLD)
        await late.redeem(one, ONE, NOW)
    else:
        await late.state(asker(house, PIETER), sanne, one, NOW, NOTHING_TOLD)
    assert (await comes[0]).state is State.ACTIVE
    assert await state(house, first) is State.SUPERSEDED


@pytest.mark.requires("MANDATES-P16")
async def test_what_is_changed_while_its_place_is_taken_ends_as_it_is_then(database: Database) -> None:
    house = await opened(database)
    first, second = await given(house, PIETER), await offered(house, NOOR)
    mandates = house.voluntary.mandates
    longer = replace(first.terms, until=first.terms.until + timedelta(days=1))
    async with mandates.units.begin() as unit:
        assert await mandates.edges.replace(
            unit, replace(first, version=first.version + 1, terms=longer), first.version
        )
        act = house.voluntary.agree(house.actor(NOOR), second.id, second.version, NOW)
        comes = asyncio.create_task(act)
        await asyncio.wait([comes], timeout=0.3)
    assert (await comes).state is State.ACTIVE
    assert await state(house, first) is State.SUPERSEDED
