"""Complete SAML logins: a signed request in, an artifact out and resolved, the BSN encrypted in between.

Measured as the login bench measures: CPU of the server's process by the kernel's account, visitors and
PostgreSQL on the other core. Beside it, what the XML alone costs with the bare libraries: two messages
verified and two signed by xmlsec, one key wrapped and one name encrypted. No hub can be faster than that.
"""

from __future__ import annotations

import base64
import json
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from uuid import UUID

import xmlsec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import etree
from xmlsec import constants

from bench import sides
from bench.catalogue import organisation_id
from bench.login import AT_ONCE, Rounds, keep_off
from bench.measure import Measure, say
from bench.processes import Process
from bench.saml_load import SamlTarget
from bench.takes import server_of_ours
from tests.postgres import free_port
from tests.saml import parties
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
from toegang.saml import writing
from toegang.saml.encryption import PRESCRIBED, encrypt_id
from toegang.saml.messages import ArtifactResolve, ArtifactResponse, Status
from toegang.saml.metadata.values import Endpoint, EntityMetadata, KeyUse, PartnerKey, ServiceProviderRole
from toegang.saml.names import SUCCESS, Binding
from toegang.storage import PeopleStore

TARGET = 250.0  # logins per CPU-second
CONSUMER = "http://localhost:9/acs"
PARTNER = "urn:nl-eid-gdi:1.0:DV:00000000000000000001:entities:9001"
NUMBER = "999990019"
SERVICE = ServiceId(UUID("01929d2e-0000-7000-8000-0000000be7d1"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Engine:
    name: str
    rounds: Rounds


async def measure(*, quick: bool) -> list[Measure]:
    """Measure both engines, and the bare libraries in the same run."""
    turns, count = (3, 150) if quick else (5, 800)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="toegang-bench-")))
        say("starting PostgreSQL and two hubs")
        address = stack.enter_context(server_of_ours())
        keep_off(address, sides.SERVER_CORE)
        engines = []
        for name, database in (("PostgreSQL", address), ("SQLite", f"sqlite:///{folder}/hub.db")):
            side = await _side(f"hub on {name}", folder / name, database)
            stack.callback(side.stop)
            engines.append(_Engine(name=name, rounds=Rounds(side=side)))
        say(f"{turns + 1} rounds of {count} logins at each; the first warms up")
        for engine in engines:
            engine.rounds.side.log_in(count, AT_ONCE)
        bare = []
        for turn in range(turns):
            say(f"round {turn + 1} of {turns}")
            bare.append(_bare(count))
            for engine in engines:
                engine.rounds.run(count, AT_ONCE)
    found = [_beside(engine, "the target", TARGET, least=1.0) for engine in engines[:1]]
    found += [_beside(engine, "the target", TARGET, least=0.0) for engine in engines[1:]]
    return found + [_beside(engine, "bare xmlsec", median(bare), least=0.0) for engine in engines]


def _beside(engine: _Engine, peer: str, value: float, *, least: float) -> Measure:
    return Measure(
        name=f"SAML logins on {engine.name}, durable",
        unit="logins per CPU-second",
        value=median(engine.rounds.rates),
        peer=peer,
        peer_value=value,
        target=least,
    )


async def _side(name: str, folder: Path, database: str) -> sides.Side:
    port = free_port()
    settings = sides.prepared(folder, port, database)
    own = [
        replace(each, gives_bsn=True) if isinstance(each, AdmittedMeans) else each
        for each in sides.own_records()
    ]
    await sides.fill(database, [*own, *_records()])
    target = SamlTarget(
        port=port,
        entity_id=PARTNER,
        key=str(_key_file(folder)),
        certificate=_certificate(),
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


def _certificate() -> str:
    return base64.b64encode(parties.certificate("rsa", PARTNER)).decode()


def _hub_certificate(folder: Path) -> str:
    key = load(folder / "saml", certified=True).active(Algorithm.RS256, datetime.now(UTC))
    return key.certificate.base64 if key.certificate else ""


def _key_file(folder: Path) -> Path:
    path = folder / "partner.pem"
    private = parties.private_key("rsa", PARTNER)
    path.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path


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
        keys=(PartnerKey(use=KeyUse.BOTH, certificate=_certificate()),),
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


def _bare(count: int) -> float:
    """Return how often in a CPU-second the bare libraries do what the XML of one login asks."""
    key, now = parties.signing("rsa", PARTNER), datetime.now(UTC)
    asked = ArtifactResolve(id="_a", issuer=PARTNER, issued_at=now, artifact="x" * 60)
    signed = writing.artifact_resolve(asked, key)
    answer = ArtifactResponse(
        id="_r", issuer=PARTNER, issued_at=now, status=Status(code=SUCCESS), message=signed
    )
    unsigned = etree.tostring(_with_template(writing.artifact_response(answer, key)))
    pem = parties.private_key("rsa", PARTNER).private_bytes(
        Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()
    )
    private, trusted = (
        xmlsec.Key.from_memory(pem, constants.KeyDataFormatPem),
        parties.trusted("rsa", PARTNER),
    )
    begun = time.process_time()
    for _ in range(count):
        for _ in range(2):
            _verify(signed, trusted.native)
            _sign(unsigned, private)
        encrypt_id(b"<saml:NameID/>", PARTNER, trusted, PRESCRIBED)
    return count / (time.process_time() - begun)


def _with_template(octets: bytes) -> etree._Element:
    """Return a message with an empty signature of xmlsec's own."""
    root = etree.fromstring(octets)
    found = root.find("{http://www.w3.org/2000/09/xmldsig#}Signature")
    if found is not None:
        root.remove(found)
    template = xmlsec.template.create(root, constants.TransformExclC14N, constants.TransformRsaSha256)
    reference = xmlsec.template.add_reference(template, constants.TransformSha256, uri="#_r")
    xmlsec.template.add_transform(reference, constants.TransformEnveloped)
    xmlsec.template.add_transform(reference, constants.TransformExclC14N)
    root.insert(1, template)
    return root


def _verify(octets: bytes, key: xmlsec.Key) -> None:
    root = etree.fromstring(octets)
    context = xmlsec.SignatureContext()
    context.key = key
    context.register_id(root, "ID")
    context.verify(root[1])


def _sign(octets: bytes, key: xmlsec.Key) -> None:
    root = etree.fromstring(octets)
    context = xmlsec.SignatureContext()
    context.key = key
    context.register_id(root, "ID")
    context.sign(root[1])
