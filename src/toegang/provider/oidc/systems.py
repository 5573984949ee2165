"""Access tokens for systems: a client asks one for itself, and uses it at our interfaces.

Such a token stands for no login and no person. It is signed, lives shortly, is good for the scopes that the
catalogue has for the client now, and is kept nowhere; only one that was given up before its time is
remembered until then. Whatever the catalogue says when it is used goes before what the token says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from toegang.audit.events import SystemTokenGiven
from toegang.catalogue import gate
from toegang.catalogue.api import ApiScope
from toegang.catalogue.values import ClientId
from toegang.errors import Malformed, OneTimeGone, ProofInvalid, ProtocolRefusal, TooLarge
from toegang.jose.public_keys import PublicKeySet
from toegang.jose.sign import sign
from toegang.oidc.access_token import (
    TYPE,
    AccessGrant,
    AccessTokenRules,
    access_token_claims,
    check_access_token,
)
from toegang.oidc.binding import Binding, Confirmation, token_type
from toegang.oidc.errors import INSUFFICIENT_SCOPE, INVALID_SCOPE, INVALID_TOKEN, UNAUTHORIZED_CLIENT
from toegang.oidc.profile import BY_CERTIFICATE, ClientAuthentication
from toegang.oidc.times import SKEW, required
from toegang.provider.oidc.backchannel import check_possession_shown
from toegang.provider.oidc.issue import TokenAnswer
from toegang.provider.oidc.possession import Use

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.audit.trail import Trail
    from toegang.catalogue.api import Api
    from toegang.catalogue.values import Client
    from toegang.ids import Ids
    from toegang.jose.segments import JsonObject
    from toegang.oidc.token_request import ClientCredentialsGrant
    from toegang.provider.oidc.backchannel import BackChannel, Caller
    from toegang.provider.oidc.issue import Issuance
    from toegang.provider.oidc.possession import Possessions, Presented
    from toegang.units import Expiring, Units

LIVES: Final = timedelta(minutes=5)
METHODS: Final = BY_CERTIFICATE | {ClientAuthentication.PRIVATE_KEY_JWT}


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """A client that presented a token of its own, good for what it asks; `api` is what it may ask at all."""

    client: Client
    api: Api


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemTokens:
    """Gives these tokens and looks at them; `audience` is where they are used: our interfaces for systems."""

    audience: str
    issuance: Issuance
    units: Units
    back: BackChannel
    possessions: Possessions
    given_up: Expiring[str]
    trail: Trail
    ids: Ids

    async def give(self, caller: Caller, asked: ClientCredentialsGrant, now: datetime) -> TokenAnswer:
        """RFC6749-4.4: give a client a token for itself, when it is registered for that.

        Raises:
            ProtocolRefusal: it is not; or not for this scope; or it must show a key and did not.
            Refusal: what it showed was used before.

        """
        client, profile = caller.client.client, caller.client.profile
        scopes = _granted(client, asked.scope)
        check_possession_shown(caller)
        async with self.units.begin() as unit:
            refusal = await self.back.first_use(unit, caller, now)
            if refusal is None:
                event = SystemTokenGiven(at=now, client=client.id, scopes=scopes)
                await self.trail.record(unit, event)
        if refusal is not None:
            raise refusal
        about = AccessGrant(
            issuer=self.issuance.issuer,
            client_id=client.id,
            subject=client.id,  # RFC9068-2.2: without a person, the client itself
            audience=self.audience,
            scope=scopes,
            bound_to=caller.binding,
        )
        brief = replace(profile, access_token_lifetime=min(LIVES, profile.access_token_lifetime))
        claims = access_token_claims(about, brief, jti=self.ids.token(), now=now)
        return TokenAnswer(
            access_token=sign(claims, self.issuance.signing_key(client, now), TYPE),
            token_type=token_type(caller.binding),
            expires_in=int(brief.access_token_lifetime.total_seconds()),
            scope=" ".join(scopes),
        )

    async def check(self, presented: Presented, scope: ApiScope, url: str, now: datetime) -> System:
        """RFC6750-3.1: return the client that presents a token which is good for `scope` now.

        1. The token is ours, for our interfaces, of now. 2. The caller holds its key or certificate. 3. The
        client may still take part, and ask this.

        Raises:
            ProofInvalid, OneTimeGone: it is not good (any more).
            ProtocolRefusal: it is presented in the wrong way, or not good for this (insufficient_scope).
            NonceRequired, Replayed: the proof of possession is to come again, or came before.

        """
        # 1.
        _, text = presented.token()
        claims = self._claims(text, now)
        if await self.is_given_up(claims, now):
            message = "the token was given up"
            raise OneTimeGone(message)
        # 2.
        id_ = ClientId(str(claims.get("client_id")))
        use = Use(client=id_, binding=_bound(claims), endpoint="systems", url=url)
        await self.possessions.check(presented, use, now)
        # 3.
        client = gate.open_client(self.issuance.catalogue.current, id_, now)
        api = client.api
        if api is None or scope not in api.scopes or scope not in str(claims.get("scope")).split():
            raise ProtocolRefusal(INSUFFICIENT_SCOPE, "the token is not good for this")
        return System(client=client, api=api)

    def read(self, text: str, now: datetime) -> JsonObject | None:
        """Return what a token says that is good by its signature and time; None when it is none of these."""
        try:
            return self._claims(text, now)
        except ProofInvalid:
            return None

    async def give_up(self, claims: JsonObject) -> None:
        """RFC7009-2: let a token be worth nothing from now on."""
        until = required(claims, "exp") + SKEW
        async with self.units.begin() as unit:
            await self.given_up.keep(unit, str(claims.get("jti")), "", until)

    async def is_given_up(self, claims: JsonObject, now: datetime) -> bool:
        """Tell whether a token was given up before its time."""
        return await self.given_up.find(str(claims.get("jti")), now) is not None

    def _claims(self, text: str, now: datetime) -> JsonObject:
        published = PublicKeySet.of_records(self.issuance.keys.ring().published(now))
        rules = AccessTokenRules(issuer=self.issuance.issuer, audience=self.audience, longest=LIVES)
        try:
            return check_access_token(text, published, rules, now=now)
        except (Malformed, TooLarge) as error:
            raise ProofInvalid(error.detail) from error


def _granted(client: Client, asked: tuple[str, ...]) -> tuple[ApiScope, ...]:
    """RFC6749-3.3: return the scopes that were asked and are registered; all of these when none was asked."""
    if client.api is None or client.authentication not in METHODS:
        raise ProtocolRefusal(UNAUTHORIZED_CLIENT, "this client asks no tokens for itself")
    if set(asked) - set(client.api.scopes):
        raise ProtocolRefusal(INVALID_SCOPE, "not a scope of this client")
    return tuple(scope for scope in client.api.scopes if not asked or scope in asked)


def _bound(claims: JsonObject) -> Binding | None:
    """RFC7800-3.1: return what a token of ours is bound to, if anything."""
    told = claims.get("cnf")
    if told is None:
        return None
    for each in Confirmation:
        if isinstance(told, dict) and isinstance(thumbprint := told.get(each.value), str):
            return Binding(each, thumbprint)
    raise ProtocolRefusal(INVALID_TOKEN, "the token is bound to nothing that is known")
