"""The password and the telephone number in the list of what somebody has to log in with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from toegang.assurance import Level
from toegang.catalogue.values import Text
from toegang.means.listed import Listed, State

if TYPE_CHECKING:
    from toegang.means.citizen.account import Account
    from toegang.means.citizen.desk import Desk

PASSWORD: Final = Text(nl="Gebruikersnaam en wachtwoord", en="User name and password")
NUMBER: Final = Text(nl="Code per sms", en="Code by text message")


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLister:
    """Fills its part (means.listed.Lister)."""

    desk: Desk

    async def listed(self, account: Account) -> tuple[Listed, ...]:
        """Return the password, and the number if there is one."""
        password = Listed(
            title=PASSWORD,
            state=State.WORKS,
            level=Level.BASIC,
            since=account.activated_at,
            last_used_at=account.last_used_at,
            page="/account/password",
        )
        number = self.desk.number_of(account)
        if number is None:
            return (password,)
        with_number = Listed(
            title=NUMBER,
            name=number.ending,
            state=State.WORKS,
            level=Level.LOW,
            since=account.number_since,
            last_used_at=None,
            page="/account/number",
        )
        return (password, with_number)
