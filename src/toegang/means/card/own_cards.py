"""What people do with their own cards in My account: look, activate, stop, ask a new PIN."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final, Self
from uuid import UUID

from toegang.assurance import Level
from toegang.audit.events import CardActivated, CardPinAsked, CardRefused, CardStopped, Personal
from toegang.catalogue import gate
from toegang.catalogue.values import MeansId
from toegang.errors import LevelNotProven, NotEntitled, PartyClosed, Unavailable, UnknownParty
from toegang.identity.people import PersonId
from toegang.means.card import judging
from toegang.means.card.reading import READINGS, Believed, next_of, tell
from toegang.means.card.reported import withdrawn_proofs
from toegang.means.card.values import Card
from toegang.means.citizen.account import AccountId, Status
from toegang.means.citizen.own_account import OwnAccount
from toegang.means.citizen.policy import Limit
from toegang.means.citizen.standing import check_open
from toegang.means.citizen.telling import notice
from toegang.means.reader import subjects
from toegang.means.reader.conversation import Accepted, Refused
from toegang.means.reader.readers import Beginning
from toegang.post.texts import LetterPurpose, SmsPurpose
from toegang.registers.cards import CardAct, CardStatus, RegisteredCard

if TYPE_CHECKING:
    from toegang.errors import Refusal
    from toegang.means.app.pairing import Whereabouts
    from toegang.means.card.desk import CardDesk
    from toegang.means.card.judging import Holder
    from toegang.means.citizen.account import Account
    from toegang.means.citizen.own_account import SignedIn
    from toegang.means.citizen.visitor import Visitor
    from toegang.means.reader.conversation import End, Next, Talk
    from toegang.means.reader.readers import Readers
    from toegang.units import Unit

KIND: Final = "card"
PURPOSE: Final = "card-activation"
PIN_LETTERS: Final = Limit(most=3, window=timedelta(days=7))
"""Letters with a new PIN that may be asked for one card."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A card as its person sees it: `card` is None when its register does not answer, `kept` is ours.

    `reported` when the population register heard that this very card is lost or stolen.
    """

    chip: bytes = field(repr=False)
    card: RegisteredCard | None = field(repr=False)
    kept: Card | None
    reported: bool = False

    @property
    def stopped(self) -> bool:
        """Tell whether its person stopped it here."""
        return self.kept is not None and self.kept.stopped_at is not None


@dataclass(frozen=True, slots=True)
class About:
    """What activating is about: whose account, and since when its person was proven."""

    account: AccountId
    means: MeansId
    since: datetime

    def written(self) -> str:
        """Write it as the subject of a session."""
        return json.dumps([str(self.account), self.means, self.since.isoformat()])

    def withdrawn(self, account: Account) -> bool:
        """Tell whether the login that this began with counts no more."""
        return account.proofs_from is not None and self.since < account.proofs_from

    @classmethod
    def read(cls, subject: str) -> Self:
        """Read the subject of a session that we began.

        Raises:
            OneTimeGone: another version began it.

        """
        return subjects.read(subject, cls._made)

    @classmethod
    def _made(cls, found: Sequence[str]) -> Self:
        account, means, since, *_ = found
        return cls(AccountId(UUID(account)), MeansId(means), datetime.fromisoformat(since))


@dataclass(frozen=True, slots=True, kw_only=True)
class CardActivation:
    """Makes a card usable, with card and PIN, by its holder (means.reader.conversation.Conversation)."""

    desk: CardDesk

    async def admit(self, unit: Unit, talk: Talk, now: datetime) -> Refusal | None:
        """Count the attempt of this account."""
        account = About.read(talk.subject).account
        return await self.desk.account.tallies.count(unit, f"card-activation:{account}", READINGS, now)

    async def advance(self, talk: Talk, now: datetime) -> Next:
        """Go on with the conversation; in the end the register makes the card active."""
        about = About.read(talk.subject)
        return await next_of(self.desk, talk, {}, partial(self._judge, about), now)

    async def _judge(self, about: About, holder: Holder) -> Accepted | Refused:
        """eIDAS-2015/1502-2.2.2: the card is of who is logged in, and its issuer did not close it."""
        desk, card = self.desk, holder.card
        account = await desk.account.accounts.find(about.account)
        if account is None or account.status is not Status.ACTIVE or about.withdrawn(account):
            return Refused(reason=judging.CLOSED, advice=judging.CLOSED)
        if holder.known is None or account.person != holder.known:
            return Refused(reason=judging.NOT_YOURS, advice=judging.NOT_YOURS)
        if holder.reported:
            return Refused(reason=judging.REPORTED, advice=judging.BLOCKED)
        if card.status is CardStatus.ACTIVE:
            return Believed(holder=holder)
        if not card.may_be_activated:
            return Refused(reason=judging.REFUSED[card.status], advice=judging.REFUSED[card.status])
        try:
            active = await desk.register.act(card, CardAct.ACTIVATE)
        except NotEntitled:
            return Refused(reason=judging.BLOCKED, advice=judging.BLOCKED)
        return Believed(holder=replace(holder, card=active))

    async def conclude(self, unit: Unit, talk: Talk, end: End, now: datetime) -> End:
        """Keep that the card may be used here, and tell its person."""
        desk, about = self.desk, About.read(talk.subject)
        account = await desk.account.accounts.find(about.account)
        person = account.person if account else None
        if isinstance(end, Believed) and (account is None or about.withdrawn(account)):
            end = Refused(reason=judging.CLOSED, advice=judging.CLOSED)
        if isinstance(end, Believed) and person is not None:
            await self._activated(unit, about, (person, end.holder), now)
            return Accepted()
        if isinstance(end, Refused):
            event = CardRefused(
                at=now,
                means=about.means,
                person=Personal.maybe(person),
                reference=talk.reference,
                why=end.reason,
            )
            await desk.account.trail.record(unit, event)
        return end

    async def _activated(
        self, unit: Unit, about: About, found: tuple[PersonId, Holder], now: datetime
    ) -> None:
        desk, (person, holder) = self.desk, found
        kept = await desk.cards.hold(unit, holder.card.chip)
        before = kept or Card(
            chip=holder.card.chip, means=about.means, person=person, kind=holder.card.kind, since=now
        )
        await desk.cards.put(unit, replace(before, means=about.means, person=person, stopped_at=None))
        event = CardActivated(
            at=now,
            means=about.means,
            person=Personal.maybe(person),
            before=None,
            after=Level.HIGH,
            kind=holder.card.kind.value,
        )
        await desk.account.trail.record(unit, event)
        words = (SmsPurpose.CARD_ACTIVATED, LetterPurpose.CARD_ACTIVATED)
        await tell(desk, unit, found, words, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardsOfAccount:
    """The use cases of My account that are about cards."""

    desk: CardDesk
    readers: Readers

    def offered(self, now: datetime) -> MeansId | None:
        """Return the means of cards that is admitted and open now; None when there is none."""
        snapshot = self.desk.catalogue.current
        for admission in snapshot.all_means():
            if admission.kind == KIND:
                try:
                    return gate.open_means(snapshot, admission.id, now).id
                except (PartyClosed, UnknownParty):
                    continue
        return None

    async def cards(self, signed_in: SignedIn) -> tuple[Shown, ...]:
        """Return the person's cards: those of the register, and when that does not answer those we know.

        Raises:
            AccountClosed: the account was stopped.

        """
        account = check_open(await self.desk.account.accounts.find(signed_in.account))
        return await self._cards(account)

    async def begin(
        self, signed_in: SignedIn, visitor: Visitor, place: Whereabouts, language: str, now: datetime
    ) -> str:
        """Begin to activate a card; return the id of the reader session.

        Raises:
            LevelNotProven: log in again first.
            PartyClosed: no means of cards is open now.

        """
        means = self.offered(now)
        if means is None:
            raise PartyClosed
        if await OwnAccount(desk=self.desk.account).login_needed(signed_in, now) is not None:
            raise LevelNotProven
        beginning = Beginning(
            purpose=PURPOSE,
            subject=About(signed_in.account, means, signed_in.at).written(),
            browser=visitor.browser_hash,
            language=language,
            place=place,
        )
        return await self.readers.begin(beginning, now)

    async def stop(self, signed_in: SignedIn, chip: bytes, now: datetime) -> None:
        """Stop a card of one's own for logging in: here from the commit on, whatever its register answers.

        Raises:
            NotEntitled: it is no card of this person; never said whether it exists.

        """
        desk, account = self.desk, await self.desk.account.accounts.find(signed_in.account)
        if account is None or account.person is None:
            raise NotEntitled
        shown, person = await self._own(account, chip), account.person
        means = self.offered(now) or (shown.kept.means if shown.kept else MeansId(KIND))
        async with desk.account.units.begin() as unit:
            kept = await desk.cards.hold(unit, chip)
            if kept is None or kept.stopped_at is None:
                kind = shown.card.kind if shown.card else shown.kept.kind if shown.kept else None
                before = kept or (kind and Card(chip=chip, means=means, person=person, kind=kind, since=now))
                if not before:
                    raise NotEntitled
                await desk.cards.put(unit, before.stopped(now))
                await self._stopped(unit, account, before, now)
        if shown.card is not None and shown.card.status in {CardStatus.ACTIVE, CardStatus.ISSUED}:
            try:
                await desk.register.act(shown.card, CardAct.BLOCK)
            except (Unavailable, NotEntitled):
                return

    async def send_pin(self, signed_in: SignedIn, chip: bytes, now: datetime) -> None:
        """Pass on to the issuer that the person asks a letter with a new PIN.

        Raises:
            LevelNotProven: log in again first.
            NotEntitled: no card of this person, or its register does not send one.
            TooManyTries: several letters were asked for already.
            Unavailable: the register does not answer.

        """
        desk = self.desk
        if await OwnAccount(desk=desk.account).login_needed(signed_in, now) is not None:
            raise LevelNotProven
        account = check_open(await desk.account.accounts.find(signed_in.account))
        shown = await self._own(account, chip)
        if shown.card is None:
            message = "the register of cards does not answer"
            raise Unavailable(message)
        means = self.offered(now)
        if means is None:
            raise PartyClosed
        # Each letter may undo the PIN of the one before, and each is told by text message: counted first.
        async with desk.account.units.begin() as unit:
            tally = f"card-pin:{shown.chip.hex()}"
            too_many = await desk.account.tallies.count(unit, tally, PIN_LETTERS, now)
        if too_many is not None:
            raise too_many
        await desk.register.act(shown.card, CardAct.SEND_PIN)
        async with desk.account.units.begin() as unit:
            event = CardPinAsked(
                at=now, means=means, person=Personal.maybe(account.person), kind=shown.card.kind.value
            )
            await desk.account.trail.record(unit, event)
            await notice(desk.account, unit, account, SmsPurpose.CARD_PIN, now)

    async def _cards(self, account: Account) -> tuple[Shown, ...]:
        desk = self.desk
        person = await desk.account.enrolment.people.find(account.person) if account.person else None
        if person is None:
            return ()
        kept = {each.chip: each for each in await desk.cards.of_person(person.id)}
        try:
            found = await desk.register.of_holder(desk.account.enrolment.bsn_of(person))
        except Unavailable:
            return tuple(Shown(chip=chip, card=None, kept=each) for chip, each in kept.items())
        return tuple(
            [
                Shown(
                    chip=each.chip,
                    card=each,
                    kept=kept.get(each.chip),
                    reported=await desk.reports.is_reported(person.id, each.kind.value, each.number),
                )
                for each in found
            ]
        )

    async def _own(self, account: Account, chip: bytes) -> Shown:
        for each in await self._cards(account):
            if each.chip == chip:
                return each
        raise NotEntitled

    async def _stopped(self, unit: Unit, account: Account, before: Card, now: datetime) -> None:
        desk = self.desk
        event = CardStopped(
            at=now,
            means=before.means,
            person=Personal.maybe(before.person),
            before=Level.HIGH if before.stopped_at is None else None,
            after=None,
            kind=before.kind.value,
        )
        await desk.account.trail.record(unit, event)
        withdrawn = withdrawn_proofs(before, "card-stopped", now)
        await desk.account.outbox.put(unit, withdrawn.message(desk.account.ids), now)
        await notice(desk.account, unit, account, SmsPurpose.CARD_STOPPED, now)
