"""Several at once, on both engines: what ends a mandate comes before or after its use, never in between."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import pytest

from tests.mandates import builders as b
from tests.mandates.engines import door
from tests.volumes import volume
from toegang.assurance import Level
from toegang.errors import NotEntitled, OneTimeGone, Unavailable
from toegang.mandates.decide import Asker
from toegang.mandates.edge import Edge, EdgeId, State
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.life import Act, Side
from toegang.mandates.moves import Move, Mover
from toegang.mandates.party import PartyId, Standing
from toegang.mandates.register import Mandates
from toegang.mandates.statement import Binding, Statement
from toegang.storage import Database

SERVICE = b.service(1, b.rules())


@dataclass(frozen=True)
class Pair:
    """Two people of whom one acts for the other; apart from all other pairs in the database."""

    mandates: Mandates
    number: int
    edge: Edge

    @property
    def binding(self) -> Binding:
        return Binding(transaction=f"login-{self.number}", audience="portal", nonce="n", session="s")

    async def use(self) -> Statement | NotEntitled:
        asker = Asker(actor=self.edge.agent, authenticated=Level.HIGH, service=SERVICE, requested=Level.LOW)
        try:
            return await self.mandates.state(asker, self.edge.principal, self.binding, b.NOW, NOTHING_TOLD)
        except NotEntitled as refused:
            return refused

    async def move(self, move: Move, seen: int = 1) -> State | str:
        try:
            moved = await self.mandates.move(self.edge.id, seen, move, (SERVICE,), b.NOW, NOTHING_TOLD)
        except NotEntitled as refused:
            return refused.why
        return moved.state

    async def revoke(self) -> State | str:
        return await self.move(b.move(Act.REVOKE, self.edge.principal))

    async def redeem(self) -> bool:
        try:
            await self.mandates.redeem(self.binding, SERVICE, b.NOW)
        except OneTimeGone:
            return False
        return True


async def pair(database: Database, number: int, **changes: object) -> Pair:
    mandates = door(database)
    principal, agent = b.party_id(10_000 + number), b.party_id(20_000 + number)
    await mandates.know(b.person(principal), now=b.NOW)
    await mandates.know(b.person(agent), now=b.NOW)
    edge = b.edge(
        id=EdgeId(b.party_id(30_000 + number)),
        principal=principal,
        agent=agent,
        initiator=principal,
        **changes,
    )
    async with mandates.units.begin() as unit:
        await mandates.edges.add(unit, edge)
    return Pair(mandates, number, edge)


def stuck(told: Sequence[object]) -> list[str]:
    """Return who got no answer, because two waited for each other."""
    return [str(each.detail) for each in told if isinstance(each, Unavailable)]


async def at_once(*acts: Callable[[], Awaitable[object]]) -> list[object]:
    """Let all of them go at the same moment."""
    start = asyncio.Barrier(len(acts))

    async def one(act: Callable[[], Awaitable[object]]) -> object:
        await start.wait()
        return await act()

    return list(await asyncio.gather(*map(one, acts)))


@pytest.mark.requires("MANDATES-P4")
async def test_after_a_revocation_nothing_that_rests_on_it_is_made_or_redeemed(database: Database) -> None:
    for number in range(volume(15, 300)):
        two = await pair(database, number)
        acts = [two.use, two.revoke] if number % 2 else [two.revoke, two.use]
        told = await at_once(*acts)
        assert State.REVOKED in told
        assert not await two.redeem()
        assert isinstance(await two.use(), NotEntitled)


@pytest.mark.requires("MANDATES-P4")
async def test_a_use_holds_its_mandate_so_that_who_ends_it_comes_after_and_finds_the_statement(
    database: Database,
) -> None:
    two = await pair(database, 1)
    told = await at_once(two.use, two.revoke, two.use, two.redeem)
    redeemed = told[3]
    kept = await two.mandates.statements.of_transaction(two.binding)
    assert told[1] is State.REVOKED
    assert kept is None or redeemed or kept.status.value == "contested"


@pytest.mark.requires("MANDATES-P6", "MANDATES-P4")
async def test_a_death_comes_before_or_after_a_use_too(database: Database) -> None:
    for number in range(volume(6, 100)):
        two = await pair(database, number)
        dead = b.person(two.edge.principal, standing=Standing.DECEASED, since=b.NOW)
        await at_once(two.use, lambda two=two, dead=dead: two.mandates.know(dead, now=b.NOW))  # type: ignore[misc]
        later = replace(two, number=1_000 + number)
        assert isinstance(await later.use(), NotEntitled)


@pytest.mark.requires("MANDATES-P16")
async def test_of_conflicting_moves_exactly_one_wins(database: Database) -> None:
    for number in range(volume(8, 200)):
        two = await pair(database, number, state=State.OFFERED, pending_until=b.NOW + b.DAY)
        accept = b.move(Act.ACCEPT, two.edge.agent)
        withdraw = b.move(Act.WITHDRAW, two.edge.principal)
        terminate = Move(act=Act.TERMINATE, by=Mover.of_house(Side.LAW))
        told = await at_once(
            *(lambda move=move, two=two: two.move(move) for move in (accept, withdraw, terminate))
        )
        won = [each for each in told if isinstance(each, State)]
        assert len(won) == 1, told
        assert told.count("changed") == 2
        kept = await two.mandates.edges.find(two.edge.id)
        assert kept is not None
        assert (kept.state, kept.version) == (won[0], 2)


@pytest.mark.requires("MANDATES-P16")
async def test_an_acceptance_never_stands_after_a_revocation(database: Database) -> None:
    for number in range(volume(8, 200)):
        two = await pair(database, number, state=State.OFFERED, pending_until=b.NOW + b.DAY)
        accept = b.move(Act.ACCEPT, two.edge.agent)

        async def end(two: Pair = two) -> State | str:
            return await two.move(b.move(Act.WITHDRAW, two.edge.principal))

        await at_once(lambda two=two, accept=accept: two.move(accept), end)  # type: ignore[misc]
        kept = await two.mandates.edges.find(two.edge.id)
        assert kept is not None
        used = await two.use()
        assert isinstance(used, Statement) is (kept.state is State.ACTIVE)


@pytest.mark.requires("MANDATES-P14")
async def test_a_login_that_asks_in_several_tabs_at_once_has_one_statement(database: Database) -> None:
    two = await pair(database, 1)
    first, *others = await at_once(*[two.use] * 4)
    assert isinstance(first, Statement)
    assert others == [first] * 3


@pytest.mark.requires("MANDATES-P14")
async def test_of_many_who_redeem_at_once_one_gets_it(database: Database) -> None:
    two = await pair(database, 1)
    await two.use()
    assert sorted(map(bool, await at_once(*[two.redeem] * 4))) == [False, False, False, True]


# -- one acts at a time --------------------------------------------------------------------------------------

ONE = b.service(1, b.rules(one_agent=True))


async def answered(act: Awaitable[object]) -> object:
    try:
        return await act
    except (NotEntitled, OneTimeGone, Unavailable) as refusal:
        return refusal


async def accept(mandates: Mandates, edge: Edge) -> object:
    move = b.move(Act.ACCEPT, edge.agent)
    return await answered(mandates.move(edge.id, 1, move, (ONE,), b.NOW, NOTHING_TOLD))


async def use_once(two: Pair, login: int) -> object:
    binding = replace(two.binding, transaction=f"login-{two.number}-{login}")
    asker = Asker(actor=two.edge.agent, authenticated=Level.HIGH, service=ONE, requested=Level.LOW)

    async def used() -> Statement:
        await two.mandates.state(asker, two.edge.principal, binding, b.NOW, NOTHING_TOLD)
        return await two.mandates.redeem(binding, ONE, b.NOW)

    return await answered(used())


async def offer(mandates: Mandates, number: int, *ends: PartyId) -> Edge:
    edge = b.edge(
        id=EdgeId(b.party_id(number)),
        principal=ends[0],
        agent=ends[1],
        initiator=ends[0],
        state=State.OFFERED,
        pending_until=b.NOW + b.DAY,
    )
    async with mandates.units.begin() as unit:
        await mandates.edges.add(unit, edge)
    return edge


@pytest.mark.requires("MANDATES-P16")
async def test_two_who_give_each_other_one_where_one_acts_at_a_time_do_not_wait_for_each_other(
    database: Database,
) -> None:
    for number in range(volume(8, 100)):
        two = await pair(database, number, state=State.OFFERED, pending_until=b.NOW + b.DAY)
        back = await offer(two.mandates, 40_000 + number, two.edge.agent, two.edge.principal)
        told = await at_once(*(partial(accept, two.mandates, edge) for edge in (two.edge, back)))
        assert not stuck(told)
        assert [each.state for each in told if isinstance(each, Edge)] == [State.ACTIVE] * 2


@pytest.mark.requires("MANDATES-P16", "MANDATES-P4")
async def test_a_login_and_who_takes_the_place_do_not_wait_for_each_other(database: Database) -> None:
    for number in range(volume(8, 100)):
        two = await pair(database, number)
        third = b.party_id(50_000 + number)
        await two.mandates.know(b.person(third), now=b.NOW)
        after = await offer(two.mandates, 40_000 + number, two.edge.principal, third)
        acts: list[Callable[[], Awaitable[object]]] = [partial(use_once, two, login) for login in range(3)]
        acts.insert(number % 3, partial(accept, two.mandates, after))
        told = await at_once(*acts)
        assert not stuck(told)
        kept = await two.mandates.edges.of((two.edge.id, after.id))
        states = [kept[each].state for each in (two.edge.id, after.id)]
        assert states == [State.SUPERSEDED, State.ACTIVE]


@pytest.mark.requires("MANDATES-P16")
async def test_who_makes_theirs_shorter_meanwhile_does_not_keep_the_place(database: Database) -> None:
    for number in range(volume(12, 100)):
        two = await pair(database, number)
        third = b.party_id(50_000 + number)
        await two.mandates.know(b.person(third), now=b.NOW)
        after = await offer(two.mandates, 40_000 + number, two.edge.principal, third)
        shorter = replace(two.edge.terms, until=two.edge.terms.until - b.DAY)
        less = replace(b.move(Act.RESTRICT, two.edge.agent), terms=shorter)
        acts: list[Callable[[], Awaitable[object]]] = [
            partial(accept, two.mandates, after),
            partial(two.move, less),
        ]
        told = await at_once(*(acts if number % 2 else acts[::-1]))
        assert not stuck(told)
        kept = await two.mandates.edges.of((two.edge.id, after.id))
        assert [kept[each].state for each in (two.edge.id, after.id)] == [State.SUPERSEDED, State.ACTIVE]
