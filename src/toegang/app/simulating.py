"""Opens what tells, for a command, what other rules of services would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.app import parts
from toegang.app.mandates import party_numbers, room_of_mandates
from toegang.catalogue.watch import open_catalogue
from toegang.mandates.helping import HelpingInCatalogue
from toegang.mandates.simulating import Simulating
from toegang.storage.catalogue import CatalogueTables
from toegang.storage.simulated import SimulatedTables

if TYPE_CHECKING:
    from toegang.app.ground import Ground


async def simulating(ground: Ground) -> Simulating:
    """Open it, on the catalogue in force."""
    catalogue = await open_catalogue(CatalogueTables(ground.database))
    numbers = party_numbers(ground, parts.people(ground))
    mandates = room_of_mandates(ground, HelpingInCatalogue(catalogue=catalogue, numbers=numbers))
    return Simulating(walk=SimulatedTables(ground.database), questions=mandates.stating.questions)
