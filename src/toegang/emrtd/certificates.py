"""Certificates of those who sign documents and of the authorities behind them, as plain values."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from asn1crypto import pem, x509

from toegang.emrtd.algorithms import (
    OLD_HASHES,
    PublicKey,
    SignatureAlgorithm,
    check_signature,
    key_of,
    signature_algorithm,
)
from toegang.emrtd.asn1 import DOCUMENT_TYPE_LIST, NAME_CHANGE, DocumentTypeList, moment, read, whole_octets
from toegang.emrtd.faults import Fault, refuse

LARGEST: Final = 16_384
"""Octets of one certificate."""
LARGEST_BUNDLE: Final = 8_388_608
_COUNTRY: Final = 2
_MISREAD: Final = (ValueError, TypeError, LookupError)
_OWN: Final = frozenset({DOCUMENT_TYPE_LIST, NAME_CHANGE})
# ICAO9303-12-7.1.1: the extensions that are looked at here or say nothing that changes a decision.
_KNOWN: Final = frozenset(
    {
        "authority_key_identifier",
        "basic_constraints",
        "certificate_policies",
        "crl_distribution_points",
        "extended_key_usage",
        "issuer_alt_name",
        "key_identifier",
        "key_usage",
        "private_key_usage_period",
        "subject_alt_name",
        DOCUMENT_TYPE_LIST,
        NAME_CHANGE,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """One certificate. Names are in the form in which they are compared (RFC5280-7.1).

    `ca`, `path`, `usages` and `purposes` are as it says; `types` are the document codes that it may sign,
    None when it says nothing of them.
    """

    subject: str
    issuer: str
    country: str
    serial: int
    not_before: datetime
    not_after: datetime
    ca: bool
    path: int | None
    usages: frozenset[str]
    purposes: frozenset[str]
    key_id: bytes | None = field(repr=False)
    issuer_key_id: bytes | None = field(repr=False)
    types: frozenset[str] | None
    key: PublicKey = field(repr=False, compare=False)
    algorithm: SignatureAlgorithm
    signed: bytes = field(repr=False)
    signature: bytes = field(repr=False)

    @classmethod
    def parse(cls, octets: bytes) -> Certificate:
        """RFC5280-4.1: read one certificate (DER). Nothing of it is believed yet.

        Raises:
            DocumentRefused: not a certificate, a key or algorithm that is on no list, or a critical extension
                that is not known (RFC5280-4.2).

        """
        if len(octets) > LARGEST:
            refuse(Fault.TOO_LARGE, "a certificate that is larger than any")
        try:
            return _certificate(read(x509.Certificate, octets))
        except _MISREAD as error:
            return refuse(Fault.UNREADABLE, f"a certificate: {type(error).__name__}")

    @property
    def sha256(self) -> str:
        """The fingerprint of what was signed: SHA-256, in hexadecimal."""
        return hashlib.sha256(self.signed).hexdigest()

    def check_issued(self, child: Certificate, *, old: bool) -> None:
        """RFC5280-6.1.3: refuse a certificate that the holder of this one did not sign.

        Raises:
            DocumentRefused: names or key identifiers differ, or the signature does not hold.

        """
        if child.issuer != self.subject:
            refuse(Fault.SIGNER_UNKNOWN, "a certificate of another issuer")
        if child.issuer_key_id and self.key_id and child.issuer_key_id != self.key_id:
            refuse(Fault.SIGNER_UNKNOWN, "a certificate of another key of its issuer")
        if not old and child.algorithm.hash in OLD_HASHES:
            refuse(Fault.ALGORITHM, "a certificate that was signed with an old hash")
        check_signature(self.key, child.algorithm, child.signature, child.signed)

    def check_authority(self) -> None:
        """ICAO9303-12-7.1.1: refuse as an authority what is none: CA, and its key MUST sign certificates.

        Raises:
            DocumentRefused: it is none.

        """
        if not self.ca or "key_cert_sign" not in self.usages:
            refuse(Fault.SIGNER_NOT_ENTITLED, "an authority whose certificate lets it sign none")

    def check_dates(self, at: datetime) -> None:
        """RFC5280-6.1.3: refuse outside the dates.

        Raises:
            DocumentRefused: `at` lies outside them.

        """
        if not self.not_before <= at <= self.not_after:
            refuse(Fault.SIGNER_EXPIRED, "a certificate that has not begun, or is over")


def read_bundle(octets: bytes) -> tuple[bytes, ...]:
    """Return the certificates (DER) in a file: any number in PEM, or one in DER.

    Raises:
        DocumentRefused: no certificate in it.

    """
    if len(octets) > LARGEST_BUNDLE:
        refuse(Fault.TOO_LARGE, "a bundle of certificates that is larger than any")
    if not pem.detect(octets):
        return (octets,)
    try:
        found = tuple(der for kind, _, der in pem.unarmor(octets, multiple=True) if kind == "CERTIFICATE")
    except _MISREAD:
        found = ()
    return found if found and all(found) else refuse(Fault.UNREADABLE, "not certificates in PEM")


def name_on(octets: bytes) -> str:
    """Return whose certificate (DER) this is, for people to read; `Certificate.subject` is for comparing.

    Raises:
        DocumentRefused: it cannot be read.

    """
    try:
        return str(read(x509.Certificate, octets)["tbs_certificate"]["subject"].human_friendly)
    except _MISREAD as error:
        return refuse(Fault.UNREADABLE, f"the name on a certificate: {type(error).__name__}")


def _certificate(found: Any) -> Certificate:  # noqa: ANN401 asn1crypto has no types
    inner = found["tbs_certificate"]
    if inner["signature"].dump() != found["signature_algorithm"].dump():
        refuse(Fault.UNREADABLE, "a certificate with two algorithms")
    extensions = _extensions(inner["extensions"])
    constraints = extensions.get("basic_constraints")
    usage, identifier = extensions.get("key_usage"), extensions.get("authority_key_identifier")
    purposes, key_id = extensions.get("extended_key_usage"), extensions.get("key_identifier")
    validity = inner["validity"]
    return Certificate(
        subject=str(inner["subject"].hashable),
        issuer=str(inner["issuer"].hashable),
        country=country_of(inner["subject"]),
        serial=int(inner["serial_number"].native),
        not_before=moment(validity["not_before"].chosen),
        not_after=moment(validity["not_after"].chosen),
        ca=bool(constraints and constraints["ca"].native),
        path=constraints["path_len_constraint"].native if constraints else None,
        usages=frozenset(usage.native if usage else ()),
        purposes=frozenset(each.dotted for each in purposes) if purposes else frozenset(),
        key_id=key_id.native if key_id else None,
        issuer_key_id=identifier["key_identifier"].native if identifier else None,
        types=_types(extensions.get(DOCUMENT_TYPE_LIST)),
        key=key_of(inner["subject_public_key_info"]),
        algorithm=signature_algorithm(found["signature_algorithm"], "", old=True),
        signed=inner.dump(),
        signature=whole_octets(found["signature_value"]),
    )


def _extensions(listed: Any) -> dict[str, Any]:  # noqa: ANN401 asn1crypto
    """RFC5280-4.2: each extension once; a critical one that is not known refuses the certificate."""
    found: dict[str, Any] = {}
    for each in listed if listed.native else ():
        name = each["extn_id"].native
        if name in found:
            refuse(Fault.UNREADABLE, "an extension twice in a certificate")
        if each["critical"].native and name not in _KNOWN:
            refuse(Fault.SIGNER_NOT_ENTITLED, "a critical extension that is not known")
        found[name] = each["extn_value"] if name in _OWN else each["extn_value"].parsed
    return found


def country_of(name: Any) -> str:  # noqa: ANN401 asn1crypto
    """ICAO9303-12-7.1.1.1.1: the country in a name; MUST stand there, in capitals, which not all do.

    Raises:
        DocumentRefused: it does not.

    """
    country = name.native.get("country_name")
    if not isinstance(country, str) or len(country) != _COUNTRY or not country.isalpha():
        refuse(Fault.SIGNER_NOT_ENTITLED, "a name without a country")
    return country.upper()


def _types(value: Any) -> frozenset[str] | None:  # noqa: ANN401 asn1crypto
    """ICAO9303-12-7.1.1.6: the document codes; one letter is every code that begins with it."""
    if value is None:
        return None
    listed = read(DocumentTypeList, bytes(value))
    return frozenset(str(each).rstrip("<") for each in listed["types"].native)
