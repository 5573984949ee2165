"""Filling: many are put on a team at once, each as what they are to the organisation, or with why not.

Of who is neither its client nor works for it nothing is said but that, whoever they are, and also of nobody:
as much is asked of the stores for a number that nobody has.
"""

from __future__ import annotations

import enum
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from toegang.mandates.edge import Edge
    from toegang.mandates.party import PartyId
    from toegang.mandates.teams import Steward, Team, Teams

AT_ONCE: Final = 50
"""Who are put on a team in one unit, so that others write between two."""


class Outcome(enum.StrEnum):
    """What becomes, or became, of one of many."""

    PERSON = "person"
    CLIENT = "client"
    BOTH = "both"
    ALREADY = "already"
    NOT_THEIRS = "not-theirs"
    LEVEL_TOO_LOW = "level-too-low"

    @property
    def adds(self) -> bool:
        """Whether somebody is put on the team."""
        return self in {Outcome.PERSON, Outcome.CLIENT, Outcome.BOTH}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """Fills one team of an organisation."""

    teams: Teams
    by: Steward
    team: Team

    async def judge(self, parties: Sequence[PartyId], now: datetime) -> Mapping[PartyId, Outcome]:
        """Tell of each what would become of them.

        Raises:
            NotEntitled: the team is another organisation's, or gone.

        """
        await self.teams.find(self.by, self.team.id)
        edges = self.teams.mandates.edges
        firm = self.by.organisation
        around = await edges.around(firm, parties)
        given = _ends(around, firm, now)
        on_team = _ends(await edges.around(self.team.id, parties), self.team.id, now)
        high = _ends(self._too_high(around, now), firm, now)
        return {each: _outcome(given[each], on_team[each], high[each]) for each in parties}

    async def fill(self, judged: Mapping[PartyId, Outcome], now: datetime) -> None:
        """Put those on the team of whom that was said.

        Raises:
            NotEntitled: the team is gone meanwhile; who was put on it before is on it no more.

        """
        team = self.team.id
        ends = [
            pair
            for party, outcome in judged.items()
            for pair, which in (((team, party), Outcome.PERSON), ((party, team), Outcome.CLIENT))
            if outcome in {which, Outcome.BOTH}
        ]
        for begin in range(0, len(ends), AT_ONCE):
            async with self.teams.mandates.units.begin() as unit:
                await self.teams.put(unit, self.by, self.team, ends[begin : begin + AT_ONCE], now)

    def _too_high(self, edges: Iterable[Edge], now: datetime) -> Sequence[Edge]:
        """Return by which of these a service asks a higher level of who says so; one look for equal ones."""
        alike: dict[tuple[object, ...], list[Edge]] = defaultdict(list)
        for edge in edges:
            alike[edge.kind, edge.terms.scopes].append(edge)
        high = (all_ for all_ in alike.values() if not self.teams.suffices(self.by, all_[0], now))
        return [edge for all_ in high for edge in all_]


def _ends(edges: Iterable[Edge], middle: PartyId, now: datetime) -> Mapping[PartyId, set[Outcome]]:
    """Return who works for, or is a client of, an organisation or a team, as far as it holds now."""
    found: dict[PartyId, set[Outcome]] = defaultdict(set)
    for edge in edges:
        if not edge.effective(now):
            continue
        if edge.principal == middle and edge.kind.within_organisation:
            found[edge.agent].add(Outcome.PERSON)
        elif edge.agent == middle and not edge.kind.within_organisation:
            found[edge.principal].add(Outcome.CLIENT)
    return found


def _outcome(given: set[Outcome], on_team: set[Outcome], high: set[Outcome]) -> Outcome:
    if not given:
        return Outcome.NOT_THEIRS
    missing = given - on_team
    may = missing - high
    if not may:
        return Outcome.LEVEL_TOO_LOW if missing else Outcome.ALREADY
    return Outcome.BOTH if len(may) > 1 else next(iter(may))
