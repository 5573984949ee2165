"""O22, O05, O21: silence tells nothing, hints name one person, age and level are never talked down."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.hostile.scenes import town_client
from tests.journeys.house import BENCH, ISSUER, PORTAL, REDIRECT, House, means
from tests.journeys.party import CLINIC_PARTY, TOWN_PARTY, answer, claims, follow
from toegang.assurance import Level

OTHER = "01929d2e-0000-7000-8000-00000000ffff"
LOA = "http://eidas.europa.eu/LoA/"


async def test_a_silent_request_says_the_same_to_a_stranger_and_to_somebody_it_may_not_use(
    lone_house: House,
) -> None:
    known = lone_house.browser()
    await follow(known, CLINIC_PARTY.for_service(PORTAL))
    stranger = answer(await lone_house.browser().get(TOWN_PARTY.url(prompt="none")))
    elsewhere = answer(await known.get(TOWN_PARTY.url(prompt="none")))
    assert stranger == elsewhere
    assert stranger["error"] == "login_required"


async def test_a_hint_of_somebody_else_gets_no_code_silent_or_not(lone_house: House) -> None:
    other = lone_house.browser()
    code = answer(await follow(other, CLINIC_PARTY.for_service(PORTAL), person=OTHER))["code"]
    hint = (await CLINIC_PARTY.redeem(other, code)).json()["id_token"]
    browser = lone_house.browser()
    await follow(browser, CLINIC_PARTY.for_service(PORTAL))
    silent = answer(await browser.get(CLINIC_PARTY.for_service(PORTAL, prompt="none", id_token_hint=hint)))
    assert silent["error"] == "login_required"
    loud = answer(await follow(browser, CLINIC_PARTY.for_service(PORTAL, id_token_hint=hint)))
    assert "code" not in loud


async def test_prompt_none_beside_another_word_is_refused(lone_house: House) -> None:
    for prompt in ("none login", "login none", "none none consent"):
        told = answer(await lone_house.browser().get(TOWN_PARTY.url(prompt=prompt)))
        assert told["error"] == "invalid_request", prompt


@pytest.mark.requires("OIDCC-3.1.2.1")
@pytest.mark.parametrize("age", ["0", "1"])
async def test_max_age_asks_a_fresh_proof(lone_house: House, age: str) -> None:
    browser = lone_house.browser()
    await follow(browser, CLINIC_PARTY.for_service(PORTAL))
    lone_house.clock.advance(timedelta(seconds=2))
    silent = await browser.get(CLINIC_PARTY.for_service(PORTAL, max_age=age, prompt="none"))
    assert answer(silent)["error"] == "login_required"
    code = answer(await follow(browser, CLINIC_PARTY.for_service(PORTAL, max_age=age)))["code"]
    told = claims((await CLINIC_PARTY.redeem(browser, code)).json()["id_token"])
    assert told["auth_time"] == int(lone_house.clock.now().timestamp())


async def test_a_bad_max_age_is_refused_and_not_passed_over(lone_house: House) -> None:
    for age in ("-1", "x", "1e3", "9" * 40, " 1", "+5"):
        told = answer(await lone_house.browser().get(TOWN_PARTY.url(max_age=age)))
        assert told["error"] == "invalid_request", age


async def test_no_wish_of_a_client_lowers_the_level_of_the_service(lone_house: House) -> None:
    await lone_house.put(means(BENCH, Level.BASIC))
    wishes = [
        {"acr_values": "http://eid.logius.nl/LoA/basic"},
        {"claims": '{"id_token":{"acr":{"value":"http://eid.logius.nl/LoA/basic"}}}'},
        {"claims": '{"id_token":{"acr":{"essential":true,"values":["http://eid.logius.nl/LoA/basic"]}}}'},
        {"claims": '{"id_token":{"acr":null}}'},
    ]
    for wish in wishes:
        response = await follow(lone_house.browser(), TOWN_PARTY.url(**wish))
        assert "code=" not in response.headers.get("location", ""), wish


@pytest.mark.parametrize(
    "word", ["token", "id_token", "code token", "code id_token", "id_token code", "none", "Code", "code code"]
)
async def test_only_the_code_flow_is_there(lone_house: House, word: str) -> None:
    response = await lone_house.browser().get(TOWN_PARTY.url(response_type=word))
    told = answer(response)
    assert told["error"] in {"unsupported_response_type", "invalid_request"}
    assert "#" not in response.headers["location"]


@pytest.mark.parametrize("mode", ["fragment", "query.jwt", "form_post.jwt", "web_message", "QUERY", "x"])
async def test_a_response_mode_that_is_not_offered_is_refused_by_query(lone_house: House, mode: str) -> None:
    response = await follow(lone_house.browser(), TOWN_PARTY.url(response_mode=mode))
    assert "code=" not in response.headers.get("location", "")
    assert "#" not in response.headers.get("location", "")


async def test_form_post_cannot_be_broken_out_of(lone_house: House) -> None:
    state = "\"'><script>alert(1)</script>&amp;"
    page = await follow(lone_house.browser(), TOWN_PARTY.url(response_mode="form_post", state=state))
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert f'action="{REDIRECT}"' in page.text
    assert "form-action 'self' http://localhost:9000" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"


@pytest.mark.requires("RFC9207-2")
async def test_every_answer_names_its_issuer_once_whatever_the_request_or_the_host_says(
    lone_house: House,
) -> None:
    evil = {"host": "evil.example", "x-forwarded-host": "evil.example", "x-forwarded-proto": "https"}
    for asked in ({}, {"response_type": "token"}, {"iss": "https://evil.example"}, {"prompt": "none"}):
        browser = lone_house.browser()
        response = await browser.get(TOWN_PARTY.url(**asked), headers=evil)
        while response.headers["location"].startswith("/"):
            response = await browser.get(response.headers["location"], headers=evil)
        told = parse_qsl(urlsplit(response.headers["location"]).query)
        assert [value for name, value in told if name == "iss"] == [ISSUER]


async def test_a_state_that_looks_like_an_answer_adds_none(lone_house: House) -> None:
    state = "x&code=stolen&iss=https://evil.example"
    told = answer(await follow(lone_house.browser(), TOWN_PARTY.url(state=state)))
    assert (told["state"], told["iss"]) == (state, ISSUER)
    assert told["code"] != "stolen"


async def test_a_code_of_one_tab_does_not_fit_the_nonce_of_another(lone_house: House) -> None:
    await lone_house.put(town_client())
    browser = lone_house.browser()
    first = answer(await follow(browser, TOWN_PARTY.url(nonce="first", state="1")))
    second = answer(await follow(browser, TOWN_PARTY.url(nonce="second", state="2")))
    for came, nonce in ((first, "first"), (second, "second")):
        tokens = (await TOWN_PARTY.redeem(browser, came["code"])).json()
        assert claims(tokens["id_token"])["nonce"] == nonce
