"""Lowering passkeys once a document of their person was reported lost or stolen.

Above low, a login rests on a document: an app that was checked with one, or a card. A passkey that was added
with such a login would outlive that document. With which one it was, is kept nowhere; so each of the person's
passkeys counts for low at most. With another document they check again, and add the passkey anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.audit.events import PasskeyChanged
from toegang.means.citizen.desk import personal
from toegang.means.citizen.notices import ProofsWithdrawn
from toegang.means.life.store import LOWERS
from toegang.means.passkey.values import Passkey

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.means.citizen.account import Account
    from toegang.means.citizen.desk import Desk
    from toegang.means.life.store import DocumentReport
    from toegang.means.passkey.values import PasskeyStore
    from toegang.units import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class RaisedPasskeys:
    """Passkeys that were added with a login that rests on a document (means.life.store.RestsOnDocuments)."""

    account: Desk
    passkeys: PasskeyStore

    async def document_reported(self, unit: Unit, report: DocumentReport, now: datetime) -> None:
        """eIDAS-2015/1502-2.1.2: lower the person's passkeys; what was found again raises none."""
        if report.state not in LOWERS:
            return
        for account in await self.account.accounts.of_person(report.person):
            for passkey in await self.passkeys.of_account(account.id):
                await self._lower(unit, account, passkey, now)

    async def _lower(self, unit: Unit, account: Account, passkey: Passkey, now: datetime) -> None:
        before: list[Passkey] = []

        def change(kept: Passkey) -> Passkey:
            before[:] = [kept]
            return kept.lowered()

        after = await self.passkeys.change(unit, passkey.id, change)
        if not isinstance(after, Passkey) or after.level == before[0].level:
            return
        event = PasskeyChanged(
            at=now,
            means=after.means,
            person=personal(account),
            before=before[0].told,
            after=after.told,
            bond_before=after.bond.value,
            bond=after.bond.value,
        )
        await self.account.trail.record(unit, event)
        withdrawn = ProofsWithdrawn(
            means=after.means,
            account=str(account.id),
            person=account.person,
            why="passkey-lowered",
            at=now,
            authenticator=str(after.id),
        )
        await self.account.outbox.put(unit, withdrawn.message(self.account.ids), now)
