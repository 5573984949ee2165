"""An operator sees what other rules would do to mandates before putting them in force, and is warned."""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from typer.testing import CliRunner, Result

from tests.mandates import builders as b
from tests.operations.hub import copy_of
from toegang import config
from toegang.app import mandates_office
from toegang.catalogue.representation import EdgeKind
from toegang.cli.main import app
from toegang.cli.terminal import ground
from toegang.clock import SystemClock
from toegang.mandates.edge import EdgeId
from toegang.mandates.scope import Scope, ScopeKind

SERVICE = "01929d2e-0000-7000-8000-00000000acc0"
LEVEL = "level: basic"
RULES = "    representation: {{version: {version}, kinds: [{kinds}]{more}}}"
LATER = f"{SystemClock().now() + timedelta(days=40):%Y-%m-%d}"
PEOPLE = [b.party_id(number) for number in range(9001, 9014)]


@pytest.fixture
def place(installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an installed hub whose service admits what twelve people gave, and go there."""
    copy = copy_of(installed, tmp_path)
    monkeypatch.chdir(copy)
    write(copy, "rules.yaml", 1, "voluntary, court")
    assert toegang("import", "rules.yaml").exit_code == 0
    asyncio.run(kept(copy))
    return copy


def write(place: Path, name: str, version: int, kinds: str, more: str = "") -> None:
    rules = RULES.format(version=version, kinds=kinds, more=more)
    text = (place / "catalogue.yaml").read_text()
    (place / name).write_text(text.replace(LEVEL, f"{LEVEL}\n{rules}", 1))


async def kept(place: Path) -> None:
    async with ground(config.load(place / "toegang.toml", os.environ)) as opened:
        mandates, now = (await mandates_office(opened)).mandates, opened.clock.now()
        async with mandates.units.begin() as unit:
            for party in PEOPLE:
                assert await mandates.parties.put(unit, b.person(party))
            for number, principal in enumerate(PEOPLE[1:], start=900):
                days = 90 if number > 901 else 30  # two are over before what is announced begins
                terms = b.terms(
                    scopes=(Scope(ScopeKind.SERVICE, SERVICE),),
                    from_=now - timedelta(days=1),
                    until=now + timedelta(days=days),
                )
                edge = b.edge(
                    id=EdgeId(UUID(int=number)),
                    principal=principal,
                    agent=PEOPLE[0],
                    kind=EdgeKind.VOLUNTARY,
                    terms=terms,
                    since=now,
                )
                assert await mandates.edges.add(unit, edge)


def toegang(*words: str) -> Result:
    return CliRunner().invoke(app, ["catalogue", *words])


def test_what_stops_at_once_is_counted_and_warned_of(place: Path) -> None:
    write(place, "less.yaml", 2, "court")
    told = toegang("simulate", "less.yaml")
    assert told.exit_code == 0, told.stderr
    assert f"({SERVICE}): version 1 -> version 2" in told.stdout
    words = told.stdout.split()
    assert "12 mandates in force then" in " ".join(words)
    assert "12 stop working 12 kind-not-admitted" in " ".join(words)
    warned = toegang("diff", "less.yaml").stderr
    assert f"Service {SERVICE} admits less at once: kinds." in warned
    assert f"toegang catalogue simulate FILES --service {SERVICE}" in warned
    assert "admits less at once" in toegang("import", "less.yaml").stderr
    assert toegang("simulate", "less.yaml").stdout == ""


def test_what_is_announced_is_counted_as_of_its_day_and_warns_nobody(place: Path) -> None:
    rules = f", announced: {{from: {LATER}, rules: {{version: 2, kinds: [court]}}}}"
    write(place, "later.yaml", 1, "voluntary, court", rules)
    told = " ".join(toegang("simulate", "later.yaml", "--service", SERVICE).stdout.split())
    assert f"version 1 -> version 2, from {LATER} 00:00" in told
    assert "10 mandates in force then" in told
    assert "10 stop working" in told
    done = toegang("import", "later.yaml")
    assert (done.exit_code, "admits less" in done.stderr) == (0, False)
    assert "10 stop working" in " ".join(toegang("simulate", "later.yaml").stdout.split())


def test_what_leaves_the_organisation_tells_no_small_count(place: Path) -> None:
    write(place, "less.yaml", 2, "court")
    [found] = json.loads(toegang("simulate", "less.yaml", "--json").stdout)
    assert found["mandates"] == [{"effect": "stops", "why": "kind-not-admitted", "count": 12}]
    rules = f", announced: {{from: {LATER}, ends: true}}"
    asyncio.run(ended(place, 4))
    write(place, "later.yaml", 1, "voluntary, court", rules)
    [found] = json.loads(toegang("simulate", "later.yaml", "--json").stdout)
    assert found["version"] == [1, None]
    assert found["mandates"] == [{"effect": "stops", "why": "not-admitted", "count": "<10"}]


async def ended(place: Path, many: int) -> None:
    async with ground(config.load(place / "toegang.toml", os.environ)) as opened:
        mandates = (await mandates_office(opened)).mandates
        for number in range(902, 902 + many):
            async with mandates.units.begin() as unit:
                edge = await mandates.edges.find(EdgeId(UUID(int=number)))
                assert edge is not None
                short = replace(edge.terms, until=opened.clock.now() + timedelta(days=1))
                assert await mandates.edges.replace(
                    unit, replace(edge, terms=short, version=edge.version + 1), edge.version
                )


def test_a_mistake_in_a_file_or_an_id_is_told_and_not_taken_for_no_change(place: Path) -> None:
    write(place, "wrong.yaml", 2, "friend")
    for words in (
        ("wrong.yaml",),
        ("rules.yaml", "--service", "01929d2e-0000-7000-8000-00000000acc1"),
        ("rules.yaml", "--service", "taxes"),
    ):
        done = toegang("simulate", *words)
        assert (done.exit_code, done.stdout) == (1, ""), words
        assert "Traceback" not in done.output
    both = toegang("simulate", "wrong.yaml", "--service", "taxes")
    assert "friend" in both.stderr
