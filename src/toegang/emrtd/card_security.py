"""What a card says of itself, in the open (EF.CardAccess) and signed (EF.CardSecurity)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from toegang.emrtd.asn1 import SecurityInfos, read
from toegang.emrtd.certificates import Certificate
from toegang.emrtd.ciphers import Suite
from toegang.emrtd.cms import open_signed
from toegang.emrtd.curves import CURVES, Curve
from toegang.emrtd.faults import Fault, refuse
from toegang.emrtd.policy import Policy
from toegang.emrtd.security_infos import PACE, ChipKey
from toegang.emrtd.security_infos import parse as parse_infos
from toegang.emrtd.tlv import read_all, read_one
from toegang.emrtd.trust import Trust, check_signer

LARGEST: Final = 16_384
"""Octets of either file."""
SECURITY_OBJECT: Final = "0.4.0.127.0.7.3.2.1"
_BSI: Final = "0.4.0.127.0.7.2.2"
CHIP_CURVE: Final = f"{_BSI}.3.2"
TERMINALS: Final = f"{_BSI}.2"
_OPEN: Final = frozenset({TERMINALS, CHIP_CURVE})
_AGREED: Final = 2  # parts of an algorithm: its name, and the number of a curve
_MISREAD: Final = (ValueError, TypeError, LookupError, AttributeError)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedCard:
    """What a believed signer says of one card: the key by which its chip proves itself."""

    key: ChipKey
    public: ec.EllipticCurvePublicKey = field(repr=False)
    signer: Certificate


def agreed_curve(card_access: bytes) -> Curve:
    """TR03110-3-A.1.1.3: the strongest curve for chip authentication that the card offers in the open.

    Raises:
        DocumentRefused: it offers none of the list.

    """
    if len(card_access) > LARGEST:
        refuse(Fault.TOO_LARGE, "an EF.CardAccess that is larger than any")
    numbers = {
        int.from_bytes(parts[1].value)
        for protocol, octets in _infos(card_access)
        if protocol == CHIP_CURVE
        for parts in [read_all(read_all(read_one(octets).value)[1].value)]
        if len(parts) == _AGREED
    }
    found = [curve for curve in CURVES if curve.number in numbers]
    if not found:
        refuse(Fault.ALGORITHM, "a card without a curve of the list")
    return max(found, key=lambda curve: curve.size)


def open_card_security(
    file: bytes, card_access: bytes, trust: Trust, policy: Policy, now: datetime
) -> SignedCard:
    """TR03110-3-A.1.2.5: passive authentication of a card.

    1. One signer signed the protocols and keys of the card.
    2. The signer is believed: dates, country, authority, not revoked (trust.py).
    3. What the card said in the open is what was signed, no protocol more or fewer.
    4. There is a key for chip authentication with AES, on the curve that was agreed.

    Raises:
        DocumentRefused: any of these is otherwise.

    """
    # 1.
    if len(file) > LARGEST:
        refuse(Fault.TOO_LARGE, "an EF.CardSecurity that is larger than any")
    signed = open_signed(file, SECURITY_OBJECT, old=policy.old_hashes)
    # 2.
    check_signer(signed.signer, trust, policy, now, signed.signed_at)
    # 3.
    if _open_part(card_access) != _open_part(signed.content):
        refuse(Fault.DOWNGRADED, "the card offers other ways than were signed")
    # 4.
    curve = agreed_curve(card_access)
    for key in parse_infos(signed.content).chip_keys:
        public = key.public
        if key.suite is Suite.TDES or not isinstance(public, ec.EllipticCurvePublicKey):
            continue
        if public.curve.name == curve.name:
            return SignedCard(key=key, public=public, signer=signed.signer)
    return refuse(Fault.ALGORITHM, "a card without a key for chip authentication that we take")


def _open_part(octets: bytes) -> frozenset[tuple[str, bytes]]:
    """TR03110-3-A.1.2.1: the infos that stand in both files, octet by octet."""
    return frozenset(
        (protocol, info)
        for protocol, info in _infos(octets)
        if protocol.startswith(PACE) or protocol in _OPEN
    )


def _infos(octets: bytes) -> list[tuple[str, bytes]]:
    try:
        listed = read(SecurityInfos, octets, whole=False)
        return [(str(each["protocol"].dotted), each.dump()) for each in listed]
    except _MISREAD as error:
        return refuse(Fault.UNREADABLE, f"security infos: {type(error).__name__}")
