"""Secure messaging: each command and response encrypted, authenticated and counted.

A `Channel` is a value: protecting a command gives the channel in which its response is opened, and opening
that gives the next. Whoever keeps one for a reader keeps its keys, sealed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from toegang.emrtd.apdu import EXTENDED, SHORT, Command, Response
from toegang.emrtd.ciphers import AUTHENTICATION, ENCRYPTION, Suite, pad, same, unpad
from toegang.emrtd.faults import Fault, refuse
from toegang.emrtd.tlv import encode, read_set

PROTECTED: Final = 0x0C
"""The bits of the class octet that say that this is secure messaging, with its header authenticated."""
PADDED: Final = 0x87
PLAIN_FORM: Final = 0x85
EXPECTED: Final = 0x97
STATUS: Final = 0x99
CODE: Final = 0x8E
_INDICATOR: Final = b"\x01"


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """The keys of a channel and how many messages went through it."""

    suite: Suite
    encryption: bytes = field(repr=False)
    authentication: bytes = field(repr=False)
    counter: int = 0

    @classmethod
    def of(cls, suite: Suite, secret: bytes, counter: int = 0) -> Channel:
        """ICAO9303-11-9.7.4: the keys of a channel, from a secret that both sides agreed on."""
        return cls(
            suite=suite,
            encryption=suite.derive(secret, ENCRYPTION),
            authentication=suite.derive(secret, AUTHENTICATION),
            counter=counter,
        )

    def protect(self, command: Command) -> tuple[Channel, Command]:
        """ICAO9303-11-9.8.4: return the channel after this command, and what is sent for it.

        1. The counter goes up.
        2. The data is encrypted (DO 87, or DO 85 where the instruction is odd); what is expected is DO 97.
        3. The code (DO 8E) is over the counter, the header and both.
        """
        # 1.
        channel = self._next()
        # 2.
        header = replace(command, cla=command.cla | PROTECTED).header
        objects = _data(channel, command) + _expected(command.expected)
        # 3.
        head = pad(header, self.suite.block)
        code = channel.code(head + (pad(objects, self.suite.block) if objects else b""))
        data = objects + encode(CODE, code)
        long = (command.expected or 0) > SHORT or len(data) >= SHORT
        expected = EXTENDED if long else SHORT
        sent = Command(
            cla=header[0], ins=command.ins, p1=command.p1, p2=command.p2, data=data, expected=expected
        )
        return channel, sent

    def open(self, response: Response) -> tuple[Channel, Response]:
        """ICAO9303-11-9.8.4: return the channel after this response, and what it says.

        1. The counter goes up.
        2. Its parts are data, status and code, in this order and each once; a response without a code is
           no response of this channel (ICAO9303-11-9.8.5).
        3. The code holds over the counter and the parts.
        4. The status inside is the one outside; the data is decrypted.

        Raises:
            DocumentRefused: any of these is otherwise.

        """
        # 1.
        channel = self._next()
        # 2.
        parts = read_set(response.data)
        order = [tag for tag in (PADDED, PLAIN_FORM, STATUS, CODE) if tag in parts]
        if (
            list(parts) != order
            or CODE not in parts
            or STATUS not in parts
            or {PADDED, PLAIN_FORM} <= {*parts}
        ):
            refuse(Fault.CHANNEL_BROKEN, f"an answer outside the channel: status {response.status:04X}")
        # 3.
        objects = b"".join(encode(tag, parts[tag]) for tag in order if tag != CODE)
        if not same(channel.code(pad(objects, self.suite.block)), parts[CODE]):
            refuse(Fault.CHANNEL_BROKEN, "the code of an answer does not hold")
        # 4.
        if parts[STATUS] != response.status.to_bytes(2):
            refuse(Fault.CHANNEL_BROKEN, "an answer with two statuses")
        return channel, Response(data=_plain(channel, parts), status=response.status)

    def code(self, padded: bytes) -> bytes:
        """ICAO9303-11-9.8.6.2: the code over the counter and a message that was padded."""
        return self.suite.authenticate_blocks(self.authentication, self.count + padded)

    def _next(self) -> Channel:
        return replace(self, counter=(self.counter + 1) % (1 << 8 * self.suite.block))

    @property
    def count(self) -> bytes:
        """ICAO9303-11-9.8.2: the counter, as long as a block."""
        return self.counter.to_bytes(self.suite.block)


def _vector(channel: Channel) -> bytes:
    """ICAO9303-11-9.8.6.1, 9.8.7.1: nothing with 3DES, the encrypted counter with AES."""
    nothing = bytes(channel.suite.block)
    if channel.suite is Suite.TDES:
        return nothing
    return channel.suite.encrypt(channel.encryption, nothing, channel.count)


def _data(channel: Channel, command: Command) -> bytes:
    if not command.data:
        return b""
    padded = pad(command.data, channel.suite.block)
    encrypted = channel.suite.encrypt(channel.encryption, _vector(channel), padded)
    return encode(PLAIN_FORM, encrypted) if command.ins & 1 else encode(PADDED, _INDICATOR + encrypted)


def _plain(channel: Channel, parts: dict[int, bytes]) -> bytes:
    if PLAIN_FORM in parts:
        encrypted = parts[PLAIN_FORM]
    elif PADDED in parts:
        if parts[PADDED][:1] != _INDICATOR:
            refuse(Fault.CHANNEL_BROKEN, "data with another padding")
        encrypted = parts[PADDED][1:]
    else:
        return b""
    if not encrypted:
        refuse(Fault.CHANNEL_BROKEN, "data without octets")
    return unpad(channel.suite.decrypt(channel.encryption, _vector(channel), encrypted))


def _expected(expected: int | None) -> bytes:
    """ICAO9303-11-9.8.4: one octet, two in the extended form; nought is the most."""
    if expected is None:
        return b""
    size, most = (2, EXTENDED) if expected > SHORT else (1, SHORT)
    return encode(EXPECTED, (expected % most).to_bytes(size))
