"""A made-up catalogue of any size, and what it costs to load, to hold and to change.

`measure` fills a fresh database with 12,500 organisations, 40,000 services and 12,500 clients, then measures
in a process of its own, so that filling does not count: the time to load, the memory that the process holds,
and the longest pause of the event loop while one change, and while a change of everything, arrives.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING
from uuid import UUID

from bench.measure import Measure, say
from toegang.assurance import Level
from toegang.catalogue.records import Change
from toegang.catalogue.values import (
    AdmittedMeans,
    Attribute,
    AttributeGrant,
    Client,
    ClientId,
    Contact,
    IdentityForm,
    Kind,
    MeansId,
    Organisation,
    OrganisationId,
    PlannedLevel,
    Record,
    Service,
    ServiceId,
    Text,
)
from toegang.catalogue.watch import Catalogue, open_catalogue
from toegang.clock import monotonic
from toegang.storage import database_at, migrate
from toegang.storage.catalogue import CatalogueTables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toegang.storage import Database

ORGANISATIONS = 12_500
SERVICES = 40_000
CLIENTS = 12_500

JWKS = (
    '{"keys":[{"crv":"P-256","kid":"key-%05d","kty":"EC","use":"sig",'
    '"x":"Kso6NJpC3doSZA8TvqsV3mhU-ZRd6wBBtdQ6LssaS_o","y":"WfkP5pm7AYHcNJNkpErVkK9yHdvA-PXsXHyyLE4fkmY"}]}'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many of each."""

    organisations: int = ORGANISATIONS
    services: int = SERVICES
    clients: int = CLIENTS

    @classmethod
    def scaled(cls, scale: float) -> Size:
        """Return the full size times `scale`, at least one of each."""
        return cls(
            organisations=max(1, int(ORGANISATIONS * scale)),
            services=max(1, int(SERVICES * scale)),
            clients=max(1, int(CLIENTS * scale)),
        )


def made_up(size: Size) -> Iterator[Record]:
    """Yield a catalogue of `size`: always the same one, with texts as long as real ones."""
    yield AdmittedMeans(
        id=MeansId("account"),
        kind="account",
        organisation=organisation_id(0),
        names=_text("Toegang-account"),
        ceiling=Level.HIGH,
        gives_bsn=True,
    )
    for at in range(size.organisations):
        yield _organisation(at)
    for at in range(size.services):
        yield _service(at, at % size.organisations)
    for at in range(size.clients):
        own = range(at, size.services, size.organisations) if at < size.organisations else range(0)
        yield _client(at, at % size.organisations, tuple(service_id(service) for service in own))


def organisation_id(at: int) -> OrganisationId:
    """Name the organisation with this number."""
    return OrganisationId(f"zorgaanbieder-{at:05d}")


def service_id(at: int) -> ServiceId:
    """Name the service with this number."""
    return ServiceId(UUID(int=(0x0192D3A400007000 << 64) + (0x8 << 60) + at + 1))


def client_id(at: int) -> ClientId:
    """Name the client with this number."""
    return ClientId(f"portaal-{at:05d}")


def _text(word: str) -> Text:
    return Text(nl=word, en=f"{word} (en)")


def _organisation(at: int) -> Organisation:
    return Organisation(
        id=organisation_id(at),
        names=_text(f"Zorggroep Voorbeeld {at}"),
        kind=Kind.PUBLIC,
        sector="health",
        oin=f"{at:020d}",
        contacts=(Contact(role="technical", name=f"Team {at}", mail=f"team-{at}@zorg.example"),),
    )


def _service(at: int, owner: int) -> Service:
    plan = PlannedLevel(
        level=Level.HIGH,
        from_=datetime(2099, 1, 1, tzinfo=UTC),
        message=_text("Vanaf die dag logt u hier in op niveau hoog."),
    )
    grant = AttributeGrant(
        attribute=Attribute.FAMILY_NAME, purpose=_text("Om u te kunnen aanspreken in berichten.")
    )
    return Service(
        id=service_id(at),
        organisation=organisation_id(owner),
        names=_text(f"Uw dossier en uw afspraken bekijken ({at})"),
        descriptions=_text(f"Bekijk uw dossier, maak een afspraak en lees uw uitslagen; dienst {at}."),
        level=Level.SUBSTANTIAL,
        planned=(plan,) if at % 10 == 0 else (),
        identity=IdentityForm.BSN,
        attributes=(grant,),
    )


