"""Life events, on either engine: how far the list was read, what was done, what was set aside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.identity.people import PersonId
from toegang.means.life.store import Aside, DocumentReport, DocumentState, Feed, Former
from toegang.storage.database import inside
from toegang.storage.statements import micros, moment

if TYPE_CHECKING:
    from toegang.storage.database import Database
    from toegang.storage.statements import Params
    from toegang.units import Unit

NAME = "population"
FEED = "SELECT cursor, heard_at, told_at FROM feeds WHERE name = :name"
KEEP_FEED = """
INSERT INTO feeds (name, cursor, heard_at, told_at) VALUES (:name, :cursor, :heard_at, :told_at)
ON CONFLICT (name) DO UPDATE SET cursor = excluded.cursor, heard_at = excluded.heard_at,
  told_at = excluded.told_at
"""
MARK = """
INSERT INTO life_marks (subject, number) VALUES (:subject, :number)
ON CONFLICT (subject) DO UPDATE SET number = excluded.number WHERE life_marks.number < excluded.number
"""
FORMER = "SELECT person, number FROM numbers_before WHERE found_by = :found_by"
KEEP_FORMER = """
INSERT INTO numbers_before (found_by, person, number) VALUES (:found_by, :person, :number)
ON CONFLICT (found_by) DO UPDATE SET person = excluded.person, number = excluded.number
"""
SET_ASIDE = """
INSERT INTO life_aside (id, kind, code, tries, sealed, at) VALUES (:id, :kind, :code, 1, :sealed, :at)
ON CONFLICT (id) DO NOTHING
"""
TRY_AGAIN = "UPDATE life_aside SET tries = tries + 1, code = :code WHERE id = :id"
ASIDE = "SELECT id, kind, code, tries, sealed, at FROM life_aside ORDER BY at, id LIMIT :most"
COUNT_ASIDE = "SELECT COUNT(*) FROM life_aside"
DROP_ASIDE = "DELETE FROM life_aside WHERE id = :id"
REPORT = """
INSERT INTO documents_reported (document, person, type, state, since)
VALUES (:document, :person, :type, :state, :since)
ON CONFLICT (document) DO UPDATE SET person = excluded.person, state = excluded.state, since = excluded.since
"""
REPORTS_OF = """
SELECT document, person, type, state, since FROM documents_reported
WHERE person = :person ORDER BY since, document
"""


@dataclass(frozen=True, slots=True)
class LifeTables:
    """means.life.store.LifeStore."""

    database: Database

    async def feed(self) -> Feed | None:
        """Return how far the list was read, None when it never was."""
        row = await self.database.one(FEED, {"name": NAME})
        if row is None:
            return None
        cursor, heard_at, told_at = row
        told = None if told_at is None else moment(told_at)
        return Feed(cursor=cursor, heard_at=moment(heard_at), told_at=told)

    async def keep_feed(self, unit: Unit, feed: Feed) -> None:
        """Keep how far it was read."""
        told = None if feed.told_at is None else micros(feed.told_at)
        params: Params = {
            "name": NAME,
            "cursor": feed.cursor,
            "heard_at": micros(feed.heard_at),
            "told_at": told,
        }
        await inside(unit).put(KEEP_FEED, params)

    async def mark(self, unit: Unit, subject: bytes, number: int) -> bool:
        """Note that an event about a subject is done; False when it or a later one was. Atomic."""
        return await inside(unit).execute(MARK, {"subject": subject, "number": number}) == 1

    async def former(self, found_by: bytes) -> Former | None:
        """Return whose number this was before it was corrected, if that ever was."""
        row = await self.database.one(FORMER, {"found_by": found_by})
        return None if row is None else Former(person=PersonId(UUID(bytes=row[0])), number=row[1])

    async def keep_former(self, unit: Unit, found_by: bytes, former: Former) -> None:
        """Keep whose number this was."""
        params: Params = {"found_by": found_by, "person": former.person.bytes, "number": former.number}
        await inside(unit).put(KEEP_FORMER, params)

    async def set_aside(self, unit: Unit, aside: Aside) -> bool:
        """Keep an event that could not be done; False when it lay aside already: then the try is counted."""
        params: Params = {
            "id": aside.id,
            "kind": aside.kind,
            "code": aside.code,
            "sealed": aside.sealed,
            "at": micros(aside.at),
        }
        if await inside(unit).execute(SET_ASIDE, params) == 1:
            return True
        await inside(unit).put(TRY_AGAIN, {"id": aside.id, "code": aside.code})
        return False

    async def aside(self, most: int) -> tuple[Aside, ...]:
        """Return what lies aside, the oldest first."""
        return tuple(
            Aside(id=id_, kind=kind, code=code, tries=tries, sealed=sealed, at=moment(at))
            for id_, kind, code, tries, sealed, at in await self.database.all(ASIDE, {"most": most})
        )

    async def count_aside(self) -> int:
        """Return how many lie aside."""
        row = await self.database.one(COUNT_ASIDE)
        return int(row[0]) if row else 0

    async def drop_aside(self, unit: Unit, id_: bytes) -> bool:
        """Take one away; False when it is gone."""
        return await inside(unit).execute(DROP_ASIDE, {"id": id_}) == 1

    async def report(self, unit: Unit, report: DocumentReport) -> None:
        """Keep what was heard last of a document."""
        params: Params = {
            "document": report.document,
            "person": report.person.bytes,
            "type": report.type,
            "state": report.state.value,
            "since": micros(report.since),
        }
        await inside(unit).put(REPORT, params)

    async def reports_of(self, person: PersonId) -> tuple[DocumentReport, ...]:
        """Return what was heard of a person's documents, the oldest first."""
        return tuple(
            DocumentReport(
                document=document,
                person=PersonId(UUID(bytes=whose)),
                type=type_,
                state=DocumentState(state),
                since=moment(since),
            )
            for document, whose, type_, state, since in await self.database.all(
                REPORTS_OF, {"person": person.bytes}
            )
        )
