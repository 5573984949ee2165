"""Commands to a chip and its responses, as values and as octets, short and extended."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from toegang.emrtd.faults import Fault, refuse

SUCCESS: Final = 0x9000
CHAINED: Final = 0x10
"""The bit of the class octet that says that more of the same follows."""
SHORT: Final = 256
EXTENDED: Final = 65_536
"""The most octets that may be asked back."""
LONGEST_DATA: Final = 65_535
LONGEST_RESPONSE: Final = EXTENDED + 2

TRAVEL_APPLICATION: Final = bytes.fromhex("A0000002471001")
LICENCE_APPLICATION: Final = bytes.fromhex("A00000045645444C2D3031")
"""ICAO9303-10-3.1; ISO18013-2-C.2: the names by which applications are selected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """ISO7816-4-5.1: one command. `expected` octets are asked back; None asks for none."""

    cla: int = 0
    ins: int
    p1: int = 0
    p2: int = 0
    data: bytes = field(default=b"", repr=False)
    expected: int | None = None

    @property
    def header(self) -> bytes:
        """Its first four octets."""
        return bytes((self.cla, self.ins, self.p1, self.p2))

    def encode(self) -> bytes:
        """ISO7816-4-5.1: the octets to send; extended where its data or its answer needs that."""
        extended = len(self.data) >= SHORT or (self.expected or 0) > SHORT
        if extended:
            return self.header + _extended(self.data, self.expected)
        length = bytes([len(self.data)]) if self.data else b""
        wanted = b"" if self.expected is None else bytes([self.expected % SHORT])
        return self.header + length + self.data + wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """ISO7816-4-5.1: one response: its data, and the two octets that say how it went."""

    data: bytes = field(default=b"", repr=False)
    status: int

    @classmethod
    def parse(cls, octets: bytes) -> Response:
        """Read what a chip answered.

        Raises:
            DocumentRefused: less than a status, or more than any chip answers.

        """
        if len(octets) > LONGEST_RESPONSE:
            refuse(Fault.TOO_LARGE, "a response that is longer than any")
        if len(octets) < 2:  # noqa: PLR2004 the status
            refuse(Fault.UNREADABLE, "a response without a status")
        return cls(data=octets[:-2], status=int.from_bytes(octets[-2:]))

    def encode(self) -> bytes:
        """Return the octets of it."""
        return self.data + self.status.to_bytes(2)


def succeeded(response: Response, what: str, fault: Fault = Fault.ACCESS_REFUSED) -> bytes:
    """Return the data of a response that says all went well.

    Raises:
        DocumentRefused: it says otherwise.

    """
    if response.status != SUCCESS:
        refuse(fault, f"{what}: status {response.status:04X}")
    return response.data


def select_application(name: bytes) -> Command:
    """ISO7816-4-11.2.2: choose an application by its name; nothing is asked back."""
    return Command(ins=0xA4, p1=0x04, p2=0x0C, data=name)


def select_file(identifier: int) -> Command:
    """ICAO9303-10-3.6.2: choose a file of the application by its identifier."""
    return Command(ins=0xA4, p1=0x02, p2=0x0C, data=identifier.to_bytes(2))


def read_file(short: int, length: int) -> Command:
    """ICAO9303-10-3.6.3: choose a file by its short identifier and read from its beginning."""
    return Command(ins=0xB0, p1=0x80 | short, expected=length)


def read_on(offset: int, length: int) -> Command:
    """ICAO9303-10-3.6.3: read on in the file that was chosen, up to its octet 32,767."""
    return Command(ins=0xB0, p1=offset >> 8, p2=offset & 0xFF, expected=length)


def get_challenge() -> Command:
    """ICAO9303-11-4.3.4.1: ask for eight random octets."""
    return Command(ins=0x84, expected=8)


def external_authenticate(data: bytes, expected: int) -> Command:
    """ICAO9303-11-4.3.4.2: prove that the reader knows the key, and ask the same of the chip."""
    return Command(ins=0x82, data=data, expected=expected)


def internal_authenticate(challenge: bytes, expected: int = SHORT) -> Command:
    """ICAO9303-11-6.1.3: have the chip sign a challenge."""
    return Command(ins=0x88, data=challenge, expected=expected)


def general_authenticate(data: bytes, *, last: bool) -> Command:
    """ICAO9303-11-4.4.4.2, 6.2.4.2: one step of a protocol that was set before."""
    return Command(cla=0 if last else CHAINED, ins=0x86, data=data, expected=SHORT)


def manage_security(usage: int, data: bytes) -> Command:
    """ICAO9303-11-4.4.4.1, 6.2.4: say which protocol and which key come next."""
    return Command(ins=0x22, p1=usage >> 8, p2=usage & 0xFF, data=data)


def _extended(data: bytes, expected: int | None) -> bytes:
    if len(data) > LONGEST_DATA:
        refuse(Fault.TOO_LARGE, "a command that is longer than any")
    length = b"\x00" + len(data).to_bytes(2) + data if data else b""
    if expected is None:
        return length
    wanted = (expected % EXTENDED).to_bytes(2)
    return length + wanted if data else b"\x00" + wanted
