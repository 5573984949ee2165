"""Gives roles at the hub and at the desk to whom the personas say so: `python -m demo.operators SETTINGS`.

An operator of the hub writes it under `people:` in the catalogue, by the name that the cockpit shows to who
may not enter; here that name is computed, so that nobody has to log in first.
"""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from demo.catalogue import ACCOUNT_SERVICE
from demo.personas import read_personas
from toegang import config
from toegang.app import build_ground
from toegang.app.parts import citizen, people
from toegang.catalogue.records import Change
from toegang.catalogue.values import OrganisationId, Role, RoleHolder, ServiceId
from toegang.catalogue.watch import open_catalogue
from toegang.catalogue.write import CatalogueEditor, Edit
from toegang.means.citizen.names import check_name
from toegang.pseudonyms import Pairwise
from toegang.storage.catalogue import CatalogueTables

if TYPE_CHECKING:
    from demo.personas import Account, Persona
    from toegang.app.ground import Ground
    from toegang.catalogue.snapshot import Snapshot


async def appoint(settings: config.Settings) -> None:
    """Give the role, in the catalogue as it is."""
    ground = build_ground(settings)
    await ground.database.open()
    try:
        store = CatalogueTables(ground.database)
        base = (await open_catalogue(store)).current
        changes = tuple([Change.put(each) for each in await _operators(ground, base)])
        edit = Edit(base=base, changes=changes, by="demo", reason="operators of the demo")
        async with ground.units.begin() as unit:
            await CatalogueEditor(store=store, trail=ground.trail).write(unit, edit, ground.clock.now())
    finally:
        await ground.outbound.aclose()
        await ground.database.close()


async def _operators(ground: Ground, base: Snapshot) -> list[RoleHolder]:
    desk = citizen(ground, people(ground)).operating.desk
    service = base.service(ServiceId(UUID(ACCOUNT_SERVICE)))
    found = []
    for persona in read_personas():
        if persona.account is None or not (persona.account.operator or persona.account.clerk):
            continue
        account = await desk.accounts.find_by_name(desk.keys.name(check_name(persona.account.user_name)))
        if service is not None and account is not None and account.person is not None:
            sector = service.pseudonym_sector or service.organisation
            pairwise = Pairwise(ground.secrets.pairwise)
            subject = pairwise.of_person(account.person, sector, service.pseudonym_version)
            found += _roles(persona, persona.account, subject)
    return found


def _roles(persona: Persona, account: Account, subject: str) -> list[RoleHolder]:
    operator = RoleHolder(
        id=f"demo-{persona.id}", subject=subject, name=persona.full_name, role=Role.OPERATOR
    )
    clerk = replace(
        operator,
        id=f"desk-{persona.id}",
        role=Role.DESK_CLERK,
        organisation=OrganisationId("gemeente-zandermeer"),
    )
    # Two work at the desk, and two decide about mandates: the same two.
    officer = replace(operator, id=f"office-{persona.id}", role=Role.MANDATE_OFFICER)
    helper = replace(operator, id=f"help-{persona.id}", role=Role.HELP_DESK)
    roles = (
        (operator, account.operator),
        (clerk, account.clerk),
        (officer, account.clerk),
        (helper, account.operator),
    )
    return [holder for holder, so in roles if so]


if __name__ == "__main__":
    asyncio.run(appoint(config.load(Path(sys.argv[1]), os.environ)))
