"""Starts processes, waits until they answer, and stops them all, whatever happens."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import FrameType

START_LIMIT = 60.0
"""Seconds that a process may take until it answers."""

STOP_LIMIT = 25.0
"""Seconds that a process may take to stop; more than the hub's own grace."""

BETWEEN_LOOKS = 0.1


class DemoFailed(Exception):
    """The demo cannot run; the text says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A process to be: it is ready when `ready` answers with 200."""

    name: str
    command: Sequence[str]
    log: Path
    port: int
    ready: str
    environment: Mapping[str, str]


@dataclass(slots=True)
class Supervisor:
    """Keeps processes running until told to stop."""

    running: list[tuple[Program, subprocess.Popen[bytes]]] = field(default_factory=list)
    told_to_stop: bool = False

    def listen(self) -> None:
        """Take Ctrl-C and SIGTERM as the word to stop."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._told)

    def start(self, programs: Sequence[Program]) -> None:
        """Start all and wait until each answers.

        Raises:
            DemoFailed: a port is taken, a process ended, or one does not answer in time.

        """
        self.launch(programs)
        self.wait()

    def launch(self, programs: Sequence[Program]) -> None:
        """Start all, and wait for none.

        Raises:
            DemoFailed: a port is taken.

        """
        for program in programs:
            check_free(program)
        for program in programs:
            self._start(program)

    def wait(self) -> None:
        """Wait until each that was started answers.

        Raises:
            DemoFailed: a process ended, or one does not answer in time.

        """
        for program, process in self.running:
            self._wait_for(program, process)

    def watch(self) -> None:
        """Wait until told to stop.

        Raises:
            DemoFailed: a process ended by itself.

        """
        while not self.told_to_stop:
            for program, process in self.running:
                check_alive(program, process)
            time.sleep(BETWEEN_LOOKS)

    def stop(self) -> None:
        """Stop all, the last one started first, and wait for them; end those that do not stop."""
        for _, process in reversed(self.running):
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + STOP_LIMIT
        for _, process in self.running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            end_group(process)
        self.running.clear()

    def _start(self, program: Program) -> None:
        with program.log.open("wb") as log:
            process = subprocess.Popen(
                program.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=dict(program.environment),
                # A process group of its own: Ctrl-C reaches only us, and we stop them in order.
                start_new_session=True,
            )
        self.running.append((program, process))

    def _wait_for(self, program: Program, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_LIMIT
        while not answers(program.ready):
            check_alive(program, process)
            if self.told_to_stop:
                message = "stopped before everything had started"
                raise DemoFailed(message)
            if time.monotonic() > deadline:
                message = f"{program.name} does not answer after {START_LIMIT:.0f} seconds; see {program.log}"
                raise DemoFailed(message)
            time.sleep(BETWEEN_LOOKS)

    def _told(self, _: int, __: FrameType | None) -> None:
        self.told_to_stop = True


def run(name: str, command: Sequence[str], log: Path, environment: Mapping[str, str]) -> None:
    """Run a command to its end.

    Raises:
        DemoFailed: it failed; the last lines of what it said are told.

    """
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, env=dict(environment), check=False
    )
    said = (done.stdout + done.stderr).decode("utf-8", "replace")
    with log.open("a", encoding="utf-8") as kept:
        kept.write(f"$ {' '.join(command)}\n{said}")
    if done.returncode != 0:
        message = f"{name} failed:\n{said[-2000:]}\nmore in {log}"
        raise DemoFailed(message)


def end_group(process: subprocess.Popen[bytes]) -> None:
    """End what a process that has ended left behind: a wrapper leaves what it wraps."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def check_free(program: Program) -> None:
    """Refuse a port that somebody else listens on.

    Raises:
        DemoFailed: the port is taken.

    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", program.port))
        except OSError as error:
            message = (
                f"port {program.port}, for {program.name}, cannot be used ({error.strerror}).\n"
                "What to do: stop the program that listens there (perhaps another demo), or choose other "
                "ports, for instance: ./toegang demo --port-base 8300"
            )
            raise DemoFailed(message) from None


def check_alive(program: Program, process: subprocess.Popen[bytes]) -> None:
    """Refuse to go on without a process.

    Raises:
        DemoFailed: it has ended.

    """
    if process.poll() is not None:
        last = program.log.read_text("utf-8", "replace")[-1500:]
        message = f"{program.name} has stopped (exit code {process.returncode}). Its last words:\n{last}"
        raise DemoFailed(message)


def answers(url: str) -> bool:
    """Tell whether `url` answers with 200."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310 an address on this machine
            return bool(response.status == 200)  # noqa: PLR2004
    except (urllib.error.URLError, OSError):
        return False
