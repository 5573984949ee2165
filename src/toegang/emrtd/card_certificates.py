"""Card-verifiable certificates: by which a card learns that a terminal may ask it things.

A chain goes from an authority that the card knows (CVCA) over a document verifier to the terminal. The card
checks it, and so does the server when it loads one: a chain that no card would take is found at start.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from toegang.emrtd.algorithms import Hash, oid_octets
from toegang.emrtd.curves import CURVES, Curve
from toegang.emrtd.dates import calendar
from toegang.emrtd.faults import Fault, refuse
from toegang.emrtd.tlv import encode, read_one, read_set

CERTIFICATE: Final = 0x7F21
BODY: Final = 0x7F4E
SIGNATURE: Final = 0x5F37
AUTHORITY: Final = 0x42
HOLDER: Final = 0x5F20
PUBLIC_KEY: Final = 0x7F49
AUTHORIZATION: Final = 0x7F4C
_PROFILE: Final = 0x5F29
_BEGIN: Final = 0x5F25
_END: Final = 0x5F24
_OID: Final = 0x06
_RIGHTS: Final = 0x53
_LARGEST: Final = 2_048
_DIGITS: Final = 6
_REFERENCE: Final = range(8, 17)  # octets: country, mnemonic, number
_TA: Final = "0.4.0.127.0.7.2.2.2.2"
ECDSA: Final = {
    oid_octets(f"{_TA}.3"): Hash.SHA256,
    oid_octets(f"{_TA}.4"): Hash.SHA384,
    oid_octets(f"{_TA}.5"): Hash.SHA512,
}
"""TR03110-3-A.6.4: terminal authentication by ECDSA; RSA, SHA-1 and SHA-224 are not taken."""
AUTHENTICATION_TERMINAL: Final = oid_octets("0.4.0.127.0.7.3.1.2.2")
CAN_ALLOWED: Final = 1 << 4
"""TR03110-4-2.2.3.2: the right to be served after a CAN, without the PIN: a terminal of ours never has it."""
READS: Final = {number: 1 << (7 + number) for number in range(1, 22)}
"""TR03110-4-2.2.3.2: the right to read each data group."""
_RIGHTS_SIZE: Final = 5
_POINT: Final = 0x86
# TR03110-3-D.2.1.3: the parameters that stand only in the certificate of an authority.
_CURVE_TAGS: Final = (0x81, 0x82, 0x83, 0x84, 0x85, 0x87)


class Role(IntEnum):
    """TR03110-4-2.2.3.2: who a certificate is for: the two highest bits of its rights."""

    TERMINAL = 0
    VERIFIER = 1
    OFFICIAL_VERIFIER = 2
    AUTHORITY = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class CardCertificate:
    """One certificate. Nothing of it is believed by itself: `check_chain` does that.

    `not_before` and `not_after` are whole days, both within its life. `curve` is None where the key is on the
    curve of who issued it.
    """

    authority: bytes
    holder: bytes
    role: Role
    rights: int
    not_before: date
    not_after: date
    protocol: bytes
    curve: Curve | None
    point: bytes = field(repr=False)
    body: bytes = field(repr=False)
    signature: bytes = field(repr=False)

    @classmethod
    def parse(cls, octets: bytes) -> CardCertificate:
        """TR03110-3-C.1: read one certificate.

        Raises:
            DocumentRefused: it is none, not for an authentication terminal, or on no curve of the list.

        """
        if len(octets) > _LARGEST:
            refuse(Fault.TOO_LARGE, "a certificate for cards that is larger than any")
        outer = read_set(read_one(octets, CERTIFICATE).value)
        if list(outer) != [BODY, SIGNATURE]:
            refuse(Fault.UNREADABLE, "a certificate for cards of other parts")
        fields = read_set(outer[BODY])
        expected = [_PROFILE, AUTHORITY, PUBLIC_KEY, HOLDER, AUTHORIZATION, _BEGIN, _END]
        if list(fields)[: len(expected)] != expected or fields[_PROFILE] != b"\x00":
            refuse(Fault.UNREADABLE, "a certificate for cards of another profile")
        if not {len(fields[AUTHORITY]), len(fields[HOLDER])} <= {*_REFERENCE}:
            refuse(Fault.UNREADABLE, "a reference of another length")
        role, rights = _authorization(fields[AUTHORIZATION])
        key = read_set(fields[PUBLIC_KEY])
        if key.get(_OID) not in ECDSA or _POINT not in key:
            refuse(Fault.ALGORITHM, "a key for cards that is not on the list")
        return cls(
            authority=fields[AUTHORITY],
            holder=fields[HOLDER],
            role=role,
            rights=rights,
            not_before=_day(fields[_BEGIN]),
            not_after=_day(fields[_END]),
            protocol=key[_OID],
            curve=_curve(key),
            point=key[_POINT],
            body=encode(BODY, outer[BODY]),
            signature=outer[SIGNATURE],
        )

    @property
    def presented(self) -> bytes:
        """TR03110-3-B.11.5: what a card is given of it: its body and its signature."""
        return self.body + encode(SIGNATURE, self.signature)

    @property
    def template(self) -> bytes:
        """TR03110-3-C.1.5: its role and rights as a reader gives them to a card before the PIN."""
        return authorization(self.role, self.rights)

    def public(self, curve: Curve) -> ec.EllipticCurvePublicKey:
        """Return its key.

        Raises:
            DocumentRefused: a point that is not on the curve.

        """
        curve.decode(self.point)
        return ec.EllipticCurvePublicKey.from_encoded_point(curve.native(), self.point)


def authorization(role: Role, rights: int) -> bytes:
    """TR03110-3-C.1.5: write a role with its rights."""
    value = (role << 38 | rights).to_bytes(_RIGHTS_SIZE)
    return encode(AUTHORIZATION, encode(_OID, AUTHENTICATION_TERMINAL) + encode(_RIGHTS, value))


def check_chain(chain: Sequence[CardCertificate], today: date) -> Curve:
    """TR03110-3-2.4.1: check a chain as a card does, and return the curve of its last key.

    1. The first is of an authority, and by itself.
    2. Each next names the one before, is signed by it, and has a role that it may give.
    3. Rights never grow; the last is a terminal's, which may read what a login asks, and never without PIN.
    4. Every one of them is within its days.

    Raises:
        DocumentRefused: any of these is otherwise.

    """
    # 1.
    if not chain or chain[0].role is not Role.AUTHORITY or chain[0].curve is None:
        refuse(Fault.SIGNER_NOT_ENTITLED, "a chain for cards that begins with no authority")
    curve, above = chain[0].curve, chain[0]
    for each in (chain[0], *chain[1:]):
        # 2.
        if each.authority != above.holder:
            refuse(Fault.SIGNER_UNKNOWN, "a certificate for cards by another than the one before")
        _check_signed(each, above, curve)
        if each is not above and not _may_issue(above.role, each.role):
            refuse(Fault.SIGNER_NOT_ENTITLED, "a certificate for cards of a role that its issuer cannot give")
        # 4.
        if not each.not_before <= today <= each.not_after:
            refuse(Fault.SIGNER_EXPIRED, "a certificate for cards outside its days")
        above, curve = each, each.curve or curve
    # 3.
    last = chain[-1]
    granted = last.rights
    for each in chain:
        granted &= each.rights
    wanted = READS[1] | READS[3]
    if last.role is not Role.TERMINAL or granted & wanted != wanted or last.rights & CAN_ALLOWED:
        refuse(Fault.SIGNER_NOT_ENTITLED, "a chain for cards that does not end in a terminal for logins")
    return curve


def _may_issue(above: Role, below: Role) -> bool:
    if above is Role.AUTHORITY:
        return below is not Role.TERMINAL
    return above in {Role.VERIFIER, Role.OFFICIAL_VERIFIER} and below is Role.TERMINAL


def _check_signed(certificate: CardCertificate, by: CardCertificate, curve: Curve) -> None:
    """TR03111-5.2.1: ECDSA with its two numbers side by side."""
    size = (curve.n.bit_length() + 7) // 8
    if len(certificate.signature) != 2 * size:
        refuse(Fault.NOT_SIGNED, "a signature for cards of another length")
    r, s = (int.from_bytes(certificate.signature[at : at + size]) for at in (0, size))
    try:
        by.public(curve).verify(
            encode_dss_signature(r, s), certificate.body, ec.ECDSA(ECDSA[by.protocol].native)
        )
    except (InvalidSignature, ValueError):
        refuse(Fault.NOT_SIGNED, "a certificate for cards that its authority did not sign")


def _authorization(octets: bytes) -> tuple[Role, int]:
    fields = read_set(octets)
    rights = fields.get(_RIGHTS, b"")
    if fields.get(_OID) != AUTHENTICATION_TERMINAL or len(rights) != _RIGHTS_SIZE:
        refuse(Fault.SIGNER_NOT_ENTITLED, "a certificate that is not for authentication terminals")
    value = int.from_bytes(rights)
    return Role(value >> 38), value & (1 << 38) - 1


def _day(octets: bytes) -> date:
    """TR03110-3-D.2.1.3: six octets, one digit in each."""
    if len(octets) != _DIGITS or max(octets) > 9:  # noqa: PLR2004 a digit
        refuse(Fault.UNREADABLE, "a day that is not six digits")
    year, month, day = (10 * octets[at] + octets[at + 1] for at in (0, 2, 4))
    return calendar(2000 + year, month, day)


def _curve(key: dict[int, bytes]) -> Curve | None:
    """TR03110-3-D.3.3: parameters stand there all or none, and all MUST be those of a curve of the list."""
    if not any(tag in key for tag in _CURVE_TAGS):
        return None
    for curve in CURVES:
        size = curve.size
        written = (
            curve.p.to_bytes(size),
            curve.a.to_bytes(size),
            curve.b.to_bytes(size),
            curve.encode(curve.g),
            curve.n.to_bytes((curve.n.bit_length() + 7) // 8),
            b"\x01",
        )
        if tuple(key.get(tag, b"") for tag in _CURVE_TAGS) == written:
            return curve
    return refuse(Fault.ALGORITHM, "a curve for cards that is not on the list")
