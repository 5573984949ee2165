"""A visit to a desk about a mandate, as values: who came, what they want, and what became of it.

    begun > noted       the clerk has read it out to them; from here on it never changes
    noted > given       the second officer agrees
    noted > refused

What is not in NEXT is refused. giving.py has the use cases.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.catalogue.values import Text
from toegang.errors import Refusal, StepOutOfOrder
from toegang.mandates.finding import Found
from toegang.mandates.party import PartyId

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toegang.emrtd.document import DocumentKind
    from toegang.mandates.finding import Typed

VISIT_LIVES: Final = timedelta(hours=8)


class Stage(enum.StrEnum):
    """Where a visit is; the words are stored."""

    BEGUN = "begun"
    NOTED = "noted"
    GIVEN = "given"
    REFUSED = "refused"


class Step(enum.StrEnum):
    """What is done with it."""

    CHOOSE = "choose"
    NOTE = "note"
    GIVE = "give"
    REFUSE = "refuse"


NEXT: Final[Mapping[tuple[Stage, Step], Stage]] = MappingProxyType(
    {
        (Stage.BEGUN, Step.CHOOSE): Stage.BEGUN,
        (Stage.BEGUN, Step.NOTE): Stage.NOTED,
        (Stage.NOTED, Step.GIVE): Stage.GIVEN,
        (Stage.NOTED, Step.REFUSE): Stage.REFUSED,
    }
)
"""Every step that there is; all others are refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """Who works at a desk now: the name that the catalogue has, for which organisation, who they are.

    `level` is what they logged in at, `desk` what their organisation is called, and `numbers` by what it is
    known (standing_apart.numbers_of).
    """

    name: str
    organisation: str
    party: PartyId
    level: Level
    desk: Text
    numbers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """Somebody who came by: what stands on their document, of which a clerk said that it is theirs."""

    typed: Typed
    document: DocumentKind
    number: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One visit: noted by `clerk`, who is `party` and had proven `level`, for `organisation`.

    `came` says whether who is to act came too, and accepts it there. `read` is the SHA-256 of the words that
    were read before it was noted, in `language`. `helper` is what the organisation is called that is to help,
    where the agent is one, and `helper_numbers` by which it is known.
    """

    clerk: str
    party: PartyId
    level: Level
    organisation: str
    principal: PartyId
    agent: Found
    came: bool
    language: str
    document: str
    agent_document: str = ""
    helper: Text | None = None
    helper_numbers: frozenset[str] = frozenset()
    scopes: tuple[str, ...] = ()
    until: date | None = None
    stage: Stage = Stage.BEGUN
    read: str = ""

    @property
    def kind(self) -> EdgeKind:
        """Of which kind the mandate is to be."""
        return EdgeKind.VOLUNTARY if self.helper is None else EdgeKind.HELPER

    @property
    def parties(self) -> tuple[PartyId, PartyId]:
        """Who it is about: who is represented, and who is to act."""
        return self.principal, self.agent.party

    def after(self, step: Step, **changes: object) -> Visit | Refusal:
        """Return it after a step, or why that may not be; the table NEXT decides."""
        stage = NEXT.get((self.stage, step))
        if stage is None:
            return StepOutOfOrder(f"{step} while {self.stage}")
        return replace(self, stage=stage, **changes)  # type: ignore[arg-type]
