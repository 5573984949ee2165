"""A SAML service provider logs somebody out: who may, what ends, and what it is truthfully told."""

from __future__ import annotations

from base64 import b64decode
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest

from tests.hostile.scenes import names_of_events
from tests.journeys.house import CLINIC, PORTAL, House, service
from tests.journeys.party import CLINIC_PARTY
from tests.journeys.party import answer as parameters
from tests.journeys.party import follow as follow_oidc
from tests.journeys.saml_party import BYE, LOGOUT, SLO, SamlParty, Told, enrol, form_of, logged_out
from tests.journeys.test_saml_login import BSN, DOSSIER, SSO_OF_CARE, opened
from toegang.assurance import Level
from toegang.catalogue.values import ClientId, IdentityForm, SamlProfile
from toegang.saml import names, writing
from toegang.saml.bindings import post, redirect, soap
from toegang.saml.bindings.parameters import Carrier
from toegang.saml.messages import LogoutRequest, LogoutResponse, NameId, Status
from toegang.saml.names import SUCCESS, Binding

DONE = Status(code=SUCCESS)
PARTIAL = Status(code=SUCCESS, second=names.PARTIAL_LOGOUT)
NOBODY = Status(code=names.REQUESTER, second=names.UNKNOWN_PRINCIPAL)


async def shared(house: House, profile: SamlProfile) -> SamlParty:
    """Open a connection to a service whose login may be used again."""
    asking = await opened(house, profile)
    await house.put(
        service(DOSSIER, CLINIC, Level.LOW, identity=IdentityForm.BSN, single_sign_on=SSO_OF_CARE)
    )
    return asking


async def logged_in(house: House, asking: SamlParty, browser: httpx2.AsyncClient) -> Told:
    person = await enrol(house, BSN)
    return await asking.log_in(house, browser, person=str(person))


async def by_form(
    house: House, asking: SamlParty, browser: httpx2.AsyncClient, request: LogoutRequest
) -> LogoutResponse:
    """Log out by POST, as another site posts: with the cookies of this browser at the GET that follows."""
    fields = dict(post.fields(Carrier.REQUEST, writing.logout_request(request, asking.key), "back"))
    sent = await browser.post("/saml/slo", data=fields)
    if sent.status_code == 303:
        sent = await browser.get(sent.headers["location"])
    action, answer = form_of(sent)
    assert (action, answer["RelayState"]) == (BYE, "back")
    return logged_out(house, b64decode(answer["SAMLResponse"]))


def in_address(asking: SamlParty, request: LogoutRequest) -> str:
    octets = writing.logout_request(request, None)
    return redirect.address("/saml/slo", Carrier.REQUEST, octets, "back", asking.key)


async def is_remembered(house: House, asking: SamlParty, browser: httpx2.AsyncClient) -> bool:
    """Tell whether a passive login still succeeds."""
    came_back = await asking.ask(browser, asking.request(house, passive=True))
    return (await asking.told(house, came_back)).assertion is not None


@pytest.mark.requires("STSAML-4.1", "SAMLProf-4.4.3")
async def test_a_logout_by_form_ends_the_session_and_is_answered_by_form(house: House) -> None:
    asking, browser = await shared(house, SamlProfile.ST_SAML), house.browser()
    told = await logged_in(house, asking, browser)
    assert await is_remembered(house, asking, browser)
    request = asking.log_out(house, told)
    answer = await by_form(house, asking, browser, request)
    assert (answer.status, answer.in_response_to, answer.destination) == (DONE, request.id, BYE)
    assert not await is_remembered(house, asking, browser)
    assert "logout:asked" in await names_of_events(house)


@pytest.mark.requires("LegacySAML-3")
async def test_the_older_connection_logs_out_by_address_and_by_soap_with_the_number_alone(
    lone_house: House,
) -> None:
    asking, browser = await shared(lone_house, SamlProfile.DIGID3), lone_house.browser()
    told = await logged_in(lone_house, asking, browser)
    answered = await browser.get(in_address(asking, asking.log_out(lone_house, told, session_indexes=())))
    location = urlsplit(answered.headers["location"])
    fields = dict(parse_qsl(location.query))
    assert answered.headers["location"].startswith(BYE)
    assert (fields["RelayState"], set(fields)) == (
        "back",
        {"SAMLResponse", "RelayState", "SigAlg", "Signature"},
    )
    assert not await is_remembered(lone_house, asking, browser)

    told = await logged_in(lone_house, asking, browser)
    request = asking.log_out(lone_house, told, session_indexes=(), destination="")
    envelope = soap.wrap(writing.logout_request(request, asking.key))
    answer = await asking.call(lone_house, "/saml/slo/soap", envelope)
    assert answer.status_code == 200
    assert not await is_remembered(lone_house, asking, browser)


