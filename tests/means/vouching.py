"""Makers of authenticators: their roots and certificates, and devices of theirs that vouch for passkeys."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from demo.authenticator import Authenticator, Json, Kept
from toegang.keys.chains import MODEL
from toegang.means.passkey.known_models import Models

BEGIN, END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2120, 1, 1, tzinfo=UTC)
KNOWN = UUID("00000000-0000-4000-8000-00000000fa4e")
UNIT = "Authenticator Attestation"
ANDROID = x509.ObjectIdentifier("1.3.6.1.4.1.11129.2.1.17")
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def named(common: str, unit: str = "") -> x509.Name:
    parts = [x509.NameAttribute(x509.NameOID.COMMON_NAME, common)]
    parts += [x509.NameAttribute(x509.NameOID.ORGANIZATIONAL_UNIT_NAME, unit)] if unit else []
    return x509.Name(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: Key = field(repr=False)

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    def issue(self, name: x509.Name, *, ca: bool = False, until: datetime = END, **more: object) -> Paper:
        """Issue a certificate below this one; `model` and `host` go into it, `key` is its key."""
        return paper(name, self, ca=ca, until=until, **more)


def revoked(by: Paper, *papers: Paper, until: datetime = END, **more: object) -> bytes:
    """Write the list (DER) of what `by` took back since `since`; `part` makes it a list of a part."""
    since = more.get("since")
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(by.certificate.subject)
        .last_update(since if isinstance(since, datetime) else BEGIN)
        .next_update(until)
    )
    for each in papers:
        entry = x509.RevokedCertificateBuilder().serial_number(each.certificate.serial_number)
        builder = builder.add_revoked_certificate(entry.revocation_date(BEGIN).build())
    if more.get("part"):
        builder = builder.add_extension(x509.DeltaCRLIndicator(1), critical=True)
    key = more.get("key")
    signer = key if isinstance(key, Key) else by.key
    return builder.sign(signer, hashes.SHA256()).public_bytes(Encoding.DER)


def paper(
    name: x509.Name, by: Paper | None = None, *, ca: bool = True, until: datetime = END, **more: object
) -> Paper:
    """Make a certificate; without `by` it vouches for itself. `said` is what Android says of its key."""
    given = more.get("key")
    key: Key = given if isinstance(given, Key) else ec.generate_private_key(ec.SECP256R1())
    builder = (
        x509.CertificateBuilder(by.certificate.subject if by else name, name, key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(BEGIN)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    model, host = more.get("model"), more.get("host")
    if isinstance(model, bytes):
        said = x509.UnrecognizedExtension(MODEL, b"\x04\x10" + model)
        builder = builder.add_extension(said, critical=False)
    if isinstance(told := more.get("said"), bytes):
        builder = builder.add_extension(x509.UnrecognizedExtension(ANDROID, told), critical=False)
    if isinstance(host, str):
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
    return Paper(certificate=builder.sign(by.key if by else key, hashes.SHA256()), key=key)


@dataclass(slots=True, kw_only=True)
class Vouched(Authenticator):
    """A device whose maker vouches for its passkeys (WEBAUTHN3-8.2), by a certificate below its root."""

    leaf: Paper = field(repr=False)
    further: tuple[Paper, ...] = field(default=(), repr=False)

    def vouch(self, made: Kept, data: bytes, client_data: bytes) -> Json:  # noqa: ARG002 its maker vouches
        assert isinstance(self.leaf.key, ec.EllipticCurvePrivateKey)
        signed = self.leaf.key.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(hashes.SHA256()))
        chain = [self.leaf.der, *(each.der for each in self.further)]
        return {"fmt": "packed", "attStmt": {"alg": -7, "sig": signed, "x5c": chain}}


def key_description(digest: bytes) -> bytes:
    """Write what a telephone says of a key: made in it (origin, 702) and for signatures (purpose, 1)."""
    hardware = bytes.fromhex("a1053103020102" + "bf853e03020100")
    described = bytes.fromhex("020103" + "0a0101" + "020104" + "0a0101" + "0420") + digest
    described += bytes.fromhex("0400" + "3000") + b"\x30" + bytes([len(hardware)]) + hardware
    return b"\x30" + bytes([len(described)]) + described


@dataclass(slots=True, kw_only=True)
class Android(Authenticator):
    """A telephone that vouches for its passkeys (WEBAUTHN3-8.4), as `says` has it of the digest."""

    says: Callable[[bytes], bytes] = field(default=key_description)

    def vouch(self, made: Kept, data: bytes, client_data: bytes) -> Json:
        digest = hashlib.sha256(client_data).digest()
        leaf = ROOT.issue(named("Android Keystore Key"), key=made.key, said=self.says(digest))
        signed = made.key.sign(data + digest, ec.ECDSA(hashes.SHA256()))
        return {"fmt": "android-key", "attStmt": {"alg": -7, "sig": signed, "x5c": [leaf.der, ROOT.der]}}


@dataclass(slots=True, kw_only=True)
class Itself(Authenticator):
    """A device that vouches for its passkeys with their own keys (WEBAUTHN3-6.5, self attestation)."""

    def vouch(self, made: Kept, data: bytes, client_data: bytes) -> Json:
        signed = made.key.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(hashes.SHA256()))
        return {"fmt": "packed", "attStmt": {"alg": -7, "sig": signed}}


ROOT = paper(named("Root of a maker, made for tests"))
FOREIGN = paper(named("Root of another maker, made for tests"))
MODELS = Models(roots={str(KNOWN): (ROOT.der,)})


def vouched(origin: str, root: Paper = ROOT, model: UUID = KNOWN, **said: Any) -> Vouched:  # noqa: ANN401 any of what it says
    """Take a device of a maker."""
    unit = said.pop("unit", UNIT)
    leaf = root.issue(named("Batch 1", unit), model=said.pop("certified", model).bytes)
    return Vouched(origin=origin, model=model.bytes, leaf=leaf, **said)
