"""O03, O11, O12: what a client asks for itself is for who is registered, brief, bound, and nobody else's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.hostile.scenes import names_of_events, refused, tokens_for
from tests.hostile.systems import EVALUATION, EVERYTHING, OTHER, SYSTEM, Caller, logs_in, system
from tests.journeys.house import TOWN_CLIENT, House
from tests.journeys.party import TOWN_PARTY, claims
from toegang.catalogue.api import Api, ApiScope
from toegang.catalogue.values import ClientId
from toegang.clock import epoch
from toegang.provider.oidc.systems import LIVES


def challenged(answer: object) -> str:
    status, header = answer.status_code, answer.headers["www-authenticate"]  # type: ignore[attr-defined]
    assert status == 401
    return str(header)


@pytest.mark.requires("RFC6749-4.4")
async def test_who_is_not_registered_for_it_gets_no_token_for_itself(lone_house: House) -> None:
    await lone_house.put(system(api=None), system(OTHER))
    refused(await Caller(lone_house).ask_token(), "unauthorized_client")
    by_secret = await TOWN_PARTY.post(
        lone_house.browser(), "/oidc/token", grant_type="client_credentials", scope="mandates:evaluate"
    )
    refused(by_secret, "unauthorized_client")
    refused(await Caller(lone_house, ClientId("nobody")).ask_token(), "invalid_client")


@pytest.mark.requires("RFC6749-3.3")
async def test_a_scope_that_is_not_the_clients_is_refused(lone_house: House) -> None:
    await lone_house.put(system(api=Api(scopes=(ApiScope.EVALUATE,))))
    for scope in ("mandates:search", "mandates:evaluate openid", "mandates:everything"):
        refused(await Caller(lone_house).ask_token(scope=scope), "invalid_scope")
    told = (await Caller(lone_house).ask_token()).json()
    assert told["scope"] == "mandates:evaluate"
    assert set(told) == {"access_token", "token_type", "expires_in", "scope"}


async def test_an_assertion_serves_once_also_when_what_it_came_with_was_refused(lone_house: House) -> None:
    await lone_house.put(system())
    caller = Caller(lone_house)
    shown = caller.sign()
    assert (await caller.ask_token(**shown)).status_code == 200
    refused(await caller.ask_token(**shown), "invalid_client")
    spoilt = caller.sign()
    refused(await caller.ask_token(scope="mandates:everything", **spoilt), "invalid_scope")
    refused(await caller.ask_token(**spoilt), "invalid_client")
    refused(await caller.ask_token(**caller.sign(foreign=True)), "invalid_client")
    assert (await names_of_events(lone_house)).count("system:token-given") == 1


async def test_a_token_is_brief_and_about_the_client_alone(lone_house: House) -> None:
    await lone_house.put(system())
    token = await Caller(lone_house).token()
    told, now = claims(token), epoch(lone_house.clock.now())
    assert told["sub"] == told["client_id"] == SYSTEM
    assert told["aud"].endswith("/access/v1")
    assert told["exp"] - now == LIVES.total_seconds()
    assert not {"acr", "auth_time"} & set(told)


@pytest.mark.usefixtures("signed_access_tokens")
async def test_tokens_of_logins_and_of_systems_do_not_open_each_others_doors(lone_house: House) -> None:
    await lone_house.put(system())
    caller = Caller(lone_house)
    bearer = {"authorization": f"Bearer {await caller.token()}"}
    assert (await lone_house.browser().get("/oidc/userinfo", headers=bearer)).status_code == 401
    of_login = (await tokens_for(lone_house))["access_token"]
    assert "invalid_token" in challenged(await caller.post(EVALUATION, {}, of_login))


@pytest.mark.requires("RFC6750-3.1")
async def test_without_a_good_token_nothing_is_answered(lone_house: House) -> None:
    await lone_house.put(system())
    caller = Caller(lone_house)
    token = await caller.token()
    for bad in ("nonsense", token[:-4] + "AAAA", ""):
        answer = await caller.post(EVALUATION, {}, bad)
        assert answer.status_code in {400, 401}
        assert set(answer.json()) == {"error", "error_description"}
    lone_house.clock.advance(LIVES)
    assert "invalid_token" in challenged(await caller.post(EVALUATION, {}, token))


async def test_a_token_in_the_body_or_the_address_is_not_looked_for(lone_house: House) -> None:
    await lone_house.put(system())
    token = await Caller(lone_house).token()
    for path, form in ((f"{EVALUATION}?access_token={token}", {}), (EVALUATION, {"access_token": token})):
        answer = await lone_house.browser().post(path, data=form)
        assert answer.json()["error"] == "invalid_request"


async def test_what_the_catalogue_takes_away_is_gone_for_tokens_that_were_given(lone_house: House) -> None:
    await lone_house.put(system())
    caller = Caller(lone_house)
    token = await caller.token()
    await lone_house.put(system(api=replace(EVERYTHING, scopes=(ApiScope.SEARCH,))))
    less = await caller.post(EVALUATION, {}, token)
    assert (less.status_code, less.json()["error"]) == (403, "insufficient_scope")
    await lone_house.put(system(enabled=False))
    assert "invalid_token" in challenged(await caller.post(EVALUATION, {}, token))


async def test_a_token_for_one_scope_is_not_good_for_another(lone_house: House) -> None:
    await lone_house.put(system())
    caller = Caller(lone_house)
    answer = await caller.post(EVALUATION, {}, await caller.token("mandates:search mandates:status"))
    assert (answer.status_code, answer.json()["error"]) == (403, "insufficient_scope")


@pytest.mark.requires("RFC7009-2")
async def test_a_token_that_was_given_up_is_worth_nothing_and_nobody_else_gives_it_up(
    lone_house: House,
) -> None:
    await lone_house.put(system(), system(OTHER))
    caller, other = Caller(lone_house), Caller(lone_house, OTHER)
    token = await caller.token()

    async def call(who: Caller, path: str) -> object:
        return await lone_house.browser().post(path, data={"token": token} | who.sign())

    assert (await call(other, "/oidc/revoke")).json()["error"] == "unauthorized_client"  # type: ignore[attr-defined]
    assert (await call(other, "/oidc/introspect")).json() == {"active": False}  # type: ignore[attr-defined]
    told = (await call(caller, "/oidc/introspect")).json()  # type: ignore[attr-defined]
    assert (told["active"], told["sub"], told["token_type"]) == (True, SYSTEM, "Bearer")
    assert (await call(caller, "/oidc/revoke")).status_code == 200  # type: ignore[attr-defined]
    assert (await call(caller, "/oidc/introspect")).json() == {"active": False}  # type: ignore[attr-defined]
    assert "invalid_token" in challenged(await caller.post(EVALUATION, {}, token))


@pytest.mark.requires("RFC9449-5", "RFC9449-7")
async def test_where_the_profile_asks_it_a_token_is_bound_to_a_key_that_is_shown_at_every_use(
    lone_house: House,
) -> None:
    await lone_house.put(system(profile="fapi2", dpop_required=True))
    caller = Caller(lone_house)
    refused(await caller.ask_token(), "invalid_dpop_proof")
    first = await caller.ask_token(caller.prove("/oidc/token", nonce="0.x"))
    caller.nonce = first.headers["dpop-nonce"]
    token = (await caller.ask_token(caller.prove("/oidc/token"))).json()["access_token"]
    assert "invalid_token" in challenged(await caller.post(EVALUATION, {}, token))

    async def use(**proof: str) -> object:
        return await caller.post(EVALUATION, {}, token, authorization=f"DPoP {token}", **proof)

    assert "invalid_dpop_proof" in challenged(await use())
    elsewhere = caller.prove("/access/v1/evaluations", token)
    assert "invalid_dpop_proof" in challenged(await use(**elsewhere))
    shown = caller.prove(EVALUATION, token)
    assert (await use(**shown)).status_code == 400  # type: ignore[attr-defined] # let in: what it asks is no question
    assert "invalid_dpop_proof" in challenged(await use(**shown))


async def test_a_client_that_also_logs_people_in_is_no_more_by_that(lone_house: House) -> None:
    await lone_house.put(logs_in(system(TOWN_CLIENT, api=None)))
    refused(await Caller(lone_house, TOWN_CLIENT).ask_token(), "unauthorized_client")
