"""S09: a signature that is two, has two of anything, or stands where none may; one of them was verified."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
from lxml import etree

from tests.saml.crafting import craft
from tests.saml.judging import judge
from tests.saml.parties import artifact_response, assertion, element, envelope, request, response, signed
from toegang.errors import Malformed
from toegang.saml.names import DS, SAML, SAMLP

SIGNATURE = f"{{{DS}}}Signature"
Element = etree._Element


def part(root: Element, name: str) -> Element:
    found = root.find(f".//{{{DS}}}{name}")
    assert found is not None
    return found


def doubled(name: str) -> Callable[[Element], None]:
    def change(root: Element) -> None:
        one = part(root, name)
        one.addnext(copy.deepcopy(one))

    return change


def without(name: str) -> Callable[[Element], None]:
    def change(root: Element) -> None:
        one = part(root, name)
        parent = one.getparent()
        assert parent is not None
        parent.remove(one)

    return change


def swapped(root: Element) -> None:
    one = part(root, "SignedInfo")
    one.addprevious(part(root, "SignatureValue"))


def evil_info_first(root: Element) -> None:
    one = part(root, "SignedInfo")
    evil = copy.deepcopy(one)
    part(evil, "DigestValue").text = "AAAA"
    one.addprevious(evil)


def with_object(root: Element) -> None:
    etree.SubElement(part(root, "Signature"), f"{{{DS}}}Object").text = "anything"


def with_manifest(root: Element) -> None:
    held = etree.SubElement(part(root, "Signature"), f"{{{DS}}}Object")
    held.append(etree.Element(f"{{{DS}}}Manifest"))


def info_in_key_info(root: Element) -> None:
    part(root, "KeyInfo").append(copy.deepcopy(part(root, "SignedInfo")))


def value_in_value(root: Element) -> None:
    part(root, "DigestValue").append(copy.deepcopy(part(root, "DigestValue")))


def at_the_end(root: Element) -> None:
    root.append(part(root, "Signature"))


def before_the_issuer(root: Element) -> None:
    root.insert(0, part(root, "Signature"))


def in_the_issuer(root: Element) -> None:
    root[0].append(part(root, "Signature"))


def in_extensions(root: Element) -> None:
    held = etree.SubElement(root, f"{{{SAMLP}}}Extensions")
    held.append(part(root, "Signature"))


def in_no_namespace(root: Element) -> None:
    part(root, "Signature").addnext(etree.Element("Signature"))


CHANGES = [
    *map(doubled, ("Signature", "SignedInfo", "SignatureValue", "KeyInfo", "Reference", "Transforms")),
    *map(doubled, ("Transform", "DigestMethod", "DigestValue", "SignatureMethod", "CanonicalizationMethod")),
    *map(without, ("Signature", "SignedInfo", "SignatureValue", "Reference", "Transforms", "Transform")),
    *map(without, ("DigestMethod", "DigestValue", "SignatureMethod", "CanonicalizationMethod")),
    swapped,
    evil_info_first,
    with_object,
    with_manifest,
    info_in_key_info,
    value_in_value,
    at_the_end,
    before_the_issuer,
    in_the_issuer,
    in_extensions,
    in_no_namespace,
]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.requires("XMLDSIG-4.1")
def test_a_signature_of_another_form_or_at_another_place_is_refused(
    change: Callable[[Element], None],
) -> None:
    for text in (assertion(), response(assertion())):
        root = element(signed(text))
        assert judge(etree.tostring(root)).refusal is None
        change(root)
        assert judge(etree.tostring(root)).refusal is not None


@pytest.mark.parametrize("namespace", ["urn:example:other", "http://www.w3.org/2009/xmldsig11#", DS.upper()])
@pytest.mark.parametrize(
    "name", ["Signature", "SignedInfo", "SignatureValue", "Assertion", "EncryptedAssertion"]
)
def test_what_bears_the_name_and_is_of_another_namespace_is_refused_also_at_the_place(
    name: str, namespace: str
) -> None:
    root = element(request())
    root.insert(1, etree.Element(f"{{{namespace}}}{name}"))
    assert isinstance(judge(etree.tostring(root)).refusal, Malformed)
    answer = element(response(assertion()))
    answer.append(etree.Element(f"{{{namespace}}}{name}"))
    assert isinstance(judge(etree.tostring(answer)).refusal, Malformed)


@pytest.mark.requires("SAMLCore-5.4.1")
def test_a_signature_that_holds_is_refused_at_another_place_than_the_schemas() -> None:
    for at in (0, 2):
        crafted = craft(response(assertion()), at=at)
        assert judge(crafted.encode()).refusal is not None
    assert judge(craft(response(assertion()), at=1).encode()).refusal is None


@pytest.mark.requires("SAMLCore-5.4.2")
@pytest.mark.parametrize("uri", ["", "#xpointer(/)", "#xpointer(id('_r1'))"])
def test_a_reference_that_is_not_the_id_of_its_parent_is_refused_though_it_holds(uri: str) -> None:
    assert judge(craft(request(), uri=uri).encode()).refusal is not None


@pytest.mark.parametrize(
    "uri", ["#_other", "_r1", "#_R1", "# _r1", "#_r1#", "file:///etc/hosts", "https://x.example/"]
)
def test_a_reference_to_anywhere_else_is_refused_and_not_followed(uri: str) -> None:
    bent = signed(request()).replace('URI="#_r1"', f'URI="{uri}"')
    assert judge(bent.encode()).refusal is not None


@pytest.mark.parametrize("identity", ["é", "a" * 257, "a\u00b7b"])
def test_an_id_that_could_be_more_than_a_name_is_refused_though_the_signature_holds(identity: str) -> None:
    crafted = craft(response(assertion()).replace("_resp", identity))
    assert judge(crafted.encode()).refusal is not None


@pytest.mark.parametrize("at", ["<ds:SignedInfo>", "<ds:SignatureValue>", "<ds:KeyInfo>", "</ds:Signature>"])
def test_text_between_the_parts_of_a_signature_is_refused_though_nobody_signed_its_absence(at: str) -> None:
    text = signed(response(assertion()))
    assert judge(text.replace(at, f" {at}", 1).encode()).refusal is None
    assert judge(text.replace(at, f"text{at}", 1).encode()).refusal is not None


def test_two_answers_or_two_assertions_are_none() -> None:
    one = signed(response(signed(assertion())))
    two = one.replace("_resp", "_resp2").replace("_a1", "_a2")
    assert judge(envelope(one + two).encode()).refusal is not None
    pair = signed(assertion()) + signed(assertion("_a2"))
    assert judge(response(pair).encode()).refusal is not None
    assert judge(signed(response(pair)).encode()).refusal is not None
    sealed = f'<saml:EncryptedAssertion xmlns:saml="{SAML}"/>'
    assert judge(signed(response(assertion() + sealed)).encode()).refusal is not None
    assert judge(response(signed(assertion()) + sealed).encode()).refusal is not None


@pytest.mark.parametrize("outer", ["Extensions", "AuthnRequest", "StatusResponse"])
def test_a_whole_signed_message_is_refused_inside_another_thing(outer: str) -> None:
    """Only an artifact response holds a message, only an envelope a signed one."""
    inner = signed(response(signed(assertion("_a2")))).replace("_resp", "_resp2")
    around = f'<samlp:{outer} xmlns:samlp="{SAMLP}">{inner}</samlp:{outer}>'
    assert isinstance(judge(around.encode()).refusal, Malformed)
    held = response(around + assertion())
    assert isinstance(judge(signed(held).encode()).refusal, Malformed)
    bare = f'<samlp:{outer} xmlns:samlp="{SAMLP}">{response(assertion("_a2"))}</samlp:{outer}>'
    assert isinstance(judge(bare.encode()).refusal, Malformed)
    for strange in (envelope(envelope(inner)), artifact_response(artifact_response(inner)), response(inner)):
        assert judge(strange.encode()).refusal is not None
