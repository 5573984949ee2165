"""Where a signature and an assertion may stand; anywhere else they are somebody's attempt to be read.

A message is the whole document, or stands in a SOAP envelope; an artifact response holds one message;
a response holds one assertion. What stands in Advice was made by others and is read by nobody here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toegang.errors import Malformed
from toegang.saml.names import DS, MD, SAML, SAMLP, SOAP

if TYPE_CHECKING:
    from lxml import etree

WATCHED: Final = tuple(
    f"{{*}}{name}"
    for name in ("Signature", "SignedInfo", "SignatureValue", "Assertion", "EncryptedAssertion")
)
ISSUER: Final = f"{{{SAML}}}Issuer"
ASSERTION: Final = f"{{{SAML}}}Assertion"
ENCRYPTED_ASSERTION: Final = f"{{{SAML}}}EncryptedAssertion"
ADVICE: Final = f"{{{SAML}}}Advice"
RESPONSE: Final = f"{{{SAMLP}}}Response"
ARTIFACT_RESPONSE: Final = f"{{{SAMLP}}}ArtifactResponse"
SIGNATURE: Final = f"{{{DS}}}Signature"
SIGNED_INFO: Final = f"{{{DS}}}SignedInfo"
SIGNATURE_VALUE: Final = f"{{{DS}}}SignatureValue"
INSIDE_SIGNATURE: Final = {SIGNED_INFO: 0, SIGNATURE_VALUE: 1}
"""What is watched inside a signature, and at which place it stands there."""
KEY_INFO: Final = f"{{{DS}}}KeyInfo"
ENVELOPE: Final = (f"{{{SOAP}}}Envelope", f"{{{SOAP}}}Body")
MESSAGES: Final = frozenset(
    f"{{{SAMLP}}}{name}"
    for name in (
        "ArtifactResolve",
        "ArtifactResponse",
        "AuthnRequest",
        "LogoutRequest",
        "LogoutResponse",
        "Response",
    )
)
ROLES: Final = frozenset(
    f"{{{MD}}}{name}"
    for name in (
        "AffiliationDescriptor",
        "AttributeAuthorityDescriptor",
        "AuthnAuthorityDescriptor",
        "EntitiesDescriptor",
        "EntityDescriptor",
        "IDPSSODescriptor",
        "PDPDescriptor",
        "RoleDescriptor",
        "SPSSODescriptor",
    )
)


def check_places(root: etree._Element) -> None:
    """Refuse a document with a signature or an assertion at a place where none may be.

    The name decides, whatever its namespace, so that no look-alike comes through.

    Raises:
        Malformed: there is one.

    """
    for element in root.iter(*WATCHED):
        if _in_signature(element):
            continue
        path = _path(element)
        if _in_advice(path):
            continue
        if not (_signature_may(element, path) or _assertion_may(element, path)):
            message = f"a {tag_of(element).rpartition('}')[2]} at a place where none may be"
            raise Malformed(message)


def tag_of(element: etree._Element) -> str:
    """Return the full name of an element, as `{namespace}name`."""
    return str(element.tag)


def _path(element: etree._Element) -> tuple[str, ...]:
    """Return the names from the root down to the element."""
    above = [tag_of(each) for each in element.iterancestors()]
    return (*reversed(above), tag_of(element))


def _in_signature(element: etree._Element) -> bool:
    """XMLDSIG-4.1: tell whether it is a part of a signature, at its place; the signature is watched too."""
    at = INSIDE_SIGNATURE.get(tag_of(element))
    if at is None:
        return False
    parent = element.getparent()
    return parent is not None and tag_of(parent) == SIGNATURE and parent.index(element) == at


def _in_advice(path: tuple[str, ...]) -> bool:
    return ADVICE in path and any(
        tag == ADVICE and _holds_assertion(path[:at]) for at, tag in enumerate(path[:-1])
    )


def _signature_may(element: etree._Element, path: tuple[str, ...]) -> bool:
    """XMLDSIG-4.1 and SAMLCore-5.4.1: one signature, right after the issuer; in metadata first of all."""
    if element.tag != SIGNATURE:
        return False
    above = path[:-1]
    before = element.getprevious()
    if set(above) <= ROLES:
        return before is None
    return (
        (_is_message(above) or _holds_assertion(above))
        and before is not None
        and before.tag == ISSUER
        and before.getprevious() is None
    )


def _assertion_may(element: etree._Element, path: tuple[str, ...]) -> bool:
    """Only one, as the document or in its response."""
    if element.tag == ENCRYPTED_ASSERTION:
        path = (*path[:-1], ASSERTION)
    if not _holds_assertion(path):
        return False
    parent = element.getparent()
    if parent is None:
        return True
    return sum(1 for each in parent if each.tag in {ASSERTION, ENCRYPTED_ASSERTION}) == 1


def _is_message(path: tuple[str, ...]) -> bool:
    """Say whether the path leads to a message: on its own, in an envelope, or in an artifact response."""
    path = path[2:] if path[:2] == ENVELOPE else path
    path = path[1:] if path[:1] == (ARTIFACT_RESPONSE,) and len(path) > 1 else path
    return len(path) == 1 and path[0] in MESSAGES


def _holds_assertion(path: tuple[str, ...]) -> bool:
    """Say whether the path leads to an assertion at its place."""
    if path == (ASSERTION,):
        return True
    return path[-1:] == (ASSERTION,) and path[-2:-1] == (RESPONSE,) and _is_message(path[:-1])
