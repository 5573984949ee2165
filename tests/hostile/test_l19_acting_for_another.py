"""L19, O15, O22: nobody acts for whom they may not, did not choose, or where it is not understood."""

from __future__ import annotations

import json

import httpx2
import pytest

from tests.journeys import acting as a
from tests.journeys.house import BENCH, CLINIC, CLINIC_CLIENT, PORTAL, RESULTS, House, client, means
from tests.journeys.party import CLINIC_PARTY, answer, claims, follow
from tests.journeys.test_browser_edges import csrf
from toegang.assurance import Level
from toegang.identity.holds import Hold, HoldReason
from toegang.identity.people import PersonId
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.life import Act
from toegang.mandates.moves import Move, Mover
from toegang.mandates.party import Party, PartyKind, Standing
from toegang.storage.holds import HoldTable

WISH = json.dumps({"id_token": {"represents": None}})


def asked(**more: str) -> str:
    return CLINIC_PARTY.url(scope=f"openid offline_access service:{PORTAL}", **more)


async def redeemed(browser: httpx2.AsyncClient, end: httpx2.Response) -> httpx2.Response:
    return await CLINIC_PARTY.redeem(browser, answer(end)["code"])


async def chosen(browser: httpx2.AsyncClient) -> httpx2.Response:
    """Act for the one whom the page offers."""
    page = await follow(browser, asked())
    return await a.post(browser, page, whom=a.offered(page)[0])


# -- what a form can be made to say --------------------------------------------------------------------------


@pytest.mark.requires("MANDATES-P18")
async def test_whom_a_form_was_bent_to_name_is_decided_about_anew(lone_house: House) -> None:
    house = lone_house
    await a.furnish(house)
    await a.given(house, a.MOTHER)
    browser = a.english(house)
    page = await follow(browser, asked())
    sealed, login = house.app.rooms.representing.sealed, str(page.url).rpartition("/")[2]
    (good,) = a.offered(page)
    for bent in (
        "",
        "x",
        str(a.OTHER),
        good[:-1] + ("B" if good.endswith("A") else "A"),  # never what it was
        sealed.seal(a.MOTHER, "another login"),
    ):
        assert (await a.post(browser, page, whom=bent)).status_code == 400
    # Even who could seal: it is not who is offered that counts, but whom they may act for.
    refused = await a.post(browser, page, whom=sealed.seal(a.OTHER, login))
    assert refused.status_code == 403
    end = await a.post(browser, page, whom=sealed.seal(a.MOTHER, login))
    assert "represents" in claims((await redeemed(browser, end)).json()["id_token"])


async def test_a_number_that_is_nobodys_and_one_of_somebody_elses_get_one_answer(lone_house: House) -> None:
    house = lone_house
    await a.furnish(house)
    await a.given(house, a.MOTHER)
    await a.numbered(house, a.FIRM, "90000001")
    browser = a.english(house)
    page = await follow(browser, asked())
    told = set()
    for number in ("90000001", "90000002"):
        again = await a.post(browser, page, do="for-number", number_for=number)
        assert again.status_code == 200
        told.add(again.text.replace(csrf(again), "").replace(number, ""))
    assert len({len(each) for each in told}) == 1


@pytest.mark.requires("ASVS-3.5")
async def test_another_browser_chooses_for_nobody(lone_house: House) -> None:
    house = lone_house
    await a.furnish(house)
    await a.given(house, a.MOTHER)
    browser, thief = a.english(house), a.english(house)
    page = await follow(browser, asked())
    await thief.get("/")
    other = await thief.post(
        str(page.url), data={"csrf": csrf(await follow(thief, asked())), "whom": a.offered(page)[0]}
    )
    assert other.status_code == 403
    assert "For whom do you log in?" in (await browser.get(str(page.url))).text


