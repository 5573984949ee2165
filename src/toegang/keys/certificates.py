"""Certificates: a public key with a name and dates, as partners in SAML hand keys to each other.

    self_signed     for a key of ours, made with the key itself
    request         for a key of ours, to be signed by an authority (PKIoverheid)
    read            whatever came from a file, or from a partner's metadata

Nobody's chain is followed: a partner's key is believed because somebody pinned it, and then only the key
counts. Dates and names are for people, who want to be warned before a certificate ends.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from toegang.errors import Malformed, Misconfigured

if TYPE_CHECKING:
    from toegang.keys.jwk import PrivateKeyObject, PublicKeyObject

LIFETIME = timedelta(days=3 * 365)
"""How long a certificate holds that we make ourselves, as long as those of PKIoverheid."""

EARLY = timedelta(minutes=5)
"""How far before its making a certificate begins: other people's clocks are slow."""

LARGEST = 65_536
"""Bytes; no certificate is larger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whose key it is: the name it is found by, the organisation, and its OIN as `serialNumber`."""

    common_name: str
    organisation: str = ""
    oin: str = ""
    country: str = "NL"

    def name(self) -> x509.Name:
        """RFC5280-4.1.2.6: the distinguished name, in the order of PKIoverheid.

        Raises:
            Misconfigured: a part that no certificate takes: over 64 characters, or a country of not two.

        """
        parts = (
            (NameOID.COUNTRY_NAME, self.country),
            (NameOID.ORGANIZATION_NAME, self.organisation),
            (NameOID.COMMON_NAME, self.common_name),
            (NameOID.SERIAL_NUMBER, self.oin),
        )
        try:
            return x509.Name([x509.NameAttribute(kind, text) for kind, text in parts if text])
        except ValueError as error:
            message = f"this cannot be the subject of a certificate: {error}"
            raise Misconfigured(message) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A certificate that could be read. `oin` is its subject's serialNumber, empty when it has none."""

    der: bytes = field(repr=False)
    subject: str
    issuer: str
    oin: str
    not_before: datetime
    not_after: datetime
    public: PublicKeyObject = field(repr=False, compare=False)

    @property
    def sha256(self) -> str:
        """The fingerprint of the whole certificate: SHA-256, in small hexadecimal digits."""
        return hashlib.sha256(self.der).hexdigest()

    @property
    def base64(self) -> str:
        """The certificate as metadata carries it: DER in base64, without line breaks."""
        return base64.b64encode(self.der).decode()

    @property
    def pem(self) -> str:
        """The certificate as files carry it."""
        return x509.load_der_x509_certificate(self.der).public_bytes(Encoding.PEM).decode()

    @property
    def spki(self) -> bytes:
        """RFC5280-4.1.2.7: the public key; two certificates of one key have the same."""
        return self.public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    @property
    def for_clients(self) -> bool:
        """RFC5280-4.2.1.12: whether it may be shown to servers: it says so, or does not limit its use."""
        try:
            found = x509.load_der_x509_certificate(self.der).extensions
            uses = found.get_extension_for_class(x509.ExtendedKeyUsage).value
        except x509.ExtensionNotFound:
            return True
        return bool({ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE} & {*uses})

    def belongs_to(self, private: PrivateKeyObject) -> bool:
        """Tell whether this is a certificate of that key."""
        return private.public_key() == self.public


def self_signed(private: PrivateKeyObject, subject: Subject, now: datetime, *, signs: bool) -> Certificate:
    """RFC5280-4.1: a certificate for a key of ours, by the key itself; `signs` or else it decrypts.

    Raises:
        Misconfigured: the subject has a part that no certificate takes.

    """
    name = subject.name()
    built = (
        x509.CertificateBuilder(name, name, private.public_key(), x509.random_serial_number())
        .not_valid_before(now - EARLY)
        .not_valid_after(now + LIFETIME)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=signs), critical=True)
        .sign(private, SHA256())
    )
    return _certificate(built)


def request(private: PrivateKeyObject, subject: Subject, *, signs: bool) -> str:
    """RFC2986-4: a request (PEM) with which an authority makes a certificate for a key of ours.

    Raises:
        Misconfigured: the subject has a part that no certificate takes.

    """
    built = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(subject.name())
        .add_extension(_usage(signs=signs), critical=True)
        .sign(private, SHA256())
    )
    return built.public_bytes(Encoding.PEM).decode()


def read(octets: bytes) -> Certificate:
    """Read a certificate: PEM (the first in it, which is the leaf of a chain) or DER.

    Raises:
        Malformed: no certificate, or one of a key that is neither RSA nor elliptic.

    """
    if len(octets) > LARGEST:
        message = "this is larger than any certificate"
        raise Malformed(message)
    pem = b"-----BEGIN" in octets
    try:
        found = x509.load_pem_x509_certificate(octets) if pem else x509.load_der_x509_certificate(octets)
        return _certificate(found)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        message = "this is not a certificate (PEM or DER) of an RSA or elliptic key"
        raise Malformed(message) from error


def read_base64(text: str) -> Certificate:
    """Read a certificate as metadata carries it.

    Raises:
        Malformed: no base64, or not a certificate.

    """
    try:
        return read(base64.b64decode(text, validate=True))
    except binascii.Error as error:
        message = "a certificate in metadata is not base64"
        raise Malformed(message) from error


def spoken(fingerprint: str) -> str:
    """Write a fingerprint in pairs with colons, as people compare it."""
    return ":".join(fingerprint[at : at + 2] for at in range(0, len(fingerprint), 2)).upper()


def _certificate(found: x509.Certificate) -> Certificate:
    public = found.public_key()
    if not isinstance(public, RSAPublicKey | EllipticCurvePublicKey):
        message = "a key of another kind"
        raise TypeError(message)
    numbers = found.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
    return Certificate(
        der=found.public_bytes(Encoding.DER),
        subject=found.subject.rfc4514_string(),
        issuer=found.issuer.rfc4514_string(),
        oin=str(numbers[0].value) if numbers else "",
        not_before=found.not_valid_before_utc,
        not_after=found.not_valid_after_utc,
        public=public,
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    """RFC5280-4.2.1.3: what the key may do, and nothing else."""
    return x509.KeyUsage(
        digital_signature=signs,
        key_encipherment=not signs,
        content_commitment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
