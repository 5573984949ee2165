"""No party of the demo reads without end, and one that the hub does not answer says so."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from demo import (
    cards,
    hospital,
    letterbox,
    mailbox,
    municipality,
    notices,
    papers,
    population,
    pushservice,
    telephone,
)
from demo.door import Door
from demo.foreign import site
from demo.places import Party, Places, secret
from demo.web import LARGEST, Bounded
from tests.demo.running import running

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping

    from starlette.applications import Starlette
    from starlette.types import ASGIApp, Receive, Scope, Send

PIECE = 16_384
READS: dict[Callable[[Places], Starlette], tuple[str, str, Party | None]] = {
    municipality.build: ("POST", "/backchannel-logout", None),
    hospital.build: ("POST", "/backchannel-logout", None),
    population.build: ("POST", "/persons/find", Party.POPULATION),
    telephone.build: ("PUT", "/messages/019a0000-0000-7000-8000-000000000001", Party.TELEPHONE),
    letterbox.build: ("PUT", "/letters/019a0000-0000-7000-8000-000000000001", Party.LETTERBOX),
    pushservice.build: ("POST", "/subscribe", None),
    papers.build: ("POST", "/", None),
    cards.build: ("POST", "/", None),
}
"""Of each party something that reads a body, and whose secret opens it."""

WITHOUT_BODY = {mailbox.build}


@dataclass(slots=True)
class Endless:
    """Somebody who sends and sends; `taken` is how many bytes were read of it."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    taken: int = 0
    status: int = 0
    body: bytes = b""

    async def asks(self, app: ASGIApp) -> int:
        """Ask, and return the status of the answer."""
        headers = [(name.encode(), value.encode()) for name, value in self.headers.items()]
        scope = {
            "type": "http",
            "method": self.method,
            "path": self.path,
            "query_string": b"",
            "headers": headers,
        }
        await app(scope, self._more, self._answered)
        return self.status

    async def _more(self) -> dict[str, Any]:
        assert self.taken <= 2 * LARGEST, "it reads without end"
        self.taken += PIECE
        return {"type": "http.request", "body": b"x" * PIECE, "more_body": True}

    async def _answered(self, message: MutableMapping[str, Any]) -> None:
        self.status = message.get("status", self.status)
        self.body += message.get("body", b"")


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    found = Places(home=tmp_path_factory.mktemp("bounds") / "demo", port_base=1)
    found.prepare()
    return found


@pytest.mark.parametrize("build", READS, ids=lambda build: build.__module__)
async def test_a_party_stops_reading_what_is_larger_than_anybody_sends(
    places: Places, build: Callable[[Places], Starlette]
) -> None:
    method, path, party = READS[build]
    shown = {"authorization": f"Bearer {secret(party)}"} if party else {}
    sender = Endless(method=method, path=path, headers=shown)
    assert await sender.asks(build(places)) == 413
    assert sender.taken <= LARGEST + PIECE


def test_every_party_of_the_demo_was_tried() -> None:
    tried = {build.__module__.removeprefix("demo.") for build in {*READS, *WITHOUT_BODY}}
    assert tried == {party.value for party in Party if party is not Party.HUB}


async def test_of_a_notice_and_of_a_push_no_more_is_read_than_may_be_in_it(places: Places) -> None:
    told = Endless(method="POST", path=notices.PATH, headers={"content-type": notices.MEDIA_TYPE})
    assert await told.asks(municipality.build(places)) == 400
    assert b"invalid_request" in told.body
    assert told.taken <= notices.LARGEST + PIECE
    other = Endless(method="POST", path=notices.PATH, headers={"content-type": "text/plain"})
    assert (await other.asks(municipality.build(places)), other.taken) == (400, 0)


async def test_who_sends_nothing_is_not_waited_for_for_ever() -> None:
    said: list[int] = []

    async def reads(_: Scope, receive: Receive, __: Send) -> None:
        await receive()

    async def never() -> dict[str, Any]:
        await asyncio.Event().wait()
        return {}

    async def send(message: MutableMapping[str, Any]) -> None:
        said.append(message["status"])

    with pytest.raises(Exception, match="408"):
        await Bounded(reads, patience=0)({"type": "http"}, never, send)
    assert said == []


def test_a_party_on_other_software_does_not_read_what_is_too_large_either() -> None:
    class Unread:
        def read(self, _: int) -> bytes:
            raise AssertionError

    served = site.Site(cookie="demo", pages={})
    for length in (str(site.LARGEST + 1), "-1", "many"):
        said: list[str] = []
        environ = {"CONTENT_LENGTH": length, "wsgi.input": Unread(), "PATH_INFO": "/"}
        assert served(environ, lambda status, _, said=said: said.append(status)) == []
        assert said == ["413 Content Too Large"]


@pytest.mark.parametrize("build", [papers.build, cards.build], ids=["papers", "cards"])
@pytest.mark.parametrize(("language", "said"), [("nl", "antwoordt niet"), ("en", "does not answer")])
async def test_a_reader_says_so_when_the_hub_is_away(
    places: Places, build: Callable[[Places], Starlette], language: str, said: str
) -> None:
    async with running(build(places)) as url, httpx2.AsyncClient() as client:
        page = await client.get(url + "/")
        chosen = page.text.partition('<option value="')[2].partition('"')[0]
        form = {"do": "take", "code": "ABCD", "paper": chosen, "card": chosen}
        answer = await client.post(url + "/", data=form, headers={"accept-language": language})
    assert answer.status_code == 502
    assert said in answer.text


async def test_the_door_says_so_when_the_hub_behind_it_is_away(tmp_path: Path) -> None:
    door = Door(socket=tmp_path / "nobody")
    async with await asyncio.start_server(door.answer, "127.0.0.1", 0) as serving:
        port = serving.sockets[0].getsockname()[1]
        async with httpx2.AsyncClient() as client:
            answer = await client.get(f"http://127.0.0.1:{port}/")
    assert answer.status_code == 502
    assert "Toegang antwoordt niet" in answer.text


async def test_the_door_says_so_where_a_hub_that_was_killed_left_its_socket(tmp_path: Path) -> None:
    left = tmp_path / "left"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(left))
    async with await asyncio.start_server(Door(socket=left).answer, "127.0.0.1", 0) as serving:
        port = serving.sockets[0].getsockname()[1]
        async with httpx2.AsyncClient() as client:
            answer = await client.get(f"http://127.0.0.1:{port}/")
    assert answer.status_code == 502


async def test_the_door_hangs_up_on_the_hub_when_the_browser_hangs_up(tmp_path: Path) -> None:
    asked, left = asyncio.Event(), asyncio.Event()

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        asked.set()
        assert await reader.read() == b""
        left.set()
        writer.close()

    path = tmp_path / "hub"
    async with (
        await asyncio.start_unix_server(hold, str(path)),
        await asyncio.start_server(Door(socket=path).answer, "127.0.0.1", 0) as serving,
    ):
        _, writer = await asyncio.open_connection(*serving.sockets[0].getsockname())
        writer.write(b"GET / HTTP/1.1\r\nHost: hub\r\n\r\n")
        await asked.wait()
        writer.close()
        async with asyncio.timeout(5):
            await left.wait()
