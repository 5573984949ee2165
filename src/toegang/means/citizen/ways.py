"""The ways in which people are told what happens with their account, as they choose them."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final, Self


class Way(enum.StrEnum):
    """A way to reach a person."""

    TEXT = "text"  # a text message, to who has a number
    MAIL = "mail"  # to who confirmed an address
    PUSH = "push"  # to an app that may show notices
    LETTER = "letter"  # to the address in the population register


ORDER: Final = (Way.TEXT, Way.MAIL, Way.PUSH, Way.LETTER)
"""In which order ways are tried when those that were chosen fail: the dearest comes last."""

EVENT_WORDS: Final = {Way.TEXT: "text-message", Way.MAIL: "mail", Way.PUSH: "push", Way.LETTER: "letter"}
"""What events call a way."""

USUAL: Final = frozenset({Way.TEXT})
_QUIET: Final = "none"
_BOTH: Final = "both"  # what was kept when there were two ways


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """What a person chose: at least one way, and whether they want to hear of logins in a new browser.

    Of everything else they hear whatever they choose: who takes an account over must not do so in silence.
    """

    ways: frozenset[Way] = USUAL
    logins: bool = True

    @classmethod
    def parse(cls, kept: str) -> Self:
        """Read it as it is kept with an account."""
        words = set(kept.split())
        if _BOTH in words:
            words |= {Way.TEXT, Way.LETTER}
        ways = frozenset(way for way in Way if way.value in words)
        return cls(ways=ways or USUAL, logins=_QUIET not in words)

    def written(self) -> str:
        """Return it as it is kept, and as events say it."""
        words = sorted(way.value for way in self.ways)
        return " ".join(words if self.logins else [*words, _QUIET])

    def without(self, way: Way) -> Ways:
        """Return the choice when a way is no longer there; the usual one when none is left."""
        return Ways(ways=self.ways - {way} or USUAL, logins=self.logins)
