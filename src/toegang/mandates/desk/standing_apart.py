"""Standing apart: whoever helps at a desk with a mandate is no party to it, and acts for neither side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.assurance import Level
from toegang.catalogue.representation import DEEPEST
from toegang.errors import NotEntitled
from toegang.mandates.edge import LIVE
from toegang.mandates.scope import covering
from toegang.mandates.stores import Reach

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from toegang.catalogue.values import Service
    from toegang.mandates.law import Law
    from toegang.mandates.party import PartyId
    from toegang.mandates.register import Mandates


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
