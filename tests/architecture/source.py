"""The house as these tests read it: files, their syntax trees, and the strings in them."""

from __future__ import annotations

import ast
import gc
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PACKAGE = ROOT / "src" / "toegang"
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One Python file: its path, its text and its syntax tree."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """Return the path from the root, as it is written in messages."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def room(self) -> str:
        """Return the room of the package that the file stands in ('' for the package's own door)."""
        first = self.path.relative_to(PACKAGE).parts[0]
        return "" if first == "__init__.py" else first.removesuffix(".py")

    def at(self, node: ast.AST) -> str:
        """Return file and line of a node, as editors jump to it."""
        return f"{self.name}:{getattr(node, 'lineno', 1)}"


@cache
def files() -> tuple[Path, ...]:
    """Return every file of the repository, also those not yet committed; none that git ignores."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    return tuple(path for path in (ROOT / name for name in sorted(filter(None, listed))) if path.is_file())


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """Return every Python file under these folders of the repository."""
    wanted = tuple(ROOT / folder for folder in folders)
    return tuple(
        read(path) for path in files() if path.suffix == ".py" and any(map(path.is_relative_to, wanted))
    )


@cache
def read(path: Path) -> Module:
    """Read one file, with no collector looking through all the trees meanwhile: they are kept anyhow."""
    gc.disable()
    try:
        text = path.read_text("utf-8")
        return Module(path=path, text=text, tree=ast.parse(text))
    finally:
        gc.freeze()
        gc.enable()


def everything() -> tuple[Module, ...]:
    """Return every Python file that people write here."""
    return modules("src", "tests", "demo", "bench", "docs", "scripts")


def package() -> tuple[Module, ...]:
    """Return every Python file of the product."""
    return modules("src")


def functions(module: Module) -> Iterator[Function]:
    """Return every function and method, nested ones too."""
    return (node for node in ast.walk(module.tree) if isinstance(node, Function))


def strings(module: Module) -> Iterator[ast.Constant]:
    """Return every text constant that is not a docstring."""
    signs = {
        id(node.body[0].value)
        for node in ast.walk(module.tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return (
        node
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in signs
    )


def called(node: ast.AST) -> str:
    """Return the dotted name of what a call calls, '' when it has none."""
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""
