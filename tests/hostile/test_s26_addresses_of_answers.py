"""S26: an answer goes to an address of the pinned metadata, and a form that leads nowhere else."""

from __future__ import annotations

import pytest

from tests.hostile.scenes import names_of_events
from tests.journeys.house import House
from tests.journeys.saml_party import ACS, CONSUMERS, HERE, POST_ACS, enrol, follow, form_of
from tests.journeys.test_saml_login import BSN, opened
from toegang.catalogue.values import IdentityForm, SamlProfile
from toegang.saml.names import Binding

FOREIGN = (
    "https://evil.example/acs",
    "http://localhost:9000/acs/",
    "http://localhost:9000/ACS",
    "http://localhost:9000/acs?x=1",
    "http://localhost:9000/acs#x",
    "http://localhost:9000@evil.example/acs",
    "http://localhost:9000/acs/../evil",
    "javascript:alert(1)//",
    "data:text/html,x",
)


@pytest.mark.requires("SAMLProf-4.1.4.1")
@pytest.mark.parametrize("address", FOREIGN)
async def test_an_address_that_the_metadata_does_not_have_gets_nothing(
    lone_house: House, address: str
) -> None:
    asking = await opened(lone_house, SamlProfile.SAML2INT, identity=IdentityForm.PSEUDONYM)
    request = asking.request(lone_house, consumer_index=None, consumer_url=address)
    page = await asking.ask(lone_house.browser(), request)
    assert page.status_code == 400
    assert "evil.example" not in page.text
    assert "evil.example" not in str(page.headers)
    assert "login:started" not in await names_of_events(lone_house)


@pytest.mark.parametrize(
    ("named", "binding"), [(ACS, Binding.POST), (POST_ACS, Binding.ARTIFACT), (ACS, Binding.REDIRECT)]
)
async def test_an_address_of_another_binding_is_not_taken(
    lone_house: House, named: str, binding: Binding
) -> None:
    asking = await opened(lone_house, SamlProfile.SAML2INT, identity=IdentityForm.PSEUDONYM)
    request = asking.request(lone_house, consumer_index=None, consumer_url=named, binding=binding.value)
    assert (await asking.ask(lone_house.browser(), request)).status_code == 400


async def test_the_default_consumer_is_taken_when_none_is_named(lone_house: House) -> None:
    asking = await opened(lone_house, SamlProfile.SAML2INT, identity=IdentityForm.PSEUDONYM)
    came_back = await asking.ask(lone_house.browser(), asking.request(lone_house, consumer_index=None))
    assert came_back.headers["location"].startswith(CONSUMERS[0].location)


HOSTILE_STATE = '"><script>alert(1)</script>'


@pytest.mark.requires("CSP3-6.4.1")
async def test_the_form_escapes_what_it_carries_and_leads_to_the_service_only(lone_house: House) -> None:
    asking = await opened(lone_house, SamlProfile.SAML2INT, identity=IdentityForm.PSEUDONYM)
    person, browser = await enrol(lone_house, BSN), lone_house.browser()
    fields = asking.in_form(asking.request(lone_house, consumer_index=1), HOSTILE_STATE)
    sent = await browser.post("/saml/sso", data=fields)
    page = await follow(browser, sent, person=str(person))
    action, hidden = form_of(page)
    policy = page.headers["content-security-policy"]
    assert action == POST_ACS
    assert hidden["RelayState"] == HOSTILE_STATE
    assert "<script>alert" not in page.text
    assert f"form-action 'self' {HERE};" in policy
    assert "'unsafe-inline'" not in policy
    assert page.headers["cache-control"] == "no-store"


async def test_a_long_relay_state_is_refused_where_the_scheme_holds_to_it(lone_house: House) -> None:
    asking = await opened(lone_house, SamlProfile.ST_SAML)
    fields = asking.in_form(asking.request(lone_house), None) | {"RelayState": "x" * 81}
    sent = await lone_house.browser().post("/saml/sso", data=fields)
    answer = await lone_house.browser().get(sent.headers["location"])
    assert answer.headers["location"].startswith(ACS)
    assert "RelayState" not in answer.headers["location"]
    assert "login:started" not in await names_of_events(lone_house)


@pytest.mark.parametrize("path", ["/saml/sso", "/saml/slo", "/saml/artifact", "/saml/slo/soap"])
async def test_a_flood_is_refused_before_it_is_read_or_kept(lone_house: House, path: str) -> None:
    answer = await lone_house.browser().post(path, content=b"SAMLRequest=" + b"A" * 200_000)
    assert answer.status_code == 413
