"""What the service learns: the identity form and the attributes it is entitled to, never more.

The names of what is released are fixed when the login completes and stand in the decision record; the
values are read from their source when they are handed over (AVG-5.1.c, data minimisation).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from toegang.login.request import Actor, Outcome, PathStep
from toegang.login.transaction import Proof, Transaction

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.identity.subject import Represented
    from toegang.login.acting import Authority
    from toegang.means.base import Authentication


def released_names(transaction: Transaction) -> tuple[str, ...]:
    """Name what the service of this login is entitled to: the identity first, then attributes."""
    service = transaction.request.service
    return (service.identity.value, *(grant.attribute.value for grant in service.attributes))


def outcome_of(
    transaction: Transaction, best: Proof, session: str, now: datetime, authority: Authority | None
) -> Outcome:
    """Freeze what the login came to; who acts by an authority does so at no more than that is worth."""
    proven, level, chain = best.authentication, best.level, _vouched(best)
    if authority is not None:
        chain, level = authority.chain, min(level, authority.statement.level)
        proven = replace(proven, represented=chain[-1])
    subject = proven.subject
    factors = [factor for proof in transaction.proofs for factor in proof.authentication.factors]
    return Outcome(
        reference=transaction.reference,
        request=transaction.request,
        actor=Actor(issuer=subject.issuer, identifier=subject.identifier, person=subject.person),
        represented=proven.represented,
        path=path_of(proven),
        level=level,
        means=proven.means,
        factors=tuple(dict.fromkeys(factors)),
        proven=proven,
        authenticated_at=min(proof.authentication.at for proof in transaction.proofs),
        completed_at=now,
        released=released_names(transaction),
        session=session,
        own_level=best.level,
        chain=chain,
        statement=None if authority is None else authority.statement,
        browser=transaction.browser,
    )


def _vouched(best: Proof) -> tuple[Represented, ...]:
    represented = best.authentication.represented
    return () if represented is None else (represented,)


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
