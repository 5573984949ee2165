"""Processes of a bench: started on one core, measured by the kernel's own account, stopped at the end."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

TICKS = os.sysconf("SC_CLK_TCK")  # per second
START_LIMIT = 180.0  # seconds: a machine that does much else takes a minute for what takes five seconds
STOP_LIMIT = 15.0  # seconds
LOOK_EVERY = 0.02  # seconds
UTIME, STIME, OF_CHILDREN, PARENT = 11, 12, 14, 1  # fields of /proc/PID/stat after the name (proc(5))


class DidNotStartError(Exception):
    """A process ended, or did not answer in time; the message is what it wrote."""


class Process:
    """One process of ours, on one core; `seconds_to_start` from its start until it answered."""

    def __init__(self, name: str, command: Sequence[str | Path], core: int, folder: Path) -> None:
        """Start it; what it complains about goes to a file in `folder`."""
        self.name = name
        self._log = folder / f"{name.replace(' ', '-')}.log"
        self._begun = time.monotonic()
        self.seconds_to_start = 0.0
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=os.environ | {"NODE_ENV": "production"},
            )
        self._core = core

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    def wait_for(self, url: str) -> None:
        """Wait until `url` answers well; what does not is stopped.

        Raises:
            DidNotStartError: it does not.

        """
        while time.monotonic() - self._begun < START_LIMIT and self._process.poll() is None:
            with suppress(URLError, ConnectionError), urlopen(url, timeout=START_LIMIT):  # noqa: S310 ours
                self.seconds_to_start = time.monotonic() - self._begun
                self.pin()
                return
            time.sleep(LOOK_EVERY)
        self.stop()
        raise DidNotStartError(self.complaint())

    def pin(self) -> None:
        """Keep it on its core from now on; starting may use any."""
        os.sched_setaffinity(self.pid, {self._core})

    def ask(self, line: str) -> str:
        """Write a line to it and return the line that it answers."""
        pipe_in, pipe_out = self._process.stdin, self._process.stdout
        if pipe_in is None or pipe_out is None:
            raise DidNotStartError(self.name)
        pipe_in.write(line + "\n")
        pipe_in.flush()
        answer = pipe_out.readline()
        if not answer:
            raise DidNotStartError(self.complaint())
        return answer

    def tell(self, line: str) -> None:
        """Write a line to it that it does not answer."""
        if self._process.stdin is not None:
            self._process.stdin.write(line + "\n")

    def complaint(self) -> str:
        """Return the last of what it wrote."""
        return f"{self.name}: {self._log.read_text(encoding='utf-8', errors='replace')[-2000:]}"

    def stop(self) -> None:
        """Stop it; kill what does not stop."""
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()


def cpu_of(pid: int) -> float:
    """Return the CPU seconds of a process so far, its threads included (user and system)."""
    fields = _stat(pid)
    return (int(fields[UTIME]) + int(fields[STIME])) / TICKS


def cpu_of_family(parent: int) -> float:
    """Return the CPU seconds so far of a process and of its children that are alive."""
    found = 0.0
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            fields = _stat(int(entry.name))
            if int(entry.name) == parent or int(fields[PARENT]) == parent:
                found += (int(fields[UTIME]) + int(fields[STIME])) / TICKS
    return found


def cpu_with_helpers(parent: int) -> float:
    """Return the CPU seconds so far of a process's children, and of all that they started and that ended."""
    found = 0.0
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            fields = _stat(int(entry.name))
            if int(fields[PARENT]) == parent:
                found += sum(map(int, fields[UTIME : OF_CHILDREN + 1])) / TICKS
    return found


def parent_of(pid: int) -> int:
    """Return the number of a process's parent."""
    return int(_stat(pid)[PARENT])


def resident(pid: int) -> float:
    """Return the MiB of memory that a process holds now."""
    return _status(pid, "VmRSS")


def peak(pid: int) -> float:
    """Return the most MiB of memory that a process ever held."""
    return _status(pid, "VmHWM")


def _status(pid: int, field: str) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(field))


def _stat(pid: int) -> list[str]:
    # The name stands in brackets and may hold anything; what follows the last bracket is regular.
    return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
