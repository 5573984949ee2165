"""What a service of the scheme for access is told of a login at an identity provider, in the scheme's order.

Beside tests/journeys/test_saml_structure.py, where the hub's own means proved it: here another party did, and
its assertion goes along (STSAML-4.3, STSAML-4.5).
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from lxml import etree

from tests.journeys.conftest import house_secrets, lone_house
from tests.journeys.house import House
from tests.journeys.saml_party import HUB, ticket
from tests.means.identity_provider import IdentityProvider, identity_provider, named
from tests.means.test_represented import BSN, CHILD, by_the_scheme, sealed
from toegang.saml import names

__all__ = ["house_secrets", "lone_house"]

SPACES = {"saml": names.SAML, "samlp": names.SAMLP}
TYPE = "urn:nl-eid-gdi:1.1:RT:Zorg_Volledig_Gezag_Kind"


@pytest.fixture
async def broker(lone_house: House) -> AsyncIterator[IdentityProvider]:
    async with identity_provider(
        lone_house.app, lone_house.clock, "urn:nl-eid-gdi:1.0:AD:1:entities:1"
    ) as made:
        yield made


def children(element: etree._Element) -> list[str]:
    return [str(child.tag).rpartition("}")[2] for child in element]


@pytest.mark.requires("STSAML-4.5", "STSAML-4.3")
@pytest.mark.parametrize("represents", [False, True])
async def test_an_answer_has_the_assertion_of_who_proved_it_as_advice(
    lone_house: House, broker: IdentityProvider, represents: bool
) -> None:
    attributes = [sealed(broker, names.GDI_ACTING_SUBJECT, BSN)]
    if represents:
        attributes.append(sealed(broker, names.GDI_LEGAL_SUBJECT, CHILD))
        attributes.append(named(names.GDI_REPRESENTATION_TYPE, TYPE))
    party, back = await by_the_scheme(lone_house, broker, *attributes)
    envelope = party.resolving(lone_house, ticket(back)["SAMLart"])
    answer = etree.fromstring((await party.call(lone_house, "/saml/artifact", envelope)).content)
    [assertion] = answer.findall(".//samlp:Response/saml:Assertion", SPACES)
    assert children(assertion) == [
        "Issuer",
        "Signature",
        "Subject",
        "Conditions",
        "Advice",
        "AuthnStatement",
        "AttributeStatement",
    ]
    [theirs] = assertion.findall("saml:Advice/saml:Assertion", SPACES)
    assert children(theirs)[:2] == ["Issuer", "Signature"]
    assert theirs.findtext("saml:Issuer", None, SPACES) == broker.entity_id
    [context] = assertion.findall("saml:AuthnStatement/saml:AuthnContext", SPACES)
    assert children(context) == ["AuthnContextClassRef", "AuthenticatingAuthority"]
    assert context.findtext("saml:AuthenticatingAuthority", None, SPACES) == broker.entity_id
    told = {
        each.get("Name"): each for each in assertion.findall("saml:AttributeStatement/saml:Attribute", SPACES)
    }
    expected = {names.GDI_ACTING_SUBJECT, names.GDI_SERVICE_UUID}
    expected |= {names.GDI_LEGAL_SUBJECT, names.GDI_REPRESENTATION_TYPE} if represents else set()
    assert set(told) == expected
    for name in expected & {names.GDI_ACTING_SUBJECT, names.GDI_LEGAL_SUBJECT}:
        keys = told[name].findall(".//{*}EncryptedKey")
        assert [key.get("Recipient") for key in keys] == [party.entity_id]
    [audience] = assertion.findall("saml:Conditions/saml:AudienceRestriction/saml:Audience", SPACES)
    assert audience.text == party.entity_id
    assert assertion.findtext("saml:Issuer", None, SPACES) == HUB
