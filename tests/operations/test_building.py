"""A house that does not come about leaves nothing open, and the log says why, without values."""

from __future__ import annotations

import dataclasses
import gc
import io
import json
import shutil
from collections import Counter
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.journeys.house import settings_at
from tests.operations.hub import eventually
from toegang import config, log
from toegang.app import build
from toegang.cli import large_pages
from toegang.cli.collecting import COLLECT_AFTER
from toegang.cli.serve import open_house
from toegang.errors import Misconfigured
from toegang.means.citizen.policy import Limit, Policy

WRONG: dict[str, tuple[dict[str, Any], type[Exception]]] = {
    "the last thing is wrong": ({"issuer": "http://hub.example"}, Misconfigured),
    "nobody foresaw it": ({"theme": Path("/nowhere/123456782.css")}, FileNotFoundError),
}


@pytest.fixture
def settings(house_secrets: Path, tmp_path: Path, database_url: str) -> config.Settings:
    place = tmp_path / "house"
    shutil.copytree(house_secrets, place)
    return settings_at(place, database_url)


def connected(database_url: str) -> int:
    """Count the lines to a database: clients of the server, or files that this process holds."""
    if database_url.startswith("postgresql:"):
        with psycopg.connect(database_url) as line:
            sql = "SELECT count(*) - 1 FROM pg_stat_activity WHERE datname = current_database()"
            row = line.execute(sql).fetchone()
            return int(row[0]) if row else 0
    held = [each.readlink() for each in Path("/proc/self/fd").iterdir() if each.is_symlink()]
    return held.count(Path(database_url.removeprefix("sqlite:///")))


@pytest.mark.parametrize("wrong", WRONG)
async def test_a_house_that_fails_half_way_closes_what_it_opened(
    settings: config.Settings, wrong: str, database_url: str
) -> None:
    changed, error = WRONG[wrong]
    with pytest.raises(error):
        await build(dataclasses.replace(settings, hub=dataclasses.replace(settings.hub, **changed)))
    app = await build(settings)
    while_open = connected(database_url)
    await app.close()

    assert while_open > 0
    eventually("nobody is connected", lambda: connected(database_url) == 0, limit=10)


@pytest.mark.parametrize("wrong", WRONG)
async def test_a_worker_that_cannot_start_says_where_and_no_value(
    settings: config.Settings, wrong: str
) -> None:
    changed, error = WRONG[wrong]
    broken = dataclasses.replace(settings, hub=dataclasses.replace(settings.hub, **changed))
    written = io.StringIO()
    log.configure("info", written)
    with pytest.raises(error):
        async with open_house(broken):
            pass
    (line,) = [each for each in map(json.loads, written.getvalue().splitlines()) if each["level"] == "error"]

    assert (line["event"], line["kind"]) == ("start:failed", error.__name__)
    assert any(place.startswith("house.py:") for place in line["places"])
    assert ("detail" in line) == (error is Misconfigured)
    assert "123456782" not in written.getvalue()


async def test_a_number_gets_as_many_messages_a_minute_as_the_settings_say(settings: config.Settings) -> None:
    for per_minute in (2, 5):
        changed = dataclasses.replace(settings.sms, per_minute=per_minute)
        app = await build(dataclasses.replace(settings, sms=changed))
        policy = app.rooms.citizen.applying.desk.policy
        await app.close()
        assert policy.sms_short == Limit(most=per_minute, window=timedelta(minutes=1))
    assert config.Sms(url="").per_minute == Policy().sms_short.most


async def test_a_worker_that_serves_leaves_what_lives_long_to_no_collector(
    settings: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, laid = gc.get_threshold(), Counter[str]()
    monkeypatch.setattr(large_pages, "lay", partial(laid.update, ["laid"]))
    try:
        async with open_house(settings):
            frozen, threshold = gc.get_freeze_count(), gc.get_threshold()
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)

    assert frozen > 50_000
    assert threshold == COLLECT_AFTER
    assert laid == {"laid": 1}  # in large pages
