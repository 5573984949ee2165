"""Return addresses: which may be registered, and when a requested one is a registered one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from toegang.errors import Malformed, RedirectNotRegistered

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from urllib.parse import SplitResult

REDIRECT_LIMIT = 2_048

_PRINTABLE = re.compile(r"[!-~]+")
_LOOPBACK = re.compile(r"http://(?:127\.0\.0\.1|\[::1\])(?::[0-9]{1,5})?(?=[/?]|\Z)")
_LOCALHOST = re.compile(r"http://localhost(?::[0-9]{1,5})?(?=[/?]|\Z)")


def check_registrable(address: str, *, native: bool = False, plain_http: bool = False) -> None:
    """OIDCC-3.1.2.1 and RFC6749-3.1.2: refuse an address that no client can have as its return address.

    Absolute https, without fragment or user part; loopback http for native clients (RFC8252-7.3).
    `plain_http` also lets `http://localhost` through, for a demo on one machine.

    Raises:
        Malformed: it is something else.

    """
    parts = _split(address)
    if "#" in address or "@" in parts.netloc or "\\" in address or "*" in parts.netloc:
        message = "a return address has no fragment, user part, backslash or wildcard"
        raise Malformed(message)
    local = (native and _LOOPBACK.match(address)) or (
        plain_http and (_LOOPBACK.match(address) or _LOCALHOST.match(address))
    )
    if not parts.hostname or not (address.startswith("https://") or local):
        message = "a return address is an absolute https URL"
        raise Malformed(message)


def check_redirect(requested: str, registered: Collection[str], *, native: bool = False) -> str:
    """RFC9700-2.1: the requested address is, octet for octet, one that was registered.

    For a native client a loopback address may differ in its port only (RFC8252-7.3).
    Returns the requested address. Nothing may be sent to an address that did not pass here.

    Raises:
        RedirectNotRegistered: it is not.

    """
    if requested in registered:
        return requested
    if native and len(requested) <= REDIRECT_LIMIT and _PRINTABLE.fullmatch(requested):
        wanted = _without_port(requested)
        if wanted is not None and any(wanted == _without_port(known) for known in registered):
            return requested
    message = "the redirect_uri is not registered for this client"
    raise RedirectNotRegistered(message)


def with_parameters(address: str, parameters: Mapping[str, str]) -> str:
    """RFC6749-4.1.2: add the answer's parameters to the address, keeping a query that it has."""
    joint = "&" if "?" in address else "?"
    return f"{address}{joint}{urlencode(parameters)}"


def _without_port(address: str) -> str | None:
    found = _LOOPBACK.match(address)
    if found is None or "#" in address:
        return None
    host = re.sub(r":[0-9]{1,5}\Z", "", found.group())
    return host + address[found.end() :]


def _split(address: str) -> SplitResult:
    if len(address) > REDIRECT_LIMIT or not _PRINTABLE.fullmatch(address):
        message = "a return address is short, printable ASCII without spaces"
        raise Malformed(message)
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError as error:
        message = "a return address is not a URL"
        raise Malformed(message) from error
    return parts
