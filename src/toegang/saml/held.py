"""What one signed thing holds of another: a response behind an artifact, an assertion to be handed on."""

from __future__ import annotations

from typing import Final

from lxml import etree

from toegang.errors import Malformed
from toegang.saml.algorithms import EXCLUSIVE_C14N
from toegang.saml.document import Unverified, admit, canonical, has_text, kind_of, raw
from toegang.saml.encryption import ENCRYPTED_ID
from toegang.saml.names import DS, SAML, XENC, XENC11, NameFormat
from toegang.saml.placement import (
    ARTIFACT_RESPONSE,
    ASSERTION,
    ENCRYPTED_ASSERTION,
    RESPONSE,
    SIGNATURE,
    tag_of,
)
from toegang.saml.signature import Verified, advice_of
from toegang.saml.signed_info import own_prefixes

ATTRIBUTE: Final = f"{{{SAML}}}Attribute"
ATTRIBUTE_VALUE: Final = f"{{{SAML}}}AttributeValue"
NAME_ID: Final = f"{{{SAML}}}NameID"
UNDERSTOOD: Final = frozenset({SAML, DS, XENC, XENC11, EXCLUSIVE_C14N})
"""Namespaces of elements of which it is known what they tell."""


def held_response(proof: Verified) -> Verified:
    """SAMLCore-3.5.2: return the response that a signed answer to an artifact holds; its key signed both.

    Raises:
        Malformed: it is no such answer, or holds no response.

    """
    found = list(proof.element.iterchildren(RESPONSE))
    if tag_of(proof.element) != ARTIFACT_RESPONSE or len(found) != 1:
        message = "an answer to an artifact without a response"
        raise Malformed(message)
    return Verified(octets=canonical(found[0]), key=proof.key, advice=advice_of(found[0]))


def is_signed(document: Unverified) -> bool:
    """XMLDSIG-4.1: tell whether a document has a signature of its own, which then MUST hold."""
    return next(raw(document).iterchildren(SIGNATURE), None) is not None


def claims_nobody(response: Unverified) -> bool:
    """SAMLCore-3.3.3: tell whether a response says of nobody that they logged in, signed or not."""
    element = raw(response)
    inner = (element.find(ASSERTION), element.find(ENCRYPTED_ASSERTION))
    return tag_of(element) == RESPONSE and inner == (None, None)


def signed_assertion(response: Unverified) -> tuple[bytes, ...]:
    """SAMLCore-2.6.1: return the assertion of a response as it was signed itself, to be handed on whole.

    Nothing where it has no signature of its own: to others it would prove nothing.
    """
    inner = raw(response).find(ASSERTION)
    if inner is None or next(inner.iterchildren(SIGNATURE), None) is None:
        return ()
    return (canonical(inner, own_prefixes(inner)),)


def told_openly(assertion: bytes) -> frozenset[str]:
    """GDPR-5.1.c: return the names of all attributes that whoever is handed an assertion can read in it.

    Also of those in the assertions that it holds as advice, of whomever. Anything else by which somebody
    could be told, a name that outlives the session or an element that is not understood, counts by its tag.

    Raises:
        Malformed, TooLarge: it cannot be read.

    """
    return frozenset(told for each in raw(admit(assertion)).iter() if (told := _told_by(each)))


def _told_by(element: etree._Element) -> str:
    """Return what an element itself tells in the open, empty for nothing."""
    if kind_of(element)[0] not in UNDERSTOOD:
        return tag_of(element)
    if element.tag == NAME_ID:
        return "" if element.get("Format") == NameFormat.TRANSIENT else NAME_ID
    if element.tag != ATTRIBUTE or all(map(_is_encrypted, element)):
        return ""
    return element.get("Name") or ATTRIBUTE


def _is_encrypted(value: etree._Element) -> bool:
    held = [tag_of(each) for each in value]
    return value.tag == ATTRIBUTE_VALUE and set(held) == {ENCRYPTED_ID} and not has_text(value)
