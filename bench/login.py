"""Complete logins, from authorize to userinfo: the hub beside oidc-provider (npm), which keeps all in memory.

The peer is as its documentation has it; in the long form there is a second, which is spared the redirect
to itself that no user of it can spare (bench/peer/server.js), so that what that costs shows.

What is measured is the CPU of the server's process, by the kernel's account (system time, threads and the
work that is left for after the answers included), never the clock on the wall: servers run on one core,
visitors and PostgreSQL on another, the two sides in turns. PostgreSQL's own CPU is told apart. The means
proves at once; what a password costs is told apart too.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import psycopg
from argon2 import PasswordHasher

from bench import sides
from bench.catalogue import Size
from bench.measure import Measure, say
from bench.processes import cpu_of, cpu_of_family, parent_of, resident
from bench.takes import server_of_ours
from toegang.ids import SystemIds
from toegang.keys.secret import FindingKey
from toegang.means.citizen.hashing import Cost, Hasher

if TYPE_CHECKING:
    from bench.sides import Side

PEER = "oidc-provider in memory"
SPARED = "the same, spared a request"
AT_ONCE = 16
SETTLE = 1.2  # seconds after which the trail's sequencer has done what the last logins left to it
SMALL = Size(organisations=10, services=30, clients=10)
LARGE = Size()

LEAST_RATIO = 1.25  # on PostgreSQL
MOST_START, MOST_MEMORY, MOST_SLOWER = 10.0, 250.0, 1.1  # seconds, MiB, times the small catalogue's


@dataclass(slots=True, kw_only=True)
class Rounds:
    """What the rounds of one side gave: logins per CPU-second, and the milliseconds of half of them."""

    side: Side
    rates: list[float] = field(default_factory=list)
    halves: list[float] = field(default_factory=list)

    def run(self, count: int, at_once: int) -> None:
        """Log in `count` times, and keep the figures."""
        begun = cpu_of(self.side.server.pid)
        times = self.side.log_in(count, at_once)
        time.sleep(SETTLE)
        self.rates.append(count / (cpu_of(self.side.server.pid) - begun))
        self.halves.append(median(times))


async def measure(*, quick: bool) -> list[Measure]:
    """Measure both engines beside the peer, hashing, and (unless quick) a large catalogue beside a small."""
    turns, count = (3, 200) if quick else (7, 1500)
    found: list[Measure] = []
    say("starting the peer, PostgreSQL and two hubs")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="toegang-bench-")))
        peers = [sides.peer(PEER, folder / "peer")]
        stack.callback(peers[0].stop)
        if not quick:
            peers.append(sides.peer(SPARED, folder / "spared", spared=True))
            stack.callback(peers[1].stop)
        address = stack.enter_context(server_of_ours())
        keep_off(address, sides.SERVER_CORE)
        durable = await sides.hub("hub on PostgreSQL", folder / "postgres", address, SMALL)
        stack.callback(durable.stop)
        embedded = await sides.hub("hub on SQLite", folder / "sqlite", _file(folder, "small"), SMALL)
        stack.callback(embedded.stop)
        found += _beside_peers(peers, durable, embedded, address, turns, count)
        if quick:
            return [*found, await hashing(4)]
        say("starting a hub with 12,500 providers and 40,000 services")
        large = await sides.hub("hub with 12,500 providers", folder / "large", _file(folder, "large"), LARGE)
        stack.callback(large.stop)
        told = ("12,500 providers", "10 providers")
        found += large_beside_small(large, embedded, turns, count // 5, told)
    return [*found, await hashing(40)]


def _beside_peers(  # noqa: PLR0913, PLR0917 all that takes turns
    peers: list[Side], durable: Side, embedded: Side, address: str, turns: int, count: int
) -> list[Measure]:
    on_postgres, on_sqlite = Rounds(side=durable), Rounds(side=embedded)
    theirs = [Rounds(side=peer) for peer in peers]
    everyone = (*theirs, on_postgres, on_sqlite)
    say(f"{turns + 1} rounds of {count} logins at each of {len(everyone)} sides; the first warms up")
    for each in everyone:
        each.side.log_in(count, AT_ONCE)
    time.sleep(SETTLE)
    spent = 0.0
    for turn in range(turns):
        say(f"round {turn + 1} of {turns}")
        for peer in theirs:
            peer.run(count, AT_ONCE)
        begun = _of_postgres(address)
        on_postgres.run(count, AT_ONCE)
        spent += _of_postgres(address) - begun
        on_sqlite.run(count, AT_ONCE)
    found = [_rate("PostgreSQL", on_postgres, theirs[0], LEAST_RATIO)]
    found += [_rate("PostgreSQL", on_postgres, spared, 0) for spared in theirs[1:]]
    found.append(_rate("SQLite", on_sqlite, theirs[0], 0))
    for engine, ours in (("PostgreSQL", on_postgres), ("SQLite", on_sqlite)):
        found.append(_told(f"half of the logins on {engine}, {AT_ONCE} at once", "ms", ours, theirs[0]))
    found.append(
        Measure(
            name="PostgreSQL's own CPU",
            unit="ms per login",
            value=spent / (turns * count) * 1000,
            peer="the hub's own",
            peer_value=1000 / median(on_postgres.rates),
            target=0,
        )
    )
    return found


def _rate(engine: str, ours: Rounds, theirs: Rounds, least: float) -> Measure:
    return Measure(
        name=f"logins on {engine}, durable",
        unit="logins per CPU-second",
        value=median(ours.rates),
        peer=theirs.side.name,
        peer_value=median(theirs.rates),
        target=least,
    )


def _told(name: str, unit: str, ours: Rounds, theirs: Rounds) -> Measure:
    """Return a figure that is told without a target."""
    return Measure(
        name=name,
        unit=unit,
        value=median(ours.halves),
        peer=PEER,
        peer_value=median(theirs.halves),
        target=0,
    )


def large_beside_small(
    large: Side, small: Side, turns: int, count: int, told: tuple[str, str]
) -> list[Measure]:
    """Log in at both, one at a time and in turns; `told` says what the large one and the small one have."""
    at_large, at_small = Rounds(side=large), Rounds(side=small)
    for each in (large, small):
        each.log_in(count, 1)
    for _ in range(turns):
        at_small.run(count, 1)
        at_large.run(count, 1)
    large_has, small_has = told
    halves = min(at_large.halves), min(at_small.halves)
    return [
        at_most(f"start with {large_has}", "s", large.server.seconds_to_start, "limit", MOST_START),
        at_most(
            f"memory of a worker with {large_has}", "MiB", resident(large.server.pid), "limit", MOST_MEMORY
        ),
        at_most(
            f"half of the logins with {large_has}",
            "ms",
            halves[0],
            f"with {small_has}",
            halves[1],
            MOST_SLOWER,
        ),
    ]


def at_most(  # noqa: PLR0913, PLR0917 a measure in one line
    name: str, unit: str, value: float, peer: str, peer_value: float, most: float = 1.0
) -> Measure:
    """Return a figure that may be at most so many times another."""
    return Measure(
        name=name, unit=unit, value=value, peer=peer, peer_value=peer_value, target=most, at_most=True
    )


async def hashing(count: int) -> Measure:
    """Measure what a password costs: ours, beside the bare library at the same cost."""
    cost = Cost()
    hasher = Hasher({1: FindingKey.derive(SystemIds().secret(32), "bench")}, cost=cost, threads=1)
    bare = PasswordHasher(time_cost=cost.passes, memory_cost=cost.memory, parallelism=1)
    begun = time.process_time()
    for _ in range(count):
        await hasher.hash("obviously not a password")
    ours = count / (time.process_time() - begun)
    begun = time.process_time()
    for _ in range(count):
        bare.hash("obviously not a password")
    theirs = count / (time.process_time() - begun)
    await asyncio.to_thread(hasher.close)
    return Measure(
        name="password hashes",
        unit="hashes per CPU-second",
        value=ours,
        peer="argon2-cffi",
        peer_value=theirs,
        target=0,
    )


def keep_off(address: str, core: int) -> None:
    """Have PostgreSQL work elsewhere than where the servers that are measured do, if we may say so."""
    others = set(range(os.cpu_count() or 1)) - {core}
    with psycopg.connect(address) as connection, suppress(OSError):
        os.sched_setaffinity(parent_of(connection.info.backend_pid), others or {core})


def _of_postgres(address: str) -> float:
    """Return the CPU seconds so far of all of PostgreSQL's processes on this machine."""
    with psycopg.connect(address) as connection:
        return cpu_of_family(parent_of(connection.info.backend_pid))


def _file(folder: Path, name: str) -> str:
    return f"sqlite:///{folder}/{name}.db"
