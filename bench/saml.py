"""Complete SAML logins: a signed request in, an artifact out and resolved, the BSN encrypted in between.

Measured as the login bench measures: CPU of the server's process by the kernel's account, visitors and
PostgreSQL on the other core. Beside it SATOSA, pysaml2 with its default back end, which does the messages
only, and what the XML alone costs with the bare libraries: two messages verified and two signed by xmlsec,
one key wrapped and one name encrypted. No hub can be faster than that. The long form measures a hub with
12,500 providers and 10,000 connections beside one with a single connection.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from uuid import UUID

from bench import sides
from bench.catalogue import Size, made_up, organisation_id
from bench.login import AT_ONCE, MOST_MEMORY, MOST_SLOWER, MOST_START, Rounds, at_most, keep_off
from bench.measure import Measure, say
from bench.partners import made_up as made_up_partners
from bench.processes import Process, resident
from bench.saml_load import SamlTarget
from bench.saml_peers import PARTNER, Pysaml2, bare, certificate, key_file
from bench.satosa import Satosa
from bench.takes import server_of_ours
from tests.postgres import free_port
from toegang import storage
from toegang.assurance import Level
from toegang.catalogue.values import (
    AdmittedMeans,
    ClientId,
    Connection,
    Entity,
    EntityId,
    IdentityForm,
    Kind,
    Organisation,
    Record,
    SamlProfile,
    Service,
    ServiceId,
    ServiceNumber,
    Text,
)
from toegang.identity.enrolment import Enrolment
from toegang.identity.numbers import Bsn
from toegang.ids import SystemIds
from toegang.keys.files import load
from toegang.keys.ring import Algorithm
from toegang.keys.secret import FindingKey, SealingKey, read_secret
from toegang.saml.metadata.values import Endpoint, EntityMetadata, KeyUse, PartnerKey, ServiceProviderRole
from toegang.saml.names import Binding
from toegang.storage import PeopleStore

TARGET = 250.0  # logins per CPU-second
TIMES = 10.0
CONNECTIONS = 10_000
CONSUMER = "http://localhost:9/acs"
NUMBER = "999990019"
SERVICE = ServiceId(UUID("01929d2e-0000-7000-8000-0000000be7d1"))


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
            side = await _side(f"hub on {name}", folder / name, database)
            stack.callback(side.stop)
            engines.append(_Engine(name=name, rounds=Rounds(side=side)))
        found = _beside_peers(engines, (peer, proxy), turns, count)
        if quick:
            return found
        say("starting a hub with 12,500 providers, 40,000 services and 10,000 connections")
        many = [*_providers(), *made_up_partners(CONNECTIONS, CONNECTIONS, "")]
        large = await _side("hub with many", folder / "large", f"sqlite:///{folder}/large.db", many)
        stack.callback(large.stop)
        return found + _large_beside_small(large, engines[1].rounds.side, turns, count // 2)


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


def _large_beside_small(large: sides.Side, small: sides.Side, turns: int, count: int) -> list[Measure]:
    at_large, at_small = Rounds(side=large), Rounds(side=small)
    large.log_in(count, 1)
    for _ in range(turns):
        at_small.run(count, 1)
        at_large.run(count, 1)
    told = f"with {CONNECTIONS:,} connections"
    return [
        at_most(f"start {told}", "s", large.server.seconds_to_start, "limit", MOST_START),
        at_most(f"memory of a worker {told}", "MiB", resident(large.server.pid), "limit", MOST_MEMORY),
        at_most(
            f"half of the logins {told}",
            "ms",
            min(at_large.halves),
            "with one",
            min(at_small.halves),
            MOST_SLOWER,
        ),
    ]


def _providers() -> list[Record]:
    """Return the many providers of the login bench; the first is there already."""
    return [each for each in made_up(Size()) if getattr(each, "id", "") != organisation_id(0)]


def _beside(engine: _Engine, peer: str, value: float, *, least: float = 0.0) -> Measure:
    return Measure(
        name=f"SAML logins on {engine.name}, durable",
        unit="logins per CPU-second",
        value=median(engine.rounds.rates),
        peer=peer,
        peer_value=value,
        target=least,
    )


async def _side(name: str, folder: Path, database: str, more: Sequence[Record] = ()) -> sides.Side:
    port = free_port()
    settings = sides.prepared(folder, port, database)
    own = [
        replace(each, gives_bsn=True) if isinstance(each, AdmittedMeans) else each
        for each in sides.own_records()
    ]
    await sides.fill(database, [*own, *_records(), *more])
    target = SamlTarget(
        port=port,
        entity_id=PARTNER,
        key=str(key_file(folder / "partner.pem")),
        certificate=certificate(),
        hub_certificate=_hub_certificate(folder),
        consumer=CONSUMER,
        person=await _person(folder, database),
        number=NUMBER,
    )
    command = (sys.executable, "-m", "bench.hub", settings, str(port), "behind")
    server = Process(name, command, sides.SERVER_CORE, folder)
    server.wait_for(f"http://localhost:{port}/saml/metadata")
    visitors = Process(
        f"visitors of {name}", (sys.executable, "-m", "bench.saml_load"), sides.LOAD_CORE, folder
    )
    visitors.pin()
    visitors.tell(json.dumps(asdict(target)))
    return sides.Side(name=name, server=server, visitors=visitors)


def _hub_certificate(folder: Path) -> str:
    key = load(folder / "saml", certified=True).active(Algorithm.RS256, datetime.now(UTC))
    return key.certificate.base64 if key.certificate else ""


async def _person(folder: Path, url: str) -> str:
    """Enrol somebody with a BSN, by the secrets of this hub."""
    database = storage.database_at(url)
    await database.open()
    enrolment = Enrolment(
        people=PeopleStore(database),
        sealing=SealingKey.derive({1: read_secret(folder / "seal")}, "bsn"),
        finding=FindingKey.derive(read_secret(folder / "find"), "bsn"),
        ids=SystemIds(),
    )
    async with database.begin() as unit:
        person = await enrolment.enrol(unit, Bsn.parse(NUMBER), datetime.now(UTC))
    await database.close()
    return str(person.id)


def _records() -> list[Record]:
    """Return a provider whose service is told a BSN, and its connection by the scheme for access."""
    names, owner = Text(nl="Proef", en="Trial"), organisation_id(0)
    service = Service(
        id=SERVICE,
        organisation=owner,
        names=names,
        descriptions=names,
        level=Level.SUBSTANTIAL,
        identity=IdentityForm.BSN,
        confirm=False,
    )
    connection = Connection(
        id=ClientId("bench-saml"),
        organisation=owner,
        names=names,
        entity_id=EntityId(PARTNER),
        profile=SamlProfile.ST_SAML,
        services=(SERVICE,),
        service_indexes=(ServiceNumber(index=1, service=SERVICE),),
    )
    role = ServiceProviderRole(
        keys=(PartnerKey(use=KeyUse.BOTH, certificate=certificate()),),
        consumers=(Endpoint(binding=Binding.ARTIFACT, location=CONSUMER, index=0),),
    )
    entity = Entity(
        id=EntityId(PARTNER),
        organisation=owner,
        metadata=EntityMetadata(entity_id=PARTNER, service_provider=role),
        fetched_at=datetime.now(UTC),
    )
    organisation = Organisation(id=owner, names=names, kind=Kind.PUBLIC, sector="trial")
    return [organisation, service, connection, entity]
