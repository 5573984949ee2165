"""The commands of the catalogue: what is wrong is told by file and line, and none of it is put in force."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.operations.hub import copy_of
from toegang.cli.main import app

FILE = "catalogue.yaml"
LEVEL, WRONG = "level: basic", "level: bassic"


@pytest.fixture
def place(installed: Path, tmp_path: Path) -> Path:
    """Give an installed hub whose catalogue is in force."""
    return copy_of(installed, tmp_path)


def catalogue(place: Path, *words: str) -> Result:
    with contextlib.chdir(place):
        return CliRunner().invoke(app, ["catalogue", *words])


def change(place: Path, before: str, after: str) -> None:
    file = place / FILE
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after, 1))


@pytest.mark.parametrize("words", [("check", FILE), ("import", FILE), ("diff", FILE)])
def test_a_problem_is_told_by_file_line_and_remedy_and_nothing_is_done(
    place: Path, words: tuple[str, ...]
) -> None:
    change(place, LEVEL, WRONG)
    line = 1 + (place / FILE).read_text().partition(WRONG)[0].count("\n")
    done = catalogue(place, *words)
    change(place, WRONG, LEVEL)

    assert done.exit_code == 1
    assert done.stderr.startswith(f"{FILE}:{line}:")
    assert "write one of: minimal, basic, low, substantial, high" in done.stderr
    assert "nothing was changed" in done.stderr
    assert catalogue(place, "diff", FILE).stdout == ""


def test_an_import_does_what_diff_told_and_what_was_exported_is_no_change(place: Path) -> None:
    change(place, LEVEL, "level: low")
    told = catalogue(place, "diff", FILE)
    imported = catalogue(place, "import", FILE, "--reason", "a test")
    exported = catalogue(place, "export", "--to", "exported")
    again = catalogue(place, "diff", "exported", "--complete")

    assert "service 01929d2e-0000-7000-8000-00000000acc0" in told.stdout
    assert "1 differences" in told.stderr
    assert "1 records changed" in imported.stdout
    assert exported.exit_code == 0
    assert "level: low" in catalogue(place, "export").stdout
    assert (again.exit_code, again.stdout) == (0, "")


def test_what_whole_files_do_not_name_is_removed_only_when_they_are_the_whole_catalogue(place: Path) -> None:
    (place / "nothing.yaml").write_text("organisations: []\n")
    assert catalogue(place, "diff", "nothing.yaml").stdout == ""
    assert len(catalogue(place, "diff", "nothing.yaml", "--complete").stdout.splitlines()) == 4


def test_the_secret_of_a_client_is_shown_once_with_the_hash_that_the_catalogue_gets() -> None:
    first, second = (CliRunner().invoke(app, ["client", "secret"]).stdout.split() for _ in range(2))
    assert [len(word) for word in first] == [43, 64]
    assert first != second
