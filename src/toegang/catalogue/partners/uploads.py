"""Metadata that an operator uploads: first what it would change, then the same octets taken over, once.

    hold     read it and keep it for some minutes, for this operator in this browser
    preview  what it would change by the catalogue as it is now
    confirm  take it over, if that is still what was shown

It is read anew each time, so that what ended or was pinned otherwise meanwhile is noticed.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from hmac import compare_digest
from typing import TYPE_CHECKING

from toegang.audit.events import MetadataRefused, MetadataUploaded, UploadedEntity
from toegang.catalogue.partners.bringing import Brought, Document, judge, owner_of, read_document
from toegang.catalogue.partners.cockpit import dates_of
from toegang.catalogue.partners.preview import Preview, entities_of, mark_of
from toegang.catalogue.partners.takeover import Taken
from toegang.errors import Malformed, ProofInvalid, TooLarge, UploadRefused
from toegang.saml.metadata.read import fingerprint
from toegang.saml.why import Why

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from toegang.audit.trail import Trail
    from toegang.catalogue.partners.bringing import Judged, Takeover
    from toegang.catalogue.partners.door import Cockpit
    from toegang.catalogue.partners.reading import DocumentReader
    from toegang.ids import Ids
    from toegang.units import Expiring, Units

LARGEST = 2 * 1024 * 1024
"""Bytes; who brings more has the command, and an address that is fetched."""

MOST = 250
"""Entities: more than a person looks at before saying yes."""

LIFETIME = timedelta(minutes=10)
"""Less than a stay in My account lasts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploader:
    """Who uploads: their id as role holder, their name at the hub, and a hash of their browser's secret."""

    operator: str
    subject: str
    browser: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldUpload:
    """A document that waits for a yes, and whose it is."""

    uploader: Uploader
    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploads:
    """The door."""

    cockpit: Cockpit
    reader: DocumentReader
    takeover: Takeover
    held: Expiring[HeldUpload]
    units: Units
    trail: Trail
    ids: Ids

    async def hold(self, uploader: Uploader, document: Document, now: datetime) -> str:
        """Keep a document that may be taken over; return the name to ask it back by.

        Raises:
            ValueRefused: its organisation is not in the catalogue.
            UploadRefused: it cannot be believed, or is more than a person looks at.
            Unavailable: it could not be read in time.

        """
        await self._read(uploader, document, now)
        name = self.ids.token()
        async with self.units.begin() as unit:
            await self.held.add(
                unit, name, HeldUpload(uploader=uploader, document=document), now + LIFETIME, now
            )
        return name

    async def preview(self, name: str, uploader: Uploader, now: datetime) -> Preview:
        """Tell what it would change.

        Raises:
            UploadRefused: it is not there, another's, or cannot be believed any more.

        """
        document = await self._mine(name, uploader, now)
        brought = await self._read(uploader, document, now)
        judged = judge(self.cockpit.catalogue.current, brought, brought.found)
        facts = await self.cockpit.facts(now)
        return Preview(
            source=document.source,
            sha256=fingerprint(document.octets),
            signers=tuple(filter(None, map(dates_of, document.pins.signers))),
            entities=await asyncio.to_thread(entities_of, judged, facts),
            mark=mark_of(judged),
        )

    async def confirm(self, name: str, uploader: Uploader, mark: str, now: datetime) -> Sequence[Judged]:
        """Take it over, once; return what became of each entity.

        Raises:
            UploadRefused: as `preview`; or it would do something else than was shown (`mark`).
            Unavailable: the store does not answer; nothing was taken over.

        """
        document = await self._mine(name, uploader, now)
        brought = await self._read(uploader, document, now)
        await self.cockpit.catalogue.refresh()
        base = self.cockpit.catalogue.current
        judged = judge(base, brought, brought.found)
        if not compare_digest(mark.encode(), mark_of(judged).encode()):
            raise UploadRefused(why="changed-meanwhile")
        async with self.units.begin() as unit:
            # What is raised within gives back what was taken, for another look.
            if await self.held.take(unit, name, now) is None:
                raise UploadRefused(why="upload-gone")
            if not await self.takeover.put(unit, base, brought, judged):
                raise UploadRefused(why="changed-meanwhile")
            await self.takeover.pin(unit, brought, Counter(each.taken for each in judged))
            await self.trail.record(unit, _uploaded(document, brought, judged))
        await self.cockpit.catalogue.refresh()
        return judged

    async def drop(self, name: str, uploader: Uploader, now: datetime) -> None:
        """Forget a document; never refused to whose it is.

        Raises:
            UploadRefused: it is not there, or another's.

        """
        await self._mine(name, uploader, now)
        async with self.units.begin() as unit:
            await self.held.take(unit, name, now)

    async def _mine(self, name: str, uploader: Uploader, now: datetime) -> Document:
        held = await self.held.find(name, now)
        if held is None:
            raise UploadRefused(why="upload-gone")
        whose = held.uploader
        if whose.subject != uploader.subject or not compare_digest(whose.browser, uploader.browser):
            raise UploadRefused(why="upload-elsewhere")
        return held.document

    async def _read(self, uploader: Uploader, document: Document, now: datetime) -> Brought:
        """Read it; what cannot be believed is recorded, and said in words for who brought it."""
        owner = owner_of(self.cockpit.catalogue.current, document.organisation)
        try:
            _check_size(document)
            brought = await read_document(self.reader, document, owner, uploader.operator, now)
            _check_number(brought)
        except (Malformed, TooLarge, ProofInvalid) as error:
            why = error.why or error.code
            event = MetadataRefused(
                at=now, source=document.source, code=error.code, why=why, by=uploader.operator
            )
            async with self.units.begin() as unit:
                await self.trail.record(unit, event)
            raise UploadRefused(error.detail, why=why, about=error.about) from error
        return brought


def _check_size(document: Document) -> None:
    if len(document.octets) > LARGEST:
        message = f"an upload of {len(document.octets)} bytes"
        raise TooLarge(message, why=Why.TOO_LARGE)


def _check_number(brought: Brought) -> None:
    if len(brought.found) > MOST:
        message = f"{len(brought.found)} entities in one upload"
        raise TooLarge(message, why="too-many")


def _uploaded(document: Document, brought: Brought, judged: Sequence[Judged]) -> MetadataUploaded:
    return MetadataUploaded(
        at=brought.origin.fetched_at,
        source=document.source,
        sha256=fingerprint(document.octets),
        by=brought.by,
        anew=document.anew,
        entities=tuple(
            UploadedEntity(entity_id=each.found.entity_id, what=each.taken.value)
            for each in judged
            if each.taken in {Taken.NEW, Taken.CHANGED}
        ),
    )
