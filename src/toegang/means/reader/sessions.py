"""A reader session as kept for its page, and which step may follow which, as one table.

    WAITING > TAKEN > ACCEPTED > USED        the page takes what was proven, once
    WAITING > TAKEN > REFUSED                with advice for the person

Ending is possible in every state that is not over.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from toegang.errors import StepOutOfOrder
from toegang.means.app.pairing import Whereabouts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toegang.errors import Refusal


class State(enum.StrEnum):
    """Where a session is."""

    WAITING = "waiting"  # the page shows a code
    TAKEN = "taken"  # one reader has it
    ACCEPTED = "accepted"
    USED = "used"  # what was proven was taken
    REFUSED = "refused"
    ENDED = "ended"  # by the person, on the page or at the reader


class Action(enum.StrEnum):
    """What can be done."""

    TAKE = "take"
    ACCEPT = "accept"
    REFUSE = "refuse"
    USE = "use"
    END = "end"


NEXT: Final[Mapping[tuple[State, Action], State]] = MappingProxyType(
    {
        (State.WAITING, Action.TAKE): State.TAKEN,
        (State.TAKEN, Action.ACCEPT): State.ACCEPTED,
        (State.TAKEN, Action.REFUSE): State.REFUSED,
        (State.ACCEPTED, Action.USE): State.USED,
        (State.WAITING, Action.END): State.ENDED,
        (State.TAKEN, Action.END): State.ENDED,
        (State.ACCEPTED, Action.END): State.ENDED,
    }
)
"""Every step that there is; all others are refused."""

QUESTION: Final = -1
"""What a session waits for, when that is no number of answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderSession:
    """One session, of one page in one browser.

    `code` opens it until `until`, and afterwards `until` is how long the reader has. `turn` is the hash of
    the turn that the reader was given last, `expects` how many answers it owes, or QUESTION. `advice` is
    there when it was refused.
    """

    purpose: str
    subject: str = field(repr=False)
    reference: str
    state: State = State.WAITING
    browser: str = field(repr=False)
    language: str
    place: Whereabouts
    code: str = field(repr=False)
    until: datetime
    turn: bytes = field(default=b"", repr=False)
    messages: int = 0
    expects: int = QUESTION
    advice: str = ""
    result: bytes = field(default=b"", repr=False)

    def after(self, action: Action, **changes: Any) -> ReaderSession | Refusal:  # noqa: ANN401 fields of this class
        """Return it after `action` with these changes, or why that may not be; the table NEXT decides."""
        state = NEXT.get((self.state, action))
        if state is None:
            return StepOutOfOrder(f"{action} while {self.state}")
        return replace(self, state=state, **changes)

    def lives(self, now: datetime) -> bool:
        """Tell whether its reader has time left: half open, as every validity."""
        return now < self.until
