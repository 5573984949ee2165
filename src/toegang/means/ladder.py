"""The ladder: at which step an account stands, followed from the events that change it.

Every act that changes what an account can be used with records an event that says so (`AccountChange`), of
the account itself or of what belongs to it: an app, a passkey, a card. `Ladder.follow` keeps, in the unit of
the act, which of these there are, and says so when the best of them became another
(`account:step-changed`). So a new kind of means joins by its events alone, and nobody who counts accounts
must know whose they are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from toegang.assurance import Level, Step, step_of
from toegang.assurance.steps import ACCOUNT
from toegang.audit.events import AccountEnded, AccountStepChanged, Personal
from toegang.audit.events.accounts import AccountChange
from toegang.identity.people import PersonId

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from toegang.audit.event import Event
    from toegang.units import Unit

REPLACED = "replaced"  # why an account ended whose person has a newer one


@dataclass(frozen=True, slots=True, kw_only=True)
class Usable:
    """How many things of one means, of one `kind` (steps.py), can prove `level` now."""

    kind: str
    means: str
    level: Level
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place on the ladder: the step, and the level that can be proven there."""

    step: Step
    level: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a person's account can be used with, and the place that was told last (None: nowhere).

    `untold` says that nothing was ever told of it: it was there before the ladder was followed.
    """

    person: PersonId
    usable: tuple[Usable, ...] = ()
    told: Place | None = None
    untold: bool = False

    @property
    def place(self) -> Place | None:
        """Where the account stands; nowhere while the account itself cannot be used."""
        if not any(each.kind == ACCOUNT for each in self.usable):
            return None
        best = max(self.usable, key=lambda each: (step_of(each.kind, each.level).rank, each.level))
        return Place(step=step_of(best.kind, best.level), level=max(each.level for each in self.usable))

    def after(self, event: AccountChange) -> Standing:
        """Return it after one event: one thing less at `before`, one more at `after`."""
        kind = event.name.partition(":")[0]
        # A person has one account that can be used, of the hub's own means, whatever that is called.
        means = "" if kind == ACCOUNT else event.means
        # An event of another subject, as the check of a document, may be about an app: what it is stays.
        kind = next((each.kind for each in self.usable if each.means == means), kind)
        counts = {(each.kind, each.means, each.level): each.count for each in self.usable}
        for level, more in ((event.before, -1), (event.after, 1)):
            if level is not None:
                counts[kind, means, level] = counts.get((kind, means, level), 0) + more
        usable = tuple(
            Usable(kind=kind, means=means, level=level, count=count)
            for (kind, means, level), count in sorted(counts.items())
            if count > 0
        )
        return replace(self, usable=usable)

    def all_told(self) -> Standing:
        """Return it once its place was told."""
        return replace(self, told=self.place, untold=False)


class StandingStore(Protocol):
    """Keeps standings, one for each person."""

    async def find(self, person: PersonId) -> Standing | None:
        """Find it."""
        ...

    async def hold(self, unit: Unit, person: PersonId) -> Standing:
        """Return it, an empty one where there was none, holding it against others until the unit ends."""
        ...

    async def write(self, unit: Unit, standing: Standing) -> None:
        """Write one that this unit holds; one that can be used with nothing is forgotten."""
        ...

    async def untold(self, unit: Unit, most: int) -> tuple[Standing, ...]:
        """Return at most so many of which nothing was told, holding them; those that others hold are left."""
        ...


class Climbs(Protocol):
    """Who is told, in the same unit, that somebody came up a step, or that their account ended."""

    async def climbed(self, unit: Unit, person: PersonId, step: Step, now: datetime) -> tuple[Event, ...]:
        """Take note of the step that was reached; return what is to be recorded of it."""
        ...

    async def left(self, unit: Unit, person: PersonId) -> None:
        """GDPR-17: forget the person; a second time nothing happens."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """Follows the events of accounts, and says when one stands at another step."""

    standings: StandingStore
    climbs: Climbs

    async def follow(self, unit: Unit, events: Iterable[Event]) -> list[Event]:
        """Keep what these events change, in their own unit; return what is to be recorded besides."""
        found: list[Event] = []
        for event in events:
            if isinstance(event, AccountChange) and event.person is not None and event.person.value:
                found += await self._followed(unit, event, PersonId(UUID(event.person.value)))
        return found

    async def tell(self, unit: Unit, now: datetime, most: int) -> tuple[Event, ...]:
        """Return what is to be recorded of accounts that were there before, at most so many at once."""
        found = await self.standings.untold(unit, most)
        for standing in found:
            await self.standings.write(unit, standing.all_told())
        return tuple(event for each in found if (event := _moved(each, now)) is not None)

    async def _followed(self, unit: Unit, event: AccountChange, person: PersonId) -> list[Event]:
        standing = (await self.standings.hold(unit, person)).after(event)
        await self.standings.write(unit, standing.all_told())
        found: list[Event] = []
        moved = _moved(standing, event.at)
        if moved is not None:
            found.append(moved)
            if moved.after is not None:
                found += await self.climbs.climbed(unit, person, moved.after, event.at)
        if isinstance(event, AccountEnded) and event.why != REPLACED:
            await self.climbs.left(unit, person)
        return found


def _moved(standing: Standing, at: datetime) -> AccountStepChanged | None:
    """Say how the place that was told differs from where the account stands now."""
    before, after = standing.told, standing.place
    if before == after:
        return None
    return AccountStepChanged(
        at=at,
        before=before.step if before else None,
        after=after.step if after else None,
        level_before=before.level if before else None,
        level_after=after.level if after else None,
        person=Personal.of(standing.person),
    )
