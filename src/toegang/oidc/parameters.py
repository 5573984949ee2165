"""Request parameters from a query or a form: each name once, all of it within bounds."""

from __future__ import annotations

from urllib.parse import parse_qsl

from toegang.errors import Malformed, ProtocolRefusal, TooLarge
from toegang.oidc.errors import INVALID_REQUEST

QUERY_LIMIT = 32_768
"""Bytes; a request object by value is the largest honest content."""

VALUE_LIMIT = 16_384
COUNT_LIMIT = 64

Parameters = dict[str, str]


def parse_parameters(octets: bytes, *, repeatable: frozenset[str] = frozenset()) -> Parameters:
    """RFC6749-3.1: read application/x-www-form-urlencoded; empty values count as absent.

    Of a name in `repeatable` the first value counts (RFC8707-2 allows several `resource`).

    Raises:
        TooLarge: more than QUERY_LIMIT bytes or COUNT_LIMIT parameters.
        Malformed: not UTF-8, or with control characters.
        ProtocolRefusal: a name occurs twice (invalid_request).

    """
    if len(octets) > QUERY_LIMIT:
        message = f"{len(octets)} bytes of parameters"
        raise TooLarge(message)
    try:
        pairs = parse_qsl(
            octets.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=COUNT_LIMIT,
        )
    except UnicodeError as error:
        message = "parameters are not percent-encoded UTF-8"
        raise Malformed(message) from error
    except ValueError as error:
        message = f"more than {COUNT_LIMIT} parameters"
        raise TooLarge(message) from error
    found: Parameters = {}
    for key, value in pairs:
        if key in found:
            if key in repeatable:
                continue
            raise ProtocolRefusal(INVALID_REQUEST, "a parameter occurs more than once")
        found[key] = _checked(value)
    return {key: value for key, value in found.items() if value}


def _checked(value: str) -> str:
    if len(value) > VALUE_LIMIT:
        message = f"a parameter of {len(value)} characters"
        raise TooLarge(message)
    if "\x00" in value:
        message = "a parameter holds a zero"
        raise Malformed(message)
    return value
