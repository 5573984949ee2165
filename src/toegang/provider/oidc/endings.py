"""Introspection and revocation: whether a token is good, and making it no longer so.

Ending is never refused: a client that was closed cannot log in, but can still give up what it holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.audit.events import TokenEnding, TokenRevoked
from toegang.catalogue import gate
from toegang.errors import NotEntitled, ProtocolRefusal, Refusal
from toegang.oidc.binding import Binding, token_type
from toegang.oidc.errors import INVALID_REQUEST
from toegang.provider.oidc.backchannel import Caller

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.audit.trail import Trail
    from toegang.catalogue.values import Client, ClientId
    from toegang.jose.segments import JsonObject
    from toegang.login.flow import Logins
    from toegang.provider.grants import Grants, GrantState
    from toegang.provider.oidc.backchannel import BackChannel, Call
    from toegang.provider.oidc.clients import AuthenticatedClient
    from toegang.provider.oidc.handles import Handles
    from toegang.provider.oidc.issue import Issuance
    from toegang.provider.oidc.systems import SystemTokens
    from toegang.units import Units

TOLD = frozenset(
    [
        *("iss", "sub", "aud", "client_id", "scope", "iat", "nbf", "exp", "jti", "acr", "auth_time", "cnf"),
        *("represents", "representation", "authorization_details"),
    ]
)
INACTIVE: dict[str, object] = {"active": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Endings:
    """The introspection and revocation endpoints' use cases."""

    units: Units
    back: BackChannel
    grants: Grants
    issuance: Issuance
    refresh_tokens: Handles
    logins: Logins
    trail: Trail
    systems: SystemTokens

    async def introspect(self, call: Call, now: datetime) -> dict[str, object]:
        """RFC7662-2.2: tell a client about a token: of its own, or of anyone's if it may introspect.

        Whatever is wrong with the token, the answer is `active: false` and nothing else.

        Raises:
            ClientNotProven: nobody proved to be a client.
            ProtocolRefusal: no token in the request.

        """
        client = await self._caller(call, now)
        text = _token(call)
        own = self.systems.read(text, now)
        try:
            gate.open_client(self.back.catalogue.current, client.client.id, now)
            if own is not None:
                return await self._told_of_system(own, client.client, now)
            opened = await self.issuance.access.open(text, now)
            state = opened.state
            if state.grant.client != client.client.id and not client.client.introspection:
                return INACTIVE
            self.issuance.check_still_open(state.grant, now)
            await self.logins.check_usable(state.grant.proven, now, state.bearing, state.grant.statement)
        except Refusal:
            return INACTIVE
        told = {name: value for name, value in opened.claims.items() if name in TOLD}
        return {"active": True, "token_type": token_type(Binding.parse(state.bound_key)), **told}

    async def revoke(self, call: Call, now: datetime) -> None:
        """RFC7009-2: end the grant behind a token of the caller; a token that is no good is no error.

        Raises:
            ClientNotProven: nobody proved to be a client.
            ProtocolRefusal: no token in the request.

        """
        client = await self._caller(call, now)
        own = self.systems.read(_token(call), now)
        if own is not None:
            _check_own(str(own.get("client_id")), client.client.id)
            await self.systems.give_up(own)
            return
        state = await self._find(_token(call), now)
        if state is None or state.ended_at is not None:
            return
        grant = state.grant
        _check_own(grant.client, client.client.id)
        event = TokenRevoked(
            at=now,
            reference=grant.reference,
            client=grant.client,
            service=grant.service,
            why=TokenEnding.CLIENT,
        )
        async with self.units.begin() as unit:
            if await self.grants.end(unit, grant.id, now):
                await self.trail.record(unit, event)

    async def _told_of_system(self, own: JsonObject, client: Client, now: datetime) -> dict[str, object]:
        mine = own.get("client_id") == client.id or client.introspection
        if not mine or await self.systems.is_given_up(own, now):
            return INACTIVE
        kind = "DPoP" if "jkt" in str(own.get("cnf")) else "Bearer"
        told = {name: value for name, value in own.items() if name in TOLD}
        return {"active": True, "token_type": kind, **told}

    async def _caller(self, call: Call, now: datetime) -> AuthenticatedClient:
        """Return who calls, closed or not; what was shown is used up, whatever comes of the request."""
        client = await self.back.client(call, now, ending=True)
        if client.assertion is None:
            return client
        async with self.units.begin() as unit:
            refusal = await self.back.first_use(unit, Caller(endpoint=call.endpoint, client=client), now)
        if refusal is not None:
            raise refusal
        return client

    async def _find(self, text: str, now: datetime) -> GrantState | None:
        """Find the grant behind an access token or a refresh token; None when it is neither."""
        refresh = self.refresh_tokens.read(text)
        if refresh is not None:
            return await self.grants.find(refresh.grant)
        try:
            return (await self.issuance.access.open(text, now)).state
        except Refusal:
            return None


def _check_own(client: str, caller: ClientId) -> None:
    if client != caller:
        message = "the token is another client's"
        raise NotEntitled(message)


def _token(call: Call) -> str:
    token = call.form.get("token")
    if token is None:
        raise ProtocolRefusal(INVALID_REQUEST, "token is missing")
    return token
