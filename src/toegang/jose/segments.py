"""The two alphabets of a token, each with exactly one spelling per value: base64url and JSON."""

from __future__ import annotations

import base64
import binascii
import json
import re

from toegang.errors import Malformed

JsonObject = dict[str, object]

_BASE64URL = re.compile(r"[A-Za-z0-9_-]*")
_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def encode(octets: bytes) -> str:
    """RFC7515-2: base64url without padding."""
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def decode(segment: str) -> bytes:
    """RFC7515-2 and RFC4648-3.5: the octets, if this is the one spelling they have.

    Raises:
        Malformed: padding, another alphabet, white space, or unused bits that are not zero.

    """
    if not _BASE64URL.fullmatch(segment):
        message = "not base64url without padding"
        raise Malformed(message)
    try:
        octets = base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
    except binascii.Error as error:
        message = "base64url is cut off"
        raise Malformed(message) from error
    if encode(octets) != segment:
        message = "base64url has unused bits set"
        raise Malformed(message)
    return octets


def parse_object(octets: bytes) -> JsonObject:
    """RFC8259 and RFC7519-4: one JSON object in UTF-8, every name at most once at every depth.

    Raises:
        Malformed: not that, or with NaN, an endless number, half a surrogate or bottomless nesting.

    """
    value = _parsed(octets)
    if not isinstance(value, dict):
        message = "JSON, but not an object"
        raise Malformed(message)
    return value


def parse_objects(octets: bytes) -> list[JsonObject]:
    """RFC8259: one JSON array of objects in UTF-8, every name at most once at every depth.

    Raises:
        Malformed: as `parse_object`.

    """
    value = _parsed(octets)
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        message = "JSON, but not an array of objects"
        raise Malformed(message)
    return value


def _parsed(octets: bytes) -> object:
    try:
        text = octets.decode("utf-8")
        value: object = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
        if _ESCAPED_SURROGATE.search(text):
            # Python reads half a surrogate, but nobody can write it: it would fail us much later.
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        message = "not JSON with unique names"
        raise Malformed(message) from error
    return value


def _unique(pairs: list[tuple[str, object]]) -> JsonObject:
    found = dict(pairs)
    if len(found) != len(pairs):
        message = "a name occurs twice"
        raise ValueError(message)
    return found


def _no_constant(name: str) -> object:
    message = f"{name} is not JSON"
    raise ValueError(message)
