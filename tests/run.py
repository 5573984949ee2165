"""What `./toegang test` does: prepare the machine, check the house, run every test.

    ./toegang test                       all of it
    ./toegang test --full                the long forms too
    ./toegang test --only house          ruff, mypy and the contracts between rooms
    ./toegang test --only journeys       one folder of tests/
    ./toegang test -x -k consent         anything else is for pytest

The last lines are pytest's own summary; what this machine lacked and which check failed stand just
above it. With CI=true what lacks is a failure too.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import secrets
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from tests import machine, postgres
from tests.parts import FAILED, FULL, MISSING, NODE, POSTGRES, VENVS, in_ci

HOUSE = "house"
PYTHON = Path(sys.executable)
CHECKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("style (ruff)", ("ruff", "check", "--quiet", ".")),
    ("layout (ruff format)", ("ruff", "format", "--check", "--quiet", ".")),
    ("types (mypy)", ("mypy",)),
    ("rooms and libraries (import-linter)", ("lint-imports", "--no-logo", "--no-cache")),
)
# What the tests in a folder need from the machine; every other folder needs only Python.
PROGRAMS: dict[str, tuple[str, ...]] = {
    "browser": ("chromium", "apache2", "mod_auth_mellon.so", "nginx", "pdftotext"),
    "emrtd": ("openssl",),
    "hostile": ("nginx",),
    "interop": (
        "chromium",
        "apache2",
        "mod_auth_openidc.so",
        "mod_auth_mellon.so",
        "mod_shib.so",
        "simplesamlphp",
        "libphp.so",
        "xmlsec1",
        "nginx",
    ),
    "journeys": ("xmlsec1",),
    "operations": ("xmlsec1",),
    "post": ("pdftotext",),
}
WITH_NODE = {"browser", "interop", "operations", "bench"}
# What the guests of the demo run in, whom people in Chromium visit.
GUESTS = ("django-digid-eherkenning", "saml-peers", "nanoidp")
# Programs of others that must not share our environment, by the folder whose tests run them.
IN_VENVS: dict[str, tuple[str, ...]] = {
    "audit": ("trail-checkers",),
    "browser": GUESTS,
    "interop": ("mozilla-django-oidc", "node", *GUESTS),
    "operations": ("node", "saml-peers"),
}
# A whole run is shared by two processes (tests/sharing.py).
BETWEEN = ("--numprocesses=2", "--dist=loadscope")
MARK = "TOEGANG_TEST_RUN"
LONGEST = 3_600  # seconds that one test may take in its long form
GRACE = 5.0  # seconds in which a process may stop by itself
WITHOUT_POSTGRES = {HOUSE, "architecture"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked on the command line; no `groups` means all of them."""

    full: bool
    groups: frozenset[str]
    rest: tuple[str, ...]

    def wants(self, *groups: str) -> bool:
        """Say whether any of these groups is to run."""
        return not self.groups or bool(self.groups & set(groups))


def main() -> int:
    """Run what was asked; 0 when all of it succeeded."""
    signal.signal(signal.SIGTERM, stop)
    asked = parse(sys.argv[1:])
    missing: list[str] = []
    failed: list[str] = []
    print(f"toegang test on {machine.told()}", flush=True)
    with contextlib.ExitStack() as started:
        environment = prepare(asked, missing, started)
        if asked.wants(HOUSE):
            failed += check_house()
        environment[FAILED] = "\n".join(failed)
        environment[MISSING] = "\n".join(missing)
        code = 0 if asked.groups == {HOUSE} else run_pytest(asked, environment)
    return code or int(bool(failed)) or int(bool(missing) and in_ci())


def parse(arguments: list[str]) -> Asked:
    """Read the command line; what is not ours is for pytest."""
    folders = sorted(found.parent.name for found in (machine.ROOT / "tests").glob("*/__init__.py"))
    parser = argparse.ArgumentParser(prog="./toegang test", description=__doc__, add_help=True)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--full", action="store_true", help="run the long forms too")
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="GROUP",
        choices=[HOUSE, *folders],
        help="run one group",
    )
    known, rest = parser.parse_known_args(arguments)
    return Asked(full=known.full, groups=frozenset(known.only), rest=tuple(rest))