def _client(at: int, owner: int, services: tuple[ServiceId, ...]) -> Client:
    return Client(
        id=client_id(at),
        organisation=organisation_id(owner),
        names=_text(f"Portaal {at}"),
        services=services,
        redirect_uris=(f"https://portaal-{at}.zorg.example/callback",),
        post_logout_redirect_uris=(f"https://portaal-{at}.zorg.example/",),
        jwks=JWKS % at,
    )


async def fill(database: Database, size: Size) -> float:
    """Write a made-up catalogue in one unit; return the seconds that it took."""
    store = CatalogueTables(database)
    changes = [Change.put(record) for record in made_up(size)]
    begun = monotonic()
    async with database.begin() as unit:
        await store.write(unit, changes, await store.version())
    return monotonic() - begun


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """Seconds, and MiB of resident memory of the process."""

    load: float
    memory_before: float
    memory_after: float
    memory_peak: float
    pause_of_one: float
    pause_of_all: float


async def measure(*, quick: bool) -> list[Measure]:
    """Measure on SQLite; the quick run has a tenth of the records, and says less for that."""
    size = Size.scaled(0.1 if quick else 1.0)
    with tempfile.TemporaryDirectory(prefix="toegang-bench-") as folder:
        url = f"sqlite:///{folder}/bench.db"
        say("writing the catalogue")
        database = database_at(url)
        await migrate(database)
        await database.open()
        await fill(database, size)
        await database.close()
        say("loading and changing it")
        again = (sys.executable, "-m", "bench.catalogue", url, str(size.organisations), str(size.services))
        told = await asyncio.to_thread(_output_of, (*again, str(size.clients)))
    found = Costs(**json.loads(told))
    return [
        _within("load of the catalogue", "s", found.load, 10.0),
        _within("memory of the process with it", "MiB", found.memory_after, 250.0),
        _within("peak memory while it loads", "MiB", found.memory_peak, 250.0),
        _within("pause of the loop for one change", "ms", found.pause_of_one * 1000, 50.0),
        _within("pause of the loop when all changes", "ms", found.pause_of_all * 1000, 50.0),
    ]


def _output_of(command: tuple[str, ...]) -> str:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def _within(name: str, unit: str, value: float, limit: float) -> Measure:
    return Measure(
        name=name, unit=unit, value=value, peer="limit", peer_value=limit, target=1.0, at_most=True
    )


async def costs(database: Database, size: Size) -> Costs:
    """Load the catalogue and change it, watching the loop."""
    store = CatalogueTables(database)
    gc.collect()
    before = _resident("VmRSS")
    begun = monotonic()
    catalogue = await open_catalogue(store)
    load = monotonic() - begun
    gc.collect()
    after, peak = _resident("VmRSS"), _resident("VmHWM")
    return Costs(
        load=load,
        memory_before=before,
        memory_after=after,
        memory_peak=peak,
        pause_of_one=await _pause(database, catalogue, iter([_client(0, 0, (service_id(0),))])),
        pause_of_all=await _pause(database, catalogue, made_up(size)),
    )


async def _pause(database: Database, catalogue: Catalogue, records: Iterator[Record]) -> float:
    changes = [Change.put(replace(record, enabled=False)) for record in records]
    async with database.begin() as unit:
        await CatalogueTables(database).write(unit, changes, catalogue.current.version)
    # A node that follows does not hold what another node wrote.
    del changes
    gc.collect()
    beating = asyncio.create_task(_longest_beat())
    await asyncio.sleep(0)
    await catalogue.refresh()
    beating.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await beating
    return _BEATS.pop()


_BEATS: list[float] = []


async def _longest_beat() -> None:
    # This process's own time: on a busy machine others would be counted otherwise.
    longest, last = 0.0, process_time()
    try:
        while True:
            await asyncio.sleep(0)
            now = process_time()
            longest, last = max(longest, now - last), now
    finally:
        _BEATS.append(max(longest, process_time() - last))


def _resident(field: str) -> float:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(field):
            return int(line.split()[1]) / 1024
    return 0.0


async def _main() -> None:
    url, *counts = sys.argv[1:]
    organisations, services, clients = map(int, counts)
    database = database_at(url)
    await database.open()
    size = Size(organisations=organisations, services=services, clients=clients)
    print(json.dumps(asdict(await costs(database, size))))
    await database.close()


if __name__ == "__main__":
    asyncio.run(_main())
