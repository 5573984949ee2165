"""Clients: for whom an organisation acts and who works for it, as who directs or manages it finds them.

Whoever asks was found to stand in for the organisation (standing_in.py, `Teams.steward`). Of who is nothing
to it nothing is told, also not whether there is anybody.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Protocol

from toegang.errors import NotEntitled
from toegang.mandates.bounds import LOOKING, NUMBERS, SUGGESTING
from toegang.mandates.listing import Cut, Last, Listing, ends, listed, place_of
from toegang.mandates.party import PartyId
from toegang.mandates.searching import FEWEST, folded
from toegang.mandates.stores import Page
from toegang.mandates.why import Why

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from toegang.mandates.bounds import Bound, Bounds
    from toegang.mandates.edge import Edge
    from toegang.mandates.numbers import Number, Numbers
    from toegang.mandates.register import Mandates
    from toegang.mandates.searching import ClientNames
    from toegang.mandates.stores import Lists
    from toegang.mandates.teams import Steward, Team

SUGGESTED: Final = Page(size=7)
AT_ONCE: Final = 250
"""Mandates that are looked at in one go for clients of no team: others have their turn between two."""
MOST_LOOKS: Final = 40
"""How often that is done for one page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A mandate of a client, and where it stands on the list of their organisation."""

    client: PartyId
    last: Last


@dataclass(frozen=True, slots=True, kw_only=True)
class OffTeams:
    """Those of some mandates whose givers are on no team; what follows begins after `last`, if any may."""

    found: Sequence[Spot]
    last: Last | None


class TeamLooks(Protocol):
    """Looks up who is on teams; what it costs grows with what is asked for, not with the organisation."""

    async def off_teams(self, organisation: PartyId, cut: Cut, now: datetime) -> OffTeams:
        """Look at the next mandates that an organisation got, as its list has them: whose are on no team."""
        ...

    async def joined(
        self, organisation: PartyId, people: Iterable[PartyId], now: datetime
    ) -> Mapping[PartyId, Sequence[Team]]:
        """Return on which teams of an organisation each of these people is, in the order of their ids."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Clients with a name that starts so, with what they gave; the next page begins after `after`, if any."""

    gave: Mapping[PartyId, Sequence[Edge]]
    after: PartyId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unassigned:
    """Clients that no team is for; what follows begins after `last`, if anything may."""

    clients: Sequence[PartyId]
    last: Last | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Who works for an organisation, by which mandates, and on which of its teams they are."""

    person: PartyId
    edges: Sequence[Edge]
    teams: Sequence[Team] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleagues:
    """Some of those; what follows begins after `last`, if anything may."""

    found: Sequence[Colleague] = field(default=())
    last: Last | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clients:
    """Looks for them; `names` are those that clients are found by, `teams` tells who is on which."""

    mandates: Mandates
    lists: Lists
    names: ClientNames
    numbers: Numbers
    teams: TeamLooks
    bounds: Bounds

    async def gave(
        self, organisation: PartyId, parties: Iterable[PartyId], now: datetime
    ) -> Mapping[PartyId, Sequence[Edge]]:
        """Return what those of these let an organisation do who are its clients, in their order."""
        return await self._between(organisation, parties, Listing.RECEIVED, now)

    async def named(
        self, organisation: PartyId, person: PartyId, words: str, page: Page, now: datetime
    ) -> Named:
        """Return the next clients of whose name a word starts so; `person` asks.

        By name; a page may be shorter than asked, and only one without `after` is the last.

        Raises:
            TooManyTries: too often lately.

        """
        await self._count(f"client-looks:{person}", LOOKING, now)
        found = await self._starting(organisation, words, page)
        after = found[-1] if len(found) == page.size else None
        return Named(gave=await self.gave(organisation, found, now), after=after)

    async def suggested(
        self, organisation: PartyId, person: PartyId, words: str, now: datetime
    ) -> Sequence[PartyId]:
        """Return the first few whom a search by name would find; of too few letters nobody.

        Raises:
            TooManyTries: too often lately.

        """
        if len(folded(words)) < FEWEST:
            return ()
        await self._count(f"client-names:{person}", SUGGESTING, now)
        return tuple(await self.gave(organisation, await self._starting(organisation, words, SUGGESTED), now))

    async def numbered(
        self, organisation: PartyId, person: PartyId, number: Number, now: datetime
    ) -> Mapping[PartyId, Sequence[Edge]]:
        """Return what who has a number lets an organisation do; those that come to nothing are counted.

        Of a number that is nobody's the same is asked as of somebody's, so that time tells nothing (L03).

        Raises:
            NotEntitled: they are no client, or nobody has it; which of them is not said.
            TooManyTries: too many came to nothing lately.

        """
        counted = f"client-number:{person}"
        await self._count(counted, NUMBERS, now)
        found = (await self.numbers.find([number])).get(number) or PartyId(self.mandates.ids.uuid())
        gave = await self.gave(organisation, [found], now)
        if not gave:
            raise NotEntitled(Why.NOT_YOURS.value, why=Why.NOT_YOURS.value)
        async with self.mandates.units.begin() as unit:
            await self.bounds.give_back(unit, counted, now)
        return gave

    async def unassigned(self, by: Steward, last: Last | None, size: int, now: datetime) -> Unassigned:
        """Return the next clients that no team is for, each once, in the order in which their mandates end.

        A page is short where many stand between that are on a team: then it says so, and no list ends there.
        """
        found: list[Spot] = []
        cut = Cut(last=last, size=AT_ONCE)
        for _ in range(MOST_LOOKS):
            off = await self.teams.off_teams(by.organisation, cut, now)
            for begin in range(0, len(off.found), size):
                found += await self._firsts(by.organisation, off.found[begin : begin + size], now)
                if len(found) >= size:
                    return _unassigned(found[:size], found[size - 1].last)
            if off.last is None:
                return _unassigned(found, None)
            cut = replace(cut, last=off.last)
        return _unassigned(found, cut.last)

    async def colleagues(self, by: Steward, last: Last | None, size: int, now: datetime) -> Colleagues:
        """Return the next of those who work for an organisation, each once, with the teams they are on."""
        firm = by.organisation
        page = await self.lists.page(firm, Listing.WORKERS, Cut(last=last, size=size), now)
        works = await self._between(firm, (each.agent for each in page), Listing.WORKERS, now)
        teams = await self.teams.joined(firm, works, now)
        found = [
            Colleague(person=each.agent, edges=works[each.agent], teams=teams.get(each.agent, ()))
            for each in page
            if each.agent in works and works[each.agent][0].id == each.id
        ]
        return Colleagues(found=found, last=place_of(page[-1]) if len(page) == size else None)

    async def _starting(self, organisation: PartyId, words: str, page: Page) -> Sequence[PartyId]:
        start = folded(words)
        return await self.names.starting([organisation], start, page) if len(start) >= FEWEST else ()

    async def _firsts(self, organisation: PartyId, spots: Sequence[Spot], now: datetime) -> list[Spot]:
        """Return those where somebody who is a client now stands for the first time."""
        gave = await self.gave(organisation, {each.client for each in spots}, now)
        return [
            each
            for each in spots
            if any(edge.effective(now) for edge in gave.get(each.client, ()))
            and place_of(gave[each.client][0]) == each.last
        ]

    async def _between(
        self, organisation: PartyId, parties: Iterable[PartyId], listing: Listing, now: datetime
    ) -> Mapping[PartyId, Sequence[Edge]]:
        """Return the mandates with these on one list of an organisation, as that has them; in their order."""
        found: dict[PartyId, list[Edge]] = defaultdict(list)
        wanted = list(dict.fromkeys(parties))
        for edge in await self.mandates.edges.around(organisation, wanted):
            if listed(edge, organisation, now) is listing:
                found[edge.principal if edge.agent == organisation else edge.agent].append(edge)
        return {each: sorted(found[each], key=_place) for each in wanted if each in found}

    async def _count(self, what: str, bound: Bound, now: datetime) -> None:
        async with self.mandates.units.begin() as unit:
            refusal = await self.bounds.count(unit, what, bound, now)
        if refusal is not None:
            raise refusal


def _unassigned(spots: Sequence[Spot], last: Last | None) -> Unassigned:
    return Unassigned(clients=[each.client for each in spots], last=last)


def _place(edge: Edge) -> tuple[datetime, PartyId]:
    return ends(edge), PartyId(edge.id)
