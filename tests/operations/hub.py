"""A hub as an operator has it: a folder with settings, keys and a database, and a process tree."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
RUNNING = ROOT / "docs" / "operations" / "running.md"
COMPILED = ROOT / ".pytest_cache" / "compiled"
START_LIMIT = 60.0  # seconds
STOP_LIMIT = 30.0  # seconds
BLOCK = re.compile(r"^(?P<indent> *)```(?P<language>\w+)\n(?P<text>.*?)^ *```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Block:
    """A block of code in a document."""

    language: str
    text: str

    @property
    def file(self) -> str:
        """The name in its first comment, of blocks that are files."""
        first = self.text.partition("\n")[0]
        return first.removeprefix("# ") if first.startswith("# ") else ""


def blocks(document: Path, section: str) -> list[Block]:
    """Return the blocks of one section of a document, in order."""
    text = document.read_text().partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    return [Block(found["language"], textwrap.dedent(found["text"])) for found in BLOCK.finditer(text)]


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return what our commands need to be found, and the settings that a test changes."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("TOEGANG_")}
    # Compiled once for all processes, also where the machine is told to write nothing beside the source.
    own.pop("PYTHONDONTWRITEBYTECODE", None)
    path = {
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        "PYTHONPYCACHEPREFIX": str(COMPILED),
    }
    return own | path | dict(more or {})


def command(folder: Path, line: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run one line of a document in `folder`, with the `toegang` of this checkout."""
    told = (
        line.replace("toegang ", f"{sys.executable} -m toegang ", 1) if line.startswith("toegang ") else line
    )
    return subprocess.run(  # noqa: S602 lines of a document are lines for a shell
        told,
        shell=True,
        cwd=folder,
        env=environment(more),
        capture_output=True,
        text=True,
        check=False,
    )


def free_port() -> int:
    """Return a port on loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eventually(what: str, look: Callable[[], Any], limit: float = START_LIMIT) -> Any:  # noqa: ANN401 whatever was looked for
    """Look until there is something to see, and return it."""
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.05)
    message = f"{what}: not within {limit:.0f} seconds"
    raise AssertionError(message)


@dataclass(slots=True)
class Hub:
    """A serving hub."""

    folder: Path
    port: int
    metrics_port: int
    process: subprocess.Popen[bytes]
    scheme: str = "http"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def url(self, path: str) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}{path}"

    def status(self, path: str) -> int:
        """Return the status that a path is answered with; 0 when nobody answers."""
        try:
            with urllib.request.urlopen(self.url(path), timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def metrics(self) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.metrics_port}/metrics", timeout=5) as answer:
            return str(answer.read().decode())

    def lines(self) -> list[dict[str, Any]]:
        """Return the whole lines of the log that are JSON; the one line for a person is not."""
        whole = self.log.read_text().rpartition("\n")[0]
        return [json.loads(line) for line in whole.splitlines() if line.startswith("{")]

    def ready(self, workers: int = 2) -> None:
        """Wait until so many workers serve, no more and no fewer."""
        eventually("ready", lambda: self.status("/readyz") == 200 and len(self.workers()) == workers)

    def said(self, event: str) -> list[dict[str, Any]]:
        return [line for line in self.lines() if line["event"] == event]

    def workers(self) -> list[int]:
        """Return the process ids of the workers that serve."""
        started = [line["said"] for line in self.lines() if "Started server process" in line.get("said", "")]
        ids = [int(re.findall(r"\d+", text)[0]) for text in started]
        return [pid for pid in ids if Path(f"/proc/{pid}").exists()]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal to the parent and return its exit code."""
        self.process.send_signal(number)
        return self.process.wait(STOP_LIMIT)


@contextmanager
def serving(folder: Path, *, scheme: str = "http", **settings: str) -> Iterator[Hub]:
    """Serve the hub in `folder` until the end of the block, with some settings changed."""
    port, metrics_port = free_port(), free_port()
    changed = {
        "TOEGANG_LISTEN__PORT": str(port),
        "TOEGANG_LISTEN__METRICS_PORT": str(metrics_port),
        **settings,
    }
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "toegang", "serve"],
            cwd=folder,
            env=environment(changed),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    hub = Hub(folder, port, metrics_port, process, scheme)
    try:
        yield hub
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(STOP_LIMIT)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def copy_of(installed: Path, folder: Path) -> Path:
    """Copy an installed hub, so that each test has its own."""
    place = folder / "hub"
    shutil.copytree(installed, place)
    return place


def install(folder: Path) -> None:
    """Follow docs/operations/running.md in an empty folder, up to serving."""
    for block in blocks(RUNNING, "From an empty folder"):
        if block.file:
            (folder / block.file).write_text(block.text)
            continue
        for line in block.text.splitlines():
            if line == "toegang serve":
                return
            done = command(folder, line)
            assert done.returncode == 0, (line, done.stdout, done.stderr)
