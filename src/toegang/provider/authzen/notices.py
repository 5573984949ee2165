"""Telling services that what a login stated has ended: one security event for each statement that is in use.

The mandate says so by a message in the outbox, in the unit of its own move (mandates/ended.py). From it comes
one message for each statement, to the client that it was made for, if that registered an address. A mandate
that changes a second time, or a message that comes a second time, tells nobody again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import msgspec

from toegang.audit.events import StatementEndTold
from toegang.catalogue import gate
from toegang.catalogue.values import ClientId
from toegang.errors import PartyClosed, Refusal, RefusedAtParty, Unavailable
from toegang.jose.sign import sign
from toegang.mandates.ended import BY_LAW, LIVES, MandateEnded, StatementEnded
from toegang.oidc.security_event import (
    MEDIA_TYPE,
    STATEMENT_ENDED,
    TYPE,
    SecurityEvent,
    refusal_in,
    security_event_claims,
)
from toegang.post.outbox import Message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toegang.audit.event import Event
    from toegang.catalogue.watch import Catalogue
    from toegang.clock import Clock
    from toegang.mandates.statement import Statement, StatementId
    from toegang.mandates.stores import Statements
    from toegang.outbound.client import Outbound
    from toegang.post.outbox import Outbox, Sealed
    from toegang.provider.oidc.issue import Issuance
    from toegang.units import Units

KIND: Final = "security-event"
AT_ONCE: Final = 100
TRIED_FOR: Final = timedelta(days=1)
_TAKEN = 202
_NOT_TAKEN = 400


class EndedStatement(msgspec.Struct, frozen=True):
    """What a security event is made of when it is sent."""

    statement: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedMandates:
    """Finds who is to be told that a mandate ended (post.outbox.Carrier)."""

    catalogue: Catalogue
    statements: Statements
    outbox: Outbox
    units: Units
    clock: Clock

    async def carry(self, message: Message) -> None:
        """Write to every client for a statement in use that rests on the mandate; or for the one that ended.

        Raises:
            Unavailable: the store does not answer.

        """
        if message.kind == BY_LAW:
            by_law = StatementEnded.read(message)
            statement = await self.statements.find(by_law.statement)
            await self._tell([] if statement is None else [statement], by_law.at)
            return
        ended, after = MandateEnded.read(message), None
        while True:
            found = await self.statements.used(ended.edge, ended.at - LIVES, after, AT_ONCE)
            await self._tell([each for each in found if ended.ends(each)], ended.at)
            if len(found) < AT_ONCE:
                return
            after = found[-1].id

    async def _tell(self, found: Sequence[Statement], at: datetime) -> None:
        now, snapshot = self.clock.now(), self.catalogue.current
        async with self.units.begin() as unit:
            for each in found:
                client = snapshot.client(ClientId(each.binding.audience))
                if client is not None and client.hears_of_ends:
                    await self.outbox.put(unit, _notice(each.id, client.id, at), now)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityEventCarrier:
    """Pushes security events to clients (post.outbox.Carrier)."""

    issuance: Issuance
    outbound: Outbound
    clock: Clock

    async def carry(self, message: Message) -> None:
        """RFC8935-2.1: post one signed event to the address that the client has registered now.

        Raises:
            Unavailable: the client did not take it now.
            RefusedAtParty: the client answered that it will not (RFC8935-2.3).
            PartyClosed, UnknownParty: the client is not told any more.

        """
        now = self.clock.now()
        client = gate.open_client(self.issuance.catalogue.current, ClientId(message.to_party), now)
        if client.api is None or not client.api.events_uri:
            detail = f"client {client.id} has no address for events"
            raise PartyClosed(detail)
        ended = msgspec.json.decode(message.payload, type=EndedStatement)
        event = SecurityEvent(
            issuer=self.issuance.issuer,
            audience=client.id,
            kind=STATEMENT_ENDED,
            about=ended.statement,
            at=ended.at,
        )
        claims = security_event_claims(event, jti=str(message.id), now=now)
        answer = await self.outbound.request(
            client.id,
            "POST",
            client.api.events_uri,
            headers={"content-type": MEDIA_TYPE, "accept": "application/json"},
            content=sign(claims, self.issuance.signing_key(client, now), TYPE).encode(),
        )
        if answer.status == _NOT_TAKEN:
            why = refusal_in(answer.body) or "no reason that is known"
            raise RefusedAtParty(Refusal(f"security event: {why}"), client.api.events_uri, None)
        if answer.status != _TAKEN:
            detail = f"client {client.id} answered {answer.status} to a security event"
            raise Unavailable(detail)


def handed_over(message: Sealed, now: datetime) -> Event:
    """Record that a client took the notice (post.delivery.Route)."""
    return StatementEndTold(at=now, message=message.id, client=message.to_party)


def _notice(statement: StatementId, client: ClientId, at: datetime) -> Message:
    return Message(
        # One notice for each statement, however often its mandate changes: the outbox keeps an id once.
        id=statement,
        kind=KIND,
        to_party=client,
        payload=msgspec.json.encode(EndedStatement(str(statement), at)),
        until=at + TRIED_FOR,
        purpose="statement-ended",
    )
