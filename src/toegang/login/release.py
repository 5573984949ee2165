"""What the service learns: the identity form and the attributes it is entitled to, never more.

The names of what is released are fixed when the login completes and stand in the decision record; the
values are read from their source when they are handed over (AVG-5.1.c, data minimisation).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.login.request import Actor, Outcome, PathStep
from toegang.login.transaction import Proof, Transaction

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.means.base import Authentication


def released_names(transaction: Transaction) -> tuple[str, ...]:
    """Name what the service of this login is entitled to: the identity first, then attributes."""
    service = transaction.request.service
    return (service.identity.value, *(grant.attribute.value for grant in service.attributes))


def outcome_of(transaction: Transaction, best: Proof, session: str, now: datetime) -> Outcome:
    """Freeze what the login came to."""
    subject = best.authentication.subject
    factors = [factor for proof in transaction.proofs for factor in proof.authentication.factors]
    return Outcome(
        reference=transaction.reference,
        request=transaction.request,
        actor=Actor(issuer=subject.issuer, identifier=subject.identifier, person=subject.person),
        represented=best.authentication.represented,
        path=path_of(best.authentication),
        level=best.level,
        means=best.authentication.means,
        factors=tuple(dict.fromkeys(factors)),
        proven=best.authentication,
        authenticated_at=min(proof.authentication.at for proof in transaction.proofs),
        completed_at=now,
        released=released_names(transaction),
        session=session,
        browser=transaction.browser,
    )


def path_of(proven: Authentication) -> tuple[PathStep, ...]:
    """Return the links between who acts and whom it concerns, without their numbers."""
    represented = proven.represented
    if represented is None:
        return ()
    basis = " ".join(represented.types)
    if not represented.intermediary:
        return (PathStep(from_="actor", to=represented.kind.value, basis=basis),)
    return (
        PathStep(from_="actor", to="intermediary", basis=basis),
        PathStep(from_="intermediary", to=represented.kind.value, basis=basis),
    )
