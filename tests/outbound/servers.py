"""Small parties on loopback that answer with raw bytes, or behave badly."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import TYPE_CHECKING

from toegang.outbound.addresses import AllowedAddresses
from toegang.outbound.client import Outbound, Wire, tls_context
from toegang.outbound.party import Bounds

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

LOOPBACK = AllowedAddresses(networks=(ip_network("127.0.0.0/8"), ip_network("::1/128")))


def answer(body: bytes, *, status: str = "200 OK", headers: str = "") -> bytes:
    """Return a whole HTTP/1.1 answer."""
    return f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\n{headers}\r\n".encode() + body


@dataclass
class Stop:
    """A stopped clock for rests, in seconds."""

    at: float = 0.0

    def __call__(self) -> float:
        return self.at


@dataclass
class Seen:
    """What a party got."""

    url: str = ""
    requests: list[bytes] = field(default_factory=list)


@asynccontextmanager
async def party(behaviour: Behaviour | bytes) -> AsyncIterator[Seen]:
    """Run a party that answers each connection with these bytes, or as the behaviour does."""
    seen = Seen()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if not isinstance(behaviour, bytes):
                seen.requests.append(b"")
                await behaviour(reader, writer)
                return
            while head := await reader.readuntil(b"\r\n\r\n"):
                seen.requests.append(head)
                writer.write(behaviour)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    seen.url = f"http://{host}:{port}"
    try:
        yield seen
    finally:
        server.close()


def outbound(
    *,
    allowed: AllowedAddresses = LOOPBACK,
    plain: frozenset[str] = frozenset({"127.0.0.1", "localhost"}),
    bounds: Bounds | None = None,
    monotonic: Callable[[], float] | None = None,
) -> Outbound:
    """Return a client that may call loopback by plain http, unless told otherwise."""
    wire = Wire(allowed=allowed, plain_http=plain, tls=tls_context())
    return Outbound(wire, bounds or Bounds(seconds=0.5), monotonic or Stop())
