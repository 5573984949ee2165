"""P23, P16: what has ended is not brought back, however often it comes again and from wherever."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.mandates import builders as b
from tests.mandates.engines import OFFSETS, Engines
from tests.volumes import volume
from toegang.assurance import Level
from toegang.errors import NotEntitled
from toegang.mandates.decide import Asker, Permit, Refused
from toegang.mandates.edge import TERMINAL, Edge, EdgeId, Source, State
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.life import LINES, Act, Side
from toegang.mandates.moves import Mover
from toegang.mandates.party import Standing
from toegang.mandates.register import Mandates

SERVICE = b.service(1, b.rules(letter=True))
AT_ONCE = b.service(1, b.rules(acceptance=False))
HOUR = timedelta(hours=1)

ENDS = st.sampled_from([Act.REVOKE, Act.RENOUNCE, Act.SUPERSEDE, Act.TERMINATE, Act.VOID])
AGAIN = st.sampled_from(["imported", "written_late", "offered", "moved", "told", "renew"])


class Again:
    """A mandate that ended, on one engine, and all by which it could come back."""

    def __init__(self, mandates: Mandates, number: int) -> None:
        """Name everybody."""
        self.mandates, self.renewed, self.now = mandates, False, b.NOW
        self.principal, self.agent, id_, self.next = (
            b.party_id((number << 40) + each) for each in range(1, 5)
        )
        self.edge = b.edge(
            id=EdgeId(id_),
            principal=self.principal,
            agent=self.agent,
            initiator=self.principal,
            source=Source.IMPORT,
        )

    async def end(self, act: Act) -> None:
        for each in (self.principal, self.agent):
            await self.mandates.know(b.person(each), now=b.NOW)
        async with self.mandates.units.begin() as unit:
            assert await self.mandates.edges.add(unit, self.edge)
        sides = LINES[act].by
        by = Mover.self(self.agent if Side.AGENT in sides else self.principal, Level.LOW)
        if not sides & {Side.AGENT, Side.PRINCIPAL}:
            by = Mover.of_house(Side.LAW if Side.LAW in sides else Side.OFFICE)
        await self.mandates.move(self.edge.id, 1, b.move(act, by), (SERVICE,), b.NOW, NOTHING_TOLD)

    async def again(self, how: str) -> None:
        """Let it come once more, in one of these ways: it is afterwards what it was before."""
        self.now += HOUR
        ended = await self.mandates.edges.find(self.edge.id)
        assert ended is not None
        await getattr(self, how)(ended)
        assert await self.mandates.edges.find(self.edge.id) == ended

    async def imported(self, ended: Edge) -> None:
        for again in (self.edge, replace(self.edge, version=ended.version + 1, since=self.now)):
            async with self.mandates.units.begin() as unit:
                assert not await self.mandates.edges.add(unit, again)

    async def written_late(self, ended: Edge) -> None:
        async with self.mandates.units.begin() as unit:
            late = replace(self.edge, version=ended.version)
            assert not await self.mandates.edges.replace(unit, late, ended.version - 1)

    async def offered(self, _: Edge) -> None:
        for service in (SERVICE, AT_ONCE):
            await self.refused(self.begin(self.edge, service))

    async def moved(self, ended: Edge) -> None:
        for act in (Act.RESUME, Act.ACCEPT, Act.APPROVE, Act.EXTEND, Act.CONSENT):
            resuming = act is Act.RESUME
            by = Mover.of_house(Side.OFFICE) if resuming else Mover.self(self.principal, Level.HIGH)
            move = b.move(act, by, terms=b.terms(until=b.NOW + 60 * b.DAY))
            for seen in (ended.version - 1, ended.version):
                await self.refused(
                    self.mandates.move(self.edge.id, seen, move, (SERVICE,), self.now, NOTHING_TOLD)
                )

    async def told(self, _: Edge) -> None:
        """Tell of a death, and that it was a mistake: that revives only what had not ended."""
        soon = self.now + timedelta(seconds=1)
        dead = b.person(self.principal, standing=Standing.DECEASED, since=self.now, told_at=self.now)
        await self.mandates.know(dead, now=self.now)
        await self.mandates.know(b.person(self.principal, told_at=soon), now=soon)

    async def renew(self, _: Edge) -> None:
        if self.renewed:
            return
        self.renewed = True
        await self.begin(replace(self.edge, id=EdgeId(self.next), renews=self.edge.id), AT_ONCE)

    async def begin(self, edge: Edge, service: object) -> Edge:
        terms = b.terms(from_=self.now, until=self.now + 9 * b.DAY)
        proposed = replace(edge, terms=terms)
        offer = b.move(Act.OFFER, self.principal)
        return await self.mandates.begin(proposed, offer, (service,), self.now, NOTHING_TOLD)  # type: ignore[arg-type]

    async def refused(self, act: object) -> None:
        with pytest.raises(NotEntitled):
            await act  # type: ignore[misc]

    async def check(self) -> State:
        kept = await self.mandates.edges.find(self.edge.id)
        assert kept is not None
        assert kept.state in TERMINAL
        assert kept.version == 2
        asker = Asker(actor=self.agent, authenticated=Level.HIGH, service=SERVICE, requested=Level.LOW)
        decision = await self.mandates.decide(asker, self.principal, self.now, NOTHING_TOLD)
        assert isinstance(decision, Permit if self.renewed else Refused)
        if isinstance(decision, Permit):
            assert [link.edge for link in decision.path] == [self.next]
        return kept.state


@pytest.mark.requires("MANDATES-P23", "MANDATES-P16")
def test_what_ended_stays_so_whatever_is_imported_told_or_asked_again(engines: Engines) -> None:
    @settings(max_examples=volume(15, 800), suppress_health_check=list(HealthCheck))
    @given(ENDS, st.lists(AGAIN, min_size=1, max_size=5))
    def holds(act: Act, ways: list[str]) -> None:
        number = next(OFFSETS)

        async def played(mandates: Mandates) -> State:
            history = Again(mandates, number)
            await history.end(act)
            for how in ways:
                await history.again(how)
                await history.check()
            return await history.check()

        one, other = engines.each(played)
        assert one is other

    holds()
