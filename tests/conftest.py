"""Ground of all tests: a clock that stands still, the long forms, and the names of what was missing."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from types import FrameType

import pytest
import structlog
from hypothesis import HealthCheck, settings
from xdist.remote import Producer

from tests.parts import FAILED, MISSING, full
from tests.sharing import Sharing, arrange
from toegang.clock import FixedClock
from toegang.ids import SystemIds

# Examples may be slow on a machine that does other things too; a wrong answer is what counts.
settings.register_profile("toegang", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("toegang")

# The databases that store tests and journeys run on, the demo that browsers walk through, and long counts.
pytest_plugins = ("tests.databases", "tests.running_demo", "tests.volumes")

NOON = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    """Stand at noon of a Monday in March, in UTC (13:00 in Amsterdam)."""
    return FixedClock(NOON)


@pytest.fixture
def ids() -> SystemIds:
    """Draw from the operating system, as in production."""
    return SystemIds()


@pytest.fixture(autouse=True)
def log_as_before() -> Iterator[None]:
    """Put back where the log goes: a command that a test runs has it go to that test's own output."""
    written, handlers, level = structlog.get_config(), logging.root.handlers, logging.root.level
    known = [logging.getLogger(name) for name in ("uvicorn", "uvicorn.error")]
    said = [(logger, logger.level, logger.propagate, logger.disabled) for logger in known]
    yield
    structlog.configure(**written)
    logging.root.handlers, logging.root.level = handlers, level
    for logger, its_level, propagates, disabled in said:
        logger.propagate, logger.disabled = propagates, disabled
        logger.setLevel(its_level)


def pytest_configure() -> None:
    """Keep Ctrl-C with a handler of our own, which does what Python's does.

    Where asyncio's runner finds Python's it puts its own in place, for each fixture and each test, and
    taking that away writes out what the fixture returned (`signal` asks an enum whether the handler is
    one of its members, and the refusal is a text). A whole hub, its catalogue in it, took a second.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, interrupt)


def interrupt(number: int, frame: FrameType | None) -> None:
    """End the run as Python does, with KeyboardInterrupt."""
    signal.default_int_handler(number, frame)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Sharing:
    """Share the tests between the processes."""
    return Sharing(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is marked `full` unless the long forms were asked for.

    Raises:
        UsageError: a test has another name in each process, so that two cannot share the tests.

    """
    changing = [item.nodeid for item in items if "frozenset(" in item.nodeid or " at 0x" in item.nodeid]
    if changing:
        message = f"give its cases names (ids) that stay: {changing[0]}"
        raise pytest.UsageError(message)
    arrange(items)
    if full():
        return
    long_forms = [item for item in items if item.get_closest_marker("full")]
    if long_forms:
        config.hook.pytest_deselected(items=long_forms)
        items[:] = [item for item in items if item not in long_forms]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what went wrong before the tests, so that a green run never says more than it saw."""
    for line in lines_of(FAILED):
        terminalreporter.write_line(f"FAILED before the tests: {line}", red=True)
    for line in lines_of(MISSING):
        terminalreporter.write_line(f"not on this machine: {line}", yellow=True)


def lines_of(variable: str) -> Iterable[str]:
    """Return what tests/run.py left in an environment variable, one line each."""
    return filter(None, os.environ.get(variable, "").splitlines())
