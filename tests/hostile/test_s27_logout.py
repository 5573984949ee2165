"""S27: only the partner itself says that it logged somebody out, once, to who asked; what ended stays so."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from tests.hostile.scenes import events
from tests.journeys.house import CLINIC, PORTAL, RESULTS, House, service
from tests.journeys.leaving import (
    ASKING,
    DONE,
    FAILED,
    FRONT,
    Manner,
    Scene,
    across,
    answer_to,
    asked_by,
    at_front,
    begin,
    by_openid,
    in_form,
    link_of,
    logged_in_everywhere,
    results,
    settled,
    sites,
    without,
)
from tests.journeys.party import CLINIC_PARTY, follow
from tests.journeys.party import answer as parameters
from tests.journeys.saml_party import form_of, hub_keys
from tests.journeys.test_saml_login import SSO_OF_CARE
from toegang.assurance import Level
from toegang.audit.events import LogoutAsked, LogoutNotified, TokenEnding, TokenRevoked
from toegang.provider.logout.records import MOST_VISITS, VISITING
from toegang.saml import reading, signature, writing
from toegang.saml.bindings import post, soap
from toegang.saml.bindings.parameters import Carrier
from toegang.saml.messages import LogoutRequest, Status

NAME = "front-saml nl"


async def to_the_form(scene: Scene) -> httpx2.Response:
    """Begin at the hub, and go on until the page whose website is asked by a form."""
    page = await begin(scene, "own")
    while link_of(page):
        page = await without(scene.browser, page)
    return page


async def brought(scene: Scene, fields: dict[str, str]) -> httpx2.Response:
    return await settled(scene.browser, await across(scene.browser, "/saml/slo", fields))


def here(page: httpx2.Response) -> str:
    """Return the address of the logout that a page shows."""
    found = re.search(r'action="(/logout/[^"]+)"', page.text)
    assert found
    return found[1]


Bent = Callable[[Scene, LogoutRequest], dict[str, str]]


def changed(**changes: Any) -> Bent:  # noqa: ANN401
    def bend(scene: Scene, asked: LogoutRequest) -> dict[str, str]:
        return in_form(FRONT, answer_to(scene.house, FRONT, asked, Manner.CONFIRMS, **changes))

    return bend


def unsigned(scene: Scene, asked: LogoutRequest) -> dict[str, str]:
    answer = answer_to(scene.house, FRONT, asked, Manner.CONFIRMS)
    return dict(post.fields(Carrier.RESPONSE, writing.logout_response(answer, None), None))


def of_another(scene: Scene, asked: LogoutRequest) -> dict[str, str]:
    return in_form(ASKING, answer_to(scene.house, ASKING, asked, Manner.CONFIRMS))


def signed_by_another(scene: Scene, asked: LogoutRequest) -> dict[str, str]:
    answer = answer_to(scene.house, FRONT, asked, Manner.CONFIRMS)
    return dict(post.fields(Carrier.RESPONSE, writing.logout_response(answer, ASKING.key), None))


FORGED: dict[str, Bent] = {
    "unsigned": unsigned,
    "of another partner": of_another,
    "signed by another partner": signed_by_another,
    "to another address": changed(destination="http://localhost:8000/saml/sso"),
    "to no address": changed(destination=""),
    "to another request": changed(in_response_to="_nobody-asked-this"),
    "to no request": changed(in_response_to=""),
    "in another name": changed(issuer=ASKING.entity_id),
}


@pytest.mark.requires("SAMLProf-4.4.3.4", "SAMLBind-3.5.5.2")
@pytest.mark.parametrize("name", FORGED)
async def test_a_forged_answer_confirms_nothing_and_keeps_nobody(lone_house: House, name: str) -> None:
    async with sites() as served:
        scene = await logged_in_everywhere(lone_house, served)
        page = await to_the_form(scene)
        asked = asked_by(lone_house, form_of(page)[1])
        came_back = await brought(scene, FORGED[name](scene, asked))
        assert here(came_back) == here(page)
        assert results(came_back)[NAME] == results(page)[NAME] != DONE
        # The partner's own answer still counts, and the person can still go on.
        fields = in_form(FRONT, answer_to(lone_house, FRONT, asked, Manner.CONFIRMS))
        assert results(await brought(scene, fields))[NAME] == DONE


async def test_an_answer_of_long_ago_counts_no_more(lone_house: House) -> None:
    async with sites() as served:
        scene = await logged_in_everywhere(lone_house, served)
        page = await to_the_form(scene)
        answer = answer_to(lone_house, FRONT, asked_by(lone_house, form_of(page)[1]), Manner.CONFIRMS)
        old = replace(answer, issued_at=answer.issued_at - timedelta(minutes=10))
        assert results(await brought(scene, in_form(FRONT, old)))[NAME] != DONE


async def test_an_answer_counts_once_and_only_in_the_browser_that_asked(lone_house: House) -> None:
    async with sites() as served:
        scene = await logged_in_everywhere(lone_house, served)
        page = await to_the_form(scene)
        fields = in_form(
            FRONT, answer_to(lone_house, FRONT, asked_by(lone_house, form_of(page)[1]), Manner.CONFIRMS)
        )
        stranger = lone_house.browser()
        await stranger.get("/")
        refused = await settled(stranger, await across(stranger, "/saml/slo", fields))
        assert refused.status_code == 400
        assert (await stranger.get(here(page))).status_code == 403
        assert results(await brought(scene, fields))[NAME] == DONE
        again = await brought(scene, fields)
        assert results(again)[NAME] == DONE
        noted = [each for each in await events(lone_house) if isinstance(each, LogoutNotified)]
        assert [each.client for each in noted].count(FRONT.id) == 1


async def test_an_answer_that_nobody_asked_for_is_refused(lone_house: House) -> None:
    async with sites() as served:
        scene = await logged_in_everywhere(lone_house, served)
        asked = ASKING.log_out(lone_house, scene.told[ASKING.id])
        fields = in_form(FRONT, answer_to(lone_house, FRONT, asked, Manner.CONFIRMS))
        refused = await brought(scene, fields)
        assert refused.status_code == 400
        assert "code" in parameters(await scene.browser.get(CLINIC_PARTY.for_service(PORTAL, prompt="none")))


async def test_a_reload_and_a_second_tab_ask_again_and_either_answer_counts(lone_house: House) -> None:
    async with sites() as served:
        scene = await logged_in_everywhere(lone_house, served)
        first = await to_the_form(scene)
        second = await scene.browser.get(here(first))
        requests = [asked_by(lone_house, form_of(page)[1]) for page in (first, second)]
        assert len({each.id for each in requests}) == 2
        for asked in requests:
            end = await brought(scene, in_form(FRONT, answer_to(lone_house, FRONT, asked, Manner.CONFIRMS)))
            assert results(end)[NAME] == DONE
        # A button of a page that was left behind changes nothing that is confirmed.
        assert results(await without(scene.browser, first))[NAME] == DONE


async def test_a_browser_is_led_for_so_long_and_so_often_and_no_more(lone_house: House) -> None:
    async with sites() as served:
        scene = await logged_in_everywhere(lone_house, served)
        page = await begin(scene, "own")
        for _ in range(MOST_VISITS - 1):
            await scene.browser.get(here(page))
        shown = await scene.browser.get(here(page))
        assert "SAMLRequest" not in shown.text
        assert results(shown)[NAME] == FAILED

        scene = await logged_in_everywhere(lone_house, served)
        page = await begin(scene, "own")
        lone_house.clock.advance(VISITING)
        late = await scene.browser.get(here(page))
        assert results(late)[NAME] == FAILED


async def test_the_way_on_is_a_form_of_ours(lone_house: House) -> None:
    async with sites() as served:
        scene = await logged_in_everywhere(lone_house, served)
        page = await to_the_form(scene)
        key = form_of(page)[1]["without"]
        forged = await scene.browser.post(here(page), data={"csrf": "0" * 64, "without": key, "do": "skip"})
        assert forged.status_code == 403
        assert "SAMLRequest" in (await scene.browser.get(here(page))).text
        assert (await scene.browser.get("/logout/not-a-logout-of-anybody-at-all")).status_code == 400
        assert (await scene.browser.get("/logout")).headers["location"] == here(page)
        assert (await lone_house.browser().get("/logout")).status_code == 400


async def test_somebody_elses_token_in_a_link_leads_this_browser_nowhere(lone_house: House) -> None:
    async with sites() as served:
        scene = await logged_in_everywhere(lone_house, served)
        victim = lone_house.browser()
        await victim.get("/")
        page = await settled(victim, await victim.get(by_openid(scene)))
        assert "SAMLRequest" not in page.text
        assert results(page)[NAME] == FAILED


SOAPED: dict[str, dict[str, Any]] = {
    "to another request": {"in_response_to": "_another"},
    "in another name": {"issuer": FRONT.entity_id},
    "only partly": {"status": Status(code="urn:oasis:names:tc:SAML:2.0:status:Success", second="urn:x")},
}


@pytest.mark.parametrize("name", [*SOAPED, "signed by another"])
async def test_what_a_server_answers_is_believed_no_sooner(lone_house: House, name: str) -> None:
    async with sites() as served:
        scene = await logged_in_everywhere(lone_house, served)

        def forged(_: Manner, body: bytes) -> tuple[str, bytes]:
            asked = asked_in(scene, body)
            answer = answer_to(lone_house, scene.soap, asked, Manner.CONFIRMS, **SOAPED.get(name, {}))
            key = scene.soap.key if name in SOAPED else FRONT.key
            return "200 OK", soap.wrap(writing.logout_response(answer, key))

        served.answers["/soap"] = forged
        end = await at_front(scene, await begin(scene, "own"), Manner.CONFIRMS)
    assert results(end)["soap-saml nl"] == FAILED


def asked_in(scene: Scene, body: bytes) -> LogoutRequest:
    proof = signature.verify(soap.unwrap(body), hub_keys(scene.house))
    return reading.read_logout_request(proof)


async def test_a_login_that_ends_after_the_logout_brings_nothing_back(house: House) -> None:
    async with sites() as served:
        scene = await logged_in_everywhere(house, served)
        sharing = service(RESULTS, CLINIC, Level.LOW, single_sign_on=SSO_OF_CARE, confirm=True)
        await house.put(sharing)
        page = await follow(scene.browser, CLINIC_PARTY.for_service(RESULTS))
        proof = page.text.split('name="csrf" value="')[1].split('"')[0]
        cookies = dict(scene.browser.cookies)
        await begin(scene, "own")
        scene.browser.cookies.update(cookies)
        end = await scene.browser.post(str(page.url), data={"csrf": proof, "do": "confirm"})
        assert parameters(end)["error"] == "access_denied"
        scene.browser.cookies.update(cookies)
        silent = await scene.browser.get(CLINIC_PARTY.for_service(PORTAL, prompt="none"))
        assert parameters(silent)["error"] == "login_required"


async def test_of_sixty_four_logouts_at_once_one_ends_each_login(house: House) -> None:
    async with sites() as served:
        scene = await logged_in_everywhere(house, served)
        asked = [scene.browser.get(by_openid(scene)) for _ in range(64)]
        answers = await asyncio.gather(*asked)
        assert {each.status_code for each in answers} == {303}
        await house.app.loops.delivery.deliver_due("logout")
        house.clock.advance(timedelta(seconds=30))
        await house.app.loops.delivery.deliver_due("logout")
        await house.app.loops.delivery.deliver_due("saml-logout")
    assert {path: len(bodies) for path, bodies in served.heard.items()} == {"/token": 1, "/soap": 1}
    recorded = await events(house)
    revoked = [each for each in recorded if isinstance(each, TokenRevoked)]
    assert len(revoked) == 5
    assert {each.why for each in revoked} == {TokenEnding.LOGOUT}
    assert sum(isinstance(each, LogoutAsked) for each in recorded) == 64
