"""How messages travel: forms, addresses, tickets and envelopes, as they should be."""

from __future__ import annotations

import base64
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.saml.parties import HUB, IDP, SP, envelope, request, signed, signing, trusted
from toegang.errors import Malformed, ProtocolRefusal
from toegang.saml.bindings import artifact, post, redirect, soap
from toegang.saml.bindings.parameters import Carrier, parse_parameters
from toegang.saml.names import SAMLP
from toegang.saml.signature import verify

SSO = "https://idp.example/sso"
ESCAPES = ["%2B", "%2b", "%252B", "%25", "2B", "%2F", "%3D", "%C3%BC", "+", "=", "/", "a"]


@pytest.mark.requires("SAMLBind-3.5.4")
def test_a_message_travels_in_a_form() -> None:
    octets = signed(request(), signing(who=SP)).encode()
    fields = post.fields(Carrier.REQUEST, octets, "state & <more>")
    posted = post.parse(urlencode(fields).encode())
    assert (posted.carrier, posted.relay_state) == (Carrier.REQUEST, "state & <more>")
    assert verify(posted.document, [trusted(who=SP)]).kind == (SAMLP, "AuthnRequest")
    without = post.parse(urlencode(post.fields(Carrier.RESPONSE, octets, None)).encode())
    assert (without.carrier, without.relay_state) == (Carrier.RESPONSE, None)


@pytest.mark.requires("SAMLBind-3.5.4", "RFC2045-6.8")
def test_base64_in_a_form_may_be_broken_into_lines() -> None:
    encoded = base64.encodebytes(request().encode()).replace(b"\n", b"\r\n").decode()
    assert post.parse(urlencode({"SAMLRequest": encoded}).encode()).document.claimed_issuer == SP


@given(st.lists(st.sampled_from(ESCAPES), max_size=12).map("".join))
def test_escapes_mean_what_they_mean_everywhere(written: str) -> None:
    found = parse_parameters(f"RelayState={written}".encode())
    assert found["RelayState"].text == unquote_plus(written)


@pytest.mark.parametrize("kind", ["rsa", "p256", "p384"])
@pytest.mark.requires("SAMLBind-3.4.4.1")
def test_a_message_travels_in_an_address_that_is_signed(kind: str) -> None:
    key = signing(kind, SP)
    address = redirect.address(SSO + "?a=b", Carrier.REQUEST, request().encode(), "ünd+%41 ", key)
    assert address.startswith(SSO + "?a=b&SAMLRequest=")
    names = [name for name, _ in parse_qsl(address.partition("?")[2])]
    assert names == ["a", "SAMLRequest", "RelayState", "SigAlg", "Signature"]
    received = redirect.parse(address.partition("?")[2].encode())
    assert (received.document.claimed_issuer, received.document.claimed_id) == (SP, "_r1")
    proof = redirect.verify(received, (trusted(kind, IDP), trusted(kind, SP)))
    assert (proof.key, proof.relay_state, proof.carrier) == (trusted(kind, SP), "ünd+%41 ", Carrier.REQUEST)


@pytest.mark.requires("SAMLBind-3.4.4.1")
def test_the_deflate_encoding_may_be_named() -> None:
    address = redirect.address(SSO, Carrier.RESPONSE, request().encode(), None, signing())
    query = address.partition("?")[2]
    named = query + "&" + urlencode({"SAMLEncoding": redirect.DEFLATE})
    assert redirect.verify(redirect.parse(named.encode()), (trusted(),)).relay_state is None


@pytest.mark.requires("SAMLBind-3.6.4")
def test_a_ticket_says_who_made_it() -> None:
    made = artifact.make(IDP, bytes(range(20)), 3)
    assert base64.b64decode(made.write())[:4] == b"\x00\x04\x00\x03"
    assert artifact.parse(made.write()) == made
    assert made.source_id == artifact.source_id(IDP) != artifact.source_id(HUB)
    assert "handle" not in repr(made)


@pytest.mark.parametrize("state", [None, "", "a b&c"])
@pytest.mark.requires("SAMLBind-3.6.3")
def test_a_ticket_travels_in_an_address(state: str | None) -> None:
    made = artifact.make(IDP, b"\xfb\xef\xbe\xff" * 5)  # with every sign that an address escapes
    assert set("+/=") <= set(made.write())
    address = artifact.address("https://sp.example/acs?x=y", made, state)
    assert parse_qsl(urlsplit(address).query, keep_blank_values=True)[1] == ("SAMLart", made.write())
    carried = artifact.parse_carried(address.partition("?")[2].encode())
    assert (carried.text, carried.artifact, carried.relay_state) == (made.write(), made, state)


@pytest.mark.requires("SAMLBind-3.2.2")
def test_a_message_travels_in_an_envelope() -> None:
    octets = signed(request(), signing(who=SP)).encode()
    wrapped = soap.wrap(octets)
    assert octets in wrapped
    assert verify(soap.unwrap(wrapped), [trusted(who=SP)]).id == "_r1"


@pytest.mark.requires("SOAP-4.2.3")
def test_a_header_that_need_not_be_understood_is_passed_over() -> None:
    for must in ("", ' soap:mustUnderstand="0"'):
        header = f'<soap:Header><h xmlns="urn:x"{must}/></soap:Header><soap:Body>'
        document = soap.unwrap(envelope(request()).replace("<soap:Body>", header).encode())
        assert document.claimed_issuer == SP


@pytest.mark.parametrize("must", ["1", "true"])
@pytest.mark.requires("SOAP-4.2.3")
def test_a_header_that_must_be_understood_is_not(must: str) -> None:
    header = f'<soap:Header><h xmlns="urn:x" soap:mustUnderstand="{must}"/></soap:Header><soap:Body>'
    with pytest.raises(ProtocolRefusal) as caught:
        soap.unwrap(envelope(request()).replace("<soap:Body>", header).encode())
    assert caught.value.error == soap.Fault.MUST_UNDERSTAND


@pytest.mark.requires("SOAP-4.1.2")
def test_another_version_of_soap_is_told_so() -> None:
    newer = envelope(request()).replace(
        "http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"
    )
    with pytest.raises(ProtocolRefusal) as caught:
        soap.unwrap(newer.encode())
    assert caught.value.error == soap.Fault.VERSION_MISMATCH


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"<x/>",
        request().encode(),
        envelope("").encode(),
        envelope("text").encode(),
        envelope(request() + request().replace("_r1", "_r2")).encode(),
        envelope(request()).replace("soap:Body", "soap:Corpse").encode(),
        envelope(request()).replace("</soap:Body>", "</soap:Body><soap:Body/>").encode(),
        soap.fault(soap.Fault.SERVER, "later"),
    ],
)
@pytest.mark.requires("SAMLBind-3.2.2")
def test_what_is_no_envelope_with_one_message_is_refused(octets: bytes) -> None:
    with pytest.raises(Malformed):
        soap.unwrap(octets)


@pytest.mark.requires("SOAP-4.4")
def test_a_fault_says_whose_it_is() -> None:
    octets = soap.fault(soap.Fault.CLIENT, "no <message>")
    assert b"<faultcode>soap:Client</faultcode><faultstring>no &lt;message&gt;</faultstring>" in octets
