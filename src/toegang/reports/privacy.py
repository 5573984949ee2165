"""What is too small to be shown: a count of 1 to 9 people's acts may point at a person.

1. A count under the threshold (10) is hidden; 0 is shown.
2. Where one hidden count could be had by subtracting from the total, the next smallest is hidden too,
   until at least two are hidden and together they reach the threshold.
3. A total under the threshold is hidden, with everything it is made of.
So the same total is shown or hidden in every table of the same acts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

THRESHOLD = 10
ENOUGH = 2


@dataclass(frozen=True, slots=True)
class Shown:
    """A column with its total; None is hidden."""

    cells: Mapping[str, int | None]
    total: int | None


def hide_small(column: Mapping[str, int], threshold: int) -> Shown:
    """Hide what is too small in one column of a table; a threshold of 0 or 1 hides nothing."""
    total = sum(column.values())
    if 0 < total < threshold:
        return Shown({key: None if count else 0 for key, count in column.items()}, None)
    # The smallest first, and among equals by name, so that the choice is the same each time.
    order = sorted((key for key in column if column[key]), key=lambda key: (column[key], key))
    hidden = [key for key in order if column[key] < threshold]
    rest = [key for key in order if column[key] >= threshold]
    while hidden and rest and (len(hidden) < ENOUGH or sum(column[key] for key in hidden) < threshold):
        hidden.append(rest.pop(0))
    return Shown({key: None if key in hidden else count for key, count in column.items()}, total)


def is_small(count: int, threshold: int) -> bool:
    """Tell whether a count on its own is too small to be shown."""
    return 0 < count < threshold
