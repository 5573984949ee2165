"""A party that hangs, floods, redirects, resets or answers packed costs one bounded refusal."""

from __future__ import annotations

import asyncio
import gzip
import struct
from socket import SO_LINGER, SOL_SOCKET
from types import SimpleNamespace

import pytest

from tests.outbound.servers import Stop, answer, outbound, party
from toegang.errors import Unavailable
from toegang.outbound.party import Bounds


async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    assert not writer.is_closing()


async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    # One byte at a time, each soon enough for a limit per read: only a limit for the whole stops it.
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
    for _ in range(200):
        writer.write(b"x")
        await writer.drain()
        await asyncio.wait([asyncio.create_task(reader.read(1))], timeout=0.02)


async def flood(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
    for _chunk in range(4096):
        writer.write(b"10000\r\n" + b"x" * 65536 + b"\r\n")
        await writer.drain()


async def reset(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def headers_without_end(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(50_000):
        writer.write(f"x-{number}: {'y' * 60}\r\n".encode())
        await writer.drain()


@pytest.mark.parametrize("behaviour", [hang, drip, flood, reset, headers_without_end])
async def test_a_party_that_behaves_badly_is_unavailable_in_time(behaviour: object) -> None:
    async with party(behaviour) as seen, outbound() as client, asyncio.timeout(5):  # type: ignore[arg-type]
        with pytest.raises(Unavailable):
            await client.request("party", "GET", seen.url)


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See", "307 Temporary", "308 Permanent"])
async def test_a_redirect_is_not_followed(status: str) -> None:
    async with party(answer(b"secret")) as target:
        location = f"location: {target.url}/\r\n"
        async with party(answer(b"", status=status, headers=location)) as seen, outbound() as client:
            with pytest.raises(Unavailable, match="redirect"):
                await client.request("party", "GET", seen.url)
            assert target.requests == []


async def test_a_packed_answer_is_not_unpacked() -> None:
    bomb = gzip.compress(bytes(50_000_000))
    packed = answer(bomb, headers="content-encoding: gzip\r\n")
    async with party(packed) as seen, outbound() as client:
        with pytest.raises(Unavailable, match="packed"):
            await client.request("party", "GET", seen.url)


async def test_an_answer_of_the_limit_passes_and_one_byte_more_does_not() -> None:
    async with party(answer(b"x" * 1000)) as seen, outbound() as client:
        assert len((await client.request("party", "GET", seen.url, limit=1000)).body) == 1000
        with pytest.raises(Unavailable, match="more than 999"):
            await client.request("party", "GET", seen.url, limit=999)


async def test_an_answer_that_is_no_http_is_unavailable() -> None:
    for garbage in (b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n", b"\x00" * 100):
        async with party(garbage) as seen, outbound() as client:
            with pytest.raises(Unavailable):
                await client.request("party", "GET", seen.url)


async def test_a_header_cannot_be_split() -> None:
    async with party(answer(b"")) as seen, outbound() as client:
        with pytest.raises(Unavailable):
            await client.request("party", "GET", seen.url, headers={"x": "a\r\ny: b"})
        assert seen.requests == []


async def test_a_connection_is_used_again_until_a_party_may_be_about_to_close_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connections: list[str] = []
    since = Stop()
    monkeypatch.setattr("httpcore2._async.http11.time", SimpleNamespace(monotonic=since))

    async def keeping(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append("one more")
        while await reader.readline():
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer(b"ok"))

    async with party(keeping) as seen, outbound(bounds=Bounds(seconds=60)) as client:
        # Apache, Node and uvicorn close what was idle for five seconds.
        for idle, many in ((0.0, 1), (3.5, 1), (4.9, 2)):
            since.at += idle
            await client.request("party", "GET", seen.url)
            assert len(connections) == many


async def test_a_party_gets_only_so_many_calls_at_once_and_others_do_not_notice() -> None:
    bounds = Bounds(seconds=0.5, parallel=3)
    async with party(hang) as slow, party(answer(b"ok")) as quick, outbound(bounds=bounds) as client:
        calls = [asyncio.create_task(client.request("slow", "GET", slow.url)) for _ in range(3)]
        await asyncio.wait(calls, timeout=0.05)
        with pytest.raises(Unavailable, match="under way"):
            await client.request("slow", "GET", slow.url)
        assert (await client.request("quick", "GET", quick.url)).body == b"ok"
        await asyncio.gather(*calls, return_exceptions=True)


@pytest.mark.parametrize("behaviour", [reset, answer(b"", status="500 Oops")])
async def test_a_party_that_keeps_failing_is_left_alone_and_tried_again_once(behaviour: object) -> None:
    clock, bounds = Stop(), Bounds(seconds=1, failures=3, rest_seconds=10)
    async with party(behaviour) as seen, outbound(bounds=bounds, monotonic=clock) as client:  # type: ignore[arg-type]

        async def attempt() -> str:
            try:
                return str((await client.request("party", "GET", seen.url)).status)
            except Unavailable as refused:
                return refused.detail

        for _ in range(3):
            await attempt()
        assert "not called" in await attempt()
        reached = len(seen.requests)
        clock.at = 9.9
        assert "not called" in await attempt()
        assert len(seen.requests) == reached
        clock.at = 10.0
        assert "not called" not in await attempt()
        assert "not called" in await attempt()


async def test_a_party_that_recovered_is_called_as_before() -> None:
    clock, bounds = Stop(), Bounds(seconds=1, failures=2, rest_seconds=10)
    async with party(answer(b"ok")) as seen, outbound(bounds=bounds, monotonic=clock) as client:
        for _ in range(2):
            with pytest.raises(Unavailable):
                await client.request("party", "GET", "http://127.0.0.1:1/")
        clock.at = 10.0
        for _ in range(3):
            assert (await client.request("party", "GET", seen.url)).status == 200


async def test_what_is_sent_and_answered_arrives_whole() -> None:
    said = answer(b'{"a":1}', status="404 Not Found", headers="X-Kind: json\r\n")
    async with party(said) as seen, outbound() as client:
        response = await client.request("party", "GET", f"{seen.url}/a?b=c", headers={"Accept": "x/y"})
        assert (response.status, response.body, response.headers["x-kind"]) == (404, b'{"a":1}', "json")
        head = seen.requests[0]
        assert head.startswith(b"GET /a?b=c HTTP/1.1\r\n")
        assert b"accept: x/y" in head
        assert b"accept-encoding: identity" in head
        assert b"cookie" not in head
