"""From where a person comes, when a proxy stands in front; nothing else that a header says is believed."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from starlette.types import Receive, Scope, Send

from toegang.web.proxies import BehindProxies

PROXY = "10.0.0.5"
TRUSTED = (ip_network("10.0.0.0/8"), ip_network("2001:db8::/32"))


async def seen(peer: str | None, *told: str, over_socket: bool = False) -> tuple[str | None, str]:
    """Return the address and scheme that the application sees."""
    found: list[tuple[str | None, str]] = []

    async def app(scope: Scope, _: Receive, __: Send) -> None:
        found.append((scope["client"] and scope["client"][0], scope["scheme"]))

    headers = [(b"x-forwarded-for", each.encode()) for each in told]
    headers += [(b"x-forwarded-proto", b"https"), (b"x-forwarded-host", b"evil.example")]
    scope = {"type": "http", "client": (peer, 1) if peer else None, "headers": headers, "scheme": "http"}
    await BehindProxies(app, TRUSTED, over_socket=over_socket)(scope, None, None)  # type: ignore[arg-type]
    return found[0]


@pytest.mark.parametrize(
    ("peer", "told", "expected"),
    [
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),  # not a proxy of ours: not believed
        (PROXY, [], PROXY),
        (PROXY, ["198.51.100.1"], "198.51.100.1"),
        (PROXY, ["1.1.1.1, 198.51.100.1"], "198.51.100.1"),  # the first was written by the person
        (PROXY, ["1.1.1.1", "198.51.100.1"], "198.51.100.1"),  # two headers are one list
        (PROXY, ["198.51.100.1, 10.0.0.9"], "198.51.100.1"),  # two proxies of ours
        (PROXY, ["10.0.0.1, 10.0.0.9"], "10.0.0.1"),
        (PROXY, ["198.51.100.1:4711"], "198.51.100.1"),
        (PROXY, ["[2a02:db8::1]:4711"], "2a02:db8::1"),
        (PROXY, ["::ffff:198.51.100.1"], "198.51.100.1"),
        (PROXY, ["198.51.100.1, nonsense"], PROXY),
        (PROXY, ["<script>"], PROXY),
        (PROXY, [", ".join(["10.0.0.2"] * 1000)], "10.0.0.2"),
    ],
)
async def test_the_person_is_the_last_address_that_is_not_a_trusted_proxys(
    peer: str, told: list[str], expected: str
) -> None:
    assert await seen(peer, *told) == (expected, "http")


async def test_over_a_unix_socket_the_proxy_in_front_is_believed_and_elsewhere_nobody() -> None:
    assert await seen(None, "198.51.100.1", over_socket=True) == ("198.51.100.1", "http")
    assert await seen(None, "198.51.100.1") == (None, "http")
