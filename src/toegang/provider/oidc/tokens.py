"""The token endpoint: a code, a refresh token, or a client for itself (systems.py), gets tokens.

Everything that is taken is taken in one unit, together with its event; what is refused after a take
stays taken. Tokens are signed after the unit: a signature takes longer than a statement.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.audit.events import (
    CodeRedeemed,
    CodeReused,
    TokenEnding,
    TokenRefreshed,
    TokenReused,
    TokenRevoked,
)
from toegang.errors import NotEntitled, OneTimeGone, ProtocolRefusal, Refusal, settle
from toegang.oidc import pkce
from toegang.oidc.binding import Binding
from toegang.oidc.errors import (
    INVALID_GRANT,
    INVALID_SCOPE,
)
from toegang.oidc.token_request import CodeGrant, RefreshGrant, parse_grant
from toegang.provider.authority import redeem
from toegang.provider.grants import GrantState, Redemption
from toegang.provider.oidc.backchannel import check_bound, check_possession_shown
from toegang.provider.oidc.handles import Handle

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.audit.event import Event
    from toegang.audit.trail import Trail
    from toegang.login.flow import Logins
    from toegang.provider.grants import Grant, Grants
    from toegang.provider.oidc.backchannel import BackChannel, Call, Caller
    from toegang.provider.oidc.clients import AuthenticatedClient
    from toegang.provider.oidc.handles import Handles
    from toegang.provider.oidc.issue import Issuance, TokenAnswer
    from toegang.provider.oidc.systems import SystemTokens
    from toegang.units import Unit, Units


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """The token endpoint's use cases."""

    units: Units
    grants: Grants
    trail: Trail
    back: BackChannel
    issuance: Issuance
    refresh_tokens: Handles
    logins: Logins
    systems: SystemTokens

    async def exchange(self, call: Call, now: datetime) -> TokenAnswer:
        """RFC6749-4.1.3 and -6: give tokens for what the client brings.

        Raises:
            Refusal: word_for gives the protocol's word.

        """
        caller = await self.back.holder(call, now)
        try:
            return await self._exchange(call, caller, now)
        except Refusal:
            await self.back.spend(caller, now)
            raise

    async def _exchange(self, call: Call, caller: Caller, now: datetime) -> TokenAnswer:
        asked = parse_grant(call.form)
        if isinstance(asked, CodeGrant):
            return await self._redeem(caller, asked, now)
        if isinstance(asked, RefreshGrant):
            return await self._refresh(caller, asked, now)
        return await self.systems.give(caller, asked, now)

    async def _redeem(self, caller: Caller, asked: CodeGrant, now: datetime) -> TokenAnswer:
        """Redeem a code. 1. A key is shown where asked. 2. Take the code, hold it against its request.

        3. Everyone may still take part; who may not leaves nothing behind that works later.
        """
        # 1.
        client = caller.client
        check_possession_shown(caller)
        # 2.
        async with self.units.begin() as unit:
            result = await self.back.first_use(unit, caller, now)
            state = None
            if result is None:
                state, result = await self._take(unit, caller, asked, now)
        if result is not None:
            raise result
        redeemed = settle(state or OneTimeGone())
        grant = redeemed.grant
        # 3.
        try:
            await self._check_open(redeemed, now)
        except Refusal:
            async with self.units.begin() as unit:
                if await self.grants.end(unit, grant.id, now):
                    await self.trail.record(unit, _ended(grant, TokenEnding.CLOSED, now))
            raise
        number = 1 if _may_refresh(client, grant) else 0
        refresh = self._refresh_text(grant, number)
        return self.issuance.tokens(client, grant, caller.binding, refresh, now)

    async def _take(
        self, unit: Unit, caller: Caller, asked: CodeGrant, now: datetime
    ) -> tuple[GrantState | None, Refusal | None]:
        redeemed = await self.grants.redeem(unit, asked.code, str(caller.binding or ""), now)
        if redeemed is None:
            return None, OneTimeGone("no such code")
        redemption, state = redeemed
        grant = state.grant
        if redemption is Redemption.AGAIN:
            await self._end(unit, state, _code_reused(grant, now), now)
            return None, OneTimeGone("the code was redeemed before")
        refusal = _mismatch(grant, caller, asked)
        if refusal is not None:
            # Whoever brought it had no right to it: the code is gone, and nobody gets its tokens.
            await self._end(unit, state, _ended(grant, TokenEnding.REUSE, now), now)
            return None, refusal
        if not await redeem(self.logins.ending.stating, unit, grant, caller.client.client.id, now):
            await self._end(unit, state, _ended(grant, TokenEnding.MANDATE, now), now)
            return None, OneTimeGone("what the person acts by is no longer what it was")
        if _may_refresh(caller.client, grant):
            await self.grants.refresh(unit, grant.id, 0, now)
        event = CodeRedeemed(at=now, reference=grant.reference, client=grant.client, service=grant.service)
        await self.trail.record(unit, event)
        return state, None

    async def _check_open(self, state: GrantState, now: datetime) -> None:
        self.issuance.check_still_open(state.grant, now)
        await self.logins.check_usable(state.grant.proven, now, state.bearing, state.grant.statement)

    async def _refresh(self, caller: Caller, asked: RefreshGrant, now: datetime) -> TokenAnswer:
        """RFC6749-6: 1. the token is ours and its grant lives; 2. everyone may still take part; 3. step."""
        # 1.
        client = caller.client
        token = self.refresh_tokens.read(asked.refresh_token)
        state = await self.grants.find(token.grant) if token else None
        if token is None or state is None or state.ended_at is not None:
            message = "no such refresh token"
            raise OneTimeGone(message)
        if state.grant.client != client.client.id:
            message = "the refresh token is another client's"
            raise OneTimeGone(message)
        grant = state.grant
        if set(asked.scope) - set(grant.scope):
            raise ProtocolRefusal(INVALID_SCOPE, "a refreshed scope is no wider")
        binding = Binding.parse(state.bound_key)
        check_bound(caller, binding)
        # 2.
        self._check_in_time(client, state, now)
        await self._check_open(state, now)
        if grant.statement is not None:
            await self.logins.choosing.authorities.check_anew(grant.statement, now)
        # 3.
        rotates = client.profile.refresh_rotates
        async with self.units.begin() as unit:
            result = await self.back.first_use(unit, caller, now)
            if result is None:
                result = await self._step(unit, state, token, rotates=rotates, now=now)
        if result is not None:
            raise result
        number = token.number + 1 if rotates else token.number
        return self.issuance.tokens(client, grant, binding, self._refresh_text(grant, number), now)

    async def _step(
        self, unit: Unit, state: GrantState, token: Handle, *, rotates: bool, now: datetime
    ) -> Refusal | None:
        grant = state.grant
        fresh = TokenRefreshed(at=now, reference=grant.reference, client=grant.client, service=grant.service)
        good = (
            await self.grants.refresh(unit, grant.id, token.number, now)
            if rotates
            else token.number == state.refresh_number
        )
        if good:
            await self.trail.record(unit, fresh)
            return None
        # RFC9700-4.14.2: one of two holders is a thief, so neither keeps anything.
        event = TokenReused(at=now, reference=grant.reference, client=grant.client, service=grant.service)
        await self._end(unit, state, event, now)
        return OneTimeGone("the refresh token was used before")

    async def _end(self, unit: Unit, state: GrantState, event: Event, now: datetime) -> None:
        await self.grants.end(unit, state.grant.id, now)
        await self.trail.record(unit, event)

    def _check_in_time(self, client: AuthenticatedClient, state: GrantState, now: datetime) -> None:
        """NLGOV-OIDC: a refresh token that lies idle, or whose grant is old, is over."""
        last = state.refreshed_at or state.redeemed_at or state.grant.answered_at
        idle, whole = client.profile.refresh_idle, client.profile.refresh_lifetime
        if now >= last + idle or now >= state.grant.answered_at + whole:
            message = "the refresh token is too old"
            raise OneTimeGone(message)
        if not client.client.refresh_tokens:
            message = "this client may no longer refresh"
            raise NotEntitled(message)

    def _refresh_text(self, grant: Grant, number: int) -> str:
        return self.refresh_tokens.write(Handle(grant.id, number)) if number else ""


