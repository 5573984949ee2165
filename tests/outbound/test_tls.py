"""Over https the certificate and the name in it are checked."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import asynccontextmanager
from ipaddress import ip_address
from typing import TYPE_CHECKING

import pytest
from cryptography import x509

from tests.certificates import certify
from tests.outbound.servers import LOOPBACK, answer
from toegang.errors import Unavailable
from toegang.outbound.client import Outbound, Wire, tls_context
from toegang.outbound.party import Bounds

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@asynccontextmanager
async def secure_party(pem: Path) -> AsyncIterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer(b"ok"))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    try:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    finally:
        server.close()


async def fetch(url: str, authorities: Path | None) -> bytes:
    wire = Wire(allowed=LOOPBACK, tls=tls_context(authorities))
    async with Outbound(wire, Bounds(seconds=2)) as client:
        return (await client.request("party", "GET", url)).body


async def test_a_party_that_nobody_vouched_for_or_of_another_name_is_refused(tmp_path: Path) -> None:
    pem = certify(tmp_path, x509.DNSName("party.example"))
    async with secure_party(pem) as url:
        for authorities in (None, pem):
            with pytest.raises(Unavailable, match="certificate verify failed"):
                await fetch(url, authorities)


async def test_a_party_with_its_own_name_and_a_trusted_authority_is_called(tmp_path: Path) -> None:
    pem = certify(tmp_path, x509.IPAddress(ip_address("127.0.0.1")))
    async with secure_party(pem) as url:
        assert await fetch(url, pem) == b"ok"
