"""`toegang serve`: the hub, as one or more worker processes."""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn

from toegang import config, log
from toegang.app import build
from toegang.cli.terminal import DEFAULT, ConfigFile, err, settings_of
from toegang.web.application import application

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.applications import Starlette

    from toegang.config import Settings
    from toegang.web.rooms import Rooms

CONFIG = "TOEGANG_CONFIG"  # how a worker process learns where the settings are


def serve(config_file: ConfigFile = DEFAULT) -> None:
    """Serve until stopped. SIGTERM and Ctrl-C stop gracefully: what is under way is finished first."""
    settings = settings_of(config_file)
    os.environ[CONFIG] = str(config_file.resolve())
    listen = settings.listen
    where = str(listen.socket) if listen.socket else f"{listen.host}:{listen.port}"
    err.print(f"Serving {settings.hub.issuer} on {where}, {listen.workers} workers. Ctrl-C stops.")
    uvicorn.run(
        "toegang.cli.serve:worker",
        factory=True,
        host=listen.host,
        port=listen.port,
        uds=str(listen.socket) if listen.socket else None,
        workers=listen.workers,
        loop="uvloop",
        http="httptools",
        ssl_certfile=listen.certificate,
        ssl_keyfile=listen.private_key,
        proxy_headers=bool(listen.trusted_proxies),
        forwarded_allow_ips=list(listen.trusted_proxies) or None,
        server_header=False,
        date_header=True,
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=listen.grace,
        limit_concurrency=None,
        h11_max_incomplete_event_size=65_536,
    )


def worker() -> Starlette:
    """Make the application of one worker process."""
    settings = config.load(Path(os.environ[CONFIG]), os.environ)
    log.configure(settings.log.level)
    return application(lambda: _open(settings))


@asynccontextmanager
async def _open(settings: Settings) -> AsyncIterator[Rooms]:
    """Open the house for as long as the worker serves, with its loops running beside."""
    app = await build(settings)
    app.rooms.pages.prepare()
    loops = asyncio.create_task(app.loops.run())
    try:
        yield app.rooms
    finally:
        loops.cancel()
        with suppress(asyncio.CancelledError):
            await loops
        await app.close()
