"""Telephone numbers that can receive a code."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from toegang.errors import NumberNotUsable

_HOME_REGION = "NL"
_MOBILE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
_SHOWN = 2
_LONGEST = 40  # characters that a person may type, spaces and all


@dataclass(frozen=True, slots=True)
class Telephone:
    """E164-6: a mobile number as `+31612345678`; `prefix` is its country's, such as `+31`.

    `str()` and `repr()` never show the number.
    """

    number: str = field(repr=False)
    prefix: str

    @classmethod
    def parse(cls, text: str, prefixes: frozenset[str]) -> Self:
        """Read a number as people write it; one without a country code is Dutch.

        Args:
            text: what the person typed.
            prefixes: the country codes that we send to, such as `+31` (security line L05).

        Raises:
            NumberNotUsable: not a number, not a mobile one, or of a country that we do not send to.

        """
        try:
            parsed = phonenumbers.parse(text[:_LONGEST], _HOME_REGION)
        except phonenumbers.NumberParseException:
            raise NumberNotUsable from None
        prefix = f"+{parsed.country_code}"
        usable = phonenumbers.is_valid_number(parsed) and phonenumbers.number_type(parsed) in _MOBILE
        if parsed.extension or not usable or prefix not in prefixes:
            raise NumberNotUsable
        return cls(phonenumbers.format_number(parsed, PhoneNumberFormat.E164), prefix)

    @property
    def ending(self) -> str:
        """The last two digits, by which a person recognises their own number."""
        return self.number[-_SHOWN:]

    def __str__(self) -> str:
        """Hide the number but for its ending."""
        return f"telephone ending in {self.ending}"
