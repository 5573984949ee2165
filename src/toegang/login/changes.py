"""Changes of a login's record: pure functions, which may run again; a refusal is returned, never raised."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from toegang.assurance import Level
from toegang.catalogue.routing import Offer as Accepted
from toegang.catalogue.values import IdentityForm, MeansId
from toegang.errors import LoginElsewhere, LoginExpired, Refusal, StepOutOfOrder
from toegang.login.acting import ForWhom
from toegang.login.invitations import Reaction
from toegang.login.steps import MOST_ATTEMPTS
from toegang.login.transaction import OWN_FLOOR, Proof, check_browser

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from toegang.identity.subject import Subject
    from toegang.login.acting import Acting
    from toegang.login.invitations import Invitation
    from toegang.login.request import LoginRequest
    from toegang.login.transaction import Browser, Transaction
    from toegang.means.base import Authentication

    Change = Callable[[Transaction], Transaction | Refusal]


TOO_LOW = Accepted.CEILING_TOO_LOW.value


def bound(browser: Browser, now: datetime, change: Change) -> Change:
    """Make `change` refuse every browser but the login's own, and a login past its time."""

    def only_there(transaction: Transaction) -> Transaction | Refusal:
        try:
            check_browser(transaction, browser)
        except LoginElsewhere as refusal:
            return refusal
        return LoginExpired() if now >= transaction.until else change(transaction)

    return only_there


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What a proof counts for, and the lowest level that its person wants."""

    level: Level
    floor: Level


def accepted(transaction: Transaction, proven: Authentication, counts: Counts) -> Transaction | Refusal:
    """Take what a means proved; see `Logins.accept` for the rules."""
    known = transaction.known_subject
    if transaction.chosen != proven.means:
        return StepOutOfOrder("another means was chosen")
    if known is not None and not same(known, proven.subject):
        return StepOutOfOrder("somebody else answered the step up")
    attempts = transaction.attempts + 1
    if known is None and not serves(transaction.request, proven):
        unlinked = replace(proven, level=counts.level)
        return replace(transaction, attempts=attempts, refused="", unlinked=unlinked, chosen=None)
    proofs = (*transaction.proofs, Proof(authentication=proven, level=counts.level))
    after = with_floor(transaction, counts.floor)
    after = replace(after, attempts=attempts, refused="", proofs=proofs)
    if after.attempts >= MOST_ATTEMPTS and not after.proven_enough:
        after = descended(after)
    if after.proven_enough or _goes_on(after):
        return after
    return replace(after, chosen=None)


def with_floor(transaction: Transaction, floor: Level) -> Transaction:
    """Hold the login to the lowest level of who was proven: means that stay below it are offered no more."""
    if floor <= transaction.required:
        return transaction
    offers = tuple(
        replace(offer, reason=OWN_FLOOR) if offer.offered and offer.level < floor else offer
        for offer in transaction.offers
    )
    return replace(transaction, floor=floor, offers=offers)


def _goes_on(transaction: Transaction) -> bool:
    """Tell whether the browser goes back to the same means: the only one, or one that only the floor asks."""
    may = {offer.means for offer in transaction.choice if offer.offered}
    if transaction.chosen not in may:
        return False
    enough = transaction.level is not None and transaction.level >= transaction.request.required
    first = transaction.attempts == 1 and enough
    return first or not _others(transaction)


def chosen(transaction: Transaction, means: MeansId | None) -> Transaction | Refusal:
    """Choose a means that is offered; None goes back to the choice."""
    offered = {offer.means for offer in transaction.choice if offer.offered}
    if transaction.proven_enough or (means is not None and means not in offered):
        return StepOutOfOrder("means not on offer")
    return replace(transaction, chosen=means, refused="")


def chosen_at_once(transaction: Transaction, browser: Browser) -> MeansId | None:
    """Choose without asking: the means of a step up, the one that this browser remembers, the only one."""
    if transaction.request.choose_again:
        return None
    offered = {offer.means for offer in transaction.offers if offer.offered}
    proven = [proof.authentication.means for proof in transaction.proofs]
    wanted = [*reversed(proven), *([browser.remembered] if browser.remembered else [])]
    wanted += offered if len(offered) == 1 else ()
    return next((MeansId(means) for means in wanted if means in offered), None)


def link_answered(transaction: Transaction) -> Transaction | Refusal:
    """Go on after the question whether an account is to be linked."""
    return replace(transaction, unlinked=None)


def looked(change: Change, acting: Acting) -> Change:
    """Make `change` besides keep what was found when it was looked at for whom the person may log in."""

    def known(transaction: Transaction) -> Transaction | Refusal:
        after = change(transaction)
        if isinstance(after, Refusal):
            return after
        return replace(after, acting=acting, confirmed=after.confirmed and not acting.lost)

    return known


def for_whom(transaction: Transaction, acting: Acting) -> Transaction | Refusal:
    """Take for whom the person logs in; they agree anew to what the service then learns.

    They can still choose otherwise for as long as nothing was agreed to, and come back from going to a
    higher level.
    """
    climbs = transaction.acting is not None and transaction.acting.climbs
    if climbs:
        transaction = descended(transaction)
    if not transaction.proven_enough or not _may_choose(transaction):
        return StepOutOfOrder("for whom is not asked now")
    if transaction.request.for_whom.only_another and acting.principal is None and not acting.open:
        return StepOutOfOrder("the service asks for somebody else")
    takes = transaction.acting.takes if transaction.acting else None
    return replace(transaction, acting=replace(acting, takes=takes), confirmed=False)


def by_another_means(transaction: Transaction) -> Transaction | Refusal:
    """Log in anew where who was proven can act for nobody here: nothing that was proven counts any more.

    It may be somebody else who then logs in: what was held to the first person is undone with them.
    """
    if not can_change_means(transaction):
        return StepOutOfOrder("for whom is not asked now, or by this means only")
    transaction = descended(transaction)
    offers = tuple(
        replace(each, reason="") if each.reason == OWN_FLOOR else each for each in transaction.offers
    )
    proved = (each.authentication.means for each in transaction.proofs)
    return replace(
        transaction,
        offers=offers,
        proofs=(),
        floor=Level.MINIMAL,
        acting=None,
        chosen=None,
        confirmed=False,
        set_aside=tuple(dict.fromkeys((*transaction.set_aside, *proved))),
    )


def can_change_means(transaction: Transaction) -> bool:
    """Tell whether somebody who says for whom they log in, and not for themselves, can do so anew."""
    asked = transaction.request.for_whom.only_another and transaction.asks_for_whom
    return asked and transaction.proven_enough and transaction.attempts < MOST_ATTEMPTS


def climbing(transaction: Transaction) -> Transaction | Refusal:
    """Go to a higher level first, where acting for another takes one; what stays below is not offered."""
    acting = transaction.acting
    if acting is None or not acting.open or acting.takes is None or not can_climb(transaction):
        return StepOutOfOrder("no higher level is asked for")
    offers = tuple(
        replace(offer, reason=TOO_LOW) if offer.offered and offer.level < acting.takes else offer
        for offer in transaction.offers
    )
    return replace(transaction, acting=replace(acting, climbs=True), offers=offers, chosen=None)


def descended(transaction: Transaction) -> Transaction:
    """Give up going to a higher level: what was proven counts, and nothing is too low for that any more."""
    acting = transaction.acting
    if acting is None or not acting.climbs:
        return transaction
    offers = tuple(
        replace(offer, reason="")
        if offer.reason == TOO_LOW and offer.level >= transaction.request.required
        else offer
        for offer in transaction.offers
    )
    return replace(transaction, acting=replace(acting, climbs=False), offers=offers, chosen=None, refused="")


def can_climb(transaction: Transaction) -> bool:
    """Tell whether a means is offered that reaches the level which acting for another takes."""
    takes = transaction.acting.takes if transaction.acting else None
    if transaction.attempts >= MOST_ATTEMPTS:
        return False
    return takes is not None and any(each.offered and each.level >= takes for each in transaction.offers)


def _may_choose(transaction: Transaction) -> bool:
    answered = transaction.acting is not None and transaction.acting.answered
    return transaction.asks_for_whom or (answered and not transaction.confirmed)


def invited(change: Change, invitation: Invitation | None) -> Change:
    """Make `change` besides keep what was found when it was looked at whether to invite the person."""

    def considered(transaction: Transaction) -> Transaction | Refusal:
        after = change(transaction)
        if isinstance(after, Refusal):
            return after
        return replace(after, considered=True, invitation=invitation)

    return considered


def reacted(transaction: Transaction, reaction: Reaction) -> Transaction | Refusal:
    """Take what the person made of the invitation; who came back goes on, whatever they choose."""
    invitation = transaction.invitation
    if invitation is None or not invitation.open:
        return StepOutOfOrder("nobody is invited now")
    if invitation.reaction is Reaction.STARTED and reaction is not Reaction.NEVER:
        reaction = reaction if reaction is Reaction.STARTED else Reaction.RETURNED
    return replace(transaction, invitation=replace(invitation, reaction=reaction))


def earlier(transaction: Transaction, means: MeansId) -> Authentication | None:
    """Return what this means proved before, the latest first."""
    proven = (proof.authentication for proof in reversed(transaction.proofs))
    return next((each for each in proven if each.means == means), None)


def serves(request: LoginRequest, proven: Authentication) -> bool:
    """Tell whether the service can be told of who was proven: the person must be known where it gets a BSN.

    So must who is to choose an organisation, unless their means vouches for one.
    """
    if proven.subject.person is not None:
        return True
    if request.for_whom is ForWhom.ORGANISATION and proven.represented is None:
        return False
    return request.service.identity is not IdentityForm.BSN


def counts(request: LoginRequest, proven: Authentication) -> bool:
    """Tell whether an earlier proof may count: of whom the service can be told, by a means that it wants.

    Where only a means can say for which organisation somebody acts, none does that says it for nobody.
    """
    wanted = not request.only_means or proven.means in request.only_means
    vouches = request.service.identity.of_organisation and request.for_whom is not ForWhom.ORGANISATION
    return wanted and serves(request, proven) and (proven.represented is not None or not vouches)


def same(known: Subject, proven: Subject) -> bool:
    """Tell whether two subjects are one: the same person, or else the same account."""
    if known.person is not None or proven.person is not None:
        return known.person == proven.person
    return (known.issuer, known.identifier) == (proven.issuer, proven.identifier)


def _others(transaction: Transaction) -> bool:
    """Tell whether the person can choose another means than the one that fell short."""
    return any(offer.offered and offer.means != transaction.chosen for offer in transaction.choice)
