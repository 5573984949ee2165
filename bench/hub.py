"""The hub as a worker of `toegang serve` serves it, and with the means that costs nothing.

`python -m bench.hub CONFIG PORT`; stopped by SIGTERM. CONFIG is an ordinary file of settings.
"""

from __future__ import annotations

import sys
from pathlib import Path

import uvicorn

from bench.means import KIND, ROUTES, BenchMeans
from toegang import config, log
from toegang.cli.serve import SERVER, open_house
from toegang.web.application import application


def main() -> None:
    """Serve until stopped."""
    settings = config.load(Path(sys.argv[1]), {})
    log.configure("warning")
    web = application(lambda: open_house(settings, {KIND: BenchMeans()}), ROUTES)
    uvicorn.run(
        web,
        host="127.0.0.1",
        port=int(sys.argv[2]),
        **SERVER,
        limit_concurrency=settings.listen.connections,
    )


if __name__ == "__main__":
    main()
