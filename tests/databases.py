"""Databases for tests: every store test runs on both engines, each test in a database of its own.

    database         one open, migrated database; the test runs once for each engine
    empty_database   the same without tables
    make_database    a function that gives further open objects on the same data, as another node has

A migrated database is made once per run and copied for each test. The PostgreSQL server is the one that
TOEGANG_TEST_POSTGRES names, else one that is started here.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from tests import postgres
from tests.parts import POSTGRES, needed
from toegang import storage
from toegang.ids import SystemIds
from toegang.storage import Database, Dialect

ENGINES = (Dialect.SQLITE, Dialect.POSTGRES)

# Where Debian keeps the server's programs, which are not on the path; the newest last.
_DEBIAN = Path("/usr/lib/postgresql")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Give the address of a server where databases may be made."""
    given = os.environ.get(POSTGRES)
    if given:
        yield given
        return
    programs = shutil.which("initdb")
    found = [Path(programs).resolve().parent] if programs else sorted(_DEBIAN.glob("*/bin"))
    with postgres.server(needed("PostgreSQL", found[-1] if found else None)) as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a migrated SQLite file once."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    asyncio.run(storage.migrate(storage.database_at(f"sqlite:///{path}")))
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> Iterator[str]:
    """Make a migrated PostgreSQL database once, and return its name."""
    name = create(postgres_url)
    asyncio.run(storage.migrate(storage.database_at(named(postgres_url, name))))
    yield name
    drop(postgres_url, name)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Dialect:
    """Name the engine that this run of the test is about."""
    return Dialect(request.param)


@pytest.fixture
def database_url(engine: Dialect, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the address of a migrated database that is this test's own."""
    if engine is Dialect.SQLITE:
        path = tmp_path / "toegang.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server = request.getfixturevalue("postgres_url")
    name = create(server, request.getfixturevalue("postgres_template"))
    yield named(server, name)
    drop(server, name)


@pytest.fixture
def empty_url(engine: Dialect, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the address of a database in which nothing was ever made."""
    if engine is Dialect.SQLITE:
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server = request.getfixturevalue("postgres_url")
    name = create(server)
    yield named(server, name)
    drop(server, name)


@pytest.fixture
async def make_database(database_url: str) -> AsyncIterator[Callable[[], Database]]:
    """Give further databases on the same data, each as another node sees it; open them yourself."""
    made: list[Database] = []

    def make() -> Database:
        made.append(storage.database_at(database_url))
        return made[-1]

    yield make
    for database in made:
        await database.close()


@pytest.fixture
async def database(make_database: Callable[[], Database]) -> Database:
    """Give an open, migrated database; the test runs once for each engine."""
    database = make_database()
    await database.open()
    return database


def create(server: str, template: str = "template0") -> str:
    """Make a database at a server, and return its name."""
    name = f"test_{SystemIds().uuid().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(psycopg.sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*_quoted(name, template)))
    return name


def drop(server: str, name: str) -> None:
    """Take a database away, whoever uses it."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(psycopg.sql.SQL("DROP DATABASE {} WITH (FORCE)").format(*_quoted(name)))


def _quoted(*names: str) -> list[psycopg.sql.Identifier]:
    return [psycopg.sql.Identifier(name) for name in names]


def named(server: str, name: str) -> str:
    """Return the address of a database at a server."""
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
