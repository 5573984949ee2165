"""The hub as a worker of `toegang serve` serves it, and with the means that costs nothing.

`python -m bench.hub CONFIG PORT`; stopped by SIGTERM. CONFIG is an ordinary file of settings.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn

from bench.means import KIND, ROUTES, BenchMeans
from toegang import config, log
from toegang.app import build
from toegang.cli.connection import GuardedConnection
from toegang.web.application import application

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from toegang.config import Settings
    from toegang.web.rooms import Rooms


def main() -> None:
    """Serve until stopped."""
    settings = config.load(Path(sys.argv[1]), {})
    log.configure("warning")
    web = application(lambda: _open(settings), ROUTES)
    uvicorn.run(
        web,
        host="127.0.0.1",
        port=int(sys.argv[2]),
        loop="uvloop",
        http=GuardedConnection,
        ws="none",
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        limit_concurrency=settings.listen.connections,
    )


@asynccontextmanager
async def _open(settings: Settings) -> AsyncIterator[Rooms]:
    """Open the house, with its loops running beside, as every worker does."""
    app = await build(settings, {KIND: BenchMeans()})
    app.rooms.pages.prepare()
    loops = asyncio.create_task(app.loops.run())
    try:
        yield app.rooms
    finally:
        loops.cancel()
        with suppress(asyncio.CancelledError):
            await loops
        await app.close()


if __name__ == "__main__":
    main()
