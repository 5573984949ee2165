"""A house to walk through: the real app on a database of its own, with a small catalogue."""

from __future__ import annotations

import shutil
import ssl
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import httpx2
from cryptography import x509

from bench.means import KIND, ROUTES, BenchMeans
from tests.certificates import certify
from tests.conftest import NOON as NOON_OF_KEYS
from toegang import config
from toegang.app import App, build
from toegang.app.ground import Rings
from toegang.assurance import Level
from toegang.catalogue.records import Change
from toegang.catalogue.values import (
    AdmittedMeans,
    Client,
    ClientId,
    Kind,
    MeansId,
    Organisation,
    OrganisationId,
    Record,
    Service,
    ServiceId,
    SingleSignOn,
    Text,
)
from toegang.catalogue.write import CatalogueEditor, Edit
from toegang.clock import FixedClock
from toegang.ids import SystemIds
from toegang.keys import changes as key_changes
from toegang.keys.certificates import Subject
from toegang.keys.ed25519 import Ed25519Key
from toegang.keys.files import KeyDirectory
from toegang.keys.ring import Algorithm
from toegang.oidc.profile import ClientAuthentication
from toegang.storage.catalogue import CatalogueTables
from toegang.web.application import Application, application
from toegang.web.rooms import Rooms

ISSUER = "http://localhost:8000"
SECRET = "obviously-not-a-secret"
REDIRECT = "http://localhost:9000/callback"
TOWN, CLINIC, HUB = (OrganisationId(name) for name in ("town", "clinic", "hub"))
PERMIT, PORTAL, RESULTS, ACCOUNT = (
    ServiceId(UUID(f"01929d2e-0000-7000-8000-00000000000{number}")) for number in (1, 2, 3, 4)
)
BENCH, LOW_MEANS = MeansId("bench"), MeansId("bench-low")
TOWN_CLIENT, CLINIC_CLIENT = ClientId("town-client"), ClientId("clinic-client")


def text(word: str) -> Text:
    return Text(nl=f"{word} nl", en=f"{word} en")


def client(id_: ClientId, owner: OrganisationId, services: tuple[ServiceId, ...], **more: object) -> Client:
    made: dict[str, object] = {
        "id": id_,
        "organisation": owner,
        "names": text(id_),
        "services": services,
        "profile": "basic",
        "redirect_uris": (REDIRECT,),
        "post_logout_redirect_uris": ("http://localhost:9000/bye",),
        "authentication": ClientAuthentication.SECRET_BASIC,
        "secret_hashes": (sha256(SECRET.encode()).hexdigest(),),
        "id_token_alg": "ES256",
        "refresh_tokens": True,
    }
    return Client(**(made | more))  # type: ignore[arg-type]


def records() -> list[Record]:
    """Return a town with a service at low, a clinic with two services that share a login, two means."""
    sso = SingleSignOn(allowed=True, max_age=600)
    return [
        Organisation(id=HUB, names=text("Hub"), kind=Kind.PUBLIC, sector="access", oin="0" * 20),
        Organisation(id=TOWN, names=text("Town"), kind=Kind.PUBLIC, sector="towns", oin="0" * 19 + "1"),
        Organisation(id=CLINIC, names=text("Clinic"), kind=Kind.PRIVATE, sector="care"),
        service(PERMIT, TOWN, Level.LOW),
        service(PORTAL, CLINIC, Level.BASIC, single_sign_on=sso),
        service(RESULTS, CLINIC, Level.LOW, single_sign_on=sso),
        service(ACCOUNT, HUB, Level.BASIC),
        client(TOWN_CLIENT, TOWN, (PERMIT,)),
        client(CLINIC_CLIENT, CLINIC, (PORTAL, RESULTS)),
        client(ClientId("my-account"), HUB, (ACCOUNT,)),
        means(BENCH, Level.HIGH),
    ]


def service(id_: ServiceId, owner: OrganisationId, level: Level, **more: object) -> Service:
    made: dict[str, object] = {
        "id": id_,
        "organisation": owner,
        "names": text(f"Service {str(id_)[-1]}"),
        "descriptions": text("What it does"),
        "level": level,
        "confirm": False,
    }
    return Service(**(made | more))  # type: ignore[arg-type]


