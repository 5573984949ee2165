"""Explaining, for the help desk: why somebody may act for another at a service, or which rule is against it.

It is decided as at a login, by the same rules and registers; nothing is stated and nobody logs in. That it
was asked, by whom and about whom, both can read in their history. Names are told to nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.audit.event import Personal
from toegang.audit.events import MandateAsked
from toegang.errors import NotEntitled
from toegang.mandates.decide import Asker, Permit
from toegang.mandates.why import Why

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from toegang.assurance import Level
    from toegang.catalogue.values import Service
    from toegang.mandates.decide import Decision
    from toegang.mandates.link import Path
    from toegang.mandates.numbers import Number, Numbers
    from toegang.mandates.party import PartyId
    from toegang.mandates.register import Mandates
    from toegang.mandates.stores import Gathers

PURPOSE = "help-desk"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Explaining:
    """The use case. Who may ask at all is decided before: who can run commands on the hub."""

    mandates: Mandates
    gathering: Gathers
    numbers: Numbers

    async def explain(self, asked: Asked, now: datetime) -> Explanation:
        """Decide, tell every path, and put down that it was asked.

        Raises:
            NotEntitled: one of the two was never met here, so nobody acts for them by anything kept here.

        """
        known = await self.numbers.find((asked.actor, asked.principal))
        if asked.actor not in known or asked.principal not in known:
            detail = "one of these numbers is nobody's here"
            raise NotEntitled(detail, why=Why.PARTY_UNKNOWN.value)
        actor, principal = known[asked.actor], known[asked.principal]
        law = await self.gathering.between(actor, principal, asked.service, now)
        least = asked.service.level_at(now)
        asker = Asker(actor=actor, authenticated=asked.level, service=asked.service, requested=least)
        decision = await self.mandates.decide(asker, principal, now, law)
        paths = await self.mandates.stating.questions.traced(asker, principal, now, law)
        await self._record(asked, (actor, principal), decision, now)
        return Explanation(decision=decision, paths=paths)

    async def _record(
        self, asked: Asked, both: tuple[PartyId, PartyId], decision: Decision, now: datetime
    ) -> None:
        event = MandateAsked(
            at=now,
            client=asked.by,
            service=str(asked.service.id),
            question="explanation",
            purpose=PURPOSE,
            answers=int(isinstance(decision, Permit)),
            actor=Personal.of(both[0]),
            principal=Personal.of(both[1]),
        )
        async with self.mandates.units.begin() as unit:
            await self.mandates.trail.record(unit, event)
