"""Certificates that others present: what is read of them, what is refused, by which name they are known."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from tests.authorities import BEGIN, END, issue
from toegang.errors import Malformed
from toegang.keys.presented import CertificateName, PresentedCertificate, parse_thumbprint, public_key_of

NAMES = (
    x509.DNSName("Client.Town.example"),
    x509.UniformResourceIdentifier("urn:town:client"),
    x509.IPAddress(ip_address("192.0.2.7")),
    x509.RFC822Name("web@town.example"),
)
KNOWN = {
    "dn:CN=client\\, of town+emailAddress=web@town.example,serialNumber=00000009999999990002,O=Town,C=NL",
    "dn:emailAddress=web@town.example+CN=client\\, of town,serialNumber=00000009999999990002,O=Town,C=NL",
    "dns:client.town.example",
    "dns:CLIENT.town.example",
    "uri:urn:town:client",
    "ip:192.0.2.7",
    "email:web@town.example",
}
OTHERS = {
    "dn:CN=client\\, of town,serialNumber=00000009999999990002,O=Town,C=NL",
    "dn:C=NL,O=Town,serialNumber=00000009999999990002,CN=client\\, of town+emailAddress=web@town.example",
    "dns:town.example",
    "dns:other.client.town.example",
    "uri:urn:town:client2",
    "ip:192.0.2.8",
    "email:WEB@town.example",
}
NO_NAMES = (
    "", "dn", "dn:", "dn:town", "cn:town", "dns:", "dns:town", "dns:*.example", "dns:a..example",
    "uri:town", "ip:192.0.2.300", "email:town", "dns:client.town.example/x",
)  # fmt: skip


def certificate() -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    one = x509.NameAttribute
    subject = x509.Name(
        [
            x509.RelativeDistinguishedName([one(NameOID.COUNTRY_NAME, "NL")]),
            x509.RelativeDistinguishedName([one(NameOID.ORGANIZATION_NAME, "Town")]),
            x509.RelativeDistinguishedName([one(NameOID.SERIAL_NUMBER, "00000009999999990002")]),
            x509.RelativeDistinguishedName(
                [one(NameOID.EMAIL_ADDRESS, "web@town.example"), one(NameOID.COMMON_NAME, "client, of town")]
            ),
        ]
    )
    return (
        x509.CertificateBuilder(subject, subject, key.public_key(), 1)
        .not_valid_before(BEGIN)
        .not_valid_after(END)
        .add_extension(x509.SubjectAlternativeName(NAMES), critical=False)
        .sign(key, hashes.SHA256())
    )


def read(found: x509.Certificate) -> PresentedCertificate:
    return PresentedCertificate.parse(found.public_bytes(Encoding.PEM), trusted=True)


@pytest.mark.requires("RFC8705-2.1.2")
def test_a_certificate_is_known_by_a_whole_name_and_nothing_else() -> None:
    found = read(certificate())
    assert {text for text in KNOWN | OTHERS if CertificateName.parse(text).is_of(found)} == KNOWN
    assert found.serial_number == "00000009999999990002"


def test_a_name_is_written_as_it_is_read() -> None:
    for text in KNOWN | OTHERS:
        name = CertificateName.parse(text)
        assert CertificateName.parse(str(name)) == name


@pytest.mark.parametrize("text", NO_NAMES)
def test_what_names_no_certificate_or_many_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not the name of a certificate"):
        CertificateName.parse(text)


def test_a_certificate_without_names_is_nobodys() -> None:
    found = read(issue("x").certificate)
    assert (found.subject, found.dns, found.serial_number) == ("CN=x", frozenset(), "")
    assert not any(CertificateName.parse(text).is_of(found) for text in KNOWN | OTHERS)


@pytest.mark.requires("RFC8705-3.1")
def test_a_thumbprint_is_that_of_openssl_in_another_alphabet() -> None:
    issued = issue("x")
    printed = issued.certificate.fingerprint(hashes.SHA256()).hex(":").upper()
    assert read(issued.certificate).thumbprint == parse_thumbprint(printed) == issued.thumbprint
    assert parse_thumbprint(issued.thumbprint) == issued.thumbprint
    for wrong in ("", printed[:-3], issued.thumbprint + "=", issued.thumbprint[:-1] + "B", "z" * 64):
        with pytest.raises(ValueError, match="not the thumbprint"):
            parse_thumbprint(wrong)


def test_a_certificate_is_in_force_within_its_dates_only() -> None:
    found, moment = read(certificate()), timedelta(seconds=1)
    assert (found.covers(BEGIN), found.covers(END)) == (True, True)
    assert (found.covers(BEGIN - moment), found.covers(END + moment)) == (False, False)


def test_what_is_not_one_certificate_is_refused() -> None:
    pem = issue("x").pem.encode()
    bad = (
        b"", b"x", pem + pem, pem.replace(b"MII", b"MIX", 1), pem[:-100], pem + b" " * 20_000,
        pem.replace(b"CERTIFICATE", b"PUBLIC KEY"),
    )  # fmt: skip
    for text in bad:
        with pytest.raises(Malformed):
            PresentedCertificate.parse(text, trusted=True)
    with pytest.raises(Malformed):
        public_key_of(b"\x30\x00")
