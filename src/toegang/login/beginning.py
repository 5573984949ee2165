"""The beginning of a login: its first record, and what of an earlier login counts in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from toegang.errors import ChoiceNeeded, ConsentNeeded, UserInteractionNeeded
from toegang.login import changes
from toegang.login.acting import Acting
from toegang.login.session import reusable
from toegang.login.steps import Answer, ChooseRepresented, Confirm
from toegang.login.transaction import Transaction, browser_hash
from toegang.means.base import TransactionId

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from toegang.ids import Ids
    from toegang.login.answer import Answerer
    from toegang.login.request import LoginRequest
    from toegang.login.session import Session
    from toegang.login.steps import Step
    from toegang.login.transaction import Browser, Offer, Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked, which means are weighed for it, what was proven before, how long there is for it."""

    request: LoginRequest
    offers: tuple[Offer, ...]
    proofs: tuple[Proof, ...]
    lifetime: timedelta


def first(asked: Asked, browser: Browser, ids: Ids, now: datetime) -> Transaction:
    """Return the first record of a login."""
    return Transaction(
        id=TransactionId(ids.token(18)),
        reference=ids.reference(),
        browser=browser_hash(browser.secret or ""),
        agent=browser.agent,
        request=asked.request,
        started_at=now,
        until=now + asked.lifetime,
        offers=asked.offers,
        proofs=asked.proofs,
    )


def reused(
    session: Session | None, request: LoginRequest, answerer: Answerer, now: datetime
) -> tuple[Proof, ...]:
    """Return the proofs of `session` that count: never those of somebody whom the service did not ask."""
    proofs = tuple(
        proof for proof in reusable(session, request, now) if changes.counts(request, proof.authentication)
    )
    try:
        for proof in proofs:
            answerer.check_subject(request, proof.authentication.subject)
    except UserInteractionNeeded:
        return ()
    return proofs


def looks(transaction: Transaction, step: Step) -> bool:
    """Tell whether it is still to be looked at for whom the person may log in, before this next step."""
    if transaction.principal is not None:
        return isinstance(step, Answer)
    return transaction.acting is None and isinstance(step, ChooseRepresented)


def repeated(first: Transaction) -> Transaction:
    """OIDCC-3.1.2.1: act for whom the login acted that the service names, as was chosen in this session.

    By what they may is decided anew; in another session they choose anew too, and never silently.
    """
    wish = first.request.again
    if wish is None or not first.asks_for_whom:
        return first
    goes_on = bool(wish.session) and all(proof.session == wish.session for proof in first.proofs)
    acting = Acting(answered=True, principal=wish.principal) if goes_on else Acting(open=True)
    return replace(first, acting=acting)


def uninvited(transaction: Transaction) -> Transaction:
    """Go on at once where nobody has to do anything: such a login invites nobody to a step."""
    return replace(transaction, considered=True)


def unsaid(step: Step) -> str:
    """OIDCC-3.1.2.6: return why a silent login cannot go on: nobody is there, must choose or agree."""
    if isinstance(step, Confirm):
        return ConsentNeeded.code
    return ChoiceNeeded.code if isinstance(step, ChooseRepresented) else UserInteractionNeeded.code
