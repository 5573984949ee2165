"""Numbers that the state gives: parsed once, valid from then on, and never shown by accident."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

from stdnum.exceptions import ValidationError
from stdnum.nl import bsn

BSN_LENGTH = 9
BSN_SHORTEST = 8  # digits that are written; a zero in front may be left out
OIN_LENGTH = 20
KVK_LENGTH = 8
RSIN_LENGTH = 9
BRANCH_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Bsn:
    """A citizen service number: nine digits that pass the eleven test (Wabb-1).

    `str()` and `repr()` never show it; `digits` is read only where it leaves the house sealed.
    """

    digits: str = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read eight or nine digits, spaces and full stops allowed.

        Raises:
            ValueError: not a BSN.

        """
        msg = "not a citizen service number"
        if len(text) == BSN_LENGTH and text.isascii() and text.isdigit():  # as it is kept: nothing to clean
            if int(text) == 0 or bsn.checksum(text) != 0:
                raise ValueError(msg)
            return cls(text)
        # The library fills up with zeros in front, so that `12` would be a number of nine digits.
        if not BSN_SHORTEST <= sum(sign.isdigit() for sign in text) <= BSN_LENGTH:
            raise ValueError(msg)
        try:
            return cls(bsn.validate(text))
        except ValidationError:
            raise ValueError(msg) from None

    def __str__(self) -> str:
        """Hide the number."""
        return "BSN"


@dataclass(frozen=True, slots=True)
class Oin:
    """An organisation's identification number in the government's register: 20 digits (OIN-2)."""

    digits: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read 20 digits.

        Raises:
            ValueError: not an OIN.

        """
        if len(text) != OIN_LENGTH or not (text.isascii() and text.isdigit()):
            msg = f"not an OIN: {OIN_LENGTH} digits are needed"
            raise ValueError(msg)
        return cls(text)

    def __str__(self) -> str:
        """Return the digits."""
        return self.digits


@dataclass(frozen=True, slots=True)
class KvkNumber:
    """A number of the trade register: eight digits (HRW-9)."""

    digits: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read eight digits.

        Raises:
            ValueError: not a number of the trade register.

        """
        if len(text) != KVK_LENGTH or not (text.isascii() and text.isdigit()):
            msg = f"not a KVK number: {KVK_LENGTH} digits are needed"
            raise ValueError(msg)
        return cls(text)

    def __str__(self) -> str:
        """Return the digits."""
        return self.digits


@dataclass(frozen=True, slots=True)
class Rsin:
    """A number of a legal person or partnership: nine digits that pass the eleven test (HRW-9)."""

    digits: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read nine digits.

        Raises:
            ValueError: not an RSIN.

        """
        if len(text) != RSIN_LENGTH or not (text.isascii() and text.isdigit()) or not bsn.is_valid(text):
            msg = f"not an RSIN: {RSIN_LENGTH} digits that pass the eleven test are needed"
            raise ValueError(msg)
        return cls(text)

    def __str__(self) -> str:
        """Return the digits."""
        return self.digits


@dataclass(frozen=True, slots=True)
class BranchNumber:
    """A branch (vestiging) of an organisation: twelve digits, next to those of the organisation (HRW-9)."""

    organisation: KvkNumber
    digits: str

    @classmethod
    def parse(cls, organisation: KvkNumber, text: str) -> Self:
        """Read twelve digits.

        Raises:
            ValueError: not a number of a branch.

        """
        if len(text) != BRANCH_LENGTH or not (text.isascii() and text.isdigit()):
            msg = f"not a number of a branch: {BRANCH_LENGTH} digits are needed"
            raise ValueError(msg)
        return cls(organisation, text)

    def __str__(self) -> str:
        """Return the digits."""
        return self.digits
