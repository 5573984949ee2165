"""Lists of certificates that their authority took back (CRL), from files: nothing is fetched."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from toegang.errors import Malformed, ProofInvalid

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

LARGEST: Final = 16 * 1024 * 1024
"""Bytes of a list; those of the largest authorities of the web have a tenth of that."""

_KNOWN: Final = frozenset({x509.AuthorityKeyIdentifier.oid, x509.CRLNumber.oid})
_OF_A_PART: Final = (x509.DeltaCRLIndicator, x509.IssuingDistributionPoint)
_MISREAD: Final = (
    ValueError, TypeError, UnsupportedAlgorithm, x509.DuplicateExtension, x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationLists:
    """Lists that somebody laid ready; `due` is when the first of them should have been replaced."""

    lists: tuple[x509.CertificateRevocationList, ...] = field(repr=False)
    due: datetime

    @classmethod
    def read(cls, files: Sequence[bytes]) -> RevocationLists:
        """RFC5280-5.1: read lists (DER or PEM). Nothing of one is believed before `check`.

        Raises:
            Malformed: there is none, or one cannot be read, does not say when the next one comes, is of a
                part, or has a critical extension that is not known, which makes it a list of something else
                (RFC5280-5.2).

        """
        found = tuple(_list(each) for each in files)
        dues = [each.next_update_utc for each in found if each.next_update_utc is not None]
        if not found or len(dues) != len(found):
            message = "no list of revoked certificates, or one that does not say when the next one comes"
            raise Malformed(message)
        return cls(lists=found, due=min(dues))

    def check(self, certificate: x509.Certificate, issuer: x509.Certificate, now: datetime) -> None:
        """RFC5280-6.3.3: refuse a certificate that its issuer took back.

        1. there is a list that has begun, of this issuer, whose key MUST sign lists; 2. no such list names
        the certificate. A list that is due still says who was on it: who lays lists ready is told of `due`.

        Raises:
            ProofInvalid: it was taken back, or no list says anything of it.

        """
        # 1.
        asked = [each for each in self.lists if _is_of(each, issuer, now)]
        if not asked:
            message = "no list of revoked certificates is of this issuer"
            raise ProofInvalid(message)
        # 2.
        number = certificate.serial_number
        if any(each.get_revoked_certificate_by_serial_number(number) is not None for each in asked):
            message = "a certificate of the chain was taken back by its issuer"
            raise ProofInvalid(message)


def _list(octets: bytes) -> x509.CertificateRevocationList:
    if len(octets) > LARGEST:
        message = "a list of revoked certificates that is larger than any"
        raise Malformed(message)
    try:
        load = x509.load_pem_x509_crl if octets.startswith(b"-----") else x509.load_der_x509_crl
        found = load(octets)
        unknown = any(each.critical and each.oid not in _KNOWN for each in found.extensions)
    except _MISREAD as error:
        message = "not a list of revoked certificates"
        raise Malformed(message) from error
    if unknown or any(isinstance(each.value, _OF_A_PART) for each in found.extensions):
        message = "a list of a part, or of something else"
        raise Malformed(message)
    return found


def _is_of(found: x509.CertificateRevocationList, issuer: x509.Certificate, now: datetime) -> bool:
    key = issuer.public_key()
    if found.issuer != issuer.subject or found.last_update_utc > now or not _signs_lists(issuer):
        return False
    try:
        return isinstance(key, EllipticCurvePublicKey | RSAPublicKey) and found.is_signature_valid(key)
    except _MISREAD:
        return False


def _signs_lists(issuer: x509.Certificate) -> bool:
    try:
        return issuer.extensions.get_extension_for_class(x509.KeyUsage).value.crl_sign
    except x509.ExtensionNotFound:
        return True
