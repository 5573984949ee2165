"""What a login is asked for, and what comes out: the waist between protocols and means."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from toegang.assurance import Level
from toegang.catalogue.values import (
    AttributeGrant,
    ClientId,
    IdentityForm,
    Kind,
    MeansId,
    Organisation,
    OrganisationId,
    Service,
    ServiceId,
    SingleSignOn,
    Text,
)
from toegang.hot import hot
from toegang.identity.people import PersonId
from toegang.identity.subject import Represented
from toegang.login.acting import Again, ForWhom, Sought
from toegang.mandates.statement import Statement
from toegang.means.base import Authentication, Factor


@hot(frozen=True, slots=True, kw_only=True)
class AskedService:
    """The service as it was when the login began: a running login keeps these names and this level."""

    id: ServiceId
    organisation: OrganisationId
    provider: Text
    name: Text
    kind: Kind
    sector: str
    level: Level
    identity: IdentityForm
    pseudonym_sector: str
    pseudonym_version: int
    attributes: tuple[AttributeGrant, ...]
    excluded_means: tuple[MeansId, ...]
    single_sign_on: SingleSignOn
    confirm: bool
    invitations: bool = True

    @classmethod
    def of(
        cls,
        service: Service,
        organisation: Organisation,
        level: Level,
        attributes: tuple[AttributeGrant, ...],
    ) -> AskedService:
        """Freeze a service as it is now, with the level of now and the attributes that are asked."""
        return cls(
            id=service.id,
            organisation=organisation.id,
            provider=organisation.names,
            name=service.names,
            kind=organisation.kind,
            sector=organisation.sector,
            level=level,
            identity=service.identity,
            pseudonym_sector=service.pseudonym_sector or organisation.id,
            pseudonym_version=service.pseudonym_version,
            attributes=attributes,
            excluded_means=service.excluded_means,
            single_sign_on=service.single_sign_on,
            confirm=service.confirm,
            invitations=service.invitations,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyTo:
    """Where the outcome goes: `provider` names the role's answerer, `letter` is its own memory.

    The letter is opaque to the login: it is written and read by the room that asked. `destination` is
    the address that the browser ends at; a page's forms may lead there (CSP3-form-action).
    """

    provider: str
    letter: str
    destination: str


@hot(frozen=True, slots=True, kw_only=True)
class LoginRequest:
    """What a login is asked for.

    `required` is the level to prove: never lower than the service requires. `max_age` (seconds) is
    how old an earlier proof may be; 0 asks for a fresh one. `silent` forbids any page. `hinted` is
    the person whom the service believes to be logged in; somebody else is then refused. `highest` asks
    the means to prove all that the person's account can, where that is more than `required`.
    `only_means` are the means that the service wants offered, all of them when it is empty.
    `requesters` are on whose behalf it asks, as it says (SAMLCore-3.4.1.2): for the record only. `hurried`
    says that nothing may stand between the proof and the answer that the service did not ask for. `for_whom`
    is more than the person themselves only where the service admits it, and who asks understands the answer;
    `sought` says more about for whom, and by what. `again` says of a silent login for whom it is, and
    then it is for nobody else.
    """

    client: ClientId
    service: AskedService
    required: Level
    max_age: int | None
    silent: bool
    language: str
    reply_to: ReplyTo
    hinted: PersonId | None = None
    choose_again: bool = False
    highest: bool = False
    only_means: tuple[MeansId, ...] = ()
    requesters: tuple[str, ...] = ()
    again: Again | None = None
    hurried: bool = False
    for_whom: ForWhom = ForWhom.THEMSELVES
    sought: Sought | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts: the person (where known) and the account by which they were proven."""

    issuer: str
    identifier: str
    person: PersonId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PathStep:
    """One link between who acts and whom it concerns."""

    from_: str
    to: str
    basis: str


@hot(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a login came to, without a protocol in it: who, how sure, what is released.

    `level` is the lowest of what was proven, what the means is admitted for and every mandate used;
    `own_level` leaves out the mandates. `represented` is None when the person acts for themselves, and else
    the last of `chain` (login.acting.Authority). `statement` is by what they act, None too where the means
    vouched for it. `released` holds the names of what the service learns; the values are read when they are
    handed over. `proven` is what the outcome rests on, kept so that it can be asked later whether it may
    still be used. `browser` is the hash of the secret of the browser that logged in.
    """

    reference: str
    request: LoginRequest
    actor: Actor
    represented: Represented | None
    path: tuple[PathStep, ...]
    level: Level
    means: MeansId
    factors: tuple[Factor, ...]
    proven: Authentication
    authenticated_at: datetime
    completed_at: datetime
    released: tuple[str, ...]
    session: str
    own_level: Level
    chain: tuple[Represented, ...] = ()
    statement: Statement | None = None
    browser: str = field(default="", repr=False)
