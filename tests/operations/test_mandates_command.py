"""An operator carries out what an authority decided about one mandate, which they know by its reference."""

from __future__ import annotations

import asyncio
import os
import pwd
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from typer.testing import CliRunner, Result

from tests.mandates import builders as b
from tests.operations.hub import copy_of
from toegang import config
from toegang.app import mandates_office
from toegang.cli.main import app
from toegang.cli.terminal import by_command, ground
from toegang.mandates.edge import EdgeId, State

REFERENCE = str(UUID(int=77))
SANNE, PIETER = b.party_id(8001), b.party_id(8002)


@pytest.fixture
def place(installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an installed hub in which Sanne lets Pieter act, and go there."""
    copy = copy_of(installed, tmp_path)
    monkeypatch.chdir(copy)
    asyncio.run(kept(copy))
    return copy


async def kept(place: Path) -> None:
    async with ground(config.load(place / "toegang.toml", os.environ)) as opened:
        mandates, now = (await mandates_office(opened)).mandates, opened.clock.now()
        terms = b.terms(from_=now - timedelta(days=1), until=now + timedelta(days=30))
        edge = b.edge(id=EdgeId(UUID(REFERENCE)), principal=SANNE, agent=PIETER, terms=terms, since=now)
        async with mandates.units.begin() as unit:
            for party in (b.person(SANNE), b.person(PIETER)):
                assert await mandates.parties.put(unit, party)
            assert await mandates.edges.add(unit, edge)


def state(place: Path) -> State:
    async def found() -> State:
        async with ground(config.load(place / "toegang.toml", os.environ)) as opened:
            return (await (await mandates_office(opened)).find(EdgeId(UUID(REFERENCE)))).state

    return asyncio.run(found())


def toegang(*words: str) -> Result:
    return CliRunner().invoke(app, ["mandates", *words])


def test_what_is_not_right_changes_nothing_and_says_why(place: Path) -> None:
    for words in (
        ("suspend", "not-a-reference", "--cause", "fraud", "--decision", "FRD-1"),
        ("suspend", str(UUID(int=78)), "--cause", "fraud", "--decision", "FRD-1"),
        ("suspend", REFERENCE, "--cause", "fraud", "--decision", "told by her son"),
        ("void", REFERENCE, "--cause", "dispute", "--decision", "FRD-1"),
        ("resume", REFERENCE, "--cause", "fraud", "--decision", "FRD-1"),
        ("suspend", REFERENCE, "--decision", "FRD-1"),
    ):
        done = toegang(*words)
        assert done.exit_code != 0, words
        assert "Traceback" not in done.output
    assert state(place) is State.ACTIVE


def test_a_mandate_is_shown_without_who_the_two_are_and_stands_still_until_it_goes_on(place: Path) -> None:
    shown = toegang("show", REFERENCE)
    assert shown.exit_code == 0
    assert "state      active" in shown.output
    assert "never since" in shown.output
    assert str(PIETER) not in shown.output
    assert str(SANNE) not in shown.output
    ground_ = ("--cause", "investigation", "--decision", "FRD-2027/41")
    assert toegang("suspend", REFERENCE, *ground_).exit_code == 0
    assert state(place) is State.SUSPENDED
    assert toegang("resume", REFERENCE, *ground_).exit_code == 0
    assert state(place) is State.ACTIVE


def test_what_a_court_calls_void_ends_and_says_where_it_was_used(place: Path) -> None:
    done = toegang("void", REFERENCE, "--cause", "court", "--decision", "C/13/2027.41")
    assert (done.exit_code, state(place)) == (0, State.VOID)
    assert "may be contested" in done.output


@pytest.mark.parametrize(
    ("words", "typed"),
    [
        (("not-an-id",), ""),
        ((REFERENCE, "--level", "21"), ""),
        ((REFERENCE,), "123\n"),
        ((REFERENCE,), "999990019\n999990032\n"),
    ],
    ids=["no service", "no level", "no number", "a service that is not there"],
)
def test_nothing_is_explained_of_what_is_not_there(place: Path, words: tuple[str, ...], typed: str) -> None:
    assert place.is_dir()
    done = CliRunner().invoke(app, ["mandates", "explain", *words], input=typed)
    assert done.exit_code != 0
    assert "Traceback" not in done.output
    assert "999990019" not in done.output


def test_by_whose_hand_it_is_done_is_told_by_the_system_and_not_by_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody-else")
    known = pwd.getpwall()[0]  # who runs the tests may have no name, as in a container
    monkeypatch.setattr(os, "getuid", lambda: known.pw_uid)
    assert by_command() == f"command:{known.pw_name}"
    monkeypatch.setattr(os, "getuid", lambda: 4_000_000_001)
    assert by_command() == "command:user-4000000001"
