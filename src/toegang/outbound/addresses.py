"""Which addresses may be called: checked where the connection is made, so that no name can lie.

A name is resolved once, here, and the connection goes to the address that was checked: a name that
answers differently the second time (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING

import httpcore2

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable
    from ipaddress import IPv4Network

    Network = IPv4Network | IPv6Network

Address = IPv4Address | IPv6Address

NAT64 = IPv6Network("64:ff9b::/96")
IPV4_BITS = 0xFFFFFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedAddresses:
    """The public internet, and the private networks that the operator names."""

    networks: tuple[Network, ...] = ()

    def allows(self, address: Address) -> bool:
        """Return whether this address, and any address that it wraps, may be called."""
        return all(self._allows_one(one) for one in unwrapped(address))

    def _allows_one(self, address: Address) -> bool:
        if any(address.version == network.version and address in network for network in self.networks):
            return True
        return address.is_global and not address.is_multicast and not address.is_reserved


def unwrapped(address: Address) -> tuple[Address, ...]:
    """Return the IPv4 address inside an IPv6 one when there is one (RFC4291-2.5.5.2), else itself.

    With translation (RFC6052-2.1, RFC3056) the traffic ends at the inner address, so only that counts.
    """
    if isinstance(address, IPv4Address):
        return (address,)
    inner = address.ipv4_mapped or address.sixtofour
    if inner is None and address in NAT64:
        inner = IPv4Address(int(address) & IPV4_BITS)
    if inner is None and address.teredo is not None:
        return address.teredo
    return (address,) if inner is None else (inner,)


class CheckedBackend(httpcore2.AsyncNetworkBackend):
    """Connects to allowed addresses only."""

    def __init__(self, allowed: AllowedAddresses) -> None:
        """Hold which addresses are allowed."""
        self._allowed = allowed
        self._wire = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature that the library calls
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Resolve, check, connect to the checked address, and check who is at the other end.

        Raises:
            httpcore2.ConnectError: no such name, no allowed address, or nobody there.

        """
        last = httpcore2.ConnectError("none of the addresses may be called")
        for address in await _resolve(host, port):
            if not self._allowed.allows(address):
                continue
            try:
                stream = await self._wire.connect_tcp(
                    str(address), port, timeout, local_address, socket_options
                )
            except httpcore2.ConnectError as error:
                last = error
                continue
            peer = stream.get_extra_info("server_addr")
            if not isinstance(peer, tuple) or not self._allowed.allows(_address(str(peer[0]))):
                await stream.aclose()
                message = "connected to an address that may not be called"
                raise httpcore2.ConnectError(message)
            return _ClosingStream(stream)
        raise last

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature that the library calls
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Refuse: a socket file is no party.

        Raises:
            httpcore2.ConnectError: always.

        """
        del path, timeout, socket_options
        message = "outbound calls go over the network"
        raise httpcore2.ConnectError(message)

    async def sleep(self, seconds: float) -> None:
        """Wait between the library's own attempts."""
        await self._wire.sleep(seconds)


class _ClosingStream(httpcore2.AsyncNetworkStream):
    """A connection that is closed when the call is cut off during the TLS handshake.

    The library closes it on errors only; a party that hangs there would cost a socket each time.
    """

    def __init__(self, stream: httpcore2.AsyncNetworkStream) -> None:
        self._stream = stream

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature that the library calls
    ) -> httpcore2.AsyncNetworkStream:
        try:
            return await self._stream.start_tls(ssl_context, server_hostname, timeout)
        except BaseException:
            await self._stream.aclose()
            raise

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - as above
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - as above
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


async def connect_checked(allowed: AllowedAddresses, host: str, port: int) -> socket.socket:
    """Connect to an allowed address of a host, for what is not HTTP; the caller bounds the time.

    Raises:
        httpcore2.ConnectError: no such name, no allowed address, or nobody there.

    """
    last: OSError | None = None
    for address in await _resolve(host, port):
        if not allowed.allows(address):
            continue
        made = socket.socket(socket.AF_INET6 if address.version == 6 else socket.AF_INET)  # noqa: PLR2004
        made.setblocking(False)  # noqa: FBT003 the signature of the library
        try:
            await asyncio.get_running_loop().sock_connect(made, (str(address), port))
        except OSError as error:
            made.close()
            last = error
        except BaseException:
            made.close()
            raise
        else:
            return made
    message = f"nobody there ({last})" if last else "none of the addresses may be called"
    raise httpcore2.ConnectError(message)


async def _resolve(host: str, port: int) -> tuple[Address, ...]:
    # The system's resolver also reads 2130706433, 0x7f.1 and 127.1 as addresses; we see what it made of it.
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        message = "the name does not resolve"
        raise httpcore2.ConnectError(message) from error
    return tuple(dict.fromkeys(_address(str(entry[4][0])) for entry in found))


def _address(text: str) -> Address:
    return ip_address(text.partition("%")[0])
