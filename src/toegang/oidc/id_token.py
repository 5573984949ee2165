"""ID tokens: what a client is told about a login, and what it may hand back later as a hint."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from toegang.clock import epoch
from toegang.errors import ProofInvalid
from toegang.jose.compact import parse_compact
from toegang.jose.public_keys import SIGNATURE_ALGORITHMS
from toegang.jose.segments import encode
from toegang.jose.verify import verify
from toegang.oidc.times import stamps

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from toegang.jose.public_keys import PublicKeySet
    from toegang.oidc.profile import SecurityProfile

TYPE = "JWT"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthenticatedSubject:
    """What a login proved, in the words of the protocol."""

    issuer: str
    client_id: str
    subject: str
    acr: str
    auth_time: datetime
    sid: str | None = None
    nonce: str | None = None
    amr: tuple[str, ...] = ()
    claims: Mapping[str, object] = field(default_factory=dict, repr=False)
    """Further claims, such as `represents`; they never replace one that is set here."""


def id_token_claims(
    login: AuthenticatedSubject,
    profile: SecurityProfile,
    *,
    jti: str,
    access_token: str | None,
    now: datetime,
) -> dict[str, object]:
    """OIDCC-2 and NLGOV-OIDC ID Token: the claims to sign, with `acr` as proven and `jti` always."""
    own: dict[str, object] = {
        "iss": login.issuer,
        "sub": login.subject,
        "aud": login.client_id,
        "acr": login.acr,
        "auth_time": epoch(login.auth_time),
        "jti": jti,
        **stamps(now, profile.id_token_lifetime),
    }
    if login.nonce is not None:
        own["nonce"] = login.nonce
    if login.sid is not None:
        own["sid"] = login.sid
    if profile.amr and login.amr:
        own["amr"] = list(login.amr)
    if access_token is not None:
        own["at_hash"] = half_hash(access_token)
    return {**login.claims, **own}


def half_hash(token: str) -> str:
    """OIDCC-3.1.3.6: the left half of SHA-256; all our algorithms are of that size."""
    return encode(hashlib.sha256(token.encode()).digest()[:16])


@dataclass(frozen=True, slots=True, kw_only=True)
class IdTokenHint:
    """An ID token of ours that came back: who it was about and to whom it was given."""

    subject: str
    client_id: str
    sid: str | None
    jti: str | None


def read_hint(text: str, keys: PublicKeySet, issuer: str) -> IdTokenHint:
    """OIDCRPL-2 and OIDCC-3.1.2.1: read a hint; it may have expired, but must be ours.

    Raises:
        ProofInvalid: it is not signed by a key that we still publish, or not an ID token.
        Malformed, TooLarge: it is no token at all.

    """
    token = verify(parse_compact(text), keys, algorithms=SIGNATURE_ALGORITHMS, types=("jwt",))
    subject, client_id = token.claims.get("sub"), token.claims.get("aud")
    sid, jti = token.claims.get("sid"), token.claims.get("jti")
    if token.claims.get("iss") != issuer or not isinstance(subject, str) or not isinstance(client_id, str):
        message = "the id_token_hint is not an ID token of ours"
        raise ProofInvalid(message)
    return IdTokenHint(
        subject=subject,
        client_id=client_id,
        sid=sid if isinstance(sid, str) else None,
        jti=jti if isinstance(jti, str) else None,
    )
