"""What pages say, in Dutch and in English, and which of the two somebody gets.

Knows no library: parties that run on other software, in an environment of their own, use it too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LANGUAGES: Final = ("nl", "en")
LANGUAGE_COOKIE: Final = "demo-language"
"""Kept by host name, so that all parties of a demo speak the language that was chosen at one."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a page says, in Dutch and in English."""

    nl: str
    en: str

    def said(self, language: str) -> str:
        """Return it in one language."""
        return self.en if language == "en" else self.nl


def language_from(asked: str | None, kept: str | None, wished: str) -> str:
    """Return `nl` or `en`: asked by the link on this page, chosen before, wished by the browser, or Dutch."""
    found = (asked, kept, wished[:2].lower())
    return next((each for each in found if each in LANGUAGES), LANGUAGES[0])


def other_than(language: str) -> str:
    """Return the other language."""
    return next(each for each in LANGUAGES if each != language)
