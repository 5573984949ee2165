"""Lists of certificates that their authority took back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from asn1crypto import crl

from toegang.emrtd.algorithms import OLD_HASHES, SignatureAlgorithm, check_signature, signature_algorithm
from toegang.emrtd.asn1 import moment, read, whole_octets
from toegang.emrtd.certificates import Certificate, country_of
from toegang.emrtd.faults import Fault, refuse
from toegang.emrtd.policy import SKEW

LARGEST: Final = 4_194_304
MOST_NODES: Final = 400_000
_MISREAD: Final = (ValueError, TypeError, LookupError)
_KNOWN: Final = frozenset({"authority_key_identifier", "crl_number", "issuer_alt_name"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationList:
    """ICAO9303-12-7.1.4: one list, of all certificates of one country's authority."""

    issuer: str
    country: str
    this_update: datetime
    next_update: datetime
    serials: frozenset[int] = field(repr=False)
    algorithm: SignatureAlgorithm
    signed: bytes = field(repr=False)
    signature: bytes = field(repr=False)

    @classmethod
    def parse(cls, octets: bytes) -> RevocationList:
        """RFC5280-5.1: read a list (DER). Nothing of it is believed yet.

        Raises:
            DocumentRefused: not a list, without the moment of the next, or with a critical extension that is
                not known, which makes it the list of something else (RFC5280-5.2).

        """
        if len(octets) > LARGEST:
            refuse(Fault.TOO_LARGE, "a list of revoked certificates that is larger than any")
        try:
            return _list(read(crl.CertificateList, octets, MOST_NODES))
        except _MISREAD as error:
            return refuse(Fault.UNREADABLE, f"a list of revoked certificates: {type(error).__name__}")

    def check_issued(self, by: Certificate, *, old: bool) -> None:
        """RFC5280-6.3.3: refuse a list that this authority did not sign; its key MUST sign lists.

        Raises:
            DocumentRefused: it did not.

        """
        if self.issuer != by.subject or "crl_sign" not in by.usages:
            refuse(Fault.REVOCATION_UNKNOWN, "a list of another authority")
        if not old and self.algorithm.hash in OLD_HASHES:
            refuse(Fault.ALGORITHM, "a list that was signed with an old hash")
        check_signature(by.key, self.algorithm, self.signature, self.signed)

    def fresh(self, now: datetime) -> bool:
        """RFC5280-5.1.2: say whether it has begun and the next one is not due."""
        return self.this_update <= now + SKEW and now < self.next_update


def _list(found: Any) -> RevocationList:  # noqa: ANN401 asn1crypto has no types
    inner = found["tbs_cert_list"]
    if inner["signature"].dump() != found["signature_algorithm"].dump():
        refuse(Fault.UNREADABLE, "a list with two algorithms")
    revoked = list(inner["revoked_certificates"]) if inner["revoked_certificates"].native else []
    _check_extensions(inner["crl_extensions"], _KNOWN)
    for each in revoked:
        _check_extensions(each["crl_entry_extensions"], frozenset())
    if inner["next_update"].native is None:
        refuse(Fault.REVOCATION_UNKNOWN, "a list that does not say when the next one comes")
    return RevocationList(
        issuer=str(inner["issuer"].hashable),
        country=country_of(inner["issuer"]),
        this_update=moment(inner["this_update"].chosen),
        next_update=moment(inner["next_update"].chosen),
        serials=frozenset(int(each["user_certificate"].native) for each in revoked),
        algorithm=signature_algorithm(found["signature_algorithm"], "", old=True),
        signed=inner.dump(),
        signature=whole_octets(found["signature"]),
    )


def _check_extensions(listed: Any, known: frozenset[str]) -> None:  # noqa: ANN401 asn1crypto
    for each in listed if listed.native else ():
        if each["critical"].native and each["extn_id"].native not in known:
            refuse(Fault.REVOCATION_UNKNOWN, "a critical extension that is not known")
