"""A visit to a desk, as values: who works there, whom they saw, what was asked, and what became of it.

    opened > given      the second officer agrees, or none is needed
    opened > refused

What is not in NEXT is refused. at_desk.py has the use cases.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Protocol

from toegang.assurance import Level
from toegang.emrtd.document import DocumentKind
from toegang.errors import Refusal, StepOutOfOrder
from toegang.identity.numbers import Bsn
from toegang.identity.people import PersonId
from toegang.means.citizen.account import AccountId
from toegang.means.citizen.policy import Limit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toegang.registers.population import Registered
    from toegang.units import Unit

CASE_LIFE: Final = timedelta(hours=8)
CASES: Final = Limit(most=60, window=timedelta(hours=1))  # people that one clerk may ask about


class Asked(enum.StrEnum):
    """What somebody comes for."""

    APP = "app"
    ACCOUNT = "account"


class CaseState(enum.StrEnum):
    """Where a visit is."""

    OPENED = "opened"
    GIVEN = "given"
    REFUSED = "refused"


class CaseAction(enum.StrEnum):
    """What an officer can do with it."""

    GIVE = "give"
    REFUSE = "refuse"


NEXT: Final[Mapping[tuple[CaseState, CaseAction], CaseState]] = MappingProxyType(
    {
        (CaseState.OPENED, CaseAction.GIVE): CaseState.GIVEN,
        (CaseState.OPENED, CaseAction.REFUSE): CaseState.REFUSED,
    }
)
"""Every step that there is; all others are refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRule:
    """The rule of desks: the level that officers log in at, and whether a second one must give the code."""

    level: Level = Level.SUBSTANTIAL
    second: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """Who works at a desk now: the name that the catalogue has, for which organisation, and which person."""

    name: str
    organisation: str
    person: PersonId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a clerk saw: of whom, and which document; `same` that the person is who it shows."""

    bsn: Bsn
    document: DocumentKind
    number: str = field(repr=False)
    same: bool

    @property
    def printed(self) -> str:
        """The number as it is printed, without spaces."""
        return self.number.replace(" ", "").upper()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One visit to a desk; `account` is what an app is asked for, None when it is the account that is."""

    organisation: str
    clerk: str
    account: AccountId | None
    person: PersonId
    document: str
    language: str
    state: CaseState = CaseState.OPENED
    asked: Asked = Asked.APP

    def after(self, action: CaseAction) -> Case | Refusal:
        """Return it after `action`, or why that may not be; the table NEXT decides."""
        state = NEXT.get((self.state, action))
        return StepOutOfOrder(f"{action} while {self.state}") if state is None else replace(self, state=state)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What is shown at a desk: the name of the visit, and the code when it may be given now."""

    asked: Asked
    case: str
    code: str = field(default="", repr=False)
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A visit as the second officer sees it, with whom the register knows.

    `replaces` says that the account that is asked takes the place of one that the person has.
    """

    case: Case
    who: Registered
    replaces: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entitled:
    """Who is given what they ask; `person` is None for who was not enrolled, `account` for who has none."""

    bsn: Bsn
    person: PersonId | None = None
    account: AccountId | None = None


class Gift(Protocol):
    """One thing that is given at a desk, by a code that the person uses alone."""

    async def entitled(self, officer: Officer, bsn: Bsn, now: datetime) -> Entitled:
        """Return who it can be given to.

        Raises:
            ValueRefused: field `bsn`: why it cannot be given to them.
            NotEntitled: it is the officer.
            PartyClosed, Unavailable.

        """
        ...

    async def check(self, case: Case, now: datetime) -> Registered | None:
        """Return whom the register knows, when it can still be given; None or a refusal when not.

        Raises:
            AccountClosed, PartyClosed, Unavailable.

        """
        ...

    async def make_code(self, unit: Unit, name: str, case: Case, now: datetime) -> tuple[str, datetime]:
        """Make the code of a visit, and tell until when it works: its hash alone is kept."""
        ...
