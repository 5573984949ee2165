"""Access tokens as signed tokens that a resource server can check by itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from toegang.clock import epoch
from toegang.errors import ProofInvalid
from toegang.jose.compact import parse_compact
from toegang.jose.public_keys import SIGNATURE_ALGORITHMS
from toegang.jose.verify import verify
from toegang.oidc.times import SKEW, check_begun, check_not_over, stamps

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from toegang.jose.public_keys import PublicKeySet
    from toegang.jose.segments import JsonObject
    from toegang.oidc.binding import Binding
    from toegang.oidc.profile import SecurityProfile

TYPE = "at+jwt"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessGrant:
    """What an access token gives: to whom, about whom, for what, where."""

    issuer: str
    client_id: str
    subject: str
    audience: str
    scope: tuple[str, ...]
    acr: str | None = None
    auth_time: datetime | None = None
    bound_to: Binding | None = None
    claims: Mapping[str, object] = field(default_factory=dict, repr=False)
    """Further claims, such as `represents`; they never replace one that is set here."""


def access_token_claims(
    grant: AccessGrant, profile: SecurityProfile, *, jti: str, now: datetime
) -> dict[str, object]:
    """RFC9068-2.2 and NLGOV-OAuth access token: the claims to sign, under type at+jwt (RFC9068-2.1)."""
    claims: dict[str, object] = {
        "iss": grant.issuer,
        "sub": grant.subject,
        "aud": grant.audience,
        "client_id": grant.client_id,
        "scope": " ".join(grant.scope),
        "jti": jti,
        **stamps(now, profile.access_token_lifetime),
    }
    if grant.acr is not None:
        claims["acr"] = grant.acr
    if grant.auth_time is not None:
        claims["auth_time"] = epoch(grant.auth_time)
    if grant.bound_to is not None:
        claims["cnf"] = grant.bound_to.cnf
    return {**grant.claims, **claims}


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessTokenRules:
    """What an access token must say to be used here."""

    issuer: str
    audience: str
    longest: timedelta


def check_access_token(
    text: str, keys: PublicKeySet, rules: AccessTokenRules, *, now: datetime
) -> JsonObject:
    """RFC9068-4: return the claims of an access token of ours, for us, of now.

    The caller must check that it was not revoked, and the proof of possession when `cnf` is there.

    Raises:
        ProofInvalid: it is not.
        Malformed, TooLarge: it is no token at all.

    """
    token = verify(parse_compact(text), keys, algorithms=SIGNATURE_ALGORITHMS, types=(TYPE,))
    if token.claims.get("iss") != rules.issuer or token.claims.get("aud") != rules.audience:
        message = "the access token is by or for another"
        raise ProofInvalid(message)
    check_not_over(token.claims, now, longest=rules.longest + SKEW)
    check_begun(token.claims, "nbf", now, oldest=rules.longest + SKEW)
    return token.claims
