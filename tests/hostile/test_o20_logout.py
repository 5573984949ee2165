"""O20: nobody is logged out by a link of somebody else; who took part is told, also when it was away."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import parse_qs, urlencode

import httpx2
import pytest

from tests.hostile.scenes import events
from tests.journeys.house import CLINIC, CLINIC_CLIENT, PORTAL, RESULTS, House, client
from tests.journeys.party import CLINIC_PARTY, TOWN_PARTY, Party, answer, claims, follow
from toegang.audit.events import LogoutNotified, NoticeResult
from toegang.catalogue.values import ClientId
from toegang.provider.oidc.logout import KIND

SECOND = Party(ClientId("second-client"))
BYE = "http://localhost:9000/bye"


@dataclass
class Listening:
    """A client that listens for logout tokens, and answers with the next of `statuses`."""

    url: str = ""
    statuses: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)


@asynccontextmanager
async def listening(*statuses: str) -> AsyncIterator[Listening]:
    heard = Listening(statuses=list(statuses))

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head.lower())
        body = await reader.readexactly(int(length[1]) if length else 0)
        heard.tokens.append(parse_qs(body.decode())["logout_token"][0])
        status = heard.statuses.pop(0) if heard.statuses else "200 OK"
        writer.write(f"HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    heard.url = f"http://localhost:{server.sockets[0].getsockname()[1]}/logout"
    try:
        yield heard
    finally:
        server.close()


async def logged_in(browser: httpx2.AsyncClient, party: Party, url: str) -> dict[str, str]:
    code = answer(await follow(browser, url))["code"]
    tokens: dict[str, str] = (await party.redeem(browser, code)).json()
    return tokens


def logout(**asked: str) -> str:
    return f"/oidc/logout?{urlencode(asked)}"


async def still_in(browser: httpx2.AsyncClient) -> bool:
    """Tell whether single sign-on still answers without the means."""
    response = await browser.get(CLINIC_PARTY.for_service(PORTAL, prompt="none"))
    return "code" in answer(response)


async def test_a_link_without_a_token_asks_first_and_a_form_needs_proof(lone_house: House) -> None:
    browser = lone_house.browser()
    await logged_in(browser, CLINIC_PARTY, CLINIC_PARTY.for_service(PORTAL))
    page = await browser.get(logout())
    forged = await browser.post("/oidc/logout", data={"csrf": "0" * 64, "do": "confirm"})
    assert (page.status_code, forged.status_code) == (200, 403)
    assert await still_in(browser)

    proof = page.text.split('name="csrf" value="')[1].split('"')[0]
    foreign = {"origin": "https://evil.example"}
    refused = await browser.post("/oidc/logout", data={"csrf": proof, "do": "confirm"}, headers=foreign)
    assert refused.status_code == 403
    assert await still_in(browser)
    await browser.post("/oidc/logout", data={"csrf": proof, "do": "confirm"})
    assert not await still_in(browser)


async def test_somebody_elses_token_in_a_link_logs_out_nobody_here(lone_house: House) -> None:
    victim, attacker = lone_house.browser(), lone_house.browser()
    await logged_in(victim, CLINIC_PARTY, CLINIC_PARTY.for_service(PORTAL))
    own = await logged_in(attacker, TOWN_PARTY, TOWN_PARTY.url())
    response = await victim.get(logout(id_token_hint=own["id_token"]))
    assert response.status_code == 200
    assert "set-cookie" not in response.headers
    assert await still_in(victim)


async def test_a_hint_that_does_not_hold_is_no_hint(lone_house: House) -> None:
    browser = lone_house.browser()
    good = (await logged_in(browser, CLINIC_PARTY, CLINIC_PARTY.for_service(PORTAL)))["id_token"]
    head, body, signature = good.split(".")
    for bent in (f"{head}.{body}.{signature[::-1]}", f"eyJhbGciOiJub25lIn0.{body}.", "a.b.c", body):
        page = await browser.get(logout(id_token_hint=bent, post_logout_redirect_uri=BYE))
        assert (page.status_code, "location" in page.headers) == (200, False)
    other = await browser.get(logout(id_token_hint=good, client_id=TOWN_PARTY.id))
    assert other.status_code == 200
    assert await still_in(browser)


@pytest.mark.requires("OIDCRPL-3")
async def test_nobody_returns_to_an_address_that_is_not_registered(lone_house: House) -> None:
    for address in (BYE + "/", BYE + "?x", BYE.upper(), "https://evil.example", "javascript:alert(1)"):
        browser = lone_house.browser()
        tokens = await logged_in(browser, CLINIC_PARTY, CLINIC_PARTY.for_service(PORTAL))
        asked = logout(id_token_hint=tokens["id_token"], post_logout_redirect_uri=address)
        response = await browser.get(asked)
        assert (response.status_code, "location" in response.headers) == (200, False), address
        assert not await still_in(browser)


async def test_the_state_comes_back_encoded_at_the_registered_address(lone_house: House) -> None:
    browser = lone_house.browser()
    tokens = await logged_in(browser, CLINIC_PARTY, CLINIC_PARTY.for_service(PORTAL))
    asked = logout(id_token_hint=tokens["id_token"], post_logout_redirect_uri=BYE, state="a&b=c#d\"'")
    response = await browser.get(asked)
    assert response.headers["location"] == f"{BYE}?state=a%26b%3Dc%23d%22%27"


@pytest.mark.requires("OIDCBCL-2.4")
async def test_the_other_client_is_told_until_it_answers_and_the_asking_one_is_not(lone_house: House) -> None:
    async with listening("503 Away") as heard:
        await lone_house.put(
            client(CLINIC_CLIENT, CLINIC, (PORTAL, RESULTS), backchannel_logout_uri=heard.url + "/asking"),
            client(SECOND.id, CLINIC, (PORTAL, RESULTS), backchannel_logout_uri=heard.url),
        )
        browser = lone_house.browser()
        mine = await logged_in(browser, CLINIC_PARTY, CLINIC_PARTY.for_service(PORTAL))
        theirs = await logged_in(browser, SECOND, SECOND.for_service(RESULTS))
        await browser.get(logout(id_token_hint=mine["id_token"]))
        delivery = lone_house.app.loops.delivery
        await delivery.deliver_due(KIND)
        assert len(heard.tokens) == 1
        lone_house.clock.advance(timedelta(seconds=30))
        await delivery.deliver_due(KIND)
        await delivery.deliver_due(KIND)
    assert len(heard.tokens) == 2
    told, known = claims(heard.tokens[1]), claims(theirs["id_token"])
    head = heard.tokens[1].split(".")[0]
    assert claims(f".{head}.")["typ"] == "logout+jwt"
    assert told["aud"] == SECOND.id
    assert (told["sub"], told["sid"]) == (known["sub"], known["sid"])
    assert told["events"] == {"http://schemas.openid.net/event/backchannel-logout": {}}
    assert "nonce" not in told
    assert told["exp"] - told["iat"] <= 120
    results = [event.result for event in await events(lone_house) if isinstance(event, LogoutNotified)]
    assert results == [NoticeResult.DELIVERED]
    assert json.dumps(told).find("999990019") == -1


async def test_a_second_logout_with_the_same_token_tells_nobody_again(lone_house: House) -> None:
    async with listening() as heard:
        await lone_house.put(client(SECOND.id, CLINIC, (RESULTS,), backchannel_logout_uri=heard.url))
        browser = lone_house.browser()
        mine = await logged_in(browser, CLINIC_PARTY, CLINIC_PARTY.for_service(PORTAL))
        await logged_in(browser, SECOND, SECOND.for_service(RESULTS))
        for _ in range(3):
            response = await browser.get(logout(id_token_hint=mine["id_token"]))
            assert response.status_code == 200
        await lone_house.app.loops.delivery.deliver_due(KIND)
    assert len(heard.tokens) == 1


async def test_a_client_that_is_only_named_did_not_ask_and_is_told_too(lone_house: House) -> None:
    async with listening() as heard:
        await lone_house.put(
            client(CLINIC_CLIENT, CLINIC, (PORTAL, RESULTS), backchannel_logout_uri=heard.url),
            client(SECOND.id, CLINIC, (PORTAL, RESULTS), backchannel_logout_uri=heard.url),
        )
        browser = lone_house.browser()
        await logged_in(browser, CLINIC_PARTY, CLINIC_PARTY.for_service(PORTAL))
        await logged_in(browser, SECOND, SECOND.for_service(RESULTS))
        address = logout(client_id=CLINIC_CLIENT)
        page = await browser.get(address)
        proof = page.text.split('name="csrf" value="')[1].split('"')[0]
        await browser.post(address, data={"csrf": proof, "do": "confirm"})
    assert {claims(token)["aud"] for token in heard.tokens} == {CLINIC_CLIENT, SECOND.id}


@pytest.mark.requires("OIDCRPL-3")
async def test_nobody_goes_back_before_they_saw_that_somebody_was_not_told(lone_house: House) -> None:
    async with listening("503 Away") as heard:
        await lone_house.put(client(SECOND.id, CLINIC, (RESULTS,), backchannel_logout_uri=heard.url))
        browser = lone_house.browser()
        mine = await logged_in(browser, CLINIC_PARTY, CLINIC_PARTY.for_service(PORTAL))
        await logged_in(browser, SECOND, SECOND.for_service(RESULTS))
        asked = logout(id_token_hint=mine["id_token"], post_logout_redirect_uri=BYE)
        page = await browser.get(asked)
        assert (page.status_code, f'href="{BYE}"' in page.text) == (200, True)
        assert "Er is nog geen antwoord." in page.text
        lone_house.clock.advance(timedelta(seconds=30))
        await lone_house.app.loops.delivery.deliver_due(KIND)
        assert (await browser.get(asked)).headers["location"] == BYE
