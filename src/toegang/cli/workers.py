"""The worker processes: one door for all, replaced when they die, stopped without cutting anyone off.

The parent opens the door (a port or a unix socket) and hands it to every worker; it serves nothing but
the metrics. SIGTERM and Ctrl-C let requests under way finish; SIGHUP replaces the workers one by one,
each with the settings as they are then.
"""

from __future__ import annotations

import os
import socket
import stat
from typing import TYPE_CHECKING

from uvicorn.supervisors.multiprocess import Multiprocess

from toegang import log
from toegang.app.metrics import forget_worker
from toegang.errors import Misconfigured

if TYPE_CHECKING:
    from pathlib import Path

    from toegang.config import Listen

BACKLOG = 2048
SOCKET_MODE = 0o660  # the proxy in front shares a group with us; nobody else gets to speak for it


class Workers(Multiprocess):
    """Keeps as many workers as the settings ask for."""

    def keep_subprocess_alive(self) -> None:
        """Replace workers that died, and say so."""
        for process in self.processes:
            # Our copy of a worker's end of the line: while it is open, a worker that dies with a question
            # unanswered looks busy, until the patience of the health check is over.
            process.child_conn.close()
        before = {process.pid for process in self.processes}
        super().keep_subprocess_alive()
        for pid in before - {process.pid for process in self.processes}:
            log.warning("worker:died", pid=pid)
            forget_worker(pid)

    def restart_all(self) -> None:
        """Replace the workers one by one, and forget those that are gone: they no longer count."""
        before = {process.pid for process in self.processes}
        super().restart_all()
        for pid in before - {process.pid for process in self.processes}:
            forget_worker(pid)

    def failed(self) -> bool:
        """Tell whether a worker ended before it ever served; then the others were stopped too."""
        return any((process.exitcode or 0) > 0 for process in self.processes)


def open_door(listen: Listen) -> socket.socket:
    """Listen where the settings say.

    Raises:
        Misconfigured: it cannot be listened on.

    """
    where = str(listen.socket) if listen.socket else f"{listen.host}:{listen.port}"
    try:
        return _unix(listen.socket) if listen.socket else _tcp(listen.host, listen.port)
    except OSError as error:
        message = f"cannot listen on {where}: {error.strerror}; is another one running there?"
        raise Misconfigured(message) from error


def _tcp(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=BACKLOG)


def _unix(path: Path) -> socket.socket:
    """Listen on a unix socket; what a process that was killed left behind is taken away first."""
    if path.exists() and stat.S_ISSOCK(path.stat().st_mode) and not _answers(path):
        path.unlink()
    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o777 & ~SOCKET_MODE)
    try:
        door.bind(str(path))
    finally:
        os.umask(before)
    door.listen(BACKLOG)
    return door


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        return probe.connect_ex(str(path)) == 0
