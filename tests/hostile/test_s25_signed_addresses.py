"""S25: an address that is read otherwise than it was signed."""

from __future__ import annotations

import base64
from urllib.parse import quote, quote_plus, unquote_plus

import pytest

from tests.saml.parties import IDP, SP, request, signed, signing, trusted
from toegang.errors import Malformed, ProofInvalid, Refusal, TooLarge
from toegang.saml import reading
from toegang.saml.algorithms import SignatureAlgorithm
from toegang.saml.bindings import redirect
from toegang.saml.bindings.parameters import Carrier
from toegang.saml.keys import sign_octets

KEY = signing("rsa", SP)
TRUST = (trusted("rsa", SP),)
ALGORITHM = SignatureAlgorithm.RSA_SHA256
STATE = "Sanne & zo"
HONEST = (
    redirect.address("https://hub.example/saml/sso", Carrier.REQUEST, request().encode(), STATE, KEY)
    .partition("?")[2]
    .encode()
)
EVIL = quote_plus(
    base64.b64encode(redirect.deflate(request("https://evil.example/").encode())).decode()
).encode()
PARTS = dict(piece.split(b"=", 1) for piece in HONEST.split(b"&"))


def believed(query: bytes) -> redirect.VerifiedQuery:
    return redirect.verify(redirect.parse(query), TRUST)


def own(*pieces: bytes, algorithm: str = ALGORITHM.value) -> bytes:
    """Sign these pieces as an honest but peculiar sender would."""
    query = b"&".join((*pieces, b"SigAlg=" + quote_plus(algorithm).encode()))
    signature = base64.b64encode(sign_octets(query, KEY, ALGORITHM)).decode()
    return query + b"&Signature=" + quote_plus(signature).encode()


def test_the_honest_address_is_believed() -> None:
    proof = believed(HONEST)
    assert (proof.relay_state, proof.carrier) == (STATE, Carrier.REQUEST)
    assert reading.read_authn_request(proof).issuer == SP


CONTRADICTING = [
    HONEST + b"&SAMLRequest=" + EVIL,
    b"SAMLRequest=" + EVIL + b"&" + HONEST,
    HONEST + b"&SAMLResponse=" + EVIL,
    HONEST + b"&RelayState=x",
    HONEST + b"&SigAlg=" + PARTS[b"SigAlg"],
    HONEST + b"&Signature=" + PARTS[b"Signature"],
    HONEST + b"&SAMLEncoding=urn:x",
    HONEST + b"&SAMLEncoding=urn:x&SAMLEncoding=urn:x",
    HONEST + b"&SAMLart=AAAA",
    HONEST + b"&SAML%52equest=" + EVIL,
    HONEST + b"&%53AMLRequest=" + EVIL,
    HONEST + b"&Relay%53tate=x",
    HONEST.replace(b"SAMLRequest=", b"SAMLRequest%3D="),
    HONEST.replace(b"SAMLRequest", b"samlrequest"),
    HONEST.replace(b"SAMLRequest=", b"x="),
]


@pytest.mark.parametrize("query", CONTRADICTING, ids=range(len(CONTRADICTING)))
@pytest.mark.requires("SAMLBind-3.4.4.1")
def test_parameters_that_occur_twice_or_contradict_each_other_are_refused(query: bytes) -> None:
    with pytest.raises(Malformed):
        redirect.parse(query)


NEVER_SIGNED = [
    HONEST.replace(PARTS[b"SAMLRequest"], EVIL),
    HONEST.replace(b"SAMLRequest=", b"SAMLResponse="),
    HONEST.replace(b"RelayState=Sanne", b"RelayState=sanne"),
    HONEST.replace(b"&RelayState=Sanne+%26+zo", b""),
    HONEST.replace(b"RelayState=Sanne+%26+zo", b"RelayState="),
    HONEST.replace(b"rsa-sha256", b"rsa-sha512"),
    HONEST.replace(b"rsa-sha256", b"ecdsa-sha256"),
    HONEST.replace(b"rsa-sha256", b"hmac-sha256"),
    # What the parameters mean is the same; the octets that were signed are others.
    HONEST.replace(b"Sanne+%26", b"Sanne%20%26"),
    HONEST.replace(b"%26", b"&amp;"),
    HONEST.replace(b"%3A", b"%3a"),
    HONEST.replace(b"%2F", b"/"),
    HONEST.replace(b"RelayState=S", b"RelayState=%53"),
]


