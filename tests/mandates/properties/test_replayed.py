"""P21: from the trail alone follows what became of each mandate, and an old decision can be made again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.audit.builders import Room, signer
from tests.mandates import builders as b
from tests.mandates.engines import OFFSETS, Engines
from tests.volumes import volume
from toegang.assurance import Level
from toegang.audit.event import Event
from toegang.audit.events import MandateBegun, MandateMoved, MandateUsed
from toegang.catalogue.representation import EdgeKind
from toegang.errors import NotEntitled
from toegang.mandates.decide import Asker, permit
from toegang.mandates.edge import Edge, EdgeId, State
from toegang.mandates.judging import Grounds, against
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.life import Act, Side
from toegang.mandates.link import link_of
from toegang.mandates.moves import Move, Mover
from toegang.mandates.party import PartyId, Standing
from toegang.mandates.register import Mandates
from toegang.mandates.statement import Binding, Statement
from toegang.storage.trail import TrailTables

RULES = b.rules(acceptance=False)
SERVICE = b.service(1, RULES)
HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)

ACTS = st.sampled_from(
    ["state", "state", "state", "revoke", "restrict", "suspend", "resume", "dead", "alive"]
)
HISTORIES = st.lists(
    st.tuples(ACTS, st.integers(0, 2), st.sampled_from([TICK, HOUR])), min_size=3, max_size=10
)


@dataclass
class Past:
    """One who is represented directly and through a firm, and all that was ever written of that."""

    mandates: Mandates
    number: int
    now: datetime = b.NOW
    written: dict[tuple[EdgeId, int], Edge] = field(default_factory=dict)
    newest: list[Edge] = field(default_factory=list)
    stated: list[Statement] = field(default_factory=list)

    def party(self, place: int) -> PartyId:
        return b.party_id((self.number << 40) + place)

    async def begin(self) -> None:
        principal, friend, employee, firm = map(self.party, range(4))
        for each in (b.person(principal), b.person(friend), b.person(employee), b.firm(firm)):
            await self.mandates.know(each, now=b.NOW - b.DAY)
        ends = [
            (principal, friend, EdgeKind.VOLUNTARY),
            (principal, firm, EdgeKind.VOLUNTARY),
            (firm, employee, EdgeKind.EMPLOYEE),
        ]
        for place, (gives, gets, kind) in enumerate(ends):
            edge = b.edge(
                id=EdgeId(self.party(10 + place)), principal=gives, agent=gets, initiator=gives, kind=kind
            )
            made = await self.mandates.begin(edge, b.move(Act.OFFER, gives), (SERVICE,), b.NOW, NOTHING_TOLD)
            assert made.state is State.ACTIVE
            self.newest.append(made)
            self.written[made.id, made.version] = made

    async def play(self, act: str, which: int, step: timedelta) -> None:
        self.now += step
        if act == "state":
            await self.state(self.party(1 + which % 2))
        elif act in {"dead", "alive"}:
            told = b.person(self.party(0))
            if act == "dead":
                told = replace(told, standing=Standing.DECEASED, since=self.now - (which - 1) * HOUR)
            await self.mandates.know(told, now=self.now)
        else:
            await self.move(which, act)

    async def state(self, actor: PartyId) -> None:
        asker = Asker(actor=actor, authenticated=Level.HIGH, service=SERVICE, requested=Level.LOW)
        name = f"{self.number}-{self.now}"
        binding = Binding(transaction=name, audience="portal", nonce="n", session="s")
        try:
            told = await self.mandates.state(asker, self.party(0), binding, self.now, NOTHING_TOLD)
        except NotEntitled:
            return
        self.stated.append(told)

    async def move(self, which: int, act: str) -> None:
        before = self.newest[which]
        office = Mover.of_house(Side.OFFICE)
        by = office if act in {"suspend", "resume"} else Mover.self(before.principal, Level.HIGH)
        terms = replace(before.terms, until=before.terms.until - HOUR) if act == "restrict" else None
        move = Move(act=Act(act), by=by, terms=terms)
        try:
            after = await self.mandates.move(
                before.id, before.version, move, (SERVICE,), self.now, NOTHING_TOLD
            )
        except NotEntitled:
            return
        self.newest[which] = after
        self.written[after.id, after.version] = after

    async def events(self) -> list[Event]:
        database = self.mandates.edges.database  # type: ignore[attr-defined]
        reader = TrailTables(database=database, ids=self.mandates.ids)
        found = {}
        for place in (0, 3):
            for each in await reader.by_person(str(self.party(place))):
                found[each.id] = each.event
        return [found[id_] for id_ in sorted(found)]

    async def check(self) -> None:
        """Fold the trail, hold it against the tables, and make each decision again as of its moment."""
        kept: dict[str, tuple[str, int]] = {}
        used: list[MandateUsed] = []
        for event in await self.events():
            if isinstance(event, MandateBegun):
                kept[event.edge] = (event.after, 1)
            elif isinstance(event, MandateMoved):
                assert kept[event.edge] == (event.before, event.version - 1)
                kept[event.edge] = (event.after, event.version)
            elif isinstance(event, MandateUsed):
                used.append(event)
                for step in event.path:
                    name, _, version = step.partition("/")
                    assert kept[name] == ("active", int(version))
        tables = {}
        for edge in self.newest:
            found = await self.mandates.edges.find(edge.id)
            assert found is not None
            tables[str(edge.id)] = (found.state.value, found.version)
        assert kept == tables
        await self.check_terms()
        assert [each.statement for each in used] == [str(each.id) for each in self.stated]
        for statement in self.stated:
            await self.decide_again(statement)

    async def check_terms(self) -> None:
        """Hold the terms of each version against what the trail says that they were."""
        terms = told_terms(await self.events())
        for (id_, at), edge in self.written.items():
            keys = tuple(scope.key for scope in edge.terms.scopes)
            assert terms[str(id_), at] == (keys, edge.terms.until, edge.terms.worth)

    async def decide_again(self, statement: Statement) -> None:
        known = {
            each.party: await self.mandates.known_at(each.party, statement.issued_at)
            for each in statement.met
        }
        grounds = Grounds.of(
            SERVICE,
            RULES,
            level=Level.LOW,
            now=statement.issued_at,
            parties={id_: party for id_, party in known.items() if party is not None},
            law=NOTHING_TOLD,
        )
        path = tuple(
            link_of(self.written[step.edge, step.version]) for step in statement.path if step.edge is not None
        )
        assert against(path, grounds) is None
        again = permit(path, grounds, Level.HIGH)
        assert (again.level, again.restriction, again.until, again.principal) == (
            statement.level,
            statement.restriction,
            statement.valid_until,
            statement.principal,
        )


def told_terms(events: Iterable[Event]) -> dict[tuple[str, int], tuple[object, ...]]:
    """Return what the trail says were the terms of each version of each mandate."""
    terms: dict[tuple[str, int], tuple[object, ...]] = {}
    for event in events:
        if isinstance(event, MandateBegun):
            terms[event.edge, 1] = (event.scopes, event.ends, event.worth)
        elif isinstance(event, MandateMoved):
            told = (event.scopes, event.ends, event.worth)
            before = terms[event.edge, event.version - 1]
            terms[event.edge, event.version] = before if event.ends is None else told
    return terms


@pytest.mark.requires("MANDATES-P21", "MANDATES-P6")
def test_the_trail_says_what_the_tables_say_and_each_decision_can_be_made_again(
    engines: Engines, tmp_path: Path
) -> None:
    @settings(max_examples=volume(12, 500), suppress_health_check=list(HealthCheck))
    @given(HISTORIES)
    # Heard after it was stated: the principal was dead by then.
    @example([("state", 0, HOUR), ("dead", 2, TICK), ("state", 0, HOUR)])
    def holds(history: list[tuple[str, int, timedelta]]) -> None:
        number = next(OFFSETS)

        async def played(mandates: Mandates) -> list[tuple[object, ...]]:
            past = Past(mandates, number)
            await past.begin()
            for act in history:
                await past.play(*act)
            await past.check()
            return [(each.actor, each.issued_at, each.path) for each in past.stated]

        one, other = engines.each(played)
        assert one == other

    holds()
    for place, mandates in enumerate(engines.doors):
        database = mandates.edges.database  # type: ignore[attr-defined]
        room = Room(database, tmp_path / f"checkpoints-{place}", signer())
        engines.run(room.sequence())
        found = engines.run(room.verify())
        assert found.sound
        assert (found.waiting, found.size > 0) == (0, True)
