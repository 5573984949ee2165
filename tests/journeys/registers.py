"""Registers that answer at once and have nothing to tell: what people gave is all that there is."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from toegang.catalogue.values import Service
from toegang.mandates.law import NOTHING_TOLD, Between, Law, Named
from toegang.mandates.party import PartyId
from toegang.web.rooms import Rooms


class QuietRegisters:
    """Gathers the law where there is none."""

    async def for_actor(self, actor: PartyId, service: Service, now: datetime) -> Law:
        del actor, service, now
        return NOTHING_TOLD

    async def over(self, principal: PartyId, now: datetime) -> Law:
        del principal, now
        return NOTHING_TOLD

    async def between(self, actor: PartyId, principal: PartyId, service: Service, now: datetime) -> Law:
        del actor, principal, service, now
        return NOTHING_TOLD

    async def for_named(self, actor: Named, service: Service, now: datetime) -> Law:
        del actor, service, now
        return NOTHING_TOLD

    async def over_named(self, principal: Named, now: datetime) -> Law:
        del principal, now
        return NOTHING_TOLD

    async def between_named(self, actor: Named, principal: Named, service: Service, now: datetime) -> Between:
        del service, now
        return Between(actor=actor.party, principal=principal.party, law=NOTHING_TOLD)


def with_quiet_registers(rooms: Rooms) -> Rooms:
    """Return the rooms with systems that ask such registers."""
    deciding = replace(rooms.systems.deciding, gathering=QuietRegisters())
    rechecking = replace(rooms.systems.statuses.rechecking, gathering=QuietRegisters())
    systems = replace(
        rooms.systems,
        deciding=deciding,
        searching=replace(rooms.systems.searching, deciding=deciding),
        statuses=replace(rooms.systems.statuses, deciding=deciding, rechecking=rechecking),
    )
    return replace(rooms, systems=systems)
