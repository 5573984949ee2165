"""What a bench says: our figure beside a peer's, taken in the same run, and whether the target is met."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure. `value` and `peer_value` are in `unit`; `target` is the least ratio of the two.

    With `at_most` it is the largest ratio that is allowed; a target of 0 means that the figure is only told.
    """

    name: str
    unit: str
    value: float
    peer: str
    peer_value: float
    target: float
    at_most: bool = False

    @property
    def ratio(self) -> float:
        """Ours divided by the peer's."""
        return self.value / self.peer_value

    @property
    def met(self) -> bool:
        """Tell whether the target is met."""
        return self.ratio <= self.target if self.at_most else self.ratio >= self.target

    def as_json(self) -> dict[str, object]:
        """Return everything, with the ratio and whether it is enough."""
        return asdict(self) | {"ratio": round(self.ratio, 3), "met": self.met}

    def as_line(self) -> str:
        """Return one line for a person."""
        figures = f"{self.name}: {self.value:,.1f} {self.unit}; {self.peer}: {self.peer_value:,.1f}"
        if not self.target:
            return f"{figures}; ratio {self.ratio:.2f}"
        verdict = "met" if self.met else "NOT MET"
        bound = "at most" if self.at_most else "at least"
        return f"{figures}; ratio {self.ratio:.2f}, {bound} {self.target:.2f}: {verdict}"


def say(doing: str) -> None:
    """Tell whoever waits what is being done now; never among the figures."""
    print(f"bench: {doing}", file=sys.stderr, flush=True)
