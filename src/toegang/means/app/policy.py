"""The figures of the app: tries, lifetimes and limits, each with its ground."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from toegang.means.citizen.policy import Limit

CODE_ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
"""Letters of a contact's code: no vowels, so no words; no letter that is taken for another."""

CODE_LENGTH = 4
NUMBER_DIGITS = 10
MATCH_DIGITS = 3
PIN_DIGITS = 5


CONTACTS = Limit(most=200, window=timedelta(minutes=10))  # that one network may open
CODES = Limit(most=100, window=timedelta(minutes=10))  # wrong ones that one network may type
CALLS = Limit(most=3, window=timedelta(minutes=15))  # that one app gets (L07)
ASKS = Limit(most=300, window=timedelta(minutes=10))  # challenges that one network may ask


@dataclass(frozen=True, slots=True, kw_only=True)
class AppPolicy:
    """Limits and lifetimes of the app (security lines L07 to L09).

    `pin_tries` in a row block the app. A contact and a session live at most so long; what a page shows to
    be scanned, `token_lifetime` (L08: at most 60 s). `code_misses` wrong codes on a page end its pairing,
    `number_misses` wrong numbers a contact. `ticket_lifetime` is how long the same browser has to come back.
    A call of an app that a browser knows lasts `call_lifetime`; `match_misses` wrong numbers end it. It
    knows an app for `known_lifetime`. A challenge that an app asked for can be used for `ask_lifetime`.
    """

    pin_tries: int = 5
    contact_lifetime: timedelta = timedelta(minutes=5)
    session_lifetime: timedelta = timedelta(minutes=5)
    pairing_lifetime: timedelta = timedelta(minutes=15)
    token_lifetime: timedelta = timedelta(seconds=60)
    ticket_lifetime: timedelta = timedelta(seconds=60)
    code_misses: int = 5
    number_misses: int = 5
    apps_most: int = 5
    ask_lifetime: timedelta = timedelta(seconds=60)
    call_lifetime: timedelta = timedelta(minutes=2)
    match_misses: int = 3
    known_lifetime: timedelta = timedelta(days=180)
    contacts: Limit = CONTACTS
    codes: Limit = CODES
    calls: Limit = CALLS
    asks: Limit = ASKS
