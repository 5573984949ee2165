"""What the demo starts it also stops, and when it cannot start it says what to do."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from demo.supervisor import DemoFailed, Program, Supervisor, answers, run
from tests.operations.hub import eventually

ENVIRONMENT = dict(os.environ)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def program(log: Path, *command: str, port: int | None = None) -> Program:
    found = port or free_port()
    return Program(
        name="the test",
        command=(sys.executable, *(part.format(port=found) for part in command)),
        log=log,
        port=found,
        ready=f"http://127.0.0.1:{found}/",
        environment=ENVIRONMENT,
    )


SERVER = ("-m", "http.server", "--bind", "127.0.0.1", "{port}")


def test_a_taken_port_is_named_with_what_to_do(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = int(other.getsockname()[1])
        with pytest.raises(DemoFailed, match=rf"port {port}.*\n.*--port-base"):
            Supervisor().start([program(tmp_path / "log", *SERVER, port=port)])


def test_a_process_that_dies_at_once_is_named_with_its_last_words(tmp_path: Path) -> None:
    supervisor = Supervisor()
    with pytest.raises(DemoFailed, match=r"exit code 3(.|\n)*goodbye"):
        supervisor.start([program(tmp_path / "log", "-c", "print('goodbye'); raise SystemExit(3)")])
    supervisor.stop()


def test_a_command_that_fails_tells_why(tmp_path: Path) -> None:
    with pytest.raises(DemoFailed, match="making keys failed:\nno disk"):
        run(
            "making keys",
            (sys.executable, "-c", "raise SystemExit('no disk')"),
            tmp_path / "log",
            ENVIRONMENT,
        )


def test_what_was_started_is_stopped(tmp_path: Path) -> None:
    supervisor = Supervisor()
    supervisor.start([program(tmp_path / "one", *SERVER), program(tmp_path / "two", *SERVER)])
    processes: list[subprocess.Popen[bytes]] = [process for _, process in supervisor.running]
    assert [process.poll() for process in processes] == [None, None]
    supervisor.stop()
    assert None not in [process.poll() for process in processes]
    assert supervisor.running == []


def test_what_a_wrapper_left_behind_is_stopped_too(tmp_path: Path) -> None:
    wrapper = f"import subprocess; subprocess.run([{sys.executable!r}, *{SERVER!r}])"
    supervisor = Supervisor()
    started = program(tmp_path / "log", "-c", wrapper)
    supervisor.start([started])
    supervisor.stop()
    eventually("nobody answers", lambda: not answers(started.ready))


def test_when_one_process_ends_the_watch_ends(tmp_path: Path) -> None:
    supervisor = Supervisor()
    supervisor.start([program(tmp_path / "one", *SERVER)])
    supervisor.running[0][1].terminate()
    with pytest.raises(DemoFailed, match="the test has stopped"):
        supervisor.watch()
    supervisor.stop()
