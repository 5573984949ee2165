"""The document's security object: who signed which data, passive authentication up to the authority."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from toegang.emrtd.algorithms import Hash, hash_named
from toegang.emrtd.asn1 import LDS_SECURITY_OBJECT, LdsSecurityObject, read
from toegang.emrtd.certificates import Certificate
from toegang.emrtd.ciphers import same
from toegang.emrtd.cms import open_signed
from toegang.emrtd.data_groups import MOST_GROUPS, SECURITY_OBJECT
from toegang.emrtd.faults import Fault, refuse
from toegang.emrtd.policy import Policy
from toegang.emrtd.tlv import read_one
from toegang.emrtd.trust import Trust, check_signer

LARGEST: Final = 65_536
"""Octets; those of states have 2,000 to 10,000."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedHashes:
    """What a believed signer says of each data group of one document; what it does not name is not there."""

    function: Hash
    hashes: Mapping[int, bytes] = field(repr=False)
    signer: Certificate
    authority: Certificate

    def check_group(self, number: int, file: bytes) -> None:
        """ICAO9303-11-5.1: refuse a data group that is not the one that was signed.

        Raises:
            DocumentRefused: it was not signed at all, or was another.

        """
        if number not in self.hashes:
            refuse(Fault.ALTERED, f"data group {number} was not signed")
        if not same(self.function.digest(file), self.hashes[number]):
            refuse(Fault.ALTERED, f"data group {number} is another than was signed")


def open_security_object(file: bytes, trust: Trust, policy: Policy, now: datetime) -> SignedHashes:
    """ICAO9303-11-5.1: passive authentication, but for the data groups themselves.

    1. The file is one EF.SOD.
    2. One signer signed a list of hashes in it, with its certificate beside it (ICAO9303-10-4.6.2.2).
    3. The signer is believed: dates, country, authority, not revoked (trust.py).
    4. The list is in one of its two forms, each data group once, each hash of its length.
    The caller must check each data group by `check_group`.

    Raises:
        DocumentRefused: any of these is otherwise.

    """
    # 1.
    if len(file) > LARGEST:
        refuse(Fault.TOO_LARGE, "a security object that is larger than any")
    octets = read_one(file, SECURITY_OBJECT).value
    # 2.
    signed = open_signed(octets, LDS_SECURITY_OBJECT, old=policy.old_hashes)
    # 3.
    authority = check_signer(signed.signer, trust, policy, now, signed.signed_at)
    # 4.
    function, hashes = read_hashes(signed.content, old=policy.old_hashes)
    return SignedHashes(function=function, hashes=hashes, signer=signed.signer, authority=authority)


def read_hashes(octets: bytes, *, old: bool) -> tuple[Hash, Mapping[int, bytes]]:
    """ICAO9303-10-4.6.2.3: read the list of hashes; its second form, and only that, has versions in it.

    Raises:
        DocumentRefused: another form, a data group twice or none, or a hash of another length.

    """
    found = read(LdsSecurityObject, octets)
    version = found["version"].native
    if version not in {0, 1} or (version == 1) != (found["version_info"].native is not None):
        refuse(Fault.UNREADABLE, "a list of hashes of another version")
    function = hash_named(found["hash_algorithm"]["algorithm"].native, old=old)
    if not 1 <= len(found["hashes"]) <= MOST_GROUPS:
        refuse(Fault.UNREADABLE, "a list of no or too many hashes")
    hashes: dict[int, bytes] = {}
    for each in found["hashes"]:
        number, value = int(each["number"].native), bytes(each["value"].native)
        if number in hashes or not 1 <= number <= MOST_GROUPS:
            refuse(Fault.UNREADABLE, "a data group twice, or of no number that exists")
        if len(value) != function.native.digest_size:
            refuse(Fault.UNREADABLE, "a hash of another length")
        hashes[number] = value
    return function, hashes
