"""Logging out: a service provider ends the session in which it got somebody logged in (SAMLProf-4.4).

Ending works in every state of every party, but only for who proves to be the partner, and only for a
session in which this very partner knows somebody by that name (S27). The session, and what others who took
part in it are told, is ended where that is done for every protocol (provider/oidc/logout.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from toegang.audit.events import ConnectionRefused
from toegang.errors import Malformed, ProtocolRefusal, Refusal, Replayed
from toegang.provider.saml.parting import Parting
from toegang.provider.saml.profiles import REQUEST_LIFETIME, SKEW
from toegang.provider.saml.received import Arrived, check_moment, open_message, prove
from toegang.provider.saml.status import PARTIAL, REQUEST_DENIED, SUCCESS, UNKNOWN_PRINCIPAL, status_of
from toegang.saml import writing
from toegang.saml.bindings import post, redirect, soap
from toegang.saml.bindings.parameters import RELAY_LIMIT, Carrier
from toegang.saml.messages import LogoutResponse, Status
from toegang.saml.names import Binding
from toegang.saml.reading import read_logout_request

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.audit.trail import Trail
    from toegang.catalogue.values import Text
    from toegang.catalogue.watch import Catalogue
    from toegang.provider.saml.issue import Issuance
    from toegang.provider.saml.received import Claimed, Received
    from toegang.saml.bindings.post import Fields
    from toegang.saml.messages import LogoutRequest
    from toegang.saml.metadata.values import Endpoint
    from toegang.units import Expiring, Units

ENDPOINT = "slo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """How a wish to log out is answered.

    `location` is where the browser takes it, with `fields` in a form or without as an address; an answer
    by SOAP is `envelope`. All are empty when the partner has nowhere to be answered. `name` is what the
    partner is called, `sessions` were ended.
    """

    location: str = ""
    fields: Fields | None = field(default=None, repr=False)
    envelope: bytes = field(default=b"", repr=False)
    name: Text
    sessions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """A request whose signature held, and where it is answered."""

    received: Received
    request: LogoutRequest
    binding: Binding
    endpoint: Endpoint | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SamlLogout:
    """The single logout service; `addresses` are its own, of the front and of the back channel."""

    entity_id: str
    addresses: tuple[str, str]
    catalogue: Catalogue
    seen: Expiring[str]
    issuance: Issuance
    parting: Parting
    units: Units
    trail: Trail

    async def log_out(self, arrived: Arrived, own_session: str, now: datetime) -> Answered:
        """SAMLProf-4.4.3: end the sessions that a partner names; `own_session` is that of the browser.

        1. The partner's signature holds, closed or not, and the request is meant for us. 2. It is of now
        and was not seen before. 3. The sessions named end, where the partner knows somebody by this name
        in them. 4. The answer says what happened.

        Raises:
            Refusal: it is no request of a partner.

        """
        claimed = open_message(arrived)
        # 1.
        try:
            wish = self._proven(claimed, arrived.binding, now)
        except Refusal as refusal:
            await self._record_unproven(claimed, refusal, now)
            raise
        sessions: frozenset[str] = frozenset()
        try:
            # 2.
            await self._check(wish, now)
            # 3.
            partner = wish.received.partner
            states = await self.parting.meant(partner, wish.request, own_session, now)
            sessions = frozenset(state.grant.session for state in states)
            whole = await self.parting.end(sessions, partner.connection.id, now)
            status = (SUCCESS if whole else PARTIAL) if states else UNKNOWN_PRINCIPAL
        except Refusal as refusal:
            status = status_of(refusal)
        # 4.
        return self._answer(wish, status, sessions, now)

    def _proven(self, claimed: Claimed, binding: Binding, now: datetime) -> _Wish:
        received = prove(claimed, self.catalogue.current, now, ending=True)
        request = read_logout_request(received.proof)
        received.check_issuer(request.issuer)
        front, back = self.addresses
        if request.destination not in ({"", back} if binding is Binding.SOAP else {front}):
            message = "the message was sent to another address than ours"
            raise Malformed(message)
        if binding not in received.partner.profile.logout:
            message = f"connection {received.partner.connection.id} does not log out by this binding"
            raise Malformed(message)
        found = [each for each in received.partner.role.logout if each.binding == binding]
        return _Wish(
            received=received, request=request, binding=binding, endpoint=found[0] if found else None
        )

    async def _check(self, wish: _Wish, now: datetime) -> None:
        request = wish.request
        check_moment(request.issued_at, now)
        if request.not_on_or_after is not None and now >= request.not_on_or_after + SKEW:
            raise ProtocolRefusal(REQUEST_DENIED, "The request is past its NotOnOrAfter")
        until = request.issued_at + REQUEST_LIFETIME + 2 * SKEW
        async with self.units.begin() as unit:
            first = await self.seen.add(unit, f"{request.issuer} {request.id}", ENDPOINT, until, now)
        if not first:
            message = "a request with this id was seen before"
            raise Replayed(message)

    def _answer(self, wish: _Wish, status: Status, sessions: frozenset[str], now: datetime) -> Answered:
        """SAMLProf-4.4.4.2: sign the answer, and say how it travels: as the request came."""
        key, endpoint, state = self.issuance.keys.signing(now), wish.endpoint, wish.received.relay_state
        name = wish.received.partner.connection.names
        where = (endpoint.response_location or endpoint.location) if endpoint else ""
        answer = LogoutResponse(
            id=self.issuance.new_id(),
            issuer=self.entity_id,
            issued_at=now,
            status=status,
            in_response_to=wish.request.id,
            destination=where,
        )
        if wish.binding is Binding.SOAP:
            return Answered(
                envelope=soap.wrap(writing.logout_response(answer, key)), name=name, sessions=sessions
            )
        if not where:
            return Answered(name=name, sessions=sessions)
        if wish.binding is Binding.POST:
            limit = wish.received.partner.profile.relay_limit
            kept = state if state is None or len(state.encode()) <= limit else None
            signed = writing.logout_response(answer, key)
            fields = post.fields(Carrier.RESPONSE, signed, kept, relay_limit=limit)
            return Answered(location=where, fields=fields, name=name, sessions=sessions)
        # SAMLBind-3.4.3: more could not come back by an address.
        kept = state if state is None or len(state.encode()) <= RELAY_LIMIT else None
        unsigned = writing.logout_response(answer, None)
        location = redirect.address(where, Carrier.RESPONSE, unsigned, kept, key)
        return Answered(location=location, name=name, sessions=sessions)

    async def _record_unproven(self, claimed: Claimed, refusal: Refusal, now: datetime) -> None:
        connection = self.catalogue.current.connection_of(claimed.issuer)
        if connection is None:
            return
        event = ConnectionRefused(at=now, client=connection.id, endpoint=ENDPOINT, code=refusal.code)
        async with self.units.begin() as unit:
            await self.trail.record(unit, event)
