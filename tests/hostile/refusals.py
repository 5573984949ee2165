"""What a refusal leaves behind: its counter, its event, and everything that was taken."""

from __future__ import annotations

from dataclasses import dataclass

from tests.hostile.scenes import events
from tests.journeys.house import House
from toegang.audit.event import Event


@dataclass(frozen=True, slots=True)
class Before:
    """How much was recorded and counted before a refusal."""

    events: int
    refusals: dict[str, float]


async def before(house: House) -> Before:
    return Before(len(await events(house)), counted(house))


async def since(house: House, before: Before) -> list[Event]:
    """Return what was recorded since."""
    return (await events(house))[before.events :]


def counted(house: House) -> dict[str, float]:
    """Return how often each refusal was counted, by its code."""
    counter = house.app.ground.metrics.refusals
    [family] = counter.collect()
    return {each.labels["code"]: each.value for each in family.samples if each.name.endswith("_total")}


def counted_since(house: House, before: Before) -> dict[str, float]:
    """Return which refusals were counted since."""
    now = counted(house)
    more = {code: value - before.refusals.get(code, 0.0) for code, value in now.items()}
    return {code: value for code, value in more.items() if value}


def told(event: Event) -> str:
    """Return an event as the tables write it: its name, and its code or reason where it has one."""
    why = getattr(event, "why", None) or getattr(event, "code", "")
    proof = getattr(event, "proof", "")
    return " ".join(filter(None, (event.name, str(why), str(proof))))
