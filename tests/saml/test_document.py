"""The gate: what it lets through tells whom it claims to be of, and nothing else."""

from __future__ import annotations

import pytest
import xmlsec
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.saml.parties import IDP, SP, assertion, envelope, request, response, signed
from tests.volumes import volume
from toegang.errors import Malformed, TooLarge
from toegang.saml.document import MESSAGE, METADATA, Unverified, admit, canonical, enclosed, raw
from toegang.saml.names import MD, SAML, SAMLP, SOAP

NAMES = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"]), max_size=60
)


def test_what_comes_through_tells_what_it_claims_and_shows_nothing_else() -> None:
    document = admit(request().encode())
    assert document.kind == (SAMLP, "AuthnRequest")
    assert document.claimed_id == "_r1"
    assert document.claimed_issuer == SP
    assert {name for name in dir(document) if not name.startswith("_")} == {
        "kind",
        "claimed_id",
        "claimed_issuer",
    }
    assert "_r1" not in repr(document)


@pytest.mark.requires("SAMLMeta-2.3.2")
def test_metadata_claims_to_be_of_the_entity_that_it_describes() -> None:
    document = admit(f'<EntityDescriptor xmlns="{MD}" entityID="{IDP}"/>'.encode(), METADATA)
    assert (document.kind, document.claimed_issuer) == ((MD, "EntityDescriptor"), IDP)


@pytest.mark.parametrize(
    "text",
    [
        "<a/>",
        "<a>text</a>",
        "<a><Issuer>x</Issuer></a>",
        f'<a xmlns:s="{SAML}"><b/><s:Issuer>x</s:Issuer></a>',
        f'<a xmlns:s="{SAML}"><s:Issuer><b/>x</s:Issuer></a>',
        f'<a xmlns:s="{SAML}"><s:Issuer/></a>',
        f'<a xmlns:s="{SAML}"><s:Issuer>  </s:Issuer></a>',
    ],
)
def test_an_issuer_that_is_not_where_the_schema_has_it_is_none(text: str) -> None:
    assert admit(text.encode()).claimed_issuer == ""


def test_the_two_libraries_are_built_against_one_parser() -> None:
    """Else a tree of the one is no tree of the other; the locks move them together."""
    assert xmlsec.get_libxml_version() == xmlsec.get_libxml_compiled_version() == etree.LIBXML_VERSION


def test_a_document_in_no_namespace_has_a_kind_too() -> None:
    assert admit(b"<a/>").kind == ("", "a")


def test_what_is_enclosed_keeps_its_kind_and_its_signature() -> None:
    document = admit(envelope(signed(response(assertion()))).encode())
    inner = enclosed(document, (SOAP, "Body"), ("*", "*"))
    assert (inner.kind, inner.claimed_issuer) == ((SAMLP, "Response"), IDP)
    assert enclosed(document) is not document
    assert enclosed(document).kind == (SOAP, "Envelope")


def test_text_in_an_envelope_is_refused() -> None:
    for inside in ("text<a/>", "<a/>text"):
        with pytest.raises(Malformed):
            enclosed(admit(envelope(inside).encode()), (SOAP, "Body"), ("*", "a"))


def test_metadata_may_be_large_and_a_message_may_not() -> None:
    text = "<a>" + '<b c=""/>' * 5_000 + "</a>"
    with pytest.raises(TooLarge):
        admit(text.encode())
    assert isinstance(admit(text.encode(), METADATA), Unverified)
    large = b"<a>" + b"x" * MESSAGE.octets + b"</a>"
    with pytest.raises(TooLarge):
        admit(large)
    assert isinstance(admit(large, METADATA), Unverified)


@given(text=NAMES, value=NAMES)
@settings(max_examples=volume(100, 10_000), deadline=None)
@pytest.mark.requires("EXC-C14N-3")
def test_the_canonical_form_is_one_way_to_write_what_was_read(text: str, value: str) -> None:
    """Reading what was written in canonical form and writing it again changes nothing."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    quoted = value.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    document = f'<s:a xmlns:s="urn:a" xmlns:t="urn:t" b="{quoted}"><s:c>{escaped}</s:c></s:a>'
    try:
        first = raw(admit(document.encode()))
    except Malformed:
        return  # a character that XML has not, or a byte order mark
    octets = canonical(first)
    second = raw(admit(octets))
    assert canonical(second) == octets
    assert (second.get("b"), second.findtext("{urn:a}c") or "") == (value, text)
