"""The client: https, bounded in time and size, without redirects, cookies, proxies or unpacking.

A call that asks for it shows our certificate (mutual TLS), over connections that no other call uses.
"""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

import httpcore2

from toegang.clock import monotonic
from toegang.errors import Misconfigured, Unavailable
from toegang.outbound.addresses import AllowedAddresses, CheckedBackend
from toegang.outbound.party import Bounds, Party

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from types import TracebackType

BODY_LIMIT = 262_144
"""Bytes; no document that we fetch is larger."""

TURN = 1_048_576
"""Bytes of an answer that are taken before others get their turn: a few milliseconds."""

URL_LIMIT = 4_096
REDIRECTS = range(300, 400)
SERVER_ERRORS = range(500, 600)
IDLE_CONNECTIONS = 32
IDLE_SECONDS = 4.0
"""Servers often close what is idle for five: a question that meets that is lost, and not sent again."""

FAILURES = (
    httpcore2.NetworkError,
    httpcore2.TimeoutException,
    httpcore2.ProtocolError,
    httpcore2.UnsupportedProtocol,
    ssl.SSLError,
    OSError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What a party answered. Header names are in small letters; of a repeated one the last counts."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """Where calls may go and by what trust; `plain_http` lists hosts that need no https.

    `mutual_tls` also holds our certificate, for the calls that show it; None when we have none.
    """

    allowed: AllowedAddresses = AllowedAddresses()  # noqa: RUF009 - frozen and empty
    plain_http: frozenset[str] = frozenset()
    tls: ssl.SSLContext
    mutual_tls: ssl.SSLContext | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Files (PEM) with our certificate, the chain after it, and its key without a password."""

    certificate: Path
    key: Path


def tls_context(authorities: Path | None = None, shown: Shown | None = None) -> ssl.SSLContext:
    """NCSC-TLS: TLS 1.2 or newer, certificate and name checked.

    By the authorities in the file, or those of the system; `shown` to whoever asks who we are.

    Raises:
        Misconfigured: OpenSSL does not take the certificate, or not with this key.

    """
    context = ssl.create_default_context(cafile=authorities)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if shown is not None:
        try:
            context.load_cert_chain(shown.certificate, shown.key, password=bytes)
        except OSError as error:
            message = f"{shown.certificate}: cannot be shown to others ({error})"
            raise Misconfigured(message) from error
    return context


class Outbound:
    """Calls other parties. One per node, opened and closed by the house."""

    def __init__(
        self, wire: Wire, bounds: Bounds | None = None, monotonic: Callable[[], float] = monotonic
    ) -> None:
        """Call by `wire`, within `bounds` for each party; `monotonic` measures rests, in seconds."""
        self._wire = wire
        self._bounds = bounds or Bounds()
        self._monotonic = monotonic
        self._parties: dict[str, Party] = {}
        self._pool = _pool(wire, wire.tls)
        # Never one connection for both: who was shown our certificate would see it at every later call.
        self._mutual_pool = self._pool if wire.mutual_tls is None else _pool(wire, wire.mutual_tls)

    async def __aenter__(self) -> Self:
        """Return itself; connections are made when needed."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close all connections."""
        await self.aclose()

    async def aclose(self) -> None:
        """Close all connections."""
        await self._pool.aclose()
        await self._mutual_pool.aclose()

    async def request(  # noqa: PLR0913 - an HTTP request has these parts
        self,
        party: str,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes = b"",
        limit: int = BODY_LIMIT,
        seconds: float | None = None,
        mutual_tls: bool = False,
    ) -> Response:
        """Send one request and read the whole answer; `party` names whose trouble it would be.

        An answer of any status but a redirect is handed back. Nothing is sent a second time. `limit` and
        `seconds` are for what nobody waits for; all else stays within what is usual. With `mutual_tls` a
        server that asks for our certificate gets it, if we have one.

        Raises:
            Unavailable: no https, an address that may not be called, no answer in time, an answer over
                `limit` bytes or packed, a redirect, or the party is resting after failures.

        """
        self._check_url(url)
        place = self._parties.get(party)
        if place is None:
            place = self._parties[party] = Party(name=party, bounds=self._bounds, monotonic=self._monotonic)
        sent = {"accept-encoding": "identity", "user-agent": "toegang"} | {
            name.lower(): value for name, value in (headers or {}).items()
        }
        with place.call() as verdict:
            patience = seconds or self._bounds.seconds
            pool = self._mutual_pool if mutual_tls else self._pool
            response = await _send(pool, party, (method, url, sent, content), limit, patience)
            verdict.troubled = response.status in SERVER_ERRORS
        return response

    def _check_url(self, url: str) -> None:
        message = "an outbound call needs an https URL with a host and without user part or fragment"
        if len(url) > URL_LIMIT or not url.isascii() or not url.isprintable() or " " in url:
            raise Unavailable(message)
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname, parts.port
        except ValueError as error:
            raise Unavailable(message) from error
        secure = parts.scheme == "https" or (parts.scheme == "http" and host in self._wire.plain_http)
        if not secure or not host or "@" in parts.netloc or "#" in url or "\\" in url:
            raise Unavailable(message)


def _pool(wire: Wire, context: ssl.SSLContext) -> httpcore2.AsyncConnectionPool:
    # The number of connections is bounded per party, so that none waits for another.
    return httpcore2.AsyncConnectionPool(
        ssl_context=context,
        max_connections=None,
        max_keepalive_connections=IDLE_CONNECTIONS,
        keepalive_expiry=IDLE_SECONDS,
        network_backend=CheckedBackend(wire.allowed),
    )


async def _send(
    pool: httpcore2.AsyncConnectionPool,
    party: str,
    asked: tuple[str, str, dict[str, str], bytes],
    limit: int,
    patience: float,
) -> Response:
    method, url, headers, content = asked
    try:
        async with (
            asyncio.timeout(patience),
            pool.stream(method, url, headers=list(headers.items()), content=content or None) as answer,
        ):
            return await _read(party, answer, limit)
    except TimeoutError as error:
        message = f"{party}: no whole answer within {patience} s"
        raise Unavailable(message) from error
    except FAILURES as error:
        message = f"{party}: {type(error).__name__} {error}"
        raise Unavailable(message) from error


async def _read(party: str, answer: httpcore2.Response, limit: int) -> Response:
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}
    if answer.status in REDIRECTS:
        message = f"{party}: answered with a redirect, which is not followed"
        raise Unavailable(message)
    if headers.get("content-encoding", "identity").lower() != "identity":
        # It was asked not to; what is never unpacked cannot be a bomb.
        message = f"{party}: answered packed, which was not asked"
        raise Unavailable(message)
    pieces, size, turn = [], 0, TURN
    async for piece in answer.aiter_stream():
        pieces.append(piece)
        size += len(piece)
        if size > limit:
            message = f"{party}: answered with more than {limit} bytes"
            raise Unavailable(message)
        if size > turn:
            # What has arrived already is read without waiting; others get their turn all the same.
            turn = size + TURN
            await asyncio.sleep(0)
    # Joining much takes long, and lets go of the interpreter meanwhile.
    body = b"".join(pieces) if size <= TURN else await asyncio.to_thread(b"".join, pieces)
    return Response(status=answer.status, headers=headers, body=body)
