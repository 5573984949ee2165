"""The lowest level: below it, a person wants no login of theirs, whatever a service would be content with.

It belongs to the person, not to an account or a means, and counts for every means: at every proof
(`Logins.accept`), and whenever an earlier proof is used again (`Logins.check_usable`). So neither a step up,
a session, a refresh token, a linked means nor a recovery goes below it. Raising counts at once; lowering
waits, and is told at once, so that a thief cannot lower it unseen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Protocol

from toegang.assurance import Level
from toegang.audit.event import Personal
from toegang.audit.events import AccountFloorSet
from toegang.errors import BelowOwnFloor, LevelNotProven, Refusal, settle
from toegang.identity.people import PersonId
from toegang.means.citizen.telling import Told, notice, tell
from toegang.post.texts import LetterPurpose, SmsPurpose

if TYPE_CHECKING:
    from collections.abc import Callable

    from toegang.means.citizen.own_account import OwnAccount, SignedIn
    from toegang.units import Unit

COOLING: Final = timedelta(days=3)
"""How long lowering waits: the person reads the notice in that time, and can call it back."""

NONE: Final = Level.MINIMAL
CHOICES: Final = (NONE, Level.LOW, Level.SUBSTANTIAL, Level.HIGH)
"""What can be set; nothing proves less than basic, so a floor there would be none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """A person's lowest level; `lowered` is the one that takes its place at `lowers_at`, if any."""

    person: PersonId
    level: Level
    since: datetime
    lowered: Level | None = None
    lowers_at: datetime | None = None

    def at(self, now: datetime) -> Level:
        """Return the lowest level of that moment."""
        over = self.lowers_at is not None and now >= self.lowers_at
        return self.lowered if over and self.lowered is not None else self.level

    def to(self, level: Level, now: datetime, wait: timedelta = COOLING) -> Floor:
        """Return it set to `level`: at once when that is not lower than now, else after `wait`."""
        current = self.at(now)
        if level >= current or not wait:
            since = self.since if level == self.level else now
            return Floor(person=self.person, level=level, since=since)
        return replace(self, level=current, lowered=level, lowers_at=now + wait)


class Floors(Protocol):
    """Keeps one floor for each person who ever set one."""

    async def find(self, person: PersonId) -> Floor | None:
        """Find the person's floor."""
        ...

    async def change(
        self, unit: Unit, first: Floor, change: Callable[[Floor], Floor | Refusal]
    ) -> Floor | Refusal:
        """Replace the floor of `first.person`, or `first` when there is none, by `change` of it.

        It is held against others meanwhile. The Refusal, writing nothing, when `change` returned one.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFloor:
    """The use cases of My account that are about the lowest level."""

    floors: Floors
    own: OwnAccount

    async def find(self, signed_in: SignedIn, now: datetime) -> Floor:
        """Return the floor of whose account this is."""
        person = await self._person(signed_in)
        return await self.floors.find(person) or Floor(person=person, level=NONE, since=now)

    async def set(self, signed_in: SignedIn, level: Level, now: datetime) -> Floor:
        """Set the lowest level, by a login of just now that reached it, and the one that counts now.

        Setting the level that counts calls back a lowering. Every change is told.

        Raises:
            LevelNotProven: log in again first, at that level: nobody can shut themselves out.
            AccountClosed: the account was stopped.

        """
        if level not in CHOICES or signed_in.level < level:
            raise LevelNotProven
        if await self.own.login_needed(signed_in, now) is not None:
            raise LevelNotProven
        desk, person = self.own.desk, await self._person(signed_in)
        account = await desk.accounts.find(signed_in.account)
        to = await desk.addressee(account) if account else None
        first = Floor(person=person, level=NONE, since=now)
        before: list[Level] = []

        def change(kept: Floor) -> Floor | Refusal:
            before[:] = [kept.at(now)]
            return LevelNotProven() if signed_in.level < kept.at(now) else kept.to(level, now)

        async with desk.units.begin() as unit:
            result = await self.floors.change(unit, first, change)
            if isinstance(result, Floor) and account is not None:
                later = result.lowered is not None
                event = _event(desk.means, person, before[0], level, now, later=later)
                await desk.trail.record(unit, event)
                if level != before[0]:
                    told = Told(account, to, *(_LOWERED if later else _RAISED))
                    await tell(desk, unit, told, now)
        return settle(result)

    async def lift(self, person: PersonId, now: datetime) -> None:
        """Take a person's floor away at once: for an operator, after a check of who they are at a desk.

        The person is told as they chose: whoever talks a clerk into it must not do so unseen.
        """
        desk, first = self.own.desk, Floor(person=person, level=NONE, since=now)
        found = await self.floors.find(person)
        before = found.at(now) if found else NONE
        accounts = [each for each in await desk.accounts.of_person(person) if each.activated_at]
        async with desk.units.begin() as unit:
            await self.floors.change(unit, first, lambda kept: kept.to(NONE, now, timedelta()))
            event = _event(desk.means, person, before, NONE, now, by="operator")
            await desk.trail.record(unit, event)
            for account in accounts:
                await notice(desk, unit, account, SmsPurpose.FLOOR_LIFTED, now)

    async def _person(self, signed_in: SignedIn) -> PersonId:
        account = await self.own.desk.accounts.find(signed_in.account)
        if account is None or account.person is None:
            raise LevelNotProven
        return account.person


def check_floor(floor: Level, proven: Level) -> None:
    """Refuse what was proven below the person's lowest level.

    Raises:
        BelowOwnFloor: it is.

    """
    if proven < floor:
        raise BelowOwnFloor


_RAISED: Final = (SmsPurpose.FLOOR_RAISED, None)
_LOWERED: Final = (SmsPurpose.FLOOR_LOWERED, LetterPurpose.FLOOR_LOWERED)


def _event(  # noqa: PLR0913 what an event says
    means: str,
    person: PersonId,
    before: Level,
    floor: Level,
    now: datetime,
    *,
    later: bool = False,
    by: str = "person",
) -> AccountFloorSet:
    return AccountFloorSet(
        at=now,
        means=means,
        person=Personal.maybe(person),
        floor_before=before,
        floor=floor,
        later=later,
        by=by,
    )
