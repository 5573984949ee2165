"""Ten thousand partners in SAML: what it costs to hold their metadata, and to fetch it again beside logins.

`measure` fills a fresh database with 12,500 connections and 10,000 entities of some 6 kB each. In a process
of its own it loads them, fetches one signed document in which every entity has another key, takes all of
it over, and looks at everything as the cockpit does; meanwhile it watches how long the event loop pauses.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
import tempfile
from base64 import b64encode
from dataclasses import asdict, dataclass, replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from pathlib import Path
from threading import Thread
from time import thread_time
from typing import TYPE_CHECKING
from uuid import UUID

from bench.measure import Measure, say
from tests.saml.described import KEY, NOW, provider
from tests.saml.parties import HUB, IDP, LASTING, SP, certificate
from toegang import log
from toegang.catalogue.partners.cockpit import Facts, partners
from toegang.catalogue.partners.reading import DocumentReader
from toegang.catalogue.partners.refresh import MetadataRefresh
from toegang.catalogue.records import Change
from toegang.catalogue.values import (
    ClientId,
    Connection,
    Entity,
    EntityId,
    Kind,
    Organisation,
    OrganisationId,
    Record,
    SamlProfile,
    ServiceId,
    Text,
)
from toegang.catalogue.watch import open_catalogue
from toegang.catalogue.write import CatalogueEditor
from toegang.cli import collecting
from toegang.clock import monotonic
from toegang.errors import Unavailable
from toegang.ids import SystemIds
from toegang.keys.ring import KeyRing
from toegang.outbound.addresses import AllowedAddresses
from toegang.outbound.client import Outbound, Wire, tls_context
from toegang.saml.metadata.values import KeyUse, PartnerKey
from toegang.saml.metadata.write import Group, write_metadata
from toegang.storage import database_at, migrate
from toegang.storage.catalogue import CatalogueTables
from toegang.storage.partners import PartnerTables
from toegang.storage.trail import TrailTables

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterator

    from toegang.saml.metadata.values import EntityMetadata
    from toegang.storage import Database

ENTITIES, CONNECTIONS = 10_000, 12_500
OWNER = OrganisationId("zorg")
SERVICE = ServiceId(UUID(int=7))
NAMES = Text(nl="Zorgaanbieder", en="Care provider")
KEYS = tuple(
    PartnerKey(use=use, certificate=b64encode(certificate("rsa", who, LASTING)).decode(), name=name)
    for use, who, name in (
        (KeyUse.SIGNING, IDP, "current"),
        (KeyUse.SIGNING, HUB, "next"),
        (KeyUse.ENCRYPTION, SP, "current for encryption"),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """Seconds, and MiB of resident memory of the process; pauses are of its event loop."""

    load: float
    memory: float
    refresh: float
    refresh_pause: float
    follow_pause: float
    cockpit: float
    cockpit_pause: float
    changed: int


def described(number: int) -> EntityMetadata:
    """Return a partner, without an end that has passed: a hub warns of each certificate that ended."""
    found = provider(number)
    role = found.service_provider and replace(found.service_provider, keys=KEYS)
    return replace(found, service_provider=role, valid_until=None, cache_seconds=None)


def made_up(entities: int, connections: int, source: str) -> Iterator[Record]:
    """Yield a supplier's organisation, connections, and the metadata of most."""
    yield Organisation(id=OWNER, names=NAMES, kind=Kind.PUBLIC, sector="health", oin="0" * 20, supplier=True)
    signer = b64encode(certificate("rsa", HUB, LASTING)).decode()
    for at in range(connections):
        yield Connection(
            id=ClientId(f"zorg-{at:05d}"),
            organisation=OWNER,
            names=NAMES,
            entity_id=EntityId(described(at).entity_id),
            profile=SamlProfile.ST_SAML,
            services=(SERVICE,),
        )
    for at in range(entities):
        found = described(at)
        yield Entity(
            id=EntityId(found.entity_id),
            organisation=OWNER,
            metadata=found,
            fetched_at=NOW,
            source=source,
            signers=(signer,),
        )


def rekeyed(entities: int) -> bytes:
    """Return one signed document in which every partner has lost its first key."""
    found = []
    for at in range(entities):
        one = described(at)
        role = one.service_provider
        if role is not None:
            found.append(replace(one, service_provider=replace(role, keys=role.keys[1:])))
    return write_metadata(Group(members=tuple(found)), "_all", KEY)


