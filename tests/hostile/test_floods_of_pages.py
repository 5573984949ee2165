"""Who opens pages that wait, and leaves them, keeps no place of others and none of a login."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass

import httpx2
import pytest

from tests.hostile.at_the_edge import served
from tests.means.plastic import CardTown
from tests.means.telephones import Telephones, telephones_in
from tests.web.citizens import Browser, Page, Town
from toegang.means.app.watching import EACH, MOST, Watcher

PLACES = 12  # of the server, in all
PATIENCE = 60.0  # seconds, far less than a page is held here (tests/web/conftest.py)


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A town that is served on a port, and the lines of a browser to it."""

    town: Town
    port: int

    @property
    def watcher(self) -> Watcher:
        return self.town.rooms.apps.meeting.desk.watcher

    async def ask(self, path: str, browser: Browser | None = None) -> Line:
        """Send a question over a line of its own, and wait for no answer."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        kept = browser.http.cookies.items() if browser else ()
        cookies = "; ".join(f"{name}={value}" for name, value in kept)
        said = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}\r\n\r\n"
        writer.write(said.encode())
        return Line(reader, writer)

    async def leave(self, lines: list[Line]) -> None:
        """Hang up, and wait until nobody waits any more."""
        for line in lines:
            await line.hang_up()
        await until(lambda: self.watcher.waiting == 0)


@dataclass(frozen=True, slots=True)
class Line:
    """One connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def answer(self) -> str:
        """Return what came back first, whole."""
        async with asyncio.timeout(PATIENCE):
            head = await self.reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)\r", head)
            assert length is not None
            return (head + await self.reader.readexactly(int(length[1]))).decode()

    async def hang_up(self) -> None:
        self.writer.close()
        await self.writer.wait_closed()


async def until(so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not so():  # noqa: ASYNC110 nothing tells who waits
            await asyncio.sleep(0)


@asynccontextmanager
async def door(town: Town) -> AsyncIterator[Door]:
    assert isinstance(town.web, httpx2.ASGITransport)
    async with served(town.web.app, most=PLACES) as port:
        yield Door(town=town, port=port)


@pytest.fixture
async def phones(town: Town) -> Telephones:
    return await telephones_in(town)


async def at_page(phones: Telephones, browser: Browser) -> tuple[Page, str]:
    page = await phones.to_login(browser)
    return page, f"{page.address}/state?stage=begun"


async def test_a_page_that_is_left_gives_back_its_place_at_once(phones: Telephones) -> None:
    """However often somebody opens pages and drops them, logins are still served."""
    async with door(phones.town) as at:
        for _ in range(PLACES):
            browsers = [phones.town.browser() for _ in range(3)]
            lines = [await at.ask((await at_page(phones, each))[1], each) for each in browsers]
            await until(lambda: at.watcher.waiting == 3)
            await at.leave(lines)
        asked = await at.ask("/healthz")
        assert (await asked.answer()).startswith("HTTP/1.1 200")
        await asked.hang_up()


async def test_one_login_has_few_places_however_many_lines_ask_for_it(phones: Telephones) -> None:
    """Whoever has one page takes the places of nobody else's, and only a line for a moment."""
    own, other = phones.town.browser(), phones.town.browser()
    (_, path), (page, others) = await at_page(phones, own), await at_page(phones, other)
    async with door(phones.town) as at:
        lines = [await at.ask(path, own) for _ in range(EACH)]
        await until(lambda: at.watcher.waiting == EACH)
        for _ in range(PLACES):
            more = await at.ask(path, own)
            told = await more.answer()
            assert told.startswith("HTTP/1.1 200")
            assert "retry-after: 10\r\n" in told
            assert await more.reader.read() == b""  # the line has ended
            await more.hang_up()
        waits = await at.ask(others, other)
        await until(lambda: at.watcher.waiting == EACH + 1)
        await other.send(page, do="other")
        assert (await waits.answer()).endswith('{"stage":"asked"}')
        await at.leave([*lines, waits])


async def test_whoever_is_not_told_keeps_no_place(phones: Telephones) -> None:
    """Pages of others, pages that never were, and pages that know another stage wait for nothing."""
    own, thief = phones.town.browser(), phones.town.browser()
    _, path = await at_page(phones, own)
    nowhere = path.replace(path.rpartition("/state")[0].rpartition("/")[2], "x" * 22)
    async with door(phones.town) as at:
        for asked, browser, status in (
            (path, thief, 403),
            (nowhere, own, 400),
            (path.replace("begun", "met"), own, 200),
        ):
            line = await at.ask(asked, browser)
            assert (await line.answer()).startswith(f"HTTP/1.1 {status}")
            assert at.watcher.waiting == 0
            await line.hang_up()


async def test_a_worker_that_stops_waits_for_no_page_and_cuts_none_off(phones: Telephones) -> None:
    """Else a restart beside pages that wait takes as long as it may, and ends in an error for each."""
    browser = phones.town.browser()
    _, path = await at_page(phones, browser)
    async with asyncio.timeout(PATIENCE), door(phones.town) as at:
        line, told_before = await at.ask(path, browser), await at.ask(path.replace("begun", "met"), browser)
        await until(lambda: at.watcher.waiting == 1)
        assert (await told_before.answer()).endswith('{"stage":"begun"}')
    told = await line.answer()
    assert told.startswith("HTTP/1.1 200")
    assert told.endswith('{"stage":"begun"}')
    for each in (line, told_before):
        assert await each.reader.read() == b""
        await each.hang_up()


async def test_pages_of_card_readers_have_no_more_places_than_those_of_apps(cards: CardTown) -> None:
    browser = cards.town.browser()
    page = await cards.to_login(browser)
    watcher, path = cards.town.rooms.apps.meeting.desk.watcher, f"{page.address}/state?stage=waiting"
    async with door(cards.town) as at:
        with ExitStack() as others:
            for _ in range(MOST):
                others.enter_context(watcher.place())
            line = await at.ask(path, browser)
            assert "retry-after: 10\r\n" in await line.answer()
            assert watcher.waiting == MOST
            await line.hang_up()
        line = await at.ask(path, browser)
        await until(lambda: watcher.waiting == 1)
        await at.leave([line])
