"""Helping: the organisations that people may let help them, as a library, by the catalogue as it is now.

Operators put them in that list, and take them out; what was given to one that is out of it lets nobody act,
until it is in it again. Who of the organisation helps is its own mandate of an employee, as for any client.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.catalogue import gate
from toegang.catalogue.findable import words_of
from toegang.catalogue.values import OrganisationId
from toegang.errors import Refusal
from toegang.identity.numbers import KvkNumber

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from toegang.catalogue.values import Organisation
    from toegang.catalogue.watch import Catalogue
    from toegang.mandates.numbers import Numbers
    from toegang.mandates.party import PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpingInCatalogue:
    """mandates.stores.WhoHelps over the catalogue as it is now, and what pages show of it."""

    catalogue: Catalogue
    numbers: Numbers

    async def among(self, parties: Iterable[PartyId], now: datetime) -> frozenset[PartyId]:
        """Return those of these parties that help people now."""
        numbers = await self.numbers.of(parties)
        return frozenset(
            party
            for party, known in numbers.items()
            if any(isinstance(each, KvkNumber) and self.helps(each, now) for each in known)
        )

    def helps(self, kvk: KvkNumber, now: datetime) -> bool:
        """Tell whether an organisation helps people now."""
        ids = self.catalogue.current.helping(kvk.digits)
        return any(self._open(each, now) is not None for each in ids)

    def named(self, words: str, most: int, now: datetime) -> Sequence[Organisation]:
        """Return the first that help people now, by name, with these words in it."""
        wanted = words_of(words)
        found = (self._open(each, now) for each in self.catalogue.current.helping())
        fit = [each for each in found if each is not None and all(word in _text(each) for word in wanted)]
        return sorted(fit, key=lambda each: (each.names.nl.casefold(), each.id))[:most]

    def number_of(self, name: str, now: datetime) -> KvkNumber | None:
        """Return by which number one of them is known that was chosen by its id; None: none, or no more."""
        found = self._open(OrganisationId(name), now)
        return KvkNumber.parse(found.helps_as) if found is not None and found.helps_as else None

    def _open(self, name: OrganisationId, now: datetime) -> Organisation | None:
        try:
            return gate.open_organisation(self.catalogue.current, name, now)
        except Refusal:
            return None


def _text(organisation: Organisation) -> str:
    return f"{organisation.names.nl} {organisation.names.en}".casefold()
