"""Jobs over many mandates, wired: for pages that order them, the work beside requests, and commands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from toegang.mandates.everything import Everything
from toegang.mandates.handing_over import HandingOver
from toegang.mandates.jobs import Jobs
from toegang.mandates.reasons import Reasons
from toegang.mandates.teams import Teams
from toegang.mandates.transferring import Transferring
from toegang.storage.mandate_jobs import ClientTable, JobTable
from toegang.storage.teams import TeamTable

if TYPE_CHECKING:
    from toegang.app.ground import Ground
    from toegang.mandates.gathering import Gathering
    from toegang.mandates.voluntary import Voluntary


def mandate_jobs(ground: Ground, own: Voluntary, beside: Gathering) -> Jobs:
    """Open them; registers are asked by `beside`, which leaves turns to people who log in."""
    clients, slowly = ClientTable(ground.database), replace(own, laws=beside)
    store = JobTable(ground.database)
    transferring = Transferring(
        mandates=own.mandates,
        telling=own.telling,
        services=own.services,
        laws=beside,
        finding=own.finding,
        clients=clients,
    )
    teams = Teams(mandates=own.mandates, kept=TeamTable(ground.database), laws=beside, services=own.services)
    return Jobs(
        units=ground.units,
        trail=ground.trail,
        ids=ground.ids,
        clock=ground.clock,
        store=store,
        clients=clients,
        at_once=Everything(voluntary=own),
        everything=Everything(voluntary=slowly),
        transferring=transferring,
        handing_over=HandingOver(voluntary=slowly, transferring=transferring, teams=teams, store=store),
        reasons=Reasons(voluntary=own, trail=ground.trail),
    )
