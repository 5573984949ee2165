"""Clients of two made-up firms that do their books: numbers and names, always the same."""

from __future__ import annotations

from typing import Final

MANY: Final = 2_000
FIRST: Final = 99_000_001
FEW: Final = 200
FIRST_OF_ANKER: Final = 98_000_001


def clients() -> dict[str, str]:
    """Return the name of each client of Balans, by its number in the trade register."""
    return {str(FIRST + each): f"Klant {each + 1:04d} van Balans (nep)" for each in range(MANY)}


def clients_of_anker() -> dict[str, str]:
    """Return the same of Anker; two more of its clients are personas."""
    return {str(FIRST_OF_ANKER + each): f"Klant {each + 1:03d} van Anker (nep)" for each in range(FEW)}
