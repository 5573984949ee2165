"""Fixtures of operations: a hub installed once on each engine, by the document; shared or copied.

hub       a hub with two workers that serves for all tests: leave it serving; once for each engine
place     a folder of this test's own with an installed hub, not started; once for each engine
folder    the same on SQLite only, for what has nothing to do with the engine
rotating  a house in this process, on SQLite, with keys of its own in `tmp_path / "keys"`
keyless   the same, whose register of mandates never had a key
"""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.databases import create, drop, named
from tests.journeys.conftest import house, house_secrets
from tests.journeys.house import House, keys_in, open_house
from tests.operations.hub import Hub, command, copy_of, install, serving
from toegang.storage import Dialect

__all__ = ["folder", "house", "house_secrets", "hub", "installed", "place", "postgres_hub", "sqlite_hub"]


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install a hub once."""
    folder = tmp_path_factory.mktemp("installed")
    install(folder)
    return folder


@pytest.fixture(scope="session")
def installed_on_postgres(
    installed: Path, postgres_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """Install the same hub on PostgreSQL; its copies share the database, as nodes do."""
    folder = tmp_path_factory.mktemp("installed-on-postgres") / "hub"
    shutil.copytree(installed, folder)
    name = create(postgres_url)
    settings = folder / "toegang.toml"
    url = named(postgres_url, name)
    settings.write_text(settings.read_text().replace("sqlite:///toegang.db", url))
    for line in ("toegang database upgrade", "toegang catalogue import catalogue.yaml"):
        done = command(folder, line)
        assert done.returncode == 0, (line, done.stdout, done.stderr)
    yield folder
    drop(postgres_url, name)


@pytest.fixture(scope="session")
def sqlite_hub(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """Serve on SQLite for all tests."""
    with serving(copy_of(installed, tmp_path_factory.mktemp("sqlite"))) as hub:
        yield hub


@pytest.fixture(scope="session")
def postgres_hub(installed_on_postgres: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """Serve on PostgreSQL for all tests."""
    with serving(copy_of(installed_on_postgres, tmp_path_factory.mktemp("postgres"))) as hub:
        yield hub


@pytest.fixture
def hub(engine: Dialect, request: pytest.FixtureRequest) -> Hub:
    """Give the hub that serves for all tests, with both its workers there."""
    found: Hub = request.getfixturevalue("sqlite_hub" if engine is Dialect.SQLITE else "postgres_hub")
    found.ready()
    return found


@pytest.fixture
def place(engine: Dialect, request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Give a folder of this test's own; on PostgreSQL its database is that of the other nodes."""
    name = "installed" if engine is Dialect.SQLITE else "installed_on_postgres"
    return copy_of(request.getfixturevalue(name), tmp_path)


@pytest.fixture
def folder(installed: Path, tmp_path: Path) -> Path:
    """Give a hub of this test's own, on SQLite."""
    return copy_of(installed, tmp_path)


@pytest.fixture
async def rotating(house_secrets: Path, tmp_path: Path, sqlite_template: Path) -> AsyncIterator[House]:
    """Open a house with keys of its own, in `tmp_path / "keys"`."""
    shutil.copytree(house_secrets, tmp_path / "keys")
    async with with_own_keys(tmp_path, sqlite_template) as house:
        yield house


@pytest.fixture
async def keyless(house_secrets: Path, tmp_path: Path, sqlite_template: Path) -> AsyncIterator[House]:
    """Open one that is as `rotating`, whose register of mandates never had a key."""
    shutil.copytree(house_secrets, tmp_path / "keys", ignore=shutil.ignore_patterns("mandates"))
    async with with_own_keys(tmp_path, sqlite_template) as house:
        yield house


@asynccontextmanager
async def with_own_keys(tmp_path: Path, sqlite_template: Path) -> AsyncIterator[House]:
    """Open a house with the keys in `tmp_path / "keys"`."""
    own, database = tmp_path / "keys", tmp_path / "rotating.db"
    shutil.copy(sqlite_template, database)
    found = keys_in(own)
    for rings in (found.oidc, found.saml, found.mandates):
        rings.look_every = 0.0  # only the house's own clock moves here
    async with open_house(own, tmp_path, f"sqlite:///{database}") as house:
        yield house
