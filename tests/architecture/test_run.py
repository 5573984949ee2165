"""What `./toegang test` says last and exits with: whoever runs it without reading must not be misled."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

from tests.architecture.source import functions, modules
from tests.parts import POSTGRES
from tests.sharing import TOGETHER

ROOT = Path(__file__).parent.parent.parent
LAST = re.compile(r"=+ .* in [\d.]+s.* =+")
CHECK_THAT_FAILS = """
import sys
from tests import run
run.CHECKS = (("a check that fails", ("python", "-c", "raise SystemExit(1)")),)
sys.argv[1:] = ["--only", "house", "--only", "assurance"]
sys.exit(run.main())
"""
LONG_TEST = """
from tests import volumes
from tests.volumes import counting

def test_long(counting, monkeypatch):
    monkeypatch.setattr(volumes, "BETWEEN_LINES", -1.0)
    assert list(counting("steps", 3)) == [0, 1, 2]
"""
LEAVING_TEST = """
import os, subprocess
from pathlib import Path

def test_leaving():
    left = subprocess.Popen(["sleep", "600"], start_new_session=True)
    Path(os.environ["LEFT"]).write_text(str(left.pid))
    os.abort()
"""


def ran(*arguments: str, **environment: str) -> tuple[int, list[str]]:
    """Run Python with these arguments from the checkout; return the exit code and the lines that it said."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("TOEGANG_", "PYTEST_"))}
    own.pop("CI", None)
    # A server that nobody asks: none is started for tests that need none.
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=own | {POSTGRES: "postgresql://nowhere.invalid/"} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout.rstrip().splitlines()


def test_nothing_asynchronous_is_tested_where_a_browser_runs() -> None:
    # The browser's own loop runs in this thread as long as the folder's tests do: no other can.
    found = [
        f"{module.at(function)} {function.name}"
        for module in modules("tests")
        if module.name.startswith(TOGETHER)
        for function in functions(module)
        if isinstance(function, ast.AsyncFunctionDef)
        if function.name.startswith("test_")
        or "fixture" in " ".join(map(ast.unparse, function.decorator_list))
    ]
    assert found == []


def test_the_last_line_is_that_of_pytest() -> None:
    code, lines = ran("-m", "tests.run", "--only", "assurance")
    assert code == 0
    assert LAST.fullmatch(lines[-1])
    assert " passed" in lines[-1]


def test_a_test_that_fails_is_a_run_that_fails(tmp_path: Path) -> None:
    (tmp_path / "test_failing.py").write_text("def test_no():\n    assert False\n")
    code, lines = ran("-m", "tests.run", "--only", "assurance", str(tmp_path / "test_failing.py"))
    assert code == 1
    assert LAST.fullmatch(lines[-1])
    assert "1 failed" in lines[-1]


def test_a_check_before_the_tests_that_fails_is_named_after_them_and_is_a_run_that_fails() -> None:
    code, lines = ran("-c", CHECK_THAT_FAILS)
    assert code == 1
    assert "FAILED before the tests: a check that fails" in lines[-10:]
    assert LAST.fullmatch(lines[-1])


def test_what_the_machine_lacks_is_named_just_above_the_last_lines_and_fails_in_ci() -> None:
    arguments = ("-m", "tests.run", "--only", "post", "-k", "telephone")
    for environment, expected in (({}, 0), ({"CI": "true"}, 1)):
        code, lines = ran(*arguments, PATH="/nonexistent", **environment)
        assert code == expected
        assert "not on this machine: pdftotext: install poppler-utils (Debian, as root)" in lines[-10:]
        assert LAST.fullmatch(lines[-1])


def test_a_long_test_says_meanwhile_how_far_it_is(tmp_path: Path) -> None:
    (tmp_path / "test_long.py").write_text(LONG_TEST)
    code, lines = ran("-m", "tests.run", "--only", "assurance", str(tmp_path / "test_long.py"))
    assert code == 0
    assert "  steps: 1 of 3" in lines


def test_nothing_found_to_test_is_a_run_that_fails() -> None:
    code, _ = ran("-m", "tests.run", "--only", "assurance", "-k", "no_test_has_this_name")
    assert code != 0


def test_what_a_broken_off_test_left_behind_is_ended(tmp_path: Path) -> None:
    (tmp_path / "test_leaving.py").write_text(LEAVING_TEST)
    ran(
        "-m",
        "tests.run",
        "--only",
        "assurance",
        str(tmp_path / "test_leaving.py"),
        LEFT=str(tmp_path / "left"),
    )
    # Who is dead and not yet buried has no words left.
    words = Path("/proc", (tmp_path / "left").read_text(), "cmdline")
    assert not words.exists() or words.read_bytes() == b""
