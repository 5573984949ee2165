"""A card as a login means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from toegang.assurance import Level
from toegang.errors import AccountClosed, Unavailable
from toegang.means.base import Go
from toegang.means.card.logging_in import Errand
from toegang.means.card.standing import check_proof
from toegang.registers.cards import CardStatus

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.catalogue.values import AdmittedMeans
    from toegang.identity.subject import Subject
    from toegang.means.base import Ask, Authentication
    from toegang.means.card.cards import OwnCards

PAGES: Final = "/means/card"
LIFETIME: Final = timedelta(hours=1)
"""How long a login may go on; the login itself says until when."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardMeans:
    """A card with its PIN (high); `door` is None where the settings name no register of cards."""

    door: OwnCards | None

    def reach(self, admission: AdmittedMeans) -> Level:  # noqa: ARG002 every admission reaches the same
        """eIDAS-2015/1502-2.2.1: a chip that cannot be copied, with a PIN that it counts itself: high."""
        return Level.HIGH

    def pages(self, admission: AdmittedMeans) -> tuple[str, ...]:  # noqa: ARG002 all pages are ours
        """Return nothing: its pages are ours."""
        return ()

    async def start(self, ask: Ask, now: datetime) -> Go:
        """Remember what is asked, and send the browser to the page of the card: nothing is reused, ever.

        Raises:
            Unavailable: cards are not set up here.

        """
        door = self._door()
        errands = door.logging_in.errands
        kept = await errands.find(ask.transaction, now)
        errand = Errand(
            login=ask.transaction,
            reference=ask.reference,
            browser=ask.browser,
            means=ask.admission.id,
            service=ask.service_id,
            service_name=ask.service,
            provider=ask.provider,
            level=ask.required,
            language=ask.language,
            until=now + LIFETIME,
            known=ask.known_subject.person if ask.known_subject else None,
        )
        if kept is None or _asked(kept) != _asked(errand):
            async with door.desk.account.units.begin() as unit:
                await errands.keep(unit, ask.transaction, errand, errand.until)
        return Go(location=f"{PAGES}/{ask.transaction}")

    async def proves(self, admission: AdmittedMeans, subject: Subject) -> bool:  # noqa: ARG002 one means of cards
        """Tell whether the person has a card that can be used, as far as its register says."""
        if subject.person is None or self.door is None:
            return False
        account = self.door.desk.account
        person = await account.enrolment.people.find(subject.person)
        if person is None:
            return False
        try:
            cards = await self.door.desk.register.of_holder(account.enrolment.bsn_of(person))
        except Unavailable:
            return True
        return any(card.status is CardStatus.ACTIVE for card in cards)

    async def check_usable(self, proven: Authentication, now: datetime) -> None:  # noqa: ARG002 no end date
        """eIDAS-2015/1502-2.3.1: refuse what a card proved that was stopped since.

        Raises:
            AccountClosed: it may no longer be used.

        """
        if self.door is None:
            message = "there are no cards here any more"
            raise AccountClosed(message)
        await check_proof(self.door.desk.cards, proven)

    def _door(self) -> OwnCards:
        if self.door is None:
            message = "cards are admitted, and the settings name no register of cards"
            raise Unavailable(message)
        return self.door


def _asked(errand: Errand) -> tuple[object, ...]:
    return errand.browser, errand.means, errand.service, errand.level, errand.known
