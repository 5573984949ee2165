"""Parts of the machine that a test needs: found, or named as missing; in CI missing is failing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TypeVar

import pytest

T = TypeVar("T")

POSTGRES = "TOEGANG_TEST_POSTGRES"  # the address of a server where tests may create databases
FULL = "TOEGANG_TEST_FULL"  # 1: run the long forms too
NODE = "TOEGANG_TEST_NODE"  # the path of a Node that is new enough
VENVS = "TOEGANG_TEST_VENVS"  # where the environments of foreign Python clients are
MISSING = "TOEGANG_TEST_MISSING"  # what tests/run.py could not get, one per line
FAILED = "TOEGANG_TEST_FAILED"  # the checks before pytest that failed, one per line


def in_ci() -> bool:
    """Say whether nothing may be left out."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def full() -> bool:
    """Say whether the long forms were asked for."""
    return os.environ.get(FULL) == "1"


def needed(part: str, found: T | None) -> T:
    """Return `found`, or leave the test out because this machine has no `part`; in CI: fail."""
    if found is not None:
        return found
    reason = f"needs {part}; `./toegang test` says how to get it"
    if in_ci():
        pytest.fail(reason)
    pytest.skip(reason)


def program(*names: str) -> str:
    """Return the path of the first of `names` that is installed, else leave the test out."""
    return needed(names[0], next(filter(None, map(shutil.which, names)), None))


def node() -> Path:
    """Return the path of a Node that is new enough, else leave the test out."""
    return Path(needed("Node", os.environ.get(NODE) or shutil.which("node")))


def node_modules() -> Path:
    """Return the folder of what tests/node/package.json names, else leave the test out."""
    place = Path(__file__).parent / "node" / "node_modules"
    return needed("tests/node/node_modules", place if place.exists() else None)


def venv_python(name: str) -> Path:
    """Return the Python of the environment made from the lock NAME, else leave the test out."""
    home = Path(os.environ.get(VENVS) or Path(__file__).parent.parent / ".toegang" / "venvs")
    python = home / name / "bin" / "python"
    return needed(f"the environment {name}", python if python.exists() else None)


def postgres_address() -> str:
    """Return the address (postgresql://...) of the server for tests, else leave the test out."""
    return needed("PostgreSQL", os.environ.get(POSTGRES) or None)
