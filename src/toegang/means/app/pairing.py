"""A page and an app together: what is kept of it, and which step may follow which, as one table.

    a login         BEGUN > ASKED > MET > SCANNED > CONFIRMED > DONE      the app is on another device
                    BEGUN > LINKED > OPENED > APPROVED > DONE             the app is on this device
                    BEGUN > CALLED > SCANNED > CONFIRMED > DONE           this browser knows the app
                    ... SCANNED or OPENED > BLOCKED                       the last wrong PIN
    an activation   ... SCANNED or OPENED > KEYED > DONE                  by a text message, or by another app
                    BEGUN > SCANNED > KEYED > DONE                        by the code of a desk, without page
                    ... SCANNED or OPENED > KEYED > LETTER > DONE         by a letter

What is not in NEXT is refused. Ending is possible in every state.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from toegang.assurance import Level
from toegang.catalogue.values import MeansId, Text
from toegang.errors import StepOutOfOrder
from toegang.hot import hot
from toegang.identity.subject import Subject
from toegang.means.app.values import AppId
from toegang.means.citizen.account import AccountId

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toegang.errors import Refusal


class Flow(enum.StrEnum):
    """What the page and the app are together for; an activation is named after its ground."""

    LOGIN = "login"
    BY_SMS = "password-sms"
    BY_LETTER = "password-letter"
    BY_APP = "app"
    BY_DESK = "desk"


class State(enum.StrEnum):
    """Where they are."""

    BEGUN = "begun"  # the person chooses: another device, or this one
    ASKED = "asked"  # the page asks for the code that the app shows
    MET = "met"  # the page shows what is to be scanned
    LINKED = "linked"  # the page has a link to the app on this device
    CALLED = "called"  # the app that this browser knows was called, and the page shows a number for it
    SCANNED = "scanned"  # the app on the other device has the session
    OPENED = "opened"  # the app on this device has the session
    KEYED = "keyed"  # the app proved its device key
    LETTER = "letter"  # the app waits for the code of its letter
    CONFIRMED = "confirmed"  # confirmed on the other device: this page may go on
    APPROVED = "approved"  # confirmed on this device: the same browser must come back
    DONE = "done"
    REFUSED = "refused"  # "this is not me"
    STRAYED = "strayed"  # another browser came back
    SPENT = "spent"  # too many wrong codes
    BLOCKED = "blocked"  # too many wrong PINs: the app is blocked
    ENDED = "ended"


class Action(enum.StrEnum):
    """What can be done."""

    OTHER = "other"
    HERE = "here"
    BACK = "back"
    MEET = "meet"
    MISS = "miss"
    EXHAUST = "exhaust"
    RENEW = "renew"
    CALL = "call"
    ANSWER = "answer"  # the app that was called asks what it is
    MATCH = "match"
    SCAN = "scan"
    KEY = "key"
    PIN = "pin"
    WRITE = "write"  # the PIN, where a letter follows
    LETTER = "letter"
    CONFIRM = "confirm"
    BLOCK = "block"  # the last wrong PIN
    REFUSE = "refuse"
    PROVE = "prove"
    RETURN = "return"
    STRAY = "stray"
    KEEP = "keep"  # the same browser came back, and the app must prove more first
    AGAIN = "again"
    END = "end"


Step = tuple[Flow, State, Action]

_TOGETHER: Final[Mapping[tuple[State, Action], State]] = {
    (State.BEGUN, Action.OTHER): State.ASKED,
    (State.BEGUN, Action.HERE): State.LINKED,
    (State.ASKED, Action.BACK): State.BEGUN,
    (State.MET, Action.BACK): State.BEGUN,
    (State.LINKED, Action.BACK): State.BEGUN,
    (State.ASKED, Action.MISS): State.ASKED,
    (State.ASKED, Action.EXHAUST): State.SPENT,
    (State.ASKED, Action.MEET): State.MET,
    (State.MET, Action.RENEW): State.MET,
    (State.LINKED, Action.RENEW): State.LINKED,
    (State.MET, Action.SCAN): State.SCANNED,
    (State.LINKED, Action.SCAN): State.OPENED,
    # Ending is never refused.
    **{(state, Action.END): State.ENDED for state in State},
}
_LOGIN: Final[Mapping[tuple[State, Action], State]] = {
    (State.BEGUN, Action.CALL): State.CALLED,
    (State.CALLED, Action.BACK): State.BEGUN,
    (State.CALLED, Action.ANSWER): State.CALLED,
    (State.CALLED, Action.MISS): State.CALLED,
    (State.CALLED, Action.EXHAUST): State.SPENT,
    (State.CALLED, Action.MATCH): State.SCANNED,
    (State.CALLED, Action.REFUSE): State.REFUSED,
    (State.SCANNED, Action.CONFIRM): State.CONFIRMED,
    (State.OPENED, Action.CONFIRM): State.APPROVED,
    (State.SCANNED, Action.BLOCK): State.BLOCKED,
    (State.OPENED, Action.BLOCK): State.BLOCKED,
    (State.SCANNED, Action.REFUSE): State.REFUSED,
    (State.OPENED, Action.REFUSE): State.REFUSED,
    # No app is too blocked to say that its person did not begin this login: that is recorded, and acts.
    (State.BLOCKED, Action.REFUSE): State.REFUSED,
    (State.CONFIRMED, Action.PROVE): State.DONE,
    (State.APPROVED, Action.RETURN): State.DONE,
    (State.APPROVED, Action.STRAY): State.STRAYED,
    (State.APPROVED, Action.KEEP): State.CONFIRMED,
    (State.REFUSED, Action.AGAIN): State.BEGUN,
    (State.STRAYED, Action.AGAIN): State.BEGUN,
    (State.BLOCKED, Action.AGAIN): State.BEGUN,
}
_KEY: Final[Mapping[tuple[State, Action], State]] = {
    (State.SCANNED, Action.KEY): State.KEYED,
    (State.OPENED, Action.KEY): State.KEYED,
    # There may be no key yet to refuse with: who has the session says no.
    **{(state, Action.REFUSE): State.ENDED for state in (State.SCANNED, State.OPENED, State.KEYED)},
}
_AT_ONCE: Final = {**_KEY, (State.KEYED, Action.PIN): State.DONE}
_BY_LETTER: Final = {
    **_KEY,
    (State.KEYED, Action.WRITE): State.LETTER,
    (State.LETTER, Action.LETTER): State.DONE,
}
_BY_DESK: Final = {
    (State.BEGUN, Action.SCAN): State.SCANNED,
    (State.SCANNED, Action.KEY): State.KEYED,
    (State.KEYED, Action.PIN): State.DONE,
    **{(state, Action.REFUSE): State.ENDED for state in (State.SCANNED, State.KEYED)},
    **{(state, Action.END): State.ENDED for state in State},
}
_OWN: Final[Mapping[Flow, Mapping[tuple[State, Action], State]]] = {
    Flow.LOGIN: _LOGIN,
    Flow.BY_SMS: _AT_ONCE,
    Flow.BY_APP: _AT_ONCE,
    Flow.BY_LETTER: _BY_LETTER,
}
NEXT: Final[Mapping[Step, State]] = MappingProxyType(
    {
        (flow, state, action): after
        for flow, own in _OWN.items()
        for (state, action), after in {**_TOGETHER, **own}.items()
    }
    | {(Flow.BY_DESK, state, action): after for (state, action), after in _BY_DESK.items()}
)
"""Every step that there is; all others are refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a page shows to be scanned: `[.., until)`. `number` is the same for who cannot scan."""

    token: str = field(repr=False)
    number: str = field(default="", repr=False)
    until: datetime


@hot(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a login asks, as the app shows it and signs it."""

    reference: str
    required: Level
    provider: Text
    service: Text
    known_subject: Subject | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """Where the page is: its network (empty when unknown), and what the browser calls itself."""

    network: str = ""
    browser: Text
    at: datetime


