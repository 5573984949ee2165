"""What the repository may not hold, and what must agree in it."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from itertools import pairwise

import pytest

from tests.architecture.source import ROOT, files, package

# Written in parts, so that this file does not find itself.
HOSTS = re.compile(
    "|".join(
        re.escape(".".join(parts))
        for parts in (
            ("pypi", "org"),
            ("pythonhosted", "org"),
            ("registry", "npmjs"),
            ("npmjs", "com"),
            ("yarnpkg", "com"),
            ("proxy", "golang"),
            ("deb", "debian"),
        )
    )
)
MACHINE = re.compile("(?<![\\w.])/(wor" + "k|roo" + "t|hom" + "e|User" + r"s)/\w")
WORK_LEFT = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX")) + r")\b")
PINNED = re.compile(r"^([\w.-]+)==(\S+)", re.MULTILINE)
LINKED = re.compile(r"\]\(([^)#\s]+)")
LOCKS = ("requirements.lock", "requirements-demo.lock", "requirements-dev.lock")  # each holds the one before


def readable() -> dict[str, str]:
    """Return the text of every text file, by its name."""
    texts = {}
    for path in files():
        try:
            texts[path.relative_to(ROOT).as_posix()] = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
    return texts


@pytest.mark.parametrize("pattern", [HOSTS, MACHINE], ids=["registry host", "path of a machine"])
def test_no_file_names_a(pattern: re.Pattern[str]) -> None:
    found = [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1} {match.group()}"
        for name, text in readable().items()
        for match in pattern.finditer(text)
    ]
    assert found == []


def test_no_file_leaves_work_for_later_in_a_comment() -> None:
    ours = {
        name: text for name, text in readable().items() if name.endswith((".py", ".toml", ".html", ".sh"))
    }
    assert [name for name, text in ours.items() if WORK_LEFT.search(text)] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_a_hash(lock: str) -> None:
    blocks = re.split(r"^(?=[\w.-]+==)", (ROOT / lock).read_text(), flags=re.MULTILINE)[1:]
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize(("smaller", "larger"), list(pairwise(LOCKS)))
def test_each_lock_holds_the_one_before_it(smaller: str, larger: str) -> None:
    run, dev = (dict(PINNED.findall((ROOT / lock).read_text())) for lock in (smaller, larger))
    assert {name: version for name, version in run.items() if dev.get(name) != version} == {}


def test_every_dependency_is_locked() -> None:
    locked = dict(PINNED.findall((ROOT / "requirements.lock").read_text()))
    assert [name for name in dependencies() if name not in locked] == []


def test_every_ignored_rule_of_the_linter_has_its_reason() -> None:
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    ignored = re.compile(r'^  "[A-Z]+\d+",\s*(# .+)?$')
    found = [(number, line) for number, line in enumerate(lines) if ignored.match(line)]
    # A line without a reason of its own shares that of the line before it.
    assert [line for number, line in found if "#" not in line and not ignored.match(lines[number - 1])] == []


@pytest.mark.parametrize("script", ["toegang", ".ci/run"])
def test_scripts_are_plain_shell(script: str) -> None:
    checked = subprocess.run(["sh", "-n", ROOT / script], capture_output=True, text=True, check=False)
    assert checked.stderr == ""


def test_help_of_the_script_is_there_before_anything_is_installed() -> None:
    told = subprocess.run(
        ["sh", ROOT / "toegang", "--help"], capture_output=True, text=True, check=True, cwd="/", env={}
    )
    assert "./toegang COMMAND" in told.stdout


def dependencies() -> list[str]:
    """Return the names of what the package needs, as pyproject.toml lists them."""
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    return [re.split(r"[\[><=;~! ]", line, maxsplit=1)[0].lower() for line in listed]


def test_every_link_between_our_pages_leads_somewhere() -> None:
    broken = [
        f"{name} -> {target}"
        for name, text in readable().items()
        if name.endswith(".md")
        for target in LINKED.findall(text)
        if "://" not in target and not ((ROOT / name).parent / target).exists()
    ]
    assert broken == []


def test_help_of_the_script_names_every_command() -> None:
    commands = ROOT / "src" / "toegang" / "cli" / "main.py"
    names = re.findall(r'app\.command\("(\w+)"\)|add_typer\(.+name="(\w+)"\)', commands.read_text())
    told = (ROOT / "toegang").read_text()
    assert names
    assert [name for name in map("".join, names) if not re.search(rf"^  {name} ", told, re.MULTILINE)] == []


def test_every_outside_library_has_a_contract_that_says_who_may_know_it() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    owned = {name for contract in settings for name in contract.get("protected_modules", ())}
    assert sorted(outside() - owned) == []


def outside() -> set[str]:
    """Return the libraries that the package imports and that come with neither Python nor us."""
    imported = {
        name.split(".")[0]
        for module in package()
        for node in ast.walk(module.tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    return imported - sys.stdlib_module_names - {"toegang"}
