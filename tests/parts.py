"""Parts of the machine that a test needs: found, or named as missing; in CI missing is failing."""

from __future__ import annotations

import os
import shutil
from typing import TypeVar

import pytest

T = TypeVar("T")

POSTGRES = "TOEGANG_TEST_POSTGRES"  # the address of a server where tests may create databases
FULL = "TOEGANG_TEST_FULL"  # 1: run the long forms too
MISSING = "TOEGANG_TEST_MISSING"  # what tests/run.py could not get, one per line


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


def postgres_address() -> str:
    """Return the address (postgresql://...) of the server for tests, else leave the test out."""
    return needed("PostgreSQL", os.environ.get(POSTGRES) or None)
