"""S25 over HTTP: an address counts as its sender signed it, at every door where addresses carry messages."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from urllib.parse import quote

import pytest
from lxml import etree

from tests.hostile.savers import savings_bank
from tests.journeys.house import ISSUER, House
from tests.journeys.saml_party import follow
from tests.journeys.test_saml_login import opened
from tests.means.identity_provider import IdentityProvider
from tests.means.savings_bank import savings
from tests.saml.parties import signing
from toegang.catalogue.values import IdentityForm, SamlProfile
from toegang.saml import writing
from toegang.saml.bindings import post, redirect
from toegang.saml.bindings.parameters import Carrier
from toegang.saml.keys import SigningKey
from toegang.saml.messages import LogoutRequest, NameId
from toegang.saml.signing import sign

DOORS = ("/saml/sso", "/saml/slo", "/saml/means/slo")


@pytest.fixture
async def bank(lone_house: House) -> AsyncIterator[IdentityProvider]:
    async with savings_bank(lone_house) as running:
        await lone_house.put(savings(running, settings={"logout": "yes"}))
        yield running


def farewell(issuer: str, house: House, path: str, number: int) -> bytes:
    request = LogoutRequest(
        id=f"_logout-{number}",
        issuer=issuer,
        issued_at=house.clock.now(),
        destination=ISSUER + path,
        subject=NameId(value="_nobody"),
    )
    return writing.logout_request(request, None)


async def written(house: House, bank: IdentityProvider, path: str, number: int) -> tuple[bytes, SigningKey]:
    """Return a request for a door, unsigned, and whose key signs it."""
    asking = await opened(house, SamlProfile.SAML2INT, identity=IdentityForm.PSEUDONYM)
    if path == "/saml/means/slo":
        return farewell(bank.entity_id, house, path, number), bank.key
    if path == "/saml/slo":
        return farewell(asking.entity_id, house, path, number), asking.key
    return writing.authn_request(asking.request(house, id=f"_request-{number}"), None), asking.key


def bent(address: str) -> dict[str, str]:
    """Return an address in all the forms that its sender did not sign, or that can be read in two ways."""
    path, _, query = address.partition("?")
    parts = dict(each.partition("=")[::2] for each in query.split("&"))
    other = parts["SAMLRequest"][:-4] + quote("AAAA", safe="")
    return {
        "a second message": f"{address}&SAMLRequest={parts['SAMLRequest']}",
        "a message and an answer": f"{address}&SAMLResponse={parts['SAMLRequest']}",
        "a second algorithm": f"{address}&SigAlg={parts['SigAlg']}",
        "a second signature": f"{address}&Signature={parts['Signature']}",
        "a second state": f"{address}&RelayState={parts['RelayState']}",
        "the name escaped": address.replace("SAMLRequest", "SAML%52equest")
        + f"&SAMLRequest={parts['SAMLRequest']}",
        "another message": address.replace(parts["SAMLRequest"], other),
        "another state": address.replace(f"RelayState={parts['RelayState']}", "RelayState=evil"),
        "no state": address.replace(f"&RelayState={parts['RelayState']}", ""),
        "another algorithm": address.replace("rsa-sha256", "rsa-sha512"),
        "a weak algorithm": address.replace(
            "2001%2F04%2Fxmldsig-more%23rsa-sha256", "2000%2F09%2Fxmldsig%23rsa-sha1"
        ),
        "no algorithm": address.replace(f"&SigAlg={parts['SigAlg']}", ""),
        "no signature": address.partition("&Signature=")[0],
        "an empty signature": address.partition("&Signature=")[0] + "&Signature=",
        "another way of escaping": f"{path}?{re.sub('%[0-9A-F]{2}', lambda found: found[0].lower(), query)}",
    }


@pytest.mark.parametrize("path", DOORS)
@pytest.mark.requires("SAMLBind-3.4.4.1")
async def test_a_bent_address_is_refused(lone_house: House, bank: IdentityProvider, path: str) -> None:
    octets, key = await written(lone_house, bank, path, 0)
    address = redirect.address(path, Carrier.REQUEST, octets, "a-state", key)
    taken = []
    for way, made in bent(address).items():
        assert made != address, way
        browser = lone_house.browser()
        if (await follow(browser, await browser.get(made))).status_code < 400:
            taken.append(way)
    stolen = redirect.address(
        path, Carrier.REQUEST, octets, "a-state", signing("rsa", "https://thief.example")
    )
    browser = lone_house.browser()
    assert (await follow(browser, await browser.get(stolen))).status_code >= 400
    assert taken == []
    assert (await follow(browser, await browser.get(address))).status_code < 400


@pytest.mark.parametrize("path", DOORS)
@pytest.mark.requires("SAMLBind-3.4.4.1", "SAMLBind-3.5.4")
async def test_a_request_is_no_answer_because_its_field_says_so(
    lone_house: House, bank: IdentityProvider, path: str
) -> None:
    """Nobody signed the name of a form's field; in an address the sender itself may have written it."""
    octets, key = await written(lone_house, bank, path, 0)
    browser = lone_house.browser()
    signed = sign(etree.fromstring(octets), key)
    fields = dict(post.fields(Carrier.RESPONSE, signed, None))
    assert (await follow(browser, await browser.post(path, data=fields))).status_code >= 400
    address = redirect.address(path, Carrier.RESPONSE, octets, None, key)
    assert (await follow(browser, await browser.get(address))).status_code >= 400
    honest = dict(post.fields(Carrier.REQUEST, signed, None))
    assert (await follow(browser, await browser.post(path, data=honest))).status_code < 400