async def measure(*, quick: bool) -> list[Measure]:
    """Measure on SQLite; the quick run has a tenth of the partners, and says less for that."""
    entities, connections = (ENTITIES // 10, CONNECTIONS // 10) if quick else (ENTITIES, CONNECTIONS)
    with tempfile.TemporaryDirectory(prefix="toegang-bench-") as folder:
        say("writing the document and the catalogue")
        (Path(folder) / "all.xml").write_bytes(rekeyed(entities))
        with _served(folder) as source:
            url = f"sqlite:///{folder}/bench.db"
            await _fill(url, made_up(entities, connections, source))
            say("loading, fetching and looking")
            command = (sys.executable, "-m", "bench.partners", url)
            told = await asyncio.to_thread(
                partial(subprocess.run, command, check=True, stdout=subprocess.PIPE, text=True)
            )
    found = Costs(**json.loads(told.stdout))
    return [
        _within(f"load of {entities:,} entities and {connections:,} connections", "s", found.load, 10.0),
        _within("memory of the process with them", "MiB", found.memory, 400.0),
        _within("pause of the loop while all are fetched again", "ms", found.refresh_pause * 1000, 50.0),
        _within("pause of a node that follows", "ms", found.follow_pause * 1000, 50.0),
        _within("pause of the loop while the cockpit looks", "ms", found.cockpit_pause * 1000, 50.0),
        _told("fetching, verifying and taking over", "s", found.refresh),
        _told("what the cockpit takes, beside requests", "s", found.cockpit),
        _told("entities that changed", "", float(found.changed)),
    ]


async def costs(database: Database) -> Costs:
    """Load the catalogue, refresh it, follow it, look at it."""
    store = CatalogueTables(database)
    begun = monotonic()
    catalogue = await open_catalogue(store)
    load = monotonic() - begun
    # Another node, which only follows what the first one writes.
    follower = await open_catalogue(store)
    # As a worker does when it has started.
    collecting.begin()
    memory = _resident()
    door, now = _refresh(database, catalogue), NOW.replace(day=3)
    (source,) = await door.due(now)
    with contextlib.suppress(Unavailable):
        # What a library loads with the first call ever is no part of the work.
        await door.outbound.request("nobody", "GET", "http://localhost:1/")
    begun, before = monotonic(), catalogue.current.version
    refreshed, refresh_pause = await _watched(door.refresh(source, now))
    refresh = monotonic() - begun
    if not refreshed:
        raise SystemExit(str(await door.store.sources()))
    _, follow_pause = await _watched(follower.refresh())
    facts = Facts.of(catalogue.current, KeyRing(keys=()), ((), await door.store.sources()), now)
    begun = monotonic()
    _, cockpit_pause = await _watched(asyncio.to_thread(partners, facts))
    return Costs(
        load=load,
        memory=memory,
        refresh=refresh,
        refresh_pause=refresh_pause,
        follow_pause=follow_pause,
        cockpit=monotonic() - begun,
        cockpit_pause=cockpit_pause,
        changed=catalogue.current.version - before,
    )


def _refresh(database: Database, catalogue: object) -> MetadataRefresh:
    trail = TrailTables(database=database, ids=SystemIds())
    wire = Wire(
        allowed=AllowedAddresses(networks=(ip_network("127.0.0.0/8"), ip_network("::1/128"))),
        plain_http=frozenset({"localhost"}),
        tls=tls_context(),
    )
    return MetadataRefresh(
        catalogue=catalogue,  # type: ignore[arg-type]
        editor=CatalogueEditor(store=CatalogueTables(database), trail=trail),
        store=PartnerTables(database),
        units=database.units(),
        outbound=Outbound(wire),
        trail=trail,
        reader=DocumentReader(),
    )


async def _watched(work: Awaitable[object]) -> tuple[object, float]:
    """Do some work; return the longest time that the loop did not get round, in its own time."""
    longest, last = 0.0, thread_time()

    async def beat() -> None:
        nonlocal longest, last
        while True:
            await asyncio.sleep(0.001)
            now = thread_time()
            longest, last = max(longest, now - last), now

    beating = asyncio.create_task(beat())
    await asyncio.sleep(0)
    last = thread_time()
    done = await work
    longest = max(longest, thread_time() - last)
    beating.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await beating
    return done, longest


async def _fill(url: str, records: Iterator[Record]) -> None:
    database = database_at(url)
    await migrate(database)
    await database.open()
    store = CatalogueTables(database)
    async with database.begin() as unit:
        await store.write(unit, [Change.put(record) for record in records], await store.version())
    await database.close()


@contextlib.contextmanager
def _served(folder: str) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}/all.xml"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _within(name: str, unit: str, value: float, limit: float) -> Measure:
    return Measure(
        name=name, unit=unit, value=value, peer="limit", peer_value=limit, target=1.0, at_most=True
    )


def _told(name: str, unit: str, value: float) -> Measure:
    return Measure(name=name, unit=unit, value=value, peer="as it is", peer_value=value or 1.0, target=0)


def _resident() -> float:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


async def _main() -> None:
    log.configure("error", sys.stderr)
    database = database_at(sys.argv[1])
    await database.open()
    print(json.dumps(asdict(await costs(database))))
    await database.close()


if __name__ == "__main__":
    asyncio.run(_main())