async def test_two_tabs_that_choose_different_people_agree_to_what_each_shows(lone_house: House) -> None:
    house = lone_house
    await a.furnish(house)
    await a.given(house, a.MOTHER, 1)
    await a.given(house, a.OTHER, 2)
    await a.confirming(house)
    browser = a.english(house)
    page = await follow(browser, asked())
    first, second = a.offered(page)
    one = await a.post(browser, page, whom=first)
    assert "You log in for" in one.text
    two = await a.post(browser, page, whom=second)
    assert a.seen(one) != a.seen(two)
    stale = await a.post(browser, one, do="confirm", seen=a.seen(one))
    assert stale.status_code == 400
    bare = await a.post(browser, one, do="confirm")
    assert bare.status_code == 400
    end = await a.post(browser, two, do="confirm", seen=a.seen(two))
    told = claims((await redeemed(browser, end)).json()["id_token"])
    other = a.english(house)
    there = await follow(other, asked())
    there = await a.post(other, there, whom=a.offered(there)[0])
    there = await a.post(other, there, do="confirm", seen=a.seen(there))
    of_first = claims((await redeemed(other, there)).json()["id_token"])
    assert told["represents"]["sub"] != of_first["represents"]["sub"]


# -- what happens in between ---------------------------------------------------------------------------------


@pytest.mark.requires("MANDATES-P4")
async def test_a_mandate_withdrawn_after_the_choice_is_not_answered(house: House) -> None:
    await a.furnish(house)
    edge = await a.given(house, a.MOTHER)
    await a.confirming(house)
    browser = a.english(house)
    page = await a.post(browser, page := await follow(browser, asked()), whom=a.offered(page)[0])
    await a.withdrawn(house, edge)
    again = await a.post(browser, page, do="confirm", seen=a.seen(page))
    assert "You can no longer log in for who you chose." in again.text
    assert a.offered(again) == []
    alone = await a.post(browser, again, do="for-myself")
    end = await a.post(browser, alone, do="confirm")
    assert "represents" not in claims((await redeemed(browser, end)).json()["id_token"])


@pytest.mark.requires("MANDATES-P4")
async def test_a_mandate_withdrawn_before_the_code_is_redeemed_ends_the_code(house: House) -> None:
    await a.furnish(house)
    edge = await a.given(house, a.MOTHER)
    browser = a.english(house)
    end = await chosen(browser)
    await a.withdrawn(house, edge)
    refused = await redeemed(browser, end)
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
    assert (await redeemed(browser, end)).json()["error"] == "invalid_grant"


@pytest.mark.requires("MANDATES-P6")
async def test_a_register_that_tells_of_a_death_before_the_code_is_redeemed_ends_it(house: House) -> None:
    await a.furnish(house)
    await a.given(house, a.MOTHER)
    browser = a.english(house)
    end = await chosen(browser)
    dead = Party(id=a.MOTHER, kind=PartyKind.PERSON, standing=Standing.DECEASED, born=a.BORN)
    await a.mandates(house).know(dead, now=house.clock.now())
    assert (await redeemed(browser, end)).json()["error"] == "invalid_grant"


@pytest.mark.requires("MANDATES-P4")
async def test_tokens_serve_no_longer_than_the_mandate_that_they_rest_on(house: House) -> None:
    await a.furnish(house)
    edge = await a.given(house, a.MOTHER)
    browser = a.english(house)
    tokens = (await redeemed(browser, await chosen(browser))).json()
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert (await browser.get("/oidc/userinfo", headers=bearer)).status_code == 200
    await a.withdrawn(house, edge)
    info = await browser.get("/oidc/userinfo", headers=bearer)
    assert info.status_code == 401
    assert "invalid_token" in info.headers["www-authenticate"]
    looked = await CLINIC_PARTY.post(browser, "/oidc/introspect", token=tokens["access_token"])
    assert looked.json() == {"active": False}
    again = await CLINIC_PARTY.refresh(browser, tokens["refresh_token"])
    assert again.json()["error"] == "invalid_grant"


@pytest.mark.requires("MANDATES-P5")
async def test_a_mandate_that_is_over_by_itself_ends_what_rests_on_it(lone_house: House) -> None:
    house = lone_house
    await a.furnish(house)
    await a.given(house, a.MOTHER, until=house.clock.now() + a.MINUTE)
    browser = a.english(house)
    tokens = (await redeemed(browser, await chosen(browser))).json()
    house.clock.advance(a.MINUTE)
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert (await browser.get("/oidc/userinfo", headers=bearer)).status_code == 401


