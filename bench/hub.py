"""The hub as a worker of `toegang serve` serves it, and with the means that costs nothing.

`python -m bench.hub CONFIG PORT [behind]`; stopped by SIGTERM. CONFIG is an ordinary file of settings. With
`behind`, what a proxy in front would say of certificates is believed, as over its unix socket.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn

from bench.means import KIND, ROUTES, BenchMeans
from toegang import config, log
from toegang.cli.serve import SERVER, open_files, open_house, places
from toegang.web.application import application
from toegang.web.certificates import BehindMutualTls

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class _ByItsSocket:
    """Serves every request as if it came over the unix socket of a proxy."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["client"] = None
        await self._app(scope, receive, send)


def main() -> None:
    """Serve until stopped."""
    settings = config.load(Path(sys.argv[1]), {})
    log.configure("warning")
    open_files(settings.listen)
    web: ASGIApp = application(lambda: open_house(settings, {KIND: BenchMeans()}), ROUTES)
    if "behind" in sys.argv:
        web = _ByItsSocket(BehindMutualTls(web))
    uvicorn.run(
        web,
        host="127.0.0.1",
        port=int(sys.argv[2]),
        **SERVER,
        limit_concurrency=places(settings.listen),
    )


if __name__ == "__main__":
    main()
