"""Standing in: for whom somebody may look at mandates, and give, answer and end them, in the other's name.

That is whom the law lets them act for, and who gave them a mandate for everything that may be given on: who
has one for some services only is shown none of the others. It is asked each time, of registers; whether one
act is within what they hold, its own move asks once more (giving.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.errors import NotEntitled
from toegang.mandates.bounds import NUMBERS
from toegang.mandates.edge import State
from toegang.mandates.law import Named
from toegang.mandates.legal.authority import Basis
from toegang.mandates.link import link_of
from toegang.mandates.matters import over
from toegang.mandates.offering import offering_by
from toegang.mandates.party import PartyId, Standing
from toegang.mandates.resting import standing
from toegang.mandates.scope import EVERYTHING
from toegang.mandates.stores import Page, Reach
from toegang.mandates.why import Why

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from toegang.catalogue.representation import Power
    from toegang.mandates.bounds import Bounds
    from toegang.mandates.law import Law
    from toegang.mandates.link import Link
    from toegang.mandates.numbers import Number, Numbers
    from toegang.mandates.offering import Offering
    from toegang.mandates.register import Mandates

_IN_PERSON: Final = frozenset({Basis.PROXY, Basis.AUTHORISED_HEIR})
"""Who was given authority themselves gives none of it on (giving.py)."""

MOST_GIVEN: Final = 100
"""Parties who gave one person a mandate for everything, that are looked at for one list."""


class Gathers(Protocol):
    """Asks registers what the law gives (gathering.py)."""

    async def of_person(self, actor: PartyId, now: datetime) -> Law:
        """Return for whom a person may act by law, at whatever service."""
        ...

    async def over(self, principal: PartyId, now: datetime) -> Law:
        """Return who may act for a party by law, and what it can still decide itself."""
        ...

    async def over_named(self, principal: Named, now: datetime) -> Law:
        """Return the same as `over`, about who may be a stranger; it costs as much."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class For:
    """Somebody in whose name it is done: on which basis, and whether others must agree to what is given.

    `over` are the matters that it is about, by order of a court; None: all. `until` is when the last of what
    they hold ends; None: no end known. `offering` is what they give by it; None on a list, where it was not
    asked.
    """

    principal: PartyId
    basis: str
    together: bool
    over: frozenset[Power] | None = None
    until: datetime | None = None
    offering: Offering | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingIn:
    """Asks it of registers and of mandates."""

    mandates: Mandates
    gathering: Gathers
    numbers: Numbers
    bounds: Bounds

    async def all(self, person: PartyId, now: datetime) -> Sequence[For]:
        """Return for whom somebody may, in the order of ids; at most as many as registers are asked.

        Registers are asked about this person, and not about everybody who gave them a mandate: that is asked
        when one is chosen. What somebody gave in another's name by law is on no list. Others are reached by
        their number.
        """
        law = await self.gathering.of_person(person, now)
        if not await self._is_able(person, now):
            return []
        given = await self._given(person, law, now)
        found: dict[PartyId, Link] = {}
        for link in sorted(_held((*law.links, *given), person, law, now), key=_best):
            found.setdefault(link.principal, link)
        return [_for(found[each]) for each in sorted(found)]

    async def by_number(self, person: PartyId, number: Number, now: datetime) -> For:
        """Return on which basis somebody may for who has a number.

        Raises:
            NotEntitled: they may not, or nobody has it; which of them is not said.
            TooManyTries: wait.

        """
        async with self.mandates.units.begin() as unit:
            refusal = await self.bounds.count(unit, f"mandate-standing:{person}", NUMBERS, now)
        if refusal is not None:
            raise refusal
        # P20: as much is asked about a number that nobody ever met as about any other.
        found = (await self.numbers.find([number])).get(number)
        principal = PartyId(self.mandates.ids.uuid()) if found is None else found
        named = Named(party=principal, stranger=found is None, number=number)
        return await self._weigh(person, principal, await self.gathering.over_named(named, now), now)

    async def check(self, person: PartyId, principal: PartyId, now: datetime) -> For:
        """Return on which basis somebody may for this one.

        Raises:
            NotEntitled: they may not, or a register does not tell; which of them is not said.

        """
        return await self._weigh(person, principal, await self.gathering.over(principal, now), now)

    async def _weigh(self, person: PartyId, principal: PartyId, law: Law, now: datetime) -> For:
        if not await self._is_able(person, now):
            raise _refused()
        given = await self.mandates.edges.live(principal, person)
        paths = await standing([(link_of(each),) for each in given], self.mandates.edges, law)
        own = [path[0] for path in paths if path[0].stands_in_whole(now)]
        held = _held((*law.links, *own), person, law, now)
        mine = [each for each in held if each.principal == principal]
        if not mine:
            raise _refused()
        return replace(
            _for(min(mine, key=_best)),
            over=over(mine),
            until=_last(mine),
            offering=offering_by(mine, principal, law),
        )

    async def _is_able(self, person: PartyId, now: datetime) -> bool:
        known = (await self.mandates.parties.of((person,))).get(person)
        return known is not None and known.is_adult(now) and known.standing_at(now) is Standing.ABLE

    async def _given(self, person: PartyId, law: Law, now: datetime) -> list[Link]:
        """Return the first mandates for everything that may be given on, of who is able to let others act."""
        graph, page = self.mandates.graph, Page(size=MOST_GIVEN)
        reach = Reach(keys=(EVERYTHING.key,), depth=1, level=Level.MINIMAL, now=now)
        principals = await graph.principals(person, reach, page)
        paths = await graph.paths((person,), principals, reach) if principals else ()
        known = await self.mandates.parties.of(principals)
        able = {each for each in known if known[each].standing_at(now) is Standing.ABLE}
        links = [(link_of(edge),) for (edge,) in paths if edge.principal in able]
        stand = await standing(links, self.mandates.edges, law)
        return [path[0] for path in stand if path[0].stands_in_whole(now)]


def _held(links: Iterable[Link], person: PartyId, law: Law, now: datetime) -> list[Link]:
    """Return by what somebody may in another's name: in force, certain, and not given to them in person."""
    return [
        each
        for each in links
        if each.agent == person
        and each.basis not in _IN_PERSON
        and law.unsure(each.principal) is None
        and all(
            one.certain and one.state is State.ACTIVE and one.covers(now) for one in (each, *each.rests_on)
        )
    ]


def _best(link: Link) -> tuple[object, ...]:
    return link.needed, list(EdgeKind).index(link.kind), link.basis, str(link.edge or "")


def _last(held: Iterable[Link]) -> datetime | None:
    """Return when the last of these ends, each no later than what it rests on; None: no end known."""
    whole = ([each.until for each in (link, *link.rests_on) if each.until is not None] for link in held)
    ends = [min(each, default=None) for each in whole]
    return None if None in ends else max((each for each in ends if each is not None), default=None)


def _for(link: Link) -> For:
    return For(principal=link.principal, basis=link.basis, together=link.needed > 1)


def _refused() -> NotEntitled:
    return NotEntitled(Why.NOT_YOURS.value, why=Why.NOT_YOURS.value)
