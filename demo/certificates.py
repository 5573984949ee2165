"""The authority of the demo and the certificates that it issues: to the hub's door, and to partners in SAML.

Made once for every demo; whoever has its folder has its keys, and nobody else trusts them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

if TYPE_CHECKING:
    from pathlib import Path

BITS: Final = 2048
LASTS: Final = timedelta(days=3650)
_SIGNS: Final = x509.KeyUsage(
    digital_signature=True,
    key_encipherment=True,
    content_commitment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)
_VOUCHES: Final = x509.KeyUsage(
    digital_signature=False,
    key_encipherment=False,
    content_commitment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A key and its certificate, in two files of one folder."""

    folder: Path

    @property
    def key(self) -> Path:
        """The private key, in PEM."""
        return self.folder / "key.pem"

    @property
    def certificate(self) -> Path:
        """The certificate, in PEM."""
        return self.folder / "certificate.pem"

    def write(self, key: rsa.RSAPrivateKey, certificate: x509.Certificate) -> None:
        """Write both."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.key.touch(mode=0o600)
        self.key.write_bytes(
            key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
        )
        self.certificate.write_bytes(certificate.public_bytes(Encoding.PEM))

    def read(self) -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
        """Read both."""
        key = load_pem_private_key(self.key.read_bytes(), None)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise TypeError(self.key)
        return key, x509.load_pem_x509_certificate(self.certificate.read_bytes())


def authority(folder: Path) -> Paper:
    """Make the authority of the demo, unless it is there."""
    paper = Paper(folder=folder)
    if not paper.certificate.exists():
        key, name = _new_key(), _named("Authority of the demo, made up")
        public = key.public_key()
        made = (
            _begun(name, name, key)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_VOUCHES, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .sign(key, hashes.SHA256())
        )
        paper.write(key, made)
    return paper


def issued(by: Paper, folder: Path, name: str) -> Paper:
    """Issue a certificate to a party on this machine, unless it has one."""
    paper = Paper(folder=folder)
    if not paper.certificate.exists():
        key, (signer, issuer) = _new_key(), by.read()
        hosts = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
        made = (
            _begun(_named(f"{name} (demo)"), issuer.subject, key)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_SIGNS, critical=True)
            .add_extension(x509.SubjectAlternativeName(hosts), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
            )
            .sign(signer, hashes.SHA256())
        )
        paper.write(key, made)
    return paper


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=BITS)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])


def _begun(subject: x509.Name, issuer: x509.Name, key: rsa.RSAPrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return x509.CertificateBuilder(
        issuer, subject, key.public_key(), x509.random_serial_number(), now - timedelta(hours=1), now + LASTS
    )
