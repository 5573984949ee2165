"""S32: Python leaves out assertions when it is told to optimise, and every check that was made of them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

from tests.architecture.source import PACKAGE, ROOT, files
from tests.volumes import volume

LEFT_OUT = re.compile(r"^\s*assert\s|__debug__", re.MULTILINE)
FORGED = volume(300, 5_000)


def test_no_check_in_the_house_is_an_assertion() -> None:
    found = [
        path.name
        for path in files()
        if path.is_relative_to(PACKAGE) and path.suffix == ".py" and LEFT_OUT.search(path.read_text("utf-8"))
    ]
    assert found == []


def test_forged_documents_are_refused_by_an_optimised_python_too() -> None:
    done = subprocess.run(
        [sys.executable, "-O", "-m", "tests.saml.optimised", str(FORGED)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(done.stdout)
    assert told["optimised"]
    assert told["refused"] == told["forged"] > FORGED
    assert told["believed"] == told["genuine"] > 0
    assert done.stderr == ""
