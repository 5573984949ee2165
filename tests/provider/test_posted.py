"""A form that waits for the GET after it: by its name, from every worker, until its time is over."""

from __future__ import annotations

import base64
import tracemalloc
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.faults import Crash, Faults, FaultyDatabase
from toegang import storage
from toegang.errors import Malformed, OneTimeGone
from toegang.ids import SystemIds
from toegang.provider.saml.posted import BESIDE, LIFETIME, Here, PostedMessages
from toegang.saml.names import Binding
from toegang.storage import ExpiringStore
from toegang.storage.database import Database

AT = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
NEVER = 1_000_000


class Fixed(SystemIds):
    """Draws the same name every time."""

    def token(self, size: int = 32) -> str:
        return "x" * size


def form(message: bytes) -> bytes:
    return urlencode({"SAMLRequest": base64.b64encode(message).decode()}).encode()


def worker(database: Database, most: int = 10_000) -> PostedMessages:
    kept = ExpiringStore(database, "saml-posted", bytes)
    return PostedMessages(units=database, kept=kept, ids=SystemIds(), here=Here(most=most))


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    made = storage.database_at(f"sqlite:///{tmp_path}/hub.db")
    await storage.migrate(made)
    await made.open()
    yield made
    await made.close()


async def test_whoever_kept_it_asks_nobody_and_another_worker_finds_it_too(database: Database) -> None:
    asked = Faults(NEVER)
    mine, other = worker(FaultyDatabase(database, asked)), worker(database)
    name = await mine.keep(form(b"<a/>"), AT)
    before = asked.passed

    for _ in range(2):  # it stays for a reload
        found = await mine.get(name, AT)
        assert (found.octets, found.binding) == (form(b"<a/>"), Binding.POST)
    assert asked.passed == before
    assert (await other.get(name, AT)).octets == form(b"<a/>")


async def test_neither_gives_it_when_its_time_is_over_nor_under_another_name(database: Database) -> None:
    mine, other = worker(database), worker(database)
    name = await mine.keep(form(b"<a/>"), AT)
    for each in (mine, other):
        assert (await each.get(name, AT + LIFETIME / 2)).octets == form(b"<a/>")
        with pytest.raises(OneTimeGone):
            await each.get(name, AT + LIFETIME)
        with pytest.raises(OneTimeGone):
            await each.get(name[:-1], AT)


async def test_a_worker_remembers_so_many_octets_and_asks_for_what_it_forgot(database: Database) -> None:
    asked = Faults(NEVER)
    small = worker(FaultyDatabase(database, asked), most=3 * (len(form(b"<a/>")) + BESIDE))
    names = [await small.keep(form(b"<%c/>" % letter), AT) for letter in b"abcd"]
    large = await small.keep(form(b"<large>" + b"x" * 1000 + b"</large>"), AT)

    before = asked.passed
    assert [(await small.get(name, AT)).octets for name in names] == [
        form(b"<%c/>" % each) for each in b"abcd"
    ]
    assert b"SAMLRequest" in (await small.get(large, AT)).octets
    assert asked.passed - before == len(names) + 1  # the large one left no room, and had none itself


def test_forms_that_hold_nearly_nothing_take_no_more_room_than_others() -> None:
    here = Here(most=100_000)
    traced = tracemalloc.is_tracing()  # by whoever looks for what is not closed
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    for each in range(10_000):
        here.keep(SystemIds().token(), b"SAMLRequest=%d" % each, AT + LIFETIME)
    room, _ = tracemalloc.get_traced_memory()
    if not traced:
        tracemalloc.stop()

    assert room - before < 200_000


async def test_what_is_no_form_with_a_message_is_refused_and_what_was_not_written_is_remembered_nowhere(
    database: Database,
) -> None:
    with pytest.raises(Malformed):
        worker(database).check(b"SAMLRequest=a&SAMLResponse=b")
    ids = Fixed()
    dying = replace(worker(FaultyDatabase(database, Faults(1))), ids=ids)
    with pytest.raises(Crash):
        await dying.keep(form(b"<a/>"), AT)
    with pytest.raises(OneTimeGone):
        await dying.get(ids.token(), AT)
