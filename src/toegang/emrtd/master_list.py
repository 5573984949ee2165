"""Lists of the authorities of many states, as one state publishes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from toegang.emrtd.asn1 import MASTER_LIST, MASTER_LIST_SIGNER
from toegang.emrtd.certificates import Certificate
from toegang.emrtd.cms import open_signed
from toegang.emrtd.faults import Fault, refuse
from toegang.emrtd.policy import Policy
from toegang.emrtd.tlv import check_der, encode, read_all, read_one
from toegang.emrtd.trust import Trust, check_signer
from toegang.errors import DocumentRefused

LARGEST: Final = 8_388_608
MOST_NODES: Final = 400_000
MOST_CERTIFICATES: Final = 4_096
_SEQUENCE, _SET, _INTEGER = 0x30, 0x31, 0x02


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterList:
    """The authorities in a list, and how many of it could not be read or are none: for the log."""

    authorities: tuple[Certificate, ...] = field(repr=False)
    left_out: int


def open_master_list(octets: bytes, trust: Trust, policy: Policy, now: datetime) -> MasterList:
    """ICAO9303-12-9.1: check who signed a master list, and return the authorities in it.

    1. One signer, over a list of certificates.
    2. The signer is believed: a pinned authority of its state vouches for it.
    3. Its certificate is for signing master lists.
    Certificates that cannot be read, or that are no authorities, are left out and counted: one state's odd
    certificate takes no other state's away.

    Raises:
        DocumentRefused: the list is not believed.

    """
    if len(octets) > LARGEST:
        refuse(Fault.TOO_LARGE, "a master list that is larger than any")
    # 1.
    signed = open_signed(octets, MASTER_LIST, old=policy.old_hashes, nodes=MOST_NODES)
    # 2.
    check_signer(signed.signer, trust, policy, now, signed.signed_at)
    # 3.
    if MASTER_LIST_SIGNER not in signed.signer.purposes:
        refuse(Fault.SIGNER_NOT_ENTITLED, "a signer that may not sign master lists")
    listed = _listed(signed.content)
    found = [each for each in map(_authority, listed) if each is not None]
    return MasterList(authorities=tuple(found), left_out=len(listed) - len(found))


def _listed(content: bytes) -> tuple[bytes, ...]:
    """ICAO9303-12-9.2: version 0 and a set of certificates, each to be read by itself."""
    check_der(content, MOST_NODES)
    parts = read_all(read_one(content, _SEQUENCE).value)
    if [part.tag for part in parts] != [_INTEGER, _SET] or parts[0].value != b"\x00":
        refuse(Fault.UNREADABLE, "a master list of another form")
    return tuple(encode(each.tag, each.value) for each in read_all(parts[1].value, MOST_CERTIFICATES))


def _authority(octets: bytes) -> Certificate | None:
    try:
        found = Certificate.parse(octets)
        found.check_authority()
    except DocumentRefused:
        return None
    return found
