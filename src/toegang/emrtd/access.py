"""What opens a chip: something that is printed on the document, and how keys come from it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Protocol

from toegang.emrtd.faults import Fault, refuse

SEED_SIZE: Final = 16
_CAN = re.compile(r"[0-9]{6}", re.ASCII)


class Access(Enum):
    """How the channel to a chip was opened, by whoever opened it."""

    BAC = "bac"
    PACE = "pace"


class Printed(Enum):
    """Which printed thing is the key; the value is its number in PACE (ICAO9303-11-4.4.4.1)."""

    MRZ = 1
    CAN = 2


class Password(Protocol):
    """What PACE needs of a password: its number (ICAO9303-11-4.4.4.1) and its octets.

    A key that is printed on a document; or, for who stands beside a card, the PIN of its holder
    (TR03110-2-3.3), which is never here.
    """

    @property
    def reference(self) -> int:
        """Which password it is."""
        ...

    @property
    def password(self) -> bytes:
        """What the key of PACE is derived from."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessKey:
    """A key to one document: printed on it, so it proves that somebody saw the document, never who they are.

    `information` is what is hashed: document number, dates and their check digits of a travel document, the
    line of a driving licence without its first and last character, or the six digits of a CAN.
    """

    printed: Printed
    information: str = field(repr=False)

    @classmethod
    def of_can(cls, digits: str) -> AccessKey:
        """ICAO9303-4-4.2.2.3: the card access number in the lower right corner of a card.

        Raises:
            DocumentRefused: not six digits.

        """
        if not _CAN.fullmatch(digits):
            refuse(Fault.UNREADABLE, "a CAN is six digits")
        return cls(printed=Printed.CAN, information=digits)

    @property
    def seed(self) -> bytes:
        """ICAO9303-11-9.7.2: what the keys of basic access are derived from."""
        if self.printed is not Printed.MRZ:
            refuse(Fault.ACCESS_REFUSED, "basic access takes no CAN")
        return self._hashed()[:SEED_SIZE]

    @property
    def reference(self) -> int:
        """ICAO9303-11-4.4.4.1: its number in PACE."""
        return self.printed.value

    @property
    def password(self) -> bytes:
        """ICAO9303-11-9.7.3: what the key of PACE is derived from."""
        return self._hashed() if self.printed is Printed.MRZ else self.information.encode("latin-1")

    @property
    def number_of_line(self) -> str:
        """The number in the line of a driving licence, when this is the key from one."""
        return self.information[5:15]

    def _hashed(self) -> bytes:
        return hashlib.sha1(self.information.encode("ascii"), usedforsecurity=False).digest()
