"""P28, P4: nodes whose clocks differ make nothing hold longer than that, and nothing be used twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.mandates import builders as b
from tests.mandates.engines import OFFSETS, Engines
from tests.volumes import volume
from toegang.assurance import Level
from toegang.errors import NotEntitled, OneTimeGone
from toegang.mandates.decide import Asker
from toegang.mandates.edge import Edge, EdgeId
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.life import Act
from toegang.mandates.register import Mandates
from toegang.mandates.statement import LIVES, Binding

SERVICE = b.service(1, b.rules())
SKEW = timedelta(minutes=2)
ENDS = timedelta(minutes=6)
"""After the first moment the mandate ends: its end, and that of what is stated, meet within one history."""

CLOCKS = st.sampled_from([-SKEW, timedelta(0), SKEW])
ACTS = st.sampled_from(["state", "redeem", "redeem", "revoke", "again"])
STEPS = st.sampled_from([timedelta(0), timedelta(seconds=61), SKEW, 2 * SKEW - timedelta(seconds=1)])
HISTORIES = st.lists(st.tuples(ACTS, CLOCKS, STEPS), min_size=3, max_size=9)


@dataclass
class Node:
    """One mandate as it is used through nodes, each of which reads a clock of its own."""

    mandates: Mandates
    edge: Edge
    true: datetime = b.NOW
    revoked: bool = False
    logins: int = 0
    stated: dict[int, datetime] = field(default_factory=dict)
    redeemed: list[int] = field(default_factory=list)

    @property
    def binding(self) -> Binding:
        name = f"{self.edge.id}-{self.logins}"
        return Binding(transaction=name, audience="portal", nonce="n", session="s")

    async def play(self, act: str, clock: timedelta, step: timedelta) -> None:
        self.true += step
        done = await getattr(self, act)(self.true + clock)
        if act == "revoke":
            self.revoked |= done
        elif done:
            assert not self.revoked, "whatever any clock says, a revocation comes before what follows it"
            assert b.NOW - SKEW <= self.true < self.edge.terms.until + SKEW

    async def state(self, now: datetime) -> bool:
        asker = Asker(actor=self.edge.agent, authenticated=Level.HIGH, service=SERVICE, requested=Level.LOW)
        known = self.logins in self.stated
        try:
            await self.mandates.state(asker, self.edge.principal, self.binding, now, NOTHING_TOLD)
        except NotEntitled:
            return False
        self.stated.setdefault(self.logins, self.true)
        return not known

    async def redeem(self, now: datetime) -> bool:
        try:
            await self.mandates.redeem(self.binding, SERVICE, now)
        except OneTimeGone:
            return False
        assert self.true < self.stated[self.logins] + LIVES + 2 * SKEW
        self.redeemed.append(self.logins)
        return True

    async def revoke(self, now: datetime) -> bool:
        move = b.move(Act.REVOKE, self.edge.principal)
        try:
            await self.mandates.move(self.edge.id, 1, move, (SERVICE,), now, NOTHING_TOLD)
        except NotEntitled:
            return False
        return True

    async def again(self, now: datetime) -> bool:
        """Log in once more."""
        self.logins += 1
        return await self.state(now)


async def opened(mandates: Mandates, number: int) -> Node:
    principal, agent, id_ = (b.party_id((number << 40) + each) for each in (1, 2, 3))
    edge = b.edge(
        id=EdgeId(id_),
        principal=principal,
        agent=agent,
        initiator=principal,
        terms=b.terms(from_=b.NOW, until=b.NOW + ENDS),
    )
    for each in (principal, agent):
        await mandates.know(b.person(each), now=b.NOW - b.DAY)
    async with mandates.units.begin() as unit:
        await mandates.edges.add(unit, edge)
    return Node(mandates, edge)


@pytest.mark.requires("MANDATES-P28", "MANDATES-P4", "MANDATES-P14")
def test_no_difference_of_clocks_makes_a_mandate_longer_or_a_statement_used_twice(engines: Engines) -> None:
    @settings(max_examples=volume(25, 1_500), suppress_health_check=list(HealthCheck))
    @given(HISTORIES)
    # Who revokes has a clock by which the statement is too old; who redeems has one by which it is not.
    @example([("state", -SKEW, SKEW), ("revoke", SKEW, SKEW), ("redeem", -SKEW, timedelta(seconds=61))])
    # The same at the last moment at which anybody still redeems it.
    @example(
        [
            ("state", timedelta(0), timedelta(0)),
            ("revoke", SKEW, timedelta(minutes=6, seconds=57)),
            ("redeem", -SKEW, timedelta(seconds=1)),
        ]
    )
    def holds(history: list[tuple[str, timedelta, timedelta]]) -> None:
        number = next(OFFSETS)

        async def played(mandates: Mandates) -> tuple[object, ...]:
            node = await opened(mandates, number)
            for act in history:
                await node.play(*act)
            assert len(set(node.redeemed)) == len(node.redeemed)
            return node.stated, node.redeemed, node.revoked

        one, other = engines.each(played)
        assert one == other

    holds()
