"""From an address to an open database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from toegang.errors import Misconfigured
from toegang.storage.postgres import DEFAULT_SIZE, PostgresDatabase
from toegang.storage.sqlite import SqliteDatabase

if TYPE_CHECKING:
    from toegang.storage.database import Database

_SQLITE = "sqlite:///"
_POSTGRES = ("postgresql://", "postgres://")


def database_at(url: str, connections: int = DEFAULT_SIZE) -> Database:
    """Return the database at `sqlite:///path` or `postgresql://...`, not yet open.

    `connections` is how many this process makes at most to PostgreSQL.

    Raises:
        Misconfigured: an address of another kind.

    """
    if (file := file_of(url)) is not None:
        return SqliteDatabase(file)
    if url.startswith(_POSTGRES):
        return PostgresDatabase(url, connections)
    raise Misconfigured(detail="the database's address begins with sqlite:/// or postgresql://")


def file_of(url: str) -> Path | None:
    """Return the file of `sqlite:///path`; None for another address."""
    return Path(url.removeprefix(_SQLITE)) if url.startswith(_SQLITE) and len(url) > len(_SQLITE) else None


async def migrate(database: Database) -> None:
    """Bring the tables of `database`, and what older code wrote beside them, to what this version needs.

    Raises:
        Unavailable: the database does not answer.

    """
    # Imported here, so that a worker that never migrates never loads SQLAlchemy (20 MiB).
    from toegang.storage.migrations import Migrations  # noqa: PLC0415

    if isinstance(database, SqliteDatabase):
        database.make()
    migrations = Migrations(database.url)
    await migrations.upgrade()
    await migrations.complete()


async def is_behind(database: Database) -> bool:
    """Tell whether the tables are not what this version needs; `migrate` mends that.

    Raises:
        Unavailable: the database does not answer.

    """
    from toegang.storage.migrations import Migrations  # noqa: PLC0415 as above

    if isinstance(database, SqliteDatabase) and not database.path.exists():
        return True  # looking would make the file
    return bool(await Migrations(database.url).check())
