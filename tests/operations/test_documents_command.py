"""An operator sees whom the hub believes of documents, and what would refuse every document of a country."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from demo.documents.states import State
from tests.means.papers import write_trust
from tests.operations.hub import copy_of
from toegang.cli.main import app


@pytest.fixture
def place(installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy = copy_of(installed, tmp_path)
    monkeypatch.chdir(copy)
    return copy


def with_documents(place: Path, section: str) -> None:
    settings = place / "toegang.toml"
    settings.write_text(f"{settings.read_text()}\n[documents]\n{section}\n")


def run(*command: str) -> Result:
    return CliRunner().invoke(app, list(command))


def test_without_documents_it_says_so(place: Path) -> None:
    result = run("documents", "check")
    assert result.exit_code == 0, result.output
    assert "No identity documents are read" in result.output
    assert (place / "toegang.toml").is_file()


def test_it_tells_authorities_and_lists_and_what_is_missing(place: Path) -> None:
    now = datetime.now(UTC)
    state = State.founded(now)
    write_trust(place / "travel", state)
    with_documents(place, 'register = "http://localhost:1"\ntravel_trust = "travel"')
    good = run("documents", "check")
    assert good.exit_code == 0, good.output
    assert "authority  NL" in good.output
    assert "0 revoked" in good.output
    (place / "travel" / "lists" / "csca.crl").write_bytes(state.revoked(7, at=now - timedelta(days=91)))
    stale = run("documents", "check")
    assert stale.exit_code == 1
    assert "not fresh" in stale.output
    (place / "travel" / "authorities" / "csca.der").write_bytes(b"rubbish")
    assert run("documents", "check").exit_code == 1


@pytest.mark.parametrize(
    ("section", "setting"),
    [
        ('register = "http://localhost:1"', "documents"),
        ('register = "http://localhost:1"\ntravel_trust = "nothing-there"', "documents.travel_trust"),
        (
            'register = "http://localhost:1"\nlicence_trust = "travel"\ntoken_file = "no.token"',
            "documents.token_file",
        ),
    ],
)
def test_a_start_is_refused_with_the_setting_by_its_name(place: Path, section: str, setting: str) -> None:
    with_documents(place, section)
    result = run("config", "check")
    assert result.exit_code == 1
    assert setting in result.output
