"""S15, S16: bombs of every kind in a process that may have no more memory than an honest message needs."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.architecture.source import ROOT

PATIENCE = 120.0


@pytest.mark.requires("SAMLBind-3.4.4.1", "SAMLBind-3.5.5")
def test_no_bomb_asks_for_more_memory_than_there_is() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.saml.bombed"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
