"""What a login tells the audit trail: one function per event, all from the stored record."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

from toegang.audit.events import (
    CampaignDeclined,
    CampaignRefused,
    CampaignShown,
    CampaignStarted,
    Domain,
    LoginAuthenticated,
    LoginCancelled,
    LoginCompleted,
    LoginMeansChosen,
    LoginRefused,
    LoginStarted,
    LoginStepUpNeeded,
    Personal,
)
from toegang.errors import Cancelled
from toegang.login.invitations import Reaction

if TYPE_CHECKING:
    from toegang.audit.event import Event
    from toegang.audit.events.campaigns import CampaignEvent
    from toegang.login.invitations import Invitation
    from toegang.login.request import Outcome
    from toegang.login.transaction import Transaction


REACTIONS: dict[Reaction, type[CampaignEvent]] = {
    Reaction.NOTHING: CampaignShown,
    Reaction.STARTED: CampaignStarted,
    Reaction.DECLINED: CampaignDeclined,
    Reaction.NEVER: CampaignRefused,
}


class _Asked(TypedDict):
    at: datetime
    reference: str
    service: UUID
    organisation: str
    sector: str
    client: str


def begun(transaction: Transaction, remembered: str | None) -> tuple[Event, ...]:
    """Tell that a login began, and which means was chosen at once, if one was: perhaps the `remembered`."""
    request, now = transaction.request, transaction.started_at
    started = LoginStarted(
        **_asked(transaction, now),
        required=request.required,
        silent=request.silent,
        language=request.language,
    )
    return (started, *choice(transaction, now, remembered))


def choice(transaction: Transaction, now: datetime, remembered: str | None = None) -> tuple[Event, ...]:
    """Tell which means was chosen, if one was, and whether the browser `remembered` that one."""
    if transaction.chosen is None:
        return ()
    chosen = LoginMeansChosen(
        **_asked(transaction, now),
        means=transaction.chosen,
        remembered=transaction.chosen == remembered,
        step_up=bool(transaction.proofs),
    )
    return (chosen,)


def authenticated(transaction: Transaction, now: datetime) -> tuple[Event, ...]:
    """Tell that the last proof came in, and that it is too low if it is."""
    if not transaction.proofs:
        return _unlinked(transaction, now)
    proof = transaction.proofs[-1]
    proven = proof.authentication
    event = LoginAuthenticated(
        **_asked(transaction, now),
        means=proven.means,
        factors=tuple(factor.value for factor in proven.factors),
        proven=proof.level,
        person=Personal.maybe(proven.subject.person),
    )
    if transaction.proven_enough:
        return (event,)
    more = LoginStepUpNeeded(
        **_asked(transaction, now),
        means=proven.means,
        proven=proof.level,
        required=transaction.required,
    )
    return (event, more)


def _unlinked(transaction: Transaction, now: datetime) -> tuple[Event, ...]:
    """Tell that an account elsewhere was proven, of nobody whom we know."""
    elsewhere = transaction.unlinked
    if elsewhere is None:
        return ()
    event = LoginAuthenticated(
        **_asked(transaction, now),
        means=elsewhere.means,
        factors=tuple(factor.value for factor in elsewhere.factors),
        proven=elsewhere.level,
    )
    return (event,)


def completed(transaction: Transaction, outcome: Outcome) -> LoginCompleted:
    """Tell that the service is given its outcome."""
    now = outcome.completed_at
    return LoginCompleted(
        **_asked(transaction, now),
        means=outcome.means,
        factors=tuple(factor.value for factor in outcome.factors),
        required=transaction.request.required,
        proven=outcome.level,
        domain=Domain.CITIZEN,
        reused_session=any(proof.session for proof in transaction.proofs),
        milliseconds=(now - transaction.started_at) // timedelta(milliseconds=1),
        represented=outcome.represented is not None,
        released=outcome.released,
        person=Personal.maybe(outcome.actor.person),
    )


def invited(transaction: Transaction, invitation: Invitation, now: datetime) -> tuple[Event, ...]:
    """Tell that an invitation was shown, or what the person made of it."""
    kind, subject = REACTIONS.get(invitation.reaction), transaction.known_subject
    if kind is None:
        return ()
    event = kind(
        **_asked(transaction, now),
        campaign=invitation.campaign,
        step=invitation.step,
        leads_to=invitation.leads_to,
        person=Personal.maybe(subject.person if subject else None),
    )
    return (event,)


def refused(transaction: Transaction, code: str, step: str, now: datetime) -> Event:
    """Tell that the login came to nothing, and why."""
    if code == Cancelled.code:
        return LoginCancelled(**_asked(transaction, now), step=step, means=transaction.chosen)
    return LoginRefused(
        **_asked(transaction, now),
        code=code,
        step=step,
        required=transaction.request.required,
        means=transaction.chosen,
        proven=transaction.level,
    )


def _asked(transaction: Transaction, at: datetime) -> _Asked:
    request = transaction.request
    return _Asked(
        at=at,
        reference=transaction.reference,
        service=request.service.id,
        organisation=request.service.organisation,
        sector=request.service.sector,
        client=request.client,
    )
