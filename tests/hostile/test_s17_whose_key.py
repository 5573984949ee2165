"""S17: no signature, or one by a key that nobody pinned: the message's own, another party's, a weak one."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest
from lxml import etree

from tests.saml.crafting import craft, native
from tests.saml.parties import (
    HUB,
    IDP,
    SP,
    artifact_response,
    assertion,
    certificate,
    element,
    private_key,
    request,
    response,
    signed,
    signing,
    trusted,
)
from toegang.errors import Malformed, Misconfigured, ProofInvalid
from toegang.saml.document import admit, enclosed
from toegang.saml.keys import DecryptionKey, SigningKey, trusted_key
from toegang.saml.metadata.values import KeyUse, PartnerKey
from toegang.saml.names import DS, SAMLP
from toegang.saml.signature import verify, verify_response

THIEF = "https://thief.example/metadata"


def without_signature(text: str) -> str:
    root = element(text)
    for signature in list(root.iter(f"{{{DS}}}Signature")):
        parent = signature.getparent()
        assert parent is not None
        parent.remove(signature)
    return etree.tostring(root).decode()


def test_a_message_without_a_signature_is_never_believed() -> None:
    for text in (request(), response(assertion()), without_signature(signed(response(signed(assertion()))))):
        with pytest.raises(ProofInvalid):
            verify(admit(text.encode()), [trusted()])
    with pytest.raises(ProofInvalid):
        verify_response(admit(response("").encode()), [trusted()])


def test_a_party_without_keys_proves_nothing() -> None:
    with pytest.raises(ProofInvalid):
        verify(admit(signed(request()).encode()), [])


@pytest.mark.requires("SAML-MetaIOP-2.6.1")
def test_a_certificate_in_the_message_is_not_trusted() -> None:
    own = signed(request(), signing(who=THIEF))
    shown = craft(request(), key=native(who=THIEF), certificate_of=IDP)
    named = craft(request(), key=native(who=THIEF), name="k1", certificate_of=THIEF)
    for text in (own, shown, named):
        with pytest.raises(ProofInvalid):
            verify(admit(text.encode()), [trusted(name="k1")])


def test_what_key_info_says_changes_the_order_of_trying_and_no_verdict() -> None:
    keys = [trusted(who=SP), trusted(who=HUB), trusted(name="k1")]
    for name, shown in (("", ""), ("k1", ""), ("another", SP), ("", HUB), ("' or 1=1", THIEF)):
        text = craft(request(), name=name, certificate_of=shown)
        assert verify(admit(text.encode()), keys).key is keys[2]


def test_key_info_that_is_nonsense_is_passed_over() -> None:
    text = signed(request())
    for inside in (
        "",
        "<ds:KeyName/>",
        "<ds:X509Data><ds:X509Certificate>AAAA</ds:X509Certificate></ds:X509Data>",
        "<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>AQAB</ds:Modulus></ds:RSAKeyValue></ds:KeyValue>",
        '<ds:RetrievalMethod URI="file:///etc/hosts"/>',
        '<ds:RetrievalMethod URI="http://127.0.0.1:1/key"/>',
        "<ds:KeyName>" + "k" * 10_000 + "</ds:KeyName>",
        "<ds:KeyName>k</ds:KeyName>" * 500,
    ):
        before, _, rest = text.partition("<ds:KeyInfo>")
        bent = before + f"<ds:KeyInfo>{inside}</ds:KeyInfo>" + rest.partition("</ds:KeyInfo>")[2]
        assert verify(admit(bent.encode()), [trusted()]).key is trusted()


@pytest.mark.parametrize(
    "inside",
    [
        "text",
        "<a/>",
        "<ds:KeyName>k<a/></ds:KeyName>",
        "<ds:KeyName>k<ds:KeyName/></ds:KeyName>",
        "<ds:X509Data>text</ds:X509Data>",
        "<ds:X509Data><ds:X509Certificate>!</ds:X509Certificate></ds:X509Data>",
        "<ds:X509Data><ds:X509Certificate/></ds:X509Data>",
        "<ds:X509Data><ds:X509Certificate>AAAA<a/></ds:X509Certificate></ds:X509Data>",
    ],
)
def test_key_info_that_has_not_the_form_of_the_schema_is_refused(inside: str) -> None:
    before, _, rest = signed(request()).partition("<ds:KeyInfo>")
    bent = before + f"<ds:KeyInfo>{inside}</ds:KeyInfo>" + rest.partition("</ds:KeyInfo>")[2]
    with pytest.raises(ProofInvalid):
        verify(admit(bent.encode()), [trusted()])


def test_a_key_of_another_party_signs_nothing_of_this_one() -> None:
    for keys in ([trusted(who=SP)], [trusted(who=HUB), trusted("p256"), trusted("p384")]):
        with pytest.raises(ProofInvalid):
            verify_response(admit(signed(response(signed(assertion()))).encode()), keys)


def test_only_the_first_keys_of_a_party_with_hundreds_are_tried() -> None:
    keys = [trusted(who=f"https://{n}.example/") for n in range(2)] * 20 + [trusted()]
    with pytest.raises(ProofInvalid):
        verify(admit(craft(request()).encode()), keys)
    # A key that the message points at is tried first, so an honest party loses nothing.
    assert verify(admit(signed(request()).encode()), keys).key is keys[-1]
    named = [*keys[:-1], trusted(name="k1")]
    assert verify(admit(craft(request(), name="k1").encode()), named).key is named[-1]
    with pytest.raises(ProofInvalid):
        verify(admit(craft(request(), name="k2").encode()), named)


@pytest.mark.requires("SAMLBind-3.6.5")
def test_the_message_in_a_signed_artifact_response_is_signed_itself() -> None:
    outer = admit(signed(artifact_response(response(assertion()))).encode())
    verify(outer, [trusted()])
    with pytest.raises(ProofInvalid):
        verify_response(enclosed(outer, (SAMLP, "Response")), [trusted()])


@pytest.mark.parametrize("kind", ["weak", "small exponent", "p521"])
def test_a_weak_key_or_a_strange_curve_is_not_trusted_and_not_used(kind: str) -> None:
    with pytest.raises(Malformed):
        trusted(kind)
    with pytest.raises(Misconfigured):
        SigningKey.of(private_key(kind), certificate(kind))


@pytest.mark.parametrize(
    "encoded", ["", "AAAA", "not base64!", "MIIB", base64.b64encode(b"\x30\x80" * 50).decode()]
)
def test_a_certificate_that_cannot_be_read_is_no_key_and_no_reason_to_skip_the_check(encoded: str) -> None:
    with pytest.raises(Malformed):
        trusted_key(PartnerKey(use=KeyUse.BOTH, certificate=encoded))


def test_a_certificate_of_another_key_is_refused_beside_ours() -> None:
    for kind in (SigningKey, DecryptionKey):
        with pytest.raises(Misconfigured):
            kind.of(private_key(), certificate(who=SP))
        with pytest.raises(Misconfigured):
            kind.of(private_key(), b"")


def test_the_dates_of_a_pinned_certificate_say_nothing() -> None:
    # It expired years ago; that is for people to act upon (SAML-MetaIOP-2.6.1), not for a login to fail on.
    assert verify(admit(signed(request()).encode()), [trusted()]).key.fingerprint


def test_a_secret_is_not_in_the_text_of_a_key() -> None:
    for shown in (repr(signing()), str(replace(signing(), name="k"))):
        assert "private" not in shown
