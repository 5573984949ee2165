"""Proof of possession: the client holds the private key that its tokens are bound to."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from toegang.clock import epoch
from toegang.errors import NonceRequired, ProofInvalid, ProtocolRefusal, Refusal
from toegang.jose.compact import parse_compact
from toegang.jose.public_keys import PublicKey, PublicKeySet
from toegang.jose.segments import encode
from toegang.jose.verify import verify
from toegang.oidc.errors import INVALID_DPOP_PROOF
from toegang.oidc.times import SKEW, check_begun, required

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from toegang.jose.segments import JsonObject
    from toegang.jose.verify import VerifiedToken

ALGORITHMS = ("ES256", "PS256", "RS256")
OLDEST = timedelta(seconds=60)
"""How old a proof may be; a proof is made for one request."""

PROOF_LIMIT = 4_096
JTI_LIMIT = 256
DEFAULT_PORTS = {"https": 443, "http": 80}
MAC_BYTES = 16

_NONCE = re.compile(r"[0-9]{1,12}\.[A-Za-z0-9_-]{22}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Nonces:
    """RFC9449-8: nonces that any node can give and check without remembering them.

    A nonce is the number of a span of time under a keyed hash; those of this span and the last count.
    """

    key: bytes = field(repr=False)
    span: timedelta = timedelta(minutes=2)

    def issue(self, now: datetime) -> str:
        """Return the nonce of this moment's span."""
        return self._of(epoch(now) // int(self.span.total_seconds()))

    def check(self, nonce: object, now: datetime) -> None:
        """Refuse a nonce that is absent, invented or of a span before the last.

        Raises:
            NonceRequired: it is; carries the nonce to use.

        """
        span = epoch(now) // int(self.span.total_seconds())
        if isinstance(nonce, str) and _NONCE.fullmatch(nonce):
            for known in (self._of(span), self._of(span - 1)):
                if hmac.compare_digest(nonce, known):
                    return
        message = "the proof's nonce is missing or old"
        raise NonceRequired(self.issue(now), message)

    def _of(self, span: int) -> str:
        mac = hmac.digest(self.key, f"dpop nonce {span}".encode(), hashlib.sha256)
        return f"{span}.{encode(mac[:MAC_BYTES])}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenRequest:
    """What a proof must be about: this method at this URL, with this access token if there is one."""

    method: str
    url: str
    alias: str = ""
    """The same endpoint where TLS asks for a certificate (RFC8705-5), if there is such a place."""
    access_token: str | None = field(default=None, repr=False)
    bound_to: str | None = None
    """The thumbprint to which the code, token or grant at hand is bound, if it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Possession:
    """RFC9449-6.1: the client holds the key with this thumbprint.

    The caller must record `proof_id` until `expires` and refuse one that was recorded (RFC9449-11.1).
    """

    thumbprint: str
    proof_id: str
    expires: datetime


def check_proof(
    headers: Sequence[str], about: ProvenRequest, *, nonces: Nonces | None, now: datetime
) -> Possession:
    """RFC9449-4.3: check the DPoP header of a request; `nonces` None means no nonce is asked.

    1. There is exactly one DPoP header, a well-formed token of type dpop+jwt.
    2. It is signed by the public key that it brings, asymmetric and without private parts.
    3. htm is the method, htu the URL or its alias (without query and fragment), iat is now, jti is there.
    4. With an access token, ath is its hash; with a binding, the key is the one bound to.
    5. The nonce is one of ours.
    The caller must refuse a `proof_id` that it has seen.

    Raises:
        NonceRequired: step 5 fails; carries the nonce to use.
        ProtocolRefusal: another step fails (invalid_dpop_proof).

    """
    try:
        # 1. and 2.
        token = _verified(headers)
        # 3.
        _check_request(token.claims, about)
        issued = required(token.claims, "iat")
        check_begun(token.claims, "iat", now, oldest=OLDEST)
        proof_id = _proof_id(token)
        # 4.
        _check_binding(token, about)
        # 5.
        if nonces is not None:
            nonces.check(token.claims.get("nonce"), now)
    except NonceRequired:
        raise
    except Refusal as error:
        raise ProtocolRefusal(INVALID_DPOP_PROOF, "the DPoP proof is not valid", error.detail) from error
    # Remembered until a clock that is behind, and a proof dated ahead, are both past (RFC9449-11.1).
    return Possession(thumbprint=token.thumbprint, proof_id=proof_id, expires=issued + OLDEST + 2 * SKEW)


def _verified(headers: Sequence[str]) -> VerifiedToken:
    if len(headers) != 1:
        message = f"{len(headers)} DPoP headers"
        raise ProofInvalid(message)
    token = parse_compact(headers[0], limit=PROOF_LIMIT, brings_key=True)
    key = PublicKey.parse(token.header.jwk or {})
    if key is None:
        message = "the proof brings a kind of key that is not accepted"
        raise ProofInvalid(message)
    named = replace(key, kid=token.header.kid)
    return verify(token, PublicKeySet(keys=(named,)), algorithms=ALGORITHMS, types=("dpop+jwt",))


def _check_request(claims: JsonObject, about: ProvenRequest) -> None:
    if claims.get("htm") != about.method:
        message = "htm is another method"
        raise ProofInvalid(message)
    target = claims.get("htu")
    known = {_plain(url) for url in (about.url, about.alias) if url}
    if not isinstance(target, str) or _plain(target) not in known:
        message = "htu is another URL"
        raise ProofInvalid(message)


def _plain(url: str) -> tuple[str, str | None, int | None, str]:
    """RFC9449-4.3: the URL as far as it is compared, after RFC3986-6.2.2 and -6.2.3."""
    try:
        parts = urlsplit(url)
        port = parts.port or DEFAULT_PORTS.get(parts.scheme)
    except ValueError as error:
        message = "htu is not a URL"
        raise ProofInvalid(message) from error
    if "@" in parts.netloc:
        message = "htu has a user part"
        raise ProofInvalid(message)
    return parts.scheme, parts.hostname, port, parts.path or "/"


def _proof_id(token: VerifiedToken) -> str:
    jti = token.claims.get("jti")
    if not isinstance(jti, str) or not 0 < len(jti) <= JTI_LIMIT:
        message = "jti is missing or too long"
        raise ProofInvalid(message)
    # Of one length, and per key: a party cannot use up the ids of another.
    return encode(hashlib.sha256(f"{token.thumbprint} {jti}".encode()).digest())


def _check_binding(token: VerifiedToken, about: ProvenRequest) -> None:
    if about.access_token is not None:
        expected = encode(hashlib.sha256(about.access_token.encode()).digest())
        if not _same(token.claims.get("ath"), expected):
            message = "ath is not the hash of the access token"
            raise ProofInvalid(message)
    if about.bound_to is not None and not _same(token.thumbprint, about.bound_to):
        message = "the proof is by another key than the one bound to"
        raise ProofInvalid(message)


def _same(given: object, expected: str) -> bool:
    return isinstance(given, str) and hmac.compare_digest(given.encode(), expected.encode())