@pytest.mark.requires("SAMLProf-4.4.4.2")
async def test_who_asks_by_address_and_takes_answers_by_form_is_answered_by_form(lone_house: House) -> None:
    shares = await shared(lone_house, SamlProfile.SAML2INT)
    only_forms = {"logout": tuple(each for each in LOGOUT if each.binding == Binding.POST)}
    asking, browser = shares.named(role=only_forms), lone_house.browser()
    await lone_house.put(*asking.records(lone_house))
    told = await logged_in(lone_house, asking, browser)
    request = asking.log_out(lone_house, told)
    answered = await browser.get(in_address(asking, request))
    action, fields = form_of(answered)
    assert (action, fields["RelayState"]) == (BYE, "back")


@pytest.mark.requires("SAMLCore-3.7.3")
async def test_a_service_that_cannot_be_told_makes_the_logout_partial(lone_house: House) -> None:
    asking, browser = await shared(lone_house, SamlProfile.ST_SAML), lone_house.browser()
    told = await logged_in(lone_house, asking, browser)
    came_back = await follow_oidc(browser, CLINIC_PARTY.for_service(PORTAL))
    await CLINIC_PARTY.redeem(browser, parameters(came_back)["code"])
    answer = await by_form(lone_house, asking, browser, asking.log_out(lone_house, told))
    assert answer.status == PARTIAL


async def test_who_never_fetched_its_code_has_nobody_to_log_out(lone_house: House) -> None:
    asking, browser = await shared(lone_house, SamlProfile.ST_SAML), lone_house.browser()
    told = await logged_in(lone_house, asking, browser)
    came_back = await follow_oidc(browser, CLINIC_PARTY.for_service(PORTAL))
    answer = await by_form(lone_house, asking, browser, asking.log_out(lone_house, told))
    assert answer.status == DONE
    assert (await CLINIC_PARTY.redeem(browser, parameters(came_back)["code"])).status_code == 400


@pytest.mark.requires("SAMLCore-3.7.1")
async def test_a_name_of_another_partner_ends_nothing(lone_house: House) -> None:
    asking, browser = await shared(lone_house, SamlProfile.ST_SAML), lone_house.browser()
    other = asking.named(
        id=ClientId("other-saml"), entity_id="urn:nl-eid-gdi:1.0:DV:00000000000000000002:entities:9002"
    )
    await lone_house.put(*other.records(lone_house))
    told = await logged_in(lone_house, asking, browser)
    answer = await by_form(lone_house, other, browser, other.log_out(lone_house, told))
    assert answer.status == NOBODY
    wrong = asking.log_out(lone_house, told, subject=NameId(value="_somebody-else"))
    assert (await by_form(lone_house, asking, browser, wrong)).status == NOBODY
    assert await is_remembered(lone_house, asking, browser)


async def test_a_logout_is_said_once_and_only_by_who_signs_it(lone_house: House) -> None:
    asking, browser = await shared(lone_house, SamlProfile.ST_SAML), lone_house.browser()
    told = await logged_in(lone_house, asking, browser)
    request = asking.log_out(lone_house, told)
    unsigned = dict(post.fields(Carrier.REQUEST, writing.logout_request(request, None), None))
    sent = await browser.post("/saml/slo", data=unsigned)
    assert sent.status_code == 400
    assert await is_remembered(lone_house, asking, browser)
    assert (await by_form(lone_house, asking, browser, request)).status == DONE
    again = await by_form(lone_house, asking, browser, request)
    assert again.status == Status(code=names.REQUESTER, second=names.REQUEST_DENIED)


async def test_a_closed_partner_may_still_log_out(lone_house: House) -> None:
    asking, browser = await shared(lone_house, SamlProfile.ST_SAML), lone_house.browser()
    told = await logged_in(lone_house, asking, browser)
    await lone_house.put(asking.named(more=asking.more | {"enabled": False}).connection)
    answer = await by_form(lone_house, asking, browser, asking.log_out(lone_house, told))
    assert answer.status == DONE


async def test_an_openid_logout_tells_that_the_saml_service_must_be_left_by_oneself(
    lone_house: House,
) -> None:
    asking, browser = await shared(lone_house, SamlProfile.ST_SAML), lone_house.browser()
    await logged_in(lone_house, asking, browser)
    came_back = await follow_oidc(browser, CLINIC_PARTY.for_service(PORTAL))
    tokens = (await CLINIC_PARTY.redeem(browser, parameters(came_back)["code"])).json()
    page = await browser.get(f"/oidc/logout?id_token_hint={tokens['id_token']}")
    assert "saml-client nl" in page.text
    assert not await is_remembered(lone_house, asking, browser)
    assert SLO.endswith("/saml/slo")
