"""Cards among what somebody has to log in with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from toegang.assurance import Level
from toegang.catalogue.values import Text
from toegang.means.listed import Listed, State
from toegang.registers.cards import CardKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toegang.means.card.values import CardStore
    from toegang.means.citizen.account import Account

TITLES: Final[Mapping[CardKind, Text]] = {
    CardKind.IDENTITY_CARD: Text(nl="Identiteitskaart", en="Identity card"),
    CardKind.DRIVING_LICENCE: Text(nl="Rijbewijs", en="Driving licence"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLister:
    """Fills its part (means.listed.Lister); how a card stands at its register is on the page of cards."""

    cards: CardStore

    async def listed(self, account: Account) -> tuple[Listed, ...]:
        """Return the cards of the account's person that were made ready or used here."""
        if account.person is None:
            return ()
        return tuple(
            Listed(
                title=TITLES[card.kind],
                state=State.WORKS,
                level=Level.HIGH,
                since=card.since,
                last_used_at=card.used_at,
                page="/account/cards",
            )
            for card in await self.cards.of_person(account.person)
            if card.stopped_at is None
        )
