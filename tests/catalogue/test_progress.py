"""How far a long check is, is told."""

from __future__ import annotations

from pathlib import Path

from bench.catalogue import Size, made_up
from tests.catalogue import builders as b
from toegang.catalogue.check import Basis, check_files
from toegang.catalogue.export import as_files
from toegang.catalogue.progress import told
from toegang.catalogue.snapshot import Snapshot


def test_it_is_told_at_every_five_hundredth_and_at_the_last() -> None:
    heard: list[tuple[str, int, int]] = []
    passed = list(told("things", range(1200), lambda *said: heard.append(said)))

    assert passed == list(range(1200))
    assert heard == [("things", 500, 1200), ("things", 1000, 1200), ("things", 1200, 1200)]


def test_nothing_to_do_is_nothing_to_tell() -> None:
    heard: list[tuple[str, int, int]] = []
    assert list(told("things", (), lambda *said: heard.append(said))) == []
    assert heard == []


def test_a_folder_is_told_by_its_files_and_then_by_its_records(tmp_path: Path) -> None:
    size = Size(organisations=3, services=6, clients=3)
    for name, text in as_files(Snapshot.of(list(made_up(size)))):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    heard: list[tuple[str, int, int]] = []
    basis = Basis(before=Snapshot.of([]), now=b.NOW, complete=True, progress=lambda *said: heard.append(said))

    assert check_files([tmp_path], basis).problems == ()
    assert heard == [("files read", 4, 4), ("records checked", 13, 13)]
