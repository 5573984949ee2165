"""Which certificate the client at the other end presents, when mutual TLS ends in a proxy in front.

The proxy writes two headers, whatever the client sent under their names. They are believed only when a
request came over our unix socket, which none but the proxy can open, and the settings say that this
proxy asks for certificates; anywhere else they are not even looked at (security line O13).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from toegang.errors import Malformed, TooLarge
from toegang.keys.presented import PresentedCertificate

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

CERTIFICATE = b"x-client-certificate"
"""The certificate in PEM, with octets escaped as in a URL; nginx calls that `$ssl_client_escaped_cert`."""

VERIFIED = b"x-client-certificate-verified"
"""`SUCCESS` when the proxy found a chain to an authority of its list; `$ssl_client_verify` in nginx."""

LIMIT = 24_000  # octets of the header
_BELIEVED = "toegang.certificates"


@dataclass(frozen=True, slots=True)
class BehindMutualTls:
    """Says of requests over the unix socket that the proxy's word on certificates counts."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; whoever has an address came by a port, where anybody can write a header."""
        if scope["type"] == "http":
            scope[_BELIEVED] = scope.get("client") is None
        await self.app(scope, receive, send)


def presented(request: Request) -> PresentedCertificate | None:
    """RFC8705-2: return the certificate that the client showed; None when it showed none.

    Whether the certificate is in force, and whose it is, is for the caller to check.

    Raises:
        Malformed: more than one, or what is no certificate.
        TooLarge: more than any certificate.

    """
    if not request.scope.get(_BELIEVED):
        return None
    told = [value for name, value in request.scope["headers"] if name == CERTIFICATE]
    if not told:
        return None
    verified = [value for name, value in request.scope["headers"] if name == VERIFIED]
    if len(told) > 1 or len(verified) > 1:
        message = "the proxy tells more than one certificate"
        raise Malformed(message)
    if len(told[0]) > LIMIT:
        message = "the certificate is too large"
        raise TooLarge(message)
    return _read(told[0], trusted=verified == [b"SUCCESS"])


@lru_cache(maxsize=256)
def _read(header: bytes, *, trusted: bool) -> PresentedCertificate:
    """Read a certificate once: the same partner shows the same one at every call."""
    return PresentedCertificate.parse(unquote_to_bytes(header), trusted=trusted)