@pytest.mark.requires("MANDATES-P2")
async def test_a_mandate_that_is_narrowed_ends_what_was_given_for_more(lone_house: House) -> None:
    house = lone_house
    await a.furnish(house)
    edge = await a.given(house, a.MOTHER)
    browser = a.english(house)
    tokens = (await redeemed(browser, await chosen(browser))).json()
    narrower = a.narrowed(edge)
    move = Move(act=Act.RESTRICT, by=Mover.self(edge.principal, Level.HIGH), terms=narrower)
    service = house.app.rooms.catalogue.current.service(PORTAL)
    assert service is not None
    await a.mandates(house).move(edge.id, 1, move, (service,), house.clock.now(), NOTHING_TOLD)
    assert (await CLINIC_PARTY.refresh(browser, tokens["refresh_token"])).json()["error"] == "invalid_grant"


@pytest.mark.requires("MANDATES-P14")
async def test_one_login_has_one_statement_and_it_is_redeemed_once(house: House) -> None:
    await a.furnish(house)
    await a.given(house, a.MOTHER)
    browser = a.english(house)
    end = await chosen(browser)
    assert (await redeemed(browser, end)).status_code == 200
    assert (await redeemed(browser, end)).json()["error"] == "invalid_grant"
    # By whoever else has the code.
    thief = a.english(house)
    other = await chosen(thief)
    stolen = await CLINIC_PARTY.redeem(thief, answer(other)["code"], code_verifier="w" * 64)
    assert stolen.json()["error"] == "invalid_grant"
    assert (await redeemed(thief, other)).json()["error"] == "invalid_grant"


# -- who does not know what it is ----------------------------------------------------------------------------


@pytest.mark.requires("MANDATES-P9")
async def test_a_client_that_is_not_registered_for_it_never_receives_it(lone_house: House) -> None:
    house = lone_house
    await a.furnish(house, representation=False)
    await a.given(house, a.MOTHER)
    browser = a.english(house)
    end = await follow(browser, asked())
    assert "represents" not in claims((await redeemed(browser, end)).json()["id_token"])
    refused = await follow(a.english(house), asked(claims=WISH))
    assert answer(refused)["error"] == "invalid_request"
    # By the word of another means neither.
    vouched = await follow(a.english(house), asked(), represents="kvk:90000001")
    assert answer(vouched)["error"] == "access_denied"


@pytest.mark.requires("MANDATES-P9")
async def test_a_service_that_admits_nobody_receives_nobody(lone_house: House) -> None:
    house = lone_house
    await a.furnish(house)
    await a.given(house, a.MOTHER)
    at_results = CLINIC_PARTY.for_service(RESULTS)
    assert "code" in answer(await follow(a.english(house), at_results))
    refused = await follow(a.english(house), CLINIC_PARTY.for_service(RESULTS, claims=WISH))
    assert answer(refused)["error"] == "invalid_request"


@pytest.mark.requires("MANDATES-P9")
async def test_a_client_that_loses_it_meanwhile_gets_neither_the_answer_nor_its_tokens(
    lone_house: House,
) -> None:
    house = lone_house
    await a.furnish(house)
    await a.given(house, a.MOTHER)
    await a.confirming(house)
    browser, other = a.english(house), a.english(house)
    page = await follow(browser, asked())
    page = await a.post(browser, page, whom=a.offered(page)[0])
    there = await follow(other, asked())
    there = await a.post(other, there, whom=a.offered(there)[0])
    end = await a.post(other, there, do="confirm", seen=a.seen(there))
    await house.put(client(CLINIC_CLIENT, CLINIC, (PORTAL, RESULTS)))
    refused = await a.post(browser, page, do="confirm", seen=a.seen(page))
    assert answer(refused)["error"] == "access_denied"
    assert (await redeemed(other, end)).status_code == 400


# -- what is not carried over --------------------------------------------------------------------------------


