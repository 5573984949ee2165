"""The population register: who a person is in law, and where a letter reaches them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol, Self

from toegang.errors import PersonNotFound

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.identity.numbers import Bsn

_BIRTH_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_POSTCODE = re.compile(r"([1-9]\d{3}) ?([A-Z]{2})", re.ASCII)
_LEAP_YEAR = 2000  # tells whether a day exists in a month of an unknown year
_DECEMBER = 12
_LAST_DAY = 31


@dataclass(frozen=True, slots=True, kw_only=True)
class BirthDate:
    """A birth date of which the day, the month or all may be unknown (None), as on a passport."""

    year: int | None
    month: int | None
    day: int | None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `YYYY-MM-DD`; zeros stand for an unknown part (`1950-00-00`).

        Raises:
            ValueError: not a date, or a known part behind an unknown one.

        """
        found = _BIRTH_DATE.fullmatch(text)
        if found is None:
            msg = "a birth date is written YYYY-MM-DD"
            raise ValueError(msg)
        year, month, day = (int(part) or None for part in found.groups())
        if (day and not month) or (month and not year):
            msg = "a part of a birth date is known while a greater part is not"
            raise ValueError(msg)
        date(year or _LEAP_YEAR, month or 1, day or 1)
        return cls(year=year, month=month, day=day)

    def latest(self) -> date:
        """Return the latest day that it can be: whoever counts years, counts from here."""
        if self.year is None:
            return date.max
        if self.month is None:
            return date(self.year, _DECEMBER, _LAST_DAY)
        if self.day is not None:
            return date(self.year, self.month, self.day)
        following = date(self.year + self.month // 12, self.month % 12 + 1, 1)
        return date.fromordinal(following.toordinal() - 1)

    def earliest(self) -> date:
        """Return the earliest day that it can be."""
        return date(self.year or date.min.year, self.month or 1, self.day or 1)

    def is_at_least(self, years: int, on: date) -> bool:
        """Tell whether the person is surely `years` old `on` that day (someone of 29 February: 1 March)."""
        return _turned(self.latest(), years, on)

    def may_be(self, years: int, on: date) -> bool:
        """Tell whether the person can be `years` old, or older, `on` that day."""
        return _turned(self.earliest(), years, on)

    def __str__(self) -> str:
        """Write `YYYY-MM-DD`, zeros for what is unknown."""
        return f"{self.year or 0:04d}-{self.month or 0:02d}-{self.day or 0:02d}"


def _turned(born: date, years: int, on: date) -> bool:
    return (born.year + years, born.month, born.day) <= (on.year, on.month, on.day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """A person's names; everyone has `full`, the other parts may be empty."""

    given: str
    prefix: str
    family: str
    full: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A Dutch address; `postcode` as `1234 AB`, `suffix` is the letter or addition of the house number."""

    street: str
    house_number: int
    suffix: str
    postcode: str
    town: str

    def lines(self) -> tuple[str, str]:
        """Return the lines under the name on an envelope."""
        number = f"{self.house_number}{self.suffix and f' {self.suffix}'}"
        return f"{self.street} {number}", f"{self.postcode}  {self.town}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A person as the population register knows them at `as_of`, according to `source`.

    `address` is None for who moved abroad or has no known address. `abroad` are the lines of an address in
    another country, the country last; empty for none. `address_secret` means that the address serves to
    send a letter and for nothing else: no page, event or log shows it.
    """

    bsn: Bsn
    names: Names
    birth_date: BirthDate
    address: Address | None
    address_secret: bool
    resident: bool
    deceased_on: date | None
    as_of: datetime
    source: str
    abroad: tuple[str, ...] = ()

    def lives_at(self, postcode: str, house_number: int) -> bool:
        """Tell whether this is the postcode and number of the person's address."""
        if self.address is None:
            return False
        return (self.address.postcode, self.address.house_number) == (postcode, house_number)


class Population(Protocol):
    """Asks the population register."""

    async def find(self, bsn: Bsn) -> Registered | None:
        """Find the person with this BSN.

        Raises:
            Unavailable: the register does not answer, or not in its own form.

        """
        ...


async def match(
    population: Population, *, bsn: Bsn, birth_date: BirthDate, postcode: str, house_number: int
) -> Registered:
    """Return the person of whom all particulars are true; `postcode` as `parse_postcode` writes it.

    Raises:
        PersonNotFound: nobody has this BSN, or another particular differs; never said which.
        Unavailable: the register does not answer.

    """
    person = await population.find(bsn)
    if person is None or person.birth_date != birth_date or not person.lives_at(postcode, house_number):
        raise PersonNotFound
    return person


def parse_postcode(text: str) -> str:
    """Read a Dutch postcode in any case, with or without the space; return it as `1234 AB`.

    Raises:
        ValueError: not a postcode.

    """
    found = _POSTCODE.fullmatch(text.strip().upper())
    if found is None:
        msg = "not a postcode"
        raise ValueError(msg)
    return f"{found[1]} {found[2]}"
