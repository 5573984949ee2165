"""Standing apart: whoever helps at a desk with a mandate is no party to it, and acts for neither side.

Nor does a desk note one for its own organisation (P27): both officers would vouch for whom they work for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Final

from toegang.assurance import Level
from toegang.catalogue.representation import DEEPEST
from toegang.errors import NotEntitled
from toegang.identity.numbers import KVK_LENGTH
from toegang.mandates.edge import LIVE
from toegang.mandates.law import NOTHING_TOLD, Law
from toegang.mandates.scope import covering
from toegang.mandates.stores import Reach

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from toegang.catalogue.values import Organisation, Service
    from toegang.mandates.desk.visits import Officer
    from toegang.mandates.party import PartyId
    from toegang.mandates.register import Mandates
    from toegang.mandates.standing_in import Gathers

_OF_TRADE: Final = "00000003"
"""What an OIN begins with that was made of a number of the trade register."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingApart:
    """Asks it of officers, by what people gave and what the law gives."""

    mandates: Mandates

    async def check(
        self,
        officers: Collection[PartyId],
        parties: Sequence[PartyId],
        meant: Sequence[Service],
        now: datetime,
    ) -> None:
        """Refuse officers who are a party, have a mandate of one, or reach one at these services by a chain.

        Raises:
            NotEntitled.

        """
        no_party(officers, parties)
        for officer in officers:
            for party in parties:
                given = await self.mandates.edges.live(party, officer)
                if any(edge.state_at(now) in LIVE and edge.terms.until > now for edge in given):
                    _object()
        keys = tuple({each.key for service in meant for each in covering(service)})
        reach = Reach(keys=keys, depth=DEEPEST, level=Level.MINIMAL, now=now)
        if keys and await self.mandates.graph.paths(sorted(officers), sorted(set(parties)), reach):
            _object()


@dataclass(frozen=True, slots=True, kw_only=True)
class ApartByLaw:
    """Asks it also of registers: who acts for a side only as a director, a parent or by a court, does too.

    Of whom a register does not tell nothing is noticed.
    """

    apart: StandingApart
    gathering: Gathers

    async def others(self, officers: Collection[PartyId], now: datetime) -> frozenset[PartyId]:
        """Return for whom officers act by law themselves."""
        laws = [(each, await self.gathering.of_person(each, now)) for each in officers]
        return frozenset(link.principal for each, law in laws for link in law.links if link.agent == each)

    async def law_over(self, parties: Sequence[PartyId], now: datetime) -> Law:
        """Return who acts by law for these."""
        return reduce(Law.and_, [await self.gathering.over(each, now) for each in parties], NOTHING_TOLD)

    async def check(  # noqa: PLR0913, PLR0917 who, for whom they act, and what it is about
        self,
        officers: Collection[PartyId],
        others: Collection[PartyId],
        parties: Sequence[PartyId],
        meant: Sequence[Service],
        law: Law,
        now: datetime,
    ) -> None:
        """Refuse officers who act by law for a party, or for one of `others` who stands not apart itself.

        Raises:
            NotEntitled.

        """
        not_by_law(officers, parties, law)
        if others:
            await self.apart.check(others, parties, meant, now)
            not_by_law(others, parties, law)


def numbers_of(organisation: Organisation) -> frozenset[str]:
    """Return by what an organisation of the catalogue is known: two that share one of these are the same.

    OIN-2: an OIN of an organisation in the trade register has its number in it.
    """
    oin = organisation.oin
    traded = oin[len(_OF_TRADE) : len(_OF_TRADE) + KVK_LENGTH] if oin.startswith(_OF_TRADE) else ""
    return frozenset({organisation.id, oin, organisation.helps_as, traded} - {""})


def not_for_itself(officer: Officer, helper: Collection[str]) -> None:
    """Refuse a desk that would note a mandate for its own organisation.

    Raises:
        NotEntitled.

    """
    if officer.numbers & set(helper):
        message = "a desk is no way to a mandate for who runs it"
        raise NotEntitled(message, why="desk-for-itself")


def no_party(officers: Collection[PartyId], parties: Collection[PartyId]) -> None:
    """Refuse officers who are a party to it.

    Raises:
        NotEntitled.

    """
    if set(officers) & set(parties):
        _object()


def not_by_law(officers: Collection[PartyId], parties: Collection[PartyId], law: Law) -> None:
    """Refuse officers who act for a party by law.

    Raises:
        NotEntitled.

    """
    if any(link.agent in officers and link.principal in parties for link in law.links):
        _object()


def _object() -> None:
    message = "an officer is a party to the mandate, or acts for one"
    raise NotEntitled(message, why="desk-not-apart")
