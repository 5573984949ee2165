"""Why: the decision record of one login, kept for the person, the service and the operator.

One record per login that ended, whatever the end. It has three readers and three views:
the person sees it in plain words in their history; the service that asked sees outcome and reason by
reference code; the operator's command shows all of it but identifiers. The code alone shows nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from toegang.assurance import Level
from toegang.catalogue.values import ClientId, MeansId, OrganisationId, ServiceId, Text
from toegang.hot import hot
from toegang.identity.people import PersonId
from toegang.login.transaction import Offer, Transaction
from toegang.means.base import Factor, TransactionId

if TYPE_CHECKING:
    from toegang.login.request import Outcome
    from toegang.units import Unit

COMPLETED = "completed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """One proof as it counted."""

    means: MeansId
    level: Level
    at: datetime
    factors: tuple[Factor, ...]
    reused: bool


@hot(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was asked, what was offered and why, what was proven, what was released, how it ended.

    `end` is `completed` or the code of the refusal (errors). `person` is None when nobody was
    proven, or somebody whom we do not know as a person. `requesters` are on whose behalf the login was
    asked, as the service said. `floor` is the person's own lowest level, `represented` for what they acted
    (the kind, never who; empty for themselves), `agent` what the browser called itself.
    """

    reference: str
    login: TransactionId
    person: PersonId | None
    client: ClientId
    organisation: OrganisationId
    provider: Text
    service: ServiceId
    service_name: Text
    service_level: Level
    required: Level
    offers: tuple[Offer, ...]
    proven: tuple[Proven, ...]
    level: Level | None
    released: tuple[str, ...]
    end: str
    started_at: datetime
    ended_at: datetime
    requesters: tuple[str, ...] = ()
    floor: Level = Level.MINIMAL
    represented: str = ""
    agent: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which records are wanted: at most `limit`, that ended before `before`, and after `after`.

    Of those that ended at `before` itself only the ones with a reference code below `reference`: so a page
    goes on exactly where the one before it stopped. `organisation` keeps those of one provider.
    """

    limit: int
    before: datetime
    reference: str = ""
    after: datetime | None = None
    organisation: OrganisationId | None = None


class Decisions(Protocol):
    """Keeps decision records; none is ever changed."""

    async def record(self, unit: Unit, decision: Decision) -> None:
        """Keep one record."""
        ...

    async def find(self, reference: str) -> Decision | None:
        """Find by reference code."""
        ...

    async def find_by_login(self, login: TransactionId) -> Decision | None:
        """Find by the login that it closed."""
        ...

    async def of_person(self, person: PersonId, wanted: Wanted) -> tuple[Decision, ...]:
        """Return the last records of a person that are wanted, latest first; old ones cost no more."""
        ...

    async def organisations_of(self, person: PersonId) -> tuple[OrganisationId, ...]:
        """Return at whose services the person logged in, or tried to."""
        ...


def decide_record(transaction: Transaction, end: str, outcome: Outcome | None, now: datetime) -> Decision:
    """Write down how `transaction` ended; `outcome` is what it came to, None for nothing."""
    request, subject = transaction.request, transaction.known_subject
    return Decision(
        reference=transaction.reference,
        login=transaction.id,
        person=subject.person if subject else None,
        client=request.client,
        organisation=request.service.organisation,
        provider=request.service.provider,
        service=request.service.id,
        service_name=request.service.name,
        service_level=request.service.level,
        required=request.required,
        offers=transaction.offers,
        proven=tuple(
            Proven(
                means=proof.authentication.means,
                level=proof.level,
                at=proof.authentication.at,
                factors=proof.authentication.factors,
                reused=bool(proof.session),
            )
            for proof in transaction.proofs
        ),
        level=transaction.level,
        released=outcome.released if outcome else (),
        end=end,
        started_at=transaction.started_at,
        ended_at=now,
        requesters=request.requesters,
        floor=transaction.floor,
        represented=_represented(transaction, outcome),
        agent=transaction.agent,
    )


def _represented(transaction: Transaction, outcome: Outcome | None) -> str:
    best = transaction.best
    vouched = best.authentication.represented if best else None
    represented = outcome.represented if outcome else vouched
    return represented.kind.value if represented else ""


def for_service(decision: Decision, asking: ClientId) -> ServiceView | None:
    """Show the service that asked its own outcome and reason; nobody else sees that it exists."""
    if decision.client != asking:
        return None
    return ServiceView(
        reference=decision.reference,
        end=decision.end,
        required=decision.required,
        level=decision.level,
        started_at=decision.started_at,
        ended_at=decision.ended_at,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceView:
    """What the service that asked may see of a decision: no person, no means."""

    reference: str
    end: str
    required: Level
    level: Level | None
    started_at: datetime
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Ended:
    """How a login ended, as the role that asked for it must answer it."""

    transaction: Transaction
    outcome: Outcome | None
    refusal: str
