"""Chains of certificates of other people's authorities: followed to a pinned root, and to nothing else.

For attestation of authenticators and for the signer of their metadata (means.passkey). What an authority
took back is asked where lists of that lie ready (revocation.py); nothing is fetched at a login.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from toegang.errors import Malformed, Misconfigured, ProofInvalid
from toegang.keys.jwk import public_members

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from toegang.keys.revocation import RevocationLists

LONGEST = 6
"""Certificates of a chain; the longest in use have four."""

UNREADABLE = (
    UnsupportedAlgorithm, x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType,
)  # fmt: skip
"""What `cryptography` raises over a certificate beside ValueError and TypeError."""

FAULTS = (InvalidSignature, *UNREADABLE)
"""What libraries that verify with `cryptography` let through of it."""

MODEL = x509.ObjectIdentifier("1.3.6.1.4.1.45724.1.1.4")
"""WEBAUTHN3-8.2.1: `id-fido-gen-ce-aaguid`, the model that an attestation certificate is for."""

_OCTETS = b"\x04\x10"  # an OCTET STRING of 16 octets


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """What is looked at of the first certificate of a chain.

    `model` is the AAGUID that it is for (16 octets), None when it names none; `unit` its organisational
    unit, `hosts` its names of hosts.
    """

    authority: bool
    version_3: bool
    unit: str
    hosts: tuple[str, ...]
    model: bytes | None


def read_roots(pem: bytes) -> tuple[bytes, ...]:
    """Read every certificate of a PEM file, as DER.

    Raises:
        Malformed: there is none, or one cannot be read.

    """
    try:
        return tuple(each.public_bytes(Encoding.DER) for each in x509.load_pem_x509_certificates(pem))
    except ValueError as error:
        message = "not a PEM file with certificates"
        raise Malformed(message) from error


def public_members_of(certificate: bytes) -> dict[str, str]:
    """Return the key that a certificate (DER) is for, as the members of a JSON Web Key.

    Raises:
        Malformed: it cannot be read, or its key is of no kind that signs tokens.

    """
    try:
        key = x509.load_der_x509_certificate(certificate).public_key()
        if not isinstance(key, EllipticCurvePublicKey | RSAPublicKey):
            message = "a certificate is for a key that signs no tokens"
            raise Malformed(message)
        return public_members(key)
    except Misconfigured as error:
        raise Malformed(error.detail) from error  # it is another party's
    except (ValueError, TypeError, *UNREADABLE) as error:
        message = "a certificate cannot be read"
        raise Malformed(message) from error


def check_chain(
    chain: Sequence[bytes], roots: Sequence[bytes], now: datetime, lists: RevocationLists | None = None
) -> Leaf:
    """RFC5280-6.1: follow a chain, leaf first, to one of `roots`, and return what its leaf says.

    1. every certificate can be read, and there are not too many; 2. each holds at `now`; 3. each is signed by
    the next, which is an authority; 4. the last is a root, or signed by one that holds; 5. where there are
    `lists`, none but a root was taken back.

    Raises:
        ProofInvalid: a step fails.

    """
    # 1.
    if not 0 < len(chain) <= LONGEST:
        message = "no certificates, or more than anybody has"
        raise ProofInvalid(message)
    try:
        found = [x509.load_der_x509_certificate(each) for each in chain]
        anchors = [x509.load_der_x509_certificate(each) for each in roots]
        # 2. and 3.
        for child, parent in pairwise(found):
            _check_dates(child, now)
            _check_issued(child, parent)
        # 4.
        _check_dates(found[-1], now)
        if found[-1] not in anchors:
            found.append(_anchor_of(found[-1], anchors, now))
        # 5.
        if lists is not None:
            for child, parent in pairwise(found):
                lists.check(child, parent, now)
        return _leaf(found[0])
    except (ValueError, TypeError, *UNREADABLE) as error:
        message = "a certificate of the chain cannot be read"
        raise ProofInvalid(message) from error


def _anchor_of(
    last: x509.Certificate, anchors: Sequence[x509.Certificate], now: datetime
) -> x509.Certificate:
    for anchor in anchors:
        if anchor.subject == last.issuer:
            _check_dates(anchor, now)
            _check_issued(last, anchor)
            return anchor
    message = "the chain leads to no root that we pinned"
    raise ProofInvalid(message)


def _check_dates(found: x509.Certificate, now: datetime) -> None:
    if not found.not_valid_before_utc <= now < found.not_valid_after_utc:
        message = "a certificate of the chain does not hold now"
        raise ProofInvalid(message)


def _check_issued(child: x509.Certificate, parent: x509.Certificate) -> None:
    if not _is_authority(parent):
        message = "a certificate of the chain is signed by one that is no authority"
        raise ProofInvalid(message)
    try:
        child.verify_directly_issued_by(parent)
    except InvalidSignature as error:
        message = "a signature in the chain does not hold"
        raise ProofInvalid(message) from error


def _is_authority(found: x509.Certificate) -> bool:
    try:
        return bool(found.extensions.get_extension_for_class(x509.BasicConstraints).value.ca)
    except x509.ExtensionNotFound:
        return False


def _leaf(found: x509.Certificate) -> Leaf:
    units = found.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
    try:
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        hosts = tuple(names.get_values_for_type(x509.DNSName))
    except x509.ExtensionNotFound:
        hosts = ()
    return Leaf(
        authority=_is_authority(found),
        version_3=found.version is x509.Version.v3,
        unit=str(units[0].value) if units else "",
        hosts=hosts,
        model=_model(found),
    )


def _model(found: x509.Certificate) -> bytes | None:
    try:
        value = found.extensions.get_extension_for_oid(MODEL).value
    except x509.ExtensionNotFound:
        return None
    octets = value.value if isinstance(value, x509.UnrecognizedExtension) else b""
    return octets.removeprefix(_OCTETS)
