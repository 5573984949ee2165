"""Access tokens: written as the client's profile asks, and read back from whoever presents one.

A signed token (RFC9068) can be read by a resource server without asking us; a handle (RFC6750-1.2) says
nothing to anybody, and is only for us. Both stand for a grant, and are worth nothing when that has ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.clock import epoch, from_epoch
from toegang.errors import Malformed, OneTimeGone, ProofInvalid, TooLarge
from toegang.jose.public_keys import PublicKeySet
from toegang.jose.sign import sign
from toegang.oidc.access_token import (
    TYPE,
    AccessGrant,
    AccessTokenRules,
    access_token_claims,
    check_access_token,
)
from toegang.oidc.binding import Binding
from toegang.oidc.profile import PROFILES, SecurityProfile
from toegang.oidc.times import SKEW
from toegang.provider.oidc.clients import profile_of
from toegang.provider.oidc.details import details_of
from toegang.provider.oidc.handles import Handle
from toegang.provider.oidc.represents import claims_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from toegang.catalogue.watch import Catalogue
    from toegang.ids import Ids
    from toegang.keys.files import KeyDirectory
    from toegang.keys.ring import KeyRecord
    from toegang.provider.grants import Grant, Grants, GrantState
    from toegang.provider.oidc.handles import Handles

LONGEST = max(profile.access_token_lifetime for profile in PROFILES.values())


@dataclass(frozen=True, slots=True)
class OpenedToken:
    """An access token of ours, of now, whose grant lives: the grant, and what the token says."""

    state: GrantState
    claims: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessTokens:
    """Writes and opens access tokens; `audience` is where they are used: our userinfo."""

    issuer: str
    audience: str
    catalogue: Catalogue
    keys: KeyDirectory
    handles: Handles
    grants: Grants
    ids: Ids

    def write(
        self, grant: Grant, profile: SecurityProfile, key: KeyRecord, binding: Binding | None, now: datetime
    ) -> str:
        """RFC6749-1.4: write an access token for `grant`, bound to the client's key or certificate if any."""
        if profile.opaque_access_token:
            return self.handles.write(Handle(grant.id, epoch(now)))
        jti = f"{grant.id}.{self.ids.token(9)}"
        return sign(self._claims(grant, profile, binding, jti, now), key, TYPE)

    async def open(self, text: str, now: datetime) -> OpenedToken:
        """Open an access token that somebody presents.

        The caller must check the proof of possession when the grant is bound to a key or certificate.

        Raises:
            ProofInvalid: it is none of ours, or its time is over (RFC6750-3.1: however malformed it is).
            OneTimeGone: its grant was revoked, or is over.

        """
        handle = self.handles.read(text)
        if handle is not None:
            return await self._open_handle(handle, now)
        published = PublicKeySet.of_records(self.keys.ring().published(now))
        rules = AccessTokenRules(issuer=self.issuer, audience=self.audience, longest=LONGEST)
        try:
            claims = check_access_token(text, published, rules, now=now)
        except (Malformed, TooLarge) as error:
            raise ProofInvalid(error.detail) from error
        return OpenedToken(await self._living(str(claims.get("jti", "")).partition(".")[0]), claims)

    async def _open_handle(self, handle: Handle, now: datetime) -> OpenedToken:
        state, issued = await self._living(handle.grant), from_epoch(handle.number)
        client = self.catalogue.current.client(state.grant.client)
        if client is None:
            message = "the client is gone"
            raise ProofInvalid(message)
        profile = profile_of(client)
        if not issued - SKEW <= now < issued + profile.access_token_lifetime:
            message = "the time of the access token is over"
            raise ProofInvalid(message)
        jti, binding = f"{handle.grant}.{handle.number}", Binding.parse(state.bound_key)
        return OpenedToken(state, self._claims(state.grant, profile, binding, jti, issued))

    async def _living(self, id_: str) -> GrantState:
        state = await self.grants.find(id_)
        if state is None or state.ended_at is not None:
            message = "the grant has ended"
            raise OneTimeGone(message)
        return state

    def _claims(
        self, grant: Grant, profile: SecurityProfile, binding: Binding | None, jti: str, issued: datetime
    ) -> dict[str, object]:
        about = AccessGrant(
            issuer=self.issuer,
            client_id=grant.client,
            subject=grant.subject,
            audience=self.audience,
            scope=grant.scope,
            acr=grant.acr,
            auth_time=grant.authenticated_at,
            bound_to=binding,
            claims={**claims_of(grant, self.issuer), **details_of(grant)},
        )
        return access_token_claims(about, profile, jti=jti, now=issued)
