"""Passwords: what is asked of a new one, and the one form in which every password is compared.

Length and a list of what attackers try first; no rules about kinds of characters, no ageing
(NIST-SP800-63B-3.1.1). What may be typed is never cut off: the whole string counts.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from toegang.errors import PasswordTooWeak

if TYPE_CHECKING:
    from collections.abc import Iterable

SHORTEST = 15
"""Code points: a password that is enough by itself (level basis) has at least 15."""

LONGEST = 128
LOWEST_SCORE = 3
WEIGHED = 72
"""Code points that the strength is weighed over; its cost grows with the square."""

SHORTEST_WORD = 4

_REASONS = {
    "dictionary": "password.common-word",
    "spatial": "password.keyboard",
    "repeat": "password.repeats",
    "sequence": "password.sequence",
    "regex": "password.year",
    "date": "password.date",
}


def normal(typed: str) -> str:
    """NIST-SP800-63B-3.1.1.2: compare passwords in NFKC, so that any keyboard types the same one."""
    return unicodedata.normalize("NFKC", typed)


def check_password(typed: str, context: Iterable[str]) -> str:
    """NIST-SP800-63B-3.1.1.2: return the normal form of a new password, or say why it is refused.

    `context` holds words that an attacker would try for this person and this site. Takes up to some
    tens of milliseconds, and keeps `context` in the library's own memory meanwhile: one at a time.

    Raises:
        PasswordTooWeak: with reasons as message keys.

    """
    password = normal(typed)
    words = [word.casefold() for word in context if len(word) >= SHORTEST_WORD]
    if len(password) < SHORTEST:
        raise PasswordTooWeak(("password.too-short",))
    if len(password) > LONGEST:
        raise PasswordTooWeak(("password.too-long",))
    reasons = _guessable(password, words)
    if reasons:
        raise PasswordTooWeak(reasons)
    return password


def _guessable(password: str, words: list[str]) -> tuple[str, ...]:
    rest = password.casefold()
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    # What is left without the words that everybody knows must still be worth something.
    if len(rest) < len(password) and len(rest) < SHORTEST // 2:
        return ("password.context-word",)
    # Its lists take 13 MiB and a tenth of a second: read where somebody chooses a password, in a thread.
    from zxcvbn import zxcvbn  # noqa: PLC0415

    weighed = zxcvbn(password[:WEIGHED], user_inputs=words)
    if weighed["score"] >= LOWEST_SCORE:
        return ()
    parts = sorted(weighed["sequence"], key=lambda part: -len(part["token"]))
    found = [_REASONS[part["pattern"]] for part in parts if part["pattern"] in _REASONS]
    return tuple(dict.fromkeys(found)) or ("password.guessable",)
