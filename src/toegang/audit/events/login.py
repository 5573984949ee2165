"""What happens in a login, from start to end."""

import enum
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from toegang.assurance import Level
from toegang.audit.event import Event, Personal


class Domain(enum.StrEnum):
    """In which capacity somebody logged in."""

    CITIZEN = "citizen"
    BUSINESS = "business"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginEvent(Event):
    """What every event of a login says.

    `reference` is the login's reference code: what a person, a service and the help desk call it by.
    `service` is the service asked for, `organisation` the service provider that offers it, `sector` the
    provider's sector in the catalogue, `client` the software through which the login was asked.
    """

    reference: str
    service: UUID
    organisation: str
    sector: str
    client: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginStarted(LoginEvent):
    """A service asked for a login, and it began.

    `required` is the level to prove. `silent` says that the service forbade every page. `language` is
    the language asked for the pages (`nl`, `en`).
    """

    name: ClassVar[str] = "login:started"

    required: Level
    silent: bool
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginMeansChosen(LoginEvent):
    """A login means was chosen.

    `means` is the admitted means. `remembered` says that an earlier choice was followed, not made now;
    `step_up` that it is chosen to raise the level within this login.
    """

    name: ClassVar[str] = "login:means-chosen"

    means: str
    remembered: bool = False
    step_up: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginAuthenticated(LoginEvent):
    """A means proved somebody.

    `means` is the means, `factors` the categories of proof it used, `proven` the level that counts: what
    the means vouched for, capped by its admission. `person` is the person's id, so that people can see
    every use of their identity; None when the means does not tell us who it is.
    """

    name: ClassVar[str] = "login:authenticated"

    means: str
    factors: tuple[str, ...]
    proven: Level
    person: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginStepUpNeeded(LoginEvent):
    """What was proven is lower than what this service needs, and more was asked in the same login.

    `means` proved `proven`; the login needs `required`.
    """

    name: ClassVar[str] = "login:step-up-needed"

    means: str
    proven: Level
    required: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginCompleted(LoginEvent):
    """A login succeeded and the service is told.

    `means` and `factors` say what was proven with, `required` and `proven` the level needed and the level
    answered. `domain` is the capacity of the person. `reused_session` says that an earlier proof was used
    again. `represented` says that the person acted for somebody else. `released` holds the names (never
    the values) of the attributes that the service learns. `milliseconds` is the time since the login
    began. `person` is the person's id, so that people can see every use of their identity; None when
    nobody but the service can tell who it is.
    """

    name: ClassVar[str] = "login:completed"

    means: str
    factors: tuple[str, ...]
    required: Level
    proven: Level
    domain: Domain
    reused_session: bool
    milliseconds: int
    represented: bool = False
    released: tuple[str, ...] = ()
    person: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginRefused(LoginEvent):
    """A login ended without success, and the service is told.

    `code` is the refusal's stable code (docs/reference/errors.md), `step` the step at which it was
    noticed. `required` is the level that was needed. `means` is the means in use, if one was chosen;
    `proven` the level proven so far, if any.
    """

    name: ClassVar[str] = "login:refused"

    code: str
    step: str
    required: Level
    means: str | None = None
    proven: Level | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginCancelled(LoginEvent):
    """The person stopped a login.

    `step` is the step at which they did, `means` the means in use, if one was chosen.
    """

    name: ClassVar[str] = "login:cancelled"

    step: str
    means: str | None = None
