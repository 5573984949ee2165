"""Linked means of other parties in the list of what somebody has to log in with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.catalogue.values import Text
from toegang.means.listed import Listed, State

if TYPE_CHECKING:
    from toegang.catalogue.watch import Catalogue
    from toegang.means.citizen.account import Account
    from toegang.means.external.linking import Linking


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLister:
    """Fills its part (means.listed.Lister)."""

    linking: Linking
    catalogue: Catalogue

    async def listed(self, account: Account) -> tuple[Listed, ...]:
        """Return what the account's person linked to themselves; a means that is gone is shown as blocked."""
        if account.person is None:
            return ()
        found = []
        for link in await self.linking.of_person(account.person):
            admission = self.catalogue.current.means(link.means)
            found.append(
                Listed(
                    title=admission.names if admission else Text(nl=link.means, en=link.means),
                    state=State.WORKS if admission else State.BLOCKED,
                    level=min(link.level, admission.ceiling) if admission else None,
                    since=link.made_at,
                    last_used_at=link.last_used_at,
                    page="/account/links",
                )
            )
        return tuple(found)
