"""How far a long test is: with `./toegang test --full` some run for minutes, and say so meanwhile."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
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
    plugins = request.config.pluginmanager
    terminal: pytest.TerminalReporter | None = plugins.get_plugin("terminalreporter")
    capturing = plugins.get_plugin("capturemanager")

    def tell(line: str) -> None:
        # While a test runs, what is written is kept for its report; this is for who waits.
        with capturing.global_and_fixture_disabled() if capturing else nullcontext():
            if terminal:
                terminal.ensure_newline()
                terminal.write_line(line, flush=True)
            else:  # in a process that shares the tests
                print(line, file=sys.__stderr__, flush=True)

    def count(what: str, number: int) -> Iterator[int]:
        told = monotonic()
        for at in range(number):
            if monotonic() - told > BETWEEN_LINES:
                told = monotonic()
                tell(f"  {what}: {at:,} of {number:,}")
            yield at

    return count
