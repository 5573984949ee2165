"""What happens in people's lives, as the population register tells it."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from toegang.audit.event import Event, Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeEventDone(Event):
    """An event in the life of a person of ours was done what the rules say of it.

    `kind` is the register's word for the event, `effect` what was done (identity/life.py). `person` is the
    person's id, so that people can see what happened to their means.
    """

    name: ClassVar[str] = "life:done"

    kind: str
    effect: str
    person: Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeEventSetAside(Event):
    """An event of the register could not be done; it waits for an operator, and the next went on.

    `kind` is the register's word for it, or `unreadable`; `code` says why.
    """

    name: ClassVar[str] = "life:set-aside"

    kind: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterSilent(Event):
    """The population register did not tell its events for so long that it is told.

    `since` is when it answered last.
    """

    name: ClassVar[str] = "register:silent"

    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterHeard(Event):
    """The register answers again, after `register:silent`.

    `seconds` is how long it did not.
    """

    name: ClassVar[str] = "register:heard"

    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NumbersSettled(Event):
    """An operator decided about two persons who turned out to have one number.

    `kept` says whose account stayed (`corrected`, `other`, `both`). `person` is the person's id by which the
    operator found them, so that people can see what happened to their means.
    """

    name: ClassVar[str] = "life:settled"

    kept: str
    person: Personal
