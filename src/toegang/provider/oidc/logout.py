"""Logging out by OpenID Connect: what a client may ask, and how a client is told by the back channel.

Who asks with an ID token of ours need not be asked again; without one the person is asked first, so that no
page can log people out (OIDCRPL-6). What ends, and who else is told, is the room logout's (provider/logout).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

import msgspec

from toegang.audit.events import NoticeResult
from toegang.errors import NotEntitled, Refusal, RefusedAtParty, Unavailable
from toegang.jose.public_keys import PublicKeySet
from toegang.jose.sign import sign
from toegang.login.answer import Reply
from toegang.oidc.id_token import read_hint
from toegang.oidc.logout import TYPE, EndedSession, LogoutRequest, logout_token_claims
from toegang.oidc.parameters import parse_parameters
from toegang.post.outbox import Message
from toegang.provider.logout.records import NOTICE_LIFETIME, Way
from toegang.provider.logout.tellers import Participant

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.catalogue.values import Client, Text
    from toegang.catalogue.watch import Catalogue
    from toegang.clock import Clock
    from toegang.oidc.id_token import IdTokenHint
    from toegang.outbound.client import Outbound
    from toegang.provider.grants import Grant
    from toegang.provider.logout.results import Results
    from toegang.provider.logout.tellers import Visit
    from toegang.provider.oidc.issue import Issuance

KIND = "logout"
PREFIX = "oidc"
_REFUSED = 400
_OK = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class LogoutQuestion:
    """A request to log out, understood. `session` is empty when it names none; `sure` says not to ask.

    `return_to` is a checked address of the client, with its state; empty when there is none.
    """

    session: str
    sure: bool
    client: str
    client_name: Text | None
    return_to: str


class LoggedOutAt(msgspec.Struct, frozen=True):
    """What a logout notice is made of when it is sent."""

    client: str
    subject: str
    session: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Logout:
    """The end-session endpoint: what is asked there."""

    issuance: Issuance

    def read(self, octets: bytes, now: datetime) -> LogoutQuestion:
        """OIDCRPL-2: read a request; what cannot be trusted in it is left out, nothing is refused for it.

        Raises:
            Refusal: the parameters cannot be read at all.

        """
        request = LogoutRequest.parse(parse_parameters(octets))
        hint = self._hint(request.id_token_hint, now)
        named = hint.client_id if hint else request.client_id or ""
        if hint and request.client_id not in {None, hint.client_id}:
            hint, named = None, ""
        client = self.issuance.catalogue.current.client(named)  # type: ignore[arg-type]
        return LogoutQuestion(
            session=(hint.sid or "") if hint else "",
            sure=hint is not None,
            client=client.id if client else "",
            client_name=client.names if client else None,
            return_to=_return_to(client, request),
        )

    def _hint(self, text: str | None, now: datetime) -> IdTokenHint | None:
        if text is None:
            return None
        published = PublicKeySet.of_records(self.issuance.keys.ring().published(now))
        try:
            return read_hint(text, published, self.issuance.issuer)
        except Refusal:
            # OIDCRPL-4: a hint that does not hold is no hint; the person is asked instead.
            return None


class ReturnAddress:
    """Goes back to the address that a client registered (provider.logout.tellers.Returner)."""

    def reply(self, letter: str, now: datetime, *, whole: bool) -> Reply | None:  # noqa: ARG002 a role's answer
        """OIDCRPL-3: the letter is the address, checked when it was asked; empty for none."""
        return Reply(location=letter) if letter else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientTeller:
    """Knows the clients of a session (provider.logout.tellers.Teller); none is told by the browser."""

    catalogue: Catalogue

    def participant(self, grant: Grant, now: datetime) -> Participant | None:
        """OIDCBCL-2.4: a client that registered an address for it is told there."""
        if grant.memory:
            return None
        client = self.catalogue.current.client(grant.client)
        key = f"{PREFIX}:{grant.id}"
        if client is None or not client.backchannel_logout_uri:
            return Participant(key=key, party=grant.client, way=Way.NONE)
        notice = LoggedOutAt(client.id, grant.subject, grant.session, grant.reference)
        message = Message(
            # One notice per grant, however often the same logout is asked: the outbox keeps an id once.
            id=UUID(grant.id),
            kind=KIND,
            to_party=client.id,
            payload=msgspec.json.encode(notice),
            until=now + NOTICE_LIFETIME,
        )
        return Participant(key=key, party=client.id, way=Way.BACK, message=message)

    def name(self, party: str) -> Text | None:
        """Return what the client is called."""
        client = self.catalogue.current.client(party)  # type: ignore[arg-type]
        return client.names if client else None

    async def visit(self, key: str, now: datetime) -> Visit:  # noqa: ARG002 a teller's question
        """Refuse: browsers keep the cookies back that front-channel logout would need.

        Raises:
            NotEntitled: always.

        """
        raise NotEntitled


@dataclass(frozen=True, slots=True, kw_only=True)
class LogoutCarrier:
    """Brings logout notices to clients (post.outbox.Carrier)."""

    issuance: Issuance
    outbound: Outbound
    results: Results
    clock: Clock

    async def carry(self, message: Message) -> None:
        """OIDCBCL-2.5: post a fresh logout token to the client, unless it has answered already.

        Raises:
            Unavailable: the client did not take it now.
            RefusedAtParty: the client answered that it will not.

        """
        key = f"{PREFIX}:{message.id}"
        if await self.results.is_over(key, self.clock.now()):
            return
        notice = msgspec.json.decode(message.payload, type=LoggedOutAt)
        client = self.issuance.catalogue.current.client(notice.client)  # type: ignore[arg-type]
        if client is None or not client.backchannel_logout_uri:
            await self.results.note(key, NoticeResult.UNREACHABLE, self.clock.now())
            return
        answer = await self.outbound.request(
            client.id,
            "POST",
            client.backchannel_logout_uri,
            headers={"content-type": "application/x-www-form-urlencoded"},
            content=urlencode({"logout_token": self._token(client, notice, message)}).encode(),
        )
        if answer.status < _OK:
            await self.results.note(key, NoticeResult.DELIVERED, self.clock.now())
        elif answer.status == _REFUSED:
            await self.results.note(key, NoticeResult.REFUSED, self.clock.now())
            raise RefusedAtParty(Refusal("logout token refused"), client.backchannel_logout_uri, None)
        else:
            message_text = f"client {client.id} answered {answer.status} to a logout token"
            raise Unavailable(message_text)

    def _token(self, client: Client, notice: LoggedOutAt, message: Message) -> str:
        ended = EndedSession(
            issuer=self.issuance.issuer, client_id=client.id, subject=notice.subject, sid=notice.session
        )
        now = self.clock.now()
        claims = logout_token_claims(ended, jti=str(message.id), now=now)
        return sign(claims, self.issuance.signing_key(client, now), TYPE)


def _return_to(client: Client | None, request: LogoutRequest) -> str:
    """OIDCRPL-3: the address to return to, exactly as registered, with the state; else empty."""
    wanted = request.post_logout_redirect_uri
    if client is None or wanted is None or wanted not in client.post_logout_redirect_uris:
        return ""
    if not request.state:
        return wanted
    return f"{wanted}{'&' if '?' in wanted else '?'}{urlencode({'state': request.state})}"
