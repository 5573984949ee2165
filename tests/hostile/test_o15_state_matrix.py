"""O15: whoever is closed is closed at every entry, through one gate; and ending is refused in no state.

Everything is prepared while all is well, then one party is closed, then every entry is tried.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import httpx2
import pytest

from bench.means import PERSON
from tests.conftest import NOON
from tests.journeys.house import (
    BENCH,
    CLINIC,
    CLINIC_CLIENT,
    PORTAL,
    RESULTS,
    House,
    client,
    means,
    service,
    text,
)
from tests.journeys.party import CLINIC_PARTY as PARTY
from tests.journeys.party import follow
from toegang.assurance import Level
from toegang.catalogue.values import Kind, Organisation, Record, SingleSignOn, Validity

SSO = SingleSignOn(allowed=True, max_age=600)
OVER = Validity(until=NOON - timedelta(hours=1))
OFFLINE = f"openid offline_access service:{PORTAL}"
OWNER = Organisation(id=CLINIC, names=text("Clinic"), kind=Kind.PRIVATE, sector="care")
ASKING = client(CLINIC_CLIENT, CLINIC, (PORTAL, RESULTS))
ASKED = service(PORTAL, CLINIC, Level.LOW, single_sign_on=SSO)
CONFIRMED = service(RESULTS, CLINIC, Level.LOW, single_sign_on=SSO, confirm=True)
PROVING = means(BENCH, Level.HIGH)

CLOSINGS: dict[str, tuple[Record, ...]] = {
    "client disabled": (replace(ASKING, enabled=False),),
    "client over": (replace(ASKING, validity=OVER),),
    "organisation disabled": (replace(OWNER, enabled=False),),
    "organisation over": (replace(OWNER, validity=OVER),),
    "service disabled": (replace(ASKED, enabled=False), replace(CONFIRMED, enabled=False)),
    "service over": (replace(ASKED, validity=OVER), replace(CONFIRMED, validity=OVER)),
    "means blocked": (replace(PROVING, blocked=True),),
    "means disabled": (replace(PROVING, enabled=False),),
    "means over": (replace(PROVING, validity=OVER),),
    "ceiling lowered": (replace(PROVING, ceiling=Level.BASIC),),
    "account stopped": (),
}

# Who logs in is not known yet: the means proves nobody whose account is stopped (tests/means).
NOT_KNOWN_YET = {"account stopped": {"authorize", "par", "callback"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What was got while all was well."""

    house: House
    shared: httpx2.AsyncClient
    callback: tuple[httpx2.AsyncClient, str]
    confirm: tuple[httpx2.AsyncClient, str, str]
    code: str
    tokens: dict[str, str]

    @property
    def stranger(self) -> httpx2.AsyncClient:
        return self.house.browser()


async def prepare(house: House) -> Prepared:
    await house.put(ASKED, CONFIRMED)
    waiting, reading, shared = house.browser(), house.browser(), house.browser()
    gone = await waiting.get(PARTY.for_service(PORTAL))
    page = await follow(reading, PARTY.for_service(RESULTS))
    proof = page.text.split('name="csrf" value="')[1].split('"')[0]
    codes = [code_of(await follow(shared, PARTY.url(scope=OFFLINE))) for _ in range(2)]
    tokens = (await PARTY.redeem(shared, codes[0])).json()
    return Prepared(
        house=house,
        shared=shared,
        callback=(waiting, gone.headers["location"]),
        confirm=(reading, str(page.url), proof),
        code=codes[1],
        tokens=tokens,
    )


def code_of(response: httpx2.Response) -> str:
    """Return the code with which the browser came back; empty when it did not."""
    return response.headers.get("location", "").partition("code=")[2].partition("&")[0]


async def authorize(at: Prepared) -> bool:
    return bool(code_of(await follow(at.stranger, PARTY.for_service(PORTAL))))


