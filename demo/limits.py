"""Limits of who acts for another, at a website: shown, and held to before anything is shown or done.

The hub tells them as `restriction` inside `representation` (docs/protocols/oidc.md), and lets nobody in with
a limit that the service does not have in its `limits`. So the website must hold people to those that it has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from demo.words import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

KNOWN: Final = frozenset({"actions", "most_cents"})
"""The limits that the websites of the demo know."""

EVERYTHING: Final = ("view", "prepare", "submit", "sign")
ACTIONS: Final = {
    "view": Words("bekijken", "look"),
    "prepare": Words("klaarzetten", "prepare"),
    "submit": Words("versturen", "send"),
    "sign": Words("ondertekenen", "sign"),
}


def limits_of(told: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the limits of a login by what the hub told of it; none where it is about who logged in."""
    found: Mapping[str, Any] = told.get("representation", {}).get("restriction", {})
    return found


def may(limits: Mapping[str, Any], action: str, cents: int = 0) -> bool:
    """Tell whether something may be done within these limits; what is not known forbids everything."""
    known = limits.keys() <= KNOWN
    return known and action in limits.get("actions", EVERYTHING) and cents <= limits.get("most_cents", cents)


def in_words(limits: Mapping[str, Any]) -> list[Words]:
    """Return the limits in words."""
    found = []
    actions = [each for each in EVERYTHING if each in limits.get("actions", EVERYTHING)]
    if len(actions) < len(EVERYTHING):
        words = [ACTIONS[each] for each in actions]
        nl, en = ", ".join(each.nl for each in words), ", ".join(each.en for each in words)
        found.append(Words(f"U mag hier alleen: {nl}.", f"You may do nothing here but: {en}."))
    if "most_cents" in limits:
        euros = limits["most_cents"] / 100
        found.append(
            Words(f"Bedragen tot en met {euros:.2f} euro.", f"Amounts up to and including {euros:.2f} euros.")
        )
    return found
