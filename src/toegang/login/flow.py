"""One login, from request to outcome: the room's door.

    begin -> ChooseMeans -> GoToMeans -> (the means) -> accept -> Confirm -> answer

`Logins` holds the stores and keys; what comes next is decided by steps.next_step alone. Everything
that ends a login (answer, refusal, stop) takes the transaction, writes the decision record, records the
event and lets the role that asked write its answer, in one unit of work: if any of these cannot be
written, the login did not happen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from toegang.catalogue import gate
from toegang.catalogue.values import MeansId
from toegang.errors import (
    AccountClosed,
    Cancelled,
    LevelNotProven,
    LevelUnreachable,
    LoginElsewhere,
    LoginEnded,
    LoginExpired,
    LoginUnknown,
    PartyClosed,
    Refusal,
    StepOutOfOrder,
    UnknownParty,
    UserInteractionNeeded,
    settle,
)
from toegang.login import facts, routing
from toegang.login.ending import capped
from toegang.login.session import reusable
from toegang.login.steps import Answer, Confirm, GoToMeans, Refuse, next_step
from toegang.login.transaction import Browser, Proof, Transaction, browser_hash, check_browser
from toegang.means.base import Ask, TransactionId

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from toegang.audit.event import Event
    from toegang.audit.trail import Trail
    from toegang.catalogue.watch import Catalogue
    from toegang.errors import ToegangError
    from toegang.identity.subject import Subject
    from toegang.ids import Ids
    from toegang.login.decision import Decisions
    from toegang.login.ending import End, Ending
    from toegang.login.request import LoginRequest
    from toegang.login.session import Session, Sessions
    from toegang.means.base import Authentication, Go, MeansKind
    from toegang.units import Expiring, Units

    Change = Callable[[Transaction], Transaction | Refusal]

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
    ids: Ids
    lifetime: timedelta

    async def begin(self, request: LoginRequest, browser: Browser, now: datetime) -> Transaction | End:
        """Begin a login; a silent one, or one that needs nobody, ends at once."""
        session = await self._session(browser, now)
        transaction = self._first(request, browser, session, now)
        async with self.units.begin() as unit:
            begun = self._begun(transaction, browser, now)
            if isinstance(next_step(transaction, now), Answer):
                return await self.ending.answer(unit, transaction, now, begun)
            if request.silent:
                return await self.ending.refuse(unit, transaction, UserInteractionNeeded.code, now, begun)
            await self.trail.record(unit, *begun)
            await self.transactions.keep(unit, transaction.id, transaction, transaction.until + KEPT_AFTER)
        return transaction

    async def find(self, login: TransactionId, browser: Browser, now: datetime) -> Transaction:
        """Return the login under way, for the browser it was begun in.

        Raises:
            LoginElsewhere: another browser, or its cookie is gone.
            LoginEnded: it was answered.
            LoginUnknown: it never was, or took too long.

        """
        transaction = await self.transactions.find(login, now)
        if transaction is None:
            raise await self._gone(login)
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
            offered = {offer.means for offer in transaction.offers if offer.offered}
            if transaction.proven_enough or (means is not None and means not in offered):
                return StepOutOfOrder("means not on offer")
            return replace(transaction, chosen=means, refused="")

        step = await self._advance(login, browser, now, chosen, _choice)
        return cast("Transaction", step)  # nothing was proven, so nothing can be answered

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
        admission = gate.open_means(self.catalogue.current, step.means, now)
        request = transaction.request
        ask = Ask(
            transaction=transaction.id,
            reference=transaction.reference,
            admission=admission,
            required=request.required,
            provider=request.service.provider,
            service=request.service.name,
            language=request.language,
            fresh=request.max_age is not None,
            highest=request.highest,
            known_subject=transaction.known_subject,
            earlier=_earlier(transaction, admission.id),
            browser=transaction.browser,
        )
        return await self.kinds[admission.kind].start(ask, now)

    async def accept(
        self, login: TransactionId, proven: Authentication, browser: Browser, now: datetime
    ) -> Transaction | End:
        """Take what a means proved: from the means chosen, admitted now, under its ceiling.

        1. the means is the one chosen; 2. it is open now; 3. the level is the lower of what it
        vouches for and its ceiling; 4. in a step up, nobody but the person proven before; 5. what is
        still too low goes back to the means, a bounded number of times.

        Raises:
            StepOutOfOrder: another means was chosen, or somebody else answered.
            PartyClosed: the means was closed meanwhile.

        """
        admission = gate.open_means(self.catalogue.current, proven.means, now)

        def accepted(transaction: Transaction) -> Transaction | Refusal:
            known = transaction.known_subject
            if transaction.chosen != proven.means:
                return StepOutOfOrder("another means was chosen")
            if known is not None and not _same(known, proven.subject):
                return StepOutOfOrder("somebody else answered the step up")
            level = min(proven.level, admission.ceiling)
            proven_now = transaction.with_proof(Proof(authentication=proven, level=level))
            return replace(proven_now, attempts=transaction.attempts + 1, refused="")

        return await self._advance(login, browser, now, accepted, facts.authenticated)

    async def confirm(self, login: TransactionId, browser: Browser, now: datetime) -> Transaction | End:
        """Agree to what the service will learn.

        Raises:
            StepOutOfOrder: there is nothing to agree to now.

        """
        # Somebody may have read this page for long: what was proven must still hold (O15).
        try:
            await self._check_all((await self.find(login, browser, now)).proofs, now)
        except (AccountClosed, PartyClosed, UnknownParty) as refusal:
            return await self._refuse(login, refusal.code, now)

        def confirmed(transaction: Transaction) -> Transaction | Refusal:
            if not isinstance(next_step(transaction, now), Confirm):
                return StepOutOfOrder()
            return replace(transaction, confirmed=True)

        return await self._advance(login, browser, now, confirmed)

    async def extend(self, login: TransactionId, browser: Browser, now: datetime) -> Transaction:
        """Give the person more time, up to `LONGEST` in all (WCAG22-2.2.1).

        Raises:
            LoginExpired: the time was over already.

        """

        def extended(transaction: Transaction) -> Transaction | Refusal:
            return replace(transaction, until=min(now + self.lifetime, transaction.started_at + LONGEST))

        async with self.units.begin() as unit:
            result = await self.transactions.change(unit, login, now, _bound(browser, now, extended))
            if isinstance(result, Transaction):
                await self.transactions.extend(unit, login, result.until + KEPT_AFTER, now)
        if result is None:
            raise await self._gone(login)
        return settle(result)

    async def note(self, transaction: Transaction, refusal: ToegangError, now: datetime) -> None:
        """Remember why the chosen means came to nothing, for when the person goes back to the service."""
        if isinstance(refusal, DEAD_ENDS):
            async with self.units.begin() as unit:
                await self.transactions.change(
                    unit, transaction.id, now, lambda kept: replace(kept, refused=refusal.code)
                )

    async def stop(self, login: TransactionId, browser: Browser, now: datetime) -> End:
        """Stop: by wish of the person, or because nothing more can be done; the service is told which.

        Raises:
            LoginElsewhere: another browser.
            LoginEnded: it was answered already.

        """
        transaction = await self.find(login, browser, now)
        step = next_step(transaction, now)
        code = step.code if isinstance(step, Refuse) else transaction.refused or Cancelled.code
        return await self._refuse(login, code, now)

    async def _refuse(self, login: TransactionId, code: str, now: datetime) -> End:
        async with self.units.begin() as unit:
            transaction = await self.transactions.take(unit, login, now)
            if transaction is not None:
                return await self.ending.refuse(unit, transaction, code, now)
        raise await self._gone(login)

    async def _advance(
        self,
        login: TransactionId,
        browser: Browser,
        now: datetime,
        change: Change,
        facts_of: Callable[[Transaction, datetime], tuple[Event, ...]] = lambda _, __: (),
    ) -> Transaction | End:
        """Change the record, and answer when nothing is left to do: in one unit."""
        async with self.units.begin() as unit:
            held = await self.transactions.hold(unit, login, now)
            result = None if held is None else _bound(browser, now, change)(held)
            if isinstance(result, Transaction):
                happened = facts_of(result, now)
                if isinstance(next_step(result, now), Answer):
                    await self.transactions.drop(unit, login)
                    return await self.ending.answer(unit, result, now, happened)
                await self.transactions.rewrite(unit, login, result)
                if happened:
                    await self.trail.record(unit, *happened)
        if result is None:
            raise await self._gone(login)
        return settle(result)

    async def _session(self, browser: Browser, now: datetime) -> Session | None:
        """Return the session that this browser may use, if its accounts may still be used."""
        session = await self.sessions.find(browser, now)
        if session is None:
            return None
        try:
            await self._check_all(session.proofs, now)
            return replace(session, proofs=capped(session.proofs, self.catalogue.current, now))
        except (AccountClosed, PartyClosed, UnknownParty):
            return None

    async def _check_all(self, proofs: tuple[Proof, ...], now: datetime) -> None:
        for proof in proofs:
            await self.check_usable(proof.authentication, now)

    async def check_usable(self, proven: Authentication, now: datetime) -> None:
        """Refuse a proof whose means or account may no longer be used (O14, O15).

        Raises:
            PartyClosed: the means is closed now.
            AccountClosed: the account was ended or stopped, or its proofs were withdrawn.

        """
        admission = gate.open_means(self.catalogue.current, proven.means, now)
        await self.kinds[admission.kind].check_usable(proven, now)

    def _begun(self, transaction: Transaction, browser: Browser, now: datetime) -> tuple[Event, ...]:
        started = facts.started(transaction)
        if transaction.chosen is None:
            return (started,)
        remembered = transaction.chosen == browser.remembered
        return (started, facts.chosen(transaction, now, remembered=remembered))

    def _first(
        self, request: LoginRequest, browser: Browser, session: Session | None, now: datetime
    ) -> Transaction:
        offers = routing.offers(request, self.catalogue.current, self.kinds, now)
        first = Transaction(
            id=TransactionId(self.ids.token(18)),
            reference=self.ids.reference(),
            browser=browser_hash(browser.secret or ""),
            request=request,
            started_at=now,
            until=now + self.lifetime,
            offers=offers,
            proofs=self._reused(session, request, now),
        )
        return replace(first, chosen=_chosen_at_once(first, browser))

    def _reused(self, session: Session | None, request: LoginRequest, now: datetime) -> tuple[Proof, ...]:
        """Return the proofs of `session` that count: never those of somebody whom the service did not ask."""
        answerer = self.ending.answerers[request.reply_to.provider]
        proofs = reusable(session, request, now)
        try:
            for proof in proofs:
                answerer.check_subject(request, proof.authentication.subject)
        except UserInteractionNeeded:
            return ()
        return proofs

    async def _gone(self, login: TransactionId) -> Refusal:
        """Say why there is no such login: it was answered, or it never was or took too long."""
        decision = await self.decisions.find_by_login(login)
        return LoginUnknown() if decision is None else LoginEnded()


def _earlier(transaction: Transaction, means: MeansId) -> Authentication | None:
    """Return what this means proved before, the latest first."""
    proven = (proof.authentication for proof in reversed(transaction.proofs))
    return next((each for each in proven if each.means == means), None)


def _chosen_at_once(transaction: Transaction, browser: Browser) -> MeansId | None:
    """Choose without asking: the means of a step up, the one that this browser remembers, the only one."""
    if transaction.request.choose_again:
        return None
    offered = {offer.means for offer in transaction.offers if offer.offered}
    proven = [proof.authentication.means for proof in transaction.proofs]
    wanted = [*reversed(proven), *([browser.remembered] if browser.remembered else [])]
    wanted += offered if len(offered) == 1 else ()
    return next((MeansId(means) for means in wanted if means in offered), None)


def _choice(transaction: Transaction, now: datetime) -> tuple[Event, ...]:
    return (facts.chosen(transaction, now),) if transaction.chosen else ()


def _bound(browser: Browser, now: datetime, change: Change) -> Change:
    """Make `change` refuse every browser but the login's own, and a login past its time."""

    def bound(transaction: Transaction) -> Transaction | Refusal:
        try:
            check_browser(transaction, browser)
        except LoginElsewhere as refusal:
            return refusal
        return LoginExpired() if now >= transaction.until else change(transaction)

    return bound


def _same(known: Subject, proven: Subject) -> bool:
    """Tell whether two subjects are one: the same person, or else the same account."""
    if known.person is not None or proven.person is not None:
        return known.person == proven.person
    return (known.issuer, known.identifier) == (proven.issuer, proven.identifier)