async def par(at: Prepared) -> bool:
    form = {
        "response_type": "code",
        "client_id": PARTY.id,
        "redirect_uri": PARTY.redirect_uri,
        "scope": f"openid service:{PORTAL}",
    }
    pushed = await PARTY.post(at.stranger, "/oidc/par", **form)
    if pushed.status_code != 201:
        return False
    url = f"/oidc/authorize?client_id={PARTY.id}&request_uri={pushed.json()['request_uri']}"
    return bool(code_of(await follow(at.stranger, url)))


async def callback(at: Prepared) -> bool:
    browser, address = at.callback
    return bool(code_of(await follow(browser, address)))


async def confirm(at: Prepared) -> bool:
    browser, address, proof = at.confirm
    return bool(code_of(await browser.post(address, data={"csrf": proof, "do": "confirm"})))


async def single_sign_on(at: Prepared) -> bool:
    return bool(code_of(await at.shared.get(PARTY.for_service(PORTAL))))


async def redeem(at: Prepared) -> bool:
    return (await PARTY.redeem(at.stranger, at.code)).status_code == 200


async def refresh(at: Prepared) -> bool:
    return (await PARTY.refresh(at.stranger, at.tokens["refresh_token"])).status_code == 200


async def userinfo(at: Prepared) -> bool:
    bearer = {"authorization": f"Bearer {at.tokens['access_token']}"}
    return (await at.stranger.get("/oidc/userinfo", headers=bearer)).status_code == 200


async def introspect(at: Prepared) -> bool:
    told = await PARTY.post(at.stranger, "/oidc/introspect", token=at.tokens["access_token"])
    assert told.status_code == 200, told.text
    return bool(told.json()["active"])


ENTRIES: tuple[Callable[[Prepared], Awaitable[bool]], ...] = (
    authorize,
    par,
    callback,
    confirm,
    single_sign_on,
    redeem,
    refresh,
    userinfo,
    introspect,
)


async def closed(house: House, name: str) -> Prepared:
    prepared = await prepare(house)
    if name == "account stopped":
        house.means.closed.add(str(PERSON))
    else:
        await house.put(*CLOSINGS[name])
    return prepared


async def test_every_entry_admits_while_all_is_well(lone_house: House) -> None:
    prepared = await prepare(lone_house)
    assert [entry.__name__ for entry in ENTRIES if not await entry(prepared)] == []


@pytest.mark.parametrize("name", CLOSINGS)
async def test_every_entry_refuses_who_is_closed(lone_house: House, name: str) -> None:
    prepared = await closed(lone_house, name)
    excused = NOT_KNOWN_YET.get(name, set())
    entries = [entry for entry in ENTRIES if entry.__name__ not in excused]
    assert [entry.__name__ for entry in entries if await entry(prepared)] == []


@pytest.mark.parametrize("name", CLOSINGS)
async def test_ending_is_refused_in_no_state(lone_house: House, name: str) -> None:
    prepared = await closed(lone_house, name)
    for token in ("access_token", "refresh_token"):
        told = await PARTY.post(prepared.stranger, "/oidc/revoke", token=prepared.tokens[token])
        assert (told.status_code, told.json()) == (200, {})
    asked = f"/oidc/logout?id_token_hint={prepared.tokens['id_token']}"
    assert (await prepared.shared.get(asked)).status_code == 200
    browser, address, proof = prepared.confirm
    stopped = await browser.post(address, data={"csrf": proof, "do": "stop"})
    assert "error=access_denied" in stopped.headers["location"]


async def test_what_was_given_up_while_closed_stays_given_up(lone_house: House) -> None:
    prepared = await closed(lone_house, "client disabled")
    await PARTY.post(prepared.stranger, "/oidc/revoke", token=prepared.tokens["refresh_token"])
    await lone_house.put(ASKING)
    assert not await refresh(prepared)
    assert not await userinfo(prepared)


async def test_a_lower_ceiling_asks_a_higher_proof_in_single_sign_on_and_does_not_refuse_for_ever(
    lone_house: House,
) -> None:
    prepared = await prepare(lone_house)
    second = means(type(BENCH)("bench-second"), Level.HIGH)
    await lone_house.put(replace(PROVING, ceiling=Level.BASIC), second)
    response = await prepared.shared.get(PARTY.for_service(PORTAL))
    assert "error=" not in response.headers["location"]
