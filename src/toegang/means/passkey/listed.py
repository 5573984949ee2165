"""Passkeys in the list of what somebody has to log in with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from toegang.catalogue.values import Text
from toegang.means.listed import Listed, State

if TYPE_CHECKING:
    from toegang.means.citizen.account import Account
    from toegang.means.passkey.values import PasskeyStore

PASSKEY: Final = Text(nl="Passkey", en="Passkey")


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyLister:
    """Fills its part (means.listed.Lister)."""

    passkeys: PasskeyStore

    async def listed(self, account: Account) -> tuple[Listed, ...]:
        """Return the account's passkeys, each at the level that it was last known to prove."""
        return tuple(
            Listed(
                title=PASSKEY,
                name=passkey.name,
                state=State.WORKS if passkey.told else State.BLOCKED,
                level=passkey.told,
                since=passkey.since,
                last_used_at=passkey.last_used_at,
                page="/account/passkeys",
            )
            for passkey in await self.passkeys.of_account(account.id)
        )
