"""An ended login becomes an answer to its service: something to fetch, once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.errors import PartyClosed, Refusal
from toegang.provider import told_names
from toegang.provider.grants import Grant
from toegang.provider.saml.identifiers import Sector, check_entitled
from toegang.provider.saml.letter import Letter
from toegang.provider.saml.levels import Asking, answer_name
from toegang.provider.saml.profiles import PROFILES, REMEMBERED_FOR
from toegang.provider.saml.status import status_of_code

if TYPE_CHECKING:
    from toegang.catalogue.watch import Catalogue
    from toegang.identity.subject import Subject
    from toegang.ids import Ids
    from toegang.login.answer import Refused, Reply
    from toegang.login.request import LoginRequest, Outcome
    from toegang.provider.grants import Grants
    from toegang.provider.saml.identifiers import Identifiers
    from toegang.provider.saml.waiting import Ticket, Waiting
    from toegang.pseudonyms.known import KnownPseudonyms
    from toegang.units import Unit

GRANT_BYTES = 16  # SAMLCore-1.3.4: 128 random bits, for the session's index is made of them


@dataclass(frozen=True, slots=True, kw_only=True)
class SamlAnswerer:
    """Answers SAML service providers (login.answer.Answerer)."""

    catalogue: Catalogue
    grants: Grants
    waiting: Waiting
    identifiers: Identifiers
    names: KnownPseudonyms
    ids: Ids

    def check_subject(self, request: LoginRequest, subject: Subject) -> None:
        """Accept anybody: a request for somebody was refused before (login.answer.Answerer)."""

    async def answer(self, unit: Unit, request: LoginRequest, outcome: Outcome) -> Reply | Refusal:
        """SAMLProf-4.1.4.2: keep a grant and answer with what fetches it; a Refusal when that may not be."""
        letter = Letter.read(request.reply_to.letter)
        ticket = self.waiting.ticket(letter, outcome.completed_at)
        try:
            grant = self._grant(letter, outcome, ticket)
        except Refusal as refusal:
            return refusal
        await self.grants.add(unit, grant, ticket.code)
        await told_names.note(unit, self.names, outcome, self.catalogue.current)
        return ticket.reply

    async def refuse(self, unit: Unit, request: LoginRequest, refused: Refused) -> Reply:
        """STSAML-4.4: answer with a status."""
        letter, status = Letter.read(request.reply_to.letter), status_of_code(refused.code)
        return await self.waiting.refuse(unit, request.client, letter, status, refused.ended_at)

    def _grant(self, letter: Letter, outcome: Outcome, ticket: Ticket) -> Grant:
        snapshot, now, service = self.catalogue.current, outcome.completed_at, outcome.request.service
        connection = snapshot.connection(outcome.request.client)
        if connection is None:
            message = "the connection is gone from the catalogue"
            raise PartyClosed(message)
        proven = outcome.proven
        check_entitled(service.identity, proven.subject, proven.represented)
        asking = Asking(connection=connection, profile=PROFILES[letter.profile], floor=service.level, now=now)
        sector = Sector(name=service.pseudonym_sector, version=service.pseudonym_version)
        return Grant(
            id=self.ids.secret(GRANT_BYTES).hex(),
            reference=outcome.reference,
            session=outcome.session,
            client=connection.id,
            organisation=service.organisation,
            service=service.id,
            subject=self.identifiers.pseudonym(proven.subject, sector),
            proven=proven,
            authenticated_at=outcome.authenticated_at,
            acr=answer_name(asking, letter.levels, outcome.level),
            scope=(),
            nonce="",
            redirect_uri=letter.address.consumer,
            challenge="",
            proof_key="",
            identity=service.identity,
            attributes=service.attributes,
            answered_at=now,
            code_until=ticket.until,
            until=now + REMEMBERED_FOR,
            level=outcome.level,
            browser=outcome.browser,
            own_level=outcome.own_level,
            chain=outcome.chain,
            statement=outcome.statement,
            memory=outcome.request.reply_to.letter,
        )
