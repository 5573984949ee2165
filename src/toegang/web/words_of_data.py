"""What the file with one's own data says, in words for people; computers read it by the names themselves.

Whoever adds a row to a part adds its words here; tests/web/test_own_data.py finds what is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.login.decision import COMPLETED
from toegang.means.citizen.account import Status
from toegang.means.citizen.ways import ORDER, Way, Ways
from toegang.means.listed import State
from toegang.web.languages import OWN_NAMES
from toegang.web.words import ATTRIBUTES, LEVELS
from toegang.web.words_of_errors import ERRORS
from toegang.web.words_of_events import EVENTS, OTHER
from toegang.web.words_of_mandates import STATES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from babel.support import NullTranslations

N_ = str  # marks a sentence for the translators' list; it is translated when a page is made

NAMES: Mapping[str, str] = {
    "account": N_("Reference of your account"),
    "person": N_("Reference of you"),
    "bsn": N_("Citizen service number (BSN)"),
    "status": N_("How it stands"),
    "language": N_("Language"),
    "large_print": N_("Letters in large print"),
    "since": N_("Since"),
    "activated_at": N_("Activated on"),
    "last_used_at": N_("Last used on"),
    "telephone": N_("Telephone number"),
    "telephone_since": N_("Telephone number since"),
    "mail": N_("Mail address"),
    "notices": N_("How we tell you"),
    "lowest_level": N_("Your own lowest level"),
    "means": N_("Login means"),
    "name": N_("Name"),
    "state": N_("How it stands"),
    "level": N_("Level"),
    "reference": N_("Reference code"),
    "client": N_("Connection of the service"),
    "subject": N_("Number of you at this service"),
    "answered_at": N_("Logged in on"),
    "until": N_("Until"),
    "started_at": N_("Begun on"),
    "ended_at": N_("Ended on"),
    "provider": N_("Organisation"),
    "service": N_("Service"),
    "required": N_("Level that was asked"),
    "released": N_("What the organisation got to know"),
    "end": N_("How it ended"),
    "represented": N_("You acted for"),
    "browser": N_("Browser"),
    "mandate": N_("Reference of the mandate"),
    "side": N_("On which side you are"),
    "from": N_("From"),
    "scopes": N_("What it is for"),
    "id": N_("Reference in the audit trail"),
    "index": N_("Place in the audit trail"),
    "event": N_("What happened"),
    "at": N_("Time"),
}
"""Of the names of a row; what the audit trail says besides has the name that our systems have for it."""

_STANDS: Mapping[str, str] = {
    **STATES,
    State.WORKS: N_("works"),
    State.WAITS: N_("waits for a code or a check"),
    State.BLOCKED: N_("blocked"),
}
_LEVELS: Mapping[str, str] = {level.name.lower(): words for level, words in LEVELS.items()}
VALUES: Mapping[str, Mapping[str, str]] = {
    "status": {
        Status.REQUESTED: N_("waits for the code from the letter"),
        Status.ACTIVE: N_("works"),
        Status.SUSPENDED: N_("suspended by you"),
        Status.LOCKED: N_("locked: misuse was reported"),
        Status.BLOCKED: N_("blocked"),
        Status.HELD: N_("stands still: we look into it"),
        Status.ENDED: N_("ended"),
    },
    "state": _STANDS,
    "language": {language.value: name for language, name in OWN_NAMES.items()},
    "level": _LEVELS,
    "lowest_level": _LEVELS,
    "required": _LEVELS,
    "released": ATTRIBUTES,
    "event": EVENTS,
    "end": {COMPLETED: N_("You logged in"), **{code: words.title for code, words in ERRORS.items()}},
    "represented": {
        "person": N_("somebody else"),
        "kvk": N_("an organisation"),
        "rsin": N_("an organisation"),
    },
    "side": {
        "principal": N_("somebody may act for you"),
        "agent": N_("you may act for somebody"),
        "gave-on": N_("you passed it on"),
    },
}
YES, NO = N_("yes"), N_("no")
WAYS: Mapping[Way, str] = {
    Way.TEXT: N_("by text message"),
    Way.MAIL: N_("by mail"),
    Way.PUSH: N_("by a message of the app"),
    Way.LETTER: N_("by letter"),
}
QUIET = N_("not of logins in a browser that we do not know")


def in_language(sentences: NullTranslations) -> Mapping[str, Callable[..., str]]:
    """Return what the templates call these lists by, speaking the language of `sentences`."""
    say = sentences.ugettext

    def said(key: str, value: object) -> str:
        if isinstance(value, bool):
            return say(YES if value else NO)
        known = VALUES.get(key, {}).get(str(value))
        if known is None and key == "event":
            known = OTHER
        return str(value) if known is None else say(known)

    def told(chosen: Ways) -> str:
        words = [WAYS[way] for way in ORDER if way in chosen.ways]
        return ", ".join(map(say, words if chosen.logins else [*words, QUIET]))

    def data_value(key: str, value: object) -> str:
        """Return a value, or several, as people read it."""
        if isinstance(value, tuple):
            return ", ".join(said(key, each) for each in value)
        return told(Ways.parse(str(value))) if key == "notices" else said(key, value)

    return {
        "data_name": lambda key: say(NAMES[key]) if key in NAMES else key.replace("_", " "),
        "data_value": data_value,
    }
