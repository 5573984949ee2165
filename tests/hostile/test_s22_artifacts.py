"""S22: a ticket that leads elsewhere, and a message behind it that another party vouched for."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest

from tests.saml.parties import HUB, IDP, SP, signing, trusted
from tests.saml.samples import RESOLVED, RESPONSE
from toegang.errors import Malformed, ProofInvalid
from toegang.saml import reading, writing
from toegang.saml.bindings import artifact, soap
from toegang.saml.document import admit
from toegang.saml.signature import verify, verify_response
from toegang.saml.writing import SignedPart

MADE = artifact.make(IDP, b"h" * 20, 1)
OCTETS = base64.b64decode(MADE.write())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        MADE.write()[:-1],
        MADE.write() + "=",
        MADE.write() + "A",
        " " + MADE.write(),
        MADE.write() + "\n",
        MADE.write().replace("=", ""),
        base64.b64encode(OCTETS[:-1]).decode(),
        base64.b64encode(OCTETS + b"x").decode(),
        base64.b64encode(b"\x00\x01" + OCTETS[2:]).decode(),
        base64.b64encode(b"\x04\x00" + OCTETS[2:]).decode(),
        base64.urlsafe_b64encode(b"\x00\x04\x00\x00" + b"\xff" * 40).decode(),
    ],
)
@pytest.mark.requires("SAMLBind-3.6.4")
def test_what_is_no_ticket_of_type_4_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        artifact.parse(text)


def test_a_ticket_is_written_in_one_way_only() -> None:
    # The last letter before "=" has two bits that say nothing: other letters there are other texts.
    text = MADE.write()
    assert text.endswith("=")
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/":
        bent = text[:-2] + letter + "="
        if bent == text:
            continue
        try:
            assert artifact.parse(bent).handle != MADE.handle
        except Malformed:
            continue


@pytest.mark.parametrize(
    ("handle", "index"), [(b"", 0), (b"h" * 19, 0), (b"h" * 21, 0), (b"h" * 20, -1), (b"h" * 20, 65_536)]
)
def test_a_ticket_of_another_size_is_not_made(handle: bytes, index: int) -> None:
    with pytest.raises(Malformed):
        artifact.make(IDP, handle, index)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "RelayState=x",
        "SAMLart=",
        "SAMLart={0}&SAMLart={0}",
        "SAMLart={0}&SAMLResponse=AAAA",
        "SAMLart={0}&SAMLRequest=AAAA",
        "SAMLart={0}&SigAlg=x&Signature=AAAA",
        "SAML%61rt={0}",
        "samlart={0}",
        "SAMLart={0}&RelayState=a&RelayState=b",
    ],
)
@pytest.mark.requires("SAMLBind-3.6.3")
def test_a_query_with_anything_but_one_ticket_is_refused(query: str) -> None:
    with pytest.raises(Malformed):
        artifact.parse_carried(query.format(MADE.write()).encode())


def test_a_ticket_names_its_maker_and_nobody_else() -> None:
    made = artifact.parse(MADE.write())
    assert made.source_id == artifact.source_id(IDP)
    assert {artifact.source_id(each) for each in (HUB, SP, IDP + "/", IDP.upper())}.isdisjoint(
        {made.source_id}
    )


@pytest.mark.requires("SAMLBind-3.6.5")
def test_an_unsigned_message_in_a_signed_envelope_of_another_party_is_believed_by_nobody() -> None:
    # The other party may answer to a ticket of its own; what it puts there is not the identity provider's.
    inside = writing.response(RESPONSE, signing("rsa", IDP), signed=SignedPart.ASSERTION)
    stolen = inside.replace(b"somebody", b"somebodx")
    octets = soap.wrap(
        writing.artifact_response(replace(RESOLVED, issuer=SP, message=stolen), signing("rsa", SP))
    )
    document = soap.unwrap(octets)
    with pytest.raises(ProofInvalid):
        verify(document, [trusted("rsa", IDP)])
    resolved = reading.read_artifact_response(verify(document, [trusted("rsa", SP)]))
    assert resolved.message is not None
    for keys in ([trusted("rsa", IDP)], [trusted("rsa", SP)]):
        with pytest.raises(ProofInvalid):
            verify_response(admit(resolved.message), keys)


@pytest.mark.requires("SAMLBind-3.6.5")
def test_a_message_that_nobody_signed_is_not_believed_for_the_envelope_that_somebody_did() -> None:
    bare = writing.response(RESPONSE, signing("rsa", IDP), signed=SignedPart.RESPONSE)
    begin, end = bare.index(b"<ds:Signature"), bare.index(b"</ds:Signature>") + len(b"</ds:Signature>")
    octets = writing.artifact_response(
        replace(RESOLVED, issuer=IDP, message=bare[:begin] + bare[end:]), signing("rsa", IDP)
    )
    resolved = reading.read_artifact_response(verify(admit(octets), [trusted("rsa", IDP)]))
    assert resolved.message is not None
    with pytest.raises(ProofInvalid):
        verify_response(admit(resolved.message), [trusted("rsa", IDP)])
