"""O22: who asks for one subject gets that subject or an error, in a code, in silence and by any means."""

from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlencode

import pytest

from tests.hostile.scenes import code_for, events
from tests.journeys.house import PORTAL, House
from tests.journeys.party import CLINIC_PARTY, TOWN_PARTY, answer, claims, follow
from toegang.audit.events import LoginRefused

pytestmark = pytest.mark.requires("OIDCC-3.1.2.2")

OTHER = "01929d2e-0000-7000-8000-00000000ffff"
PLACES = ("id_token", "userinfo")


def wish(place: str = "id_token", **asked: object) -> str:
    """Return a `claims` parameter that asks `sub` in one place."""
    return json.dumps({place: {"sub": asked}})


async def subject(house: House, **params: str) -> str:
    """Return the name that the clinic has for somebody."""
    browser = house.browser()
    code = answer(await follow(browser, CLINIC_PARTY.for_service(PORTAL), **params))["code"]
    return str(claims((await CLINIC_PARTY.redeem(browser, code)).json()["id_token"])["sub"])


def asking(**asked: str) -> str:
    return CLINIC_PARTY.for_service(PORTAL, **asked)


@pytest.mark.parametrize("place", PLACES)
async def test_the_subject_asked_for_gets_its_code_and_nobody_else_does(house: House, place: str) -> None:
    mine, theirs = await subject(house), await subject(house, person=OTHER)
    for asked, person in ((mine, OTHER), (theirs, "")):
        params = {"person": person} if person else {}
        told = answer(await follow(house.browser(), asking(claims=wish(place, value=asked)), **params))
        assert (told["error"], "code" in told) == ("login_required", False)
    told = answer(await follow(house.browser(), asking(claims=wish(place, value=mine))))
    tokens = (await CLINIC_PARTY.redeem(house.browser(), told["code"])).json()
    assert claims(tokens["id_token"])["sub"] == mine


async def test_of_several_subjects_any_will_do_and_no_other(lone_house: House) -> None:
    mine, theirs = await subject(lone_house), await subject(lone_house, person=OTHER)
    both = asking(claims=wish(values=["nobody", theirs, mine]))
    assert "code" in answer(await follow(lone_house.browser(), both))
    neither = asking(claims=wish(values=["nobody", mine[:-1], mine + "A", mine.swapcase(), ""]))
    assert answer(await follow(lone_house.browser(), neither))["error"] == "login_required"


async def test_asked_in_two_places_it_must_be_the_same_in_both(lone_house: House) -> None:
    mine, theirs = await subject(lone_house), await subject(lone_house, person=OTHER)
    split = json.dumps({"id_token": {"sub": {"value": mine}}, "userinfo": {"sub": {"value": theirs}}})
    assert answer(await follow(lone_house.browser(), asking(claims=split)))["error"] == "invalid_request"
    shared = {
        "id_token": {"sub": {"values": [mine, theirs]}},
        "userinfo": {"sub": {"values": ["nobody", theirs]}},
    }
    told = answer(await follow(lone_house.browser(), asking(claims=json.dumps(shared))))
    assert told["error"] == "login_required"
    told = answer(await follow(lone_house.browser(), asking(claims=json.dumps(shared)), person=OTHER))
    assert "code" in told


async def test_an_earlier_login_of_somebody_else_is_not_used_and_the_right_one_is(house: House) -> None:
    browser = house.browser()
    mine, theirs = await subject(house), await subject(house, person=OTHER)
    await follow(browser, asking())
    silent = await browser.get(asking(prompt="none", claims=wish(value=theirs)))
    assert answer(silent)["error"] == "login_required"
    silent = await browser.get(asking(prompt="none", claims=wish(value=mine)))
    assert "code" in answer(silent)
    fresh = await follow(browser, asking(claims=wish(value=theirs)), person=OTHER)
    assert "code" in answer(fresh)


async def test_the_name_at_another_organisation_is_nobodys_name_here(lone_house: House) -> None:
    code = await code_for(lone_house)
    elsewhere = claims((await TOWN_PARTY.redeem(lone_house.browser(), code)).json()["id_token"])["sub"]
    told = answer(await follow(lone_house.browser(), asking(claims=wish(value=elsewhere))))
    assert told["error"] == "login_required"


async def test_a_pushed_request_asks_for_its_subject_as_any_other(lone_house: House) -> None:
    mine = await subject(lone_house)
    for person, answered in ((OTHER, "error"), ("", "code")):
        form = dict(parse_qsl(asking(claims=wish(value=mine)).partition("?")[2]))
        pushed = await CLINIC_PARTY.post(lone_house.browser(), "/oidc/par", **form)
        asked = {"client_id": CLINIC_PARTY.id, "request_uri": pushed.json()["request_uri"]}
        params = {"person": person} if person else {}
        visit = f"/oidc/authorize?{urlencode(asked)}"
        assert answered in answer(await follow(lone_house.browser(), visit, **params))


async def test_a_login_of_somebody_else_is_recorded_as_refused_and_nothing_can_be_redeemed(
    house: House,
) -> None:
    mine = await subject(house)
    await follow(house.browser(), asking(claims=wish(value=mine)), person=OTHER)
    refused = [event for event in await events(house) if isinstance(event, LoginRefused)]
    assert [event.code for event in refused] == ["user-interaction-needed"]
    decision = await house.app.rooms.logins.decisions.find(refused[0].reference)
    assert decision is not None
    assert (decision.end, decision.released) == ("user-interaction-needed", ())


@pytest.mark.parametrize(
    "asked",
    [
        {"value": None},
        {"value": 7},
        {"value": ["x"]},
        {"value": {}},
        {"values": []},
        {"values": [7]},
        {"values": ["x", None]},
        {"value": "x", "values": ["x"]},
        {"value": "\ud800"},
        {"values": ["x"] * 33},
    ],
)
async def test_a_value_that_no_subject_can_have_is_refused_and_not_passed_over(
    lone_house: House, asked: dict[str, object]
) -> None:
    for place in PLACES:
        told = answer(await follow(lone_house.browser(), asking(claims=wish(place, **asked))))
        assert (told["error"], "code" in told) == ("invalid_request", False)
