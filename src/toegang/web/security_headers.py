"""The headers that keep a page what we made it: no foreign script, frame, form target or cache.

Sources: CSP3, RFC6797-7.1 (HSTS), ASVS-V3.4. One function per kind of answer, plain (name, value)
pairs in lower-case bytes as ASGI wants them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from toegang.errors import Misconfigured

if TYPE_CHECKING:
    from collections.abc import Iterable

Headers = tuple[tuple[bytes, bytes], ...]

_EVERY_ANSWER: Headers = (
    (b"x-content-type-options", b"nosniff"),
    # Not no-referrer: under that, browsers send `Origin: null` with our own forms, which we then refuse.
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_PAGE: Headers = (
    *_EVERY_ANSWER,
    (b"cache-control", b"no-store"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
)
_NO_DEVICES = (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=()")
_CAMERA_ONLY = (b"permissions-policy", b"camera=(self), microphone=(), geolocation=(), payment=(), usb=()")
_HSTS: Headers = ((b"strict-transport-security", b"max-age=31536000; includeSubDomains"),)
_NOTHING_AT_ALL = b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'"
_DATA: Headers = (*_EVERY_ANSWER, (b"content-security-policy", _NOTHING_AT_ALL))
_DATA_BY_TLS: Headers = (*_DATA, *_HSTS)
_HARMLESS = re.compile(r"[A-Za-z0-9.:/+\[\]_-]+")  # what an origin consists of, and what ends no directive
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; script-src 'self'; "
    "form-action {targets}; frame-ancestors 'none'; base-uri 'none'"
)
# The app speaks to the hub and keeps its shell. Its forms go nowhere, so that no PIN ever leaves by one, and
# no text becomes markup or a script (the one policy is for the worker's address, static/app/install.js).
_APP_POLICY = _POLICY.format(targets="'none'") + (
    "; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "require-trusted-types-for 'script'; trusted-types app"
)
# A worker runs under its own policy, not its page's: it may fetch what it keeps, from here only.
_WORKER_POLICY = "default-src 'none'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'"


def page_headers(*, https: bool, form_targets: Iterable[str] = ()) -> Headers:
    """Return the headers of a page (CSP3-6.4.1).

    Chromium holds a form's redirects to `form-action` too, so a page whose form leads to a 303 to
    somewhere else must name it: `form_targets` are such addresses, of which the origin is taken (for
    an app's own scheme, the scheme). A path of this host is covered already.

    Raises:
        Misconfigured: an address has no scheme, or a character that would break out of the policy.

    """
    elsewhere = {_source(address) for address in form_targets if not _is_path(address)}
    targets = " ".join(["'self'", *sorted(elsewhere)])
    policy = (b"content-security-policy", _POLICY.format(targets=targets).encode())
    return (*_PAGE, _NO_DEVICES, policy, *(_HSTS if https else ()))


def app_headers(*, https: bool) -> Headers:
    """CSP3, PermissionsPolicy: return the headers of the app's page, the only one with a camera."""
    policy = (b"content-security-policy", _APP_POLICY.encode())
    return (*_PAGE, _CAMERA_ONLY, policy, *(_HSTS if https else ()))


def worker_headers(*, https: bool) -> Headers:
    """CSP3: return the headers of the app's worker; it is asked for again each time."""
    policy = (b"content-security-policy", _WORKER_POLICY.encode())
    return (*_EVERY_ANSWER, (b"cache-control", b"no-cache"), policy, *(_HSTS if https else ()))


def data_headers(*, https: bool) -> Headers:
    """Return the headers of an answer that is no page (JSON, a redirect, a file): it may load nothing."""
    return _DATA_BY_TLS if https else _DATA


def _is_path(address: str) -> bool:
    return address.startswith("/") and not address.startswith("//")


def _source(address: str) -> str:
    """Return the CSP source that covers `address`: its origin, or its scheme for an app's own scheme."""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    source = f"{parts.scheme}://{host}" if parts.scheme in {"http", "https"} and host else f"{parts.scheme}:"
    if not parts.scheme or not _HARMLESS.fullmatch(source):
        reason = "form target cannot stand in a content security policy"
        raise Misconfigured(reason)
    return source
