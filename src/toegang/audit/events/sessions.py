"""What happens to the sessions of people who logged in."""

import enum
from dataclasses import dataclass
from typing import ClassVar

from toegang.assurance import Level
from toegang.audit.event import Event, Personal


class SessionEnding(enum.StrEnum):
    """Why a session ended."""

    LOGOUT = "logout"
    EXPIRED = "expired"
    REPLACED = "replaced"
    PASSWORD_CHANGED = "password-changed"  # noqa: S105 a reason, not a password
    ACCOUNT_CLOSED = "account-closed"
    MEANS_BLOCKED = "means-blocked"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionBegun(Event):
    """A session began: a proof that later logins may use again where the catalogue allows it.

    `reference` is the login that began it, `means` and `level` are what was proven. `person` is the
    person's id, so that people can see and end their sessions; None when the means does not tell.
    """

    name: ClassVar[str] = "session:begun"

    reference: str
    means: str
    level: Level
    person: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEnded(Event):
    """A session ended.

    `reference` is the login that began it, `why` the reason. `person` is the person's id, so that people
    can see what became of their sessions.
    """

    name: ClassVar[str] = "session:ended"

    reference: str
    why: SessionEnding
    person: Personal | None = None
