"""Answers that wait to be fetched: behind an artifact, or at an address of ours for one browser.

In the unit that ends a login only facts are written; they are signed when they are fetched.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from toegang.catalogue.values import ClientId
from toegang.login.answer import Reply
from toegang.provider.saml.letter import Letter
from toegang.provider.saml.profiles import ARTIFACT_LIFETIME
from toegang.saml.bindings import artifact
from toegang.saml.names import Binding

if TYPE_CHECKING:
    from toegang.ids import Ids
    from toegang.saml.messages import Status
    from toegang.units import Expiring, Unit

POSTING = "/saml/answer/"
"""Where the browser fetches an answer that it posts to the service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A refusal that waits: for which connection, and how it is called (SAMLCore-3.2.2)."""

    connection: ClientId
    letter: str
    code: str
    second: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What fetches an answer, once, and where the browser goes with it."""

    code: str
    reply: Reply
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Makes tickets, and keeps refusals under them; answers with a person in them are grants."""

    entity_id: str
    refusals: Expiring[Told]
    ids: Ids

    def ticket(self, letter: Letter, now: datetime) -> Ticket:
        """SAMLBind-3.6.4: make an artifact, or an address of ours; a secret either way."""
        until, address = now + ARTIFACT_LIFETIME, letter.address
        if address.binding is Binding.ARTIFACT:
            made = artifact.make(self.entity_id, self.ids.secret(artifact.HANDLE_BYTES))
            location = artifact.address(
                address.consumer, made, address.relay_state, relay_limit=letter.relay_limit
            )
            return Ticket(code=made.write(), reply=Reply(location=location), until=until)
        code = self.ids.token()
        return Ticket(code=code, reply=Reply(location=POSTING + code), until=until)

    async def refuse(
        self, unit: Unit, connection: ClientId, letter: Letter, status: Status, now: datetime
    ) -> Reply:
        """STSAML-4.4: keep a refusal for the service, which always gets an answer."""
        ticket = self.ticket(letter, now)
        told = Told(
            connection=connection,
            letter=letter.write(),
            code=status.code,
            second=status.second,
            message=status.message,
        )
        await self.refusals.keep(unit, ticket.code, told, ticket.until)
        return ticket.reply
