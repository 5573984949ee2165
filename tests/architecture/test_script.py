"""Which Python `./toegang` takes, and what it says where none serves: the first that anybody sees of it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PROGRAMS = ("awk", "cat", "cmp", "cp", "dirname", "mkdir", "readlink", "rm")
OURS = Path(sys.executable).resolve()
# A Python of another version: it answers what it is asked as that one would, and makes an empty environment.
PRETENDED = """#!/bin/sh
case "$1 $2" in
--version*) echo 'Python {told}' ;;
'-m venv')
    mkdir -p "$3/bin" "$3/lib/python{short}"
    cp "$0" "$3/bin/python{short}"
    ln -s python{short} "$3/bin/python" ;;
-c*) exec '{ours}' -c "import sys; sys.version_info = {version}; sys.modules.update({modules})
$2" ;;
esac
"""


class Machine:
    """A folder that stands for a machine: what is on its path, and its distribution's own Python."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.path, self.own, self.checkout = place / "path", place / "usr" / "bin", place / "checkout"
        for each in (self.path, self.own, self.checkout):
            each.mkdir(parents=True)
        for program in (*PROGRAMS, "ln", "sh"):
            (self.path / program).symlink_to(shutil.which(program) or "/nowhere")
        script = (ROOT / "toegang").read_text("utf-8").replace("/usr/bin/", f"{self.own}/")
        (self.checkout / "toegang").write_text(script, "utf-8")
        for lock in ("requirements.lock", "requirements-demo.lock", "requirements-dev.lock"):
            (self.checkout / lock).write_text("", "utf-8")

    def has(self, place: Path, version: tuple[int, int], *, name: str = "", lacking: str = "") -> None:
        """Put a Python there, under the name of its version unless another is given."""
        short = ".".join(map(str, version))
        program = place / (name or f"python{short}")
        program.write_text(
            PRETENDED.format(
                told=f"{short}.1",
                short=short,
                version=(*version, 1, "final", 0),
                modules=f"pip=sys, **{dict.fromkeys(lacking.split())}",
                ours=OURS,
            ),
            "utf-8",
        )
        program.chmod(0o755)

    def prepare(self) -> tuple[int, str]:
        """Run `./toegang prepare`; return its exit code and what it said."""
        done = subprocess.run(
            ["/bin/sh", self.checkout / "toegang", "prepare"],
            env={"PATH": str(self.path), "HOME": str(self.place)},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stderr


@pytest.fixture
def bare(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_the_own_python_of_the_distribution_goes_before_a_newer_one(bare: Machine) -> None:
    bare.has(bare.own, (3, 11), name="python3")
    bare.has(bare.path, (3, 13))
    assert "making .venv with Python 3.11.1\n" in bare.prepare()[1]


def test_of_other_pythons_the_newest_goes_first(bare: Machine) -> None:
    bare.has(bare.own, (3, 9), name="python3")
    for minor in (11, 12, 13):
        bare.has(bare.path, (3, minor))
    assert "making .venv with Python 3.13.1\n" in bare.prepare()[1]


def test_a_python_without_its_module_venv_is_passed_over(bare: Machine) -> None:
    bare.has(bare.own, (3, 13), name="python3", lacking="ensurepip")
    bare.has(bare.path, (3, 12))
    assert "making .venv with Python 3.12.1\n" in bare.prepare()[1]


def test_where_only_old_ones_are_found_the_script_says_which(bare: Machine) -> None:
    bare.has(bare.own, (3, 9), name="python3")
    bare.has(bare.path, (2, 7), name="python")
    code, said = bare.prepare()
    assert code == 1
    assert f"no Python of 3.11 or newer was found; here is only Python 3.9.1 ({bare.own}/python3)\n" in said
    assert "what to do: install it" in said


def test_where_the_module_venv_is_missing_the_script_names_that_and_not_the_version(bare: Machine) -> None:
    bare.has(bare.own, (3, 13), name="python3", lacking="ensurepip venv")
    code, said = bare.prepare()
    assert code == 1
    assert f"Python 3.13.1 ({bare.own}/python3) is new enough, but its modules" in said
    assert "apt-get install python3-venv" in said


def test_where_there_is_none_at_all_the_script_says_so(bare: Machine) -> None:
    code, said = bare.prepare()
    assert (code, said.splitlines()[0]) == (1, "toegang: no Python of 3.11 or newer was found")


def test_an_environment_of_the_python_before_an_upgrade_is_made_anew(bare: Machine) -> None:
    bare.has(bare.own, (3, 11), name="python3")
    assert bare.prepare()[0] == 0
    assert bare.prepare() == (0, "toegang: ready\n")
    home = bare.checkout / ".venv"
    (home / "lib" / "python3.11").rename(home / "lib" / "python3.10")
    code, said = bare.prepare()
    assert code == 0
    assert "making .venv with Python 3.11.1\n" in said
    assert bare.prepare() == (0, "toegang: ready\n")
