"""What the commands `toegang catalogue check | import | export | diff` do, without a terminal.

`check` and `diff_files` need nothing but files. `CatalogueExchange` is the door to the catalogue in
force: it reads it anew each time, because a command lives shorter than a watch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.catalogue.check import Basis, Checked, check_files
from toegang.catalogue.compare import Difference, between, differences
from toegang.catalogue.export import as_files, as_text
from toegang.catalogue.progress import silent
from toegang.catalogue.snapshot import Snapshot
from toegang.catalogue.watch import load
from toegang.catalogue.write import CatalogueEditor, Edit
from toegang.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from toegang.audit.trail import Trail
    from toegang.catalogue.problems import Problem
    from toegang.catalogue.progress import Progress
    from toegang.catalogue.rules import Kinds
    from toegang.catalogue.store import CatalogueStore
    from toegang.units import Units

ATTEMPTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An import that somebody orders: which files, by whom (id or command), on what ground, when.

    With `complete` the files are the whole catalogue: what they do not name is removed.
    """

    paths: tuple[Path, ...]
    by: str
    reason: str
    now: datetime
    complete: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What files come to beside the catalogue in force; with problems nothing was, or would be, written."""

    version: int
    differences: tuple[Difference, ...]
    problems: tuple[Problem, ...]


def check(
    paths: Sequence[Path],
    now: datetime,
    kinds: Kinds | None = None,
    progress: Progress = silent,
) -> tuple[Problem, ...]:
    """Return every problem of the files, read as a whole catalogue; empty when they can be imported.

    `kinds` are the kinds of means that the hub speaks; None leaves that unchecked.
    """
    basis = Basis(before=Snapshot.of([]), now=now, kinds=kinds, complete=True, progress=progress)
    return check_files(paths, basis).problems


def diff_files(before: Sequence[Path], after: Sequence[Path], now: datetime) -> Result:
    """Compare two sets of files, each read as a whole catalogue."""
    basis = Basis(before=Snapshot.of([]), now=now, complete=True)
    old, new = check_files(before, basis), check_files(after, basis)
    problems = (*old.problems, *new.problems)
    found = () if problems else differences(old.after, between(old.after, new.after))
    return Result(version=0, differences=found, problems=problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueExchange:
    """The door of the commands; `kinds` are the kinds of means that the hub speaks (None: any).

    `progress` is told how far reading and checking files is; writing is one step. `own` are our own names
    in SAML, which no partner has.
    """

    store: CatalogueStore
    trail: Trail
    units: Units
    kinds: Kinds | None = None
    progress: Progress = silent
    own: frozenset[str] = frozenset()

    async def import_(self, order: Order) -> Result:
        """Write what the files change, with its event, in one unit; nothing when there is a problem.

        Raises:
            Unavailable: the store does not answer, or others kept writing.

        """
        editor = CatalogueEditor(store=self.store, trail=self.trail)
        for _ in range(ATTEMPTS):
            before = await load(self.store)
            checked = self._checked(order.paths, before, order.now, complete=order.complete)
            edit = Edit(base=before, changes=checked.changes, by=order.by, reason=order.reason)
            async with self.units.begin() as unit:
                version = await editor.write(unit, edit, order.now)
            if version is not None:
                return _result(version, before, checked)
        raise Unavailable(detail="catalogue: others keep writing")

    async def diff(self, paths: Sequence[Path], now: datetime, *, complete: bool = False) -> Result:
        """Tell what an import of the files would do."""
        before = await load(self.store)
        return _result(before.version, before, self._checked(paths, before, now, complete=complete))

    async def beside(
        self, paths: Sequence[Path], now: datetime, *, complete: bool = False
    ) -> tuple[Snapshot, Checked]:
        """Return the catalogue in force, and what it would become by the files."""
        before = await load(self.store)
        return before, self._checked(paths, before, now, complete=complete)

    async def export(self) -> str:
        """Return the catalogue in force as one YAML text."""
        return as_text(await load(self.store))

    async def export_to(self, folder: Path) -> int:
        """Write the catalogue in force as a folder of files; return how many.

        Raises:
            OSError: the folder cannot be written.

        """
        count = 0
        for name, text in as_files(await load(self.store)):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            count += 1
        return count

    def _checked(self, paths: Sequence[Path], before: Snapshot, now: datetime, *, complete: bool) -> Checked:
        return check_files(paths, self._basis(before, now, complete=complete))

    def _basis(self, before: Snapshot, now: datetime, *, complete: bool) -> Basis:
        return Basis(
            before=before,
            now=now,
            kinds=self.kinds,
            complete=complete,
            progress=self.progress,
            own=self.own,
        )


def _result(version: int, before: Snapshot, checked: Checked) -> Result:
    found = differences(before, checked.changes)
    return Result(version=version, differences=found, problems=checked.problems)
