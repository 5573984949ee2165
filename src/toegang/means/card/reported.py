"""Cards of which the population register hears that they are lost or stolen, besides their own register.

Which card a report is about, is told by its number, and that is kept nowhere here: so what any card of that
kind of its person proved before counts no more, and at the next login the number decides (judging.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from toegang.means.citizen.notices import ProofsWithdrawn
from toegang.means.life.store import LOWERS

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.means.card.values import Card, CardStore
    from toegang.means.citizen.desk import Desk
    from toegang.means.life.store import DocumentReport
    from toegang.units import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedCards:
    """Cards that are documents themselves (means.life.store.RestsOnDocuments)."""

    account: Desk
    cards: CardStore

    async def document_reported(self, unit: Unit, report: DocumentReport, now: datetime) -> None:
        """eIDAS-2015/1502-2.2.3: withdraw what the person's cards of this kind proved."""
        if report.state not in LOWERS:
            return
        for card in await self.cards.of_person(report.person):
            if card.kind.value == report.type:
                await self._withdraw(unit, card, now)

    async def _withdraw(self, unit: Unit, card: Card, now: datetime) -> None:
        held = await self.cards.hold(unit, card.chip)
        if held is None:
            return
        await self.cards.put(unit, replace(held, proofs_from=now))
        withdrawn = withdrawn_proofs(held, "card-reported", now)
        await self.account.outbox.put(unit, withdrawn.message(self.account.ids), now)


def withdrawn_proofs(card: Card, why: str, now: datetime) -> ProofsWithdrawn:
    """Say that what a card proved before counts no more."""
    return ProofsWithdrawn(
        means=card.means,
        account="",
        person=card.person,
        why=why,
        at=now,
        authenticator=card.chip.hex(),
    )
