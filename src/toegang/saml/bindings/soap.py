"""SOAP 1.1: a message from server to server, in an envelope (SAMLBind-3.2)."""

from __future__ import annotations

import enum
from typing import Final

from toegang.errors import Malformed, ProtocolRefusal
from toegang.saml.document import Unverified, admit, raw
from toegang.saml.elements import Children, Element, boolean, local, tag
from toegang.saml.markup import element, leaf
from toegang.saml.names import SOAP

ACTION: Final = "http://www.oasis-open.org/committees/security"
"""SAMLBind-3.2.3.1: the header SOAPAction that a request carries, in double quotes."""

CONTENT_TYPE: Final = "text/xml; charset=utf-8"


class Fault(enum.StrEnum):
    """SOAP-4.4.1: whose fault it is that there is no answer."""

    CLIENT = "Client"
    SERVER = "Server"
    MUST_UNDERSTAND = "MustUnderstand"
    VERSION_MISMATCH = "VersionMismatch"


def wrap(message: bytes) -> bytes:
    """SAMLBind-3.2.2: return an envelope with the message in it, byte for byte."""
    return _envelope(message)


def unwrap(octets: bytes) -> Unverified:
    """SAMLBind-3.2.2: take the one message out of an envelope that came through the gate.

    1. It is an envelope of SOAP 1.1.
    2. No header asks to be understood: none is.
    3. The body holds one element, and no fault.

    Raises:
        TooLarge: it is larger than anything honest.
        Malformed: step 1 or 3, or the gate.
        ProtocolRefusal: another version of SOAP, or a header that must be understood; `error` is the `Fault`.

    """
    document = admit(octets)
    envelope = raw(document)
    # 1.
    if local(envelope) == "Envelope" and envelope.tag != tag(SOAP, "Envelope"):
        raise ProtocolRefusal(Fault.VERSION_MISMATCH, "only SOAP 1.1 is spoken here")
    if envelope.tag != tag(SOAP, "Envelope"):
        message = "not a SOAP envelope"
        raise Malformed(message)
    children = Children(envelope)
    # 2.
    header = children.optional(tag(SOAP, "Header"))
    if header is not None and any(map(_must_be_understood, header)):
        raise ProtocolRefusal(Fault.MUST_UNDERSTAND, "no SOAP header is understood here")
    # 3.
    body = Children(children.one(tag(SOAP, "Body")))
    children.end()
    held = body.rest()
    if len(held) != 1 or held[0].tag == tag(SOAP, "Fault"):
        message = "a SOAP body with a fault" if held else "an empty SOAP body"
        raise Malformed(message)
    return Unverified(_element=held[0])


def fault(kind: Fault, sentence: str) -> bytes:
    """SOAP-4.4: return an envelope that says why there is no answer; the sentence is ours and in English."""
    content = leaf("faultcode", f"soap:{kind.value}") + leaf("faultstring", sentence)
    return _envelope(element("soap:Fault", {}, content))


def _envelope(content: bytes) -> bytes:
    body = element("soap:Body", {}, content)
    return element("soap:Envelope", {"xmlns:soap": SOAP}, body)


def _must_be_understood(header: Element) -> bool:
    return boolean(header, tag(SOAP, "mustUnderstand")) or False
