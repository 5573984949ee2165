"""Metrics: what Prometheus asks of the hub, summed over its workers.

Each worker counts in a file of its own, mapped into its memory; the parent process adds the files up
when it is asked, on a port of its own on the loopback address. So a count outlives the worker that made
it, and a worker that hangs cannot keep the figures from being read. Nothing here is about a person:
labels are words from our own lists (routes, levels, codes, kinds), never a value from a request.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from toegang import __version__
from toegang.assurance import Scheme, name_of
from toegang.audit.events import LoginCompleted, LoginRefused, LoginStarted
from toegang.errors import Misconfigured
from toegang.storage.trail import TrailTables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from toegang.assurance import Level
    from toegang.audit.event import Event
    from toegang.means.ladder import Ladder
    from toegang.units import Unit

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # how the library is told where workers keep their files
HOST = "127.0.0.1"
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
NEWEST, SUM, MOST, LEAST = "mostrecent", "livesum", "livemax", "livemin"


class Metrics:
    """Counts of one worker. What the whole hub shares (`gauge`, NEWEST) any worker may tell."""

    def __init__(self) -> None:
        """Begin with nothing counted."""
        self.requests = Histogram(
            "toegang_request_seconds",
            "Requests answered, by route and class of status.",
            ["method", "route", "status"],
            buckets=SECONDS,
            registry=None,
        )
        self.refusals = _counter("toegang_refusals", "Requests answered with a refusal, by its code.", "code")
        self.events = _counter("toegang_events", "Events recorded in the audit trail, by name.", "event")
        self.started = _counter("toegang_logins_started", "Logins begun, by level asked.", "level")
        self.completed = _counter(
            "toegang_logins_completed", "Logins that succeeded, by level and means.", "level", "means"
        )
        self.refused = _counter(
            "toegang_logins_refused", "Logins that were refused, by level and code.", "level", "code"
        )
        self.loops = _counter("toegang_loop_trouble", "Times that a loop was disturbed and went on.", "loop")
        self.post = _counter(
            "toegang_post_attempts", "Attempts to deliver messages, by outcome.", "kind", "outcome"
        )
        self._routes: dict[tuple[str, str, int], Histogram] = {}
        self._counted: dict[tuple[Counter, tuple[str, ...]], Counter] = {}
        self._gauges: dict[str, Gauge] = {}
        self.gauge("toegang_workers", "Workers that serve.", SUM).set(1)
        self.gauge("toegang_build_info", "Which version runs.", MOST, version=__version__).set(1)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request (web.rooms.Meter); on the way of every request, so looked up by one key."""
        key = method, route, status // 100
        series = self._routes.get(key)
        if series is None:
            series = self._routes[key] = self.requests.labels(method, route, f"{status // 100}xx")
        series.observe(seconds)

    def refused_with(self, code: str) -> None:
        """Count a refusal (web.rooms.Meter)."""
        self.count(self.refusals, code)

    def happened(self, events: tuple[Event, ...]) -> None:
        """Count events that were recorded and committed."""
        for event in events:
            self.count(self.events, event.name)
            if isinstance(event, LoginStarted):
                self.count(self.started, _name(event.required))
            elif isinstance(event, LoginCompleted):
                self.count(self.completed, _name(event.proven), event.means)
            elif isinstance(event, LoginRefused):
                self.count(self.refused, _name(event.required), event.code)

    def count(self, counter: Counter, *labels: str, by: int = 1) -> None:
        """Add to one of the counters above; its series is looked up by one key too."""
        series = self._counted.get((counter, labels))
        if series is None:
            series = self._counted[counter, labels] = counter.labels(*labels)
        series.inc(by)

    def gauge(self, name: str, about: str, how: str, /, **labels: str) -> Gauge:
        """Return the gauge of that name; `how` says what workers make together (NEWEST, SUM, MOST, LEAST)."""
        gauge = self._gauges.get(name)
        if gauge is None:
            # The four words are the library's own; its type lists them one by one.
            gauge = Gauge(name, about, list(labels), registry=None, multiprocess_mode=how)  # type: ignore[arg-type]
            self._gauges[name] = gauge
        return gauge.labels(**labels) if labels else gauge


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedTrail(TrailTables):
    """The trail, whose events are counted once they are committed, and followed by the ladder."""

    metrics: Metrics
    ladder: Ladder

    async def record(self, unit: Unit, *events: Event) -> None:
        """Append events in the unit of the act, and what they make of accounts (audit.trail.Trail)."""
        await TrailTables.record(self, unit, *events)
        followed = await self.ladder.follow(unit, events)
        if followed:
            await TrailTables.record(self, unit, *followed)
        unit.after_commit(partial(self.metrics.happened, (*events, *followed)))

    async def tell_steps(self, unit: Unit, now: datetime, most: int) -> int:
        """Record where accounts stand that were there before, at most so many at once; return how many."""
        told = await self.ladder.tell(unit, now, most)
        if told:
            await TrailTables.record(self, unit, *told)
            unit.after_commit(partial(self.metrics.happened, told))
        return len(told)


@contextmanager
def serve_metrics(port: int) -> Iterator[None]:
    """Tell what workers started meanwhile count, at `http://127.0.0.1:port/metrics`.

    Raises:
        Misconfigured: the port cannot be listened on.

    """
    registry = CollectorRegistry()
    with tempfile.TemporaryDirectory(prefix="toegang-metrics-") as folder:
        os.environ[FOLDER] = folder
        MultiProcessCollector(registry, folder)  # type: ignore[no-untyped-call]
        try:
            server, thread = start_http_server(port, HOST, registry)
        except OSError as error:
            message = f"cannot listen on {HOST}:{port} for the metrics: {error.strerror}"
            raise Misconfigured(message) from error
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
            del os.environ[FOLDER]


def forget_worker(pid: int | None) -> None:
    """Leave a dead worker out of what only living ones tell; what it counted stays."""
    folder = os.environ.get(FOLDER)
    if folder and pid is not None and Path(folder).is_dir():
        mark_process_dead(pid, folder)  # type: ignore[no-untyped-call]


def _counter(name: str, about: str, *labels: str) -> Counter:
    return Counter(name, about, labels, registry=None)


def _name(level: Level) -> str:
    """Return the level's name as the catalogue writes it."""
    return name_of(level, Scheme.CATALOGUE) or ""
