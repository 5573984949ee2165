"""Who is at the other end, when a proxy stands in front: X-Forwarded-For, and nothing else that it says.

The hub's own address is a setting, so that no Host or X-Forwarded-Proto can change it (security line
O09); a proxy only tells from where a person comes, for limits per network.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

HEADER = b"x-forwarded-for"
MOST = 16
"""Addresses that are looked at: no honest chain of proxies is longer."""


@dataclass(frozen=True, slots=True)
class BehindProxies:
    """Replaces the address of a trusted proxy by the last address that no trusted proxy has.

    `over_socket` says that we listen on a unix socket: only the proxy in front can open that.
    """

    app: ASGIApp
    trusted: tuple[IPv4Network | IPv6Network, ...]
    over_socket: bool = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http":
            scope["client"] = self._client(scope)
        await self.app(scope, receive, send)

    def _client(self, scope: Scope) -> tuple[str, int] | None:
        client: tuple[str, int] | None = scope.get("client")
        if not (self._is_trusted(client[0]) if client else self.over_socket):
            return client
        told = b",".join(value for name, value in scope["headers"] if name == HEADER).decode("latin-1")
        # From the end: what stands before the last address that is not a proxy's, anybody may have written.
        for text in [part.strip() for part in told.split(",")][: -MOST - 1 : -1]:
            address = _address(text)
            if address is None:
                return client
            client = (str(address), 0)
            if not self._is_trusted(str(address)):
                return client
        return client

    def _is_trusted(self, text: str) -> bool:
        address = _address(text)
        return address is not None and any(address in network for network in self.trusted)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """Read an address, as proxies write it: bare, or with a port, IPv6 then in brackets."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address
