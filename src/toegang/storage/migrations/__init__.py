"""Migrations: the tables, made and changed step by step, up and down, on both engines.

Start in tables/ (what the tables are now, one file per room), then versions/ (how they came to be, one
chain). A change is made in both; `Migrations.check` finds where they differ. Changes expand first and
contract a release later: the code runs before and after each step.
"""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import event
from sqlalchemy.pool import NullPool

from toegang.errors import Unavailable
from toegang.storage import edge_lists, onward
from toegang.storage.migrations.tables import metadata

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator

    Step = Callable[[Config, str], None]

# Two processes that start together must not both migrate: an arbitrary number, the same for all.
_LOCK = 7_023_642
# Milliseconds that the second process waits for the first.
_WAIT = 30_000


class Migrations:
    """The steps of one database, called from a thread: SQLAlchemy's plain connection waits."""

    def __init__(self, url: str) -> None:
        """Name the database: `sqlite:///path` or `postgresql://...`."""
        scheme, rest = url.split("://", 1)
        self._url = f"{scheme if scheme == 'sqlite' else 'postgresql+psycopg'}://{rest}"

    async def upgrade(self, revision: str = "head") -> None:
        """Go up to `revision`; nothing happens when it is reached already. One process at a time."""
        await asyncio.to_thread(self._run, command.upgrade, revision)

    async def complete(self) -> None:
        """Add what older code, which serves beside the newest tables, did not know to write."""
        await asyncio.to_thread(self._complete)

    async def downgrade(self, revision: str) -> None:
        """Go down to `revision` (`base` is none at all). Tables that it did not have are dropped."""
        await asyncio.to_thread(self._run, command.downgrade, revision)

    async def current(self) -> str | None:
        """Return the revision of the database, None when nothing was ever made in it."""
        return await asyncio.to_thread(self._current)

    async def check(self) -> list[str]:
        """Return how the database differs from tables/, one line each; empty when it does not."""
        return await asyncio.to_thread(self._check)

    def _run(self, step: Step, revision: str) -> None:
        with self._connection() as connection:
            config = Config(attributes={"connection": connection})
            config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
            step(config, revision)

    def _complete(self) -> None:
        with self._connection() as connection:
            for missed in (onward.MISSED, edge_lists.MISSED):
                connection.exec_driver_sql(missed)

    def _current(self) -> str | None:
        with self._connection() as connection:
            return MigrationContext.configure(connection).get_current_revision()

    def _check(self) -> list[str]:
        with self._connection() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            return [str(difference) for difference in compare_metadata(context, metadata)]

    @contextmanager
    def _connection(self) -> Iterator[sqlalchemy.Connection]:
        engine = sqlalchemy.create_engine(self._url, poolclass=NullPool)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _begin_nothing)
            event.listen(engine, "begin", _begin_alone)
        try:
            with engine.begin() as connection:
                if engine.dialect.name == "postgresql":
                    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
                yield connection
        except sqlalchemy.exc.OperationalError as error:
            raise Unavailable(detail=f"storage: migrations, {type(error.orig).__name__}") from error
        finally:
            engine.dispose()


def _begin_nothing(connection: sqlite3.Connection, _: object) -> None:
    """Keep the standard library from leaving CREATE TABLE outside the transaction, as it does unasked."""
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {_WAIT}")


def _begin_alone(connection: sqlalchemy.Connection) -> None:
    """Begin as the only writer, so that the second of two processes sees what the first has made."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
