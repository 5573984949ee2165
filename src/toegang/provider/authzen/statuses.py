"""Whether what a login stated still holds, for the service that it was stated to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from toegang.audit.event import Personal
from toegang.audit.events import MandateAsked
from toegang.catalogue import gate
from toegang.catalogue.api import ApiScope
from toegang.errors import OneTimeGone, PartyClosed, UnknownParty
from toegang.mandates.statement import StatementId, Status
from toegang.provider.authzen.understanding import Purpose

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.jose.segments import JsonObject
    from toegang.mandates.rechecking import Rechecking
    from toegang.mandates.statement import Statement
    from toegang.provider.authzen.asking import Deciding
    from toegang.provider.oidc.possession import Presented
    from toegang.provider.oidc.systems import System

PATH: Final = "/statements/"
VALID, ENDED = "valid", "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """That a statement holds, and until when (None: no end known)."""

    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statuses:
    """Answers about statements that were handed over."""

    deciding: Deciding
    rechecking: Rechecking

    async def enter(self, presented: Presented, statement: str, now: datetime) -> System:
        """Return who asks, as Counter.enter does."""
        return await self.deciding.counter.enter(presented, ApiScope.STATUS, PATH + statement, now)

    async def status(self, system: System, statement: str, now: datetime) -> JsonObject | None:
        """Tell whether a statement holds; None when no service of the client was handed one by this id.

        Raises:
            TooManyTries: the quota of this hour is used up.
            Unavailable: what it rests on does not answer.

        """
        counter, client = self.deciding.counter, system.client
        await counter.count(system, 1, now)
        found = await self._find(statement)
        if found is None or client.service_place(found.service) is None:
            return None
        left = await self._left(system, found, now)
        event = MandateAsked(
            at=now,
            client=client.id,
            service=str(found.service),
            question="status",
            purpose=Purpose.SESSION.value,
            answers=int(left is not None),
            actor=Personal.of(found.actor),
            principal=Personal.of(found.principal),
        )
        await counter.put_down((event,))
        told: JsonObject = {"statement": str(found.id), "status": ENDED if left is None else VALID}
        if left is not None and left.until is not None:
            told["valid_until"] = left.until.isoformat()
        return told

    async def _find(self, statement: str) -> Statement | None:
        """Find a statement that was handed over; before that nobody has its id."""
        try:
            id_ = StatementId(UUID(statement))
        except ValueError:
            return None
        found = await self.deciding.mandates.statements.find(id_)
        handed_over = found is not None and found.status in {Status.REDEEMED, Status.ENDED}
        return found if handed_over else None

    async def _left(self, system: System, found: Statement, now: datetime) -> Left | None:
        """Return what is left of a statement that holds, by the law and the catalogue of now; else None."""
        snapshot = self.deciding.counter.catalogue.current
        try:
            service = gate.open_service(snapshot, found.service, system.client, now)
            return Left(until=await self.rechecking.check(found, service, now))
        except (OneTimeGone, PartyClosed, UnknownParty):
            return None
