"""P4, P6, P16: whatever is done at one moment, what ends a mandate comes before its use or after it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.mandates import builders as b
from tests.mandates.engines import OFFSETS, Engines
from tests.mandates.test_at_once import Pair, at_once, pair
from tests.volumes import volume
from toegang.errors import NotEntitled
from toegang.mandates.edge import State
from toegang.mandates.life import Act
from toegang.mandates.party import Standing
from toegang.mandates.statement import Statement, Status
from toegang.storage import Database

ACTS = st.lists(
    st.sampled_from(["use", "use", "redeem", "revoke", "renounce", "restrict", "dies"]),
    min_size=2,
    max_size=5,
)
ENDED = {State.REVOKED, State.RENOUNCED}


class Two:
    """One who acts for another, and what can be done about it at once."""

    def __init__(self, two: Pair) -> None:
        """Take the pair."""
        self.two = two

    async def use(self) -> object:
        return await self.two.use()

    async def redeem(self) -> object:
        return await self.two.redeem()

    async def revoke(self) -> object:
        return await self.two.revoke()

    async def renounce(self) -> object:
        return await self.two.move(b.move(Act.RENOUNCE, self.two.edge.agent))

    async def restrict(self) -> object:
        shorter = b.terms(until=b.NOW + b.DAY)
        return await self.two.move(b.move(Act.RESTRICT, self.two.edge.principal, terms=shorter))

    async def dies(self) -> object:
        dead = b.person(self.two.edge.principal, standing=Standing.DECEASED, since=b.NOW)
        await self.two.mandates.know(dead, now=b.NOW)
        return None


async def played(database: Database, number: int, acts: list[str], *, used: bool) -> None:
    two = await pair(database, number)
    if used:
        assert isinstance(await two.use(), Statement)
    both = Two(two)
    told = await at_once(*(getattr(both, act) for act in acts))
    by = list(zip(acts, told, strict=True))
    won = [each for act, each in by if act in {"revoke", "renounce", "restrict"} and isinstance(each, State)]
    assert len(won) <= 1, "of what was done with one version one was first"
    assert sum(each is True for act, each in by if act == "redeem") <= 1
    kept = await two.mandates.edges.find(two.edge.id)
    assert kept is not None
    assert kept.version == 1 + len(won)
    stated = await two.mandates.statements.of_transaction(two.binding)
    over = "dies" in acts or bool(won)
    if stated is not None and won:
        assert stated.status in {Status.REDEEMED, Status.CONTESTED} or stated.path[0].version == 2
    if kept.state in ENDED or "dies" in acts:
        assert not await two.redeem()
        anew = Pair(two.mandates, number + 500_000, two.edge)
        assert isinstance(await anew.use(), NotEntitled)
    elif not over:
        assert isinstance(await two.use(), Statement)


@pytest.mark.requires("MANDATES-P4", "MANDATES-P6", "MANDATES-P14", "MANDATES-P16")
def test_whatever_is_done_at_one_moment_has_an_order_in_which_it_was_done(engines: Engines) -> None:
    @settings(max_examples=volume(20, 600), suppress_health_check=list(HealthCheck))
    @given(ACTS, st.booleans())
    def holds(acts: list[str], used: bool) -> None:
        number = 1_000_000 * next(OFFSETS)
        for door in engines.doors:
            engines.run(played(door.edges.database, number, acts, used=used))  # type: ignore[attr-defined]

    holds()
