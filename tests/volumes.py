"""How far a long test is: with `./toegang test --full` some run for an hour, and say so meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import monotonic

import pytest

from tests.parts import full

BETWEEN_LINES = 20.0  # seconds

Counting = Callable[[str, int], Iterator[int]]


def volume(short: int, long: int) -> int:
    """Return how many to try: `long` with `--full`."""
    return long if full() else short


@pytest.fixture
def counting(request: pytest.FixtureRequest) -> Counting:
    """Give `counting(what, number)`: counts from 0, and tells on the terminal how far it is."""
    terminal: pytest.TerminalReporter | None = request.config.pluginmanager.get_plugin("terminalreporter")

    def count(what: str, number: int) -> Iterator[int]:
        told = monotonic()
        for at in range(number):
            if terminal and monotonic() - told > BETWEEN_LINES:
                told = monotonic()
                terminal.ensure_newline()
                terminal.write_line(f"  {what}: {at:,} of {number:,}")
            yield at

    return count
