"""Explaining, for the help desk: why somebody may act for another at a service, or which rule is against it.

It is decided as at a login, by the same rules and registers; nothing is stated and nobody logs in. That it
was asked, by whom and about whom, both can read in their history. Names are told to nobody, and of a number
that is nobody's here the same is asked, and told, as of two of whom neither lets the other act.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from toegang.audit.event import Personal
from toegang.audit.events import MandateExplained
from toegang.mandates.bounds import EXPLAINING
from toegang.mandates.decide import Asker, Permit, StepUp
from toegang.mandates.law import Named
from toegang.mandates.party import PartyId

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from toegang.assurance import Level
    from toegang.catalogue.values import Service
    from toegang.mandates.bounds import Bounds
    from toegang.mandates.decide import Decision
    from toegang.mandates.law import Between
    from toegang.mandates.link import Path
    from toegang.mandates.numbers import Number, Numbers
    from toegang.mandates.register import Mandates
    from toegang.mandates.why import Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody (`by`) wants explained: both by their number, at which service, logged in how high."""

    by: str
    service: Service
    level: Level
    actor: Number
    principal: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What a login would decide now, and each path that leads there with the first rule against it."""

    decision: Decision
    paths: Sequence[tuple[Path, Why | None]]


class GathersBetween(Protocol):
    """Asks registers what a decision about two rests on."""

    async def between_named(
        self, actor: Named, principal: Named, service: Service, now: datetime, /
    ) -> Between:
        """Return it, about two of whom either may be a stranger; it costs as much."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Explaining:
    """The use case. Who may ask at all is decided before: by the catalogue, or who can run commands here."""

    mandates: Mandates
    gathering: GathersBetween
    numbers: Numbers
    bounds: Bounds

    async def explain(self, asked: Asked, now: datetime) -> Explanation:
        """Decide, tell every path, and put down that it was asked.

        Raises:
            TooManyTries: they asked too often today; nobody was looked at.
            Unavailable: registers were not asked because too many ask them.

        """
        async with self.mandates.units.begin() as unit:
            refusal = await self.bounds.count(unit, f"explaining:{asked.by}", EXPLAINING, now)
        if refusal is not None:
            raise refusal
        known = await self.numbers.find((asked.actor, asked.principal))
        me, other = (self._named(number, known.get(number)) for number in (asked.actor, asked.principal))
        found = await self.gathering.between_named(me, other, asked.service, now)
        least = asked.service.level_at(now)
        asker = Asker(actor=found.actor, authenticated=asked.level, service=asked.service, requested=least)
        decision = await self.mandates.decide(asker, found.principal, now, found.law)
        paths = await self.mandates.stating.questions.traced(asker, found.principal, now, found.law)
        explained = Explanation(decision=decision, paths=paths)
        both = me.known_as(found.actor), other.known_as(found.principal)
        await self._record(asked, both, explained, now)
        return explained

    def _named(self, number: Number, party: PartyId | None) -> Named:
        """Return who has a number, or somebody drawn whom nobody ever met."""
        if party is not None:
            return Named(party=party)
        drawn = PartyId(self.mandates.ids.uuid())
        return Named(party=drawn, stranger=True, number=number)

    async def _record(
        self, asked: Asked, both: tuple[PartyId | None, PartyId | None], told: Explanation, now: datetime
    ) -> None:
        permitted, low = isinstance(told.decision, Permit), isinstance(told.decision, StepUp)
        actor, principal = (None if each is None else Personal.of(each) for each in both)
        event = MandateExplained(
            at=now,
            by=asked.by,
            service=str(asked.service.id),
            level=asked.level,
            answer="permit" if permitted else "step-up" if low else "refused",
            paths=len(told.paths),
            actor=actor,
            principal=principal,
        )
        async with self.mandates.units.begin() as unit:
            await self.mandates.trail.record(unit, event)
