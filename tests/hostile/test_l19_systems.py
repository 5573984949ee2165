"""L19: what systems ask tells them no more than they may know, whatever they try."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from tests.hostile.scenes import events
from tests.hostile.systems import (
    EVALUATION,
    EVALUATIONS,
    EVERYTHING,
    FIRM,
    NOBODY,
    NOOR,
    OTHER,
    PIETER,
    SANNE,
    Caller,
    admits,
    open_world,
    question,
    system,
)
from tests.journeys.house import CLINIC, PORTAL, TOWN, House
from toegang.audit.events import MandateAsked
from toegang.authzen.questions import MOST_QUESTIONS, parse_batch
from toegang.authzen.search import Wanted, parse_search
from toegang.catalogue.values import IdentityForm, ServiceId
from toegang.errors import Unavailable
from toegang.identity.people import PersonId
from toegang.mandates.party import Party, PartyKind, Standing
from toegang.provider.oidc.systems import System
from toegang.pseudonyms.known import Sector

NO = b'{"decision":false}'
SUBJECTS, RESOURCES, ACTIONS = (f"/access/v1/search/{what}" for what in ("subject", "resource", "action"))


async def ask(house: House, body: object, path: str = EVALUATION, caller: Caller | None = None) -> bytes:
    caller = caller or Caller(house)
    answer = await caller.post(path, body, await caller.token())
    assert answer.status_code == 200, answer.text
    return answer.content


@pytest.mark.requires("MANDATES-P20")
async def test_every_no_has_the_same_bytes_whatever_is_against_it(quiet: House) -> None:
    world = await open_world(quiet)
    assert b'"decision":true' in await ask(quiet, question(PIETER, SANNE))
    room, now = quiet.app.rooms.representing.mandates, quiet.clock.now()
    gone = Party(id=world.ids[NOOR], kind=PartyKind.PERSON, standing=Standing.DECEASED, since=now)
    await world.give(NOOR, PIETER)
    await room.know(gone, now=now)
    too_low = {"context": {"level": "http://eid.logius.nl/LoA/basic"}}
    too_high = {"context": {"level": "http://eidas.europa.eu/LoA/high"}, "action": {"name": "sign"}}
    answers = [
        await ask(quiet, asked)
        for asked in (
            question(NOOR, SANNE),
            question(SANNE, PIETER),
            question(PIETER, NOOR),
            question(PIETER, PIETER),
            question(NOBODY, SANNE),
            question(PIETER, NOBODY),
            question(PIETER, FIRM),
            question(PIETER, "a-pseudonym-of-nobody"),
            question(PIETER, SANNE) | {"subject": {"type": "bsn", "id": "123"}},
            question(PIETER, SANNE) | too_low,
            question(SANNE, NOBODY) | too_high,
        )
    ]
    assert set(answers) == {NO}


async def test_after_its_revocation_and_after_its_end_a_mandate_is_a_no(quiet: House) -> None:
    world = await open_world(quiet)
    edge = await world.give(NOOR, PIETER)
    assert b"true" in await ask(quiet, question(PIETER, NOOR))
    await world.revoke(edge)
    assert await ask(quiet, question(PIETER, NOOR)) == NO
    quiet.clock.advance(timedelta(days=30))
    assert await ask(quiet, question(PIETER, SANNE)) == NO


@pytest.mark.requires("MANDATES-P25")
async def test_while_registers_are_silent_nothing_is_a_yes(lone_house: House) -> None:
    await open_world(lone_house)  # its registers listen nowhere
    asked = question(PIETER, SANNE)
    assert await ask(lone_house, asked) == NO
    assert b'"results":[]' in await ask(lone_house, asked, RESOURCES)
    assert b'"results":[]' in await ask(lone_house, asked, SUBJECTS)
    assert b'"results":[]' in await ask(lone_house, asked, ACTIONS)


async def test_a_service_of_another_provider_may_not_be_asked_about(lone_quiet: House) -> None:
    await open_world(lone_quiet)
    caller = Caller(lone_quiet)
    token = await caller.token()
    for id_ in (str(PORTAL), str(ServiceId(UUID(int=99)))):
        asked = question(PIETER, SANNE)
        asked["resource"] = {"type": "bsn", "id": SANNE.digits, "properties": {"service": id_}}
        for body, path in (
            (asked, EVALUATION),
            ({"evaluations": [question(PIETER, SANNE), asked]}, EVALUATIONS),
            (asked, RESOURCES),
        ):
            answer = await caller.post(path, body, token)
            assert (answer.status_code, answer.json()["code"]) == (403, "not-entitled")


async def test_the_number_of_citizens_is_not_for_a_service_that_does_not_learn_it(lone_quiet: House) -> None:
    await open_world(lone_quiet)
    await lone_quiet.put(admits(identity=IdentityForm.PSEUDONYM))
    caller = Caller(lone_quiet)
    token = await caller.token()
    for path in (EVALUATION, SUBJECTS, RESOURCES, ACTIONS):
        answer = await caller.post(path, question(PIETER, SANNE), token)
        assert (answer.status_code, answer.json()["code"]) == (403, "not-entitled")


async def test_a_pseudonym_of_another_provider_stands_for_nobody(quiet: House) -> None:
    world = await open_world(quiet)
    pseudonyms = quiet.app.rooms.systems.deciding.naming.pseudonyms
    pieter = PersonId(world.ids[PIETER])
    told = []
    for sector in (Sector(TOWN, 1), Sector(CLINIC, 1)):
        async with quiet.app.ground.units.begin() as unit:
            await pseudonyms.tell(unit, [pieter], sector)
        told.append(pseudonyms.names([pieter], sector)[pieter])
    own, foreign = told
    assert b"true" in await ask(quiet, question(own, SANNE))
    assert await ask(quiet, question(foreign, SANNE)) == NO


async def test_trying_numbers_ends_at_the_quota_which_tells_nothing_either(quiet: House) -> None:
    await open_world(quiet)
    await quiet.put(system(api=replace(EVERYTHING, per_hour=7)))
    caller = Caller(quiet)
    token = await caller.token()
    batch = {"evaluations": [question(PIETER, NOBODY)] * 5}
    assert (await caller.post(EVALUATIONS, batch, token)).status_code == 200
    for body in (batch, {"evaluations": [question(PIETER, SANNE)] * 5}):
        answer = await caller.post(EVALUATIONS, body, token)
        assert (answer.status_code, answer.json()["code"]) == (429, "too-many-tries")
        assert 0 < int(answer.headers["retry-after"]) <= 3600
    one = question(PIETER, SANNE) | {"page": {"limit": 1}}
    assert (await caller.post(RESOURCES, one, token)).status_code == 200
    assert (await caller.post(RESOURCES, question(PIETER, SANNE), token)).status_code == 429
    assert (await caller.post(EVALUATION, question(PIETER, SANNE), token)).status_code == 200
    assert (await caller.post(EVALUATION, question(PIETER, SANNE), token)).status_code == 429
    quiet.clock.advance(timedelta(hours=1))
    assert await ask(quiet, question(PIETER, SANNE)) != NO


async def test_one_clients_quota_is_not_anothers(lone_quiet: House) -> None:
    await open_world(lone_quiet)
    one = replace(EVERYTHING, per_hour=1)
    await lone_quiet.put(system(api=one), system(OTHER, api=one))
    for caller in (Caller(lone_quiet), Caller(lone_quiet, OTHER)):
        token = await caller.token()
        assert (await caller.post(EVALUATION, question(PIETER, SANNE), token)).status_code == 200
        assert (await caller.post(EVALUATION, question(PIETER, SANNE), token)).status_code == 429


async def test_a_token_of_a_page_is_for_its_client_and_its_question_only(quiet: House) -> None:
    world = await open_world(quiet)
    await quiet.put(system(OTHER))
    await world.give(NOOR, PIETER)
    caller, other = Caller(quiet), Caller(quiet, OTHER)
    token = await caller.token()
    asked = question(PIETER, SANNE) | {"page": {"limit": 1}}
    first = (await caller.post(RESOURCES, asked, token)).json()
    turned = asked | {"page": {"limit": 1, "token": first["page"]["next_token"]}}
    assert (await caller.post(RESOURCES, turned, token)).status_code == 200
    refused = [
        await other.post(RESOURCES, turned, await other.token()),
        await caller.post(RESOURCES, turned | {"subject": {"type": "bsn", "id": NOOR.digits}}, token),
        await caller.post(RESOURCES, turned | {"action": {"name": "sign"}}, token),
        await caller.post(SUBJECTS, turned, token),
        await caller.post(RESOURCES, asked | {"page": {"token": "AAAA"}}, token),
        await caller.post(RESOURCES, asked | {"page": {"token": "not base64url!"}}, token),
        await caller.post(RESOURCES, asked | {"page": {"token": "A" * 1000}}, token),
    ]
    assert {(each.status_code, each.json()["code"]) for each in refused} == {(400, "malformed")}
    raw = first["page"]["next_token"]
    assert not any(str(id_) in raw or id_.hex in raw for id_ in world.ids.values())


DEEP = b'{"subject":' * 30_000 + b"1" + b"}" * 30_000
BODIES: Mapping[str, tuple[object, int]] = {
    "deep": (DEEP, 413),
    "deep but short": (b'{"a":' * 8_000 + b"1" + b"}" * 8_000, 400),
    "a list": ([], 400),
    "no JSON": (b"subject=x", 400),
    "empty": (b"", 400),
    "a name twice": (b'{"subject":{},"subject":{}}', 400),
    "nothing asked": ({}, 400),
    "subject is a text": (question(PIETER, SANNE) | {"subject": "bsn"}, 400),
    "id is a number": (question(PIETER, SANNE) | {"subject": {"type": "bsn", "id": 999990019}}, 400),
    "a type that there is not": (question(PIETER, SANNE) | {"subject": {"type": "user", "id": "x"}}, 400),
    "an action that there is not": (question(PIETER, SANNE) | {"action": {"name": "can_read"}}, 400),
    "an amount that is none": (
        question(PIETER, SANNE) | {"action": {"name": "sign", "properties": {"amount": True}}},
        400,
    ),
    "a level that there is not": (question(PIETER, SANNE) | {"context": {"level": "high"}}, 400),
    "a purpose that there is not": (question(PIETER, SANNE) | {"context": {"purpose": "fun"}}, 400),
    "a service that is no UUID": (
        question(PIETER, SANNE)
        | {"resource": {"type": "bsn", "id": "1", "properties": {"service": "permit"}}},
        400,
    ),
    "a long id": (question(PIETER, SANNE) | {"subject": {"type": "bsn", "id": "9" * 300}}, 400),
    "half a surrogate": (b'{"subject":{"type":"bsn","id":"\\ud800"}}', 400),
}


async def test_what_is_no_question_is_refused_before_anybody_is_looked_at(lone_quiet: House) -> None:
    await open_world(lone_quiet)
    caller = Caller(lone_quiet)
    token = await caller.token()
    for name, (body, status) in BODIES.items():
        answer = await caller.post(EVALUATION, body, token)
        assert answer.status_code == status, name
        assert answer.headers["content-type"] == "application/problem+json", name
        assert "999990019" not in answer.text, name
    assert not [each for each in await events(lone_quiet) if isinstance(each, MandateAsked)]


async def test_another_content_type_is_no_question(lone_quiet: House) -> None:
    await open_world(lone_quiet)
    caller = Caller(lone_quiet)
    token = await caller.token()
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""):
        answer = await caller.post(EVALUATION, question(PIETER, SANNE), token, **{"content-type": kind})
        assert answer.status_code == 400, kind


async def test_a_batch_is_bounded(lone_quiet: House) -> None:
    await open_world(lone_quiet)
    caller = Caller(lone_quiet)
    token = await caller.token()
    for many, status in ((50, 200), (51, 400)):
        answer = await caller.post(EVALUATIONS, {"evaluations": [{}] * many} | question(PIETER, SANNE), token)
        assert answer.status_code == status
    wrongs: tuple[dict[str, object], ...] = (
        {"evaluations": {}},
        {"evaluations": [1]},
        {"options": {"evaluations_semantic": "x"}},
    )
    for wrong in wrongs:
        body = {"evaluations": [{}]} | question(PIETER, SANNE) | wrong
        assert (await caller.post(EVALUATIONS, body, token)).status_code == 400


async def test_who_asked_about_whom_is_recorded_and_no_number_leaves_the_house(
    quiet: House, capfd: pytest.CaptureFixture[str]
) -> None:
    await open_world(quiet)
    await ask(quiet, question(PIETER, SANNE, context={"purpose": "counter"}))
    await ask(quiet, question(PIETER, NOBODY))
    asked = [each for each in await events(quiet) if isinstance(each, MandateAsked)]
    assert [(each.client, each.question, each.purpose, each.answers) for each in asked] == [
        ("town-system", "evaluation", "counter", 1),
        ("town-system", "evaluation", "unsaid", 0),
    ]
    assert [(each.actor is None, each.principal is None) for each in asked] == [(False, False), (False, True)]
    said = "".join(capfd.readouterr())
    assert not any(number.digits in said for number in (PIETER, SANNE, NOBODY))


async def test_a_name_of_a_request_that_could_split_a_header_is_not_given_back(lone_quiet: House) -> None:
    await open_world(lone_quiet)
    caller = Caller(lone_quiet)
    token = await caller.token()
    asked = question(PIETER, SANNE)
    fine = await caller.post(EVALUATION, asked, token, **{"x-request-id": "one-1"})
    assert fine.headers["x-request-id"] == "one-1"
    for bad in ("x" * 200, "a\tb"):
        answer = await caller.post(EVALUATION, asked, token, **{"x-request-id": bad})
        assert "x-request-id" not in answer.headers


async def test_many_questions_to_slow_registers_end_as_a_whole_and_hold_no_place_for_minutes(
    lone_quiet: House,
) -> None:
    await open_world(lone_quiet)
    systems, now = lone_quiet.app.rooms.systems, lone_quiet.clock.now()
    slow = replace(systems.deciding, patience=0.0)
    asking = System(client=system(), api=EVERYTHING)
    batch = parse_batch({"evaluations": [question(PIETER, SANNE)] * MOST_QUESTIONS})
    with pytest.raises(Unavailable):
        await slow.answer(asking, batch, now)
    for wanted in (Wanted.SUBJECT, Wanted.RESOURCE):
        search = parse_search(question(PIETER, SANNE), wanted)
        with pytest.raises(Unavailable):
            await replace(systems.searching, deciding=slow).answer(asking, search, now)
    assert not any(isinstance(each, MandateAsked) for each in await events(lone_quiet))
