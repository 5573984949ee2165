"""Asking the registers of courts, estates and organisations, and deriving what follows.

A register that does not answer gives nobody authority, and takes away none that another register gives:
each is asked apart, and its silence stands in what was derived. Nothing is kept between questions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from toegang.errors import Unavailable
from toegang.identity.numbers import KvkNumber
from toegang.mandates.legal.board import acting, by_registration
from toegang.mandates.legal.court import ByCourt, Capacity, by_court
from toegang.mandates.legal.derived import SILENT, Derived, derived
from toegang.mandates.legal.estate import by_estate
from toegang.mandates.legal.holdings import through_holdings
from toegang.mandates.legal.rules import Rule
from toegang.mandates.legal.signing import binds

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from toegang.identity.numbers import Bsn
    from toegang.registers.courts import Courts
    from toegang.registers.estates import Estates
    from toegang.registers.organisations import Organisations, RegisteredOrganisation
    from toegang.registers.spoken import Held, Holder

MOST_HOLDINGS: Final = 15
"""So many organisations are looked at to find the people behind one; beyond these nobody is found."""
MOST_PART: Final = 100
MOST_PARTS: Final = 5


class Holds(Protocol):
    """A register that tells for whom somebody acts."""

    async def held_by(self, holder: Holder, after: str, most: int) -> Held:
        """Return a part of the list.

        Raises:
            Unavailable: the register does not answer, or not in its own form.

        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """For whom somebody may turn out to act: to be derived one by one before anything rests on it.

    `complete` is False when a register was silent, or the list was longer than is read.
    """

    parties: tuple[Holder, ...]
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What the trade register told of an organisation, and who acts for it.

    `complete` is False when it did not answer about one that directs it: whoever acts through that one, or
    through those behind it, is not told.
    """

    found: RegisteredOrganisation
    acting: Derived
    complete: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalRegisters:
    """The registers from which legal authority over adults, estates and organisations follows."""

    courts: Courts
    estates: Estates
    organisations: Organisations

    async def for_person(self, bsn: Bsn, at: datetime, died_on: date | None = None) -> ByCourt:
        """Derive who acts for a person by order of a court, and what they can decide themselves.

        When the register is silent the person can grant nothing: an order may stand in it.
        """
        try:
            found = await self.courts.find(bsn)
        except Unavailable:
            return ByCourt(acting=SILENT, own=Capacity(unknown=True))
        return by_court(found, at, died_on)

    async def for_estate(self, bsn: Bsn, at: datetime) -> Derived:
        """Derive who acts for what a person left.

        Raises:
            Unavailable: the register was not asked, because too many ask it.

        """
        try:
            found = await self.estates.find(bsn)
        except Unavailable as error:
            if error.crowded:
                raise
            return SILENT
        return derived(nothing=[Rule.ESTATE_NOT_OPEN]) if found is None else by_estate(found, at)

    async def for_organisation(self, kvk: KvkNumber, at: datetime) -> Derived:
        """Derive who acts for an organisation: who is registered, and who acts alone through holdings."""
        try:
            told = await self.registration(kvk, at)
        except Unavailable:
            return SILENT
        return derived(nothing=[Rule.ORGANISATION_UNREGISTERED]) if told is None else told.acting

    async def registration(self, kvk: KvkNumber, at: datetime) -> Registration | None:
        """Find an organisation, and derive who acts for it.

        Raises:
            Unavailable: the trade register does not answer about it.

        """
        found = await self.organisations.find(kvk)
        if found is None:
            return None
        world, complete = await self._holdings(found, at)
        edges = {number: by_registration(one, at) for number, one in world.items()}
        own = edges[kvk]
        alone = {each.holder for each in own.authorities if each.together.alone}
        beyond = [each for each in through_holdings(kvk, edges) if each.holder not in alone]
        acting_ = derived([*own.authorities, *beyond], own.undetermined, own.nothing)
        return Registration(found=found, acting=acting_, complete=complete)

    async def together(
        self, kvk: KvkNumber, people: frozenset[Bsn], at: datetime, amount: int | None = None
    ) -> bool:
        """Tell whether these people together act for an organisation, also through its holdings.

        An organisation of which the register tells nothing gives nobody anything.
        """
        try:
            found = await self.organisations.find(kvk)
            world, _ = ({}, True) if found is None else await self._holdings(found, at)
        except Unavailable:
            return False
        return found is not None and binds(kvk, people, world, at, amount)

    async def candidates(self, holder: Holder) -> Candidates:
        """Return for whom a person or an organisation is registered as acting, of all registers."""
        parties: list[Holder] = []
        complete = True
        for register in (self.courts, self.estates, self.organisations):
            found, whole = await all_held(register, holder)
            parties += found
            complete = complete and whole
        return Candidates(parties=tuple(dict.fromkeys(parties)), complete=complete)

    async def _holdings(
        self, first: RegisteredOrganisation, at: datetime
    ) -> tuple[Mapping[KvkNumber, RegisteredOrganisation], bool]:
        """Return an organisation with those that direct it, those that direct these, and so on.

        Beside it stands whether the register answered about all of these.

        Raises:
            Unavailable: it was not asked about one, because too many ask it.

        """
        found, complete = {first.kvk: first}, True
        looking = _directors(first, at)
        for asked in range(MOST_HOLDINGS - 1):
            if asked == len(looking):
                break
            try:
                one = await self.organisations.find(looking[asked])
            except Unavailable as error:
                if error.crowded:
                    raise
                one, complete = None, False
            if one is not None:
                found[one.kvk] = one
                looking += [each for each in _directors(one, at) if each not in {first.kvk, *looking}]
        return found, complete


def _directors(found: RegisteredOrganisation, at: datetime) -> list[KvkNumber]:
    """Return the organisations that act for an organisation, in the order of their numbers."""
    parties = {each.party for each in acting(found, at)}
    return sorted((each for each in parties if isinstance(each, KvkNumber)), key=lambda each: each.digits)


async def all_held(register: Holds, holder: Holder) -> tuple[list[Holder], bool]:
    """Return for whom somebody acts in one register, and whether that is all.

    Raises:
        Unavailable: it was not asked at all, because too many ask it.

    """
    parties: list[Holder] = []
    after = ""
    for _ in range(MOST_PARTS):
        try:
            told = await register.held_by(holder, after, MOST_PART)
        except Unavailable as error:
            if error.crowded and not parties:
                raise
            return parties, False
        parties += told.parties
        after = told.next
        if not after:
            return parties, True
    return parties, False
