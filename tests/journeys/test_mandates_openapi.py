"""The OpenAPI document says what is really asked and answered."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from jsonschema import Draft202012Validator

from tests.hostile.systems import (
    EVALUATION,
    EVALUATIONS,
    EVERYTHING,
    NOBODY,
    PIETER,
    SANNE,
    Caller,
    named,
    open_world,
    question,
    system,
)
from tests.journeys.house import ISSUER, House
from tests.journeys.test_mandate_notices import given, stated
from toegang.authzen.discovery import openapi_document
from toegang.catalogue.api import ApiScope
from toegang.web.access import ROUTES

DOCUMENT: dict[str, Any] = openapi_document(ISSUER)
SEARCHES = {what: f"/access/v1/search/{what}" for what in ("subject", "resource", "action")}
STATUS = "/access/v1/statements/{statement}"
SUBJECTS = {"subject": {"type": "bsn"}, "action": {"name": "act"}, "resource": named(SANNE)}
RESOURCES = {"subject": named(PIETER), "action": {"name": "act"}, "resource": {"type": "bsn"}}


def check(schema: dict[str, Any], value: object) -> None:
    """Hold a value against a schema of the document."""
    Draft202012Validator(schema | {"components": DOCUMENT["components"]}).validate(value)


def check_answer(method: str, path: str, answer: httpx2.Response) -> None:
    """Hold an answer against what the document says of its status and media type."""
    told = DOCUMENT["paths"][path][method]["responses"][str(answer.status_code)]
    if "$ref" in told:
        told = DOCUMENT["components"]["responses"][told["$ref"].rpartition("/")[2]]
    kind = answer.headers["content-type"].partition(";")[0]
    check(told["content"][kind]["schema"], answer.json())
    assert ("retry-after" in answer.headers) is ("Retry-After" in told.get("headers", {}))


def check_question(path: str, body: object) -> None:
    """Hold a question against what the document says may be asked."""
    check(DOCUMENT["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"], body)


def test_it_has_every_address_and_every_scope() -> None:
    known = {(path, method) for path, methods in DOCUMENT["paths"].items() for method in methods}
    assert known == {(path, method.lower()) for method, path, _ in ROUTES}
    flow = DOCUMENT["components"]["securitySchemes"]["system"]["flows"]["clientCredentials"]
    assert set(flow["scopes"]) == {scope.value for scope in ApiScope}
    for schema in DOCUMENT["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


async def test_answers_are_as_it_says(lone_quiet: House) -> None:
    world = await open_world(lone_quiet)
    caller = Caller(lone_quiet)
    token = await caller.token()
    asked: list[tuple[str, dict[str, Any]]] = [
        (EVALUATION, question(PIETER, SANNE, context={"purpose": "case"})),
        (EVALUATION, question(PIETER, NOBODY)),
        (EVALUATIONS, question(PIETER, SANNE) | {"evaluations": [{}, {"resource": named(NOBODY)}]}),
        (EVALUATIONS, question(PIETER, SANNE)),
        (SEARCHES["resource"], RESOURCES | {"page": {"limit": 1}}),
        (SEARCHES["subject"], SUBJECTS),
        (SEARCHES["action"], {"subject": named(PIETER), "resource": named(SANNE)}),
    ]
    for path, body in asked:
        check_question(path, body)
        answer = await caller.post(path, body, token)
        assert answer.status_code == 200
        check_answer("post", path, answer)
    metadata = "/.well-known/authzen-configuration"
    check_answer("get", metadata, await lone_quiet.browser().get(metadata))
    document = "/access/v1/openapi.json"
    served = await lone_quiet.browser().get(document)
    check_answer("get", document, served)
    assert served.json() == DOCUMENT
    assert [each["url"] for each in served.json()["servers"]] == [ISSUER]
    made = await stated(world)
    bearer = {"authorization": f"Bearer {token}"}
    for statement in (made.id, made.principal, made.id):
        path = STATUS.format(statement=statement)
        check_answer("get", STATUS, await lone_quiet.browser().get(path, headers=bearer))
        if statement == made.principal:
            await world.revoke(await given(world))


@pytest.mark.parametrize("path", [EVALUATION, EVALUATIONS, *SEARCHES.values()])
async def test_refusals_are_as_it_says(lone_quiet: House, path: str) -> None:
    await open_world(lone_quiet)
    caller = Caller(lone_quiet)
    token = await caller.token()
    seen = set()

    async def ask(body: object, token: str = token) -> None:
        answer = await caller.post(path, body, token)
        seen.add(answer.status_code)
        check_answer("post", path, answer)

    await ask({})
    await ask(b"x" * 70_000)
    await ask({}, "nonsense")
    await ask({}, await caller.token("mandates:status"))
    foreign = question(PIETER, SANNE)
    foreign["resource"] = named(SANNE) | {"properties": {"service": "01929d2e-0000-7000-8000-000000000002"}}
    await ask(foreign)
    await lone_quiet.put(system(api=type(EVERYTHING)(scopes=EVERYTHING.scopes, per_hour=1)))
    await ask(question(PIETER, SANNE) | {"page": {"limit": 2}, "evaluations": [{}, {}]})
    await ask(question(PIETER, SANNE) | {"page": {"limit": 2}, "evaluations": [{}, {}]})
    assert {400, 401, 403, 413} <= seen
    assert 429 in seen or path in {EVALUATION, SEARCHES["action"]}
