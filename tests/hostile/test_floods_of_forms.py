"""Who proves nothing fills neither store nor trail: forms that wait, and messages in the name of others."""

from __future__ import annotations

from datetime import timedelta

import httpx2
import pytest

from tests.conftest import NOON
from tests.hostile.refusals import before, counted_since
from tests.hostile.scenes import events
from tests.journeys.house import ISSUER, House
from tests.journeys.saml_party import SamlParty
from tests.journeys.test_saml_login import opened, posted
from tests.saml import parties
from toegang.audit.events import ClientRefused, ConnectionRefused
from toegang.catalogue.values import IdentityForm, SamlProfile
from toegang.errors import TooManyTries
from toegang.provider.flood import WINDOW
from toegang.saml import writing
from toegang.saml.bindings import post, soap
from toegang.saml.bindings.parameters import Carrier
from toegang.web.unproven import KEPT, LEAST, Unproven

THIEF = parties.signing("rsa", "https://thief.example")
FORMS = ("/saml/sso", "/saml/slo", "/saml/acs", "/saml/means/slo", "/oidc/authorize")
REQUEST = {"SAMLRequest": "PHgvPg==", "RelayState": "x"}
ANSWER = {"SAMLResponse": "PHgvPg=="}


def at(house: House, address: str) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app=house.web, client=(address, 50_000))
    return httpx2.AsyncClient(transport=transport, base_url=ISSUER, follow_redirects=False)


async def send(house: House, path: str, address: str = "203.0.113.7") -> httpx2.Response:
    return await at(house, address).post(path, data=ANSWER if path == "/saml/acs" else REQUEST)


async def asking_party(house: House) -> SamlParty:
    return await opened(house, SamlProfile.SAML2INT, identity=IdentityForm.PSEUDONYM)


async def test_what_one_network_has_waiting_is_limited_over_every_form_and_others_go_on(
    lone_house: House,
) -> None:
    asking = await asking_party(lone_house)
    unproven = lone_house.app.rooms.unproven
    unproven.of_one = len(FORMS) * LEAST
    for path in FORMS:
        assert (await send(lone_house, path)).status_code == 303, path
    for path in FORMS:
        refused = await send(lone_house, path)
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "90"), path
    assert (await send(lone_house, FORMS[0], "198.51.100.9")).status_code == 303
    told = await posted(lone_house, asking, at(lone_house, "198.51.100.9"))
    assert told.assertion is not None
    lone_house.clock.advance(KEPT)
    assert (await send(lone_house, FORMS[0])).status_code == 303


async def test_an_answer_to_a_logout_that_is_one_too_many_is_counted_and_keeps_nobody_here(
    lone_house: House,
) -> None:
    lone_house.app.rooms.unproven.of_one = 0
    was = await before(lone_house)
    answered = await at(lone_house, "203.0.113.7").post("/saml/slo", data=ANSWER)
    assert (answered.status_code, answered.headers["location"]) == (303, "/logout")
    assert counted_since(lone_house, was) == {"too-many-tries": 1.0}


async def test_forms_that_cannot_be_read_wait_for_nothing_and_so_keep_nobody_of_their_network_out(
    lone_house: House,
) -> None:
    """One in a network of thousands would else lock the others out for a minute and a half (L02)."""
    unproven, headers = lone_house.app.rooms.unproven, {"content-type": "application/x-www-form-urlencoded"}
    unproven.of_one = len(FORMS) * LEAST
    thief = at(lone_house, "203.0.113.7")
    for path in FORMS:
        for body in (
            "SAMLRequest=x&SAMLRequest=x",
            "SAMLResponse=%ff&SAMLResponse=%ff",
            "a=%zz&a=" + "x" * LEAST,
        ):
            refused = await thief.post(path, content=body.encode(), headers=headers)
            # A partner's answer to a logout that cannot be read keeps nobody: it goes on to our own page.
            assert refused.status_code in {400, 303}, (path, body)
    assert (unproven._all, len(unproven._waiting)) == (0, 0)
    for path in FORMS:
        assert (await send(lone_house, path)).status_code == 303, path


