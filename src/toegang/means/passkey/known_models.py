"""Models of authenticators: the roots that vouch for each, and which have fallen, on one node.

Two sources, which may stand beside each other: certificates that the operator laid ready for a model, and the
metadata of the FIDO Alliance (metadata.py). A model that this reports as fallen is trusted by neither.
What was once believed of the metadata is kept in the database, and what is older is not taken over again.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol

from toegang import log
from toegang.audit.events import PasskeyModelsTaken
from toegang.errors import Misconfigured

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from toegang.audit.trail import Trail
    from toegang.means.passkey.metadata import Metadata
    from toegang.units import Unit, Units

Roots = dict[str, tuple[bytes, ...]]

BEFORE_ANY = -1
"""A number below that of any metadata."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """The roots (DER) of each model by its AAGUID, and the models that have fallen."""

    roots: Mapping[str, tuple[bytes, ...]] = field(default_factory=dict)
    fallen: frozenset[str] = frozenset()

    def roots_of(self, model: str) -> tuple[bytes, ...]:
        """Return the roots that may vouch for a model; none for one that nobody knows, or that has fallen."""
        return () if model in self.fallen else self.roots.get(model, ())

    @classmethod
    def of(cls, laid: Roots, metadata: Metadata | None) -> Models:
        """Put roots that were laid ready for models beside what the metadata says."""
        if metadata is None:
            return cls(roots=laid)
        names = {*metadata.roots, *laid}
        merged = {each: (*metadata.roots.get(each, ()), *laid.get(each, ())) for each in names}
        return cls(roots=merged, fallen=metadata.fallen)


class MetadataStore(Protocol):
    """Keeps the metadata with the highest number that any node believed, for each set of pinned roots."""

    async def newest(self, pinned: str, above: int) -> Metadata | None:
        """Return it when its number is above `above`; None when it is not, or there is none."""
        ...

    async def take(self, unit: Unit, pinned: str, found: Metadata, now: datetime) -> bool:
        """Keep it when its number is higher than what is kept; False, keeping nothing, when it is not."""
        ...


class ModelFiles(Protocol):
    """What an operator laid ready."""

    @property
    def pinned(self) -> tuple[bytes, ...]:
        """The roots (DER) that the metadata must lead to; none where there is no metadata.

        Raises:
            Misconfigured: they cannot be read.

        """
        ...

    def stamp(self) -> object:
        """Return what differs once a file was changed."""
        ...

    def roots(self) -> Roots:
        """Return the roots that lie ready for models.

        Raises:
            Misconfigured: one cannot be read.

        """
        ...

    def metadata(self, now: datetime) -> Metadata:
        """Read the metadata.

        Raises:
            Misconfigured: it cannot be read or believed; the text says why.

        """
        ...


@dataclass(slots=True, kw_only=True)
class KnownModels:
    """The models that this node knows now; `look` is called at its start, and each minute after that."""

    files: ModelFiles
    store: MetadataStore
    units: Units
    trail: Trail
    current: Models = field(default_factory=Models)
    metadata: Metadata | None = None
    _roots: Roots = field(default_factory=dict, repr=False)
    _stamp: object = None
    _pinned: str = ""
    _told: date | None = None

    def roots_of(self, model: str) -> tuple[bytes, ...]:
        """Return the roots that may vouch for a model; none for one that nobody knows, or that has fallen."""
        return self.current.roots_of(model)

    async def look(self, now: datetime) -> None:
        """FIDOMDS-3.2: take over what was laid ready since the last look, here or on another node.

        1. files that changed, and all of them once a day, are read, and metadata is believed or not
        (metadata.py); 2. metadata whose number is higher than all that were believed before is kept for every
        node, and told to the trail; any other is left alone; 3. what another node believed since, counts here
        too. What cannot be believed is not taken over: the node goes on with what was.

        Raises:
            Misconfigured: a file cannot be read or believed, and nothing was believed before.
            Unavailable: the store does not answer.

        """
        # 1. and 2. Each day again: lists begin, and become due, while no file changes.
        stamp = (now.date(), self.files.stamp())
        if stamp != self._stamp:
            await self._read(now)
            self._stamp = stamp
        # 3.
        if self.metadata is not None:
            self.metadata = await self.store.newest(self._pinned, self.metadata.number) or self.metadata
            self._tell_old(self.metadata, now)
        self.current = Models.of(self._roots, self.metadata)

    async def _read(self, now: datetime) -> None:
        """Read the files, all of them, in a thread: the metadata is large.

        The two sources stand beside each other, so that a fault in one keeps nobody from the other.
        """
        try:
            self._roots = await asyncio.to_thread(self.files.roots)
        except Misconfigured as fault:
            self._refused(fault, is_fatal=self._stamp is None)
        try:
            await self._believe(now)
        except Misconfigured as fault:
            self._refused(fault, is_fatal=self._stamp is None and self.metadata is None)

    async def _believe(self, now: datetime) -> None:
        """Take over the metadata; of another root, what counted goes on until some leads to it."""
        pinned, before = _named(self.files.pinned), (self._pinned, self.metadata)
        if pinned != self._pinned:
            self._pinned, self.metadata = pinned, await self.store.newest(pinned, BEFORE_ANY)
        if not pinned:
            return
        try:
            await self._take(await asyncio.to_thread(self.files.metadata, now), now)
        except Misconfigured:
            if self.metadata is None:
                self._pinned, self.metadata = before
            raise

    def _refused(self, fault: Misconfigured, *, is_fatal: bool) -> None:
        if is_fatal:
            raise fault
        log.warning("passkey:metadata-refused", detail=fault.detail)

    async def _take(self, found: Metadata, now: datetime) -> None:
        kept = await self.store.newest(self._pinned, found.number - 1)
        if kept is not None:
            self.metadata = kept
            if kept.number > found.number:
                detail = f"number {found.number} is below {kept.number}"
                log.warning("passkey:metadata-refused", detail=detail)
            return
        async with self.units.begin() as unit:
            if await self.store.take(unit, self._pinned, found, now):
                event = PasskeyModelsTaken(
                    at=now,
                    number=found.number,
                    renewed_by=found.renewed_by.isoformat(),
                    models=len(found.roots),
                    fallen=len(found.fallen),
                )
                await self.trail.record(unit, event)
        self.metadata = found

    def _tell_old(self, metadata: Metadata, now: datetime) -> None:
        """FIDOMDS-3.1.6: say once a day that there must be a newer one by now; what it says still counts."""
        today = now.date()
        if today > metadata.renewed_by and today != self._told:
            self._told = today
            log.warning("passkey:metadata-old", renewed_by=metadata.renewed_by.isoformat())


def _named(pinned: tuple[bytes, ...]) -> str:
    return sha256(b"".join(sorted(pinned))).hexdigest() if pinned else ""
