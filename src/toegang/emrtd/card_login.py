"""A login with a card: the conversation that a reader relays after it opened the card with the PIN.

    advance(check, opened, [], now)          the first round: commands for the reader to send, in order
    advance(check, opened, [answers], now)   the next, after the answers to it; and so on
    ...                                      in the end a `VerifiedCard`

The rounds are named after what they carry: certificate, signature, information, key, secured. Everything
follows from the check and from what was answered, so only the answers are kept. The PIN never comes here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from toegang.emrtd import apdu
from toegang.emrtd.algorithms import oid_octets
from toegang.emrtd.apdu import Response, succeeded
from toegang.emrtd.card_security import LARGEST, SignedCard, agreed_curve, open_card_security
from toegang.emrtd.ciphers import same
from toegang.emrtd.curves import Curve
from toegang.emrtd.dates import calendar
from toegang.emrtd.faults import Fault, refuse
from toegang.emrtd.policy import SUBSTANTIAL, Policy
from toegang.emrtd.reading import HEAD, PIECE
from toegang.emrtd.rounds import Round, openly, run, within
from toegang.emrtd.secure_messaging import Channel
from toegang.emrtd.sessions import Session
from toegang.emrtd.terminals import Terminal
from toegang.emrtd.tlv import encode, read_one, read_set, whole_size
from toegang.emrtd.trust import Trust
from toegang.emrtd.verify import AMSTERDAM

CARD_SECURITY: Final = 0x011D
APPLICATION: Final = bytes.fromhex("E80704007F00070302")
"""TR03110-4-2.2: the application of the e-function."""
KIND_GROUP: Final = (1, 0x61, 0x13, 2)
END_GROUP: Final = (3, 0x63, 0x12, 8)
"""TR03110-4-2.2.1: a data group: its number, its tag, the tag of its text, and the signs of that."""
NONCE_SIZE: Final = 8
MOST_AUTHORITIES: Final = 2
_LONGEST_REFERENCE: Final = 16
_CHIP_KEY: Final = 0x41A4
_DYNAMIC: Final = 0x7C
_PUBLIC_KEY: Final = 0x7F49
Dialogue = Generator[Round, Round, "VerifiedCard"]


class CardKind(StrEnum):
    """Which card it is, as its first data group says."""

    IDENTITY_CARD = "ID"
    DRIVING_LICENCE = "DL"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardCheck:
    """One check: what it is bound to, who we are toward the card, and whom we believe.

    `asked` are octets that name what the login is for; whoever answers this check answers no other question.
    """

    session: Session
    asked: bytes
    terminal: Terminal
    trust: Trust
    policy: Policy = SUBSTANTIAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a reader says after it opened the card: nothing of it is believed, all of it is checked by use.

    `chip` is the short form of the card's ephemeral key in that opening, `authorities` whom the card knows.
    """

    card_access: bytes = field(repr=False)
    chip: bytes = field(repr=False)
    authorities: tuple[bytes, ...]

    def __post_init__(self) -> None:
        """Refuse what no card says."""
        if not 1 <= len(self.authorities) <= MOST_AUTHORITIES or any(
            len(each) > _LONGEST_REFERENCE for each in self.authorities
        ):
            refuse(Fault.UNREADABLE, "a card that knows no or too many authorities")


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedCard:
    """A card that proved itself to us, to whom its holder gave the PIN.

    `chip` is the SHA-256 of its key: which card it is. `signed_by` is the fingerprint of the signer's
    certificate.
    """

    chip: bytes
    kind: CardKind
    issuer: str
    expiry: date
    signed_by: str


def advance(
    check: CardCheck, opened: Opened, answers: Sequence[Round], now: datetime
) -> Round | VerifiedCard:
    """Return what the reader sends next after all these answers, or the card that was believed.

    Raises:
        DocumentRefused: anything does not hold; `UNREADABLE` too when there are more or fewer answers than
            commands.

    """
    return run(_dialogue(check, opened, now), answers)


