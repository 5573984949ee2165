"""The password and the telephone number in the list of what somebody has to log in with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from toegang.assurance import Level
from toegang.catalogue.values import Text
from toegang.means.base import Factor
from toegang.means.listed import Listed, State

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.identity.people import PersonId
    from toegang.means.citizen.account import Account
    from toegang.means.citizen.desk import Desk

PASSWORD: Final = Text(nl="Gebruikersnaam en wachtwoord", en="User name and password")
NUMBER: Final = Text(nl="Code per sms", en="Code by text message")


class Uses(Protocol):
    """Tells what a person used (provider.own_use.LastUses): an account keeps its last use as a whole."""

    async def last(self, person: PersonId, factor: Factor) -> datetime | None:
        """Return when a person last proved who they are with this; None when it was never, or long ago."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLister:
    """Fills its part (means.listed.Lister)."""

    desk: Desk
    uses: Uses

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
            last_used_at=await self._code_used(account),
            page="/account/number",
        )
        return (password, with_number)

    async def _code_used(self, account: Account) -> datetime | None:
        """Return when a code last went to this number and was filled in; nothing of the number before it."""
        if account.person is None:
            return None
        used = await self.uses.last(account.person, Factor.SMS_CODE)
        since = account.number_since
        return None if used is None or (since is not None and used < since) else used
