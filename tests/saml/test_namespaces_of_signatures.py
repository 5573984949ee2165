"""Signatures whose namespaces are called otherwise than around them, as some libraries write them."""

from __future__ import annotations

import pytest
import xmlsec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import etree

from tests.saml.parties import IDP, NAMES, assertion, private_key, request, response, trusted
from toegang.errors import ProofInvalid
from toegang.saml.document import admit
from toegang.saml.names import DS
from toegang.saml.signature import verify, verify_response

EXC = "http://www.w3.org/2001/10/xml-exc-c14n#"
TEMPLATE = f"""<Signature xmlns="{DS}"><SignedInfo><CanonicalizationMethod Algorithm="{EXC}"/>\
<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/><Reference URI="#{{id}}">\
<Transforms><Transform Algorithm="{DS}enveloped-signature"/><Transform Algorithm="{EXC}">\
<ec:InclusiveNamespaces xmlns:ec="{EXC}" PrefixList="saml"/></Transform></Transforms>\
<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue/></Reference></SignedInfo>\
<SignatureValue/></Signature>"""
AROUND = [f'xmlns:ds="{DS}"', f'xmlns:a="{DS}" xmlns:b="{DS}"', f'xmlns:ds="{DS}" xmlns:c14n="{EXC}"', ""]


def signed(text: str, identity: str, around: str) -> str:
    """Sign as a library does that calls namespaces by default; `around` is declared on the root."""
    declared = text.replace(f" {NAMES}", f" {NAMES} {around}", 1)
    filled = declared.replace("</saml:Issuer>", "</saml:Issuer>" + TEMPLATE.format(id=identity), 1)
    document = etree.fromstring(filled)
    context = xmlsec.SignatureContext()
    private = private_key("rsa", IDP).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    context.key = xmlsec.Key.from_memory(private, xmlsec.constants.KeyDataFormatPem)
    context.register_id(document, "ID")
    context.sign(next(document.iterchildren(f"{{{DS}}}Signature")))
    return etree.tostring(document).decode()


@pytest.mark.requires("XMLDSIG-6.6.4")
@pytest.mark.parametrize("around", AROUND)
def test_a_signature_holds_as_often_as_it_is_checked_whatever_its_namespace_is_called(around: str) -> None:
    document = admit(signed(request(), "_r1", around).encode())
    first, second = (verify(document, [trusted()]) for _ in range(2))
    assert first.octets == second.octets


@pytest.mark.requires("XMLDSIG-6.6.4")
@pytest.mark.parametrize("around", AROUND)
def test_a_response_and_the_assertion_in_it_hold_both(around: str) -> None:
    inside = signed(assertion(), "_a1", around)
    document = admit(signed(response(inside), "_resp", around).encode())
    for _ in range(2):
        verify_response(document, [trusted()])


@pytest.mark.parametrize("around", AROUND)
def test_what_was_changed_after_signing_still_does_not_hold(around: str) -> None:
    octets = signed(request(), "_r1", around).encode().replace(b'Index="0"', b'Index="1"')
    with pytest.raises(ProofInvalid):
        verify(admit(octets), [trusted()])
