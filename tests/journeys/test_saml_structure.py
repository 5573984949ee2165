"""What the hub writes for the scheme for access has the elements and attributes that it asks, in order.

The outlines follow the tables of the specification (STSAML-4.3, STSAML-4.5), one line for each element with
the names of its attributes.
"""

from __future__ import annotations

import re

import pytest
from lxml import etree

from tests.journeys.house import House
from tests.journeys.saml_party import BYE, SamlParty, enrol, follow, form_of, ticket
from tests.journeys.test_saml_login import BSN, opened
from tests.journeys.test_saml_logout import logged_in, shared
from toegang.catalogue.values import SamlProfile
from toegang.saml import writing
from toegang.saml.bindings import post
from toegang.saml.bindings.parameters import Carrier, decode_base64

SIGNATURE = """
    Signature
        SignedInfo
            CanonicalizationMethod Algorithm
            SignatureMethod Algorithm
            Reference URI
                Transforms
                    Transform Algorithm
                    Transform Algorithm
                DigestMethod Algorithm
                DigestValue
        SignatureValue
        KeyInfo
            KeyName
            X509Data
                X509Certificate
"""
SEALED = """
    EncryptedID
        EncryptedData Id Type
            EncryptionMethod Algorithm
            KeyInfo
                RetrievalMethod Type URI
            CipherData
                CipherValue
        EncryptedKey Id Recipient
            EncryptionMethod Algorithm
                DigestMethod Algorithm
            CipherData
                CipherValue
            ReferenceList
                DataReference URI
"""


def shift(text: str, steps: int) -> str:
    """Put an outline deeper."""
    return "\n".join(" " * 4 * steps + line for line in text.strip("\n").splitlines())


def assertion(*attributes: str) -> str:
    return "\n".join(
        (
            "Assertion ID IssueInstant Version",
            "    Issuer",
            SIGNATURE.strip("\n"),
            "    Subject",
            "        NameID Format",
            "        SubjectConfirmation Method",
            "            SubjectConfirmationData InResponseTo NotOnOrAfter Recipient",
            "    Conditions NotBefore NotOnOrAfter",
            "        AudienceRestriction",
            "            Audience",
            "    AuthnStatement AuthnInstant SessionIndex",
            "        AuthnContext",
            "            AuthnContextClassRef",
            "    AttributeStatement",
            *attributes,
        )
    )


def attribute(inside: str = "") -> str:
    return "        Attribute Name NameFormat\n            AttributeValue" + (
        f"\n{shift(inside, 3)}" if inside else ""
    )


def answered(inside: str) -> str:
    """Return the outline of the envelope around an answer."""
    return "\n".join(
        (
            "Envelope",
            "    Body",
            "        ArtifactResponse ID InResponseTo IssueInstant Version",
            "            Issuer",
            shift(SIGNATURE, 2),
            "            Status",
            "                StatusCode Value",
            shift(inside, 3),
        )
    )


def response(inside: str) -> str:
    return "\n".join(
        (
            "Response Destination ID InResponseTo IssueInstant Version",
            "    Issuer",
            "    Status",
            "        StatusCode Value",
            shift(inside, 1),
        )
    )


def outline(octets: bytes) -> str:
    """Write down the elements of a document, each with its attributes by name."""
    lines = []

    def walk(element: etree._Element, depth: int) -> None:
        tag = str(element.tag).rpartition("}")[2]
        names = sorted(str(name).rpartition("}")[2] for name in element.keys())  # noqa: SIM118 lxml's own
        lines.append(" ".join((" " * 4 * depth + tag, *names)))
        for child in element:
            walk(child, depth + 1)

    walk(etree.fromstring(octets), 0)
    return "\n".join(lines)


async def resolved(house: House, asking: SamlParty, **means: str) -> bytes:
    browser = house.browser()
    sent = await browser.post("/saml/sso", data=asking.in_form(asking.request(house)))
    came_back = await follow(browser, sent, **means)
    envelope = asking.resolving(house, ticket(came_back)["SAMLart"])
    return (await asking.call(house, "/saml/artifact", envelope)).content


