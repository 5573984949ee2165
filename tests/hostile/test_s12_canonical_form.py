"""S12: where canonicalisation fails, some hash nothing, and nothing always has the same hash."""

from __future__ import annotations

import base64
import hashlib

import pytest
from lxml import etree

from tests.saml.crafting import craft
from tests.saml.judging import judge
from tests.saml.parties import assertion, request, response, signed
from toegang.errors import Malformed
from toegang.saml.document import METADATA, admit, canonical

EMPTY = base64.b64encode(hashlib.sha256(b"").digest()).decode()


@pytest.mark.parametrize(
    "uri", ["relative", "./a", "../a", "//host/a", "#a", "?a", "1a:b", ":a", "a b:c", "urn:&#97;", " "]
)
@pytest.mark.requires("XMLC14N-1.3")
def test_a_namespace_that_is_no_absolute_uri_is_refused_at_the_gate(uri: str) -> None:
    text = signed(response(assertion()))
    for declared in (f'xmlns:evil="{uri}"', f"xmlns:evil='{uri}'", f'xmlns="{uri}"', f'xmlns:evil = "{uri}"'):
        for at in ("<samlp:Response ", "<saml:NameID ", "<ds:SignatureValue", "<ds:Transform "):
            bent = text.replace(at, f"{at.strip()} {declared} ", 1)
            assert isinstance(judge(bent.encode()).refusal, Malformed)
            with pytest.raises(Malformed):
                admit(bent.encode(), METADATA)


def test_the_hash_of_nothing_is_not_the_hash_of_anything() -> None:
    text = signed(response(assertion()))
    value = text.partition("<ds:DigestValue>")[2].partition("</ds:DigestValue>")[0]
    assert judge(text.replace(value, EMPTY).encode()).refusal is not None
    assert judge(text.replace(value, "").encode()).refusal is not None


def test_an_element_without_a_canonical_form_raises() -> None:
    relative = etree.fromstring("<a xmlns='relative'/>")
    with pytest.raises(Malformed):
        canonical(relative)


@pytest.mark.requires("EXC-C14N-2.1")
def test_prefixes_that_the_canonical_form_keeps_are_taken_along() -> None:
    text = request("https://idp.example/metadata").replace(" ID=", ' xmlns:xs="urn:example:types" ID=', 1)
    crafted = craft(text, prefixes="xs saml")
    verdict = judge(crafted.encode())
    assert verdict.refusal is None
    assert b'xmlns:xs="urn:example:types"' in verdict.believed
    assert judge(crafted.replace("urn:example:types", "urn:example:other").encode()).refusal is not None


@pytest.mark.parametrize(
    "prefixes", ["#default", "a:b", "&lt;", "*", " ".join(f"p{n}" for n in range(40)), "p" * 99]
)
def test_prefixes_that_are_none_or_too_many_are_refused(prefixes: str) -> None:
    crafted = craft(response(assertion()), prefixes="placeholder")
    assert judge(crafted.encode()).refusal is None
    assert judge(craft(response(assertion()), prefixes=prefixes).encode()).refusal is not None


def test_the_surroundings_of_an_assertion_do_not_change_what_is_read_of_it() -> None:
    inner = signed(assertion())
    plain = judge(response(inner).encode())
    around = response(inner).replace(
        "<samlp:Response ", '<samlp:Response xmlns="urn:a" xmlns:ds="urn:b" xmlns:xml2="urn:c" ', 1
    )
    assert judge(around.encode()).believed == plain.believed
