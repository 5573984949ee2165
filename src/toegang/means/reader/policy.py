"""The figures of reader sessions, each with its ground."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from toegang.means.citizen.policy import Limit

CODES = Limit(most=100, window=timedelta(minutes=10))
CODE_LENGTH = 8  # letters; 34 bits, for five minutes and one use
SIZES = 131_072  # octets that a chip may say in one session: six times what a passport says


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderPolicy:
    """Limits and lifetimes.

    A code can be taken for `code_lifetime`; from then on the reader has `talk_lifetime`: to type what is
    printed, and to hold a document still a few times. The page knows how it ended for `shown_lifetime` more.
    `codes` are the wrong ones that one network may try. `messages` is how many a reader may send.
    """

    code_lifetime: timedelta = timedelta(minutes=5)
    talk_lifetime: timedelta = timedelta(minutes=5)
    shown_lifetime: timedelta = timedelta(minutes=15)
    codes: Limit = CODES
    messages: int = 60
    octets: int = SIZES
