"""L19, O02: `authorization_details` asks what it may and no more, and what it asks is what is answered."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from tests.hostile.scenes import names_of_events
from tests.journeys import acting as a
from tests.journeys.house import CLINIC, CLINIC_CLIENT, PORTAL, RESULTS, House, client
from tests.journeys.party import CLINIC_PARTY, answer, claims, follow
from toegang.catalogue.representation import EdgeKind
from toegang.mandates.edge import Source
from toegang.oidc.authorization_details import ACT_FOR, KVK, LIMIT, PSEUDONYM

INVALID = "invalid_authorization_details"


def asked(detail: object, **more: str) -> str:
    text = detail if isinstance(detail, str) else json.dumps(detail)
    scope = f"openid offline_access service:{PORTAL}"
    return CLINIC_PARTY.url(scope=scope, authorization_details=text, **more)


def act_for(**fields: object) -> list[dict[str, object]]:
    return [{"type": ACT_FOR, **fields}]


async def furnish(house: House, **of_client: object) -> None:
    await a.furnish(house, a.rules(kinds=(EdgeKind.VOLUNTARY, EdgeKind.EMPLOYEE, EdgeKind.PARENTAL)))
    asking = {"representation": True, "authorization_details_types": (ACT_FOR,), **of_client}
    await house.put(client(CLINIC_CLIENT, CLINIC, (PORTAL, RESULTS), **asking))


async def admits(house: House, **changes: object) -> None:
    """Let the portal admit this besides from now on."""
    portal = house.app.rooms.catalogue.current.service(PORTAL)
    assert portal is not None
    assert portal.representation is not None
    await house.put(replace(portal, representation=replace(portal.representation, **changes)))  # type: ignore[arg-type]


async def redeemed(browser: httpx2.AsyncClient, end: httpx2.Response) -> dict[str, Any]:
    response = await CLINIC_PARTY.redeem(browser, answer(end)["code"])
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


@pytest.mark.requires("RFC9396-5")
@pytest.mark.parametrize(
    "detail",
    [
        "",
        "{}",
        "[]",
        "not json",
        "[1]",
        '[{"type": "urn:toegang:act-for", "type": "urn:toegang:act-for"}]',
        [{}],
        [{"type": "payment_initiation"}],
        [{"type": [ACT_FOR]}],
        act_for() * 2,
        act_for(actions=["view"]),
        act_for(service="x"),
        act_for(service=str(RESULTS)),
        act_for(service=None),
        act_for(kinds=[]),
        act_for(kinds="voluntary"),
        act_for(kinds=["voluntary", "voluntary"]),
        act_for(kinds=["court"]),
        act_for(kinds=["nonsense"]),
        act_for(represented=None),
        act_for(represented={"sub": "90000001"}),
        act_for(represented={"sub": "999990019", "sub_id_type": "urn:nl-eid-gdi:1.0:id:BSN"}),
        act_for(represented={"sub": "12", "sub_id_type": KVK}),
        act_for(represented={"sub": "90000001", "sub_id_type": KVK, "iss": "x"}),
        act_for(represented={"sub": "x" * 300, "sub_id_type": PSEUDONYM}),
        json.dumps(act_for()) + " " * LIMIT,
    ],
)
async def test_what_is_not_of_the_type_is_refused_and_never_passed_over(house: House, detail: object) -> None:
    await furnish(house)
    refused = await follow(a.english(house), asked(detail))
    if detail == "":  # a parameter without a value is one that is left out (RFC6749-3.1)
        assert refused.status_code == 200 or "code" in answer(refused)
        return
    assert answer(refused)["error"] == INVALID
    pushed = await CLINIC_PARTY.post(
        house.browser(),
        "/oidc/par",
        **dict(httpx2.QueryParams(asked(detail).partition("?")[2])),
    )
    assert (pushed.status_code, pushed.json()["error"]) == (400, INVALID)


@pytest.mark.requires("RFC9396-5", "MANDATES-P9")
async def test_who_is_not_registered_for_the_type_may_not_ask_it(lone_house: House) -> None:
    house = lone_house
    await furnish(house, authorization_details_types=())
    assert answer(await follow(a.english(house), asked(act_for())))["error"] == INVALID
    await furnish(house, representation=False)
    assert answer(await follow(a.english(house), asked(act_for())))["error"] == INVALID
    assert "login:started" not in await names_of_events(house)


@pytest.mark.requires("RFC9396-6")
async def test_the_token_endpoint_takes_none_and_the_code_stays_as_it_was(house: House) -> None:
    await furnish(house)
    await a.given(house, a.MOTHER)
    browser = a.english(house)
    page = await follow(browser, asked(act_for()))
    end = await a.post(browser, page, whom=a.offered(page)[0])
    refused = await CLINIC_PARTY.redeem(
        browser, answer(end)["code"], authorization_details=json.dumps(act_for())
    )
    assert (refused.status_code, refused.json()["error"]) == (400, INVALID)
    assert "authorization_details" in await redeemed(browser, end)


@pytest.mark.requires("RFC9396-7", "RFC9396-9")
async def test_what_was_granted_is_told_with_the_tokens_and_at_introspection(house: House) -> None:
    await furnish(house)
    a.told(house, a.parent_of(a.CHILD))
    await a.given(house, a.MOTHER)
    browser = a.english(house)
    page = await follow(browser, asked(act_for(service=str(PORTAL), kinds=["parental"])))
    assert "For myself" not in page.text
    (whom,) = a.offered(page)  # the mother gave a mandate, and that was not asked
    assert (await a.post(browser, page, do="for-myself")).status_code == 400
    found = await redeemed(browser, await a.post(browser, page, whom=whom))
    [detail] = found["authorization_details"]
    told = claims(found["id_token"])["represents"]
    assert detail == {
        "type": ACT_FOR,
        "service": str(PORTAL),
        "kinds": ["parental"],
        "represented": told,
    }
    looked = (await CLINIC_PARTY.post(browser, "/oidc/introspect", token=found["access_token"])).json()
    assert looked["authorization_details"] == [detail]
    renewed = (await CLINIC_PARTY.refresh(browser, found["refresh_token"])).json()
    assert renewed["authorization_details"] == [detail]


@pytest.mark.requires("RFC9396-5", "OIDCC-3.1.2.1")
async def test_what_was_granted_can_be_asked_again_as_it_stands_also_silently_by_its_hint(
    lone_house: House,
) -> None:
    house = lone_house
    await furnish(house)
    await a.given(house, a.MOTHER)
    await a.given(house, a.OTHER, 2)
    browser = a.english(house)
    page = await follow(browser, asked(act_for()))
    found = await redeemed(browser, await a.post(browser, page, whom=a.offered(page)[0]))
    [detail] = found["authorization_details"]
    page = await follow(browser, asked([detail]))
    assert len(a.offered(page)) == 1
    silent = {"prompt": "none", "id_token_hint": found["id_token"]}
    assert answer(await browser.get(asked([detail], prompt="none")))["error"] == "interaction_required"
    same = await redeemed(browser, await browser.get(asked([detail], **silent)))
    assert same["authorization_details"] == [detail]
    # The hint says one, the details another: nobody is chosen.
    page = await follow(browser, asked(act_for()))
    second = a.offered(page)[1]
    [other] = (await redeemed(browser, await a.post(browser, page, whom=second)))["authorization_details"]
    assert other != detail
    assert answer(await browser.get(asked([other], **silent)))["error"] == "interaction_required"
    # Who gave that name is we, and a BSN is no name here.
    for bent in ({"iss": "https://other.example"}, {"alt_sub": [{"sub": "999990019"}]}):
        told = answer(await browser.get(asked([detail | {"represented": detail["represented"] | bent}])))
        assert told["error"] == INVALID


async def test_who_did_not_ask_is_told_none(house: House) -> None:
    await furnish(house)
    await a.given(house, a.MOTHER)
    browser = a.english(house)
    page = await follow(browser, CLINIC_PARTY.for_service(PORTAL))
    found = await redeemed(browser, await a.post(browser, page, whom=a.offered(page)[0]))
    assert "authorization_details" not in found


@pytest.mark.requires("MANDATES-P9")
async def test_one_party_is_asked_by_number_or_by_the_name_that_the_client_knows(lone_house: House) -> None:
    house = lone_house
    await furnish(house)
    await a.given(house, a.FIRM, 1)
    await a.given(house, a.MOTHER, 2)
    await a.numbered(house, a.FIRM, "90000001")
    browser = a.english(house)
    page = await follow(browser, asked(act_for(represented={"sub": "90000001", "sub_id_type": KVK})))
    (firm,) = a.offered(page)
    # Whom else they may act for is refused to who was asked about this one.
    sealed, login = house.app.rooms.representing.sealed, str(page.url).rpartition("/")[2]
    assert (await a.post(browser, page, whom=sealed.seal(a.MOTHER, login))).status_code == 403
    found = await redeemed(browser, await a.post(browser, page, whom=firm))
    assert found["authorization_details"][0]["represented"]["sub"] == "90000001"
    # A name is known once it was told.
    other = a.english(house)
    page = await follow(other, asked(act_for(kinds=["voluntary"])))
    mother = await redeemed(other, await a.post(other, page, whom=a.offered(page)[0]))
    named = {"sub": claims(mother["id_token"])["represents"]["sub"], "sub_id_type": PSEUDONYM}
    again = a.english(house)
    page = await follow(again, asked(act_for(represented=named)))
    assert len(a.offered(page)) == 1
    none = a.english(house)
    for nobody in ("90000002", "90000019"):
        page = await follow(none, asked(act_for(represented={"sub": nobody, "sub_id_type": KVK})))
        assert a.offered(page) == []
        assert "There is nobody here whom you can log in for now." in page.text
    page = await follow(none, asked(act_for(represented={"sub": "never-told", "sub_id_type": PSEUDONYM})))
    assert a.offered(page) == []


@pytest.mark.requires("RFC9396-7")
async def test_what_was_given_at_a_desk_is_granted_as_the_kind_that_it_is(lone_house: House) -> None:
    house = lone_house
    await furnish(house)
    await admits(house, desk=True)
    await a.given(house, a.MOTHER, source=Source.ASSISTED)
    browser = a.english(house)
    page = await follow(browser, asked(act_for(kinds=["voluntary"])))
    found = await redeemed(browser, await a.post(browser, page, whom=a.offered(page)[0]))
    assert claims(found["id_token"])["representation"]["basis"] == ["desk"]
    assert found["authorization_details"][0]["kinds"] == ["voluntary"]


@pytest.mark.requires("RFC9396-7", "MANDATES-P6")
async def test_what_the_law_gives_otherwise_since_is_not_what_was_granted(lone_house: House) -> None:
    house = lone_house
    await furnish(house)
    law = a.parent_of(a.MOTHER)
    director = replace(law.links[0], kind=EdgeKind.STATUTORY, basis="director-sole")
    await admits(house, kinds=(EdgeKind.STATUTORY, EdgeKind.PROXY))
    a.told(house, replace(law, links=(director,)))
    browser = a.english(house)
    page = await follow(browser, asked(act_for(kinds=["statutory"])))
    found = await redeemed(browser, await a.post(browser, page, whom=a.offered(page)[0]))
    proxy = replace(director, kind=EdgeKind.PROXY, basis="proxy")
    a.told(house, replace(law, links=(director, proxy)))
    renewed = await CLINIC_PARTY.refresh(browser, found["refresh_token"])
    assert renewed.status_code == 200
    a.told(house, replace(law, links=(proxy,)))
    house.clock.advance(timedelta(hours=1))  # what was told at a refresh is remembered for some minutes
    refused = await CLINIC_PARTY.refresh(browser, renewed.json()["refresh_token"])
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")


@pytest.mark.requires("MANDATES-P9")
async def test_the_word_of_a_means_is_no_answer_to_it(lone_house: House) -> None:
    house = lone_house
    await furnish(house)
    vouched = await follow(a.english(house), asked(act_for()), represents="kvk:90000001")
    assert "code" not in answer(vouched)


@pytest.mark.requires("RFC9396-10")
async def test_the_metadata_names_the_type(house: House) -> None:
    document = (await house.browser().get("/.well-known/openid-configuration")).json()
    assert document["authorization_details_types_supported"] == [ACT_FOR]
