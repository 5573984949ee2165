"""One login, from request to outcome: the room's door.

    begin -> ChooseMeans -> GoToMeans -> accept -> ChooseRepresented -> Confirm -> Invite -> answer

`Logins` holds the stores and keys; what comes next is decided by steps.next_step alone. Everything
that ends a login takes the transaction, writes the decision record, records the event and lets the role that
asked write its answer, in one unit of work: if any of these cannot be written, the login did not happen.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from toegang.catalogue import gate
from toegang.catalogue.values import MeansId
from toegang.errors import (
    AccountClosed,
    AccountHeld,
    Cancelled,
    LevelNotProven,
    LevelUnreachable,
    Misconfigured,
    PartyClosed,
    Refusal,
    StepOutOfOrder,
    UnknownParty,
    settle,
)
from toegang.login import beginning, changes, facts, routing
from toegang.login.changes import bound, chosen_at_once
from toegang.login.ending import capped
from toegang.login.invitations import Reaction
from toegang.login.once import once
from toegang.login.steps import Answer, Confirm, GoToMeans, OfferLink, Refuse, next_step
from toegang.login.transaction import Browser, Transaction, check_browser
from toegang.means.base import TransactionId
from toegang.means.external.linking import Vouched

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from toegang.audit.trail import Trail
    from toegang.catalogue.watch import Catalogue
    from toegang.errors import ToegangError
    from toegang.ids import Ids
    from toegang.login.advancing import Advancing
    from toegang.login.choosing import Choosing
    from toegang.login.decision import Decisions
    from toegang.login.ending import End, Ending
    from toegang.login.once import FirstUse
    from toegang.login.request import LoginRequest
    from toegang.login.session import Session, Sessions
    from toegang.login.steps import Step
    from toegang.login.transaction import Offer
    from toegang.login.usable import Bearing, Usable
    from toegang.mandates.party import PartyId
    from toegang.mandates.statement import Statement
    from toegang.means.base import Authentication, Go, MeansKind
    from toegang.means.external.linking import Linking
    from toegang.units import Expiring, Unit, Units

LONGEST = timedelta(hours=1)  # from request to answer, however often more time is asked
DEAD_ENDS = (AccountClosed, LevelNotProven, LevelUnreachable)  # all else that a means refuses may pass
KEPT_AFTER = timedelta(hours=1)  # after its time a login can still be answered: with a refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Logins:
    """The door of the room: every use case of one login."""

    units: Units
    transactions: Expiring[Transaction]
    sessions: Sessions
    decisions: Decisions
    ending: Ending
    trail: Trail
    catalogue: Catalogue
    kinds: Mapping[str, MeansKind]
    linking: Linking
    usable: Usable
    advancing: Advancing
    choosing: Choosing
    ids: Ids
    lifetime: timedelta

    async def begin(
        self, request: LoginRequest, browser: Browser, now: datetime, first_use: FirstUse | None = None
    ) -> Transaction | End:
        """Begin a login; a silent one, or one that needs nobody, ends at once.

        Raises:
            Refusal: that of `first_use`, taken in the same unit; nothing was begun.

        """
        offers = routing.offers(request, self.catalogue.current, self.kinds, now)
        answerer = self.ending.answerers[request.reply_to.provider]
        earlier = beginning.reused(await self._session(browser, now), request, answerer, now)
        asked = beginning.Asked(request=request, offers=offers, proofs=earlier, lifetime=self.lifetime)
        first = await self._held(beginning.first(asked, browser, self.ids, now), browser)
        step = next_step(first, now)
        begun = await once(self.units, first_use, lambda unit: self._begin(unit, first, browser, step))
        if isinstance(begun, Transaction) and beginning.looks(begun, step):
            return await self._looked(begun, browser, now)
        return begun

    async def find(self, login: TransactionId, browser: Browser, now: datetime) -> Transaction:
        """Return the login under way, for the browser it was begun in.

        Raises:
            LoginElsewhere: another browser, or its cookie is gone.
            LoginEnded: it was answered.
            LoginUnknown: it never was, or took too long.

        """
        transaction = await self.transactions.find(login, now)
        if transaction is None:
            raise await self.advancing.gone(login)
        check_browser(transaction, browser)
        return transaction

    async def choose(
        self, login: TransactionId, means: MeansId | None, browser: Browser, now: datetime
    ) -> Transaction:
        """Choose a means that is offered; None goes back to the choice.

        Raises:
            StepOutOfOrder: that means is not offered for this login, or enough was proven already.

        """

        def chosen(transaction: Transaction) -> Transaction | Refusal:
            return changes.chosen(transaction, means)

        step = await self.advancing.advance(login, browser, now, chosen, facts.choice)
        return cast("Transaction", step)  # nothing was proven, so nothing can be answered

    async def choices(self, transaction: Transaction) -> tuple[Offer, ...]:
        """Return what there is to choose from; in a step up without what cannot be this person's."""
        known = transaction.known_subject
        if known is None:
            return transaction.choice
        return await routing.offers_to(known, transaction.choice, self.catalogue.current, self.kinds)

    def pages(self, offers: tuple[Offer, ...]) -> tuple[str, ...]:
        """Return addresses of other parties that a choice among `offers` may lead to."""
        return tuple(page for offer in offers if offer.offered for page in self.pages_of(offer.means))

    def pages_of(self, means: MeansId) -> tuple[str, ...]:
        """Return addresses of another party that logging in with `means` leads to."""
        admission = self.catalogue.current.means(means)
        with suppress(Misconfigured):  # said, and logged, when it is chosen
            return self.kinds[admission.kind].pages(admission) if admission else ()
        return ()

    async def go_to_means(self, transaction: Transaction, now: datetime) -> Go:
        """Send the browser to the chosen means.

        Raises:
            StepOutOfOrder: no means is to be visited now.
            PartyClosed: the means was closed meanwhile.
            Unavailable: the means does not answer.

        """
        step = next_step(transaction, now)
        if not isinstance(step, GoToMeans):
            raise StepOutOfOrder
        return await self._start(transaction, step.means, now)

    async def prepare(self, transaction: Transaction, means: MeansId, now: datetime) -> None:
        """Have a means remember what is asked before its person chose it; choosing it is still to come.

        Raises:
            StepOutOfOrder: that means is not offered for this login, or enough was proven already.
            PartyClosed: the means was closed meanwhile.

        """
        settle(changes.chosen(transaction, means))
        await self._start(transaction, means, now)

    async def _start(self, transaction: Transaction, means: MeansId, now: datetime) -> Go:
        admission = gate.open_means(self.catalogue.current, means, now)
        ask = routing.ask_of(transaction, admission, self.catalogue.current)
        return await self.kinds[admission.kind].start(ask, now)

    async def accept(
        self, login: TransactionId, proven: Authentication, browser: Browser, now: datetime
    ) -> Transaction | End:
        """Take what a means proved: from the means chosen, admitted now, under its ceiling.

        1. the means is the one chosen; 2. it is open now, and the person is not held, which is asked beside
        the record; 3. the level is the lower of what it vouches for and its ceiling; 4. in a step up, nobody
        but who was proven before; 5. where the service must know the person, an account that is nobody's
        waits to be linked; 6. what is too low for the service, or for the person themselves, goes back to
        the choice a bounded number of times.

        Raises:
            StepOutOfOrder: another means was chosen, or somebody else answered.
            PartyClosed, AccountHeld: the means was closed meanwhile, or the person is held.

        """
        admission = gate.open_means(self.catalogue.current, proven.means, now)
        level, asked = min(proven.level, admission.ceiling), self.usable.beside(proven.subject)

        def accepted(transaction: Transaction) -> Transaction | Refusal:
            try:
                floor = asked.bearing.check(now)
            except AccountHeld as refusal:
                return refusal
            return changes.accepted(transaction, proven, changes.Counts(level=level, floor=floor))

        facts_of = facts.authenticated
        return await self.advancing.advance(login, browser, now, accepted, facts_of, beside=asked.ask)

    async def link(
        self, login: TransactionId, browser: Browser, now: datetime, *, agreed: bool
    ) -> Transaction | End:
        """Link the account that was proven first to the person who was proven after it, if they agree.

        Either way the login goes on, with what the person's own means proved.

        Raises:
            StepOutOfOrder: there is nothing to be linked now.
            PartyClosed, AccountClosed: what was proven may no longer be used.
            NotLinked: the means may no longer be linked.
            LinkedElsewhere: the account is, or was, a means of somebody else; it is not asked again.

        """
        transaction = await self.find(login, browser, now)
        if not isinstance(next_step(transaction, now), OfferLink):
            raise StepOutOfOrder
        best, elsewhere = transaction.best, transaction.unlinked
        person, made = best.authentication.subject.person if best else None, None
        if agreed and best is not None and elsewhere is not None and person is not None:
            snapshot, own = self.catalogue.current, best.authentication
            gate.check_linkable(gate.open_means(snapshot, elsewhere.means, now))
            await self.check_usable(own, now)
            level = min(best.level, gate.open_means(snapshot, own.means, now).ceiling)
            vouched = Vouched(person=person, by=own.subject, level=level, at=own.at)
            async with self.units.begin() as unit:
                made = await self.linking.make(unit, vouched, elsewhere, now)
        at = await self.advancing.advance(login, browser, now, changes.link_answered)
        if isinstance(made, Refusal):
            raise made
        return at

    async def confirm(
        self, login: TransactionId, browser: Browser, now: datetime, seen: PartyId | None = None
    ) -> Transaction | End:
        """Agree to what the service will learn; `seen` is for whom, as the page said it (None: oneself).

        Raises:
            StepOutOfOrder: there is nothing to agree to now, or another was chosen in another tab.

        """
        # Somebody may have read this page for long: what was proven must still hold (O15).
        try:
            await self.usable.check_all((await self.find(login, browser, now)).proofs, now)
        except (AccountClosed, PartyClosed, UnknownParty) as refusal:
            return await self.advancing.refuse(login, refusal.code, now)

        def confirmed(transaction: Transaction) -> Transaction | Refusal:
            if not isinstance(next_step(transaction, now), Confirm) or transaction.principal != seen:
                return StepOutOfOrder()
            return replace(transaction, confirmed=True)

        return await self.advancing.advance(login, browser, now, confirmed)

    async def react(
        self, login: TransactionId, browser: Browser, now: datetime, reaction: Reaction
    ) -> Transaction | End:
        """Take what the person made of an invitation; but for STARTED the login goes on at once.

        STARTED gives the login all the time that it can have, and leaves it waiting for the person.

        Raises:
            StepOutOfOrder: nobody is invited now.

        """
        # What was proven must still hold: they may have read it for long, or come back from a step (O15).
        try:
            await self.usable.check_all((await self.find(login, browser, now)).proofs, now)
        except (AccountClosed, PartyClosed, UnknownParty) as refusal:
            return await self.advancing.refuse(login, refusal.code, now)
        if reaction is Reaction.STARTED:
            await self.extend(login, browser, now, LONGEST)

        def reacted(transaction: Transaction) -> Transaction | Refusal:
            return changes.reacted(transaction, reaction)

        return await self.advancing.advance(login, browser, now, reacted)

    async def extend(
        self, login: TransactionId, browser: Browser, now: datetime, more: timedelta | None = None
    ) -> Transaction:
        """Give the person more time (the usual, or `more`), up to `LONGEST` in all (WCAG22-2.2.1).

        Raises:
            LoginExpired: the time was over already.

        """

        def extended(transaction: Transaction) -> Transaction | Refusal:
            until = min(now + (more or self.lifetime), transaction.started_at + LONGEST)
            return replace(transaction, until=until)

        async with self.units.begin() as unit:
            result = await self.transactions.change(unit, login, now, bound(browser, now, extended))
            if isinstance(result, Transaction):
                await self.transactions.extend(unit, login, result.until + KEPT_AFTER, now)
        if result is None:
            raise await self.advancing.gone(login)
        return settle(result)

    async def note(self, transaction: Transaction, refusal: ToegangError, now: datetime) -> None:
        """Remember why the chosen means came to nothing, for when the person goes back to the service."""
        if isinstance(refusal, DEAD_ENDS):
            id_, code = transaction.id, refusal.code
            async with self.units.begin() as unit:
                await self.transactions.change(unit, id_, now, lambda kept: replace(kept, refused=code))

    async def stop(self, login: TransactionId, browser: Browser, now: datetime) -> End:
        """Stop: by wish of the person, or because nothing more can be done; the service is told which.

        Raises:
            LoginElsewhere: another browser.
            LoginEnded: it was answered already.

        """
        transaction = await self.find(login, browser, now)
        step = next_step(transaction, now)
        code = step.code if isinstance(step, Refuse) else transaction.refused or Cancelled.code
        return await self.advancing.refuse(login, code, now)

    async def _session(self, browser: Browser, now: datetime) -> Session | None:
        """Return the session that this browser may use, if its accounts may still be used."""
        session = await self.sessions.find(browser, now)
        if session is None:
            return None
        try:
            await self.usable.check_all(session.proofs, now)
            return replace(session, proofs=capped(session.proofs, self.catalogue.current, now))
        except (AccountClosed, PartyClosed, UnknownParty):
            return None

    async def check_usable(
        self,
        proven: Authentication,
        now: datetime,
        bearing: Bearing | None = None,
        statement: Statement | None = None,
    ) -> None:
        """Refuse a proof that may no longer be used (`Usable.check`), or by which nobody acts (`Stating`)."""
        await self.usable.check(proven, now, bearing)
        if statement is not None:
            await self.choosing.authorities.check_holds(statement, now)

    async def _begin(self, unit: Unit, first: Transaction, browser: Browser, step: Step) -> Transaction | End:
        begun, now = facts.begun(first, browser.remembered), first.started_at
        looks = beginning.looks(first, step)
        if isinstance(step, Answer) and not looks:
            return await self.ending.answer(unit, first, now, begun)
        if first.request.silent and not looks:
            return await self.ending.refuse(unit, first, beginning.unsaid(step), now, begun)
        await self.trail.record(unit, *begun)
        await self.transactions.keep(unit, first.id, first, first.until + KEPT_AFTER)
        return first

    async def _held(self, first: Transaction, browser: Browser) -> Transaction:
        """Hold a login that rests on earlier proofs to its person's lowest level, and choose at once.

        Whom they acted for before is not carried over: they choose anew, if there is a choice, unless the
        service asks silently for the same again.
        """
        known, now = first.known_subject, first.started_at
        if known is not None:
            first = changes.with_floor(first, await self.usable.floor(known, now))
            first = beginning.repeated(first)
        return replace(first, chosen=chosen_at_once(first, browser))

    async def _looked(self, begun: Transaction, browser: Browser, now: datetime) -> Transaction | End:
        """Look for whom the person may log in: registers are asked for a request that was not seen before."""
        at = await self.advancing.advance(begun.id, browser, now, beginning.uninvited)
        if isinstance(at, Transaction) and at.request.silent:
            return await self.advancing.refuse(at.id, beginning.unsaid(next_step(at, now)), now)
        return at
