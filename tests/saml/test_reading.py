"""What is read: only whole messages of version 2.0 that say each thing once; the rest is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from lxml import etree

from tests.saml.samples import (
    ASSERTION,
    KEY,
    LOGGED_OUT,
    LOGOUT,
    REQUEST,
    RESOLVE,
    RESOLVED,
    RESPONSE,
    proven,
)
from toegang.errors import Malformed, TooLarge
from toegang.saml import names, reading, writing
from toegang.saml.messages import Attribute, AuthnRequest, EncryptedId, NameId, Status
from toegang.saml.signature import Verified
from toegang.saml.signing import sign

Read = Callable[[Verified], object]

CLASS = "<saml:AuthnContextClassRef>http://eidas.europa.eu/LoA/substantial</saml:AuthnContextClassRef>"
NAMESPACES = {prefix: names.PREFIXES[prefix] for prefix in ("saml", "samlp")}


def unsigned(octets: bytes) -> str:
    """Return a message without its outer signature, and with all namespaces declared at its beginning."""
    element = etree.fromstring(octets)
    for signature in element.findall(f"{{{names.DS}}}Signature"):
        element.remove(signature)
    etree.cleanup_namespaces(element, top_nsmap=NAMESPACES)
    return etree.tostring(element).decode()


WRITTEN: dict[Read, str] = {
    reading.read_authn_request: unsigned(writing.authn_request(REQUEST, None)),
    reading.read_assertion: unsigned(writing.assertion(ASSERTION, None)),
    reading.read_response: unsigned(writing.response(RESPONSE, KEY, signed=writing.SignedPart.RESPONSE)),
    reading.read_artifact_resolve: unsigned(writing.artifact_resolve(RESOLVE, KEY)),
    reading.read_artifact_response: unsigned(writing.artifact_response(RESOLVED, KEY)),
    reading.read_logout_request: unsigned(writing.logout_request(LOGOUT, None)),
    reading.read_logout_response: unsigned(writing.logout_response(LOGGED_OUT, None)),
}


def read_bent(read: Read, *bends: tuple[str, str]) -> object:
    """Bend a message that would be read, have it signed as it is then, and read it."""
    text = WRITTEN[read]
    for old, new in bends:
        assert old in text
        text = text.replace(old, new, 1)
    return read(proven(sign(etree.fromstring(text), KEY)))


@pytest.mark.parametrize("read", WRITTEN)
def test_the_messages_that_are_bent_below_are_read_as_they_are(read: Read) -> None:
    assert read_bent(read)


@pytest.mark.parametrize("read", WRITTEN)
@pytest.mark.parametrize(
    "bend",
    [
        ('Version="2.0"', 'Version="1.1"'),
        ('Version="2.0"', 'Version="2.00"'),
        (' Version="2.0"', ""),
        ('IssueInstant="2026-01-01T00:00:00Z"', ""),
        ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00"),
        ("2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00"),
        ("<saml:Issuer>", f'<saml:Issuer Format="{names.NameFormat.PERSISTENT}">'),
        ("<saml:Issuer>", '<saml:Issuer NameQualifier="x">'),
        ("<saml:Issuer>", '<saml:Issuer SPProvidedID="x">'),
        ("<saml:Issuer>https://", "<saml:Issuer>ht tps://"),
        ("<saml:Issuer>", "<saml:Issuer><saml:Issuer>x</saml:Issuer>"),
        ("</saml:Issuer>", "</saml:Issuer><saml:Issuer>https://other.example/</saml:Issuer>"),
        ("<saml:Issuer>", "text <saml:Issuer>"),
        ("</saml:Issuer>", '</saml:Issuer><x xmlns="urn:x"/>'),
    ],
)
@pytest.mark.requires("SAMLCore-3.2.1", "SAMLCore-3.2.2", "SAMLCore-2.2.5")
def test_a_message_without_its_head_in_order_is_refused(read: Read, bend: tuple[str, str]) -> None:
    with pytest.raises(Malformed):
        read_bent(read, bend)


@pytest.mark.parametrize("read", WRITTEN)
def test_a_message_is_read_only_as_what_it_is(read: Read) -> None:
    for other, text in WRITTEN.items():
        if other is not read:
            with pytest.raises(Malformed):
                read(proven(sign(etree.fromstring(text), KEY)))


@pytest.mark.parametrize(
    "bend",
    [
        ('AssertionConsumerServiceIndex="1"', 'AssertionConsumerServiceIndex="65536"'),
        ('AssertionConsumerServiceIndex="1"', 'AssertionConsumerServiceIndex="-1"'),
        ('AssertionConsumerServiceIndex="1"', 'AssertionConsumerServiceIndex="1" ProtocolBinding="urn:x"'),
        (
            'AssertionConsumerServiceIndex="1"',
            'AssertionConsumerServiceIndex="1" AssertionConsumerServiceURL="https://sp.example/acs"',
        ),
        ('AttributeConsumingServiceIndex="2"', 'AttributeConsumingServiceIndex=""'),
        ('ForceAuthn="true"', 'ForceAuthn="TRUE"'),
        ('IsPassive="true"', 'IsPassive=""'),
        ('AllowCreate="true"', 'AllowCreate="maybe"'),
        ('Comparison="minimum"', 'Comparison="lowest"'),
        (CLASS, ""),
        ('ProxyCount="1"', 'ProxyCount="-1"'),
        ('ProxyCount="1"', 'ProxyCount="one"'),
        ("<samlp:IDPEntry", "<samlp:Entry"),
        ('ProviderID="https://idp.example/metadata"', 'ProviderID=""'),
        (names.GDI_INTENDED_AUDIENCE, names.GDI_SERVICE_UUID),
        ("</samlp:Scoping>", "</samlp:Scoping><samlp:Scoping/>"),
        ("<samlp:Extensions>", "<samlp:Scoping/><samlp:Extensions>"),
    ],
)
@pytest.mark.requires("SAMLCore-3.4.1", "STSAML-4.2")
def test_a_request_that_breaks_a_rule_of_its_own_is_refused(bend: tuple[str, str]) -> None:
    with pytest.raises(Malformed):
        read_bent(reading.read_authn_request, bend)


@pytest.mark.requires("SAMLCore-3.2.1", "SAMLCore-3.4.1")
def test_what_a_request_may_say_beside_what_counts_is_passed_over() -> None:
    found = read_bent(
        reading.read_authn_request,
        ('ID="', 'Consent="urn:x" foreign:a="b" xmlns:foreign="urn:f" ID="'),
        ("<samlp:Extensions>", '<samlp:Extensions><f xmlns="urn:f"><g/></f>'),
        (
            "</samlp:Extensions>",
            "</samlp:Extensions><saml:Subject><saml:NameID>x</saml:NameID></saml:Subject>",
        ),
        ("<samlp:RequestedAuthnContext", "<saml:Conditions/><samlp:RequestedAuthnContext"),
        ("<samlp:IDPEntry", '<samlp:IDPEntry Name="X" Loc="https://x.example/"'),
        ("</samlp:IDPList>", "<samlp:GetComplete>https://x.example/</samlp:GetComplete></samlp:IDPList>"),
    )
    assert found == replace(REQUEST, has_subject=True)


def test_white_space_around_a_uri_and_between_elements_does_not_count() -> None:
    found = read_bent(
        reading.read_authn_request,
        ("<saml:Issuer>", "\n  <saml:Issuer>\n\t"),
        ("</saml:Issuer>", "\n</saml:Issuer>\n"),
        ("<saml:AuthnContextClassRef>", "<saml:AuthnContextClassRef> \n"),
    )
    assert found == REQUEST


def test_a_request_says_little_when_it_asks_little() -> None:
    bare = AuthnRequest(id="_r", issuer=REQUEST.issuer, issued_at=REQUEST.issued_at)
    assert reading.read_authn_request(proven(writing.authn_request(bare, KEY))) == bare


@pytest.mark.parametrize(
    "bend",
    [
        (f'Value="{names.SUCCESS}"', f'Value="{names.AUTHN_FAILED}"'),
        (f'Value="{names.SUCCESS}"', f'Value="{names.RESPONDER}"'),
        (f'Value="{names.SUCCESS}"', 'Value=""'),
        ("<samlp:Status>", "<samlp:Status/><samlp:Status>"),
        (' InResponseTo="_request" ', ' InResponseTo="" '),
        ('Destination="https://sp.example/acs"', 'Destination=""'),
    ],
)
@pytest.mark.requires("SAMLCore-3.2.2", "SAMLProf-4.1.4.2")
def test_an_answer_that_breaks_a_rule_of_its_own_is_refused(bend: tuple[str, str]) -> None:
    with pytest.raises(Malformed):
        read_bent(reading.read_response, bend)


@pytest.mark.requires("SAMLProf-4.1.4.2")
def test_a_success_without_an_assertion_is_refused() -> None:
    octets = writing.response(replace(RESPONSE, assertion=None), KEY)
    with pytest.raises(Malformed):
        reading.read_response(proven(octets))


def test_an_encrypted_assertion_is_kept_as_it_is() -> None:
    sealed = f'<saml:EncryptedAssertion xmlns:saml="{names.SAML}"></saml:EncryptedAssertion>'.encode()
    value = replace(RESPONSE, assertion=None, encrypted=sealed)
    found = reading.read_response(proven(writing.response(value, KEY)))
    assert (found.assertion, found.encrypted is None) == (None, False)


@pytest.mark.requires("SAMLCore-3.2.2.4")
def test_the_detail_of_a_status_is_passed_over() -> None:
    detail = '</samlp:StatusMessage><samlp:StatusDetail><x xmlns="urn:x">y</x></samlp:StatusDetail>'
    found = read_bent(reading.read_logout_response, ("</samlp:StatusMessage>", detail))
    assert found == LOGGED_OUT


SUBJECT = '<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient">somebody</saml:NameID>'
OTHER = "<saml:NameID>other</saml:NameID>"


@pytest.mark.parametrize(
    "bend",
    [
        (SUBJECT, ""),
        (SUBJECT, SUBJECT + OTHER),
        (SUBJECT, "<saml:BaseID/>"),
        (SUBJECT, f"<saml:EncryptedID/>{OTHER}"),
        (SUBJECT, f"<saml:Nested>{OTHER}</saml:Nested>"),
        (
            "<saml:SubjectConfirmationData",
            f"{OTHER}<saml:SubjectConfirmationData",
        ),
        (f'Method="{names.BEARER}"', ""),
        ('NotOnOrAfter="2026-01-01T00:02:00Z"', 'NotOnOrAfter="soon"'),
        ("<saml:OneTimeUse/>", "<saml:OneTimeUse/><saml:OneTimeUse/>"),
        ("<saml:OneTimeUse/>", '<saml:ProxyRestriction Count="0"/>'),
        ("<saml:OneTimeUse/>", '<x xmlns="urn:x"/>'),
        ("<saml:AuthnStatement", '<saml:AuthzDecisionStatement Resource="x"/><saml:AuthnStatement'),
        ("<saml:AuthnStatement", "<saml:Statement/><saml:AuthnStatement"),
        ("<saml:Conditions", "<saml:Advice/><saml:Conditions"),
        (
            "</saml:AuthnContextClassRef>",
            "</saml:AuthnContextClassRef><saml:AuthnContextClassRef>x</saml:AuthnContextClassRef>",
        ),
        ("http://eidas.europa.eu/LoA/substantial", ""),
        ('SessionIndex="somebody"', 'SessionIndex=" "'),
        (names.GDI_ACTING_SUBJECT, names.GDI_SERVICE_UUID),
        (f'Name="{names.GDI_ACTING_SUBJECT}"', ""),
        ("</saml:AttributeStatement>", "<saml:EncryptedAttribute/></saml:AttributeStatement>"),
        ("<saml:AttributeValue>0", "<saml:AttributeValue><x/>0"),
        ("<saml:AttributeValue><saml:NameID", "<saml:AttributeValue>text<saml:NameID"),
    ],
)
@pytest.mark.requires("SAMLCore-2.3.3", "SAMLCore-2.4.1", "SAMLCore-2.5.1.1", "SAMLCore-2.7.2")
def test_an_assertion_that_is_not_as_it_must_be_is_refused(bend: tuple[str, str]) -> None:
    with pytest.raises(Malformed):
        read_bent(reading.read_assertion, bend)


def test_two_authentication_statements_are_refused() -> None:
    text = WRITTEN[reading.read_assertion]
    begin, end = text.index("<saml:AuthnStatement"), text.index("<saml:AttributeStatement")
    with pytest.raises(Malformed):
        read_bent(reading.read_assertion, (text[begin:end], text[begin:end] * 2))


def test_an_audience_restriction_for_nobody_is_refused() -> None:
    bend = (
        "<saml:AudienceRestriction>",
        "<saml:AudienceRestriction></saml:AudienceRestriction><saml:AudienceRestriction>",
    )
    with pytest.raises(Malformed):
        read_bent(reading.read_assertion, bend)


@pytest.mark.requires("SAMLCore-2.7.3.1.1")
def test_a_nil_value_is_no_value_and_several_names_in_one_value_are_several() -> None:
    found = read_bent(
        reading.read_assertion,
        (
            "<saml:AttributeValue>0",
            f'<saml:AttributeValue xmlns:xsi="{names.XSI}" xsi:nil="true"/><saml:AttributeValue>0',
        ),
        ("<saml:AttributeValue><saml:NameID", f"<saml:AttributeValue>{OTHER}<saml:NameID"),
    )
    assert found == replace(
        ASSERTION,
        attributes=(
            ASSERTION.attributes[0],
            Attribute(
                name=names.GDI_ACTING_SUBJECT,
                values=(NameId(value="other"), *ASSERTION.attributes[1].values),
            ),
        ),
    )


@pytest.mark.requires("XMLENC-3.5.1")
def test_an_encrypted_name_is_for_one_recipient() -> None:
    key = f'<e:EncryptedKey xmlns:e="{names.XENC}" Recipient="%s"/>'
    one = f"<saml:EncryptedID>{key % 'https://a.example/'}</saml:EncryptedID>"
    found = read_bent(reading.read_logout_request, (SUBJECT, one))
    assert isinstance(found, type(LOGOUT))
    assert isinstance(found.subject, EncryptedId)
    assert found.subject.recipient == "https://a.example/"
    two = f"<saml:EncryptedID>{key % 'https://a.example/'}{key % 'https://b.example/'}</saml:EncryptedID>"
    with pytest.raises(Malformed):
        read_bent(reading.read_logout_request, (SUBJECT, two))


@pytest.mark.requires("SAMLCore-3.7.1")
def test_a_wish_to_log_out_names_no_more_sessions_than_anybody_has() -> None:
    """Each is looked for in the store: a partner could otherwise have the hub look for thousands."""
    last = "<samlp:SessionIndex>elsewhere</samlp:SessionIndex>"
    some = last * (reading.MOST_SESSIONS - 1)
    found = read_bent(reading.read_logout_request, (last, some))
    assert isinstance(found, type(LOGOUT))
    assert len(found.session_indexes) == reading.MOST_SESSIONS
    with pytest.raises(TooLarge):
        read_bent(reading.read_logout_request, (last, some + last))


DECLARED = "<saml:AuthnContextDeclRef>urn:example:declared</saml:AuthnContextDeclRef>"


@pytest.mark.requires("SAMLCore-3.3.2.2.1")
def test_a_context_may_be_asked_by_declarations_of_which_none_is_known() -> None:
    found = read_bent(reading.read_authn_request, (CLASS, DECLARED))
    assert isinstance(found, AuthnRequest)
    assert found.requested is not None
    assert found.requested.classes == ()
    for both in (CLASS + DECLARED, DECLARED + CLASS):
        with pytest.raises(Malformed):
            read_bent(reading.read_authn_request, (CLASS, both))


@pytest.mark.requires("SAMLCore-3.5.2")
def test_behind_an_artifact_is_one_message_at_most_and_only_after_a_success() -> None:
    inside = WRITTEN[reading.read_logout_response]
    for bends in (
        [("</samlp:ArtifactResponse>", inside + inside.replace("_out", "_in") + "</samlp:ArtifactResponse>")],
        [
            ("</samlp:ArtifactResponse>", inside + "</samlp:ArtifactResponse>"),
            (names.SUCCESS, names.REQUESTER),
        ],
    ):
        with pytest.raises(Malformed):
            read_bent(reading.read_artifact_response, *bends)


def test_a_failure_is_read_with_its_second_code_and_sentence() -> None:
    status = Status(code=names.RESPONDER, second=names.AUTHN_FAILED, message="Authentication cancelled")
    failure = replace(RESPONSE, assertion=None, status=status)
    assert reading.read_response(proven(writing.response(failure, KEY))).status == status


@pytest.mark.parametrize("text", [SUBJECT.replace("saml:NameID", "saml:BaseID"), "<x/>"])
def test_what_was_opened_and_is_no_name_is_refused(text: str) -> None:
    octets = text.replace(" ", f' xmlns:saml="{names.SAML}" ', 1).encode()
    with pytest.raises(Malformed):
        reading.read_name_id(octets)


def test_a_name_never_stands_in_a_representation() -> None:
    assert "somebody" not in repr(LOGOUT.subject)
    assert "999990019" not in repr(ASSERTION)
