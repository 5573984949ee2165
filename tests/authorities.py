"""An authority of a test, the certificates that it issues, and those that vouch for themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Self
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from toegang.keys.presented import thumbprint_of

BEGIN, END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2120, 1, 1, tzinfo=UTC)
SERVER_AUTH = ExtendedKeyUsageOID.SERVER_AUTH
LONG_AGO = datetime(2021, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()

    @property
    def thumbprint(self) -> str:
        return thumbprint_of(self.der)

    @property
    def escaped(self) -> str:
        """As the proxy in front writes it in a header."""
        return quote(self.pem, safe="")

    def write(self, path: Path) -> Path:
        """Write certificate and key into one file."""
        private = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path.write_bytes(private + self.pem.encode())
        return path


@dataclass(frozen=True, slots=True)
class Authority:
    """Vouches for whom a test likes."""

    own: Issued

    @classmethod
    def named(cls, name: str) -> Self:
        return cls(issue(name, authority=True))

    def issue(self, name: str, *hosts: str, until: datetime = END, for_servers: bool = False) -> Issued:
        """Issue a certificate for a name, and hosts or addresses."""
        return issue(name, *hosts, until=until, by=self.own, for_servers=for_servers)

    def revoke(self, *issued: Issued) -> bytes:
        """Return the list of these certificates as revoked, in PEM."""
        made = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.own.certificate.subject)
            .last_update(BEGIN)
            .next_update(END)
        )
        for each in issued:
            number = x509.RevokedCertificateBuilder().serial_number(each.certificate.serial_number)
            made = made.add_revoked_certificate(number.revocation_date(BEGIN).build())
        return made.sign(self.own.key, hashes.SHA256()).public_bytes(Encoding.PEM)


def issue(
    name: str,
    *hosts: str,
    until: datetime = END,
    by: Issued | None = None,
    authority: bool = False,
    for_servers: bool = False,
) -> Issued:
    """Make a certificate; without `by` it vouches for itself, and `for_servers` it is for nothing else."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer = by.certificate.subject if by else subject
    builder = (
        x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(BEGIN)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if hosts:
        names = [_name(host) for host in hosts]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    if for_servers:
        builder = builder.add_extension(x509.ExtendedKeyUsage([SERVER_AUTH]), critical=False)
    return Issued(builder.sign(by.key if by else key, hashes.SHA256()), key)


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)