def _dialogue(check: CardCheck, opened: Opened, now: datetime) -> Dialogue:
    """TR03110-2-2.3: prove ourselves to the card, have it prove itself, then read in the channel between us.

    1. Certificate: our chain, and which ephemeral key we shall use; the card draws a challenge.
    2. Signature: over this opening, the challenge and that key; then the beginning of EF.CardSecurity.
    3. Information: the rest of it. A believed signer signed the key of the chip.
    4. Key: the card agrees on a channel with the ephemeral key, and its code over that key holds.
    5. Secured: in that channel, which no reader can open, the card gives what it gives only to a terminal
       that proved itself after the PIN (TR03110-2-2.3.1): its kind and its last day.
    The caller must ask whose card it is and whether it may be used, and let each session count once.
    """
    # 1.
    curve = agreed_curve(opened.card_access)
    private = _ephemeral(check, curve)
    short = _short(private, curve)
    *said, challenge = yield from openly(check.terminal.introduce(opened.authorities, short))
    for each in said:
        succeeded(each, "our certificate", Fault.TERMINAL_REFUSED)
    drawn = succeeded(challenge, "the challenge", Fault.TERMINAL_REFUSED)
    # 2.
    proof = check.terminal.prove(opened.chip, drawn, short)
    proven, chosen, head = yield from openly((proof, apdu.select_file(CARD_SECURITY), apdu.read_on(0, HEAD)))
    succeeded(proven, "our signature", Fault.TERMINAL_REFUSED)
    succeeded(chosen, "EF.CardSecurity")
    # 3.
    file = yield from _rest(succeeded(head, "EF.CardSecurity"))
    signed = open_card_security(file, opened.card_access, check.trust, check.policy, now)
    # 4.
    channel = yield from _agree(signed, private)
    # 5.
    kind, expiry = yield from _secured(channel)
    if expiry < now.astimezone(AMSTERDAM).date():
        refuse(Fault.EXPIRED, "the card is over")
    octets = signed.public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return VerifiedCard(
        chip=hashlib.sha256(octets).digest(),
        kind=kind,
        issuer=signed.signer.country,
        expiry=expiry,
        signed_by=signed.signer.sha256,
    )


def _ephemeral(check: CardCheck, curve: Curve) -> ec.EllipticCurvePrivateKey:
    """TR03110-2-3.4: a key for this session and question alone: what was said for another opens nothing."""
    label = f"card {hashlib.sha256(check.asked).hexdigest()}"
    scalar = curve.scalar(check.session.private(label, curve.size + 8))
    return ec.derive_private_key(scalar, curve.native())


def _short(private: ec.EllipticCurvePrivateKey, curve: Curve) -> bytes:
    """TR03110-3-A.2.2.3: the short form of a key: one coordinate."""
    return private.public_key().public_numbers().x.to_bytes(curve.size)


def _rest(start: bytes) -> Generator[Round, Round, bytes]:
    size = whole_size(start)
    if size > LARGEST:
        refuse(Fault.TOO_LARGE, "an EF.CardSecurity that is larger than any")
    offsets = range(len(start), size, PIECE)
    pieces = yield from openly([apdu.read_on(at, min(PIECE, size - at)) for at in offsets])
    return start + b"".join(succeeded(each, "EF.CardSecurity") for each in pieces)


def _agree(signed: SignedCard, private: ec.EllipticCurvePrivateKey) -> Generator[Round, Round, Channel]:
    """TR03110-2-3.4.1, TR03110-3-B.2: chip authentication (version 2), with the card's nonce and code."""
    key = signed.key
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    number = b"" if key.key is None else encode(0x84, key.key.to_bytes((key.key.bit_length() + 7) // 8 or 1))
    set_up, answer = yield from openly(
        (
            apdu.manage_security(_CHIP_KEY, encode(0x80, oid_octets(key.protocol)) + number),
            apdu.general_authenticate(encode(_DYNAMIC, encode(0x80, point)), last=True),
        )
    )
    succeeded(set_up, "chip authentication", Fault.CHIP_NOT_PROVEN)
    fields = read_set(read_one(succeeded(answer, "the chip's code", Fault.CHIP_NOT_PROVEN), _DYNAMIC).value)
    nonce, code = fields.get(0x81, b""), fields.get(0x82, b"")
    if len(nonce) != NONCE_SIZE:
        refuse(Fault.CHIP_NOT_PROVEN, "a chip without a nonce")
    channel = Channel.of(key.suite, private.exchange(ec.ECDH(), signed.public) + nonce)
    shown = encode(_PUBLIC_KEY, encode(0x06, oid_octets(key.protocol)) + encode(0x86, point))
    if not same(code, key.suite.authenticate(channel.authentication, shown)):
        refuse(Fault.CHIP_NOT_PROVEN, "the chip's code does not hold")
    return channel


def _secured(channel: Channel) -> Generator[Round, Round, tuple[CardKind, date]]:
    asked = (
        apdu.select_application(APPLICATION),
        *(apdu.read_file(number, signs + 4) for number, _, _, signs in (KIND_GROUP, END_GROUP)),
    )
    _, (chosen, kind, end) = yield from within(channel, asked)
    succeeded(chosen, "the e-function", Fault.TERMINAL_REFUSED)
    said = _text(kind, KIND_GROUP)
    if said not in {*CardKind}:
        refuse(Fault.OTHER_DOCUMENT, "a card of another kind")
    day = _text(end, END_GROUP)
    if not (day.isascii() and day.isdigit()):
        refuse(Fault.UNREADABLE, "an end that is no day")
    return CardKind(said), calendar(int(day[:4]), int(day[4:6]), int(day[6:]))


def _text(answer: Response, group: tuple[int, int, int, int]) -> str:
    number, tag, inner, signs = group
    file = succeeded(answer, f"data group {number}", Fault.TERMINAL_REFUSED)
    value = read_one(read_one(file, tag).value, inner).value
    if len(value) != signs:
        refuse(Fault.UNREADABLE, "a text of another length")
    return value.decode("latin-1")
