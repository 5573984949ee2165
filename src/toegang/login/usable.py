"""Whether what was proven may still be used: the one gate of every later use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from toegang.catalogue import gate
from toegang.identity.holds import check_held
from toegang.login.floor import NONE, check_floor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from toegang.assurance import Level
    from toegang.catalogue.values import AdmittedMeans
    from toegang.catalogue.watch import Catalogue
    from toegang.identity.holds import Hold
    from toegang.identity.people import PersonId
    from toegang.identity.subject import Subject
    from toegang.login.floor import Floor
    from toegang.login.transaction import Proof
    from toegang.means.base import Authentication, MeansKind
    from toegang.units import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearing:
    """What bears on the logins of one person: their holds, oldest first, and the lowest level they set."""

    holds: tuple[Hold, ...] = ()
    floor: Floor | None = None

    def at(self, now: datetime) -> Level:
        """Return the lowest level of that moment."""
        return self.floor.at(now) if self.floor else NONE

    def check(self, now: datetime) -> Level:
        """Refuse a person who is held, whatever they prove it with; return their lowest level.

        Raises:
            AccountHeld: they are held.

        """
        check_held(self.holds)
        return self.at(now)


NOTHING = Bearing()
"""What bears on nearly everybody, and on somebody whom we do not know as a person."""


class Bearings(Protocol):
    """Reads it in one question: it is asked several times in every login."""

    async def of_person(self, person: PersonId) -> Bearing:
        """Read what bears on the logins of this person."""
        ...

    async def along(self, unit: Unit, person: PersonId) -> Callable[[], Bearing]:
        """Ask the same in a unit, for the price of its next question; call what is returned after that."""
        ...


class Beside:
    """What bears on somebody, asked in a unit beside its next question; `bearing` is for after that one."""

    __slots__ = ("_bearings", "_person", "_told")

    def __init__(self, bearings: Bearings, person: PersonId | None) -> None:
        """Ask nothing yet; nothing bears on somebody whom we do not know as a person."""
        self._bearings, self._person = bearings, person
        self._told: Callable[[], Bearing] = lambda: NOTHING

    async def ask(self, unit: Unit) -> None:
        """Ask it, again where the unit is tried again."""
        if self._person is not None:
            self._told = await self._bearings.along(unit, self._person)

    @property
    def bearing(self) -> Bearing:
        """What was answered."""
        return self._told()


@dataclass(frozen=True, slots=True, kw_only=True)
class Usable:
    """Asks the catalogue, what bears on the person, and the means."""

    catalogue: Catalogue
    kinds: Mapping[str, MeansKind]
    bearings: Bearings

    async def check(self, proven: Authentication, now: datetime, bearing: Bearing | None = None) -> None:
        """Refuse a proof whose means, person or account may no longer be used (O14, O15).

        `bearing` is what bears on the person, where it was read just now.

        Raises:
            PartyClosed: the means is closed now.
            AccountClosed: the account was ended or stopped, or its proofs were withdrawn.
            AccountHeld: the person stands still, by whatever means they come.
            BelowOwnFloor: the person wants no login at this level any more.

        """
        admission = gate.open_means(self.catalogue.current, proven.means, now)
        floor = await self._floor_by(admission, proven, now, bearing)
        check_floor(floor, min(proven.level, admission.ceiling))

    async def check_all(self, proofs: tuple[Proof, ...], now: datetime) -> None:
        """Refuse as `check` does, unless the highest of `proofs` and all their accounts may be used.

        A lower proof of a login that went on to a higher one is not held against the person's floor.
        """
        snapshot = self.catalogue.current
        found = [(each, gate.open_means(snapshot, each.authentication.means, now)) for each in proofs]
        best = max((min(proof.level, admission.ceiling) for proof, admission in found), default=NONE)
        for proof, admission in found:
            check_floor(await self._floor_by(admission, proof.authentication, now), best)

    def beside(self, subject: Subject) -> Beside:
        """Return what asks, within a unit, what bears on somebody."""
        return Beside(self.bearings, subject.person)

    async def floor(self, subject: Subject, now: datetime) -> Level:
        """Return the lowest level of whoever this is."""
        return (await self._bearing(subject)).at(now)

    async def _bearing(self, subject: Subject) -> Bearing:
        """Read what bears on a person; nothing does on somebody whom we do not know as one."""
        person = subject.person
        return NOTHING if person is None else await self.bearings.of_person(person)

    async def _floor_by(
        self,
        admission: AdmittedMeans,
        proven: Authentication,
        now: datetime,
        bearing: Bearing | None = None,
    ) -> Level:
        if bearing is None:
            bearing = await self._bearing(proven.subject)
        floor = bearing.check(now)
        await self.kinds[admission.kind].check_usable(proven, now)
        return floor
