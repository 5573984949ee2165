"""Names: what to show of parties, as registers tell it when it is shown. None of these is kept.

A name is for a page and decides nothing. Whoever asks gets an answer for every party, in time: of whom a
register is silent, or knows nobody, the name is empty, and the page says so in neutral
words. By what clients are found is in searching.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

from toegang.identity.numbers import BranchNumber, Bsn, KvkNumber
from toegang.mandates.party import PartyKind
from toegang.mandates.side_by_side import ask_each, moment_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from toegang.mandates.numbers import Number, Numbers
    from toegang.mandates.party import PartyId
    from toegang.registers.organisations import Organisations
    from toegang.registers.population import Population

MOST: Final = 200
"""Parties that are looked up for one page; of those beyond there is no name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A party as a page shows it; `name` is empty where no register told one.

    `kind` is what it is by its number, None of whom we have no number.
    """

    kind: PartyKind | None
    name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Asks the population register for names of people and the trade register for those of organisations.

    `patience` is how long a page waits for all of them, in seconds.
    """

    numbers: Numbers
    population: Population
    organisations: Organisations
    patience: float = 3.0

    async def of(self, parties: Iterable[PartyId]) -> Mapping[PartyId, Shown]:
        """Return every one of these parties as it is shown."""
        wanted = list(dict.fromkeys(parties))
        numbers = {party: known[0] for party, known in (await self.numbers.of(wanted[:MOST])).items()}
        told: dict[Number, str] = {}

        async def look_up(number: Number) -> None:
            told[number] = await self._name(number)

        asked = dict.fromkeys(numbers.values())
        await ask_each((partial(look_up, each) for each in asked), moment_in(self.patience))
        return {party: _shown(numbers.get(party), told) for party in wanted}

    async def _name(self, number: Number) -> str:
        if isinstance(number, Bsn):
            person = await self.population.find(number)
            return "" if person is None else person.names.full
        kvk = number.organisation if isinstance(number, BranchNumber) else number
        found = await self.organisations.find(kvk) if isinstance(kvk, KvkNumber) else None
        if found is None:
            return ""
        if isinstance(number, BranchNumber):
            return next((each.name for each in found.branches if each.number == number.digits), found.name)
        return found.name


def _shown(number: Number | None, told: Mapping[Number, str]) -> Shown:
    if number is None:
        return Shown(kind=None)
    return Shown(kind=_KINDS.get(type(number), PartyKind.ORGANISATION), name=told.get(number, ""))


_KINDS = {Bsn: PartyKind.PERSON, BranchNumber: PartyKind.BRANCH}
