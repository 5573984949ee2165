"""Addresses that a mail can be sent to.

Only what every server on the way takes: a local part in ASCII (SMTPUTF8 is not asked, since one server that
does not know it sends the mail back), and a domain in ASCII or one that is written so (RFC5891). Nothing of
such an address can end a line of a header or of the protocol.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, Self

import idna

LONGEST: Final = 254  # characters (RFC5321-4.5.3.1.3, without the angle brackets)
LONGEST_LOCAL: Final = 64  # characters (RFC5321-4.5.3.1.1)

# RFC5322-3.2.3: a dot-atom; a quoted local part is nobody's, and the shape of most tricks. So is
# `=?`, which begins an encoded word in a header: such a mail could not be written.
_LOCAL = re.compile(r"(?!.*=\?)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class MailAddress:
    """One address, its domain in small ASCII letters. `str()` and `repr()` never show whose it is."""

    address: str = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """RFC5321-4.1.2: read an address as people write it.

        Raises:
            ValueError: it is none that a mail can be sent to.

        """
        local, at, domain = text.strip().rpartition("@")
        if not at or len(text) > LONGEST or len(local) > LONGEST_LOCAL or not _LOCAL.fullmatch(local):
            message = "not an address of mail"
            raise ValueError(message)
        try:
            plain = idna.encode(domain, uts46=True, std3_rules=True).decode("ascii").lower()
        except idna.IDNAError as error:
            message = "no domain of mail"
            raise ValueError(message) from error
        labels = plain.split(".")
        named = len(labels) > 1 and all(_LABEL.fullmatch(each) for each in labels)
        if not named or labels[-1].isdigit() or len(local) + 1 + len(plain) > LONGEST:
            message = "no domain of mail"
            raise ValueError(message)
        return cls(f"{local}@{plain}")

    @property
    def hint(self) -> str:
        """The first character and the domain, by which a person recognises their own address."""
        local, _, domain = self.address.rpartition("@")
        return f"{local[0]}…@{domain}"

    def __str__(self) -> str:
        """Hide the address."""
        return "an address of mail"
