"""Another version of this software: what it would have written of what is under way, row by row."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field

import httpx2
import msgspec

from toegang.storage import Database
from toegang.storage.database import inside

UNKNOWN = "what-only-another-version-knows"
Rewriting = Callable[[object], object]


def newer(found: object) -> object:
    """Add a field to every record, also in what is written down as JSON inside it."""
    if isinstance(found, dict):
        return {**{name: newer(value) for name, value in found.items()}, UNKNOWN: 1}
    if isinstance(found, list):
        return [newer(value) for value in found]
    return _inside(found, lambda value: [*value, UNKNOWN] if isinstance(value, list) else newer(value))


def bare(found: object) -> object:
    """Leave no record a field that is known."""
    return {UNKNOWN: 1} if isinstance(found, dict) else found


def bare_inside(found: object) -> object:
    """Leave records as they are, and what is written down as JSON inside them without a field."""
    if isinstance(found, dict):
        return {name: bare_inside(value) for name, value in found.items()}
    return _inside(found, lambda value: [] if isinstance(value, list) else {UNKNOWN: 1})


def _inside(found: object, rewriting: Rewriting) -> object:
    if not isinstance(found, str) or not found.startswith(("{", "[")):
        return found
    try:
        return json.dumps(rewriting(json.loads(found)))
    except ValueError:
        return found


async def rewrite(database: Database, rewriting: Rewriting) -> None:
    """Write every record that is under way as another version would have."""
    async with database.begin() as unit:
        for id_, body in await inside(unit).all("SELECT id, body FROM expiring", {}):
            found = msgspec.msgpack.decode(body)
            if isinstance(found, dict):
                changed = {"id": id_, "body": msgspec.msgpack.encode(rewriting(found))}
                await inside(unit).execute("UPDATE expiring SET body = :body WHERE id = :id", changed)


@dataclass
class Meanwhile(httpx2.AsyncBaseTransport):
    """Lets every request happen twice: first after a release, thrown away; then as it is.

    Whatever the first did is put back. `told` are its answers.
    """

    web: httpx2.AsyncBaseTransport
    database: Database
    told: list[tuple[str, int, str]] = field(default_factory=list)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer it."""
        content = await request.aread()
        before = sqlite3.connect(":memory:")
        self._copy(before)
        for rewriting in (bare, bare_inside):
            await rewrite(self.database, rewriting)
            headers = request.headers
            again = httpx2.Request(request.method, request.url, headers=headers, content=content)
            response = await self.web.handle_async_request(again)
            text = (await response.aread()).decode()
            self.told.append((f"{request.method} {request.url.path}", response.status_code, text))
            self._copy(before, back=True)
        before.close()
        return await self.web.handle_async_request(request)

    def _copy(self, other: sqlite3.Connection, *, back: bool = False) -> None:
        """Copy the whole database, which is a file here."""
        with closing(sqlite3.connect(self.database.url.removeprefix("sqlite:///"))) as opened:
            if back:
                other.backup(opened)
            else:
                opened.backup(other)


@dataclass
class Released(httpx2.AsyncBaseTransport):
    """Before every request another version, which knows more, wrote everything that is under way."""

    web: httpx2.AsyncBaseTransport
    database: Database

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer it."""
        await rewrite(self.database, newer)
        return await self.web.handle_async_request(request)
