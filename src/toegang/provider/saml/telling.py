"""Telling service providers that a session ended: a signed LogoutRequest with the name that each knows.

By SOAP where the partner's metadata has an address for that and its profile speaks it, else by the browser.
Nothing is kept for it: the name and the session's index are made of the grant when the request is written,
and a number is read from its seal then (DESIGN: identifiers).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from toegang.audit.events import NoticeResult
from toegang.errors import Malformed, NotEntitled, Refusal, RefusedAtParty, Unavailable
from toegang.post.outbox import Message
from toegang.provider.logout.records import NOTICE_LIFETIME, Way
from toegang.provider.logout.tellers import Participant, Visit
from toegang.provider.saml.letter import Letter
from toegang.provider.saml.partners import Partner, open_partner
from toegang.provider.saml.profiles import Naming
from toegang.provider.saml.statement import name_in, session_index
from toegang.saml import signature, writing
from toegang.saml.bindings import post, redirect, soap
from toegang.saml.bindings.parameters import Carrier
from toegang.saml.messages import LogoutRequest
from toegang.saml.names import SUCCESS, Binding
from toegang.saml.reading import read_logout_response

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.catalogue.partners.key_uses import KeyUses
    from toegang.catalogue.values import Text
    from toegang.catalogue.watch import Catalogue
    from toegang.clock import Clock
    from toegang.outbound.client import Outbound
    from toegang.provider.grants import Grant, Grants
    from toegang.provider.logout.results import Results
    from toegang.provider.saml.issue import Issuance
    from toegang.saml.messages import LogoutResponse
    from toegang.saml.metadata.values import Endpoint

KIND = "saml-logout"
PREFIX = "saml"
_OK = 200


class EndedGrant(msgspec.Struct, frozen=True):
    """What a notice is made of when it is sent: the grant of the login, which is sealed where it is kept."""

    grant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerTeller:
    """Knows the service providers of a session (provider.logout.tellers.Teller)."""

    entity_id: str
    catalogue: Catalogue
    grants: Grants
    issuance: Issuance

    def participant(self, grant: Grant, now: datetime) -> Participant | None:
        """SAMLProf-4.4.3.2: a partner is told where its metadata says, unless the catalogue says not to."""
        if not grant.memory:
            return None
        key, entity = f"{PREFIX}:{grant.id}", Letter.read(grant.memory).issuer
        try:
            partner = open_partner(self.catalogue.current, entity, now, ending=True)
        except Refusal:
            return Participant(key=key, party=grant.client, way=Way.NONE, entity=entity)
        told = partner.connection.single_logout and partner.profile.told
        if told and endpoint(partner, (Binding.SOAP,)):
            message = Message(
                id=UUID(grant.id),
                kind=KIND,
                to_party=grant.client,
                payload=msgspec.json.encode(EndedGrant(grant.id)),
                until=now + NOTICE_LIFETIME,
            )
            return Participant(key=key, party=grant.client, way=Way.BACK, message=message, entity=entity)
        way = Way.FRONT if told and by_browser(partner) else Way.NONE
        return Participant(key=key, party=grant.client, way=way, entity=entity)

    def name(self, party: str) -> Text | None:
        """Return what the connection is called."""
        connection = self.catalogue.current.connection(party)  # type: ignore[arg-type]
        return connection.names if connection else None

    async def visit(self, key: str, now: datetime) -> Visit:
        """SAMLBind-3.4, SAMLBind-3.5: write a request for the browser to carry.

        Raises:
            Refusal: the login or the partner is gone.

        """
        grant, partner = await self.opened(key.partition(":")[2], now)
        to = by_browser(partner)
        if to is None:
            message = f"connection {grant.client} can no longer be told by the browser"
            raise NotEntitled(message)
        request, signing = await self.request(grant, partner, to, now), self.issuance.keys.signing(now)
        if to.binding == Binding.POST:
            signed = writing.logout_request(request, signing)
            fields = post.fields(Carrier.REQUEST, signed, None)
            return Visit(request=request.id, location=to.location, fields=fields)
        unsigned = writing.logout_request(request, None)
        location = redirect.address(to.location, Carrier.REQUEST, unsigned, None, signing)
        return Visit(request=request.id, location=location)

    async def opened(self, grant: str, now: datetime) -> tuple[Grant, Partner]:
        """Return a grant and its partner, closed or not.

        Raises:
            NotEntitled, UnknownParty, PartyClosed: one of them is gone.

        """
        state = await self.grants.find(grant)
        if state is None:
            message = "the login that is logged out of is no longer kept"
            raise NotEntitled(message)
        issuer = Letter.read(state.grant.memory).issuer
        return state.grant, open_partner(self.catalogue.current, issuer, now, ending=True)

    async def request(self, grant: Grant, partner: Partner, to: Endpoint, now: datetime) -> LogoutRequest:
        """SAMLCore-3.7.1: name the person as this partner knows them, and its own index of the session.

        Raises:
            NotEntitled: the name is a number, and nobody is known behind the login.

        """
        number = ""
        if partner.profile.naming is Naming.SECTOR:
            number = (await self.issuance.identifiers.bsn(grant.proven.subject.person)).digits
        return LogoutRequest(
            id=self.issuance.new_id(),
            issuer=self.entity_id,
            issued_at=now,
            subject=name_in(grant, Letter.read(grant.memory), self.entity_id, number),
            destination=to.location,
            not_on_or_after=now + NOTICE_LIFETIME,
            session_indexes=(session_index(grant),),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerCarrier:
    """Brings notices to service providers by SOAP (post.outbox.Carrier)."""

    teller: PartnerTeller
    results: Results
    outbound: Outbound
    clock: Clock
    uses: KeyUses

    async def carry(self, message: Message) -> None:
        """SAMLBind-3.2: send a fresh request, unless the partner has answered already.

        1. The partner and the grant are still known. 2. It is asked, and answers at all. 3. Its answer is
        signed by its pinned keys and is to this request; anything else confirms nothing. 4. It says success.

        Raises:
            Unavailable: it does not answer now.
            RefusedAtParty: it answered that it did not, or what nobody can believe.

        """
        key, now = f"{PREFIX}:{msgspec.json.decode(message.payload, type=EndedGrant).grant}", self.clock.now()
        if await self.results.is_over(key, now):
            return
        # 1.
        try:
            grant, partner = await self.teller.opened(key.partition(":")[2], now)
            to = _by_soap(partner)
            request = await self.teller.request(grant, partner, to, now)
        except Refusal:
            await self.results.note(key, NoticeResult.UNREACHABLE, now)
            return
        # 2.
        octets = await self._ask(grant.client, to.location, request, now)
        # 3. and 4.
        try:
            answer, signer = believed(octets, partner, request)
            await self.uses.note(answer.issuer, (signer,), now)
            check_whole(answer)
        except Refusal as refusal:
            await self.results.note(key, NoticeResult.REFUSED, now)
            raise RefusedAtParty(refusal, to.location, None) from refusal
        await self.results.note(key, NoticeResult.DELIVERED, now)

    async def _ask(self, party: str, location: str, request: LogoutRequest, now: datetime) -> bytes:
        signed = writing.logout_request(request, self.teller.issuance.keys.signing(now))
        answer = await self.outbound.request(
            party,
            "POST",
            location,
            headers={"content-type": soap.CONTENT_TYPE, "soapaction": f'"{soap.ACTION}"'},
            content=soap.wrap(signed),
            mutual_tls=True,
        )
        if answer.status != _OK:
            message = f"connection {party} answered {answer.status} to a wish to log out"
            raise Unavailable(message)
        return answer.body


def endpoint(partner: Partner, bindings: tuple[Binding, ...]) -> Endpoint | None:
    """SAMLMeta-2.4.2: return where a partner takes such a request, by the first binding that it speaks."""
    spoken = [binding for binding in bindings if binding in partner.profile.logout]
    found = ((each for each in partner.role.logout if each.binding == binding) for binding in spoken)
    return next((each for some in found for each in some), None)


def by_browser(partner: Partner) -> Endpoint | None:
    """SAMLBind-3.5, SAMLBind-3.4: return where a browser takes such a request: in a form, else in an address.

    A number never stands in an address (DESIGN: identifiers): who knows people by that gets a form or none.
    """
    numbers = partner.profile.naming is Naming.SECTOR
    return endpoint(partner, (Binding.POST,) if numbers else (Binding.POST, Binding.REDIRECT))


def believed(octets: bytes, partner: Partner, request: LogoutRequest) -> tuple[LogoutResponse, str]:
    """SAMLProf-4.4.3.4: read the partner's own answer to this very request, and which key signed it.

    Raises:
        Refusal: it is none.

    """
    proof = signature.verify(soap.unwrap(octets), partner.signing_keys)
    answer = read_logout_response(proof)
    if answer.issuer != partner.entity_id or answer.in_response_to != request.id:
        message = "an answer of another partner, or to another request"
        raise Malformed(message)
    return answer, proof.key.fingerprint


def is_whole(answer: LogoutResponse) -> bool:
    """SAMLCore-3.7.3: tell whether a partner says that it is logged out, and not only in part."""
    return answer.status.code == SUCCESS and not answer.status.second


def check_whole(answer: LogoutResponse) -> None:
    """SAMLCore-3.7.3: refuse an answer that does not say that the partner is logged out.

    Raises:
        NotEntitled: it does not.

    """
    if not is_whole(answer):
        message = "the partner did not log out, or not wholly"
        raise NotEntitled(message)


def _by_soap(partner: Partner) -> Endpoint:
    found = endpoint(partner, (Binding.SOAP,))
    if found is None:
        message = f"connection {partner.connection.id} can no longer be told by SOAP"
        raise NotEntitled(message)
    return found
