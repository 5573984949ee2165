"""A terminal of ours toward cards: its certificates, its key, and how it proves itself (version 2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Self

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from toegang.emrtd.apdu import Command, get_challenge, manage_security
from toegang.emrtd.card_certificates import ECDSA, CardCertificate, check_chain
from toegang.emrtd.curves import Curve
from toegang.emrtd.faults import Fault, refuse
from toegang.emrtd.tlv import encode

VERIFICATION: Final = 0x81B6
AUTHENTICATION: Final = 0x81A4
CHALLENGE_SIZE: Final = 8
MOST_CERTIFICATES: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """Certificates from an authority down to the terminal, and the key of the last."""

    chain: tuple[CardCertificate, ...]
    curve: Curve
    key: ec.EllipticCurvePrivateKey = field(repr=False)

    @classmethod
    def of(cls, chain: Sequence[bytes], key: ec.EllipticCurvePrivateKey, today: date) -> Self:
        """TR03110-3-2.4.1: build one from its certificates, the authority's first; cards take them today.

        Raises:
            DocumentRefused: no chain that a card would take today, or another key than its last.

        """
        if len(chain) > MOST_CERTIFICATES:
            refuse(Fault.TOO_LARGE, "a chain for cards that is longer than any")
        parsed = tuple(CardCertificate.parse(each) for each in chain)
        curve = check_chain(parsed, today)
        if parsed[-1].public(curve) != key.public_key():
            refuse(Fault.SIGNER_NOT_ENTITLED, "the key of a terminal is another than its certificate's")
        return cls(chain=parsed, curve=curve, key=key)

    @classmethod
    def read(cls, chain: Sequence[bytes], pem: bytes, today: date) -> Self:
        """Build one whose key is read from PEM, without a password; refuses as `of` does, or `ALGORITHM`."""
        try:
            key = load_pem_private_key(pem, None)
        except (ValueError, TypeError):
            refuse(Fault.UNREADABLE, "not a private key in PEM without a password")
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            refuse(Fault.ALGORITHM, "cards take an elliptic key only")
        return cls.of(chain, key, today)

    @property
    def certificate(self) -> CardCertificate:
        """The terminal's own."""
        return self.chain[-1]

    @property
    def last_day(self) -> date:
        """The last day on which cards take the whole chain."""
        return min(each.not_after for each in self.chain)

    def introduce(self, known: Sequence[bytes], ephemeral: bytes) -> tuple[Command, ...]:
        """TR03110-3-B.3: what is said to a card that knows these authorities, up to asking for its challenge.

        `ephemeral` is the short form of the key of which chip authentication will come.

        Raises:
            DocumentRefused: the card knows no authority of this chain.

        """
        heads = [at for at, each in enumerate(self.chain) if each.authority in known]
        if not heads:
            refuse(Fault.TERMINAL_REFUSED, "the card knows no authority of our certificates")
        said: list[Command] = []
        for each in self.chain[max(1, heads[-1]) :]:
            said.append(manage_security(VERIFICATION, encode(0x83, each.authority)))
            said.append(Command(ins=0x2A, p1=0, p2=0xBE, data=each.presented))
        own = self.certificate
        reference = encode(0x80, own.protocol) + encode(0x83, own.holder) + encode(0x91, ephemeral)
        return (*said, manage_security(AUTHENTICATION, reference), get_challenge())

    def prove(self, chip: bytes, challenge: bytes, ephemeral: bytes) -> Command:
        """TR03110-2-3.3.1: sign for this one opening of this card, this challenge and this ephemeral key.

        Raises:
            DocumentRefused: a challenge of another length.

        """
        if len(challenge) != CHALLENGE_SIZE:
            refuse(Fault.UNREADABLE, "a challenge of another length")
        function = ECDSA[self.certificate.protocol].native
        r, s = decode_dss_signature(self.key.sign(chip + challenge + ephemeral, ec.ECDSA(function)))
        size = (self.curve.n.bit_length() + 7) // 8
        return Command(ins=0x82, data=r.to_bytes(size) + s.to_bytes(size))


def days_of(octets: bytes) -> tuple[date, date]:
    """TR03110-3-C.1: return the first and the last day of a certificate for cards; both are within its life.

    Raises:
        DocumentRefused: it is none, not for an authentication terminal, or on no curve of the list.

    """
    found = CardCertificate.parse(octets)
    return found.not_before, found.not_after
