"""What metadata claims before anybody believes it: shown to a person who is about to pin it, no more."""

from __future__ import annotations

from typing import Final

from toegang.errors import Malformed
from toegang.saml.document import METADATA, admit, raw
from toegang.saml.keys import check_certificate
from toegang.saml.names import DS

_SIGNATURE: Final = f"{{{DS}}}Signature"
_CERTIFICATE: Final = f"{{{DS}}}KeyInfo/{{{DS}}}X509Data/{{{DS}}}X509Certificate"


def claimed_signer(octets: bytes) -> str:
    """Return the certificate (DER in base64) that the document says it was signed with; empty for none.

    Nothing is proven by it: whoever made the document chose it. A person compares its fingerprint with
    what the partner told by another way, and only then is it pinned.

    Raises:
        TooLarge, Malformed: the document does not come through the gate, or it is no certificate.

    """
    signature = raw(admit(octets, METADATA)).find(_SIGNATURE)
    if signature is None:
        return ""
    found = "".join((signature.findtext(_CERTIFICATE) or "").split())
    if not found:
        message = "the document is signed, and does not say with which certificate"
        raise Malformed(message)
    check_certificate(found)
    return found
