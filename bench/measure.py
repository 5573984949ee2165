"""What a bench says: our figure beside a peer's, taken in the same run, and whether the target is met."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure. `value` and `peer_value` are in `unit`; `target` is the least ratio of the two."""

    name: str
    unit: str
    value: float
    peer: str
    peer_value: float
    target: float

    @property
    def ratio(self) -> float:
        """Ours divided by the peer's."""
        return self.value / self.peer_value

    @property
    def met(self) -> bool:
        """Tell whether the target is met."""
        return self.ratio >= self.target

    def as_json(self) -> dict[str, object]:
        """Return everything, with the ratio and whether it is enough."""
        return asdict(self) | {"ratio": round(self.ratio, 3), "met": self.met}

    def as_line(self) -> str:
        """Return one line for a person."""
        verdict = "met" if self.met else "NOT MET"
        return (
            f"{self.name}: {self.value:,.0f} {self.unit}; {self.peer}: {self.peer_value:,.0f};"
            f" ratio {self.ratio:.2f}, target {self.target:.2f}: {verdict}"
        )
