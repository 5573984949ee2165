"""The figures of the app: tries, lifetimes and limits, each with its ground."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from toegang.means.citizen.policy import Limit

CODE_ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
"""Letters of a contact's code: no vowels, so no words; no letter that is taken for another."""

CODE_LENGTH = 4
NUMBER_DIGITS = 10
PIN_DIGITS = 5
NAME_MOST = 40  # characters that a person may call a device by


CONTACTS = Limit(most=200, window=timedelta(minutes=10))  # that one network may open
CODES = Limit(most=100, window=timedelta(minutes=10))  # wrong ones that one network may type


@dataclass(frozen=True, slots=True, kw_only=True)
class AppPolicy:
    """Limits and lifetimes of the app (security lines L07 to L09).

    `pin_tries` in a row block the app. A contact and a session live at most so long; what a page shows to
    be scanned, `token_lifetime` (L08: at most 60 s). `code_misses` wrong codes on a page end its pairing,
    `number_misses` wrong numbers a contact. `ticket_lifetime` is how long the same browser has to come back.
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
    contacts: Limit = CONTACTS
    codes: Limit = CODES
