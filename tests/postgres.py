"""A PostgreSQL server for the tests: on loopback, in a directory of its own, gone afterwards."""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

START_LIMIT = 60.0  # seconds
STOP_LIMIT = 20.0  # seconds
# The directory is thrown away afterwards, so nothing needs to reach the disk.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "fsync": "off",
    "full_page_writes": "off",
    "max_prepared_transactions": "0",
    "timezone": "UTC",
    "log_min_messages": "fatal",
}
# As in production: a commit is on the disk before it is answered.
DURABLE = SETTINGS | {"fsync": "on", "full_page_writes": "on"}


@contextlib.contextmanager
def server(programs: Path, settings: dict[str, str] = SETTINGS) -> Iterator[str]:
    """Start a server with the programs in that directory; yield its address (postgresql://...).

    The user in the address may create databases. PostgreSQL refuses to run as root, so root hands it
    to the unprivileged user that Debian made for it.

    Raises:
        RuntimeError: it does not start; the message is the server's own.

    """
    user = unprivileged()
    with tempfile.TemporaryDirectory(prefix="toegang-postgres-", ignore_cleanup_errors=True) as name:
        home = Path(name)
        password = secrets.token_urlsafe(24)
        secret = home / "password"
        secret.write_text(password)
        if user is not None:
            for path in (home, secret):
                os.chown(path, user, -1)
        initialise(programs, home, user)
        port = free_port()
        process = start(programs, home, settings | {"port": str(port)}, user)
        try:
            wait_for(programs / "pg_isready", process, port, home / "log")
            yield f"postgresql://toegang:{password}@127.0.0.1:{port}/postgres"
        finally:
            stop(process)


def unprivileged() -> int | None:
    """Return the user id to run the server as; None when we may run it ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_uid
    return 65534


def initialise(programs: Path, home: Path, user: int | None) -> None:
    """Make an empty cluster, with one user known by a password."""
    command: Sequence[str | Path] = (
        programs / "initdb",
        "--username=toegang",
        f"--pwfile={home / 'password'}",
        "--auth-local=trust",
        "--auth-host=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
        home / "data",
    )
    done = subprocess.run(command, user=user, cwd=home, capture_output=True, text=True, check=False)
    if done.returncode:
        msg = f"initdb: {done.stderr.strip()}"
        raise RuntimeError(msg)


def start(programs: Path, home: Path, settings: dict[str, str], user: int | None) -> subprocess.Popen[bytes]:
    """Start the server, out of reach of the terminal's Ctrl-C: tests end before it does."""
    own = settings | {"unix_socket_directories": str(home)}
    options = [part for name, value in own.items() for part in ("-c", f"{name}={value}")]
    with (home / "log").open("wb") as log:
        return subprocess.Popen(
            [programs / "postgres", "-D", home / "data", *options],
            user=user,
            cwd=home,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def wait_for(is_ready: Path, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Wait until the server takes connections."""
    question: Sequence[str | Path] = (is_ready, "--quiet", "--host=127.0.0.1", f"--port={port}")
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        if subprocess.run(question, check=False).returncode == 0:
            return
        time.sleep(0.1)
    msg = f"postgres: {log.read_text().strip() or 'did not start in time'}"
    raise RuntimeError(msg)


def stop(process: subprocess.Popen[bytes]) -> None:
    """Stop it fast; kill what does not stop."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(STOP_LIMIT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    """Return a port on loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
