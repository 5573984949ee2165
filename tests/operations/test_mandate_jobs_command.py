"""An operator lets what a firm did go over with its merger, looks how far it is, and stops it."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from typer.testing import CliRunner, Result

from tests.mandates import builders as b
from tests.operations.hub import copy_of
from toegang import config
from toegang.app import jobs_of_mandates
from toegang.cli.main import app
from toegang.cli.terminal import ground
from toegang.identity.numbers import KvkNumber
from toegang.mandates.edge import EdgeId, State

GONE, INTO, OTHER, CLIENT = (f"9000008{each}" for each in range(4))
CLOSED, STAYS = EdgeId(UUID(int=80)), EdgeId(UUID(int=81))
GROUND = ("--ground", "FUS-2027-0003")
USUAL: dict[str, Any] = {
    "name": "Voorbeeld B.V.",
    "form": "private-company",
    "registeredOn": "2020-01-01",
    "standing": "active",
    "standingSince": "2020-01-01",
    "officials": [],
    "proxies": [],
    "branches": [],
}
MERGED = {"standing": "merged", "standingSince": "2024-01-01", "into": INTO}
TOLD = {each: USUAL | {"kvk": each} for each in (INTO, OTHER, CLIENT)} | {
    GONE: USUAL | MERGED | {"kvk": GONE}
}


class Register(BaseHTTPRequestHandler):
    """A trade register that knows four organisations, and for whom nobody is registered."""

    def do_POST(self) -> None:  # the name that the library calls
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        found = [TOLD[asked["kvk"]]] if asked.get("kvk") in TOLD else []
        answer = {"parties": [], "next": ""} if self.path.endswith("held-by") else {"organisations": found}
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def place(installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give an installed hub that asks the register, in which a firm has two clients; go there."""
    copy = copy_of(installed, tmp_path)
    monkeypatch.chdir(copy)
    with ThreadingHTTPServer(("127.0.0.1", 0), Register) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("TOEGANG_ORGANISATIONS__URL", f"http://localhost:{server.server_port}")
        monkeypatch.setenv("TOEGANG_OUTBOUND__PLAIN_HTTP", "localhost")
        monkeypatch.setenv("TOEGANG_OUTBOUND__NETWORKS", "127.0.0.0/8, ::1/128")
        asyncio.run(kept(copy))
        yield copy
        server.shutdown()


async def kept(place: Path) -> None:
    """Let a company, and somebody whom no register knows, have let the firm act where nobody may by now."""
    async with ground(config.load(place / "toegang.toml", os.environ)) as opened:
        room, now = await jobs_of_mandates(opened), opened.clock.now()
        met = await room.numbers.meet([KvkNumber.parse(each) for each in (GONE, CLIENT)], now)
        gone, client = (met[KvkNumber.parse(each)] for each in (GONE, CLIENT))
        terms = b.terms(from_=now - timedelta(days=1), until=now + timedelta(days=30))
        stranger = b.party_id(8001)
        edges = (
            b.edge(id=CLOSED, principal=client, agent=gone, terms=terms, since=now),
            b.edge(id=STAYS, principal=stranger, agent=gone, terms=terms, since=now),
        )
        await room.mandates.know(b.firm(client), b.firm(gone), b.person(stranger), now=now)
        async with room.mandates.units.begin() as unit:
            for edge in edges:
                assert await room.mandates.edges.add(unit, edge)


def states(place: Path) -> list[State]:
    async def found() -> list[State]:
        async with ground(config.load(place / "toegang.toml", os.environ)) as opened:
            edges = (await jobs_of_mandates(opened)).mandates.edges
            return [each.state for each in (await edges.of((CLOSED, STAYS))).values()]

    return asyncio.run(found())


def toegang(*words: str) -> Result:
    return CliRunner().invoke(app, ["mandates", *words])


def test_what_is_not_right_changes_nothing_and_says_why(place: Path) -> None:
    for words in (
        ("transfer", "9000", INTO, *GROUND),
        ("transfer", GONE, GONE, *GROUND),
        ("transfer", GONE, OTHER, *GROUND),
        ("transfer", INTO, OTHER, *GROUND),
        ("transfer", GONE, INTO, "--ground", "said her son"),
        ("transfer", GONE, INTO),
        ("job", "x"),
        ("job", str(UUID(int=5))),
        ("stop", str(UUID(int=5))),
    ):
        done = toegang(*words)
        assert done.exit_code != 0, words
        assert "Traceback" not in done.output
    assert states(place) == [State.ACTIVE] * 2
    assert toegang("jobs").output == ""


def test_it_is_looked_at_done_and_what_stays_is_told_by_its_reference(place: Path) -> None:
    looked = toegang("transfer", GONE, INTO, *GROUND, "--dry-run")
    assert looked.exit_code == 0, looked.output
    assert states(place) == [State.ACTIVE] * 2
    done = toegang("transfer", GONE, INTO, *GROUND)
    assert done.exit_code == 0, done.output
    assert f"{STAYS}  register-silent" in done.output
    assert f"{CLOSED}  not-admitted" in done.output
    assert "FUS-2027-0003" in done.output
    [listed] = toegang("jobs").output.splitlines()
    job = re.match(r"\S+", listed)
    assert job is not None
    shown = toegang("job", job[0])
    assert f"stays      {STAYS}  register-silent" in shown.output
    assert toegang("stop", job[0]).output.startswith("done since")
    again = toegang("transfer", GONE, INTO, *GROUND)
    assert again.exit_code == 0
    assert "0 of 2 moved, 2 stay" in again.output
    assert states(place) == [State.ACTIVE] * 2
