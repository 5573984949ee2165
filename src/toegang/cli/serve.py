"""`toegang serve`: the hub, as one or more worker processes."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, nullcontext, suppress
from ipaddress import ip_network
from multiprocessing import parent_process
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
import uvicorn

from toegang import config, log
from toegang.app import build
from toegang.app.loose import loose
from toegang.app.metrics import serve_metrics
from toegang.cli import collecting, large_pages
from toegang.cli.connection import GuardedConnection
from toegang.cli.terminal import DEFAULT, ConfigFile, err, fail, settings_of
from toegang.cli.workers import Workers, open_door
from toegang.clock import SystemClock
from toegang.errors import ToegangError
from toegang.web.application import application
from toegang.web.certificates import BehindMutualTls
from toegang.web.proxies import BehindProxies

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping

    from starlette.types import ASGIApp

    from toegang.config import Listen, Settings
    from toegang.means.base import MeansKind
    from toegang.web.rooms import Rooms

CONFIG = "TOEGANG_CONFIG"  # how a worker process learns where the settings are
HEALTHCHECK = 30
"""Seconds within which a worker must answer its parent: a start on a busy machine is no death."""

KEEP_ALIVE = 15
"""Seconds that a connection without a request is kept for the next one."""

OWN_FILES = 256
"""Files that a worker has open besides its connections: database, keys, log."""

SERVER: Mapping[str, Any] = {
    "loop": "uvloop",
    "http": GuardedConnection,
    "ws": "none",
    "proxy_headers": False,  # BehindProxies reads the one header that we believe
    "server_header": False,
    "access_log": False,
    "log_config": None,
    "timeout_keep_alive": KEEP_ALIVE,
}
"""How every server of ours is made, whatever else differs."""


def serve(config_file: ConfigFile = DEFAULT) -> None:
    """Serve until stopped. SIGTERM and Ctrl-C stop gracefully: what is under way is finished first."""
    settings = settings_of(config_file)
    log.configure(settings.log.level)
    os.environ[CONFIG] = str(config_file.resolve())
    listen = settings.listen
    for found in loose(settings, SystemClock().now()):
        log.warning("start:loose", setting=found.setting, why=found.why)
    server = _server(settings)
    try:
        door = open_door(listen)
        with serve_metrics(listen.metrics_port) if listen.metrics_port else nullcontext():
            where = str(listen.socket) if listen.socket else f"{listen.host}:{listen.port}"
            err.print(f"Serving {settings.hub.issuer} on {where}, {listen.workers} workers. Ctrl-C stops.")
            workers = Workers(server, [door])
            workers.run()
    except ToegangError as error:
        fail(error.detail)
    finally:
        if listen.socket:
            listen.socket.unlink(missing_ok=True)
    if workers.failed():
        fail("a worker could not start; the lines above say why, and so may `toegang config check`")
    raise typer.Exit(0)


def _server(settings: Settings) -> uvicorn.Config:
    listen = settings.listen
    return uvicorn.Config(
        "toegang.cli.serve:worker",
        factory=True,
        workers=listen.workers,
        ssl_certfile=listen.certificate,
        ssl_keyfile=listen.private_key,
        **SERVER,
        limit_concurrency=places(listen),
        timeout_graceful_shutdown=listen.grace,
        timeout_worker_healthcheck=HEALTHCHECK,
    )


def places(listen: Listen) -> int:
    """Return how many connections a worker has open at most: those of logins, and of pages that wait."""
    return listen.connections + listen.pages


def open_files(listen: Listen) -> None:
    """Let this process have as many files open as it may need: one for each connection, and its own."""
    needed = places(listen) + OWN_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    if allowed < needed:
        log.warning("start:few-files", allowed=allowed, needed=needed)


def worker() -> ASGIApp:
    """Make the application of one worker process."""
    log.configure()
    with _told():
        settings = config.load(Path(os.environ[CONFIG]), os.environ)
        log.configure(settings.log.level)
        open_files(settings.listen)
        return behind(settings.listen, application(lambda: open_house(settings)))


def behind(listen: Listen, served: ASGIApp) -> ASGIApp:
    """Let the proxies in front be believed, as far as the settings say."""
    if listen.trusted_proxies or listen.socket:
        networks = tuple(map(ip_network, listen.trusted_proxies))
        served = BehindProxies(served, networks, over_socket=listen.socket is not None)
    # Outermost, where a request over the socket still has no address.
    return BehindMutualTls(served) if listen.client_certificates and listen.socket else served


@asynccontextmanager
async def open_house(
    settings: Settings, kinds: Mapping[str, MeansKind] | None = None
) -> AsyncIterator[Rooms]:
    """Open the house for as long as the worker serves, with its loops running beside.

    `kinds` are further kinds of means, that only a bench or a test has.
    """
    _end_with_parent()
    async with AsyncExitStack() as opened:
        with _told():
            app = await build(settings, kinds)
            opened.push_async_callback(app.close)
            app.rooms.pages.prepare()
        collecting.begin()
        large_pages.lay()
        for beside in (app.loops.run(), collecting.run()):
            opened.push_async_callback(_end, asyncio.create_task(beside))
        yield app.rooms


async def _end(beside: asyncio.Task[None]) -> None:
    beside.cancel()
    with suppress(asyncio.CancelledError):
        await beside


@contextmanager
def _told() -> Iterator[None]:
    """Log why a worker cannot start, without values: of a trace the server says one line."""
    try:
        yield
    except ToegangError as error:
        log.trouble("start:failed", error, code=error.code, detail=error.detail)
        raise
    except Exception as error:
        log.trouble("start:failed", error)
        raise


def _end_with_parent() -> None:
    """Stop gracefully when the parent is gone: nobody would replace or stop this worker any more."""
    parent = parent_process()
    if parent is None:
        return
    loop = asyncio.get_running_loop()

    def orphaned() -> None:
        loop.remove_reader(parent.sentinel)
        signal.raise_signal(signal.SIGTERM)

    loop.add_reader(parent.sentinel, orphaned)