@pytest.mark.requires("STSAML-4.5", "STSAML-4.3")
async def test_an_artifact_response_has_what_the_scheme_asks(lone_house: House) -> None:
    asking = await opened(lone_house, SamlProfile.ST_SAML)
    person = await enrol(lone_house, BSN)
    expected = answered(response(assertion(attribute(SEALED), attribute())))
    assert outline(await resolved(lone_house, asking, person=str(person))) == expected


@pytest.mark.requires("STSAML-4.5", "STSAML-4.3")
async def test_with_legal_representation_it_has_the_subject_and_the_kind_besides(lone_house: House) -> None:
    asking = await opened(lone_house, SamlProfile.ST_SAML)
    parent, child = await enrol(lone_house, BSN), await enrol(lone_house, "999990032")
    attributes = (attribute(SEALED), attribute(SEALED), attribute(), attribute())
    expected = answered(response(assertion(*attributes)))
    octets = await resolved(lone_house, asking, person=str(parent), represents=f"person:{child}")
    assert outline(octets) == expected


@pytest.mark.requires("STSAML-4.5", "STSAML-4.4")
async def test_an_artifact_response_that_says_no_has_a_status_and_no_assertion(lone_house: House) -> None:
    asking = await opened(lone_house, SamlProfile.ST_SAML)
    came_back = await asking.ask(lone_house.browser(), asking.request(lone_house, passive=True))
    envelope = asking.resolving(lone_house, ticket(came_back)["SAMLart"])
    octets = (await asking.call(lone_house, "/saml/artifact", envelope)).content
    said = "\n".join(
        (
            "Response Destination ID InResponseTo IssueInstant Version",
            "    Issuer",
            SIGNATURE.strip("\n"),
            "    Status",
            "        StatusCode Value",
            "            StatusCode Value",
        )
    )
    assert outline(octets) == answered(said)


@pytest.mark.requires("STSAML-4.5")
async def test_a_logout_response_has_what_the_scheme_asks(lone_house: House) -> None:
    asking, browser = await shared(lone_house, SamlProfile.ST_SAML), lone_house.browser()
    told = await logged_in(lone_house, asking, browser)
    request = writing.logout_request(asking.log_out(lone_house, told), asking.key)
    page = await browser.post("/saml/slo", data=dict(post.fields(Carrier.REQUEST, request, None)))
    action, fields = form_of(page)
    assert action == BYE
    expected = "\n".join(
        (
            "LogoutResponse Destination ID InResponseTo IssueInstant Version",
            "    Issuer",
            SIGNATURE.strip("\n"),
            "    Status",
            "        StatusCode Value",
        )
    )
    assert outline(decode_base64(fields["SAMLResponse"])) == expected


@pytest.mark.requires("STSAML-4.5", "SAMLMeta-2.4.3")
async def test_our_metadata_has_what_a_partner_of_the_scheme_looks_for(lone_house: House) -> None:
    told = outline((await lone_house.browser().get("/saml/metadata")).content)
    key = "KeyDescriptor use\n    KeyInfo\n        KeyName\n        X509Data\n            X509Certificate"
    identity_provider = "\n".join(
        (
            "    IDPSSODescriptor WantAuthnRequestsSigned protocolSupportEnumeration",
            shift(key, 2),
            shift(key, 2),
            "        ArtifactResolutionService Binding Location index isDefault",
        )
    )
    service_provider = "\n".join(
        (
            "    SPSSODescriptor AuthnRequestsSigned WantAssertionsSigned protocolSupportEnumeration",
            shift(key, 2),
            shift(key, 2),
            "        SingleLogoutService Binding Location",
            "        SingleLogoutService Binding Location",
            "        NameIDFormat",
            "        NameIDFormat",
            "        AssertionConsumerService Binding Location index isDefault",
            "        AssertionConsumerService Binding Location index",
        )
    )
    assert service_provider in told
    assert told.startswith("EntityDescriptor ID cacheDuration entityID validUntil\n" + SIGNATURE.strip("\n"))
    assert identity_provider in told
    assert re.search(r"\n        SingleLogoutService Binding Location", told)
    assert re.search(r"\n        SingleSignOnService Binding Location", told)
