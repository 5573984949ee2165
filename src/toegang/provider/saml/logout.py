"""Logging out: a service provider ends the session in which it got somebody logged in (SAMLProf-4.4).

Ending works in every state of every party, but only for who proves to be the partner, and only for a
session in which this very partner knows somebody by that name (S27). The session is ended, and others who
took part in it are told, where that is done for every protocol (provider/logout). The answer waits for that:
success is said only when all of them confirmed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from toegang.errors import Malformed, ProtocolRefusal, Refusal, Replayed
from toegang.login.answer import Reply
from toegang.provider import letters
from toegang.provider.logout.leave import Begun, Wish
from toegang.provider.logout.records import ReturnTo
from toegang.provider.saml.letter import PROVIDER
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
    from toegang.catalogue.partners.key_uses import KeyUses
    from toegang.catalogue.values import Text
    from toegang.catalogue.watch import Catalogue
    from toegang.provider.logout.leave import Logouts
    from toegang.provider.saml.issue import Issuance
    from toegang.provider.saml.partners import Partner
    from toegang.provider.saml.received import Claimed, Received
    from toegang.provider.saml.unbelieved import Unbelieved
    from toegang.saml.messages import LogoutRequest
    from toegang.saml.metadata.values import Endpoint
    from toegang.units import Expiring, Units

ENDPOINT = "slo"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerTo:
    """What the answer needs to know of the request; the letter of `provider.logout.records.ReturnTo`."""

    connection: str
    request: str
    binding: Binding
    location: str
    relay_state: str | None
    relay_limit: int

    def write(self) -> str:
        """Write it down."""
        return letters.write(self)

    @classmethod
    def read(cls, letter: str) -> AnswerTo:
        """Read what this room wrote."""
        return letters.read(letter, cls)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What comes of a wish to log out.

    `logout` is what began, and is answered when everybody was told. Else the browser goes with `reply`,
    or nowhere when that is None; an answer by SOAP is `envelope`. `name` is what the partner is called,
    `sessions` were ended.
    """

    name: Text
    sessions: frozenset[str] = frozenset()
    logout: Begun | None = None
    reply: Reply | None = None
    envelope: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """A request whose signature held, and where it is answered."""

    received: Received
    request: LogoutRequest
    binding: Binding
    endpoint: Endpoint | None

    def answer_to(self) -> AnswerTo:
        """Return what the answer needs."""
        at, partner = self.endpoint, self.received.partner
        return AnswerTo(
            connection=partner.connection.id,
            request=self.request.id,
            binding=Binding(at.binding) if at else self.binding,
            location=(at.response_location or at.location) if at else "",
            relay_state=self.received.relay_state,
            relay_limit=partner.profile.relay_limit,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LogoutReplies:
    """Signs answers to wishes to log out (provider.logout.tellers.Returner)."""

    entity_id: str
    issuance: Issuance

    def reply(self, letter: str, now: datetime, *, whole: bool) -> Reply | None:
        """SAMLCore-3.7.3: success is whole, or else it is said to be partial."""
        return self.signed(AnswerTo.read(letter), SUCCESS if whole else PARTIAL, now)

    def signed(self, to: AnswerTo, status: Status, now: datetime) -> Reply | None:
        """SAMLProf-4.4.4.2: sign an answer; None without an address to send it to."""
        key, answer = self.issuance.keys.signing(now), self._answer(to, status, now)
        if not to.location:
            return None
        # SAMLBind-3.4.3: more could not come back by an address.
        limit = to.relay_limit if to.binding is Binding.POST else RELAY_LIMIT
        state = to.relay_state
        kept = state if state is None or len(state.encode()) <= limit else None
        if to.binding is Binding.POST:
            signed = writing.logout_response(answer, key)
            fields = post.fields(Carrier.RESPONSE, signed, kept, relay_limit=limit)
            return Reply(location=to.location, fields=fields)
        unsigned = writing.logout_response(answer, None)
        return Reply(location=redirect.address(to.location, Carrier.RESPONSE, unsigned, kept, key))

    def envelope(self, to: AnswerTo, status: Status, now: datetime) -> bytes:
        """SAMLBind-3.2: sign an answer to a server."""
        key = self.issuance.keys.signing(now)
        return soap.wrap(writing.logout_response(self._answer(to, status, now), key))

    def _answer(self, to: AnswerTo, status: Status, now: datetime) -> LogoutResponse:
        return LogoutResponse(
            id=self.issuance.new_id(),
            issuer=self.entity_id,
            issued_at=now,
            status=status,
            in_response_to=to.request,
            destination=to.location,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SamlLogout:
    """The single logout service; `addresses` are its own, of the front and of the back channel."""

    addresses: tuple[str, str]
    catalogue: Catalogue
    seen: Expiring[str]
    answers: LogoutReplies
    parting: Parting
    logouts: Logouts
    units: Units
    trail: Trail
    uses: KeyUses
    unbelieved: Unbelieved

    async def log_out(self, arrived: Arrived, own_session: str, browser: str, now: datetime) -> Answered:
        """SAMLProf-4.4.3: end the sessions that a partner names.

        `own_session` is that of the browser, and `browser` the hash of its secret; both are empty when a
        server asks.

        1. The partner's signature holds, closed or not, and the request is meant for us. 2. It is of now
        and was not seen before. 3. The sessions named end, where the partner knows somebody by this name
        in them. 4. The answer says what happened: to a server now, by the browser when all were told.

        Raises:
            Refusal: it is no request of a partner.

        """
        claimed = open_message(arrived)
        # 1.
        try:
            wish = self._proven(claimed, arrived.binding, now)
        except Refusal as refusal:
            await self.unbelieved.record(claimed, ENDPOINT, refusal, now)
            raise
        partner, to = wish.received.partner, wish.answer_to()
        try:
            # 2.
            await self._check(wish, now)
            # 3.
            meant = await self.parting.meant(wish.received, wish.request, own_session, now)
        except Refusal as refusal:
            return self._told(wish, to, status_of(refusal), now)
        if not meant.states:
            return self._told(wish, to, UNKNOWN_PRINCIPAL, now)
        await self.uses.note(partner.entity_id, (meant.key,), now)
        sessions = frozenset(state.grant.session for state in meant.states)
        ends = Wish(
            sessions=sessions,
            asked_by=partner.connection.id,
            entity=partner.entity_id,
            back=ReturnTo(provider=PROVIDER, letter=to.write()),
            browser=browser,
        )
        logout = await self.logouts.begin(ends, now)
        # 4.
        if wish.binding is not Binding.SOAP:
            return Answered(name=partner.connection.names, sessions=sessions, logout=logout)
        seen = await self.logouts.look(logout.name, browser, now)
        return self._told(wish, to, SUCCESS if seen.whole else PARTIAL, now)

    def _told(self, wish: _Wish, to: AnswerTo, status: Status, now: datetime) -> Answered:
        name = wish.received.partner.connection.names
        if wish.binding is Binding.SOAP:
            return Answered(name=name, envelope=self.answers.envelope(to, status, now))
        return Answered(name=name, reply=self.answers.signed(to, status, now))

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
        endpoint = _answered_at(received.partner, binding)
        return _Wish(received=received, request=request, binding=binding, endpoint=endpoint)

    async def _check(self, wish: _Wish, now: datetime) -> None:
        request = wish.request
        check_moment(request.issued_at, now)
        if request.not_on_or_after is not None and request.not_on_or_after <= now - SKEW:
            raise ProtocolRefusal(REQUEST_DENIED, "The request is past its NotOnOrAfter")
        until = request.issued_at + REQUEST_LIFETIME + 2 * SKEW
        async with self.units.begin() as unit:
            first = await self.seen.add(unit, f"{request.issuer} {request.id}", ENDPOINT, until, now)
            if first:
                key = wish.received.proof.key
                await self.uses.seen_key(unit, request.issuer, key.fingerprint, now)
        if not first:
            message = "a request with this id was seen before"
            raise Replayed(message)


def _answered_at(partner: Partner, binding: Binding) -> Endpoint | None:
    """SAMLProf-4.4.4.2: where the answer goes: as the request came, else by another way of browsers.

    Some software asks by an address and takes answers by a form only.
    """
    known = [each for each in partner.role.logout if each.binding in partner.profile.logout]
    found = [each for each in known if each.binding == binding]
    if not found and binding is not Binding.SOAP:
        found = [each for each in known if each.binding != Binding.SOAP]
    return found[0] if found else None