async def test_single_sign_on_carries_over_who_logged_in_and_never_for_whom(lone_house: House) -> None:
    house = lone_house
    await a.furnish(house)
    await a.given(house, a.MOTHER)
    browser = a.english(house)
    await redeemed(browser, await chosen(browser))
    page = await browser.get(asked())
    page = await browser.get(page.headers["location"])
    assert "For whom do you log in?" in page.text
    alone = await a.post(browser, page, do="for-myself")
    assert "represents" not in claims((await redeemed(browser, alone)).json()["id_token"])
    elsewhere = await follow(browser, CLINIC_PARTY.for_service(RESULTS))
    assert "represents" not in claims((await redeemed(browser, elsewhere)).json()["id_token"])


async def test_a_silent_login_never_chooses_for_whom(lone_house: House) -> None:
    house = lone_house
    await a.furnish(house)
    edge = await a.given(house, a.MOTHER)
    browser = a.english(house)
    await redeemed(browser, await chosen(browser))
    assert answer(await follow(browser, asked(prompt="none")))["error"] == "interaction_required"
    await a.withdrawn(house, edge)
    silent = await browser.get(asked(prompt="none"))
    assert "represents" not in claims((await redeemed(browser, silent)).json()["id_token"])


@pytest.mark.requires("MANDATES-P1")
async def test_a_login_or_a_mandate_that_is_too_low_acts_for_nobody(lone_house: House) -> None:
    house = lone_house
    await a.furnish(house, a.rules(use=Level.SUBSTANTIAL))
    await a.given(house, a.MOTHER, 1, level=Level.LOW)
    browser = a.english(house)
    page = await follow(browser, asked(), level=str(Level.LOW.value))
    assert a.offered(page) == []
    sealed, login = house.app.rooms.representing.sealed, str(page.url).rpartition("/")[2]
    refused = await a.post(browser, page, whom=sealed.seal(a.MOTHER, login))
    assert refused.status_code in {400, 403}
    high = a.english(house)
    assert "code" in answer(await follow(high, asked()))


@pytest.mark.parametrize("wish", ["for-myself", "whom"])
async def test_who_is_held_while_they_choose_does_not_get_in(lone_house: House, wish: str) -> None:
    house = lone_house
    await a.furnish(house)
    await a.given(house, a.MOTHER)
    browser = a.english(house)
    page = await follow(browser, asked())
    ground = house.app.ground
    held = Hold(person=PersonId(a.ACTOR), reason=HoldReason.TWO_ACCOUNTS, since=house.clock.now())
    async with ground.units.begin() as unit:
        assert await HoldTable(ground.database).put(unit, held)
    chosen = {"whom": a.offered(page)[0]} if wish == "whom" else {"do": wish}
    end = await a.post(browser, page, **chosen)
    assert "code" not in answer(end)
    assert answer(end)["error"] == "access_denied"


@pytest.mark.requires("MANDATES-P1")
async def test_a_means_that_is_admitted_for_less_meanwhile_acts_for_nobody(lone_house: House) -> None:
    house = lone_house
    await a.furnish(house, a.rules(use=Level.SUBSTANTIAL))
    await a.given(house, a.MOTHER)
    await a.confirming(house)
    browser = a.english(house)
    page = await follow(browser, asked())
    page = await a.post(browser, page, whom=a.offered(page)[0])
    await house.put(means(BENCH, Level.LOW))
    again = await a.post(browser, page, do="confirm", seen=a.seen(page))
    assert "You can no longer log in for who you chose." in again.text
    alone = await a.post(browser, again, do="for-myself")
    assert "code" in answer(await a.post(browser, alone, do="confirm"))


async def test_who_is_choosing_when_nobody_may_act_for_another_any_more_logs_in_for_themselves(
    lone_house: House,
) -> None:
    house = lone_house
    await a.furnish(house)
    await a.given(house, a.MOTHER)
    browser = a.english(house)
    page = await follow(browser, asked())
    await house.put(client(CLINIC_CLIENT, CLINIC, (PORTAL, RESULTS)))
    again = await browser.get(str(page.url))
    assert again.status_code == 200
    assert a.offered(again) == []
    assert "code" in answer(await a.post(browser, again, do="for-myself"))
