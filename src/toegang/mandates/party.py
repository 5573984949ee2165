"""Parties: who can stand at either end of an edge, and what a register says of them as a whole."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NewType
from uuid import UUID
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.registers.population import BirthDate

PartyId = NewType("PartyId", UUID)
"""A person's is their PersonId; an organisation's is drawn when its number is first seen."""

MAJORITY: Final = 18
"""BW-1:233: years; whoever is younger acts for nobody, and their parents act for them."""

AMSTERDAM: Final = ZoneInfo("Europe/Amsterdam")


class PartyKind(enum.StrEnum):
    """What a party is."""

    PERSON = "person"
    ORGANISATION = "organisation"
    BRANCH = "branch"
    ESTATE = "estate"


class Standing(enum.StrEnum):
    """What a register says of a party as a whole; every edge at either end of it depends on that."""

    ABLE = "able"
    DECEASED = "deceased"
    UNDER_GUARDIANSHIP = "under-guardianship"  # curatele: an adult who does not act alone in law
    DISSOLVED = "dissolved"
    INSOLVENT = "insolvent"
    INVESTIGATED = "investigated"  # the register doubts its own facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A party as kept: `standing` holds from `since` on (None: always); before it the party was able.

    It is kept once per party and never copied to edges, so that one row changes when a firm with 90,000
    clients is dissolved. `born` is a person's; None for what has no age and for whom it is not known. With
    `told_at`, when the register told it (None: not known), older news never takes the place of newer.
    """

    id: PartyId
    kind: PartyKind
    standing: Standing = Standing.ABLE
    since: datetime | None = None
    born: BirthDate | None = None
    told_at: datetime | None = field(default=None, compare=False)

    def standing_at(self, at: datetime) -> Standing:
        """Return what the party is at `at`."""
        begun = self.since is None or self.since <= at
        return self.standing if begun else Standing.ABLE

    def is_at_least(self, years: int, at: datetime) -> bool:
        """Tell whether the person is surely so old; an age begins with the day, in Amsterdam."""
        return self.born is not None and self.born.is_at_least(years, at.astimezone(AMSTERDAM).date())

    def is_under(self, years: int, at: datetime) -> bool:
        """Tell whether the person is surely younger; with unknown parts of a date both may be untrue."""
        return self.born is not None and not self.born.may_be(years, at.astimezone(AMSTERDAM).date())

    def is_adult(self, at: datetime) -> bool:
        """Tell whether it is surely no minor; of an organisation and an estate that is always so."""
        return self.kind is not PartyKind.PERSON or self.is_at_least(MAJORITY, at)