def _may_refresh(client: AuthenticatedClient, grant: Grant) -> bool:
    """OIDCC-11: a client that may, and that asked for it."""
    return client.client.refresh_tokens and "offline_access" in grant.scope


def _mismatch(grant: Grant, caller: Caller, asked: CodeGrant) -> Refusal | None:
    """RFC6749-4.1.3, RFC7636-4.6, RFC9449-10: say how the redemption differs from its request."""
    if grant.client != caller.client.client.id:
        return OneTimeGone("the code is another client's")
    if asked.redirect_uri != grant.redirect_uri:
        return ProtocolRefusal(INVALID_GRANT, "redirect_uri is not the one of the request")
    key = caller.possession.thumbprint if caller.possession else ""
    if grant.proof_key and key != grant.proof_key:
        return ProtocolRefusal(INVALID_GRANT, "the code is bound to another key")
    try:
        pkce.check_verifier(asked.code_verifier, grant.challenge or None)
    except ProtocolRefusal as refusal:
        return refusal
    return None


def _code_reused(grant: Grant, now: datetime) -> CodeReused:
    return CodeReused(at=now, reference=grant.reference, client=grant.client, service=grant.service)


def _ended(grant: Grant, why: TokenEnding, now: datetime) -> TokenRevoked:
    return TokenRevoked(
        at=now, reference=grant.reference, client=grant.client, service=grant.service, why=why
    )
