"""What one signed thing holds of another: a response behind an artifact, an assertion to be handed on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.errors import Malformed
from toegang.saml.document import canonical, raw
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

if TYPE_CHECKING:
    from toegang.saml.document import Unverified


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
