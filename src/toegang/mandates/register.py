"""The door: what is asked of mandates, and what is done with them.

Questions read what is committed. What is decided is put down (`state`) in a unit that holds every edge and
every party on the path as they were when it was decided, so that whoever ends one of them comes before or
after, never in between.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NoReturn

from toegang.catalogue.representation import EdgeKind
from toegang.errors import NotEntitled, OneTimeGone, Unavailable
from toegang.mandates import ended
from toegang.mandates.asking import Questions
from toegang.mandates.behalf import Behalf
from toegang.mandates.decide import Decision, Listed, Permit, StepUp
from toegang.mandates.demands import demands_of, within
from toegang.mandates.edge import EdgeId
from toegang.mandates.ended import MandateEnded
from toegang.mandates.in_trail import begun_event, moved_event
from toegang.mandates.knowing import Knowing
from toegang.mandates.life import ENDING, Act
from toegang.mandates.link import versions
from toegang.mandates.listing import concerned
from toegang.mandates.moves import Judged, Scene
from toegang.mandates.moving import begun, following, lessened, moved, taken_over, worth_after
from toegang.mandates.party import PartyKind
from toegang.mandates.resting import given_by
from toegang.mandates.scope import Scope, ScopeKind
from toegang.mandates.searching import ClientChanged
from toegang.mandates.statement import CLOCKS_APART, Statement, Status
from toegang.mandates.stating import OPAQUE, Stating
from toegang.mandates.succeeding import SUPERSEDE, TAKE_OVER, Succeeding
from toegang.mandates.why import Objection, Why

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime

    from toegang.audit.trail import Trail
    from toegang.catalogue.values import Service
    from toegang.ids import Ids
    from toegang.mandates.decide import Asker
    from toegang.mandates.edge import Edge
    from toegang.mandates.law import Law
    from toegang.mandates.link import Link
    from toegang.mandates.looks import Looks
    from toegang.mandates.moves import Move
    from toegang.mandates.party import Party, PartyId
    from toegang.mandates.statement import Binding
    from toegang.mandates.stores import Edges, Graph, Page, Parties, Statements, WhoHelps
    from toegang.post.outbox import Outbox
    from toegang.units import Unit, Units

    Also = Callable[[Unit, Edge], Awaitable[None]]

TRIES: Final = 5
"""How often a decision is made again because something on its path changed meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandates:
    """Who may act for whom. `law` in a question is what registers told for it, given along with it."""

    units: Units
    trail: Trail
    ids: Ids
    edges: Edges
    graph: Graph
    parties: Parties
    statements: Statements
    looks: Looks
    outbox: Outbox
    helpers: WhoHelps

    async def decide(self, asker: Asker, principal: PartyId, now: datetime, law: Law) -> Decision:
        """Tell whether, and by which authority, somebody may act for this one at this service."""
        return await self._questions.decide(asker, principal, now, law)

    async def represented(
        self, asker: Asker, page: Page, now: datetime, law: Law, first: Sequence[PartyId] = ()
    ) -> Listed[Permit] | StepUp:
        """List whom somebody may act for at this service: whom `decide` permits, `first` before others."""
        return await self._questions.represented(asker, page, now, law, first)

    async def representatives(self, asker: Asker, page: Page, now: datetime, law: Law) -> Listed[PartyId]:
        """List who may act for the `asker` at this service: exactly those whom `decide` would permit.

        They are taken to log in as high as `asker.authenticated`.
        """
        return await self._questions.representatives(asker, page, now, law)

    async def state(
        self, asker: Asker, principal: PartyId, binding: Binding, now: datetime, law: Law
    ) -> Statement:
        """Put down, for one login, that somebody acts for another; asked again it is the same statement.

        Raises:
            LevelNotProven: the login is too low; step up first.
            NotEntitled: they may not, which is all that a service learns; or the login already stands for
                another.
            Unavailable: what it rests on keeps changing.

        """
        known = await self.statements.of_transaction(binding)
        if known is not None:
            return _the_same(known, asker, principal)
        stating = self.stating
        for _ in range(TRIES):
            prepared = await stating.prepare(asker, principal, binding, now, law)
            async with self.units.begin() as unit:
                held = await stating.hold(unit, prepared)
                if held:
                    await stating.keep(unit, prepared)
            if not held:
                continue
            kept = await self.statements.of_transaction(binding)
            if kept is None:
                raise NotEntitled(OPAQUE)
            return _the_same(kept, asker, principal)
        raise Unavailable("what a decision rests on keeps changing")  # noqa: EM101, TRY003

    async def redeem(self, binding: Binding, service: Service, now: datetime) -> Statement:
        """Hand a statement over, once, to whom it was made for.

        Raises:
            OneTimeGone: it is not there, for somebody or something else, redeemed, contested or too old; or a
                register told something else of a party since.

        """
        async with self.units.begin() as unit:
            taken = await self.stating.take(unit, binding, service.id, now)
            if taken is None:
                raise OneTimeGone
        return taken

    async def begin(  # noqa: PLR0913 what it is judged on
        self,
        edge: Edge,
        move: Move,
        meant: Sequence[Service],
        now: datetime,
        law: Law,
        *,
        also: Also | None = None,
    ) -> Edge:
        """T1, T2: begin the mandate that `edge` proposes, about the services `meant`.

        `also` is done in the same unit.

        Raises:
            NotEntitled: `why` says what is against it.

        """
        judged = await self.may_begin(edge, move, meant, now, law)
        async with self.units.begin() as unit:
            return await self.keep(unit, judged, also=also)

    async def may_begin(
        self, edge: Edge, move: Move, meant: Sequence[Service], now: datetime, law: Law
    ) -> Judged:
        """T1, T2: judge the mandate that `edge` proposes, outside the unit that keeps it.

        Raises:
            NotEntitled: `why` says what is against it.

        """
        scene = await self._scene(edge, move, meant, now)
        own = await self._behalf.own(move.by, law)
        ground = await self._behalf.ground(edge, move, meant, now, own, law)
        made = ground if isinstance(ground, Objection) else begun(given_by(edge, move, ground), move, scene)
        if isinstance(made, Objection):
            _object(made.why)
        return Judged(edge=made, move=move, scene=scene, own=tuple(own))

    async def keep(self, unit: Unit, judged: Judged, *, also: Also | None = None) -> Edge:
        """T1, T2: begin a mandate that was judged, as long as what it rests on is still so.

        Raises:
            NotEntitled: `why` says what is against it; the unit is then given up, so that what waits already
                is not asked once more, nor counted (P29).

        """
        made, scene = judged.edge, judged.scene
        await self._succeeding.alone(unit, None, made, scene)
        if not await self._held(unit, scene, judged.own):
            _object(Why.CHANGED)
        if judged.move.act is Act.REQUEST and not await self.edges.ask(unit, made, scene.now):
            _object(Why.TOO_OFTEN)
        if not await self.edges.add(unit, made):
            _object(Why.PENDING_ALREADY)
        await self.trail.record(unit, begun_event(made, judged.move, scene.now))
        await self._make_way(unit, None, made, scene)
        await self._rename(unit, None, made, scene)
        await _also(also, unit, made)
        return made

    async def move(  # noqa: PLR0913, PLR0917 what it is judged on
        self,
        edge: EdgeId,
        seen: int,
        move: Move,
        meant: Sequence[Service],
        now: datetime,
        law: Law,
        *,
        also: Also | None = None,
    ) -> Edge:
        """T3-T17: do something with a mandate as it was in version `seen`; of two at once one wins.

        `also` is done in the same unit, by the one who wins.

        Raises:
            NotEntitled: `why` says what is against it; `changed` when somebody else was first.

        """
        before = await self.edges.find(edge)
        if before is None or before.version != seen:
            _object(Why.NOT_YOURS if before is None else Why.CHANGED)
        scene = await self._scene(before, move, meant, now)
        own = await self._behalf.own(move.by, law)
        ground = await self._behalf.ground(before, move, meant, now, own, law)
        after = (
            ground if isinstance(ground, Objection) else moved(given_by(before, move, ground), move, scene)
        )
        if isinstance(after, Objection):
            _object(after.why)
        after = lessened(before, after)
        async with self.units.begin() as unit:
            await self._succeeding.alone(unit, before, after, scene)
            held = await self._held(unit, scene, () if move.act in ENDING else own)
            gone = concerned(before) - concerned(after)
            won = held and await self.edges.replace(unit, after, seen, gone)
            if won:
                await self._record(unit, before, after, move, now)
                await self._make_way(unit, before, after, scene)
                await self._rename(unit, before, after, scene)
                await _also(also, unit, after)
        if not won:
            _object(Why.CHANGED)
        return after

    async def take_over(
        self, before: Edge, to: PartyId, meant: Sequence[Service], now: datetime, *, also: Also | None = None
    ) -> Edge:
        """T15, T18: end a mandate whose agent merged, as it was seen, and begin the same for who came after.

        Whoever calls this was told so by the register. `also` is done in the same unit.

        Raises:
            NotEntitled: `why` says what is against it; `changed` when somebody else was first.

        """
        scene, over, made = await self.would_take_over(before, to, meant, now)
        async with self.units.begin() as unit:
            await self._succeeding.alone(unit, None, made, scene)
            won = await self._held(unit, scene, ()) and await self.edges.replace(unit, over, before.version)
            if won:
                await self._record(unit, before, over, SUPERSEDE, now)
                if await self._succeeding.is_taken(unit, made, scene):
                    _object(Why.ONE_AGENT)
                await self.edges.add(unit, made)
                await self.trail.record(unit, begun_event(made, TAKE_OVER, now))
                await self._rename(unit, before, over, scene)
                await self._rename(unit, None, made, scene)
                await _also(also, unit, made)
        if not won:
            _object(Why.CHANGED)
        return made

    async def would_take_over(
        self, before: Edge, to: PartyId, meant: Sequence[Service], now: datetime
    ) -> tuple[Scene, Edge, Edge]:
        """T15, T18: return what `take_over` would make of a mandate, and which one it would begin.

        Raises:
            NotEntitled: as `take_over`.

        """
        proposed = following(before, to, EdgeId(self.ids.uuid()), now)
        scene = await self._scene(proposed, TAKE_OVER, meant, now)
        made, over = taken_over(proposed, TAKE_OVER, scene), moved(before, SUPERSEDE, scene)
        if isinstance(made, Objection) or isinstance(over, Objection):
            _object(made.why if isinstance(made, Objection) else Why.CHANGED)
        return scene, lessened(before, over), made

    async def know(self, *told: Party, now: datetime) -> None:
        """P6: keep what registers tell of parties: from its commit on every decision rests on it.

        What was told earlier and comes later changes nothing.
        """
        await self.knowing.know(told, now)

    async def known_at(self, party: PartyId, at: datetime) -> Party | None:
        """P6, P21: return what was known of a party then, so that an old decision can be looked at again."""
        return await self.parties.known_at(party, at)

    @property
    def knowing(self) -> Knowing:
        """What registers tell of parties is kept by this."""
        return Knowing(
            units=self.units,
            parties=self.parties,
            statements=self.statements,
            outbox=self.outbox,
            ids=self.ids,
        )

    @property
    def _succeeding(self) -> Succeeding:
        return Succeeding(edges=self.edges, outbox=self.outbox, ids=self.ids)

    @property
    def _behalf(self) -> Behalf:
        return Behalf(edges=self.edges, parties=self.parties)

    @property
    def stating(self) -> Stating:
        """Whoever ends a login or redeems its code does this in a unit of their own."""
        return Stating(
            units=self.units,
            trail=self.trail,
            ids=self.ids,
            questions=self._questions,
            statements=self.statements,
            looks=self.looks,
        )

    @property
    def _questions(self) -> Questions:
        return Questions(edges=self.edges, graph=self.graph, parties=self.parties, helpers=self.helpers)

    async def _scene(self, edge: Edge, move: Move, meant: Sequence[Service], now: datetime) -> Scene:
        known = await self.parties.of((edge.principal, edge.agent))
        if edge.principal not in known or edge.agent not in known:
            _object(Why.PARTY_UNKNOWN)
        named = {scope.key for scope in edge.terms.scopes if scope.kind is ScopeKind.SERVICE}
        about = within(edge.kind, edge.terms.scopes, meant, worth_after(edge, move))
        rules = {Scope.of_service(each.id).key: each.representation for each in about}
        closed = any(rules.get(key) is None for key in named)
        demands = None if closed else demands_of(each for each in rules.values() if each is not None)
        helper = edge.kind is EdgeKind.HELPER
        return Scene(
            principal=known[edge.principal],
            agent=known[edge.agent],
            demands=demands,
            now=now,
            helps=helper and edge.agent in await self.helpers.among((edge.agent,), now),
        )

    async def _held(self, unit: Unit, scene: Scene, own: Sequence[Link]) -> bool:
        """P4: keep what a move rests on as it is until the unit ends; False when something changed.

        What only ends something rests on nothing: two who end each other's would each wait for the other.
        """
        seen = versions(own)
        both = (scene.principal, scene.agent)
        return await self.edges.hold(unit, seen) and await self.parties.hold(unit, both)

    async def _record(self, unit: Unit, before: Edge, after: Edge, move: Move, now: datetime) -> None:
        """Write what was done in its own unit; where it took something away, stop what was not redeemed."""
        if move.act is Act.DECLINE and before.initiator == before.agent:
            await self.edges.quieten(unit, before, now)
        less = after.less == after.version
        contested = await self.statements.contest(unit, after.id, now - CLOCKS_APART) if less else 0
        await self.trail.record(unit, moved_event(before, after, move, contested, now))
        if less and await self.statements.is_used(unit, after.id, now - ended.LIVES):
            over = MandateEnded(edge=after.id, version=after.version, at=now)
            await self.outbox.put(unit, over.message(self.ids), now)

    async def _make_way(self, unit: Unit, before: Edge | None, after: Edge, scene: Scene) -> None:
        """T15: end what a mandate takes the place of, as every end is."""
        for was, over in await self._succeeding.make_way(unit, before, after, scene):
            await self._record(unit, was, over, SUPERSEDE, scene.now)

    async def _rename(self, unit: Unit, before: Edge | None, after: Edge, scene: Scene) -> None:
        """Have the clients of an organisation found by name: registers tell it when this has been done."""
        changed = ClientChanged.of(before, after, scene.now)
        if changed is not None and scene.agent.kind is not PartyKind.PERSON:
            await self.outbox.put(unit, changed.message(self.ids), scene.now)


async def _also(also: Also | None, unit: Unit, edge: Edge) -> None:
    if also is not None:
        await also(unit, edge)


def _object(why: Why) -> NoReturn:
    detail = f"mandate: {why.value}"
    raise NotEntitled(detail, why=why.value)


def _the_same(known: Statement, asker: Asker, principal: PartyId) -> Statement:
    """P14: return what this login has; it stands for nobody else, and not for what was contested."""
    same = (known.actor, known.principal, known.service) == (asker.actor, principal, asker.service.id)
    if not same or known.status is Status.CONTESTED:
        raise NotEntitled(OPAQUE)
    return known
