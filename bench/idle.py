"""Pages that wait for an app, as many as asked; a process of its own.

Reads one JSON object (`Waiting`), then a line per wish: `open COUNT` opens so many pages, each with a
connection of its own on which it asks where its pairing is, and again after every answer, as the page's
script does; `close` leaves them all. After each it writes one line of JSON: how many are open, and how many
answers came so far. An answer that is not right ends the process, and so does a page that is asked to come
back later or is hung up on: it does not wait.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import uvloop

if TYPE_CHECKING:
    from asyncio import BaseTransport, Transport

AT_ONCE = 200  # connections opened together
LOOKED_AT_WITHIN = 120.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Where pages wait: `path` with the number of the page in it, and the cookie of their browser."""

    port: int
    path: str
    cookie: str


class Page(asyncio.Protocol):
    """One page that waits."""

    answers = 0
    wrong = ""

    def __init__(self, waiting: Waiting, number: int) -> None:
        """Prepare the one question that it asks."""
        lines = (
            f"GET {waiting.path.format(number)} HTTP/1.1",
            f"Host: localhost:{waiting.port}",
            f"Cookie: {waiting.cookie}",
        )
        self._question = "\r\n".join((*lines, "", "")).encode()
        self._heard = b""
        self._left = False

    def connection_made(self, transport: BaseTransport) -> None:
        """Ask."""
        self.transport = cast("Transport", transport)
        self.transport.write(self._question)

    def data_received(self, data: bytes) -> None:
        """See that the answer is right, and ask again."""
        self._heard += data
        head, ended, _ = self._heard.partition(b"\r\n\r\n")
        if ended and not (head.startswith(b"HTTP/1.1 200") and b"retry-after" not in head):
            Page.wrong = self._heard[:300].decode("latin-1")
            self.leave()
        elif self._heard.endswith(b"}"):
            Page.answers += 1
            self._heard = b""
            self.again()

    def connection_lost(self, _: Exception | None) -> None:
        """See that it was we who left."""
        if not self._left:
            Page.wrong = Page.wrong or "hung up on a page that waits"

    def again(self) -> None:
        """Ask again, as the page's script does."""
        self.transport.write(self._question)

    def leave(self) -> None:
        """Go away."""
        self._left = True
        self.transport.close()


class Once(Page):
    """A page that asks once."""

    def __init__(self, waiting: Waiting, number: int) -> None:
        """Prepare its question."""
        super().__init__(waiting, number)
        self.answered = asyncio.Event()

    def data_received(self, data: bytes) -> None:
        """Be content, whatever is said: there may be no place for one more."""
        self._heard += data
        if self._heard.endswith(b"}"):
            self.leave()
            self.answered.set()


async def _looked_at(waiting: Waiting) -> None:
    """Return once the hub has looked at every page that asked so far: they stand in one line.

    A page that knows another stage than the hub is answered at once, when its turn has come.
    """
    loop = asyncio.get_running_loop()
    other = replace(waiting, path=waiting.path + "-other")
    _, once = await loop.create_connection(lambda: Once(other, 0), "127.0.0.1", waiting.port)
    await asyncio.wait_for(once.answered.wait(), LOOKED_AT_WITHIN)


async def _main() -> None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    waiting, loop = Waiting(**json.loads(sys.stdin.readline())), asyncio.get_running_loop()
    pages: list[Page] = []
    while line := (await asyncio.to_thread(sys.stdin.readline)).split():
        if line[0] == "open":
            count = int(line[1])
            for first in range(0, count, AT_ONCE):
                made = await asyncio.gather(
                    *(
                        loop.create_connection(lambda at=at: Page(waiting, at), "127.0.0.1", waiting.port)  # type: ignore[misc]
                        for at in range(first, min(first + AT_ONCE, count))
                    )
                )
                pages += [page for _, page in made]
        else:
            for page in pages:
                page.leave()
            pages = []
        await _looked_at(waiting)
        if Page.wrong:
            raise SystemExit(Page.wrong)
        still = sum(not page.transport.is_closing() for page in pages)
        print(json.dumps({"open": still, "answers": Page.answers}), flush=True)


if __name__ == "__main__":
    uvloop.run(_main())
