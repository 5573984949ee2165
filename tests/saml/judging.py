"""One verdict on a document that claims to be an answer or a request: refused, or what would be believed."""

from __future__ import annotations

from dataclasses import dataclass

from tests.saml.parties import decryption, trusted
from toegang.errors import Refusal
from toegang.saml.document import Unverified, admit, enclosed
from toegang.saml.encryption import decrypt_assertion
from toegang.saml.names import SAML, SAMLP, SOAP
from toegang.saml.signature import AssertionOnly, verify, verify_response

ARTIFACT = (SAMLP, "ArtifactResponse")
RESPONSE = (SAMLP, "Response")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of a document: the octets that would be read, or the refusal."""

    believed: bytes = b""
    refusal: Refusal | None = None


def judge(octets: bytes) -> Verdict:
    """Take a document the way that the house does; anything raised but a refusal is a defect."""
    try:
        return Verdict(believed=_believed(admit(octets)))
    except Refusal as refusal:
        return Verdict(refusal=refusal)


def _believed(document: Unverified) -> bytes:
    keys = [trusted()]
    if document.kind == (SOAP, "Envelope"):
        document = enclosed(document, (SOAP, "Body"), ARTIFACT)
    if document.kind == ARTIFACT:
        verify(document, keys)
        document = enclosed(document, RESPONSE)
    if document.kind != RESPONSE:
        return verify(document, keys).octets
    answer = verify_response(document, keys)
    if isinstance(answer, AssertionOnly):
        return answer.assertion.octets
    if answer.element.find(f"{{{SAML}}}EncryptedAssertion") is not None:
        return decrypt_assertion(answer, [decryption()], keys).octets
    return answer.octets
