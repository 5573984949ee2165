"""Complete SAML logins: a signed request in, an artifact out and resolved, the BSN encrypted in between.

Measured as the login bench measures: CPU of the server's process by the kernel's account, visitors and
PostgreSQL on the other core. Beside it SATOSA, pysaml2 with its default back end, which does the messages
only, and what the XML alone costs with the bare libraries: two messages verified and two signed by xmlsec,
one key wrapped and one name encrypted. No hub can be faster than that. The long form measures a hub with
12,500 providers and 10,000 connections beside one with a single connection, as bench/many.py does alone.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench import many, sides
from bench.login import AT_ONCE, Rounds, keep_off
from bench.measure import Measure, say
from bench.saml_peers import Pysaml2, bare
from bench.saml_sides import side
from bench.satosa import Satosa
from bench.takes import server_of_ours

TARGET = 250.0  # logins per CPU-second
TIMES = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Engine:
    name: str
    rounds: Rounds


async def measure(*, quick: bool) -> list[Measure]:
    """Measure both engines, the peers in the same run, and (unless quick) many connections beside one."""
    turns, count = (2, 80) if quick else (5, 400)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="toegang-bench-")))
        say("starting pysaml2, SATOSA, PostgreSQL and two hubs")
        peer = Pysaml2(folder / "pysaml2")
        stack.callback(peer.stop)
        proxy = Satosa(folder / "satosa")
        stack.callback(proxy.stop)
        address = stack.enter_context(server_of_ours())
        keep_off(address, sides.SERVER_CORE)
        engines = []
        for name, database in (("PostgreSQL", address), ("SQLite", f"sqlite:///{folder}/hub.db")):
            hub = await side(f"hub on {name}", folder / name, database)
            stack.callback(hub.stop)
            engines.append(_Engine(name=name, rounds=Rounds(side=hub)))
        found = _beside_peers(engines, (peer, proxy), turns, count)
        if quick:
            return found
        large = await many.started(stack, folder)
        return found + many.beside(large, engines[1].rounds.side, turns, count // 2)


def _beside_peers(
    engines: list[_Engine], peers: tuple[Pysaml2, Satosa], turns: int, count: int
) -> list[Measure]:
    say(f"{turns + 1} rounds of {count} logins at each; the first warms up")
    for engine in engines:
        engine.rounds.side.log_in(count, AT_ONCE)
    alone, theirs, proxied = [], [], []
    for turn in range(turns):
        say(f"round {turn + 1} of {turns}")
        alone.append(bare(count))
        theirs.append(peers[0].rate(max(count // 32, 3)))
        proxied.append(peers[1].rate(max(count // 32, 3)))
        for engine in engines:
            engine.rounds.run(count, AT_ONCE)
    durable, embedded = engines
    return [
        _beside(durable, "the target", TARGET, least=1.0),
        _beside(durable, "pysaml2, the messages only", median(theirs), least=TIMES),
        _beside(durable, "SATOSA, from SAML to SAML", median(proxied), least=TIMES),
        _beside(durable, "bare xmlsec", median(alone)),
        _beside(embedded, "the target", TARGET),
        _beside(embedded, "pysaml2, the messages only", median(theirs)),
    ]


def _beside(engine: _Engine, peer: str, value: float, *, least: float = 0.0) -> Measure:
    return Measure(
        name=f"SAML logins on {engine.name}, durable",
        unit="logins per CPU-second",
        value=median(engine.rounds.rates),
        peer=peer,
        peer_value=value,
        target=least,
    )
