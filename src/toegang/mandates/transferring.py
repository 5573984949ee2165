"""Transferring: what a firm did for others goes to the firm that it merged into (T15, T18; BW-2:309).

The trade register says that it merged, and an operator that it is to be done: nothing moves by the register
alone (P22). Whoever gave a mandate ends the new one as any other. What stood still goes over and stands
still; what nobody answered ends, as nobody can answer it any more (T16). What the new firm may not have stays
where it is, by which nobody acts any more, and is named by its reference. Staff and teams stay.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NoReturn

from toegang.audit.event import Personal
from toegang.audit.events import MandateOrdered
from toegang.catalogue.representation import EdgeKind
from toegang.errors import NotEntitled, Unavailable
from toegang.identity.numbers import KvkNumber
from toegang.mandates import standing
from toegang.mandates.cosigning import controllers, on_the_other_side
from toegang.mandates.edge import PENDING, TERMINAL, State
from toegang.mandates.giving import about, may_still_decide
from toegang.mandates.job import BESIDE, PLACE
from toegang.mandates.law import NOT_ASKED
from toegang.mandates.legal.derived import begins
from toegang.mandates.life import Act, Side
from toegang.mandates.listing import ends
from toegang.mandates.moves import Move, Mover
from toegang.mandates.moving import following
from toegang.mandates.party import PartyKind, Standing
from toegang.mandates.succeeding import SUPERSEDE, TAKE_OVER
from toegang.mandates.why import Why
from toegang.registers.organisations import Standing as Registered

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime

    from toegang.catalogue.values import Service
    from toegang.mandates.edge import Edge
    from toegang.mandates.finding import Finding
    from toegang.mandates.job import Clients, Job, Stretch
    from toegang.mandates.law import Law
    from toegang.mandates.party import PartyId
    from toegang.mandates.register import Mandates
    from toegang.mandates.stores import Laws, Mandatable
    from toegang.mandates.telling import Telling
    from toegang.units import Unit

    Also = Callable[[Unit, Edge], Awaitable[None]]

MERGER: Final = "merger"
"""The cause of it, as the trail names it."""
TRIES: Final = 5
"""How often one is looked at again because somebody changed it meanwhile."""

_CARRIED: Final = frozenset({EdgeKind.VOLUNTARY, EdgeKind.INTERMEDIARY, EdgeKind.HELPER})
"""Kinds by which an organisation acts for others by their own choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transferring:
    """The rules, and the one step: what of one firm may go to the other, and that it goes."""

    mandates: Mandates
    telling: Telling
    services: Mandatable
    laws: Laws
    finding: Finding
    clients: Clients

    async def merged(self, gone: KvkNumber, into: KvkNumber, now: datetime) -> tuple[PartyId, PartyId]:
        """Return who the two are, when the trade register says that the first merged into the second.

        Raises:
            NotEntitled: it does not, or the second cannot act itself; or we never met the first.
            Unavailable: the register does not answer.

        """
        if gone == into:
            _object(Why.SELF_APPROVAL, "they are the same organisation")
        before = await self.finding.organisations.find(gone)
        merged = before is not None and before.standing is Registered.MERGED and not before.disputed
        if before is None or not merged or before.into != into or begins(before.standing_since) > now:
            _object(Why.NO_AUTHORITY, "the trade register does not say that the first merged into the second")
        after = await self.finding.organisations.find(into)
        if after is None or after.disputed or after.standing is not Registered.ACTIVE:
            _object(Why.PARTY_ENDED, "the trade register does not say that the second is there and can act")
        if gone not in await self.finding.numbers.find((gone,)):
            _object(Why.PARTY_UNKNOWN, "the first acts for nobody here")
        met = await self.finding.numbers.meet((gone, into), now)
        first, second = met[gone], met[into]
        told = (standing.organisation(first, before), standing.organisation(second, after))
        await self.mandates.know(*told, now=now)
        return first, second

    async def walk(self, job: Job, now: datetime) -> Merger:
        """Go on with a job, when the register still says what it rests on.

        Raises:
            NotEntitled: as `merged`.
            Unavailable: a register does not answer.

        """
        known = await self.finding.numbers.of((job.first, job.second))
        gone, into = (_kvk(known.get(each, ())) for each in (job.first, job.second))
        if gone is None or into is None or await self.merged(gone, into, now) != (job.first, job.second):
            _object(Why.NO_AUTHORITY, "they are others by now")
        return await self.between(job.first, job.second, now, by=job.by, ground=job.ground)

    async def between(
        self, first: PartyId, second: PartyId, now: datetime, by: str = "", ground: str = ""
    ) -> Merger:
        """Open what goes from one to the other.

        Raises:
            Unavailable: no register tells who controls the second.

        """
        law = await self.laws.over(second, now)
        if not law.tells_who_controls(second):
            message = "no register tells who controls the organisation that takes over"
            raise Unavailable(message)
        return Merger(room=self, first=first, second=second, law=law, by=by, ground=ground)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merger:
    """One merger as it is carried out; `law` is who acts for the second by law."""

    room: Transferring
    first: PartyId
    second: PartyId
    law: Law
    by: str
    ground: str

    async def next(self, cursor: bytes, size: int, now: datetime) -> Stretch:
        """Return the next that the first has and that are not over: in force, and then the others."""
        held: Sequence[tuple[bytes, Edge]] = ()
        if len(cursor) in {0, PLACE}:
            some = await self.in_force(cursor, size, now)
            if some.last is not None:
                return some
            held, cursor = some.found, BESIDE
        some = await self.room.clients.beside(self.first, cursor, size)
        return replace(some, found=[*held, *(each for each in some.found if now < ends(each[1]))])

    async def in_force(self, cursor: bytes, size: int, now: datetime) -> Stretch:
        """Return the next that the first has and that are in force."""
        some = await self.room.clients.of(self.first, cursor, size)
        return replace(some, found=[each for each in some.found if now < each[1].terms.until])

    async def do(self, edge: Edge, now: datetime, also: Also) -> bool:
        """Let one go over, or end that nobody answered, as it is by now; False when it is over.

        Raises:
            NotEntitled: `why` says why it stays.
            Unavailable: a register does not answer.

        """
        for _ in range(TRIES):
            if edge.state in TERMINAL or ends(edge) <= now:
                return False
            waits = edge.state in PENDING and edge.kind in _CARRIED
            if not waits:
                await self.check(edge, now)
            try:
                await (self._end(edge, now, also) if waits else self._take_over(edge, now, also))
            except NotEntitled as refused:
                found = await self.room.mandates.edges.find(edge.id)
                if found is None or (refused.why != Why.CHANGED and found.version == edge.version):
                    raise
                edge = found
            else:
                return True
        return _object(Why.CHANGED, "it keeps changing")

    async def tells_of(self, others: Sequence[Edge]) -> bool:
        """Tell whether the register of people, silent about one, answers about another."""
        for edge in others:
            with suppress(Unavailable):
                if await self.room.finding.registered(edge.principal) is not None:
                    return True
        return False

    async def why_not(self, edge: Edge, now: datetime) -> str:
        """Return why one would stay, by a word; empty when it would go.

        Raises:
            Unavailable: a register does not answer.

        """
        try:
            if edge.state not in PENDING or edge.kind not in _CARRIED:
                await self.check(edge, now)
        except NotEntitled as refused:
            return refused.why
        return ""

    async def check(self, edge: Edge, now: datetime) -> None:
        """Refuse what does not go over, before anything is done.

        Raises:
            NotEntitled: `why` says why.
            Unavailable: a register does not answer.

        """
        await self.check_asked(edge, now)
        await self.room.mandates.would_take_over(edge, self.second, self._meant(edge, now), now)

    async def check_asked(self, edge: Edge, now: datetime) -> None:
        """Refuse what its principal is not even asked to give the second.

        Raises:
            NotEntitled: `why` says why.
            Unavailable: a register does not answer.

        """
        if edge.kind not in _CARRIED:
            _object(Why.KIND_NOT_ADMITTED)
        if edge.principal == self.second:
            _object(Why.SELF_APPROVAL)
        await self._check_principal(edge, now)
        await self._check_not_held(edge, now)

    async def _check_not_held(self, edge: Edge, now: datetime) -> None:
        wanted = {scope.key for scope in edge.terms.scopes}
        for held in await self.room.mandates.edges.live(edge.principal, self.second):
            waits = held.pending_until is None or now < held.pending_until
            # L03: how many stay would tell whether a number is somebody's that was typed and not answered.
            waits = waits and held.nobody is None
            same = held.kind is edge.kind and wanted & {scope.key for scope in held.terms.scopes}
            if same and waits and now < held.terms.until:
                _object(Why.HELD_ALREADY)

    async def _check_principal(self, edge: Edge, now: datetime) -> None:
        """P12, P27, P30: whoever gave it could give it now, hides from nobody, and is not on both sides."""
        room, giver = self.room, edge.principal if edge.under is None else edge.under.by
        registered = await room.finding.registered(edge.principal)
        if registered is not None and registered.address_secret:
            _object(Why.ASK_FIRST)
        law = await room.laws.over(edge.principal, now)
        if law.crowded:
            message = "many ask the registers now"
            raise Unavailable(message, crowded=True)
        proposed = following(edge, self.second, edge.id, now)
        there = on_the_other_side(self.law, proposed, now)
        here = {*edge.co_principals, *edge.agreed, giver, *controllers(law, edge.principal, now)}
        if {*here, edge.signed} & there - {edge.principal}:
            _object(Why.SELF_APPROVAL)
        given = Move(act=Act.OFFER, by=Mover(party=giver, behalf=edge.principal, level=edge.terms.level))
        matters = about(edge.terms.scopes, self._meant(edge, now))
        why = may_still_decide(edge, given, matters, law, now)
        if why is not None:
            _object(why if why is Why.REGISTER_SILENT else Why.ASK_FIRST)
        party = (await room.mandates.parties.of((edge.principal,))).get(edge.principal)
        able = party is not None and party.standing_at(now) is Standing.ABLE and party.is_adult(now)
        if party is None or (not able and edge.under is None):
            _object(Why.ASK_FIRST)
        if party.kind is not PartyKind.PERSON and not law.tells_who_controls(party.id):
            _object(Why.REGISTER_SILENT)

    def _meant(self, edge: Edge, now: datetime) -> Sequence[Service]:
        return self.room.services.reached(edge.terms.scopes, now)

    async def _end(self, edge: Edge, now: datetime, also: Also) -> None:
        """T16: end what waits for an answer that nobody can give, or hear, any more."""
        room = self.room

        async def note(unit: Unit, over: Edge) -> None:
            await room.mandates.trail.record(unit, self._ordered(edge, Act.TERMINATE, now))
            await room.telling.tell_of(unit, over, Act.TERMINATE, None, now)
            await also(unit, over)

        move = Move(act=Act.TERMINATE, by=Mover.of_house(Side.LAW))
        await room.mandates.move(edge.id, edge.version, move, (), now, NOT_ASKED, also=note)

    def _ordered(self, edge: Edge, act: Act, now: datetime) -> MandateOrdered:
        return MandateOrdered(
            at=now,
            edge=str(edge.id),
            act=act.value,
            cause=MERGER,
            decision=self.ground,
            by=self.by,
            principal=Personal.of(edge.principal),
            agent=Personal.of(edge.agent),
        )

    async def _take_over(self, edge: Edge, now: datetime, also: Also) -> None:
        room = self.room

        async def note(unit: Unit, made: Edge) -> None:
            await room.mandates.trail.record(unit, self._ordered(edge, Act.TRANSFER, now))
            await room.telling.tell_of(unit, replace(edge, state=State.SUPERSEDED), SUPERSEDE.act, None, now)
            still = made.state is State.SUSPENDED
            await room.telling.tell_of(unit, made, Act.SUSPEND if still else TAKE_OVER.act, None, now)
            await also(unit, made)

        await room.mandates.take_over(edge, self.second, self._meant(edge, now), now, also=note)


def _kvk(numbers: tuple[object, ...]) -> KvkNumber | None:
    return next((each for each in numbers if isinstance(each, KvkNumber)), None)


def _object(why: Why, told: str = "") -> NoReturn:
    raise NotEntitled(told or f"mandate: {why.value}", why=why.value)
