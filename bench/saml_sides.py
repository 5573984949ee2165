"""The sides of the SAML benches: a hub with one partner that logs in there, and a catalogue of any size."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from bench import sides
from bench.catalogue import organisation_id
from bench.processes import Process
from bench.saml_load import SamlTarget
from bench.saml_peers import PARTNER, certificate, key_file
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

CONSUMER = "http://localhost:9/acs"
NUMBER = "999990019"
SERVICE = ServiceId(UUID("01929d2e-0000-7000-8000-0000000be7d1"))


async def side(name: str, folder: Path, database: str, more: Sequence[Record] = ()) -> sides.Side:
    """Start a hub on an empty database with one partner in SAML, and with `more` in its catalogue."""
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
