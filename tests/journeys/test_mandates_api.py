"""Systems ask who may act for whom, and are told what a login would be."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from tests.hostile.systems import (
    EVALUATION,
    EVALUATIONS,
    FIRM,
    NOBODY,
    NOOR,
    PIETER,
    SANNE,
    Caller,
    World,
    admits,
    named,
    open_world,
    question,
    system,
)
from tests.journeys import acting
from tests.journeys.house import CLINIC, ISSUER, PERMIT, PORTAL, House
from tests.journeys.party import CLINIC_PARTY, TOWN_PARTY, answer, claims, follow
from toegang.assurance import Level
from toegang.catalogue.values import IdentityForm, ServiceId
from toegang.identity.numbers import Bsn
from toegang.mandates.scope import Action, Restriction, Scope

SUBJECTS, RESOURCES, ACTIONS = (f"/access/v1/search/{what}" for what in ("subject", "resource", "action"))
SUBSTANTIAL = "http://eidas.europa.eu/LoA/substantial"


async def ask(house: House, path: str, body: object) -> dict[str, object]:
    caller = Caller(house)
    response = await caller.post(path, body, await caller.token())
    assert response.status_code == 200, response.text
    found: dict[str, object] = response.json()
    return found


async def pages(house: House, path: str, body: dict[str, object], limit: int) -> list[dict[str, object]]:
    results: list[dict[str, object]] = []
    token = ""
    for _ in range(20):
        found = await ask(house, path, body | {"page": {"limit": limit, "token": token}})
        results += found["results"]  # type: ignore[arg-type]
        token = found["page"]["next_token"]  # type: ignore[index]
        if not token:
            return results
    pytest.fail("there is no last page")


@pytest.mark.requires("AuthZEN-9.1")
async def test_the_metadata_name_endpoints_that_there_are(lone_quiet: House) -> None:
    told = (await lone_quiet.browser().get("/.well-known/authzen-configuration")).json()
    assert told.pop("policy_decision_point") == ISSUER
    for url in told.values():
        assert (await lone_quiet.browser().post(url)).status_code == 400, url  # there, and without a token


@pytest.mark.requires("AuthZEN-6.2")
async def test_a_yes_says_how_sure_until_when_and_within_what(quiet: House) -> None:
    world = await open_world(quiet)
    assert await ask(quiet, EVALUATION, question(PIETER, SANNE)) == {
        "decision": True,
        "context": {
            "level": "http://eidas.europa.eu/LoA/low",
            "valid_until": (quiet.clock.now() + timedelta(days=30)).isoformat(),
            "actions": ["view", "prepare", "submit", "sign"],
        },
    }
    narrow = Restriction(actions=frozenset({Action.VIEW, Action.SUBMIT}), most=5_000)
    await world.give(NOOR, PIETER, restriction=narrow, level=Level.SUBSTANTIAL)
    at_high = {"context": {"level": "http://eidas.europa.eu/LoA/high"}}
    told = await ask(quiet, EVALUATION, question(PIETER, NOOR, **at_high))
    assert told["context"] == {
        "level": SUBSTANTIAL,
        "valid_until": (quiet.clock.now() + timedelta(days=30)).isoformat(),
        "actions": ["view", "submit"],
        "most": 5_000,
    }

    async def may(name: str, **properties: object) -> object:
        action = {"action": {"name": name, "properties": properties}}
        return (await ask(quiet, EVALUATION, question(PIETER, NOOR, **action)))["decision"]

    assert await may("submit")
    assert await may("submit", amount=5_000)
    assert not await may("submit", amount=5_001)
    assert not await may("sign")


@pytest.mark.requires("AuthZEN-7.1", "AuthZEN-7.1.2.1")
async def test_a_batch_is_answered_in_its_order_as_far_as_its_semantic_goes(quiet: House) -> None:
    await open_world(quiet)
    above = question(PIETER, SANNE)
    no = {"resource": named(NOBODY)}
    wanted = [({}, True), (no, False), ({}, True), (no, False)]
    for semantic, many in (("execute_all", 4), ("deny_on_first_deny", 2), ("permit_on_first_permit", 1)):
        body = above | {
            "evaluations": [each for each, _ in wanted],
            "options": {"evaluations_semantic": semantic},
        }
        found = (await ask(quiet, EVALUATIONS, body))["evaluations"]
        assert [each["decision"] for each in found] == [yes for _, yes in wanted][:many]  # type: ignore[attr-defined]
    for alone in (above, above | {"evaluations": []}):
        assert (await ask(quiet, EVALUATIONS, alone))["decision"] is True


@pytest.mark.requires("AuthZEN-8.2", "AuthZEN-8.5", "MANDATES-P18")
async def test_whom_somebody_may_act_for_is_listed_by_pages_as_it_is_answered_one_by_one(
    quiet: House,
) -> None:
    world = await open_world(quiet)
    others = tuple(Bsn.parse(each) for each in ("999990056", "999990068", "999990081"))
    await world.meet(*others)
    for each in others:
        await world.give(each, PIETER)
    asked = {"subject": named(PIETER), "action": {"name": "act"}, "resource": {"type": "bsn"}}
    for limit in (1, 2, 50):
        found = await pages(quiet, RESOURCES, asked, limit)
        assert sorted(str(each["id"]) for each in found) == sorted(e.digits for e in (SANNE, *others))
    for result in await pages(quiet, RESOURCES, asked, 50):
        told = await ask(quiet, EVALUATION, asked | {"resource": {"type": "bsn", "id": result["id"]}})
        assert (told["decision"], told["context"]) == (True, result["properties"])
    assert await pages(quiet, RESOURCES, asked | {"subject": named(NOOR)}, 1) == []
    assert await pages(quiet, RESOURCES, asked | {"subject": named(NOBODY)}, 1) == []


@pytest.mark.requires("AuthZEN-8.4", "AuthZEN-8.6", "MANDATES-P19")
async def test_who_may_act_for_somebody_and_what_may_be_done_are_found(quiet: House) -> None:
    world = await open_world(quiet)
    view = Restriction(actions=frozenset({Action.VIEW}))
    await world.give(SANNE, NOOR, restriction=view)
    asked = {"subject": {"type": "bsn"}, "action": {"name": "act"}, "resource": named(SANNE)}
    found = await pages(quiet, SUBJECTS, asked, 1)
    assert {str(each["id"]) for each in found} == {PIETER.digits, NOOR.digits}
    for actor, may in ((NOOR, ["view"]), (PIETER, ["view", "prepare", "submit", "sign"]), (NOBODY, [])):
        told = await ask(quiet, ACTIONS, {"subject": named(actor), "resource": named(SANNE)})
        assert [each["name"] for each in told["results"]] == may  # type: ignore[attr-defined]


@pytest.mark.requires("AuthZEN-8.4", "AuthZEN-8.6", "MANDATES-P2")
async def test_every_search_tells_the_limits_as_the_answer_to_a_question_does(quiet: House) -> None:
    world = await open_world(quiet)
    limits = Restriction(actions=frozenset({Action.SUBMIT}), most=500, cases=frozenset({"Z.1"}))
    await world.give(SANNE, NOOR, restriction=limits)
    asked = {"subject": named(NOOR), "action": {"name": "act"}, "resource": named(SANNE)}
    within = (await ask(quiet, EVALUATION, asked))["context"]
    by_actor = await pages(quiet, SUBJECTS, asked | {"subject": {"type": "bsn"}}, 5)
    assert [each["properties"] for each in by_actor if each["id"] == NOOR.digits] == [within]
    assert [each["properties"] for each in await pages(quiet, RESOURCES, asked, 5)] == [within]
    done = await ask(quiet, ACTIONS, {"subject": named(NOOR), "resource": named(SANNE)})
    assert done["results"] == [{"name": "submit", "properties": within}]


async def test_a_director_of_a_firm_is_asked_about_by_the_firms_number(quiet: House) -> None:
    world = await open_world(quiet)
    await world.give(FIRM, NOOR)
    assert (await ask(quiet, EVALUATION, question(NOOR, FIRM)))["decision"] is True
    assert (await ask(quiet, EVALUATION, question(PIETER, FIRM)))["decision"] is False
    asked = {"subject": named(NOOR), "action": {"name": "act"}, "resource": {"type": "kvk"}}
    assert [each["id"] for each in await pages(quiet, RESOURCES, asked, 5)] == [FIRM.digits]
    assert await pages(quiet, RESOURCES, asked | {"resource": {"type": "bsn"}}, 5) == []


async def test_a_service_asks_by_the_pseudonym_that_it_was_told_in_a_login(quiet: House) -> None:
    world = await open_world(quiet)
    await quiet.put(admits(identity=IdentityForm.PSEUDONYM))
    came_back = await follow(quiet.browser(), TOWN_PARTY.url(), person=str(world.ids[PIETER]))
    code = answer(came_back)["code"]
    tokens = (await TOWN_PARTY.redeem(quiet.browser(), code)).json()
    pseudonym = claims(tokens["id_token"])["sub"]
    asked = {"subject": named(pseudonym), "action": {"name": "act"}, "resource": {"type": "pseudonym"}}
    (found,) = await pages(quiet, RESOURCES, asked, 5)
    again = question(pseudonym, str(found["id"]))
    assert (await ask(quiet, EVALUATION, again))["decision"] is True


async def test_a_client_with_more_services_names_which(quiet: House) -> None:
    second = ServiceId(UUID(int=77))
    await open_world(quiet)
    await quiet.put(admits(second), system(services=(second, PERMIT)))
    asked = question(PIETER, SANNE)
    assert (await ask(quiet, EVALUATION, asked))["decision"] is True
    asked["resource"] = named(SANNE)
    assert (await ask(quiet, EVALUATION, asked))["decision"] is False
    world = World(quiet)
    await world.meet(PIETER, SANNE)
    await world.give(SANNE, PIETER, scopes=(Scope.of_service(second),))
    assert (await ask(quiet, EVALUATION, asked))["decision"] is True


async def test_what_a_login_states_can_be_asked_about_at_the_address_that_it_gives(quiet: House) -> None:
    await acting.furnish(quiet)
    await quiet.put(system(services=(PORTAL,), organisation=CLINIC))
    edge = await acting.given(quiet, acting.MOTHER)
    browser = acting.english(quiet)
    page = await follow(browser, CLINIC_PARTY.for_service(PORTAL))
    (whom,) = acting.offered(page)
    came_back = answer(await acting.post(browser, page, whom=whom))
    token = (await CLINIC_PARTY.redeem(browser, came_back["code"])).json()["id_token"]
    told = claims(token)
    address = told["representation"]["status_uri"]

    async def holds() -> str:
        bearer = {"authorization": f"Bearer {await Caller(quiet).token()}"}
        response = await quiet.browser().get(address, headers=bearer)
        return str(response.json()["status"])

    assert await holds() == "valid"
    both = question(told["sub"], told["represents"]["sub"])
    both["resource"] = named(told["represents"]["sub"])
    assert (await ask(quiet, EVALUATION, both))["decision"] is True
    await acting.withdrawn(quiet, edge)
    assert await holds() == "ended"
    assert (await ask(quiet, EVALUATION, both))["decision"] is False
