"""S13 and S14: another hash, algorithm or Reference is taken than the one that was signed."""

from __future__ import annotations

import copy

import pytest
from lxml import etree

from tests.saml.judging import judge
from tests.saml.parties import SP, assertion, element, response, signed, signing
from toegang.saml.names import DS, SAML, SAMLP

Element = etree._Element


def part(root: Element, name: str) -> Element:
    found = root.find(f".//{{{DS}}}{name}")
    assert found is not None
    return found


def evil_digest(root: Element) -> Element:
    """Change who is meant, and return the DigestValue that would fit."""
    for name in root.iter(f"{{{SAML}}}NameID"):
        name.text = "attacker"
    changed = element(etree.tostring(root).decode())
    signature = part(changed, "Signature")
    changed.remove(signature)
    return copy.deepcopy(
        part(element(signed(etree.tostring(changed).decode(), signing(who=SP))), "DigestValue")
    )


PLACES = {
    "before the response's own": ".",
    "in StatusDetail": f"{{{SAMLP}}}Status",
    "in the signature": f"{{{DS}}}Signature",
    "in KeyInfo": f".//{{{DS}}}KeyInfo",
    "in SignedInfo": f".//{{{DS}}}SignedInfo",
    "in the Reference": f".//{{{DS}}}Reference",
    "in the Transforms": f".//{{{DS}}}Transforms",
    "in SignatureValue": f".//{{{DS}}}SignatureValue",
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("first", [True, False])
@pytest.mark.requires("XMLDSIG-4.4.3.6")
def test_a_hash_at_another_place_is_never_the_one_that_counts(place: str, first: bool) -> None:
    root = element(signed(response(assertion())))
    digest = evil_digest(root)
    at = root.find(PLACES[place])
    holder = root if at is None else at
    holder.insert(0 if first else len(holder), digest)
    assert judge(etree.tostring(root)).refusal is not None


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("name", ["Reference", "SignatureMethod", "CanonicalizationMethod", "Transforms"])
@pytest.mark.requires("XMLDSIG-4.4.3")
def test_there_is_one_of_each_or_nothing_is_believed(name: str, first: bool) -> None:
    root = element(signed(response(assertion())))
    digest = evil_digest(root)
    one = part(root, name)
    other = copy.deepcopy(one)
    if name == "Reference":
        part(other, "DigestValue").text = digest.text
    (one.addprevious if first else one.addnext)(other)
    assert judge(etree.tostring(root)).refusal is not None


def test_two_references_of_which_only_one_fits_the_parent_are_refused() -> None:
    root = element(signed(response(assertion())))
    for uri in ("#_a1", "#_resp", "", "#_nothing"):
        bent = copy.deepcopy(root)
        other = copy.deepcopy(part(bent, "Reference"))
        other.set("URI", uri)
        part(bent, "SignedInfo").insert(2, other)
        assert judge(etree.tostring(bent)).refusal is not None