@hot(frozen=True, slots=True, kw_only=True)
class Pairing:
    """A page and an app together; bound to one browser.

    `asked` is there in a login only. `account` is whose app it will be, or whose app confirmed. `level` is
    what an app may become at most, and `signed_in_at` when its person logged in for it. `contact` is the hash
    of the app's contact, empty where the app is on this device. `challenge` counts until `session_until`.
    `called` is the app that this browser knew and called, under `known` (calling.py); `number` what the page
    shows for it. `remember` says that the person wants this browser to know the app that confirms.
    """

    flow: Flow
    state: State = State.BEGUN
    browser: str = field(repr=False)
    means: MeansId
    language: str
    until: datetime
    asked: Asked | None = None
    place: Whereabouts | None = None
    account: AccountId | None = None
    level: Level = Level.LOW
    signed_in_at: datetime | None = None
    misses: int = 0
    contact: str = field(default="", repr=False)
    shown: Shown | None = None
    challenge: str = field(default="", repr=False)
    session_until: datetime | None = None
    app: AppId | None = None
    device_key: bytes = field(default=b"", repr=False)
    confirmed_at: datetime | None = None
    ticket: str = field(default="", repr=False)
    called: AppId | None = None
    known: str = field(default="", repr=False)
    number: str = field(default="", repr=False)
    remember: bool = False

    def after(self, action: Action, **changes: Any) -> Pairing | Refusal:  # noqa: ANN401 fields of this class
        """Return it after `action` with these changes, or why that may not be; the table NEXT decides."""
        state = NEXT.get((self.flow, self.state, action))
        if state is None:
            return StepOutOfOrder(f"{action} of {self.flow} while {self.state}")
        return replace(self, state=state, **changes)
