"""Gives the personas their accounts: `python -m demo.accounts SETTINGS`. Accounts that are there stay.

An operator of the hub cannot do this; it writes what applying, a letter and activating would have come to.
"""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from demo.personas import read_personas
from toegang import config
from toegang.app import build_ground
from toegang.app.parts import citizen, people
from toegang.audit.events import AccountActivated
from toegang.identity.numbers import Bsn
from toegang.means.citizen.account import Account, AccountId, Status
from toegang.means.citizen.desk import personal
from toegang.means.citizen.names import check_name
from toegang.post.telephone import Telephone

if TYPE_CHECKING:
    from datetime import datetime

    from demo.personas import Persona
    from toegang.means.citizen.accounts import Accounts
    from toegang.means.citizen.desk import Desk
    from toegang.units import Unit

RESTED = timedelta(days=30)


async def open_accounts(settings: config.Settings) -> int:
    """Open the accounts that are not there yet; return how many."""
    ground = build_ground(settings)
    await ground.database.open()
    try:
        accounts = citizen(ground, people(ground))
        opened = [await open_account(accounts, each, ground.clock.now()) for each in read_personas()]
    finally:
        await ground.outbound.aclose()
        await ground.database.close()
    return sum(opened)


async def open_account(accounts: Accounts, persona: Persona, now: datetime) -> bool:
    """Open one persona's account, and block it where the story says so; False when there is nothing to do."""
    desk = accounts.operating.desk
    if persona.account is None:
        return False
    name = desk.keys.name(check_name(persona.account.user_name))
    if await desk.accounts.find_by_name(name) is not None:
        return False
    # Hashing is slow, so it is done before the unit.
    password = await desk.hasher.hash(persona.account.password)
    async with desk.units.begin() as unit:
        account = await _add(desk, unit, persona, (name, password), now)
    if persona.account.blocked:
        await accounts.operating.block(account.id, "fraud", now)
    return True


async def _add(
    desk: Desk, unit: Unit, persona: Persona, credentials: tuple[bytes, str], now: datetime
) -> Account:
    person = await desk.enrolment.enrol(unit, Bsn.parse(persona.bsn), now)
    typed = persona.account.telephone if persona.account else ""
    number = Telephone.parse(typed, frozenset({"+31"})) if typed else None
    account = Account(
        id=AccountId(desk.ids.uuid()),
        person=person.id,
        status=Status.ACTIVE,
        name=credentials[0],
        password=credentials[1],
        language="nl",
        since=now,
        number=desk.keys.seal_number(number) if number else None,
        # A number rests some days before it can be changed; these have rested.
        number_since=now - RESTED if number else None,
        activated_at=now,
        # Long ago, so that a login asks the register again and learns that Hendrik has died.
        checked_at=None,
    )
    await desk.accounts.add(unit, account, now)
    event = AccountActivated(
        at=now, means=desk.means, person=personal(account), before=None, after=account.reach
    )
    await desk.trail.record(unit, event)
    return account


if __name__ == "__main__":
    asyncio.run(open_accounts(config.load(Path(sys.argv[1]), os.environ)))
