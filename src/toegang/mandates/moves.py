"""Moves: what somebody does with an edge, as what they stand towards it, and what it is judged against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.assurance import Level
from toegang.mandates.life import Act, Side

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.mandates.demands import Demands
    from toegang.mandates.edge import Edge, Terms
    from toegang.mandates.link import Link
    from toegang.mandates.party import Party, PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class Mover:
    """Who does it: `party`, for the side of `behalf` (usually themselves), proven at `level`.

    Whoever makes a Mover with another `behalf` has proven that `party` may act for it. The house itself has
    no party: it acts as `house`, an office, the law or the clock.
    """

    party: PartyId | None
    behalf: PartyId | None
    level: Level
    house: Side | None = None

    @property
    def own_name(self) -> bool:
        """Whether nobody acts for another: they do it themselves, or the house does."""
        return self.party is None or self.behalf is None or self.party == self.behalf

    @classmethod
    def self(cls, party: PartyId, level: Level) -> Mover:
        """Return somebody who acts for themselves."""
        return cls(party=party, behalf=party, level=level)

    @classmethod
    def of_house(cls, side: Side) -> Mover:
        """Return an office, the law or the clock."""
        return cls(party=None, behalf=None, level=Level.HIGH, house=side)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One act: `terms` are the new ones of T11, `letter` says what the code that was checked is worth (T5).

    `required` are the co-principals that the register names now (T7), or who must agree besides who approves
    (T3); None where it was not asked. With
    `accepted` the agent took it at the same desk, proven as surely as who offers it (T2 and T6 at once).
    """

    act: Act
    by: Mover
    terms: Terms | None = None
    letter: Level | None = None
    required: frozenset[PartyId] | None = None
    accepted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What a move is judged against; `demands` is None where no service admits anybody now.

    `helps` says whether the agent is an organisation that helps people, now.
    """

    principal: Party
    agent: Party
    demands: Demands | None
    now: datetime
    helps: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A mandate that may begin, not kept yet: by which move, in which scene, and on whose authority."""

    edge: Edge
    move: Move
    scene: Scene
    own: tuple[Link, ...]


def sides(edge: Edge, by: Mover) -> frozenset[Side]:
    """Return as what somebody stands towards an edge."""
    if by.house is not None:
        return frozenset({by.house})
    which = {
        Side.PRINCIPAL: by.behalf == edge.principal,
        Side.AGENT: by.behalf == edge.agent,
        Side.CO_PRINCIPAL: by.behalf in edge.co_principals,
        Side.INITIATOR: by.behalf == edge.initiator,
        Side.ANSWERER: by.behalf in {edge.principal, edge.agent} and by.behalf != edge.initiator,
    }
    return frozenset(side for side, true in which.items() if true)
