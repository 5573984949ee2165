"""Apps in the list of what somebody has to log in with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from toegang.catalogue.values import Text
from toegang.means.app.values import AppStatus
from toegang.means.listed import Listed, State

if TYPE_CHECKING:
    from toegang.means.app.values import AppStore
    from toegang.means.citizen.account import Account

APP: Final = Text(nl="App", en="App")
_STATES: Final = {
    AppStatus.ACTIVE: State.WORKS,
    AppStatus.PENDING: State.WAITS,
    AppStatus.BLOCKED: State.BLOCKED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AppLister:
    """Fills its part (means.listed.Lister)."""

    apps: AppStore

    async def listed(self, account: Account) -> tuple[Listed, ...]:
        """Return the account's apps."""
        return tuple(
            Listed(
                title=APP,
                name=app.name,
                state=_STATES.get(app.status, State.BLOCKED),
                level=app.level,
                since=app.since,
                last_used_at=app.last_used_at,
                page="/account/apps",
            )
            for app in await self.apps.of_account(account.id)
        )
