"""The 2,000 clients of Balans, a made-up firm that does their books: numbers and names, always the same."""

from __future__ import annotations

from typing import Final

MANY: Final = 2_000
FIRST: Final = 99_000_001


def clients() -> dict[str, str]:
    """Return the name of each client, by its number in the trade register."""
    return {str(FIRST + each): f"Klant {each + 1:04d} van Balans (nep)" for each in range(MANY)}
