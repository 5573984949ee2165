"""S10: a comment or a processing instruction splits a text, and two readers see two texts."""

from __future__ import annotations

import pytest

from tests.saml.judging import judge
from tests.saml.parties import assertion, request, response, signed
from toegang.errors import Malformed
from toegang.saml.document import METADATA, admit, raw

PLACES = (
    ("attacker</saml:NameID>", "attack{}er</saml:NameID>"),
    ("<ds:DigestValue>", "<ds:DigestValue>{}"),
    ("</ds:DigestValue>", "{}</ds:DigestValue>"),
    ("<saml:Audience>", "<saml:Audience>{}"),
    ("</saml:Issuer>", "{}</saml:Issuer>"),
    ("</saml:AttributeValue>", "{}</saml:AttributeValue>"),
    ("<samlp:Response ", "{}<samlp:Response "),
    ("</samlp:Response>", "</samlp:Response>{}"),
    ("<ds:SignedInfo>", "<ds:SignedInfo>{}"),
    ("</ds:SignedInfo>", "</ds:SignedInfo>{}"),
)


@pytest.mark.parametrize(
    "inserted", ["<!---->", "<!-- a -->", "<?a?>", "<?xml-stylesheet href='a'?>", "<![CDATA[]]>"]
)
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.requires("SAMLCore-5.4.3")
def test_a_comment_an_instruction_or_a_section_is_refused_wherever_it_stands(
    place: tuple[str, str], inserted: str
) -> None:
    # Exclusive canonicalisation leaves comments out, so the signature would hold with one in the name.
    text = signed(response(signed(assertion(name="attacker"))))
    assert judge(text.encode()).refusal is None
    bent = text.replace(place[0], place[1].format(inserted), 1)
    assert bent != text
    assert isinstance(judge(bent.encode()).refusal, Malformed)


def test_a_comment_in_metadata_is_left_out_and_splits_no_text() -> None:
    text = "<!-- about --><md:a xmlns:md='urn:a'>some<!-- split -->body<!----></md:a>"
    element = raw(admit(text.encode(), METADATA))
    assert (element.text, len(element)) == ("somebody", 0)


@pytest.mark.parametrize(
    "text", ["<a><!-- <!DOCTYPE b> --></a>", "<a><!-- <?b?> --></a>", "<a><![CDATA[b]]></a>"]
)
def test_metadata_may_hold_comments_and_nothing_else_of_the_kind(text: str) -> None:
    with pytest.raises(Malformed):
        admit(text.encode(), METADATA)


def test_an_escaped_comment_is_a_text_like_any_other() -> None:
    text = signed(response(assertion(name="&lt;!-- a --&gt;")))
    assert judge(text.encode()).refusal is None
    assert judge(request().encode()).refusal is not None
