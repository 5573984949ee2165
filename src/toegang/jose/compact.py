"""From text to a token that may be looked at, but not believed: the first half of the gate."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from toegang.errors import Malformed, TooLarge
from toegang.hot import hot
from toegang.jose.segments import decode, parse_object

if TYPE_CHECKING:
    from toegang.jose.segments import JsonObject

TOKEN_LIMIT = 16_384
"""Characters; the largest honest token (a request object with claims and ui texts) is far below."""

HEADER_LIMIT = 2_048
NAME_LIMIT = 256

HEADER_NAMES = frozenset({"alg", "kid", "typ", "cty"})
"""Everything else is refused, because each has been an attack: jku, x5u, x5c and jwk bring a key along,
crit and b64 change what is signed, zip unpacks."""

PARTS = 3


@hot(frozen=True, slots=True, kw_only=True)
class Header:
    """RFC7515-4: what the header says about itself. `jwk` only in a proof of possession."""

    alg: str
    kid: str | None
    typ: str | None
    cty: str | None
    jwk: JsonObject | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnverifiedToken:
    """A well-formed signed token of which nothing has been proven yet."""

    header: Header
    claims: JsonObject = field(repr=False)
    signing_input: bytes = field(repr=False)
    signature: bytes = field(repr=False)


def parse_compact(text: str, *, limit: int = TOKEN_LIMIT, brings_key: bool = False) -> UnverifiedToken:
    """RFC7515-7.1 and RFC7519-7.2: read a signed token; `limit` in characters.

    `brings_key` is for DPoP proofs alone (RFC9449-4.2), where the header must hold the public key.

    Raises:
        TooLarge: longer than `limit`, or a header longer than HEADER_LIMIT.
        Malformed: not three canonical segments, a header outside the allow-list, claims no object.

    """
    check_size(text, limit)
    parts = text.split(".")
    if len(parts) != PARTS or not text.isascii():
        message = "not a signed token of three parts"
        raise Malformed(message)
    header_part, claims_part, signature_part = parts
    check_size(header_part, HEADER_LIMIT)
    header = _header(parse_object(decode(header_part)), brings_key=brings_key)
    return UnverifiedToken(
        header=header,
        claims=parse_object(decode(claims_part)),
        signing_input=f"{header_part}.{claims_part}".encode(),
        signature=decode(signature_part),
    )


def check_size(text: str, limit: int) -> None:
    """Refuse before any work is done on it.

    Raises:
        TooLarge: longer than `limit` characters.

    """
    if len(text) > limit:
        message = f"a token of {len(text)} characters, {limit} allowed"
        raise TooLarge(message)


def name(members: JsonObject, key: str) -> str | None:
    """Return a short text member of a header or key, or None when it is absent.

    Raises:
        Malformed: not a text, empty, or longer than NAME_LIMIT.

    """
    if key not in members:
        return None
    value = members[key]
    if not isinstance(value, str) or not 0 < len(value) <= NAME_LIMIT:
        message = f"{key} is not a short text"
        raise Malformed(message)
    return value


def _header(members: JsonObject, *, brings_key: bool) -> Header:
    allowed = HEADER_NAMES | {"jwk"} if brings_key else HEADER_NAMES
    if not members.keys() <= allowed:
        message = "the header has a member that is not accepted here"
        raise Malformed(message)
    alg = name(members, "alg")
    jwk = members.get("jwk")
    if alg is None or (brings_key and not isinstance(jwk, dict)):
        message = "the header lacks alg, or the key that it must bring"
        raise Malformed(message)
    return Header(
        alg=alg,
        kid=name(members, "kid"),
        typ=name(members, "typ"),
        cty=name(members, "cty"),
        jwk=jwk if isinstance(jwk, dict) else None,
    )
