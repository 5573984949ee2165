"""FIDOMDS-3.2: newer metadata counts within a minute, on every node; older metadata never again."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.means.test_known_models import CONTENT, FELL, LEAF, NOW, OVER, WEB, blob, entry
from tests.means.vouching import FOREIGN, KNOWN, ROOT, Paper, named, revoked
from toegang.app.passkeys import FilesOfModels
from toegang.audit.encoding import decode
from toegang.audit.events import Event, PasskeyModelsTaken
from toegang.config import Passkeys
from toegang.errors import Misconfigured
from toegang.ids import SystemIds
from toegang.means.passkey.known_models import KnownModels
from toegang.means.passkey.metadata import SIGNER, Metadata
from toegang.storage import Database
from toegang.storage.known_models import KnownModelTable, read
from toegang.storage.trail import TrailTables
from toegang.storage.tree import TreeTables

MODEL = str(KNOWN)
OWN = "00000000-0000-4000-8000-00000000beef"


@dataclass(slots=True)
class Node:
    """A folder that an operator fills, and the models that a node knows by it."""

    folder: Path
    database: Database
    models: KnownModels
    writes: int = 0

    @classmethod
    def at(cls, folder: Path, database: Database, **settings: Path) -> Node:
        folder.mkdir(exist_ok=True)
        (folder / "root.pem").write_bytes(WEB.pem)
        laid = Passkeys(metadata=folder / "blob.jwt", metadata_root=folder / "root.pem", **settings)
        models = KnownModels(
            files=FilesOfModels(settings=laid),
            store=KnownModelTable(database),
            units=database.units(),
            trail=TrailTables(database=database, ids=SystemIds()),
        )
        return cls(folder, database, models)

    def lay(self, octets: bytes, name: str = "blob.jwt") -> None:
        """Lay a file ready; a clock of files may stand still between two writes of a test."""
        self.writes += 1
        (self.folder / name).write_bytes(octets)
        os.utime(self.folder / name, ns=(self.writes, self.writes))

    async def look(self, *octets: bytes, days: int = 0) -> list[str]:
        """Lay metadata ready, look, and return what the log says."""
        for each in octets:
            self.lay(each)
        with capture_logs() as logs:
            await self.models.look(NOW + timedelta(days=days))
        return [str(each["event"]) for each in logs]

    @property
    def number(self) -> int:
        return -1 if self.models.metadata is None else self.models.metadata.number

    def again(self, **settings: Path) -> Node:
        """Return the node after a restart."""
        return Node.at(self.folder, self.database, **settings)


def numbered(number: int, *statuses: str, leaf: Paper = LEAF) -> bytes:
    content: Mapping[str, object] = {**CONTENT, "no": number, "entries": [entry(MODEL, *statuses)]}
    return blob(content, leaf=leaf)


async def told(database: Database) -> list[Event]:
    return [decode(each.body, {}) for each in await TreeTables(database=database).waiting(100)]


@pytest.mark.requires("FIDOMDS-3.2")
async def test_a_newer_file_counts_at_the_next_look_and_is_told_once(
    tmp_path: Path, database: Database
) -> None:
    node = Node.at(tmp_path, database)
    assert await node.look(numbered(7)) == []
    assert node.models.roots_of(MODEL) == (ROOT.der,)
    assert await node.look(numbered(8, "REVOKED")) == []
    assert node.models.roots_of(MODEL) == ()
    assert await node.look() == []
    assert await node.again().look() == []
    assert await told(database) == [
        PasskeyModelsTaken(at=NOW, number=7, renewed_by="2027-04-01", models=1, fallen=0),
        PasskeyModelsTaken(at=NOW, number=8, renewed_by="2027-04-01", models=1, fallen=1),
    ]


@pytest.mark.requires("FIDOMDS-3.2")
async def test_an_older_file_never_lifts_a_model_that_fell(tmp_path: Path, database: Database) -> None:
    node = Node.at(tmp_path, database)
    await node.look(numbered(8, "REVOKED"))
    assert await node.look(numbered(7)) == ["passkey:metadata-refused"]
    after = node.again()
    assert await after.look() == ["passkey:metadata-refused"]
    for each in (node, after):
        assert (each.number, each.models.roots_of(MODEL)) == (8, ())
    assert len(await told(database)) == 1


async def test_what_one_node_believed_counts_on_the_others(tmp_path: Path, database: Database) -> None:
    first, second = Node.at(tmp_path / "first", database), Node.at(tmp_path / "second", database)
    for each in (first, second):
        await each.look(numbered(7))
    await first.look(numbered(8, "USER_VERIFICATION_BYPASS"))
    assert second.models.roots_of(MODEL) == (ROOT.der,)
    await second.look()
    assert (second.number, second.models.roots_of(MODEL)) == (8, ())
    assert len(await told(database)) == 2


@pytest.mark.requires("FIDOMDS-3.2")
async def test_what_cannot_be_believed_leaves_what_was_and_keeps_nobody_from_starting(
    tmp_path: Path, database: Database
) -> None:
    node = Node.at(tmp_path, database)
    await node.look(numbered(8, "REVOKED"))
    for wrong in (b"nothing", numbered(9)[:-8], numbered(9, leaf=OVER)):
        for each in (node, node.again()):
            assert await each.look(wrong) == ["passkey:metadata-refused"]
            assert (each.number, each.models.roots_of(MODEL)) == (8, ())
    (tmp_path / "blob.jwt").unlink()
    assert await node.again().look() == ["passkey:metadata-refused"]


async def test_without_anything_that_was_believed_before_the_hub_does_not_start(
    tmp_path: Path, database: Database
) -> None:
    node = Node.at(tmp_path, database)
    with pytest.raises(Misconfigured):
        await node.look(numbered(9, leaf=OVER))
    assert await told(database) == []


async def test_another_root_begins_anew(tmp_path: Path, database: Database) -> None:
    node = Node.at(tmp_path, database)
    await node.look(numbered(8, "REVOKED"))
    node.lay(FOREIGN.pem, "root.pem")
    assert await node.look() == ["passkey:metadata-refused"]
    assert node.models.roots_of(MODEL) == ()
    node.lay(WEB.pem, "root.pem")
    assert await node.look() == []
    assert node.number == 8


@pytest.mark.requires("FIDOMDS-3.1.6")
async def test_metadata_whose_date_has_passed_counts_and_is_told_of_each_day(
    tmp_path: Path, database: Database
) -> None:
    node = Node.at(tmp_path, database)
    assert await node.look(numbered(7), days=31) == []
    assert await node.look(days=32) == ["passkey:metadata-old"]
    assert await node.look(days=32) == []
    assert await node.look(days=33) == ["passkey:metadata-old"]
    assert node.models.roots_of(MODEL) == (ROOT.der,)


@pytest.mark.requires("FIDOMDS-3.2")
async def test_a_signer_that_was_taken_back_is_believed_no_more(tmp_path: Path, database: Database) -> None:
    lists = tmp_path / "lists"
    lists.mkdir()
    node = Node.at(tmp_path, database, metadata_lists=lists)
    node.lay(revoked(WEB, until=NOW + timedelta(days=7)), "lists/web.crl")
    assert await node.look(numbered(7)) == []
    node.lay(revoked(WEB, LEAF), "lists/web.crl")
    assert await node.look(numbered(8)) == ["passkey:metadata-refused"]
    assert node.number == 7
    node.lay(revoked(WEB, until=NOW), "lists/web.crl")
    assert await node.look() == ["passkey:metadata-lists-old"]
    assert node.number == 8


@pytest.mark.requires("FIDOMDS-3.2")
async def test_metadata_of_the_same_number_changes_nothing(tmp_path: Path, database: Database) -> None:
    node = Node.at(tmp_path, database)
    await node.look(numbered(8, "REVOKED"))
    for each in (node, node.again()):
        assert await each.look(numbered(8)) == []
        assert each.models.roots_of(MODEL) == ()


async def test_roots_that_lie_ready_count_also_where_the_metadata_is_believed_no_more(
    tmp_path: Path, database: Database
) -> None:
    """A chain of which a certificate has run out keeps no device from its level, at a restart either."""
    laid = tmp_path / "laid"
    laid.mkdir()
    node = Node.at(tmp_path, database, roots=laid)
    await node.look(numbered(8))
    node.lay(FOREIGN.pem, f"laid/{OWN}.pem")
    for each in (node, node.again(roots=laid)):
        assert await each.look(numbered(9, leaf=OVER)) == ["passkey:metadata-refused"]
        assert each.models.roots_of(OWN) == (FOREIGN.der,)


async def test_a_root_that_cannot_be_read_keeps_no_newer_metadata_away(
    tmp_path: Path, database: Database
) -> None:
    laid = tmp_path / "laid"
    laid.mkdir()
    node = Node.at(tmp_path, database, roots=laid)
    await node.look(numbered(7))
    node.lay(b"nothing", f"laid/{OWN}.pem")
    assert await node.look(numbered(8, "REVOKED")) == ["passkey:metadata-refused"]
    assert (node.number, node.models.roots_of(MODEL)) == (8, ())
    with pytest.raises(Misconfigured):
        await node.again(roots=laid).look()


async def test_a_model_that_fell_is_not_trusted_while_another_root_waits_for_its_metadata(
    tmp_path: Path, database: Database
) -> None:
    """Two files are laid ready one after the other, and the hub may look between them."""
    laid = tmp_path / "laid"
    laid.mkdir()
    node = Node.at(tmp_path, database, roots=laid)
    node.lay(ROOT.pem, f"laid/{MODEL}.pem")
    await node.look(numbered(8, "REVOKED"))
    node.lay(FOREIGN.pem, "root.pem")
    for _ in range(2):
        await node.look()
        assert node.models.roots_of(MODEL) == ()
    leaf = FOREIGN.issue(named(SIGNER), host=SIGNER, key=LEAF.key)
    assert await node.look(numbered(1, leaf=leaf)) == []
    assert (node.number, node.models.roots_of(MODEL)) == (1, (ROOT.der, ROOT.der))


@pytest.mark.requires("RFC5280-6.3.3")
async def test_lists_are_looked_at_each_day_while_no_file_changes(tmp_path: Path, database: Database) -> None:
    lists = tmp_path / "lists"
    lists.mkdir()
    node = Node.at(tmp_path, database, metadata_lists=lists)
    node.lay(revoked(WEB, until=NOW + timedelta(days=7)), "lists/web.crl")
    assert await node.look(numbered(7)) == []
    assert await node.look(days=6) == []
    assert await node.look(days=7) == ["passkey:metadata-lists-old"]
    assert await node.look(days=7) == []
    assert await node.look(days=8) == ["passkey:metadata-lists-old"]
    node.lay(revoked(WEB, since=NOW + timedelta(days=10)), "lists/web.crl")
    assert await node.look(numbered(8), days=8) == ["passkey:metadata-refused"]
    assert await node.look(days=10) == []
    assert node.number == 8


async def test_of_two_nodes_that_take_over_at_once_the_higher_number_stays(database: Database) -> None:
    table = KnownModelTable(database)
    found = Metadata(
        number=8, renewed_by=date(2027, 4, 1), roots={MODEL: (ROOT.der,)}, fallen=frozenset({FELL})
    )
    async with database.begin() as unit:
        assert await table.take(unit, "root", found, NOW)
    for number, is_taken in ((7, False), (8, False), (9, True)):
        other = Metadata(number=number, renewed_by=date(2027, 5, 1), roots={}, fallen=frozenset())
        async with database.begin() as unit:
            assert await table.take(unit, "root", other, NOW) == is_taken
        kept = await table.newest("root", -1)
        assert kept == (other if is_taken else found)
    assert await table.newest("root", 9) is None
    assert await table.newest("another root", -1) is None


def test_what_another_version_wrote_otherwise_is_read_anew() -> None:
    assert read(b"\x80") is None
