"""Reasons: why somebody ended a mandate, of a short list and only if they want to tell.

Who gave a reason reads it. The other side reads it where it says nothing about them, and never from who is
protected: to be told that one is not trusted, or that somebody else was chosen, is no reason to be safe from.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from toegang.audit.event import Personal
from toegang.audit.events import MandateReasonGiven
from toegang.mandates.edge import State

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from toegang.audit.trail import TrailReader
    from toegang.mandates.acting import Actor
    from toegang.mandates.edge import Edge
    from toegang.mandates.party import PartyId
    from toegang.mandates.voluntary import Voluntary
    from toegang.units import Unit

LOOKED: Final = 10
"""The latest events of a mandate among which its reason stands: nothing follows an end."""
BY_PEOPLE: Final = frozenset({State.DECLINED, State.WITHDRAWN, State.REVOKED, State.RENOUNCED})


class Reason(enum.StrEnum):
    """Why; the words stand in the trail and never change."""

    NOT_NEEDED = "not-needed"
    SOMEBODY_ELSE = "somebody-else"
    NO_TRUST = "no-trust"
    MISTAKE = "mistake"
    NOT_SAID = "not-said"


HARMLESS: Final = frozenset({Reason.NOT_NEEDED, Reason.MISTAKE})
"""What the other side may read: it says nothing about them, or about who came in their place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasons:
    """The use cases."""

    voluntary: Voluntary
    trail: TrailReader

    async def noting(
        self, actor: Actor, reason: Reason | None, now: datetime
    ) -> Callable[[Unit, Edge], Awaitable[None]]:
        """Return what keeps a reason in the unit that ends a mandate; nothing where none was given."""
        both = {actor.party, actor.person}
        told = reason in HARMLESS and not any([await self.voluntary.is_quiet(each) for each in both])

        async def note(unit: Unit, edge: Edge) -> None:
            if reason is None:
                return
            event = MandateReasonGiven(
                at=now,
                edge=str(edge.id),
                after=edge.state.value,
                reason=reason.value,
                told=told,
                by=Personal.of(actor.person),
                reference=str(edge.id),
            )
            await self.voluntary.mandates.trail.record(unit, event)

        return note

    async def read(self, edge: Edge, reader: PartyId) -> Reason | None:
        """Return why a mandate ended, as far as this person may read it."""
        given = await reason_of(self.trail, edge)
        mine = given is not None and (given.told or given.by.value == str(reader))
        return Reason(given.reason) if given is not None and mine else None


async def reason_of(trail: TrailReader, edge: Edge) -> MandateReasonGiven | None:
    """Return the reason that whoever ended a mandate gave; None where they gave none, or it goes on."""
    if edge.state not in BY_PEOPLE:
        return None
    latest = (each.event for each in await trail.latest(str(edge.id), LOOKED))
    return next((each for each in latest if isinstance(each, MandateReasonGiven)), None)
