"""A hub on PostgreSQL, dumped and restored by the lines of the document: people log in as they did."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from demo.__main__ import party_program
from demo.browser import Browser
from demo.hub import hub_program, prepare_hub
from demo.personas import read_personas
from demo.places import Party, Places
from demo.stories import STORIES
from demo.supervisor import Supervisor
from demo.walk import ProofFailed, Walk
from tests.databases import create, drop, named
from tests.operations.hub import ROOT, blocks, command, environment
from tests.running_demo import free_ports

pytestmark = pytest.mark.timeout(400)  # real processes, on a machine that may do other things too

BACKUP = ROOT / "docs" / "operations" / "backup.md"
ADDRESS = "postgresql://toegang@db.internal/toegang"
SUBJECT = re.compile(r"<dt>sub</dt>\n<dd><code>([^<]+)<")


@dataclass(frozen=True, slots=True)
class Place:
    """A demo on PostgreSQL: where it is, and what its processes get."""

    places: Places
    backup: Path
    set: Callable[[str, str], None]

    def use(self, url: str) -> None:
        """Have everything use this database from now on."""
        self.set("TOEGANG_STORAGE__URL", url)

    def follow(self, section: str, url: str) -> None:
        """Run the lines of a section that are about PostgreSQL, or about either engine."""
        for line in "\n".join(block.text for block in blocks(BACKUP, section)).splitlines():
            if "toegang.db" in line or "/vault/" in line:
                continue  # SQLite's; and keys, which stay where they are
            mine = line.replace("/backup", str(self.backup)).replace(ADDRESS, url)
            done = self.run(mine, url)
            assert done[0] == 0, (line, done)

    def run(self, line: str, url: str, **more: str) -> tuple[int, str]:
        config = str(self.places.home / "hub.toml")
        done = command(
            self.places.home / "hub", line, TOEGANG_CONFIG=config, TOEGANG_STORAGE__URL=url, **more
        )
        return done.returncode, done.stdout + done.stderr

    @contextmanager
    def walking(self, name: str) -> Iterator[Walk]:
        """Give a persona a browser."""
        persona = next(persona for persona in read_personas() if persona.id == name)
        with Browser() as browser:
            yield Walk(places=self.places, browser=browser, persona=persona, say=lambda _: None)

    def subject(self) -> str:
        """Log in at the hospital and return what it knows Sanne by."""
        with self.walking("sanne") as walk:
            found = SUBJECT.search(walk.log_in(Party.HOSPITAL, "Mijn De Linde", "basis").text)
        assert found
        return found[1]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    for name, value in environment().items():
        monkeypatch.setenv(name, value)
    places = Places(home=tmp_path / "demo", port_base=free_ports(len(Party)))
    places.prepare()
    backup = tmp_path / "backup"
    backup.mkdir()
    parties = Supervisor()
    try:
        parties.start([party_program(places, party) for party in Party if party is not Party.HUB])
        yield Place(places, backup, monkeypatch.setenv)
    finally:
        parties.stop()


@pytest.fixture
def urls(postgres_url: str) -> Iterator[tuple[str, str]]:
    """Give a database to use, and one to restore into."""
    names = create(postgres_url), create(postgres_url)
    yield named(postgres_url, names[0]), named(postgres_url, names[1])
    for name in names:
        drop(postgres_url, name)


@contextmanager
def serving(places: Places) -> Iterator[None]:
    hub = Supervisor()
    try:
        hub.start([hub_program(places)])
        yield
    finally:
        hub.stop()


def test_a_dump_restored_by_the_document_is_a_whole_hub_where_people_log_in(
    place: Place, urls: tuple[str, str]
) -> None:
    before, after = urls
    place.use(before)
    prepare_hub(place.places, lambda _: None)
    with serving(place.places):
        first = place.subject()
        with place.walking("lotte") as walk:
            told = STORIES["lotte"](walk)
        place.follow("Backup", before)
        place.subject()  # lost: it came after the backup
    place.follow("Restore", after)
    lost = place.run("toegang audit verify", after)

    place.use(after)
    place.set("TOEGANG_AUDIT__CHECKPOINTS", str(place.backup / "checkpoints-after-restore"))
    with serving(place.places):
        again = place.subject()
        # She has her account: applying under the same name is another story, and the proof says so.
        with place.walking("lotte") as walk, pytest.raises(ProofFailed, match="Lotte van den Berg: expected"):
            STORIES["lotte"](walk)
    whole = place.run("toegang audit verify --checkpoints ../../backup/checkpoints-after-restore", after)

    assert "logged in at level midden" in told
    assert again == first
    assert (lost[0], "truncated" in lost[1]) == (1, True)
    assert (whole[0], "The trail is whole" in whole[1]) == (0, True), whole
