"""Parties with keys and certificates, and the messages that they send, for the tests of SAML."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import etree

from toegang.saml.keys import DecryptionKey, PrivateKey, SigningKey, TrustedKey, trusted_key
from toegang.saml.metadata.values import KeyUse, PartnerKey
from toegang.saml.names import SAML, SAMLP
from toegang.saml.signing import sign

IDP = "https://idp.example/metadata"
SP = "https://sp.example/metadata"
HUB = "https://hub.example/saml/metadata"
KINDS = ("rsa", "p256", "p384")
LONG_PAST, LASTING = datetime(2021, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)

NAMES = f'xmlns:saml="{SAML}" xmlns:samlp="{SAMLP}"'
ASSERTION = """<saml:Assertion {names} ID="{id}" Version="2.0" IssueInstant="2026-01-01T00:00:00Z">\
<saml:Issuer>https://idp.example/metadata</saml:Issuer>
<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">{name}</saml:NameID>\
<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">\
<saml:SubjectConfirmationData Recipient="https://hub.example/saml/acs" InResponseTo="_r1" \
NotOnOrAfter="2026-01-01T00:02:00Z"/></saml:SubjectConfirmation></saml:Subject>
<saml:Conditions NotBefore="2026-01-01T00:00:00Z" NotOnOrAfter="2026-01-01T00:02:00Z">\
<saml:AudienceRestriction><saml:Audience>https://hub.example/saml/metadata</saml:Audience>\
</saml:AudienceRestriction></saml:Conditions>{advice}\
<saml:AuthnStatement AuthnInstant="2026-01-01T00:00:00Z"><saml:AuthnContext>\
<saml:AuthnContextClassRef>http://eidas.europa.eu/LoA/substantial</saml:AuthnContextClassRef>\
</saml:AuthnContext></saml:AuthnStatement>
<saml:AttributeStatement><saml:Attribute Name="urn:example:role"><saml:AttributeValue>reader\
</saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion>"""
RESPONSE = """<samlp:Response {names} ID="_resp" Version="2.0" IssueInstant="2026-01-01T00:00:00Z" \
InResponseTo="_r1" Destination="https://hub.example/saml/acs"><saml:Issuer>https://idp.example/metadata\
</saml:Issuer>
  <samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>
  {inside}
</samlp:Response>"""
ARTIFACT_RESPONSE = """<samlp:ArtifactResponse {names} ID="_art" Version="2.0" \
IssueInstant="2026-01-01T00:00:00Z" InResponseTo="_resolve"><saml:Issuer>https://idp.example/metadata\
</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/>\
</samlp:Status>{inside}</samlp:ArtifactResponse>"""
REQUEST = """<samlp:AuthnRequest {names} ID="_r1" Version="2.0" IssueInstant="2026-01-01T00:00:00Z" \
Destination="https://idp.example/sso" AssertionConsumerServiceIndex="0"><saml:Issuer>{issuer}</saml:Issuer>\
</samlp:AuthnRequest>"""
ENVELOPE = """<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>{inside}\
</soap:Body></soap:Envelope>"""


@cache
def private_key(kind: str = "rsa", who: str = IDP) -> PrivateKey:  # noqa: ARG001 - each party its own
    """Make a key, once for each kind and party."""
    if kind == "rsa":
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    if kind == "small exponent":
        return rsa.generate_private_key(public_exponent=3, key_size=2048)
    if kind == "weak":
        return rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - to be refused
    curves: dict[str, ec.EllipticCurve] = {
        "p256": ec.SECP256R1(),
        "p384": ec.SECP384R1(),
        "p521": ec.SECP521R1(),
    }
    return ec.generate_private_key(curves[kind])


def pem(kind: str = "rsa", who: str = IDP) -> bytes:
    """Return a party's private key as other software reads it."""
    form = Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()
    return private_key(kind, who).private_bytes(*form)


@cache
def certificate(kind: str = "rsa", who: str = IDP, until: datetime = LONG_PAST) -> bytes:
    """Return a certificate (DER) that vouches for itself; it is long past its dates unless told otherwise."""
    key = private_key(kind, who)
    issuer = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, who)])
    built = (
        x509.CertificateBuilder(issuer, issuer, key.public_key(), 1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(until)
        .sign(key, hashes.SHA256())
    )
    return built.public_bytes(Encoding.DER)


def trusted(kind: str = "rsa", who: str = IDP, name: str = "") -> TrustedKey:
    """Return what others hold of a party's key."""
    encoded = base64.b64encode(certificate(kind, who)).decode()
    return trusted_key(PartnerKey(use=KeyUse.BOTH, certificate=encoded, name=name))


def signing(kind: str = "rsa", who: str = IDP, name: str = "") -> SigningKey:
    """Return what a party signs with."""
    return SigningKey.of(private_key(kind, who), certificate(kind, who), name)


def decryption(who: str = HUB, name: str = "") -> DecryptionKey:
    """Return what a party decrypts with."""
    return DecryptionKey.of(private_key("rsa", who), certificate("rsa", who), name)


def element(text: str) -> etree._Element:
    """Parse what a test wrote."""
    return etree.fromstring(text)


def assertion(identity: str = "_a1", name: str = "somebody", advice: str = "") -> str:
    """Write an assertion, unsigned."""
    return ASSERTION.format(names=NAMES, id=identity, name=name, advice=advice)


def response(inside: str) -> str:
    """Write a response around an assertion, unsigned."""
    return RESPONSE.format(names=NAMES, inside=inside)


def request(issuer: str = SP) -> str:
    """Write a request for a login, unsigned."""
    return REQUEST.format(names=NAMES, issuer=issuer)


def artifact_response(inside: str) -> str:
    """Write an artifact response around a message, unsigned."""
    return ARTIFACT_RESPONSE.format(names=NAMES, inside=inside)


def envelope(inside: str) -> str:
    """Write a SOAP envelope around a message."""
    return ENVELOPE.format(inside=inside)


def signed(text: str, key: SigningKey | None = None) -> str:
    """Sign what stands in the text and return it as text."""
    return sign(element(text), key or signing()).decode()
