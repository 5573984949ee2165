"""L17: who set a lowest level is never logged in below it, whichever way the login goes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bench.means import PERSON
from tests.hostile.scenes import events
from tests.journeys.house import BENCH, LOW_MEANS, PORTAL, RESULTS, House, means, service
from tests.journeys.house import CLINIC as CLINIC_ORGANISATION
from tests.journeys.party import CLINIC_PARTY, answer, claims, follow
from tests.journeys.test_browser_edges import csrf
from tests.means.bureau import OTHER, SANNE
from tests.web.citizens import Browser, Page, Town
from toegang.assurance import Level
from toegang.audit.events import AccountFloorSet
from toegang.catalogue.values import SingleSignOn
from toegang.errors import AccountClosed, BelowOwnFloor, LevelNotProven
from toegang.identity.people import PersonId
from toegang.login.floor import COOLING, NONE, Floor
from toegang.means.citizen.own_account import SignedIn
from toegang.storage.floors import FloorTable

BASIC, LOW, HIGH = (str(level.value) for level in (Level.BASIC, Level.LOW, Level.HIGH))
LOA = "http://eidas.europa.eu/LoA/"


async def put_floor(house: House | Town, level: Level, person: PersonId = PERSON) -> None:
    """Set a floor as it is kept, without anybody asking for it."""
    ground = house.app.ground
    now = ground.clock.now()
    async with ground.units.begin() as unit:
        first = Floor(person=person, level=NONE, since=now)
        await FloorTable(ground.database).change(unit, first, lambda kept: kept.to(level, now, timedelta()))


async def raised(town: Town, browser: Browser) -> Page:
    """Set the lowest level to medium, in My account."""
    page = await town.anew(browser, await browser.open("/account/level"))
    page = await browser.send(page, floor="low", do="set")
    town.bureau.later(minutes=2)
    return page


async def test_the_password_alone_no_longer_opens_what_asks_no_more(town: Town) -> None:
    await town.resident(town.browser())
    page = await raised(town, town.browser())
    assert page.title == "Your lowest level was saved"
    browser = town.browser()
    page = await town.sign_in(browser, await browser.open(CLINIC_PARTY.for_service(PORTAL)))
    assert page.title == "Fill in the code from the text message"
    assert "localhost:9000" not in (await browser.open(page.address.replace("code", "password"))).address
    done = await browser.send(page, code=await town.bureau.texted_code(), do="confirm")
    assert "code=" in done.address


async def test_my_account_itself_is_below_nothing(town: Town) -> None:
    await town.resident(town.browser())
    await raised(town, town.browser())
    browser = town.browser()
    page = await town.sign_in(browser, await browser.open("/account"))
    assert page.title == "Fill in the code from the text message"
    assert (await browser.open("/account/history")).title == "Log in with user name and password"


async def test_who_was_inside_with_a_password_is_so_no_longer(town: Town) -> None:
    await town.resident(town.browser())
    inside = town.browser()
    assert (await town.sign_in(inside, await inside.open("/account"))).title == "My account"
    await raised(town, town.browser())
    assert (await inside.open("/account")).title == "Log in with user name and password"


async def test_no_recovery_goes_below_it(town: Town) -> None:
    await town.resident(town.browser())
    await raised(town, town.browser())
    thief = town.browser()
    asked = {"user_name": "sanne88", "bsn": SANNE.digits}
    await thief.send(await thief.open("/account/forgotten"), **asked)
    page = await thief.open("/account/forgotten/letter")
    code = await town.bureau.letter_code()
    page = await thief.send(page, **asked, activation_code=code, number_lost="yes")
    await thief.send(page, new_password=OTHER, repeat_password=OTHER)
    assert (await town.bureau.account()).number is None
    page = await town.sign_in(thief, await thief.open(CLINIC_PARTY.for_service(PORTAL)), OTHER)
    assert "code=" not in page.address.partition("?")[2]
    assert (await thief.open("/account")).title == "Log in with user name and password"


async def test_nobody_sets_a_level_that_their_login_did_not_reach(town: Town) -> None:
    browser = town.browser()
    await town.resident(browser)
    page = await town.anew(browser, await browser.open("/account/level"))
    for word in ("substantial", "high", "basic", "", "LOW"):
        assert (await browser.send(page, floor=word, do="set")).wrong == ["floor"], word
    assert not [event for event in await town.bureau.events() if isinstance(event, AccountFloorSet)]


async def test_an_old_login_or_a_forged_form_sets_nothing(town: Town) -> None:
    browser = town.browser()
    await town.resident(browser)
    page = await town.anew(browser, await browser.open("/account/level"))
    assert (await browser.send(page, csrf="0" * 64, floor="low", do="set")).status == 403
    town.bureau.later(minutes=16)
    again = await browser.send(page, floor="low", do="set")
    assert again.title == "Log in with user name and password"
    account, now = await town.bureau.account(), town.bureau.now
    old = SignedIn(account=account.id, level=Level.LOW, at=now - timedelta(minutes=16))
    with pytest.raises(LevelNotProven):
        await town.rooms.mine.floor.set(old, Level.LOW, now)


async def test_lowering_waits_is_told_at_once_and_can_be_called_back(town: Town) -> None:
    await town.resident(town.browser())
    await raised(town, town.browser())
    browser = town.browser()
    page = await town.anew(browser, await browser.open("/account/level"))
    lowered = await browser.send(page, floor="minimal", do="set")
    assert "Until then your lowest level is: medium" in lowered.text
    assert "In 3 days" in (await town.bureau.texts())[-1]["text"]
    assert [letter["purpose"] for letter in await town.bureau.letters()][-1] == "floor-lowered-letter"
    town.bureau.later(days=2)
    other = town.browser()
    assert (await town.sign_in(other, await other.open("/account"))).title != "My account"
    page = await town.anew(browser, await browser.open("/account/level"))
    await browser.send(page, floor="low", do="set")
    town.bureau.later(days=30)
    other = town.browser()
    assert (await town.sign_in(other, await other.open("/account"))).title != "My account"


async def test_a_lowering_counts_after_three_days_and_not_a_second_before(town: Town) -> None:
    await town.resident(town.browser())
    await raised(town, town.browser())
    browser = town.browser()
    page = await town.anew(browser, await browser.open("/account/level"))
    await browser.send(page, floor="minimal", do="set")
    person = (await town.bureau.account()).person
    assert person is not None
    found = await FloorTable(town.app.ground.database).find(person)
    assert found is not None
    lowers_at = town.bureau.clock.now() + COOLING
    assert found.at(lowers_at - timedelta(seconds=1)) is Level.LOW
    assert found.at(lowers_at) is NONE


async def test_an_operator_lifts_it_at_once_and_leaves_a_trace(town: Town) -> None:
    await town.resident(town.browser())
    await raised(town, town.browser())
    person = (await town.bureau.account()).person
    assert person is not None
    await town.rooms.mine.floor.lift(person, town.bureau.clock.now())
    browser = town.browser()
    assert (await town.sign_in(browser, await browser.open("/account"))).title == "My account"
    lifted = [event for event in await town.bureau.events() if isinstance(event, AccountFloorSet)][-1]
    assert (lifted.by, lifted.floor_before, lifted.floor, lifted.later) == (
        "operator",
        Level.LOW,
        NONE,
        False,
    )


async def test_a_session_does_not_carry_below_it(house: House) -> None:
    browser = house.browser()
    answer(await follow(browser, CLINIC_PARTY.for_service(PORTAL), level=BASIC))
    await put_floor(house, Level.LOW)
    silent = answer(await browser.get(CLINIC_PARTY.for_service(PORTAL, prompt="none")))
    assert silent["error"] == "login_required"


async def test_the_lower_proof_of_a_session_does_not_count_when_the_higher_is_too_old(house: House) -> None:
    """A step up leaves two proofs; the older and higher one must not open the door for the lower one."""
    short = SingleSignOn(allowed=True, max_age=60)
    await house.put(service(PORTAL, CLINIC_ORGANISATION, Level.BASIC, single_sign_on=short))
    await put_floor(house, Level.LOW)
    browser = house.browser()
    answer(await follow(browser, CLINIC_PARTY.for_service(RESULTS), level=LOW))
    house.clock.advance(timedelta(seconds=61))
    page = await follow(browser, CLINIC_PARTY.for_service(PORTAL), level=BASIC)
    assert "code=" not in page.headers.get("location", "")


async def test_tokens_of_a_login_below_it_are_good_for_nothing(house: House) -> None:
    browser = house.browser()
    asked = CLINIC_PARTY.url(scope=f"openid offline_access service:{PORTAL}")
    gone = answer(await follow(browser, asked, level=BASIC))
    tokens = (await CLINIC_PARTY.redeem(browser, gone["code"])).json()
    await put_floor(house, Level.LOW)
    refreshed = await CLINIC_PARTY.refresh(browser, tokens["refresh_token"])
    assert (refreshed.status_code, refreshed.json()["error"]) == (400, "invalid_grant")
    bearer = {"authorization": f"Bearer {tokens['access_token']}"}
    assert (await browser.get("/oidc/userinfo", headers=bearer)).status_code == 401
    told = await CLINIC_PARTY.post(browser, "/oidc/introspect", token=tokens["access_token"])
    assert told.json() == {"active": False}


@pytest.mark.parametrize("level", [BASIC, LOW])
async def test_no_means_answers_below_it(house: House, level: str) -> None:
    await put_floor(house, Level.SUBSTANTIAL)
    browser = house.browser()
    page = await follow(browser, CLINIC_PARTY.for_service(PORTAL), level=level)
    assert "code=" not in page.headers.get("location", "")
    raised_to = await follow(house.browser(), CLINIC_PARTY.for_service(PORTAL), level=HIGH)
    assert "code" in answer(raised_to)


async def test_means_that_stay_below_it_are_not_offered_in_the_step_up(house: House) -> None:
    await house.put(means(LOW_MEANS, Level.LOW))
    await put_floor(house, Level.SUBSTANTIAL)
    browser = house.browser()
    page = await follow(browser, CLINIC_PARTY.for_service(PORTAL))
    gone = await browser.post(str(page.url), data={"csrf": csrf(page), "means": LOW_MEANS})
    page = await follow(browser, gone.headers["location"], level=LOW)
    page = page if page.status_code == 200 else await browser.get(page.headers["location"])
    assert "laagste niveau" in page.text
    refused = await browser.post(str(page.url), data={"csrf": csrf(page), "means": LOW_MEANS})
    assert refused.status_code in {400, 409}
    chosen = await browser.post(str(page.url), data={"csrf": csrf(page), "means": BENCH})
    done = answer(await follow(browser, chosen.headers["location"], level=HIGH))
    tokens = (await CLINIC_PARTY.redeem(browser, done["code"])).json()
    assert claims(tokens["id_token"])["acr"].startswith(LOA)


async def test_a_lower_proof_on_the_way_does_not_refuse_who_climbed_above_it(house: House) -> None:
    """The first means can never reach the floor by its ceiling; the login went on to one that does."""
    await house.put(means(LOW_MEANS, Level.LOW))
    await house.put(service(PORTAL, CLINIC_ORGANISATION, Level.BASIC, confirm=True))
    await put_floor(house, Level.SUBSTANTIAL)
    browser = house.browser()
    page = await follow(browser, CLINIC_PARTY.for_service(PORTAL))
    gone = await browser.post(str(page.url), data={"csrf": csrf(page), "means": LOW_MEANS})
    page = await follow(browser, gone.headers["location"], level=LOW)
    page = page if page.status_code == 200 else await browser.get(page.headers["location"])
    chosen = await browser.post(str(page.url), data={"csrf": csrf(page), "means": BENCH})
    page = await follow(browser, chosen.headers["location"], level=HIGH)
    page = page if page.status_code == 200 else await browser.get(page.headers["location"])
    agreed = await browser.post(str(page.url), data={"csrf": csrf(page), "do": "confirm"})
    assert "code" in answer(agreed)


async def test_where_nothing_reaches_it_the_person_and_the_service_are_told(house: House) -> None:
    await house.put(means(BENCH, Level.LOW))
    await put_floor(house, Level.HIGH)
    browser = house.browser()
    page = await follow(browser, CLINIC_PARTY.for_service(PORTAL))
    assert "zelf geblokkeerd" in page.text
    back = await browser.post(str(page.url), data={"csrf": csrf(page), "do": "back"})
    assert answer(back)["error"] == "access_denied"
    refused = [event for event in await events(house) if event.name == "login:refused"][-1]
    assert getattr(refused, "code", "") == BelowOwnFloor.code


async def test_one_set_while_the_person_reads_the_last_page_counts(house: House) -> None:
    await house.put(service(PORTAL, CLINIC_ORGANISATION, Level.BASIC, confirm=True))
    browser = house.browser()
    page = await follow(browser, CLINIC_PARTY.for_service(PORTAL), level=BASIC)
    await put_floor(house, Level.LOW)
    agreed = await browser.post(str(page.url), data={"csrf": csrf(page), "do": "confirm"})
    assert answer(agreed)["error"] == "access_denied"


async def test_a_service_of_somebody_else_is_not_touched(house: House) -> None:
    await put_floor(house, Level.HIGH, PersonId(house.app.rooms.ids.uuid()))
    assert "code" in answer(await follow(house.browser(), CLINIC_PARTY.for_service(PORTAL), level=BASIC))


def test_the_refusal_ends_every_use_that_a_closed_account_ends() -> None:
    assert issubclass(BelowOwnFloor, AccountClosed)
