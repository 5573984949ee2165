"""What the written pages name exists in the code, so that a reader who follows them arrives."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from typing import Any

import pytest
import typer.main
from click import ClickException
from typer.core import TyperGroup

from tests.architecture.source import PACKAGE, ROOT, package
from toegang.cli.main import app
from toegang.oidc.profile import PROFILES

FILE = re.compile(r"`([\w/]+\.py)`")
ROW = re.compile(r"^\| (`[^|]+) \|", re.MULTILINE)
CODE = re.compile(r"`([^`]+)`")
COMMAND = re.compile(r"^(?:\./)?toegang ([a-z][^>|#\n]*)", re.MULTILINE)
OF_THE_CHECKOUT = {"prepare", "demo", "test", "bench", "audit-dependencies"}
PAGES = sorted(
    path.relative_to(ROOT / "docs").as_posix()
    for path in (ROOT / "docs").rglob("*.md")
    if path.parent.name != "decisions"  # what was thought of, not what there is
)


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text("utf-8")


def test_every_file_that_the_architecture_names_exists() -> None:
    named = FILE.findall(page("architecture.md"))
    everywhere = {module.path.relative_to(PACKAGE).as_posix() for module in package()}
    # A file without its folder stands beside the one named before it.
    known = everywhere | {file.rpartition("/")[2] for file in everywhere}
    assert named
    assert [file for file in named if file not in known] == []


def test_every_room_has_its_line_in_the_architecture() -> None:
    rooms = {module.room for module in package()} - {"", "__main__"}
    listed = {name for row in ROW.findall(page("architecture.md")) for name in CODE.findall(row)}
    assert sorted(rooms - listed) == []
    assert sorted(listed - rooms) == []


def test_every_name_that_the_glossary_gives_stands_in_the_code() -> None:
    lines = [line for line in page("glossary.md").splitlines() if line.startswith("| ")]
    named = {name for line in lines for name in CODE.findall(line.rpartition(" | ")[2])}
    assert named
    known = words() | {"demo", "bench"}
    assert sorted(name for name in named if not known.issuperset(re.split(r"[.]", name))) == []


def words() -> set[str]:
    """Return every name that the package has: rooms, files, classes, functions, fields and members."""
    found = {part for module in package() for part in module.path.relative_to(PACKAGE).with_suffix("").parts}
    for module in package():
        for node in ast.walk(module.tree):
            if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
                found.add(node.name)
            elif isinstance(node, ast.AnnAssign | ast.Assign):
                targets = [node.target] if isinstance(node, ast.AnnAssign) else node.targets
                found |= {target.id for target in targets if isinstance(target, ast.Name)}
            elif isinstance(node, ast.arg):
                found.add(node.arg)
    return found


def test_the_table_of_profiles_says_what_the_code_asks() -> None:
    section = page("protocols/oidc.md").partition("## Security profiles")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    rows = {(cells := [cell.strip() for cell in line.strip("|").split("|")])[0]: cells[1:] for line in lines}
    for at, profile in enumerate(PROFILES.values()):
        assert rows["ID token lives"][at] == f"{profile.id_token_lifetime.seconds // 60} min"
        assert ("only the hub reads" in rows["access token"][at]) is profile.opaque_access_token
        assert rows["access token lives"][at] == f"{profile.access_token_lifetime.seconds // 60} min"
        assert rows["code lives"][at] == f"{profile.code_lifetime.seconds} s"
        assert rows["pushed request lives"][at] == f"{profile.pushed_lifetime.seconds} s"
        assert rows["pushed request (PAR)"][at] == ("asked" if profile.pushed else "may")
        assert rows["`state` and `nonce`"][at] == ("asked" if profile.state and profile.nonce else "may")
        assert rows["signatures, by client and hub (first is default)"][at] == ", ".join(profile.algorithms)
        assert rows["client proves itself by"][at].count("`") == 2 * len(profile.auth_methods)
        assert rows["`response_mode`"][at].count("`") == 2 * len(profile.response_modes)
        assert ("rotates" in rows["refresh token"][at]) is profile.refresh_rotates


def commands(text: str) -> Iterator[list[str]]:
    """Yield the commands of the hub that a page gives, in blocks and in sentences, word by word."""
    for found in (text, *CODE.findall(text)):
        for command in COMMAND.findall(found):
            words = shlex.split(command)
            if words[0] not in OF_THE_CHECKOUT:
                yield words


def check_written(words: list[str]) -> None:
    """Refuse a command that does not exist, or an option or a word too many."""
    command: Any = typer.main.get_command(app)
    rest = list(words)
    while isinstance(command, TyperGroup) and rest:
        command = command.commands[rest.pop(0)]
    if isinstance(command, TyperGroup):
        return
    context = command.make_context("toegang", [], resilient_parsing=True)
    _, more, _ = command.make_parser(context).parse_args(rest)
    assert not more


@pytest.mark.parametrize("name", PAGES)
def test_every_command_that_a_page_gives_can_be_written_so(name: str) -> None:
    wrong = []
    for words in commands(page(name)):
        try:
            check_written(words)
        except (KeyError, AssertionError, ClickException) as error:
            wrong.append((" ".join(words), repr(error)))
    assert wrong == []


@pytest.mark.parametrize("words", ["metadata impart x", "metadata import x --nosuch", "metadata import x y"])
def test_one_that_cannot_be_written_so_is_noticed(words: str) -> None:
    with pytest.raises((KeyError, AssertionError, ClickException)):
        check_written(words.split())
