"""Certificates that others present over mutual TLS: read once, and recognised by what was registered.

That the other side holds the private key was proven in the TLS handshake, before a request reaches us.
"""

from __future__ import annotations

import enum
import hashlib
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING, Self

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from toegang.errors import Malformed

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.keys.jwk import PublicKeyObject

LARGEST = 10_000  # bytes of a certificate; those of public authorities have about two thousand
_DNS = re.compile(r"(?=.{1,253}\Z)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+")
_BASE64URL_OF_32 = re.compile(r"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]")
_FINGERPRINT = re.compile(r"[0-9A-Fa-f]{2}(?::?[0-9A-Fa-f]{2}){31}")
_MAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+")

# What RFC4514-3 has no short word for, in the words of OpenSSL, with which operators read a certificate.
_WORDS = {
    NameOID.SERIAL_NUMBER: "serialNumber",
    NameOID.EMAIL_ADDRESS: "emailAddress",
    NameOID.ORGANIZATION_IDENTIFIER: "organizationIdentifier",
    NameOID.SURNAME: "SN",
    NameOID.GIVEN_NAME: "GN",
    NameOID.TITLE: "title",
}
_OIDS = {word: oid for oid, word in _WORDS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentedCertificate:
    """A certificate whose private key is held by who made the request.

    `thumbprint` is RFC8705-3.1's x5t#S256, `subject` is written as RFC4514 has it. `serial_number` is that
    of the subject, in certificates of PKIoverheid the OIN. `trusted` says that the edge found a chain to
    an authority of its list.
    """

    der: bytes = field(repr=False)
    thumbprint: str
    subject: str
    serial_number: str
    dns: frozenset[str]
    uris: frozenset[str]
    addresses: frozenset[str]
    mails: frozenset[str]
    not_before: datetime
    not_after: datetime
    trusted: bool

    @classmethod
    def parse(cls, pem: bytes, *, trusted: bool) -> Self:
        """RFC5280-4.1: read exactly one certificate, in PEM.

        Raises:
            Malformed: it is not that, is too large, or holds what cannot be read.

        """
        if len(pem) > 2 * LARGEST or pem.count(b"-----BEGIN") != 1:
            message = "not one certificate"
            raise Malformed(message)
        try:
            return cls._of(x509.load_pem_x509_certificate(pem), trusted=trusted)
        except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType) as error:
            message = "the certificate cannot be read"
            raise Malformed(message) from error

    @classmethod
    def _of(cls, found: x509.Certificate, *, trusted: bool) -> Self:
        der, names = found.public_bytes(Encoding.DER), _alternative_names(found)
        serial_numbers = found.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
        return cls(
            der=der,
            thumbprint=thumbprint_of(der),
            subject=_written(found.subject),
            serial_number=str(serial_numbers[0].value) if len(serial_numbers) == 1 else "",
            dns=frozenset(name.lower() for name in names.get_values_for_type(x509.DNSName)),
            uris=frozenset(names.get_values_for_type(x509.UniformResourceIdentifier)),
            addresses=frozenset(str(address) for address in names.get_values_for_type(x509.IPAddress)),
            mails=frozenset(names.get_values_for_type(x509.RFC822Name)),
            not_before=found.not_valid_before_utc,
            not_after=found.not_valid_after_utc,
            trusted=trusted,
        )

    def covers(self, at: datetime) -> bool:
        """RFC5280-4.1.2.5: tell whether the certificate is valid at `at`, both ends included."""
        return self.not_before <= at <= self.not_after


class NameKind(enum.StrEnum):
    """RFC8705-2.1.2: by which of its names a certificate is recognised."""

    SUBJECT = "dn"
    DNS = "dns"
    URI = "uri"
    ADDRESS = "ip"
    MAIL = "email"


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateName:
    """The one name by which a client's certificate is recognised, such as `dns:client.example`.

    The value is in the spelling in which certificates are read here, so that equal means the same.
    """

    kind: NameKind
    value: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `kind:value`.

        Raises:
            ValueError: no such kind, or no value of it.

        """
        word, _, value = text.partition(":")
        try:
            kind = NameKind(word)
            return cls(kind=kind, value=_PARSERS[kind](value.strip()))
        except ValueError:
            message = "this is not the name of a certificate"
            raise ValueError(message) from None

    def __str__(self) -> str:
        """Write it as `parse` reads it."""
        return f"{self.kind.value}:{self.value}"

    def is_of(self, certificate: PresentedCertificate) -> bool:
        """RFC8705-2.1: tell whether the certificate has exactly this name; no wildcard, no part of it."""
        known = {
            NameKind.SUBJECT: {certificate.subject},
            NameKind.DNS: certificate.dns,
            NameKind.URI: certificate.uris,
            NameKind.ADDRESS: certificate.addresses,
            NameKind.MAIL: certificate.mails,
        }
        return self.value in known[self.kind]


def thumbprint_of(der: bytes) -> str:
    """RFC8705-3.1: the SHA-256 of a certificate, in base64url."""
    return _encoded(hashlib.sha256(der).digest())


def parse_thumbprint(text: str) -> str:
    """Read a thumbprint (SHA-256), in base64url or as OpenSSL prints it, and return it in base64url.

    Raises:
        ValueError: it is neither.

    """
    if _BASE64URL_OF_32.fullmatch(text):
        return text
    if _FINGERPRINT.fullmatch(text):
        return _encoded(bytes.fromhex(text.replace(":", "")))
    message = "this is not the thumbprint of a certificate"
    raise ValueError(message)


def public_key_of(der: bytes) -> PublicKeyObject:
    """RFC5280-4.1.2.7: return the key in a certificate, of whatever kind.

    Raises:
        Malformed: the certificate or its key cannot be read.

    """
    try:
        return x509.load_der_x509_certificate(der).public_key()  # type: ignore[return-value]
    except (ValueError, UnsupportedAlgorithm) as error:
        message = "the certificate cannot be read"
        raise Malformed(message) from error


def _encoded(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode()


def _alternative_names(found: x509.Certificate) -> x509.SubjectAlternativeName:
    try:
        return found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return x509.SubjectAlternativeName([])


def _written(name: x509.Name) -> str:
    """RFC4514-2: write a name; the parts of one step, which have no order, are put in order."""
    steps = [
        x509.RelativeDistinguishedName(sorted(step, key=lambda part: part.rfc4514_string(_WORDS)))
        for step in name.rdns
    ]
    return x509.Name(steps).rfc4514_string(_WORDS)


def _parse_subject(text: str) -> str:
    name = x509.Name.from_rfc4514_string(text, _OIDS)
    if not name.rdns:
        message = "an empty name is everybody's"
        raise ValueError(message)
    return _written(name)


def _parse_dns(text: str) -> str:
    if not _DNS.fullmatch(text.lower()):
        message = "not the name of a host"
        raise ValueError(message)
    return text.lower()


def _parse_uri(text: str) -> str:
    scheme, colon, rest = text.partition(":")
    if not scheme.isalnum() or not colon or not rest or not text.isascii() or " " in text:
        message = "not a URI"
        raise ValueError(message)
    return text


def _parse_mail(text: str) -> str:
    if not _MAIL.fullmatch(text):
        message = "not a mail address"
        raise ValueError(message)
    return text


_PARSERS = {
    NameKind.SUBJECT: _parse_subject,
    NameKind.DNS: _parse_dns,
    NameKind.URI: _parse_uri,
    NameKind.ADDRESS: lambda text: str(ip_address(text)),
    NameKind.MAIL: _parse_mail,
}
