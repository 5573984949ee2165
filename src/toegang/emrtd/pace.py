"""PACE: a channel from a short password, which listening gives no way to guess.

The server computes, a reader relays. Each function takes the chip's answer to the command before and returns
what is remembered and the next command:

    choose, set_up, ask_nonce, map_nonce, agree, confirm, finish

Private keys are arguments (`Curve.scalar` makes one of random octets). Elliptic curves with generic mapping
only, which chip authentication mapping is too as far as it opens a chip; docs/protocols/emrtd.md says what is
left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from toegang.emrtd.access import Password
from toegang.emrtd.algorithms import oid_octets
from toegang.emrtd.apdu import Command, Response, general_authenticate, manage_security, succeeded
from toegang.emrtd.ciphers import PASSWORD, Suite, same
from toegang.emrtd.curves import Curve, Point
from toegang.emrtd.faults import Fault, refuse
from toegang.emrtd.secure_messaging import Channel
from toegang.emrtd.security_infos import PaceInfo, Spoken
from toegang.emrtd.tlv import encode, read_one, read_set

MUTUAL: Final = 0xC1A4
DYNAMIC: Final = 0x7C
_PUBLIC_KEY: Final = 0x7F49
_NONCE_SIZES: Final = (16, 32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way of PACE that both sides take."""

    protocol: str
    parameter: int
    suite: Suite
    curve: Curve


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """After the nonce came: what the new generator will be made of."""

    way: Way
    nonce: bytes = field(repr=False)
    private: int = field(repr=False)
    public: Point = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """After the mapping: our key pair on the new generator."""

    way: Way
    private: int = field(repr=False)
    public: Point = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """After the agreement: the channel, and the code by which the chip shows that it has it too."""

    channel: Channel
    code: bytes = field(repr=False)


def choose(spoken: Spoken) -> Way:
    """ICAO9303-11-4.4.1: take the strongest way that the chip offers and we know.

    Raises:
        DocumentRefused: there is none.

    """
    ways = [way for way in map(_way, spoken.pace) if way is not None]
    if not ways:
        refuse(Fault.ACCESS_REFUSED, "the chip offers no way of PACE that we take")
    return max(ways, key=lambda way: (way.suite.key_size, way.suite.block, way.curve.size))


def _way(info: PaceInfo) -> Way | None:
    if info.suite is None or info.curve is None or info.parameter is None:
        return None
    return Way(protocol=info.protocol, parameter=info.parameter, suite=info.suite, curve=info.curve)


def set_up(way: Way, key: Password, *, ambiguous: bool = False, template: bytes = b"") -> Command:
    """ICAO9303-11-4.4.4.1: say which way, and which password.

    The number of the curve is added where the chip offers several for one protocol. `template` says as whom
    the terminal will prove itself afterwards, where it will (TR03110-3-B.1.1).
    """
    data = encode(0x80, oid_octets(way.protocol)) + encode(0x83, bytes([key.reference]))
    number = encode(0x84, bytes([way.parameter])) if ambiguous else b""
    return manage_security(MUTUAL, data + number + template)


def ask_nonce(answer: Response) -> Command:
    """ICAO9303-11-4.4.4.2: ask for the encrypted nonce.

    Raises:
        DocumentRefused: the chip does not take this way.

    """
    succeeded(answer, "PACE, setting up")
    return general_authenticate(encode(DYNAMIC, b""), last=False)


def map_nonce(way: Way, key: Password, answer: Response, private: int) -> tuple[Mapping, Command]:
    """ICAO9303-11-4.4.3.3: decrypt the nonce and send the first key of the mapping.

    Raises:
        DocumentRefused: no nonce of whole blocks came.

    """
    sealed = _field(answer, 0x80, "PACE, the nonce")
    if len(sealed) not in _NONCE_SIZES:
        refuse(Fault.ACCESS_REFUSED, "a nonce of another length")
    secret = way.suite.derive(key.password, PASSWORD)
    nonce = way.suite.decrypt(secret, bytes(way.suite.block), sealed)
    public = way.curve.public(private)
    command = general_authenticate(encode(DYNAMIC, encode(0x81, way.curve.encode(public))), last=False)
    return Mapping(way=way, nonce=nonce, private=private, public=public), command


def agree(mapping: Mapping, answer: Response, private: int) -> tuple[Agreement, Command]:
    """ICAO9303-11-4.4.3.3.2: G' = s x G + H; send a key on the new generator.

    Raises:
        DocumentRefused: the chip's key is no point of the curve, or our own.

    """
    way, curve = mapping.way, mapping.way.curve
    theirs = curve.decode(_field(answer, 0x82, "PACE, the mapping"))
    if theirs == mapping.public:
        refuse(Fault.ACCESS_REFUSED, "the chip sends our own key back")
    shared = curve.multiply(mapping.private, theirs)
    generator = curve.add(curve.public(int.from_bytes(mapping.nonce)), shared)
    public = curve.multiply(private, generator)
    command = general_authenticate(encode(DYNAMIC, encode(0x83, curve.encode(public))), last=False)
    return Agreement(way=way, private=private, public=public), command


def confirm(agreement: Agreement, answer: Response) -> tuple[Confirmation, Command]:
    """ICAO9303-11-4.4.1, 4.4.3.4: derive the keys and send the code over the chip's key.

    Raises:
        DocumentRefused: the chip's key is no point of the curve, or our own (it MUST differ).

    """
    way, curve = agreement.way, agreement.way.curve
    theirs = curve.decode(_field(answer, 0x84, "PACE, the agreement"))
    if theirs == agreement.public:
        refuse(Fault.ACCESS_REFUSED, "the chip sends our own key back")
    channel = Channel.of(way.suite, curve.agreed(agreement.private, theirs))
    ours = way.suite.authenticate(channel.authentication, _token(way, theirs))
    expected = way.suite.authenticate(channel.authentication, _token(way, agreement.public))
    command = general_authenticate(encode(DYNAMIC, encode(0x85, ours)), last=True)
    return Confirmation(channel=channel, code=expected), command


def finish(confirmation: Confirmation, answer: Response) -> Channel:
    """ICAO9303-11-4.4.1: check the chip's code and return the channel.

    Raises:
        DocumentRefused: another password, or no chip that knows it.

    """
    if not same(_field(answer, 0x86, "PACE, the code"), confirmation.code):
        refuse(Fault.ACCESS_REFUSED, "the chip's code does not hold")
    return confirmation.channel


def _token(way: Way, public: Point) -> bytes:
    """ICAO9303-11-9.4.5: an ephemeral key with the protocol that it is for."""
    key = encode(0x06, oid_octets(way.protocol)) + encode(0x86, way.curve.encode(public))
    return encode(_PUBLIC_KEY, key)


def _field(answer: Response, tag: int, what: str) -> bytes:
    fields = read_set(read_one(succeeded(answer, what), DYNAMIC).value)
    if tag not in fields:
        refuse(Fault.ACCESS_REFUSED, f"{what}: not in the answer")
    return fields[tag]
