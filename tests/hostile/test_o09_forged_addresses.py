"""O09: an address given by a party must not make the hub call its own inside."""

from __future__ import annotations

import socket
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.outbound.servers import answer, outbound, party
from toegang.errors import Unavailable
from toegang.outbound.addresses import AllowedAddresses

if TYPE_CHECKING:
    from tests.outbound.servers import Seen

NOWHERE = AllowedAddresses()
INSIDE = [
    "127.0.0.1", "127.255.0.1", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "192.0.0.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1",
    "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::", "2002:a00:1::",
]  # fmt: skip


@pytest.mark.parametrize("text", INSIDE)
def test_an_address_of_the_inside_is_not_allowed(text: str) -> None:
    assert not NOWHERE.allows(ip_address(text))


@pytest.mark.parametrize("text", ["1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"])
def test_an_address_of_the_public_internet_is_allowed(text: str) -> None:
    assert NOWHERE.allows(ip_address(text))


@given(st.ip_addresses(v=4))
def test_wrapping_an_address_never_makes_it_allowed(address: object) -> None:
    for wrapped in (f"::ffff:{address}", f"64:ff9b::{address}"):
        assert NOWHERE.allows(ip_address(wrapped)) == NOWHERE.allows(ip_address(str(address)))


def test_a_network_that_the_operator_names_is_allowed_and_no_other() -> None:
    named = AllowedAddresses(networks=(ip_network("10.1.0.0/16"),))
    assert named.allows(ip_address("10.1.2.3"))
    assert named.allows(ip_address("::ffff:10.1.2.3"))
    assert not named.allows(ip_address("10.2.0.1"))
    assert not named.allows(ip_address("::1"))


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f000001",
        "127.1",
        "0177.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
    ],
)
async def test_no_spelling_of_loopback_is_called(host: str) -> None:
    async with party(answer(b"secret")) as seen:
        port = seen.url.rsplit(":", 1)[1]
        plain = frozenset({host.strip("[]")})
        async with outbound(allowed=NOWHERE, plain=plain) as client:
            with pytest.raises(Unavailable, match="ConnectError"):
                await client.request("party", "GET", f"http://{host}:{port}/")
        assert seen.requests == []


async def test_a_name_that_resolves_to_the_inside_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    async with party(answer(b"secret")) as seen:
        await _point_at(monkeypatch, seen)
        async with outbound(allowed=NOWHERE, plain=frozenset({"rebinding.example"})) as client:
            with pytest.raises(Unavailable, match="may be called"):
                await client.request("party", "GET", "http://rebinding.example/")
        assert seen.requests == []


async def _point_at(monkeypatch: pytest.MonkeyPatch, seen: Seen) -> None:
    port = int(seen.url.rsplit(":", 1)[1])

    def resolve(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


@pytest.mark.parametrize(
    "url",
    [
        "http://party.example/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_x",
        "ftp://party.example/",
        "//party.example/",
        "/etc/passwd",
        "https:///path",
        "https://",
        "https://user:word@party.example/",
        "https://party.example@127.0.0.1/",
        "https://party.example\\@127.0.0.1/",
        "https://party.example/#part",
        "https://party.example:99999/",
        "https://party.example/a b",
        "https://party.example/\r\nx: y",
        "https://pärty.example/",
        "https://[::1/",
        "HTTP://127.0.0.1:1/x@",
        "https://party.example/" + "a" * 5000,
    ],
)
async def test_a_url_that_is_not_plain_https_is_not_called(url: str) -> None:
    async with outbound() as client:
        with pytest.raises(Unavailable):
            await client.request("party", "GET", url)


async def test_a_certificate_that_nobody_vouched_for_is_refused() -> None:
    async with party(answer(b"secret")) as seen, outbound() as client:
        with pytest.raises(Unavailable):
            await client.request("party", "GET", seen.url.replace("http:", "https:"))
