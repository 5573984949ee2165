"""An app that its own device gives up: it is removed there, or another takes its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.means.app.standing import BY_DEVICE, stop
from toegang.means.app.statements import Act

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.means.app.desk import AppDesk
    from toegang.means.app.statements import Unproven


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """The use case of a device that no longer is an app."""

    desk: AppDesk

    async def leave(self, ask: str, unproven: Unproven, now: datetime) -> None:
        """Stop the app that signed this; refused in no state, and a second time nothing happens.

        No PIN is asked: who forgot it leaves too, and who has the device gets nothing by it.

        Raises:
            OneTimeGone, ProofInvalid: as every statement.

        """
        app, _ = await self.desk.signed_by(ask, unproven, Act.STOP, now)
        account = await self.desk.account.accounts.find(app.account)
        await stop(self.desk, app.id, account, BY_DEVICE, now)
