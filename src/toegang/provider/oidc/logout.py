"""Logging out: a client or a person ends a session, and every client that took part in it is told.

Ending works in every state of every party (DESIGN: ending is never refused). Who asks with an ID token
of ours need not be asked again; without one the person is asked first, so that no page can log people
out (OIDCRPL-6). The clients are told through the outbox: each until it answers, or two minutes long.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

import msgspec

from toegang.audit.events import LogoutAsked, LogoutNotified, NoticeResult, TokenEnding, TokenRevoked
from toegang.errors import Refusal, RefusedAtParty, Unavailable
from toegang.jose.public_keys import PublicKeySet
from toegang.jose.sign import sign
from toegang.oidc.id_token import read_hint
from toegang.oidc.logout import TYPE, EndedSession, LogoutRequest, logout_token_claims
from toegang.oidc.parameters import parse_parameters
from toegang.post.outbox import Message

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from toegang.audit.trail import Trail
    from toegang.catalogue.values import Client, Text
    from toegang.clock import Clock
    from toegang.login.session import Sessions
    from toegang.oidc.id_token import IdTokenHint
    from toegang.outbound.client import Outbound
    from toegang.post.outbox import Outbox
    from toegang.provider.grants import Grant, Grants, GrantState
    from toegang.provider.oidc.issue import Issuance
    from toegang.units import Unit, Units

KIND = "logout"
NOTICE_LIFETIME = timedelta(minutes=2)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """A client or connection that took part in a session; `told` is False when it cannot be told."""

    name: Text
    told: bool


class LoggedOutAt(msgspec.Struct, frozen=True):
    """What a logout notice is made of when it is sent."""

    client: str
    subject: str
    session: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Logout:
    """The end-session endpoint's use cases."""

    units: Units
    grants: Grants
    sessions: Sessions
    issuance: Issuance
    outbox: Outbox
    trail: Trail

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

    async def end(self, session: str, asked_by: str | None, now: datetime) -> tuple[Participant, ...]:
        """End a session: its single sign-on, its grants, and tell every other client that took part."""
        states = await self.grants.of_session(session)
        reference = states[0].grant.reference if states else None
        async with self.units.begin() as unit:
            await self.sessions.end(unit, session)
            for state in states:
                if await self.grants.end(unit, state.grant.id, now):
                    await self.trail.record(unit, _revoked(state.grant, TokenEnding.LOGOUT, now))
                await self._notify(unit, state.grant, asked_by, now)
            asked = LogoutAsked(at=now, client=asked_by or None, reference=reference)
            await self.trail.record(unit, asked)
        return self._participants(states)

    async def end_all(self, states: Iterable[GrantState], why: TokenEnding, now: datetime) -> None:
        """End these grants and their sessions, and tell their clients; nobody asked for it here."""
        async with self.units.begin() as unit:
            for state in states:
                await self.sessions.end(unit, state.grant.session)
                if await self.grants.end(unit, state.grant.id, now):
                    await self.trail.record(unit, _revoked(state.grant, why, now))
                    await self._notify(unit, state.grant, None, now)

    async def _notify(self, unit: Unit, grant: Grant, asked_by: str | None, now: datetime) -> None:
        client = self.issuance.catalogue.current.client(grant.client)
        if client is None or not client.backchannel_logout_uri or client.id == asked_by:
            return
        notice = LoggedOutAt(client.id, grant.subject, grant.session, grant.reference)
        message = Message(
            # One notice per grant, however often the same logout is asked: the outbox keeps an id once.
            id=UUID(grant.id),
            kind=KIND,
            to_party=client.id,
            payload=msgspec.json.encode(notice),
            until=now + NOTICE_LIFETIME,
        )
        await self.outbox.put(unit, message, now)

    def _participants(self, states: tuple[GrantState, ...]) -> tuple[Participant, ...]:
        found: dict[str, Participant] = {}
        for state in states:
            snapshot, asker = self.issuance.catalogue.current, state.grant.client
            client, connection = snapshot.client(asker), snapshot.connection(asker)
            if client is not None:
                found[asker] = Participant(name=client.names, told=bool(client.backchannel_logout_uri))
            elif connection is not None:
                found[asker] = Participant(name=connection.names, told=False)
        return tuple(found.values())

    def _hint(self, text: str | None, now: datetime) -> IdTokenHint | None:
        if text is None:
            return None
        published = PublicKeySet.of_records(self.issuance.keys.ring().published(now))
        try:
            return read_hint(text, published, self.issuance.issuer)
        except Refusal:
            # OIDCRPL-4: a hint that does not hold is no hint; the person is asked instead.
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogoutCarrier:
    """Brings logout notices to clients (post.outbox.Carrier)."""

    issuance: Issuance
    outbound: Outbound
    units: Units
    trail: Trail
    clock: Clock

    async def carry(self, message: Message) -> None:
        """OIDCBCL-2.5: post a fresh logout token to the client.

        Raises:
            Unavailable: the client did not take it now.
            RefusedAtParty: the client answered that it will not.

        """
        notice = msgspec.json.decode(message.payload, type=LoggedOutAt)
        client = self.issuance.catalogue.current.client(notice.client)  # type: ignore[arg-type]
        if client is None or not client.backchannel_logout_uri:
            return
        answer = await self.outbound.request(
            client.id,
            "POST",
            client.backchannel_logout_uri,
            headers={"content-type": "application/x-www-form-urlencoded"},
            content=urlencode({"logout_token": self._token(client, notice, message)}).encode(),
        )
        if answer.status < _OK:
            await self._record(notice, NoticeResult.DELIVERED)
        elif answer.status == _REFUSED:
            await self._record(notice, NoticeResult.REFUSED)
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

    async def _record(self, notice: LoggedOutAt, result: NoticeResult) -> None:
        event = LogoutNotified(
            at=self.clock.now(), client=notice.client, reference=notice.reference, result=result
        )
        async with self.units.begin() as unit:
            await self.trail.record(unit, event)


def _revoked(grant: Grant, why: TokenEnding, now: datetime) -> TokenRevoked:
    return TokenRevoked(
        at=now, reference=grant.reference, client=grant.client, service=grant.service, why=why
    )


def _return_to(client: Client | None, request: LogoutRequest) -> str:
    """OIDCRPL-3: the address to return to, exactly as registered, with the state; else empty."""
    wanted = request.post_logout_redirect_uri
    if client is None or wanted is None or wanted not in client.post_logout_redirect_uris:
        return ""
    if not request.state:
        return wanted
    return f"{wanted}{'&' if '?' in wanted else '?'}{urlencode({'state': request.state})}"
