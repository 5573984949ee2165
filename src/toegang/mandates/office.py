"""The office: what is decided about a mandate by who is no party to it, as a fraud desk or a court.

Each decision is on paper somewhere else; here stand why, by its reference, and who did it. The office sees no
mandate but the one whose reference it has, and never who the two are.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NoReturn

from toegang.audit.event import Personal
from toegang.audit.events import MandateLookedAt, MandateOrdered
from toegang.errors import NotEntitled
from toegang.mandates.guards import SUCCEEDED
from toegang.mandates.law import NOT_ASKED
from toegang.mandates.life import Act, Side
from toegang.mandates.moves import Move, Mover
from toegang.mandates.scope import Scope, ScopeKind
from toegang.mandates.succeeding import others
from toegang.mandates.why import Why

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from toegang.mandates.edge import Edge, EdgeId
    from toegang.mandates.register import Mandates
    from toegang.mandates.statement import Statement
    from toegang.mandates.stores import Mandatable
    from toegang.mandates.telling import Telling
    from toegang.units import Expiring, Unit

AT_A_TIME: Final = 200
ONE_LOOK: Final = timedelta(hours=1)
_REFERENCE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9./-]{1,39}")


class Cause(enum.StrEnum):
    """Why the office decides; the words stand in the trail and never change."""

    DISPUTE = "dispute"  # the two sides, or heirs, do not agree whether it was given
    FRAUD = "fraud"
    INVESTIGATION = "investigation"
    COURT = "court"  # a court says so


CAUSES: Final = {
    Act.SUSPEND: frozenset(Cause),
    Act.RESUME: frozenset(Cause),
    Act.REVOKE: frozenset({Cause.DISPUTE, Cause.FRAUD, Cause.COURT}),
    Act.VOID: frozenset({Cause.FRAUD, Cause.COURT}),
}
"""T12, T14, T17: what the office does, and why it may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """By whose hand and why: `decision` is the reference of what was decided on paper.

    `proposed_by` is who proposed it to whoever did it, and `proposal` its name; empty where one was enough.
    """

    by: str
    cause: Cause
    decision: str
    proposed_by: str = ""
    proposal: str = ""

    def __post_init__(self) -> None:
        """Refuse what is no reference: a sentence would put names into the trail.

        Raises:
            ValueError: it is none.

        """
        check_reference(self.decision)


def check_reference(text: str) -> None:
    """Refuse what is no reference of a decision.

    Raises:
        ValueError: it is none.

    """
    if not _REFERENCE.fullmatch(text):
        msg = "a reference is 2 to 40 letters, digits, dots, slashes and dashes"
        raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """When somebody looked at a mandate; again within the hour is the same look."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The use cases of who stands above the office: who can run commands on the hub.

    For officers, of whom some things take two, these are done by proposing.py.
    """

    mandates: Mandates
    telling: Telling
    services: Mandatable
    looks: Expiring[Seen]

    async def look(self, id_: EdgeId, by: str, now: datetime) -> Edge:
        """Return the mandate of a reference, and put down who looked at it, once an hour: both sides read it.

        Raises:
            NotEntitled: as `find`.

        """
        edge = await self.find(id_)
        async with self.mandates.units.begin() as unit:
            if await self.looks.add(unit, f"{edge.id} {by}", Seen(at=now), now + ONE_LOOK, now):
                event = MandateLookedAt(
                    at=now,
                    edge=str(edge.id),
                    by=by,
                    principal=Personal.of(edge.principal),
                    agent=Personal.of(edge.agent),
                )
                await self.mandates.trail.record(unit, event)
        return edge

    async def find(self, edge: EdgeId) -> Edge:
        """Return the mandate of a reference.

        Raises:
            NotEntitled: there is none; what an organisation says of its teams is none.

        """
        found = await self.mandates.edges.find(edge)
        if found is None or any(scope.kind is ScopeKind.TEAM for scope in found.terms.scopes):
            _object(Why.NOT_YOURS)
        return found

    async def decide(  # noqa: PLR0913 what is done, to which as seen, and what with it
        self,
        id_: EdgeId,
        act: Act,
        order: Order,
        now: datetime,
        *,
        seen: int | None = None,
        also: Callable[[Unit], Awaitable[None]] | None = None,
    ) -> Edge:
        """T12, T14, T17: make a mandate stand still, let it go on, end it or declare it void.

        Both sides are told that there is news. What was stated by it and not redeemed never is; what is in
        use ends, and its services are told. With `seen` it is done only to that version; `also` is done in
        the same unit.

        Raises:
            NotEntitled: `why`: it is no act of the office for this cause, or not one from where it stands;
                another took its place meanwhile; or somebody was first.

        """
        before = await self.find(id_)
        if order.cause not in CAUSES.get(act, frozenset()):
            _object(Why.NOT_YOURS)
        if seen is not None and seen != before.version:
            _object(Why.CHANGED)

        meant = self.services.reached(before.terms.scopes, now)
        one = [each for each in meant if each.representation is not None and each.representation.one_agent]
        beside = act is Act.RESUME and before.kind in SUCCEEDED
        keys = [Scope.of_service(each.id).key for each in one] if beside else []

        async def note(unit: Unit, after: Edge) -> None:
            if await others(self.mandates.edges, unit, after, keys, now):
                _object(Why.ONE_AGENT)
            event = MandateOrdered(
                at=now,
                edge=str(after.id),
                act=act.value,
                cause=order.cause.value,
                decision=order.decision,
                by=order.by,
                proposed_by=order.proposed_by,
                reference=order.proposal,
                principal=Personal.of(after.principal),
                agent=Personal.of(after.agent),
            )
            await self.mandates.trail.record(unit, event)
            await self.telling.tell_of(unit, after, act, None, now)
            if also is not None:
                await also(unit)

        move = Move(act=act, by=Mover.of_house(Side.OFFICE))
        return await self.mandates.move(id_, before.version, move, (), now, NOT_ASKED, also=note)

    async def uses(self, edge: Edge, since: datetime) -> AsyncIterator[Statement]:
        """T17: yield what was stated by a mandate and handed over since: at which service, and when."""
        after = None
        while found := await self.mandates.statements.used(edge.id, since, after, AT_A_TIME):
            for each in found:
                yield each
            after = found[-1].id


def _object(why: Why) -> NoReturn:
    detail = f"mandate: {why.value}"
    raise NotEntitled(detail, why=why.value)
