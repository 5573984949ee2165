"""What becomes of mandates, and who acted by one."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from toegang.assurance import Level
from toegang.audit.event import Event, Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateBegun(Event):
    """A mandate was asked or offered.

    `edge` is its id, `kind` what it is, `act` the word of the transition, `after` the state that it began
    in, `level` what whoever did it had proven. `principal` is the id of who is to be represented, so that
    they can see it; `agent` is the id of who is to act, so that they can see it; `by` is the id of whoever
    did it in the name of one of them, so that they can see it. `scopes`, `begins`, `ends` and `worth` are for
    what, from and until when, and above which level nobody acts by it; `limits` are what may be done there,
    none where that is everything. `reference` is the id again, under which all that became of it is found.
    """

    name: ClassVar[str] = "mandate:begun"

    edge: str
    kind: str
    act: str
    after: str
    level: Level
    principal: Personal
    agent: Personal
    by: Personal | None = None
    scopes: tuple[str, ...] = ()
    begins: datetime | None = None
    ends: datetime | None = None
    worth: Level | None = None
    limits: tuple[str, ...] = ()
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateMoved(Event):
    """Something was done with a mandate.

    `edge` is its id, `version` the one that it has now, `act` the word of the transition, `before` and
    `after` its states, `level` what whoever did it had proven. `side` says as what it was done: as
    `principal`, `agent` or `co-principal`, or by the house (`office`, `law`, `clock`). `contested` counts the
    statements that rested on it and can no longer be redeemed. `principal` is the id of who is represented,
    so that they can see it; `agent` is the id of who acts, so that they can see it; `by` is the id of whoever
    else did it, so that they can see it. Where its terms changed `scopes`, `ends`, `worth` and `limits` are
    what they are from now on; with `mandate:begun` they tell what they were at any moment. `reference`
    is the id again, under which all that became of it is found.
    """

    name: ClassVar[str] = "mandate:moved"

    edge: str
    version: int
    act: str
    before: str
    after: str
    side: str
    level: Level
    contested: int
    principal: Personal
    agent: Personal
    by: Personal | None = None
    scopes: tuple[str, ...] = ()
    ends: datetime | None = None
    worth: Level | None = None
    limits: tuple[str, ...] = ()
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateReasonGiven(Event):
    """Who ended a mandate told why; that they ended it stands in `mandate:moved` beside this.

    `edge` is its id, `after` the state that it ended in: `declined`, `withdrawn`, `revoked` or `renounced`.
    `reason` is `not-needed`, `somebody-else`, `no-trust`, `mistake` or `not-said`. `told` says whether the
    other side may read it on the page of the mandate. `by` is the id of who ended it, so that they can see
    it, and nobody else: this event names no other. `reference` is the id of the mandate again.
    """

    name: ClassVar[str] = "mandate:reason-given"

    edge: str
    after: str
    reason: str
    told: bool
    by: Personal
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateOrdered(Event):
    """Who is no party to a mandate decided about it; what became of it stands in `mandate:moved` beside this.

    `edge` is its id, `act` what was done: `suspend`, `resume`, `revoke`, `void`, `transfer` or `terminate`.
    `cause` is `dispute`, `fraud`, `investigation`, `court` or `merger`, `decision` the reference of what was
    decided on paper, `by` who did it: the name of an officer in the catalogue, or `command:` and who gave the
    command. `proposed_by` is the officer who proposed it and `reference` the name of the proposal, empty
    where one was enough. `principal` is the id of who is represented, so that they can see it; `agent` is the
    id of who acts, so that they can see it.
    """

    name: ClassVar[str] = "mandate:ordered"

    edge: str
    act: str
    cause: str
    decision: str
    by: str
    principal: Personal
    agent: Personal
    proposed_by: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateOrderProposed(Event):
    """An officer proposed to another to decide about a mandate; neither side of it is told, or reads this.

    `reference` is its name, under which all that became of it is found, `edge` the id of the mandate; `act`,
    `cause` and `decision` are those of `mandate:ordered`. `by` is the name of the officer in the catalogue.
    """

    name: ClassVar[str] = "mandate:order-proposed"

    reference: str
    edge: str
    act: str
    cause: str
    decision: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateOrderDropped(Event):
    """What an officer proposed about a mandate will not be done.

    `reference` is its name, `edge` the id of the mandate. `outcome` is `withdrawn`, by who proposed it, or
    `declined`, by another. `by` is the name of the officer in the catalogue.
    """

    name: ClassVar[str] = "mandate:order-dropped"

    reference: str
    edge: str
    outcome: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamChanged(Event):
    """A team of an organisation was changed: who of it acts for which of its clients.

    `team` and `organisation` are ids, `what` is `made`, `closed`, `person-added`, `person-removed`,
    `client-added` or `client-removed`, `edge` the id of what says so (empty: none), `level` what whoever did
    it had proven. `contested` counts the statements that rested on it and can no longer be redeemed. `by` is
    the id of who did it, so that they can see it; `about` is the id of the person or the client, so that they
    can see it.
    """

    name: ClassVar[str] = "team:changed"

    team: str
    organisation: str
    what: str
    level: Level
    by: Personal
    edge: str = ""
    contested: int = 0
    about: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateUsed(Event):
    """Somebody may act for another in one login: a statement was made.

    `statement` and `service` are ids, `basis` the authorities on the path and `path` their edges with
    versions (`law` where there is none), `level` the lowest of all, `rules` the version of the service's
    rules. `actor` is the id of who acts, so that they can see it; `principal` is the id of who is
    represented, so that they can see who acted for them. `reference` is that of the login, so that who acted
    finds there for whom; None where there was none.
    """

    name: ClassVar[str] = "mandate:used"

    statement: str
    service: str
    basis: tuple[str, ...]
    path: tuple[str, ...]
    level: Level
    rules: int
    actor: Personal
    principal: Personal
    reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateRedeemed(Event):
    """A statement was handed over to whom it was made for, once. `statement` and `service` are ids."""

    name: ClassVar[str] = "mandate:redeemed"

    statement: str
    service: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateRefused(Event):
    """Somebody wanted to act for another and may not.

    `service` is its id, `whys` are the words of what was against it, which the service never learns. `actor`
    is the id of a party, so that people can see it; for whom is not kept.
    """

    name: ClassVar[str] = "mandate:refused"

    service: str
    whys: tuple[str, ...]
    actor: Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateAsked(Event):
    """A service's system asked outside any login who may act for whom.

    `client` is who asked, `service` the id of the service that it was about. `question` is `evaluation` (may
    this one act for that one), `resource` (for whom), `subject` (who), `action` (what) or `status` (does a
    statement still hold), `purpose` the word for why, `answers` how many there were: 1 or 0 where it was
    about two or a status, else the length of the page. `actor` is the id of who would act, so that they can
    see it; `principal` is the id of who would be represented, so that they can see it; who is not known, or
    was looked for, is not named.
    """

    name: ClassVar[str] = "mandate:asked"

    client: str
    service: str
    question: str
    purpose: str
    answers: int
    actor: Personal | None = None
    principal: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateExplained(Event):
    """Somebody of the help desk looked at why one may act for another, or may not.

    `by` is who asked: their name in the catalogue, or `command:` and who gave the command. `service` is the
    id of the service, `level` what the login was taken to prove, `answer` what was decided: `permit`,
    `step-up` or `refused`. `paths` counts the ways from one to the other. `actor` is the id of who would act,
    so that they can see it; `principal` is the id of who would be represented, so that they can see it; who
    is not known is not named.
    """

    name: ClassVar[str] = "mandate:explained"

    by: str
    service: str
    level: Level
    answer: str
    paths: int
    actor: Personal | None = None
    principal: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateLookedAt(Event):
    """Somebody of the office looked at a mandate by its reference: how it stands, and where it was used.

    `edge` is its id, `by` who looked: the name of an officer in the catalogue, or `command:` and who gave the
    command. Who looks again within the hour is not put down again. `principal` is the id of who is
    represented, so that they can see it; `agent` is the id of who acts, so that they can see it.
    """

    name: ClassVar[str] = "mandate:looked-at"

    edge: str
    by: str
    principal: Personal
    agent: Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementEndTold(Event):
    """A client took the notice that what one of its logins stated has ended.

    `message` is the notice's id in the outbox and in the token, `client` who took it.
    """

    name: ClassVar[str] = "statement:end-told"

    message: UUID
    client: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateJobOrdered(Event):
    """Work on many mandates was ordered; what becomes of each stands in its own events.

    `job` is its id, `kind` is `end-everything` or `transfer`, `ground` the reference of why (empty for a
    person), `total` how many mandates it begins with (0: nobody counted them). `by` is who gave the command,
    empty where a person ordered it; `person` is the id of that person, so that they can see it. `reference`
    is the id again, under which all that became of it is found.
    """

    name: ClassVar[str] = "mandate:job-ordered"

    job: str
    kind: str
    ground: str
    total: int
    by: str = ""
    person: Personal | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateJobProposed(Event):
    """An organisation proposed that its clients be asked to give another the same mandates.

    `job` is the id of the work, `kind` is `hand-over`. `first` is the id of the organisation, so that
    whoever directs it can see it, `second` is that of the other one, so that whoever directs that can see it.
    `person` is the id of who proposed it in the name of the first, so that they can see it. `reference` is
    the id of the work again, under which all that became of it is found.
    """

    name: ClassVar[str] = "mandate:job-proposed"

    job: str
    kind: str
    first: Personal
    second: Personal
    person: Personal
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateJobAgreed(Event):
    """The other organisation agreed to what was proposed; what is asked stands in events of its own.

    `job` is the id of the work, `kind` is `hand-over`, `total` how many mandates it begins with. `person` is
    the id of who agreed in the name of the other organisation, so that they can see it. `reference` is the id
    of the work again, under which all that became of it is found.
    """

    name: ClassVar[str] = "mandate:job-agreed"

    job: str
    kind: str
    total: int
    person: Personal
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateJobEnded(Event):
    """Work on many mandates was done, or stopped.

    `job` is its id, `kind` is `end-everything`, `transfer` or `hand-over`, `state` is `done`, `stopped`,
    `declined` or `lapsed`, `moved` counts the mandates that moved, or were asked for, and `refused` those
    that were not. `why` says what is against it where it stopped by itself, `by` who stopped it (empty:
    nobody, or a person). `person` is the id of the person who ordered or proposed it, or who agreed to it, so
    that they can see it. `ender` is the id of who stopped or declined what was proposed between two
    organisations, for which either can, so that they can see it. `reference` is the id again, under which all
    that became of it is found.
    """

    name: ClassVar[str] = "mandate:job-ended"

    job: str
    kind: str
    state: str
    moved: int
    refused: int
    why: str = ""
    by: str = ""
    person: Personal | None = None
    ender: Personal | None = None
    reference: str = ""
