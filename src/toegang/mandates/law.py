"""Law: what registers told for one question, and of whom they told nothing that can be relied on.

Every question brings one, and nothing in it is taken for granted: without defaults, whoever asks says what is
known. Who gathers it asks the registers of everybody about whom something is to be permitted.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from toegang.catalogue.representation import EdgeKind
from toegang.mandates.legal.court import Capacity
from toegang.mandates.why import Why

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toegang.mandates.link import Link
    from toegang.mandates.numbers import Number
    from toegang.mandates.party import PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """What registers told: `links` are what the law gives over those asked about, whoever holds it.

    `capacities` say what people can no longer decide themselves; who does not stand there lost nothing.
    About `silent`, of whom a register did not tell, and `doubted`, of whom one looks into its own facts,
    nothing is permitted. `silent` is None where no register was asked: then everybody is. `over` are those of
    whom it was asked who acts for them; None: of everybody. With `crowded` some are silent only because so
    many ask the registers; whoever can wait asks again. Over those in `partly` the law may give more than was
    told: what is there counts, and that something is not there proves nothing.
    """

    links: tuple[Link, ...]
    capacities: Mapping[PartyId, Capacity]
    silent: frozenset[PartyId] | None
    doubted: frozenset[PartyId]
    over: frozenset[PartyId] | None = None
    crowded: bool = False
    partly: frozenset[PartyId] = frozenset()

    def capacity(self, party: PartyId) -> Capacity:
        """Return what a party can still decide, as far as registers told."""
        return self.capacities.get(party, _ABLE)

    def unsure(self, party: PartyId) -> Why | None:
        """P25: tell why nothing may rest on what is known of a party; None when it may."""
        if self.silent is None or party in self.silent or self.capacity(party).unknown:
            return Why.REGISTER_SILENT
        return Why.UNCERTAIN if party in self.doubted else None

    def people_of(self, actor: PartyId) -> tuple[PartyId, ...]:
        """Return over whom the law gives somebody authority in person: children, by a court, an estate."""
        found = sorted(
            (_IN_PERSON.index(link.kind), link.principal)
            for link in self.links
            if link.agent == actor and link.kind in _IN_PERSON
        )
        return tuple(dict.fromkeys(principal for _, principal in found))

    def named_to(self, actor: PartyId) -> tuple[PartyId, ...]:
        """Return over whom the law gives somebody authority, in person or for an organisation."""
        return tuple(dict.fromkeys(link.principal for link in self.links if link.agent == actor))

    def tells_who_controls(self, party: PartyId) -> bool:
        """P27: tell whether it was asked, and answered, who acts for a party by law."""
        asked = self.over is None or party in self.over
        return asked and self.silent is not None and party not in self.silent | self.partly

    def and_(self, other: Law) -> Law:
        """Return what both told together: what either takes away is gone."""
        silent = None if self.silent is None or other.silent is None else self.silent | other.silent
        parties = {**self.capacities, **other.capacities}
        return Law(
            links=tuple(dict.fromkeys((*self.links, *other.links))),
            capacities={each: self.capacity(each).and_(other.capacity(each)) for each in parties},
            silent=silent,
            doubted=self.doubted | other.doubted,
            over=None if self.over is None or other.over is None else self.over | other.over,
            crowded=self.crowded or other.crowded,
            partly=self.partly | other.partly,
        )


_ABLE: Final = Capacity()
_IN_PERSON: Final = (EdgeKind.PARENTAL, EdgeKind.COURT, EdgeKind.ESTATE)

NOTHING_TOLD: Final = Law(links=(), capacities=MappingProxyType({}), silent=frozenset(), doubted=frozenset())
"""Every register that matters was asked and answered, and none had anything to tell of anybody."""

NOT_ASKED: Final = Law(links=(), capacities=MappingProxyType({}), silent=None, doubted=frozenset())
"""No register was asked. Nothing is permitted by it; it suffices for ending what is one's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Somebody as a question names them.

    Of a stranger, whom nobody ever met, `party` is drawn for the question, and `number` is what it named them
    by, if registers can be asked by that.
    """

    party: PartyId
    stranger: bool = False
    number: Number | None = None

    def known_as(self, found: PartyId) -> PartyId | None:
        """Return by which id somebody is known once all was gathered; None when nobody knows them still."""
        return None if self.stranger and found == self.party else found


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """What was gathered about two who were named, and by which ids they are known."""

    actor: PartyId
    principal: PartyId
    law: Law
