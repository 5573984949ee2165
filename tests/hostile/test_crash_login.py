"""A hub that dies at any statement of a login leaves all of each act or nothing of it; the next login works.

The login is a whole one: authorize, the means, the answer, the code, userinfo, a refresh and the logout.
After every crash the tables are held against each other, and somebody logs in again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import httpx2
import pytest

from tests.faults import Crash, Faults, FaultyDatabase
from tests.hostile.scenes import OFFLINE, events
from tests.journeys.house import PORTAL, House, open_house
from tests.journeys.party import CLINIC_PARTY as PARTY
from tests.journeys.party import answer, follow
from toegang.app import ground
from toegang.audit.events import CodeRedeemed, LoginCompleted, LoginStarted, TokenRefreshed
from toegang.config import Settings
from toegang.login.decision import COMPLETED
from toegang.storage import Database
from toegang.storage.decisions import DecisionsStore
from toegang.storage.decisions import _decode as decoded_decision
from toegang.storage.grants import _decode as decoded_grant

FEWEST, MOST = 30, 400  # statements of a whole login; a run outside these has tested something else


class Switch(Faults):
    """Faults that are set anew for every login; at 0 nothing ever happens."""

    def __init__(self) -> None:
        super().__init__(0)

    def set(self, at: int) -> None:
        self._at, self.passed = at, 0


@pytest.fixture
def switch() -> Switch:
    return Switch()


@pytest.fixture
async def breaking(
    house_secrets: Path,
    tmp_path: Path,
    database_url: str,
    switch: Switch,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[House]:
    """Open a house on a database that dies where `switch` says."""
    opened = ground.open_database

    def faulty(settings: Settings) -> Database:
        return FaultyDatabase(opened(settings), switch)

    monkeypatch.setattr(ground, "open_database", faulty)
    async with open_house(house_secrets, tmp_path, database_url) as house:
        yield house


async def whole_login(house: House) -> None:
    """Log in, use everything once, log out."""
    browser = house.browser()
    scope = f"{OFFLINE} service:{PORTAL}"
    code = answer(await follow(browser, PARTY.url(scope=scope)))["code"]
    tokens = (await PARTY.redeem(browser, code)).json()
    assert await opens_userinfo(browser, tokens)
    fresh = (await PARTY.refresh(browser, tokens["refresh_token"])).json()
    assert await opens_userinfo(browser, fresh)
    ended = await browser.get(f"/oidc/logout?id_token_hint={fresh['id_token']}")
    assert ended.status_code == 200
    assert not await opens_userinfo(browser, fresh)


async def opens_userinfo(browser: httpx2.AsyncClient, tokens: dict[str, str]) -> bool:
    headers = {"authorization": f"Bearer {tokens['access_token']}"}
    return (await browser.get("/oidc/userinfo", headers=headers)).status_code == 200


async def half_facts(house: House) -> list[str]:
    """Return what stands in one table and should stand in another; empty when all is whole."""
    database = house.app.ground.database
    told = await events(house)
    started = {event.reference for event in told if isinstance(event, LoginStarted)}
    completed = [event.reference for event in told if isinstance(event, LoginCompleted)]
    redeemed = sorted(event.reference for event in told if isinstance(event, CodeRedeemed))
    refreshed = sorted(event.reference for event in told if isinstance(event, TokenRefreshed))
    decided = [decoded_decision(row[0]) for row in await database.all("SELECT body FROM decisions")]
    rows = await database.all("SELECT body, redeemed_at, refresh_number FROM grants")
    grants = [(decoded_grant(body), at, number) for body, at, number in rows]
    sessions = await database.all("SELECT id FROM expiring WHERE kind = 'login-session'")
    ended = await database.all("SELECT id FROM grants WHERE ended_at IS NOT NULL")
    wrong = {
        "a login completed without its decision, or the other way": sorted(completed)
        != sorted(each.reference for each in decided if each.end == COMPLETED),
        "a login completed without its grant, or the other way": sorted(completed)
        != sorted(grant.reference for grant, _, _ in grants),
        "a login completed that never began": not started.issuperset(completed),
        "a code redeemed without its event, or the other way": redeemed
        != sorted(grant.reference for grant, at, _ in grants if at is not None),
        "a refresh without its event, or the other way": refreshed
        != sorted(grant.reference for grant, _, number in grants if number == 2),
        "a session without a login, or a login without its session": len(sessions) + len(ended)
        != len(completed),
    }
    found = [name for name, is_wrong in wrong.items() if is_wrong]
    for decision in decided:
        if await house.app.rooms.logins.transactions.find(decision.login, house.clock.now()):
            found.append("a login is both decided and under way")
        assert await DecisionsStore(database).find(decision.reference) == decision
    return found


@pytest.mark.timeout(300)
async def test_a_crash_at_any_statement_of_a_login_leaves_no_half_fact_and_the_next_login_works(
    breaking: House, switch: Switch
) -> None:
    for at in count(1):
        switch.set(at)
        with suppress(Crash):
            await whole_login(breaking)
        happened = switch.passed >= at
        switch.set(0)
        assert await half_facts(breaking) == [], at
        if not happened:
            break
    await whole_login(breaking)
    assert FEWEST < at < MOST
    assert await half_facts(breaking) == []


async def test_what_was_under_way_when_the_hub_died_can_be_finished(breaking: House, switch: Switch) -> None:
    browser = breaking.browser()
    gone = await browser.get(PARTY.for_service(PORTAL))
    at, response = 0, gone
    for at in count(1):
        switch.set(at)
        try:
            response = await browser.get(gone.headers["location"])
        except Crash:
            continue
        finally:
            switch.set(0)
        break
    # The answer that was committed and not sent is lost: the person is told that the login is over.
    told = response.headers.get("location", "")
    assert "code=" in told or response.status_code == 410
    assert at > 5
    assert await half_facts(breaking) == []
