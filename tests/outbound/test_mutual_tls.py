"""Our certificate is shown to who asks for it, at the calls that are meant to show it, and at no other."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

from tests.authorities import Authority, Issued
from tests.outbound.servers import LOOPBACK, answer
from toegang.errors import Misconfigured, Unavailable
from toegang.outbound.client import Outbound, Shown, Wire, tls_context
from toegang.outbound.party import Bounds

OURS = "toegang.example"


@dataclass(frozen=True, kw_only=True)
class Setting:
    """An authority that vouches for both sides, and what we show."""

    folder: Path
    authority: Authority
    authorities: Path
    shown: Shown


@dataclass
class Seen:
    """Who called, by connection: the name in the certificate that was shown; empty without one."""

    url: str = ""
    callers: list[str] = field(default_factory=list)


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    authority = Authority.named("an authority")
    (tmp_path / "authorities.pem").write_text(authority.own.pem)
    ours = authority.issue(OURS).write(tmp_path / "ours.pem")
    return Setting(
        folder=tmp_path,
        authority=authority,
        authorities=tmp_path / "authorities.pem",
        shown=Shown(certificate=ours, key=ours),
    )


@asynccontextmanager
async def asking(setting: Setting, verify: ssl.VerifyMode, version: ssl.TLSVersion) -> AsyncIterator[Seen]:
    """Run a party that asks who calls, and keeps its connections open."""
    seen, context = Seen(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(setting.authority.issue("party", "127.0.0.1").write(setting.folder / "party.pem"))
    context.load_verify_locations(setting.authorities)
    context.verify_mode, context.maximum_version = verify, version

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        subject = (writer.get_extra_info("peercert") or {}).get("subject", ())
        seen.callers.append("".join(value for part in subject for _, value in part))
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(answer(b"ok"))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    seen.url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    try:
        yield seen
    finally:
        server.close()


def calling(setting: Setting, shown: Shown | None) -> Outbound:
    wire = Wire(
        allowed=LOOPBACK,
        tls=tls_context(setting.authorities),
        mutual_tls=tls_context(setting.authorities, shown) if shown else None,
    )
    return Outbound(wire, Bounds(seconds=5))


VERSIONS = pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])


@VERSIONS
async def test_a_party_that_demands_a_certificate_turns_away_a_call_that_shows_none(
    setting: Setting, version: ssl.TLSVersion
) -> None:
    async with asking(setting, ssl.CERT_REQUIRED, version) as seen:
        async with calling(setting, setting.shown) as client:
            with pytest.raises(Unavailable):
                await client.request("party", "GET", seen.url)
            told = await client.request("party", "GET", seen.url, mutual_tls=True)
        async with calling(setting, None) as client:
            with pytest.raises(Unavailable):
                await client.request("party", "GET", seen.url, mutual_tls=True)
    assert told.body == b"ok"
    assert [each for each in seen.callers if each] == [OURS]


@VERSIONS
async def test_only_the_calls_that_are_meant_to_show_it_do_and_no_other_uses_their_connections(
    setting: Setting, version: ssl.TLSVersion
) -> None:
    async with asking(setting, ssl.CERT_OPTIONAL, version) as seen, calling(setting, setting.shown) as client:
        for mutual in (True, False, True, False):
            await client.request("party", "GET", seen.url, mutual_tls=mutual)
    assert seen.callers == [OURS, ""], "each kind of call keeps to its own connection"


async def test_without_a_certificate_of_ours_a_party_that_only_asks_is_called_as_before(
    setting: Setting,
) -> None:
    version = ssl.TLSVersion.TLSv1_3
    async with asking(setting, ssl.CERT_OPTIONAL, version) as seen, calling(setting, None) as client:
        await client.request("party", "GET", seen.url, mutual_tls=True)
    assert seen.callers == [""]


def test_a_key_of_another_certificate_or_behind_a_password_is_refused(setting: Setting) -> None:
    other = setting.authority.issue("another").write(setting.folder / "other.pem")
    locked = setting.folder / "locked.pem"
    locked.write_bytes(_locked(setting.authority.issue(OURS)))
    for certificate, key in ((setting.shown.certificate, other), (locked, locked)):
        with pytest.raises(Misconfigured, match="cannot be shown"):
            tls_context(setting.authorities, Shown(certificate=certificate, key=key))


def _locked(issued: Issued) -> bytes:
    locked = BestAvailableEncryption(b"a password")
    return issued.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked) + issued.pem.encode()
