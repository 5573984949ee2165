"""A hub with 12,500 providers, 40,000 services and 10,000 connections, beside one with a single connection.

Both on SQLite; visitors log in by SAML, one at a time, at the hubs in turns.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from bench import saml_sides
from bench.catalogue import Size, made_up, organisation_id
from bench.login import MOST_MEMORY, at_most, large_beside_small
from bench.measure import Measure, say
from bench.partners import made_up as made_up_partners
from bench.processes import peak

if TYPE_CHECKING:
    from bench.sides import Side
    from toegang.catalogue.values import Record

CONNECTIONS = 10_000
TOLD = f"{CONNECTIONS:,} connections"


async def measure(*, quick: bool) -> list[Measure]:
    """Measure; the quick run logs in less often, at a hub that is as large."""
    turns, count = (2, 80) if quick else (5, 200)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="toegang-bench-")))
        say("starting a hub with one connection")
        small = await saml_sides.side("hub with one", folder / "small", f"sqlite:///{folder}/small.db")
        stack.callback(small.stop)
        return beside(await started(stack, folder), small, turns, count)


async def started(stack: ExitStack, folder: Path) -> Side:
    """Start the large hub, until `stack` ends."""
    say(f"starting a hub with 12,500 providers, 40,000 services and {TOLD}")
    records = [*_providers(), *made_up_partners(CONNECTIONS, CONNECTIONS, "")]
    large = await saml_sides.side("hub with many", folder / "large", f"sqlite:///{folder}/large.db", records)
    stack.callback(large.stop)
    return large


def beside(large: Side, small: Side, turns: int, count: int) -> list[Measure]:
    """Log in at both; tell what the large hub takes, and how much slower it is."""
    found = large_beside_small(large, small, turns, count, (TOLD, "one connection"))
    most = peak(large.server.pid)
    return [*found, at_most(f"most memory that it ever had with {TOLD}", "MiB", most, "limit", MOST_MEMORY)]


def _providers() -> list[Record]:
    """Return the many providers of the login bench; the first is there already."""
    return [each for each in made_up(Size()) if getattr(each, "id", "") != organisation_id(0)]
