"""Over https the certificate and the name in it are checked."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.outbound.servers import LOOPBACK, answer
from toegang.errors import Unavailable
from toegang.outbound.client import Outbound, Wire, tls_context
from toegang.outbound.party import Bounds

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


def certify(directory: Path, name: x509.GeneralName) -> Path:
    """Write a certificate that vouches for itself, with its key; return the file."""
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "made for a test")])
    certificate = (
        x509.CertificateBuilder(issuer, issuer, key.public_key(), 1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([name]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = directory / "party.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + certificate.public_bytes(Encoding.PEM))
    return path


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