def prepare(asked: Asked, missing: list[str], started: contextlib.ExitStack) -> dict[str, str]:
    """Fetch and start what the tests need; return the environment that tells them."""
    environment = dict(os.environ)
    if asked.full:
        environment |= {FULL: "1", "PYTEST_TIMEOUT": str(LONGEST)}
    programs = {name for group, names in PROGRAMS.items() if asked.wants(group) for name in names}
    with_postgres = not asked.groups or bool(asked.groups - WITHOUT_POSTGRES)
    if with_postgres and POSTGRES not in environment:
        programs.add("initdb")
    machine.debian_packages(sorted(programs), missing)
    if asked.wants(*WITH_NODE) and (node := machine.node(missing)):
        machine.node_modules(node, missing)
        environment[NODE] = str(node)
    for name in (name for group, names in IN_VENVS.items() if asked.wants(group) for name in names):
        machine.virtual_environment(name, missing)
    environment[VENVS] = str(machine.OWN / "venvs")
    if "initdb" in programs:
        environment |= start_postgres(missing, started)
    return environment


def start_postgres(missing: list[str], started: contextlib.ExitStack) -> dict[str, str]:
    """Start a server until the tests are done; without one they run on SQLite only."""
    initdb = machine.find("initdb")
    if initdb is None:
        return {}
    print("  starting PostgreSQL on loopback", flush=True)
    try:
        return {POSTGRES: started.enter_context(postgres.server(initdb.resolve().parent))}
    except RuntimeError as error:
        missing.append(f"PostgreSQL: {error}")
        return {}


def check_house() -> list[str]:
    """Run the checks that read the code; return the names of those that failed."""
    failed = []
    for number, (name, command) in enumerate(CHECKS, start=1):
        print(f"[{number}/{len(CHECKS)}] {name} ... ", end="", flush=True)
        before = time.monotonic()
        done = subprocess.run(
            [PYTHON.parent / command[0], *command[1:]],
            cwd=machine.ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        print(f"{'FAILED' if done.returncode else 'ok'} ({time.monotonic() - before:.0f} s)", flush=True)
        if done.returncode:
            print(done.stdout, flush=True)
            failed.append(name)
    return failed


def run_pytest(asked: Asked, environment: dict[str, str]) -> int:
    """Run the tests that were asked for in one run, and let it finish its summary on Ctrl-C."""
    named = any((machine.ROOT / part.split("::")[0]).exists() for part in asked.rest)
    folders = [f"tests/{group}" for group in sorted(asked.groups - {HOUSE})]
    environment |= {MARK: secrets.token_hex()}
    command: list[str | Path] = [
        PYTHON,
        "-m",
        "pytest",
        *(folders or ([] if named else ["tests", *BETWEEN])),
        *asked.rest,
    ]
    with subprocess.Popen(command, cwd=machine.ROOT, env=environment) as process:
        try:
            return process.wait()
        except KeyboardInterrupt:  # the terminal told pytest too
            process.wait()
            return 128 + signal.SIGINT
        except SystemExit:
            process.send_signal(signal.SIGINT)
            process.wait()
            return 128 + signal.SIGTERM
        finally:
            end_left_behind(environment[MARK])


def end_left_behind(mark: str) -> None:
    """End what a broken-off test started and nobody stopped: it carries the mark of this run."""
    own = f"{MARK}={mark}".encode()
    for number in (signal.SIGTERM, signal.SIGKILL):
        left = [
            int(place.parent.name) for place in Path("/proc").glob("[0-9]*/environ") if carries(place, own)
        ]
        for process in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)
        if not left:
            return
        time.sleep(GRACE)


def carries(place: Path, mark: bytes) -> bool:
    """Say whether the environment in that file of /proc holds this entry."""
    try:
        return mark in place.read_bytes().split(b"\0")
    except OSError:  # gone, or of another user
        return False


def stop(number: int, frame: FrameType | None) -> None:
    """Turn a request to end into an exit that stops what we started."""
    del frame
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
