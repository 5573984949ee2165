"""A copy of the SQLite database while it is in use: one file, as it was at one moment.

PostgreSQL has a better tool of its own (pg_dump, or its continuous archive), described in
docs/operations/backup.md.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from toegang.errors import Misconfigured, Unavailable
from toegang.storage.database import Dialect

if TYPE_CHECKING:
    from pathlib import Path

    from toegang.storage.database import Database

MODE = 0o600  # it holds what the database holds


async def copy_sqlite(database: Database, file: Path) -> int:
    """Copy the database into `file`, which must not exist; return its size in bytes.

    Writers go on meanwhile: the copy is read in one snapshot, and is on the disk when this returns.

    Raises:
        Misconfigured: `file` exists or cannot be made, or the database is not SQLite.
        Unavailable: it cannot be read or written; what was written is taken away.

    """
    if database.dialect is not Dialect.SQLITE:
        message = "this copies SQLite only; copy PostgreSQL with pg_dump (docs/operations/backup.md)"
        raise Misconfigured(message)
    return await asyncio.to_thread(_copy, database.url.removeprefix("sqlite:///"), file)


def _copy(path: str, file: Path) -> int:
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE)
    except OSError as error:
        message = f"cannot make {file}: {error.strerror}"
        raise Misconfigured(message) from error
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            connection.execute("VACUUM INTO ?", (str(file),))
        os.fsync(handle)
        return file.stat().st_size
    except sqlite3.Error as error:
        file.unlink()
        raise Unavailable(detail=f"the copy failed: {error.sqlite_errorname}") from error
    finally:
        os.close(handle)
