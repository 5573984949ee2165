"""Addresses that a client may register: exact, encrypted, and nobody else's."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

LONGEST = 2000
_SHOWABLE = re.compile(r"[\x21-\x7e]+")
_PRIVATE_USE = re.compile(r"[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+")


def redirect_address(address: str) -> str:
    """RFC9700-2.1 and RFC8252-7: https; http on this very machine; an app's own scheme.

    Raises:
        ValueError: any other scheme, a fragment, a name or password in it, or a wildcard.

    """
    parts = _split(address)
    if _PRIVATE_USE.fullmatch(parts.scheme):
        # An app's own scheme is a domain name turned round (RFC8252-7.1); it has no host.
        if parts.netloc:
            message = "an app's own scheme has one slash and no host"
            raise ValueError(message)
        return address
    return _web(parts, address)


def logout_address(address: str) -> str:
    """OIDCBCL-2.2: https, or http on this very machine, without a fragment.

    Raises:
        ValueError: anything else.

    """
    return _web(_split(address), address)


def is_private_use(address: str) -> bool:
    """RFC8252-7.1: tell whether the scheme belongs to an app."""
    return _PRIVATE_USE.fullmatch(urlsplit(address).scheme) is not None


def _split(address: str) -> SplitResult:
    if len(address) > LONGEST or not _SHOWABLE.fullmatch(address) or "\\" in address:
        message = "an address has no spaces, backslashes or letters outside ASCII"
        raise ValueError(message)
    parts = urlsplit(address)
    if "#" in address:
        message = "a redirect address has no fragment (RFC6749-3.1.2)"
        raise ValueError(message)
    if "*" in parts.netloc:
        message = "an address is exact, without a wildcard"
        raise ValueError(message)
    return parts


def _web(parts: SplitResult, address: str) -> str:
    try:
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    plain = parts.scheme == "http" and host not in LOOPBACK
    if plain or parts.scheme not in {"http", "https"}:
        message = "an address begins with https:// (http:// only on localhost)"
        raise ValueError(message)
    if not host or parts.username is not None or parts.password is not None:
        message = "an address has a host, a right port if any, and no name or password in it"
        raise ValueError(message)
    return address
