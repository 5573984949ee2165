"""Whether what was proven may still be used: the one gate of every later use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.catalogue import gate
from toegang.identity.holds import check_person
from toegang.login.floor import check_floor, floor_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from toegang.assurance import Level
    from toegang.catalogue.values import AdmittedMeans
    from toegang.catalogue.watch import Catalogue
    from toegang.identity.holds import Holds
    from toegang.identity.subject import Subject
    from toegang.login.floor import Floors
    from toegang.login.transaction import Proof
    from toegang.means.base import Authentication, MeansKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Usable:
    """Asks the catalogue, the person's holds, the means and the person's own lowest level."""

    catalogue: Catalogue
    kinds: Mapping[str, MeansKind]
    floors: Floors
    holds: Holds

    async def check(self, proven: Authentication, now: datetime) -> None:
        """Refuse a proof whose means, person or account may no longer be used (O14, O15).

        Raises:
            PartyClosed: the means is closed now.
            AccountClosed: the account was ended or stopped, or its proofs were withdrawn.
            AccountHeld: the person stands still, by whatever means they come.
            BelowOwnFloor: the person wants no login at this level any more.

        """
        admission = gate.open_means(self.catalogue.current, proven.means, now)
        await self._check_means(admission, proven, now)
        check_floor(await self.floor(proven.subject, now), min(proven.level, admission.ceiling))

    async def check_all(self, proofs: tuple[Proof, ...], now: datetime) -> None:
        """Refuse as `check` does, unless the highest of `proofs` and all their accounts may be used.

        A lower proof of a login that went on to a higher one is not held against the person's floor.
        """
        best = max((proof.level for proof in proofs), default=None)
        for proof in proofs:
            proven = proof.authentication
            admission = gate.open_means(self.catalogue.current, proven.means, now)
            await self._check_means(admission, proven, now)
            if best is not None:
                check_floor(await self.floor(proven.subject, now), min(best, admission.ceiling))

    async def check_person(self, subject: Subject) -> None:
        """Refuse a person who is held, whatever they prove it with.

        Raises:
            AccountHeld: they are.

        """
        await check_person(self.holds, subject.person)

    async def _check_means(self, admission: AdmittedMeans, proven: Authentication, now: datetime) -> None:
        await check_person(self.holds, proven.subject.person)
        await self.kinds[admission.kind].check_usable(proven, now)

    async def floor(self, subject: Subject, now: datetime) -> Level:
        """Return the lowest level of whoever this is."""
        return await floor_of(self.floors, subject, now)
