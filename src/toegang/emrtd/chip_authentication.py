"""Chip authentication: only the chip with the signed key can answer in the channel that we agree on with it.

The server's key pair comes from the session's secret, so what was heard in another session opens nothing
here. The proof is one answer in the new channel: the beginning of DG14, which the reader showed too.
"""

from __future__ import annotations

from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from toegang.emrtd.algorithms import oid_octets
from toegang.emrtd.apdu import (
    Command,
    Response,
    general_authenticate,
    manage_security,
    read_file,
    succeeded,
)
from toegang.emrtd.ciphers import Suite, same
from toegang.emrtd.curves import CURVES
from toegang.emrtd.faults import Fault, refuse
from toegang.emrtd.secure_messaging import Channel
from toegang.emrtd.security_infos import ChipKey, Spoken
from toegang.emrtd.sessions import Session
from toegang.emrtd.tlv import encode

KEY_AGREEMENT: Final = 0x41A6
AUTHENTICATION: Final = 0x41A4
DG14: Final = 14
PROOF_SIZE: Final = 8
"""Octets of DG14 that are read as the proof."""


def choose(spoken: Spoken) -> ChipKey:
    """ICAO9303-11-6.2: the strongest key and suite that the chip offers.

    Raises:
        DocumentRefused: it offers none that we take.

    """
    if not spoken.chip_keys:
        refuse(Fault.CHIP_NOT_PROVEN, "the chip offers no chip authentication that we take")
    return spoken.chip_keys[0]


def commands(key: ChipKey, session: Session) -> tuple[Command, ...]:
    """ICAO9303-11-6.2.4: what a reader sends, in the channel that is open; each MUST succeed."""
    public = _private(key, session).public_key()
    point = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    number = b"" if key.key is None else encode(0x84, key.key.to_bytes((key.key.bit_length() + 7) // 8 or 1))
    if key.suite is Suite.TDES:
        return (manage_security(KEY_AGREEMENT, encode(0x91, point) + number),)
    return (
        manage_security(AUTHENTICATION, encode(0x80, oid_octets(key.protocol)) + number),
        general_authenticate(encode(0x7C, encode(0x80, point)), last=True),
    )


def channel(key: ChipKey, session: Session) -> Channel:
    """ICAO9303-11-6.2.1: the channel that only we and the chip with this key can have."""
    private = _private(key, session)
    return Channel.of(key.suite, private.exchange(ec.ECDH(), _public(key)))


def proof_command(key: ChipKey, session: Session) -> Command:
    """Return the command that a reader sends as it is, in the new channel; its answer is the proof."""
    return channel(key, session).protect(read_file(DG14, PROOF_SIZE))[1]


def check(key: ChipKey, session: Session, shown: bytes, answer: bytes) -> None:
    """ICAO9303-11-6.2.1: check that the answer came from the chip with this key, in this session.

    `shown` is DG14 as the reader showed it.

    Raises:
        DocumentRefused: it did not, or the chip reads otherwise.

    """
    asked, _ = channel(key, session).protect(read_file(DG14, PROOF_SIZE))
    _, response = asked.open(Response.parse(answer))
    if not same(succeeded(response, "the proof", Fault.CHIP_NOT_PROVEN), shown[:PROOF_SIZE]):
        refuse(Fault.CHIP_NOT_PROVEN, "the chip has another DG14 than was shown")


def _public(key: ChipKey) -> ec.EllipticCurvePublicKey:
    if not isinstance(key.public, ec.EllipticCurvePublicKey):
        refuse(Fault.ALGORITHM, "a key for chip authentication that is not elliptic")
    return key.public


def _private(key: ChipKey, session: Session) -> ec.EllipticCurvePrivateKey:
    """TR03110-1-3.4: an ephemeral key pair on the chip's own curve."""
    curve = next(each for each in CURVES if each.name == _public(key).curve.name)
    scalar = curve.scalar(session.private("chip authentication", curve.size + 8))
    return ec.derive_private_key(scalar, curve.native())