@pytest.mark.parametrize("query", NEVER_SIGNED, ids=range(len(NEVER_SIGNED)))
@pytest.mark.requires("SAMLBind-3.4.4.1")
def test_what_was_not_signed_octet_for_octet_is_not_believed(query: bytes) -> None:
    assert query != HONEST
    with pytest.raises(ProofInvalid):
        believed(query)


def test_state_that_nobody_signed_is_not_believed() -> None:
    without = own(b"SAMLRequest=" + PARTS[b"SAMLRequest"])
    assert believed(without).relay_state is None
    with pytest.raises(ProofInvalid):
        believed(without + b"&RelayState=x")


@pytest.mark.requires("SAMLBind-3.4.4.1")
def test_an_address_that_escapes_in_its_own_way_holds_as_it_was_sent() -> None:
    lower = b"SAMLRequest=" + quote(unquote_plus(PARTS[b"SAMLRequest"].decode()), safe="").encode().replace(
        b"%2B", b"%2b"
    )
    proof = believed(own(lower, b"RelayState=%53anne%20"))
    assert proof.relay_state == "Sanne "
    # The order in the address may be another; what is signed has the order of the norm.
    pieces = HONEST.split(b"&")
    assert believed(b"&".join(reversed(pieces))).relay_state == STATE
    assert believed(b"&" + HONEST + b"&&utm_source=x&").relay_state == STATE


@pytest.mark.parametrize("missing", [b"SigAlg", b"Signature"])
def test_an_address_that_is_not_signed_is_refused(missing: bytes) -> None:
    query = b"&".join(piece for piece in HONEST.split(b"&") if not piece.startswith(missing))
    with pytest.raises(ProofInvalid):
        redirect.parse(query)


@pytest.mark.parametrize(
    "algorithm", ["", "http://www.w3.org/2000/09/xmldsig#rsa-sha1", "none", ALGORITHM.value + " "]
)
@pytest.mark.requires("RFC6931-2.3")
def test_a_weak_or_unknown_algorithm_is_refused(algorithm: str) -> None:
    with pytest.raises(ProofInvalid):
        believed(own(b"SAMLRequest=" + PARTS[b"SAMLRequest"], algorithm=algorithm))


BENT = [b"", b"!", b"AAAA", PARTS[b"Signature"][:-8], PARTS[b"Signature"] + b"AAAA"]


@pytest.mark.parametrize("signature", BENT, ids=range(len(BENT)))
def test_a_signature_that_is_bent_is_refused(signature: bytes) -> None:
    with pytest.raises((ProofInvalid, Malformed)):
        believed(HONEST.replace(PARTS[b"Signature"], signature))


def test_a_signature_of_another_party_or_of_nobody_trusted_is_refused() -> None:
    received = redirect.parse(HONEST)
    for keys in ((), (trusted("rsa", IDP),), (trusted("p256", SP),)):
        with pytest.raises(ProofInvalid):
            redirect.verify(received, keys)


def test_a_message_with_a_signature_of_its_own_is_refused() -> None:
    inside = redirect.deflate(signed(request(), KEY).encode())
    query = own(b"SAMLRequest=" + quote_plus(base64.b64encode(inside).decode()).encode())
    with pytest.raises(Malformed):
        redirect.parse(query)


@pytest.mark.requires("SAMLProf-4.1.2")
def test_an_answer_to_a_login_does_not_come_in_an_address() -> None:
    proof = believed(own(b"SAMLResponse=" + PARTS[b"SAMLRequest"]))
    assert proof.carrier is Carrier.RESPONSE
    assert "VerifiedQuery" not in str(reading.read_response.__annotations__["proof"])


UNREADABLE = [
    (b"", Malformed),
    (b"SAMLRequest", Malformed),
    (b"SAMLRequest=%", Malformed),
    (b"SAMLRequest=%zz", Malformed),
    (b"SAMLRequest=%ff", Malformed),
    (b"SAMLRequest=AAAA", Malformed),
    (b"SAMLRequest=" + PARTS[b"SAMLRequest"].replace(b"%2B", b"+") + b"+", Malformed),
    (b"&".join(b"a%d=1" % number for number in range(40)), TooLarge),
    (b"a=" + b"x" * 600_000, TooLarge),
]


@pytest.mark.parametrize(("query", "refusal"), UNREADABLE, ids=range(len(UNREADABLE)))
def test_a_query_that_cannot_be_read_is_refused(query: bytes, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        redirect.parse(query)
