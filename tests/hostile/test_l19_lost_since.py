"""L19: who lost by what they acted after they logged in, by the service or by the law, goes no further."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import httpx2
import pytest

from tests.hostile.test_l19_acting_for_another import asked
from tests.journeys import acting as a
from tests.journeys.house import PORTAL, House
from tests.journeys.party import CLINIC_PARTY, answer, follow
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind, Representation
from toegang.mandates import ended
from toegang.mandates.law import NOTHING_TOLD, Law
from toegang.mandates.party import AMSTERDAM
from toegang.registers.population import BirthDate

REMEMBERED = timedelta(seconds=300)
OTHERS = tuple(kind for kind in EdgeKind if kind is not EdgeKind.VOLUNTARY)


async def logged_in(house: House) -> tuple[httpx2.AsyncClient, dict[str, str]]:
    """Log in for the one whom the page offers; return the browser and its tokens."""
    browser = a.english(house)
    page = await follow(browser, asked())
    end = await a.post(browser, page, whom=a.offered(page)[0])
    return browser, (await CLINIC_PARTY.redeem(browser, answer(end)["code"])).json()


async def refreshed(browser: httpx2.AsyncClient, tokens: dict[str, str]) -> tuple[int, str]:
    told = await CLINIC_PARTY.refresh(browser, tokens["refresh_token"])
    tokens.update(told.json() if told.status_code == 200 else {})
    return told.status_code, told.json().get("error", "")


async def used(browser: httpx2.AsyncClient, tokens: dict[str, str]) -> tuple[int, bool]:
    """Return what the person's particulars and a look at the token answer."""
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    info = await browser.get("/oidc/userinfo", headers=bearer)
    looked = await CLINIC_PARTY.post(browser, "/oidc/introspect", token=tokens["access_token"])
    return info.status_code, looked.json()["active"]


async def admits(house: House, rules: Representation | None) -> None:
    """Let the portal admit this from now on."""
    portal = house.app.rooms.catalogue.current.service(PORTAL)
    assert portal is not None
    await house.put(replace(portal, representation=rules))


@pytest.mark.requires("MANDATES-P4")
@pytest.mark.parametrize(
    "rules",
    [
        None,
        a.rules(kinds=OTHERS),
        a.rules(use=Level.HIGH),
        a.rules(version=2, kinds=OTHERS, use=Level.LOW),
    ],
    ids=["nobody", "another kind", "a higher level", "another kind, in a new version"],
)
async def test_a_service_that_admits_less_than_it_did_ends_what_was_stated(
    lone_house: House, rules: Representation | None
) -> None:
    house = lone_house
    await a.furnish(house)
    await a.given(house, a.MOTHER)
    browser, tokens = await logged_in(house)
    assert await used(browser, tokens) == (200, True)
    await admits(house, rules)
    assert await used(browser, tokens) == (401, False)
    assert await refreshed(browser, tokens) in {(400, "invalid_grant"), (400, "unauthorized_client")}


async def test_a_service_that_admits_more_or_the_same_ends_nothing(lone_house: House) -> None:
    house = lone_house
    await a.furnish(house, a.rules(use=Level.SUBSTANTIAL))
    await a.given(house, a.MOTHER)
    browser, tokens = await logged_in(house)
    for rules in (a.rules(version=2), a.rules(version=3, use=Level.SUBSTANTIAL, kinds=(EdgeKind.VOLUNTARY,))):
        await admits(house, rules)
        assert await used(browser, tokens) == (200, True)
        assert (await refreshed(browser, tokens))[0] == 200


async def by_law(house: House) -> tuple[httpx2.AsyncClient, dict[str, str], Law]:
    """Log in as a parent for a child."""
    await a.furnish(house)
    law = a.parent_of(a.CHILD)
    a.told(house, law)
    browser, tokens = await logged_in(house)
    return browser, tokens, law


async def told_to_leave(house: House) -> int:
    """Return how many statements were found to have ended by law."""
    backlog = await house.app.loops.delivery.outbox.store.backlog(house.clock.now())
    return sum(each.waiting for each in backlog if each.kind == ended.BY_LAW)


@pytest.mark.requires("MANDATES-P6", "MANDATES-P25")
async def test_who_is_no_parent_any_more_by_law_gets_no_new_tokens_and_the_old_ones_end(
    lone_house: House,
) -> None:
    house = lone_house
    browser, tokens, law = await by_law(house)
    assert (await refreshed(browser, tokens))[0] == 200
    a.told(house, NOTHING_TOLD)
    assert await used(browser, tokens) == (200, True), "nobody asked a register yet"
    house.clock.advance(REMEMBERED)
    assert (await refreshed(browser, tokens))[1] == "invalid_grant"
    assert await used(browser, tokens) == (401, False)
    assert await told_to_leave(house) == 1
    a.told(house, law)
    assert (await refreshed(browser, tokens))[1] == "invalid_grant", "it is stated anew by a new login"
    assert await told_to_leave(house) == 1


async def test_a_register_that_is_silent_ends_nothing_and_gives_nothing(lone_house: House) -> None:
    house = lone_house
    browser, tokens, law = await by_law(house)
    a.told(house, replace(law, links=(), silent=frozenset({a.CHILD})))
    status, _ = await refreshed(browser, tokens)
    assert status == 503
    assert await told_to_leave(house) == 0
    a.told(house, law)
    assert (await refreshed(browser, tokens))[0] == 200


@pytest.mark.requires("MANDATES-P7")
async def test_a_child_that_comes_of_age_ends_what_its_parents_do_without_any_register(
    lone_house: House,
) -> None:
    house = lone_house
    await a.furnish(house)
    day = house.clock.now().astimezone(AMSTERDAM).date() + timedelta(days=1)
    midnight = datetime.combine(day, datetime.min.time(), AMSTERDAM)
    house.clock.advance(midnight - house.clock.now() - a.MINUTE)
    kept = (await a.mandates(house).parties.of((a.CHILD,)))[a.CHILD]
    turns = BirthDate(year=day.year - 18, month=day.month, day=day.day)
    await a.mandates(house).know(replace(kept, born=turns, told_at=None), now=house.clock.now())
    a.told(house, a.parent_of(a.CHILD))
    browser, tokens = await logged_in(house)
    assert await used(browser, tokens) == (200, True)
    house.clock.advance(a.MINUTE)
    assert await used(browser, tokens) == (401, False)
    assert (await refreshed(browser, tokens))[1] == "invalid_grant"


@pytest.mark.requires("MANDATES-P6")
async def test_who_directs_a_firm_no_more_does_not_go_on_as_its_director_by_a_mandate_of_it(
    lone_house: House,
) -> None:
    house = lone_house
    await a.furnish(house)
    await a.numbered(house, a.FIRM, "90001234")
    [parent] = a.parent_of(a.FIRM).links
    directs = replace(parent, kind=EdgeKind.STATUTORY, basis="director-sole")
    a.told(house, replace(NOTHING_TOLD, links=(directs,)))
    await a.given(house, a.FIRM, level=Level.HIGH)
    browser, tokens = await logged_in(house)
    assert (await refreshed(browser, tokens))[0] == 200
    a.told(house, NOTHING_TOLD)
    house.clock.advance(REMEMBERED)
    assert (await refreshed(browser, tokens))[1] == "invalid_grant"
    assert await used(browser, tokens) == (401, False)
