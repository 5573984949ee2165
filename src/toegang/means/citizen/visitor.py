"""Who stands at the door of an account: a browser, a network, perhaps a device seen before."""

from __future__ import annotations

import hmac
import ipaddress
from dataclasses import field
from functools import lru_cache
from hashlib import sha256

from toegang.errors import LoginElsewhere
from toegang.hot import hot

V4_NETWORK = 24
V6_NETWORK = 56
TOKEN_LENGTH = 43
"""Characters of a device token: 32 random bytes as base64url."""


@hot(frozen=True, slots=True, kw_only=True)
class Visitor:
    """What a request tells about who makes it.

    `browser` is the secret that binds steps to one browser, None without its cookie; `device` is the
    long-lived cookie of a device on which someone signed in before, empty without one.
    """

    browser: str | None = field(repr=False)
    network: str = field(repr=False)
    device: str = field(default="", repr=False)

    @property
    def browser_hash(self) -> str:
        """SHA-256 (hex) of the browser's secret; empty without one."""
        return sha256(self.browser.encode()).hexdigest() if self.browser else ""

    @property
    def device_hash(self) -> bytes:
        """SHA-256 of the device token; a token of another length is nobody's."""
        whole = self.device if len(self.device) == TOKEN_LENGTH else ""
        return sha256(whole.encode()).digest()

    def check_browser(self, kept: str) -> None:
        """Refuse a browser that the step was not begun in.

        Raises:
            LoginElsewhere: no cookie, or another browser's.

        """
        if not self.browser or not hmac.compare_digest(kept, self.browser_hash):
            raise LoginElsewhere


@lru_cache(maxsize=1024)
def network_of(address: str) -> str:
    """Return the network that an address is counted in: /24, or /56 of IPv6; empty for a socket.

    Whoever has one address of IPv6 has some 2^64 of them. Remembered, because every request asks, and
    reading an address costs a twentieth of a login.
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    mapped = getattr(found, "ipv4_mapped", None)
    if mapped is not None:
        found = mapped
    bits = V4_NETWORK if found.version == 4 else V6_NETWORK  # noqa: PLR2004 the protocol's number
    return str(ipaddress.ip_network((found, bits), strict=False))
