"""The counts that figures are made of, in the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from toegang.reports.facts import Fact, Subject
from toegang.storage.database import inside

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from toegang.storage.database import Database
    from toegang.storage.statements import Params
    from toegang.units import Unit

_ADD = """
    INSERT INTO figure_fact
        (day, subject, organisation, sector, service, means, level, two_factor, detail, count)
    VALUES
        (:day, :subject, :organisation, :sector, :service, :means, :level, :two_factor, :detail, :count)
    ON CONFLICT (day, subject, organisation, sector, service, means, level, two_factor, detail)
    DO UPDATE SET count = figure_fact.count + excluded.count
"""
_FACTS = """
    SELECT day, subject, organisation, sector, service, means, level, two_factor, detail, count
    FROM figure_fact WHERE subject = :subject AND day >= :from_day AND day < :until_day
"""
_MOVE = "UPDATE figure_cursor SET next_index = :after WHERE one = 1 AND next_index = :before"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactTables:
    """Keeps the counts (reports.facts.FactStore)."""

    database: Database

    async def cursor(self) -> int:
        """Return the index of the first event that was not counted yet."""
        row = await self.database.one("SELECT next_index FROM figure_cursor WHERE one = 1")
        return int(row[0]) if row else 0

    async def add(self, unit: Unit, counts: Mapping[Fact, int], before: int, after: int) -> bool:
        """Add counts and move the cursor, if it still stands at `before`."""
        connection = inside(unit)
        if not await connection.execute(_MOVE, {"before": before, "after": after}):
            return False
        for fact, count in sorted(counts.items()):
            await connection.put(_ADD, {**_params(fact), "count": count})
        return True

    async def clear(self, unit: Unit) -> None:
        """Forget every count and set the cursor to 0."""
        connection = inside(unit)
        await connection.put("UPDATE figure_cursor SET next_index = 0 WHERE one = 1")
        await connection.put("DELETE FROM figure_fact")

    async def facts(self, subject: Subject, from_: date | None, until: date) -> Sequence[tuple[Fact, int]]:
        """Return counts of days `[from_, until)` in the order of their facts."""
        first = (from_ or date.min).isoformat()
        params: Params = {"subject": subject.value, "from_day": first, "until_day": until.isoformat()}
        rows = await self.database.all(_FACTS, params)
        # Ordered here, so that no engine's collation has a say.
        return sorted((_fact(*row[:9]), int(row[9])) for row in rows)


def _params(fact: Fact) -> Params:
    return {
        "day": fact.day.isoformat(),
        "subject": fact.subject.value,
        "organisation": fact.organisation,
        "sector": fact.sector,
        "service": fact.service,
        "means": fact.means,
        "level": fact.level,
        "two_factor": int(fact.two_factor),
        "detail": fact.detail,
    }


def _fact(*row: object) -> Fact:
    day, subject, organisation, sector, service, means, level, two_factor, detail = map(str, row)
    return Fact(
        day=date.fromisoformat(day),
        subject=Subject(subject),
        organisation=organisation,
        sector=sector,
        service=service,
        means=means,
        level=int(level),
        two_factor=two_factor == "1",
        detail=detail,
    )
