"""How processes share the tests: all that is done in Chromium is one piece, every other file one of its own.

The tests in Chromium share a browser and a demo, and wait more than they compute: the process that has them
runs beside one with the others, and helps with those when it is done.
"""

from __future__ import annotations

import os

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

TOGETHER = ("tests/browser/", "tests/interop/")
_WORKER = "PYTEST_XDIST_WORKER"
_PORTS = 21_000  # the first that a test may take
_PORTS_EACH = 5_000


class Sharing(LoadScopeScheduling):  # type: ignore[misc] # a library without types
    """Hand out the pieces in the order of the tests: whoever is free takes the next."""

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        together = (folder for folder in TOGETHER if nodeid.startswith(folder))
        return next(together, nodeid.split("::", maxsplit=1)[0])


def arrange(items: list[pytest.Item]) -> None:
    """Put the tests in Chromium together: last, or first if processes share, for they take longest."""
    shared = _WORKER in os.environ
    items.sort(key=lambda item: [item.nodeid.startswith(folder) for folder in TOGETHER], reverse=shared)


def own_ports() -> range:
    """Return the ports that only this process takes."""
    worker = int(os.environ.get(_WORKER, "gw0").removeprefix("gw"))
    return range(_PORTS + worker * _PORTS_EACH, _PORTS + (worker + 1) * _PORTS_EACH)
