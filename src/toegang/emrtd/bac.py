"""Basic access control: reader and chip show each other that they know what is printed, and agree on keys.

The server computes, a reader relays: `begin` after the chip's challenge, `finish` after its answer. What is
random is an argument, so that a conversation can be kept, and shown again in a test.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from toegang.emrtd.access import AccessKey
from toegang.emrtd.apdu import Command, Response, external_authenticate, succeeded
from toegang.emrtd.ciphers import AUTHENTICATION, ENCRYPTION, TAG_SIZE, Suite, same
from toegang.emrtd.faults import Fault, refuse
from toegang.emrtd.secure_messaging import Channel

CHALLENGE_SIZE: Final = 8
KEY_SIZE: Final = 16
_ANSWER_SIZE: Final = 40
_SUITE: Final = Suite.TDES
_NOTHING: Final = bytes(8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What is remembered until the chip answers."""

    encryption: bytes = field(repr=False)
    authentication: bytes = field(repr=False)
    chip_challenge: bytes = field(repr=False)
    challenge: bytes = field(repr=False)
    half: bytes = field(repr=False)


def begin(key: AccessKey, answer: Response, random: bytes) -> tuple[Begun, Command]:
    """ICAO9303-11-4.3.1: answer the chip's challenge; `random` is 24 octets of ours.

    Raises:
        DocumentRefused: the chip gave no challenge of eight octets.

    """
    chip_challenge = succeeded(answer, "the challenge of a chip")
    if len(chip_challenge) != CHALLENGE_SIZE or len(random) != CHALLENGE_SIZE + KEY_SIZE:
        refuse(Fault.ACCESS_REFUSED, "a challenge of another length")
    challenge, half = random[:CHALLENGE_SIZE], random[CHALLENGE_SIZE:]
    begun = Begun(
        encryption=_SUITE.derive(key.seed, ENCRYPTION),
        authentication=_SUITE.derive(key.seed, AUTHENTICATION),
        chip_challenge=chip_challenge,
        challenge=challenge,
        half=half,
    )
    sealed = _SUITE.encrypt(begun.encryption, _NOTHING, challenge + chip_challenge + half)
    code = _SUITE.authenticate(begun.authentication, sealed)
    return begun, external_authenticate(sealed + code, _ANSWER_SIZE)


def finish(begun: Begun, answer: Response) -> Channel:
    """ICAO9303-11-4.3.1: check the chip's answer and return the channel.

    1. The code holds under the key that is printed.
    2. It answers our challenge and names its own.
    3. The keys come from both halves, the counter from both challenges.

    Raises:
        DocumentRefused: it is not the answer of a chip with this key to this challenge.

    """
    # 1.
    octets = succeeded(answer, "basic access")
    sealed, code = octets[:-TAG_SIZE], octets[-TAG_SIZE:]
    if len(octets) != _ANSWER_SIZE or not same(_SUITE.authenticate(begun.authentication, sealed), code):
        refuse(Fault.ACCESS_REFUSED, "the chip's answer does not hold")
    # 2.
    opened = _SUITE.decrypt(begun.encryption, _NOTHING, sealed)
    if not same(opened[:16], begun.chip_challenge + begun.challenge):
        refuse(Fault.ACCESS_REFUSED, "the chip answers another challenge")
    # 3.
    secret = bytes(ours ^ theirs for ours, theirs in zip(begun.half, opened[16:], strict=True))
    counter = int.from_bytes(begun.chip_challenge[4:] + begun.challenge[4:])
    return Channel.of(_SUITE, secret, counter)