async def test_what_all_have_waiting_is_limited_and_leaves_known_browsers_alone(lone_house: House) -> None:
    asking, browser = await asking_party(lone_house), at(lone_house, "198.51.100.9")
    told = await posted(lone_house, asking, browser)
    assert told.assertion is not None
    lone_house.app.rooms.unproven.of_all = 3 * LEAST
    answers = [(await send(lone_house, "/saml/sso", f"203.0.113.{host}")).status_code for host in range(4)]
    assert answers[-1] == 429
    # Who was here before brings our cookie, and needs nothing kept.
    told = await posted(lone_house, asking, browser)
    assert told.assertion is not None


def test_large_forms_count_for_what_they_are_and_small_ones_for_no_less_than_they_cost() -> None:
    unproven = Unproven(of_one=10 * LEAST, of_all=15 * LEAST)
    unproven.admit("a", 9 * LEAST, NOON)
    unproven.admit("a", 1, NOON)
    with pytest.raises(TooManyTries):
        unproven.admit("a", 1, NOON)
    unproven.admit("", 4 * LEAST, NOON)  # from nobody knows where
    with pytest.raises(TooManyTries, match="in all"):
        unproven.admit("", 2 * LEAST, NOON)
    unproven.admit("", LEAST, NOON + timedelta(seconds=1))
    with pytest.raises(TooManyTries):
        unproven.admit("b", 1, NOON + KEPT - timedelta(microseconds=1))
    unproven.admit("b", 10 * LEAST, NOON + KEPT)
    unproven.admit("c", LEAST, NOON + KEPT)


def test_a_handful_of_networks_that_send_large_forms_keeps_out_no_other() -> None:
    unproven = Unproven(of_one=64 * LEAST, of_all=4 * 64 * LEAST)
    for thief in "abc":
        unproven.admit(thief, 64 * LEAST, NOON)
    with pytest.raises(TooManyTries, match="in all"):
        unproven.admit("d", 2 * LEAST, NOON)
    for honest in range(64):
        unproven.admit(f"honest {honest}", 1, NOON)
    with pytest.raises(TooManyTries, match="in all"):
        unproven.admit("one more", 1, NOON)


async def test_a_flood_in_the_name_of_a_connection_is_few_rows_that_say_how_many(lone_house: House) -> None:
    asking = await asking_party(lone_house)
    octets = writing.authn_request(asking.request(lone_house), THIEF)
    form = dict(post.fields(Carrier.REQUEST, octets, None))
    here = at(lone_house, "203.0.113.7")
    await here.get("/figures")  # and so a browser that we know: nothing of it waits

    async def flood(times: int) -> None:
        for _ in range(times):
            assert (await here.post("/saml/sso", data=form)).status_code == 400

    await flood(105)
    assert await rows(lone_house) == [("sso", 1), ("sso", 10), ("sso", 100)]
    lone_house.clock.advance(WINDOW)
    await flood(2)
    await here.post("/saml/artifact", content=soap.wrap(octets))
    told = await rows(lone_house)
    assert told[3:] == [("sso", 1), ("artifact", 1)]


async def test_a_flood_of_calls_by_no_client_is_few_rows_that_say_how_many(lone_house: House) -> None:
    here, form = at(lone_house, "203.0.113.7"), {"grant_type": "authorization_code", "code": "x"}
    for number in range(11):
        for endpoint in ("token", "par"):
            answer = await here.post(f"/oidc/{endpoint}", data=form | {"client_id": f"nobody-{number}"})
            assert answer.status_code == 401, endpoint
    found = [event for event in await events(lone_house) if isinstance(event, ClientRefused)]
    told = [(event.client, event.endpoint, event.times) for event in found]
    assert told == [(None, endpoint, times) for times in (1, 10) for endpoint in ("token", "par")]


async def rows(house: House) -> list[tuple[str, int]]:
    found = [event for event in await events(house) if isinstance(event, ConnectionRefused)]
    assert {event.client for event in found} == {"saml-client"}
    return [(event.endpoint, event.times) for event in found]
