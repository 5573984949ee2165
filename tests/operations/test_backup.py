"""A backup made while people log in is a whole hub: restored, it knows everybody by the same name."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest

from bench.means import KIND, ROUTES, BenchMeans
from tests.journeys.house import ISSUER, House, open_house, settings_at
from tests.journeys.party import TOWN_PARTY, answer, claims, follow
from toegang.app import App, build
from toegang.audit.sinks import read_checkpoints
from toegang.audit.verify import Findings, verify
from toegang.errors import Misconfigured
from toegang.identity.numbers import Bsn
from toegang.means.citizen.account import Account, AccountId, Status
from toegang.storage.backup import copy_sqlite
from toegang.storage.tree import TreeTables
from toegang.web.application import application

NAME, PASSWORD, BSN = "marie_test", "obviously not a secret", Bsn.parse("999990019")


@pytest.fixture
async def house(house_secrets: Path, sqlite_template: Path, tmp_path: Path) -> AsyncIterator[House]:
    """Open a house on SQLite."""
    path = tmp_path / "toegang.db"
    shutil.copy(sqlite_template, path)
    async with open_house(house_secrets, tmp_path, f"sqlite:///{path}") as opened:
        yield opened


async def test_a_copy_under_load_restored_elsewhere_is_whole_and_gives_the_same_pseudonyms(
    house: House, tmp_path: Path
) -> None:
    await open_account(house)
    before = await subject(house.browser())
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    load = [asyncio.create_task(busy(house)) for _ in range(3)]
    await busy(house)
    # The order of docs/operations/backup.md: checkpoints first, so that the copy holds all they speak of.
    shutil.copy(tmp_path / "house" / "checkpoints", elsewhere / "checkpoints")
    await copy_sqlite(house.app.ground.database, elsewhere / "toegang.db")
    await asyncio.gather(*load)
    shutil.copytree(tmp_path / "house", elsewhere / "house")
    shutil.copy(elsewhere / "checkpoints", elsewhere / "house" / "checkpoints")

    async with restored(house, elsewhere) as (app, browser):
        first = await findings(app, elsewhere)
        after = await subject(browser)
        await app.loops.sequencer.step()
        last = await findings(app, elsewhere)
        found = await signed_in(app)

    assert (elsewhere / "toegang.db").stat().st_mode & 0o777 == 0o600
    assert (first.findings, last.findings) == ((), ())
    assert first.outside > 0
    assert last.size > first.size
    assert after == before
    assert found == BSN


async def test_a_copy_never_overwrites_anything(house: House, tmp_path: Path) -> None:
    there = tmp_path / "there.db"
    there.write_text("something dear")
    with pytest.raises(Misconfigured):
        await copy_sqlite(house.app.ground.database, there)
    assert there.read_text() == "something dear"


async def busy(house: House) -> None:
    """Log in some times, and let the trail grow."""
    for _ in range(5):
        await subject(house.browser())
        await house.app.loops.sequencer.step()


async def subject(browser: httpx2.AsyncClient) -> str:
    """Log in and return the name that the service knows the person by."""
    code = answer(await follow(browser, TOWN_PARTY.url()))["code"]
    return str(claims((await TOWN_PARTY.redeem(browser, code)).json()["id_token"])["sub"])


async def open_account(house: House) -> None:
    desk, now = house.app.rooms.citizen.signing_in.desk, house.clock.now()
    hashed = await desk.hasher.hash(PASSWORD)
    async with desk.units.begin() as unit:
        person = await desk.enrolment.enrol(unit, BSN, now)
        account = Account(
            id=AccountId(desk.ids.uuid()),
            person=person.id,
            status=Status.ACTIVE,
            name=desk.keys.name(NAME),
            password=hashed,
            language="nl",
            since=now,
            activated_at=now,
            checked_at=now,
        )
        await desk.accounts.add(unit, account, now)


async def signed_in(app: App) -> Bsn | None:
    """Find the account by its name, check its password and open its person's BSN."""
    desk = app.rooms.citizen.signing_in.desk
    account = await desk.accounts.find_by_name(desk.keys.name(NAME))
    if account is None or not await desk.hasher.verify(account.password, PASSWORD):
        return None
    person = await desk.enrolment.find(BSN)
    return desk.enrolment.bsn_of(person) if person and person.id == account.person else None


@asynccontextmanager
async def restored(house: House, folder: Path) -> AsyncIterator[tuple[App, httpx2.AsyncClient]]:
    """Open the house anew on what the backup holds."""
    settings = settings_at(folder / "house", f"sqlite:///{folder / 'toegang.db'}")
    app = await build(settings, {KIND: BenchMeans()}, house.clock)

    @asynccontextmanager
    async def rooms() -> AsyncIterator[object]:
        yield app.rooms

    web = application(rooms, ROUTES)  # type: ignore[arg-type]
    transport = httpx2.ASGITransport(app=web)
    try:
        async with web.opened():
            yield app, httpx2.AsyncClient(transport=transport, base_url=ISSUER, follow_redirects=False)
    finally:
        await app.close()


async def findings(app: App, folder: Path) -> Findings:
    archive = TreeTables(database=app.ground.database)
    outside = read_checkpoints(folder / "house" / "checkpoints")
    return await verify(archive, outside, app.ground.signer.verifier())
