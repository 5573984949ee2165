"""Pages that wait for an app, ten thousand of them, and what the logins beside them notice of it.

One hub, one worker on one core. Logins are measured alone and beside the waiting pages, in turns: alone,
beside, beside, alone, so that a machine that slows down slows both. Of each turn the slowest hundredth
counts, of these the middle one. Each page is of a login of its own and asks as its script does. Told besides:
the CPU of the hub for a login, with what its pages ask meanwhile, and what the pages cost while nothing
happens, in CPU and in memory.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from bench import sides
from bench.catalogue import Size
from bench.idle import Waiting
from bench.login import at_most, keep_off
from bench.measure import Measure, say
from bench.processes import Process, cpu_of, resident
from bench.takes import server_of_ours
from toegang.assurance import Level
from toegang.catalogue.values import MeansId, Text
from toegang.login.transaction import browser_hash
from toegang.means.app.pairing import Asked, Flow, Pairing
from toegang.storage import ExpiringStore, database_at

if TYPE_CHECKING:
    from bench.sides import Side

SMALL = Size(organisations=10, services=30, clients=10)
PAGES = 10_000
AT_ONCE = 8
MOST_SLOWER = 1.2
PATH = "/means/app/page-{}/state?stage=begun"
BROWSER = "obviously-the-same-browser"
IN_ONE_UNIT = 500
ASK_AGAIN = 6.0
"""Seconds after which logins are measured beside the pages: from then on those that were held ask again, each
at its own moment, as many in each second as for ever after."""
AT_REST, LOOK_EVERY, REST_LIMIT = 0.2, 0.5, 60.0
"""The share of its core, and for how many seconds, that a server without visitors takes at most; how many
seconds it gets to come to that."""
KIB = 1024


@dataclass(slots=True)
class Found:
    """What the turns gave, in milliseconds: of the slowest hundredth and of half, and of CPU for a login."""

    p99: list[float] = field(default_factory=list)
    halves: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def run(self, side: Side, count: int) -> None:
        """Log in, and keep the figures."""
        begun = cpu_of(side.server.pid)
        times = sorted(side.log_in(count, AT_ONCE))
        self.cpu.append((cpu_of(side.server.pid) - begun) / count * 1000)
        self.p99.append(times[int(len(times) * 0.99)])
        self.halves.append(median(times))


class _Rounds(NamedTuple):
    """How much is measured: pages, pairs of turns, logins in each turn, seconds that waiting is looked at."""

    pages: int
    pairs: int
    logins: int
    look: float


QUICK = _Rounds(pages=2_000, pairs=2, logins=300, look=2.0)
LONG = _Rounds(pages=PAGES, pairs=5, logins=1_000, look=20.0)


async def measure(*, quick: bool) -> list[Measure]:
    """Measure logins alone and beside pages that wait."""
    rounds = QUICK if quick else LONG
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="toegang-bench-")))
        say("starting PostgreSQL and a hub")
        address = stack.enter_context(server_of_ours())
        keep_off(address, sides.SERVER_CORE)
        side = await sides.hub("hub", folder / "hub", address, SMALL)
        stack.callback(side.stop)
        say(f"beginning {rounds.pages:,} logins with an app")
        await begin(address, rounds.pages)
        idle = Process("pages", (sys.executable, "-m", "bench.idle"), sides.LOAD_CORE, folder)
        stack.callback(idle.stop)
        idle.pin()
        waiting = Waiting(port=side.port, path=PATH, cookie=f"toegang-browser={BROWSER}")
        idle.tell(json.dumps(asdict(waiting)))
        return _Turns(side=side, idle=idle, rounds=rounds).run()


@dataclass(slots=True, kw_only=True)
class _Turns:
    """The turns of one hub, and what they gave: besides times, CPU in ms a second and KiB for each page."""

    side: Side
    idle: Process
    rounds: _Rounds
    alone: Found = field(default_factory=Found)
    beside: Found = field(default_factory=Found)
    cost: list[float] = field(default_factory=list)
    nobody: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)

    def run(self) -> list[Measure]:
        """Take all turns."""
        pairs, count = self.rounds.pairs, self.rounds.logins
        self.side.log_in(count, AT_ONCE)
        for pair in range(pairs):
            say(f"turns {pair * 2 + 1} and {pair * 2 + 2} of {pairs * 2}: {count:,} logins alone, and beside")
            self._alone()
            self._open()
            self.beside.run(self.side, count)
            self.cost.append(self._spent())
            self.beside.run(self.side, count)
            self.idle.ask("close")
            self._alone()
        self.nobody.append(self._spent())
        return self._found()

    def _alone(self) -> None:
        _rest(self.side.server.pid)
        self.alone.run(self.side, self.rounds.logins)

    def _open(self) -> None:
        """Have all pages wait, and look what they take."""
        pid, pages = self.side.server.pid, self.rounds.pages
        _rest(pid)
        before, begun = resident(pid), time.monotonic()
        told = json.loads(self.idle.ask(f"open {pages}"))
        if told["open"] != pages:
            message = f"only {told['open']} of {pages} pages wait"
            raise SystemExit(message)
        _rest(pid)
        time.sleep(max(0.0, begun + ASK_AGAIN - time.monotonic()))
        self.memory.append((resident(pid) - before) * KIB / pages)

    def _spent(self) -> float:
        """Return the CPU that the server takes now, in ms a second."""
        _rest(self.side.server.pid)
        begun = cpu_of(self.side.server.pid)
        time.sleep(self.rounds.look)
        return (cpu_of(self.side.server.pid) - begun) / self.rounds.look * 1000

    def _found(self) -> list[Measure]:
        pages, alone, beside = self.rounds.pages, self.alone, self.beside
        nobody = max(median(self.nobody), 1.0)
        return [
            at_most(
                f"slowest hundredth of logins beside {pages:,} pages that wait",
                "ms",
                median(beside.p99),
                "alone",
                median(alone.p99),
                MOST_SLOWER,
            ),
            _told("half of them", "ms", median(beside.halves), "alone", median(alone.halves)),
            _told("CPU of the hub for one of them", "ms", median(beside.cpu), "alone", median(alone.cpu)),
            _told(
                f"CPU while {pages:,} pages wait", "ms a second", median(self.cost), "while none does", nobody
            ),
            _told("memory of a page that waits", "KiB", max(self.memory), "a connection in all", 64.0),
        ]


def _rest(pid: int) -> None:
    """Wait until a server has done what it was asked, so that only what waits is left."""
    until, before = time.monotonic() + REST_LIMIT, cpu_of(pid)
    while time.monotonic() < until:
        time.sleep(LOOK_EVERY)
        before, last = cpu_of(pid), before
        if before - last < AT_REST * LOOK_EVERY:
            return
    message = "the server does not come to rest"
    raise SystemExit(message)


def _told(name: str, unit: str, value: float, peer: str, peer_value: float) -> Measure:
    return Measure(name=name, unit=unit, value=value, peer=peer, peer_value=peer_value, target=0)


async def begin(address: str, pages: int) -> None:
    """Write logins with an app that have just begun, each with a page of its own."""
    names = Text(nl="Proef", en="Trial")
    until = datetime.now(UTC) + timedelta(hours=1)
    pairing = Pairing(
        flow=Flow.LOGIN,
        browser=browser_hash(BROWSER),
        means=MeansId("app"),
        language="nl",
        until=until,
        asked=Asked(reference="BENCH", required=Level.LOW, provider=names, service=names),
    )
    database = database_at(address)
    await database.open()
    kept = ExpiringStore(database, "app-pairing", Pairing)
    for first in range(0, pages, IN_ONE_UNIT):
        async with database.begin() as unit:
            for number in range(first, min(first + IN_ONE_UNIT, pages)):
                await kept.keep(unit, f"page-{number}", pairing, until)
    await database.close()
