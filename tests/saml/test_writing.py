"""What is written: the order of the schema, where signatures go, and that what is embedded still holds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import etree

from tests.saml.parties import IDP, SP, decryption, signing, trusted
from tests.saml.samples import (
    ASSERTION,
    KEY,
    LOGGED_OUT,
    LOGOUT,
    REQUEST,
    RESOLVE,
    RESOLVED,
    RESPONSE,
    TRUST,
    proven,
)
from toegang.saml import names, reading, writing
from toegang.saml.bindings import soap
from toegang.saml.document import admit
from toegang.saml.encryption import decrypt_id, encrypt_id
from toegang.saml.messages import EncryptedId, NameId, Status
from toegang.saml.signature import AssertionOnly, Verified, verify, verify_response
from toegang.saml.signing import sign
from toegang.saml.writing import SignedPart

PREFIXES = {uri: prefix for prefix, uri in names.PREFIXES.items()}
FOREIGN = f"""<saml2:Assertion xmlns:saml2="{names.SAML}" ID="_foreign" Version="2.0" \
IssueInstant="2026-01-01T00:00:00Z"><saml2:Issuer>{IDP}</saml2:Issuer><saml2:Subject><saml2:NameID>somebody \
else</saml2:NameID></saml2:Subject><saml2:AttributeStatement><saml2:Attribute Name="urn:x">\
<saml2:AttributeValue \
xmlns:xs="{names.XS}" xmlns:xsi="{names.XSI}" xsi:type="xs:string">a &amp; b</saml2:AttributeValue>\
</saml2:Attribute></saml2:AttributeStatement><saml2:Advice></saml2:Advice></saml2:Assertion>"""


def outline(octets: bytes) -> list[str]:
    """Return the names of the elements in order, with their depth as dots; signatures as one line."""
    found = []
    for element in etree.fromstring(octets).iter():
        above = [each.tag for each in element.iterancestors()]
        if f"{{{names.DS}}}Signature" not in above:
            namespace, _, name = str(element.tag)[1:].partition("}")
            found.append("." * len(above) + f"{PREFIXES[namespace]}:{name}")
    return found


@pytest.mark.requires("SAMLCore-3.4.1")
def test_a_request_has_everything_in_the_order_of_the_schema() -> None:
    assert outline(writing.authn_request(REQUEST, KEY)) == [
        "samlp:AuthnRequest",
        ".saml:Issuer",
        ".ds:Signature",
        ".samlp:Extensions",
        "..saml:Attribute",
        "...saml:AttributeValue",
        "..saml:Attribute",
        "...saml:AttributeValue",
        ".samlp:NameIDPolicy",
        ".samlp:RequestedAuthnContext",
        "..saml:AuthnContextClassRef",
        ".samlp:Scoping",
        "..samlp:IDPList",
        "...samlp:IDPEntry",
        "..samlp:RequesterID",
    ]


@pytest.mark.requires("SAMLCore-2.3.3", "SAMLCore-3.3.3")
def test_an_answer_has_everything_in_the_order_of_the_schema() -> None:
    assert outline(writing.response(RESPONSE, KEY)) == [
        "samlp:Response",
        ".saml:Issuer",
        ".ds:Signature",
        ".samlp:Status",
        "..samlp:StatusCode",
        ".saml:Assertion",
        "..saml:Issuer",
        "..ds:Signature",
        "..saml:Subject",
        "...saml:NameID",
        "...saml:SubjectConfirmation",
        "....saml:SubjectConfirmationData",
        "..saml:Conditions",
        "...saml:AudienceRestriction",
        "....saml:Audience",
        "....saml:Audience",
        "...saml:OneTimeUse",
        "..saml:AuthnStatement",
        "...saml:AuthnContext",
        "....saml:AuthnContextClassRef",
        "....saml:AuthenticatingAuthority",
        "..saml:AttributeStatement",
        "...saml:Attribute",
        "....saml:AttributeValue",
        "...saml:Attribute",
        "....saml:AttributeValue",
        ".....saml:NameID",
    ]


@pytest.mark.requires("SAMLCore-3.5.1", "SAMLCore-3.5.2", "SAMLCore-3.7.1", "SAMLCore-3.7.2")
def test_the_other_messages_have_everything_in_the_order_of_the_schema() -> None:
    inside = writing.response(replace(RESPONSE, assertion=None, status=Status(code=names.RESPONDER)), KEY)
    assert outline(writing.artifact_resolve(RESOLVE, KEY)) == [
        "samlp:ArtifactResolve",
        ".saml:Issuer",
        ".ds:Signature",
        ".samlp:Artifact",
    ]
    assert outline(writing.artifact_response(replace(RESOLVED, message=inside), KEY)) == [
        "samlp:ArtifactResponse",
        ".saml:Issuer",
        ".ds:Signature",
        ".samlp:Status",
        "..samlp:StatusCode",
        ".samlp:Response",
        "..saml:Issuer",
        "..ds:Signature",
        "..samlp:Status",
        "...samlp:StatusCode",
    ]
    assert outline(writing.logout_request(LOGOUT, KEY)) == [
        "samlp:LogoutRequest",
        ".saml:Issuer",
        ".ds:Signature",
        ".saml:NameID",
        ".samlp:SessionIndex",
        ".samlp:SessionIndex",
    ]
    assert outline(writing.logout_response(LOGGED_OUT, KEY)) == [
        "samlp:LogoutResponse",
        ".saml:Issuer",
        ".ds:Signature",
        ".samlp:Status",
        "..samlp:StatusCode",
        "...samlp:StatusCode",
        "..samlp:StatusMessage",
    ]


@pytest.mark.requires("SAMLProf-4.1.3.5")
def test_the_signature_goes_where_the_profile_wants_it() -> None:
    signatures = {
        part: [line for line in outline(writing.response(RESPONSE, KEY, signed=part)) if "Signature" in line]
        for part in SignedPart
    }
    assert signatures == {
        SignedPart.RESPONSE: [".ds:Signature"],
        SignedPart.ASSERTION: ["..ds:Signature"],
        SignedPart.BOTH: [".ds:Signature", "..ds:Signature"],
    }


def test_an_answer_without_an_assertion_is_signed_whatever_was_asked() -> None:
    failure = replace(RESPONSE, assertion=None, status=Status(code=names.RESPONDER))
    octets = writing.response(failure, KEY, signed=SignedPart.ASSERTION)
    assert reading.read_response(proven(octets)) == failure


def test_a_message_for_an_address_has_no_signature_of_its_own() -> None:
    for octets in (
        writing.authn_request(REQUEST, None),
        writing.logout_request(LOGOUT, None),
        writing.logout_response(LOGGED_OUT, None),
    ):
        assert b"Signature" not in octets


@pytest.mark.parametrize("part", SignedPart)
@pytest.mark.requires("SAMLCore-2.6.1", "STSAML-4.3")
def test_what_another_signed_holds_on_its_own_inside_our_advice(part: SignedPart) -> None:
    foreign = sign(etree.fromstring(FOREIGN), signing("rsa", IDP))
    value = replace(RESPONSE, assertion=replace(ASSERTION, advice=(foreign,)))
    octets = writing.response(value, KEY, signed=part)
    # As a party takes it out of the message that it received, whatever library it has.
    [embedded] = etree.fromstring(octets).iterfind(f".//{{{names.SAML}}}Advice/{{{names.SAML}}}Assertion")
    assert (embedded.prefix, embedded.nsmap["saml2"]) == ("saml2", names.SAML)
    taken = etree.tostring(embedded, with_tail=False)
    assert (
        verify(admit(taken), [trusted("rsa", IDP)]).octets
        == verify(admit(foreign), [trusted("rsa", IDP)]).octets
    )
    # And as it is read here.
    found = verify_response(admit(octets), TRUST)
    read = (
        reading.read_assertion(found.assertion)
        if isinstance(found, AssertionOnly)
        else reading.read_response(found).assertion
    )
    assert read is not None
    [advice] = read.advice
    assert verify(admit(advice), [trusted("rsa", IDP)]).id == "_foreign"
    assert replace(read, advice=()) == ASSERTION


@pytest.mark.requires("SAMLBind-3.6.5")
def test_what_is_behind_an_artifact_is_verified_again_on_its_own() -> None:
    inside = writing.response(RESPONSE, KEY)
    octets = soap.wrap(writing.artifact_response(replace(RESOLVED, message=inside), KEY))
    resolved = reading.read_artifact_response(verify(soap.unwrap(octets), TRUST))
    assert resolved.message is not None
    found = verify_response(admit(resolved.message), TRUST)
    assert isinstance(found, Verified)
    assert reading.read_response(found) == RESPONSE


@pytest.mark.requires("SAMLCore-2.2.4", "STSAML-4.1")
def test_an_encrypted_name_goes_in_as_it_is_and_comes_out_for_its_recipient() -> None:
    name = NameId(value="999990019", format=names.NameFormat.PERSISTENT.value)
    sealed = encrypt_id(writing.name_id(name), SP, trusted("rsa", SP))
    octets = writing.assertion(replace(ASSERTION, subject=EncryptedId(octets=sealed, recipient=SP)), KEY)
    proof = proven(octets)
    subject = reading.read_assertion(proof).subject
    assert isinstance(subject, EncryptedId)
    assert subject.recipient == SP
    opened = decrypt_id(subject, [decryption(SP)], inside=proof)
    assert reading.read_name_id(opened.octets) == name