def means(id_: MeansId, ceiling: Level, **more: object) -> AdmittedMeans:
    made: dict[str, object] = {
        "id": id_,
        "kind": KIND,
        "organisation": HUB,
        "names": text(id_),
        "ceiling": ceiling,
    }
    return AdmittedMeans(**(made | more))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """An open house: its app, its clock, its means."""

    app: App
    web: Application
    clock: FixedClock
    means: BenchMeans

    async def put(self, *changed: Record) -> None:
        """Change the catalogue, as an operator would, and let this node see it."""
        editor = CatalogueEditor(store=CatalogueTables(self.app.ground.database), trail=self.app.ground.trail)
        catalogue = self.app.rooms.catalogue
        edit = Edit(base=catalogue.current, changes=tuple(map(Change.put, changed)), by="test", reason="test")
        async with self.app.ground.units.begin() as unit:
            assert await editor.write(unit, edit, self.clock.now()) is not None
        await catalogue.refresh()

    def browser(self) -> httpx2.AsyncClient:
        """Open a browser of its own: cookies, no redirects followed."""
        transport = httpx2.ASGITransport(app=self.web)
        return httpx2.AsyncClient(transport=transport, base_url=ISSUER, follow_redirects=False)


def write_secrets(folder: Path) -> None:
    """Make every key and secret once; copied for each house, because RSA keys take time."""
    for name in ("seal", "find", "pairwise", "tokens", "passwords"):
        path = folder / name
        path.touch(mode=0o600)
        path.write_bytes(SystemIds().secret(32))
    Ed25519Key.generate(folder / "trail.pem")
    clock = FixedClock(NOON_OF_KEYS)
    for algorithm in (Algorithm.ES256, Algorithm.RS256, Algorithm.PS256, Algorithm.RSA_OAEP_256):
        key_changes.generate(folder / "oidc", algorithm, now=clock.now())
    made_for = key_changes.Making(bits=2048, subject=Subject(common_name="localhost"))
    for algorithm in (Algorithm.RS256, Algorithm.RSA_OAEP):
        key_changes.generate(folder / "saml", algorithm, now=clock.now(), making=made_for)
    key_changes.generate(folder / "mandates", Algorithm.RS256, now=clock.now(), making=made_for)
    certify(folder, x509.DNSName("localhost")).chmod(0o600)


@cache
def keys_in(secrets: Path) -> Rings:
    """Read the keys once for all houses: OpenSSL takes half a second to check three RSA keys."""
    return Rings(
        oidc=KeyDirectory(path=secrets / "oidc"),
        saml=KeyDirectory(path=secrets / "saml", certified=True),
        mandates=KeyDirectory(path=secrets / "mandates", certified=True, optional=True),
    )


def demanding(settings: config.Settings) -> ssl.SSLContext:
    """Return the TLS of a partner whom the hub believes, and who turns away all but the hub."""
    known, context = settings.outbound.client_certificate, ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    assert known is not None
    context.load_cert_chain(known)
    context.load_verify_locations(known)
    context.verify_mode = ssl.CERT_REQUIRED
    return context


def settings_at(folder: Path, database_url: str) -> config.Settings:
    """Return settings with everything in `folder`; the parties outside listen nowhere."""
    nowhere = "http://localhost:1"
    return config.Settings(
        hub=config.Hub(issuer=ISSUER, account_service=str(ACCOUNT)),
        secrets=config.Secrets(
            seal=folder / "seal",
            find=folder / "find",
            pairwise=folder / "pairwise",
            tokens=folder / "tokens",
            passwords=folder / "passwords",
        ),
        keys=config.Keys(oidc=folder / "oidc", trail=folder / "trail.pem"),
        population=config.Population(url=nowhere),
        sms=config.Sms(url=nowhere),
        letters=config.Party(url=nowhere),
        storage=config.Storage(url=database_url),
        push=config.Push(services=("https://push.example", "http://127.0.0.1:1")),
        means=config.Means(secrets=folder / "elsewhere"),
        outbound=config.Outbound(
            networks=("127.0.0.0/8",),
            plain_http=("localhost",),
            authorities=folder / "party.pem",
            client_certificate=folder / "party.pem",
            client_key=folder / "party.pem",
        ),
        audit=config.Audit(checkpoints=folder / "checkpoints"),
    )


@asynccontextmanager
async def open_house(
    secrets: Path,
    folder: Path,
    database_url: str,
    catalogue: Iterable[Record] | None = None,
    furnish: Callable[[Rooms], Rooms] = lambda rooms: rooms,
) -> AsyncIterator[House]:
    """Open a house on a migrated, empty database; `furnish` may put something else into its rooms."""
    place = folder / "house"
    shutil.copytree(secrets, place)
    clock, proves = FixedClock(NOON_OF_KEYS), BenchMeans()
    built = await build(settings_at(place, database_url), {KIND: proves}, clock, keys_in(secrets))
    app = replace(built, rooms=furnish(built.rooms))

    @asynccontextmanager
    async def rooms() -> AsyncIterator[object]:
        yield app.rooms

    web = application(rooms, ROUTES)  # type: ignore[arg-type]
    house = House(app=app, web=web, clock=clock, means=proves)
    await house.put(*(records() if catalogue is None else catalogue))
    try:
        async with web.opened():
            yield house
    finally:
        await app.close()
