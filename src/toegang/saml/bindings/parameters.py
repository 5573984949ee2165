"""The parameters that carry a message, as raw octets and as text: each at most once (S25)."""

from __future__ import annotations

import base64
import binascii
import enum
import re
from dataclasses import field
from typing import Final
from urllib.parse import unquote_to_bytes

from toegang.errors import Malformed, TooLarge
from toegang.hot import hot

RELAY_LIMIT: Final = 80
"""Bytes that a RelayState may have (SAMLBind-3.4.3)."""

PARAMETERS_LIMIT: Final = 512 * 1024
"""Bytes of an address's query or of a form; base64 and percent signs make the largest message no larger."""

COUNT_LIMIT: Final = 32


class Carrier(enum.StrEnum):
    """The parameter that holds a message: a request or an answer."""

    REQUEST = "SAMLRequest"
    RESPONSE = "SAMLResponse"


NAMES: Final = frozenset(
    {"SAMLRequest", "SAMLResponse", "SAMLart", "SAMLEncoding", "RelayState", "SigAlg", "Signature"}
)

_BROKEN = re.compile(rb"%(?![0-9A-Fa-f]{2})")
# What base64 is escaped by: a message has some hundred of these and nothing else. None makes a new escape.
_ESCAPED_BASE64 = ((b"%2B", b"+"), (b"%2F", b"/"), (b"%3D", b"="))
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")


@hot(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter: `raw` as received, `text` as it is meant."""

    raw: bytes = field(repr=False)
    text: str = field(repr=False)


def parse_parameters(octets: bytes) -> dict[str, Parameter]:
    """Read application/x-www-form-urlencoded; only the parameters that a binding knows come back.

    Raises:
        TooLarge: more octets or parameters than anything honest has.
        Malformed: one of ours occurs twice or under an escaped name, or is not percent-encoded UTF-8.

    """
    if len(octets) > PARAMETERS_LIMIT:
        message = f"{len(octets)} bytes of parameters"
        raise TooLarge(message)
    pieces = [piece for piece in octets.split(b"&") if piece]
    if len(pieces) > COUNT_LIMIT:
        message = f"{len(pieces)} parameters"
        raise TooLarge(message)
    found: dict[str, Parameter] = {}
    for piece in pieces:
        raw_name, _, raw = piece.partition(b"=")
        name = _decoded(raw_name)
        if name not in NAMES:
            continue
        if name in found or raw_name != name.encode():
            message = f"{name} occurs twice or under an escaped name"
            raise Malformed(message)
        found[name] = Parameter(raw=raw, text=_decoded(raw))
    return found


def carrier(found: dict[str, Parameter]) -> Carrier:
    """Say which parameter holds the message.

    Raises:
        Malformed: none does, or both.

    """
    present = [each for each in Carrier if each.value in found]
    if len(present) != 1 or "SAMLart" in found:
        message = "not exactly one of SAMLRequest, SAMLResponse and SAMLart"
        raise Malformed(message)
    return present[0]


def relay_state(found: dict[str, Parameter], limit: int) -> str | None:
    """SAMLBind-3.4.3: return the sender's own state, to be given back as it is; None when there is none.

    Raises:
        Malformed: it has more than `limit` bytes or holds control characters.

    """
    parameter = found.get("RelayState")
    return check_relay_state(parameter.text, limit) if parameter else None


def check_relay_state(value: str, limit: int = RELAY_LIMIT) -> str:
    """SAMLBind-3.4.3: return the state if it MAY be sent: at most `limit` bytes, no control characters.

    Raises:
        Malformed: it may not.

    """
    if len(value.encode()) > limit or _CONTROLS.search(value):
        message = f"RelayState has more than {limit} bytes or holds control characters"
        raise Malformed(message)
    return value


def decode_base64(text: str, *, lines: bool = False) -> bytes:
    """Read base64 strictly: no other characters, the right padding, no bits left over.

    With `lines` it may be broken into lines (RFC2045-6.8).

    Raises:
        Malformed: it is something else, or empty.

    """
    text = text.replace("\r", "").replace("\n", "") if lines else text
    try:
        octets = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        message = "not base64"
        raise Malformed(message) from error
    # There is one way to write octets; so this knows other characters and a missing end, too.
    if not octets or base64.b64encode(octets).decode() != text:
        message = "base64 of nothing, or with bits left over"
        raise Malformed(message)
    return octets


def _decoded(raw: bytes) -> str:
    if _BROKEN.search(raw):
        message = "a parameter is not percent-encoded"
        raise Malformed(message)
    octets = raw.replace(b"+", b" ")
    if b"%" in octets:
        for escape, octet in _ESCAPED_BASE64:
            octets = octets.replace(escape, octet)
        octets = unquote_to_bytes(octets)
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError as error:
        message = "a parameter is not UTF-8"
        raise Malformed(message) from error
