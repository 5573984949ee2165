"""How a simulation is told: in words on the operator's own terminal, and as JSON for others to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from toegang.mandates.simulating import LATELY, Verdict
from toegang.mandates.ways import Effect
from toegang.reports.privacy import THRESHOLD, is_small

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toegang.catalogue.values import Service
    from toegang.mandates.simulating import Change, Tally

AMSTERDAM: Final = ZoneInfo("Europe/Amsterdam")
_EFFECTS: Final = {
    Effect.KEEPS: "keep working",
    Effect.LOWER: "work up to a lower level",
    Effect.SHORTER: "work in shorter chains only",
    Effect.STOPS: "stop working",
    Effect.BECOMES: "become possible",
    Effect.NEITHER: "work neither before nor after",
}
_VERDICTS: Final = {
    Verdict.ADMITTED: "would have been admitted",
    Verdict.REFUSED: "would have been refused",
    Verdict.UNSURE: "cannot be judged again",
}


def lines(tally: Tally) -> Iterator[str]:
    """Yield what a change does, every count as it is: for the terminal of who runs the hub."""
    change = tally.change
    yield f"{change.before.names.nl} ({change.before.id}): {_version(change.before)} -> {_after(change)}"
    yield f"  {sum(tally.mandates.values()):>12,}  mandates in force then"
    for effect, words in _EFFECTS.items():
        yield from _counted(words, {why: n for (each, why), n in tally.mandates.items() if each is effect})
    yield f"  {sum(tally.acts.values()):>12,}  logins for somebody else in the last {LATELY.days} days"
    for verdict, words in _VERDICTS.items():
        yield from _counted(words, {why: n for (each, why), n in tally.acts.items() if each is verdict})


def document(tally: Tally) -> dict[str, object]:
    """Return the same as JSON, which others may read: of a count of 1 to 9 that it is small, and no total."""
    change = tally.change
    return {
        "service": str(change.before.id),
        "from": change.at.astimezone(AMSTERDAM).isoformat(),
        "version": [_number(change.before), _number(change.after)],
        "mandates": [
            {"effect": effect.value, "why": why, "count": _shown(count)}
            for (effect, why), count in sorted(tally.mandates.items(), key=str)
        ],
        "days": LATELY.days,
        "logins": [
            {"verdict": verdict.value, "why": why, "count": _shown(count)}
            for (verdict, why), count in sorted(tally.acts.items(), key=str)
        ],
    }


def _counted(words: str, by: dict[str | None, int]) -> Iterator[str]:
    if by:
        yield f"  {sum(by.values()):>12,}  {words}"
    for why, count in sorted(by.items(), key=str):
        if why is not None:
            yield f"  {count:>16,}  {why}"


def _shown(count: int) -> int | str:
    return f"<{THRESHOLD}" if is_small(count, THRESHOLD) else count


def _after(change: Change) -> str:
    return f"{_version(change.after)}, from {change.at.astimezone(AMSTERDAM):%Y-%m-%d %H:%M}"


def _version(service: Service) -> str:
    number = _number(service)
    return "nobody" if number is None else f"version {number}"


def _number(service: Service) -> int | None:
    return None if service.representation is None else service.representation.version
