"""The second half of the gate: the only place where a token becomes a verified one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from joserfc.jws import JWSRegistry

from toegang.errors import ProofInvalid
from toegang.jose.public_keys import SIGNATURE_ALGORITHMS
from toegang.keys.ring import Use

if TYPE_CHECKING:
    from collections.abc import Collection

    from toegang.jose.compact import UnverifiedToken
    from toegang.jose.public_keys import PublicKeySet
    from toegang.jose.segments import JsonObject

JWS = JWSRegistry(algorithms=SIGNATURE_ALGORITHMS)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedToken:
    """Claims that were signed with a key of the party whose key set was handed in.

    That the claims are fresh, meant for us and about what is at hand is for the caller to check.
    """

    claims: JsonObject = field(repr=False)
    algorithm: str
    typ: str | None
    thumbprint: str


def verify(
    token: UnverifiedToken,
    keys: PublicKeySet,
    *,
    algorithms: Collection[str],
    types: Collection[str | None],
) -> VerifiedToken:
    """RFC7515-5.2 and RFC8725-3: check a token's signature with a key of its maker.

    1. The header's type is one that this use has; a logout token is no ID token (RFC8725-3.11).
    2. The algorithm is one that the caller allows this party, from our closed set (RFC8725-3.1).
    3. Exactly one key of the party serves: of that use, algorithm and, if given, name.
    4. The signature over the received octets holds under that key.
    The caller must check issuer, audience, times and replay.

    Raises:
        ProofInvalid: a step fails; which one is in the detail, for the log only.

    """
    # 1.
    if _plain(token.header.typ) not in types:
        message = "the token is of another type"
        raise ProofInvalid(message)
    # 2.
    algorithm = token.header.alg
    if algorithm not in SIGNATURE_ALGORITHMS or algorithm not in algorithms:
        message = "the token is signed by an algorithm that is not accepted from this party"
        raise ProofInvalid(message)
    # 3.
    candidates = keys.candidates(use=Use.SIGNING, algorithm=algorithm, kid=token.header.kid)
    if len(candidates) != 1:
        message = f"{len(candidates)} keys of the party fit the token; exactly one must"
        raise ProofInvalid(message)
    # 4.
    if not JWS.get_alg(algorithm).verify(token.signing_input, token.signature, candidates[0].native):
        message = "the signature does not hold"
        raise ProofInvalid(message)
    return VerifiedToken(
        claims=token.claims,
        algorithm=algorithm,
        typ=token.header.typ,
        thumbprint=candidates[0].thumbprint,
    )


def _plain(typ: str | None) -> str | None:
    """RFC7515-4.1.9: media types are compared without case, and without the prefix that may be left out."""
    return None if typ is None else typ.lower().removeprefix("application/")
