"""Signatures: what was signed becomes a new object; nothing else does."""

from __future__ import annotations

import pytest
from lxml import etree

from tests.saml.crafting import craft
from tests.saml.parties import (
    HUB,
    IDP,
    KINDS,
    SP,
    artifact_response,
    assertion,
    element,
    envelope,
    request,
    response,
    signed,
    signing,
    trusted,
)
from toegang.errors import Malformed, Misconfigured, ProofInvalid
from toegang.saml.algorithms import SignatureAlgorithm
from toegang.saml.document import METADATA, admit, canonical, enclosed
from toegang.saml.names import MD, SAML, SAMLP, SOAP
from toegang.saml.signature import AssertionOnly, Verified, verify, verify_response
from toegang.saml.signing import sign

NAME = f".//{{{SAML}}}NameID"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.requires("XMLDSIG-3.2")
def test_what_we_sign_is_verified_with_the_key_of_the_signer(kind: str) -> None:
    document = admit(signed(request(), signing(kind, SP)).encode())
    assert (document.kind, document.claimed_id) == ((SAMLP, "AuthnRequest"), "_r1")
    assert document.claimed_issuer == SP
    verified = verify(document, [trusted(kind, SP)])
    assert (verified.kind, verified.id) == ((SAMLP, "AuthnRequest"), "_r1")
    assert verified.key is trusted(kind, SP)
    assert verified.octets == canonical(element(request()))


@pytest.mark.parametrize("algorithm", SignatureAlgorithm)
def test_every_algorithm_on_the_list_signs_with_a_key_of_its_kind_and_no_other(
    algorithm: SignatureAlgorithm,
) -> None:
    for kind in KINDS:
        key = signing(kind)
        if not algorithm.fits(key.kind):
            with pytest.raises(Misconfigured):
                sign(element(request()), key, algorithm=algorithm)
            continue
        octets = sign(element(request()), key, algorithm=algorithm)
        assert verify(admit(octets), [trusted(kind)]).key is trusted(kind)


def test_a_document_can_be_verified_twice() -> None:
    document = admit(signed(response(signed(assertion()))).encode())
    first, second = (verify_response(document, [trusted()]) for _ in range(2))
    assert isinstance(first, Verified)
    assert isinstance(second, Verified)
    assert first.octets == second.octets


def test_the_key_of_somebody_else_verifies_nothing() -> None:
    document = admit(signed(request()).encode())
    for keys in ([], [trusted(who=HUB)], [trusted("p256"), trusted("p384")]):
        with pytest.raises(ProofInvalid):
            verify(document, keys)


@pytest.mark.requires("SAMLMeta-2.4.1.1")
def test_any_of_a_partys_keys_may_have_signed_in_a_roll_over() -> None:
    keys = [trusted(who=HUB), trusted("p256"), trusted(name="next")]
    assert verify(admit(signed(request()).encode()), keys).key is keys[2]


def test_a_signed_response_is_read_from_what_was_signed() -> None:
    verified = verify_response(admit(signed(response(assertion())).encode()), [trusted()])
    assert isinstance(verified, Verified)
    assert verified.kind == (SAMLP, "Response")
    assert verified.element.findtext(NAME) == "somebody"


def test_of_an_unsigned_response_only_the_signed_assertion_is_believed() -> None:
    answer = verify_response(admit(response(signed(assertion())).encode()), [trusted()])
    assert isinstance(answer, AssertionOnly)
    assert answer.assertion.kind == (SAML, "Assertion")
    assert answer.assertion.element.findtext(NAME) == "somebody"
    assert answer.response.claimed_id == "_resp"


def test_in_a_signed_response_the_assertions_own_signature_must_hold_too() -> None:
    inner = signed(assertion())
    verify_response(admit(signed(response(inner)).encode()), [trusted()])
    bent = inner.replace("somebody", "somebody else")
    with pytest.raises(ProofInvalid):
        verify_response(admit(signed(response(bent)).encode()), [trusted()])
    others = signed(assertion(), signing(who=SP))
    with pytest.raises(ProofInvalid):
        verify_response(admit(signed(response(others)).encode()), [trusted()])


def test_a_response_with_no_signature_at_all_is_refused() -> None:
    with pytest.raises(ProofInvalid):
        verify_response(admit(response(assertion()).encode()), [trusted()])
    with pytest.raises(ProofInvalid):
        verify(admit(response(signed(assertion())).encode()), [trusted()])


def test_only_a_response_is_verified_as_one_and_it_holds_no_text_of_its_own() -> None:
    text = response(signed(assertion()))
    for other in (
        signed(request()),
        signed(assertion()),
        text.replace("</samlp:Status>", "</samlp:Status>text"),
    ):
        with pytest.raises(ProofInvalid):
            verify_response(admit(other.encode()), [trusted()])


