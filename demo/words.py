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


LEVELS: Final = {
    "http://eid.logius.nl/LoA/basic": Words("basis", "basic"),
    "http://eidas.europa.eu/LoA/low": Words("midden", "medium"),
    "http://eidas.europa.eu/LoA/substantial": Words("substantieel", "substantial"),
    "http://eidas.europa.eu/LoA/high": Words("hoog", "high"),
}
"""What the levels are called on a page."""

_PARENT: Final = Words("ouderlijk gezag", "parental authority")
GROUNDS: Final = {
    "parental-joint": _PARENT,
    "parental-sole": _PARENT,
    "parental-with-third": _PARENT,
    "guardianship": Words("voogdij", "guardianship"),
    "curatele": Words("curatele", "curatele (guardianship of an adult)"),
    "bewind": Words("bewind", "administration by the court"),
    "mentorship": Words("mentorschap", "mentorship"),
    "heir": Words("erfgenaam", "heir"),
    "executor": Words("executeur", "executor"),
    "director-sole": Words("bestuurder", "director"),
    "voluntary": Words("machtiging", "mandate"),
    "intermediary": Words("machtiging van een organisatie", "mandate of an organisation"),
    "employee": Words("medewerker", "employee"),
    "staff": Words("medewerker van het kantoor", "employee of the firm"),
    "helper": Words("hulp", "help"),
}
"""What websites call the grounds that they may be told; others they show as they are."""


def ground_words(basis: str) -> Words:
    """Return what a ground for acting for somebody is called; one without words is shown as it is."""
    return GROUNDS.get(basis, Words(basis, basis))


def language_from(asked: str | None, kept: str | None, wished: str) -> str:
    """Return `nl` or `en`: asked by the link on this page, chosen before, wished by the browser, or Dutch."""
    found = (asked, kept, wished[:2].lower())
    return next((each for each in found if each in LANGUAGES), LANGUAGES[0])


def other_than(language: str) -> str:
    """Return the other language."""
    return next(each for each in LANGUAGES if each != language)