@pytest.mark.requires("SAMLBind-3.6.5")
def test_an_artifact_response_holds_a_response_with_signatures_of_its_own() -> None:
    inner = signed(response(signed(assertion())))
    document = admit(envelope(signed(artifact_response(inner))).encode())
    outer = enclosed(document, (SOAP, "Body"), (SAMLP, "ArtifactResponse"))
    assert verify(outer, [trusted()]).kind == (SAMLP, "ArtifactResponse")
    answer = verify_response(enclosed(outer, (SAMLP, "Response")), [trusted()])
    assert isinstance(answer, Verified)
    assert answer.element.findtext(NAME) == "somebody"


def test_a_step_to_no_element_or_to_two_is_refused() -> None:
    document = admit(envelope("<a/><a/>").encode())
    body = enclosed(document, (SOAP, "Body"))
    for step in ((SAMLP, "Response"), ("", "a"), ("*", "*")):
        with pytest.raises(Malformed):
            enclosed(body, step)


@pytest.mark.requires("SAMLCore-2.6.1")
def test_advice_stays_closed_and_can_be_verified_on_its_own() -> None:
    told = signed(assertion("_other", "somebody else"), signing(who=SP))
    text = signed(assertion(advice=f"<saml:Advice>{told}</saml:Advice>"))
    answer = verify_response(admit(response(text).encode()), [trusted()])
    assert isinstance(answer, AssertionOnly)
    (advice,) = answer.assertion.advice
    assert verify(admit(advice), [trusted(who=SP)]).element.findtext(NAME) == "somebody else"
    with pytest.raises(ProofInvalid):
        verify(admit(advice), [trusted(who=IDP)])


@pytest.mark.requires("SAMLCore-2.6.1")
def test_advice_that_nobody_signed_or_that_is_strange_stays_closed_too() -> None:
    odd = signed(assertion("_odd")).replace("<ds:Transforms>", "<ds:Transforms><a/>")
    for told in (assertion("_other"), odd):
        text = signed(
            assertion(
                advice=f"<saml:Advice>{told}<saml:AssertionIDRef>_x</saml:AssertionIDRef></saml:Advice>"
            )
        )
        verified = verify(admit(text.encode()), [trusted()])
        assert verified.advice == (canonical(element(told)),)
        with pytest.raises(ProofInvalid):
            verify(admit(verified.advice[0]), [trusted()])


def test_advice_keeps_the_namespaces_that_its_own_signature_covers() -> None:
    types = assertion("_other").replace(" ID=", ' xmlns:xs="urn:example:types" ID=', 1)
    told = craft(types, prefixes="xs")
    text = signed(assertion(advice=f"<saml:Advice>{told}</saml:Advice>"))
    for document in (admit(text.encode()), admit(signed(response(text)).encode())):
        (advice,) = verify(document, [trusted()]).advice
        assert verify(admit(advice), [trusted()]).id == "_other"


def test_text_around_the_signature_is_part_of_what_was_signed() -> None:
    text = signed(request()).replace("<ds:Signature ", " <ds:Signature ", 1)
    with pytest.raises(ProofInvalid):
        verify(admit(text.encode()), [trusted()])
    text = signed(request()).replace("</ds:Signature>", "</ds:Signature> ", 1)
    with pytest.raises(ProofInvalid):
        verify(admit(text.encode()), [trusted()])


@pytest.mark.parametrize("identity", ["", "1a", "a b", "a'b", "é", "a" * 300])
def test_only_an_element_with_a_plain_id_is_signed(identity: str) -> None:
    unsigned = element(request())
    unsigned.set("ID", identity)
    with pytest.raises(Misconfigured):
        sign(unsigned, signing())


def test_an_element_is_signed_once() -> None:
    with pytest.raises(Misconfigured):
        sign(element(signed(request())), signing())


def test_key_info_shows_what_was_asked() -> None:
    for with_name in (True, False):
        for with_certificate in (True, False):
            text = sign(
                element(request()),
                signing(name="our key & more"),
                with_name=with_name,
                with_certificate=with_certificate,
            ).decode()
            assert ("KeyName>our key &amp; more<" in text) is with_name
            assert ("X509Certificate" in text) is with_certificate
            assert ("KeyInfo" in text) is (with_name or with_certificate)
            verify(admit(text.encode()), [trusted()])


@pytest.mark.requires("SAMLMeta-2.3.2")
def test_metadata_is_signed_before_all_else_and_may_hold_what_others_signed() -> None:
    inner = signed(f'<md:EntityDescriptor xmlns:md="{MD}" entityID="{SP}" ID="_e"><a/></md:EntityDescriptor>')
    text = signed(f'<md:EntitiesDescriptor xmlns:md="{MD}" ID="_m">{inner}</md:EntitiesDescriptor>')
    verified = verify(admit(text.encode(), METADATA), [trusted()])
    assert (verified.kind, verified.id) == ((MD, "EntitiesDescriptor"), "_m")
    root = element(text)
    root.append(root[0])
    with pytest.raises(Malformed):
        admit(etree.tostring(root), METADATA)
    stray = f'<md:Other xmlns:md="{MD}" ID="_o"/>'
    with pytest.raises(Malformed):
        admit(signed(stray).encode(), METADATA)
