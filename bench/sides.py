"""The two sides of the login bench: the hub with a catalogue of any size, and oidc-provider from npm."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, cast
from uuid import UUID

from bench.catalogue import Size, made_up, organisation_id
from bench.load import Target
from bench.means import KIND, PERSON
from bench.processes import Process
from tests import machine
from tests.postgres import free_port
from toegang import storage
from toegang.assurance import Level
from toegang.catalogue.records import Change
from toegang.catalogue.values import (
    AdmittedMeans,
    Client,
    ClientId,
    MeansId,
    Record,
    Service,
    ServiceId,
    Text,
)
from toegang.ids import SystemIds
from toegang.jose.segments import encode
from toegang.keys import changes
from toegang.keys.certificates import Subject
from toegang.keys.ed25519 import Ed25519Key
from toegang.keys.ring import Algorithm
from toegang.oidc.profile import ClientAuthentication
from toegang.storage.catalogue import CatalogueTables

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateNumbers

SERVER_CORE, LOAD_CORE = 0, (os.cpu_count() or 1) - 1
OLDEST_NODE = 22  # what oidc-provider supports
REDIRECT = "http://localhost:9/callback"
SECRET = "obviously-not-a-secret"
CLIENT = ClientId("bench-client")
SERVICE, ACCOUNT = (ServiceId(UUID(f"01929d2e-0000-7000-8000-0000000be7c{number}")) for number in (1, 2))

SETTINGS = """
[hub]
issuer = "http://localhost:{port}"
account_service = "{account}"

[storage]
url = "{database}"

[secrets]
seal = "{folder}/seal"
find = "{folder}/find"
pairwise = "{folder}/pairwise"
tokens = "{folder}/tokens"
passwords = "{folder}/passwords"

[keys]
oidc = "{folder}/oidc"
trail = "{folder}/trail.pem"

[audit]
checkpoints = "{folder}/checkpoints"

[population]
url = "http://localhost:9"

[sms]
url = "http://localhost:9"

[letters]
url = "http://localhost:9"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A provider that is up, and whoever logs in at it; `port` is the hub's."""

    name: str
    server: Process
    visitors: Process
    port: int = 0

    def log_in(self, count: int, at_once: int) -> list[float]:
        """Log in so many times; return the milliseconds of each."""
        times: list[float] = json.loads(self.visitors.ask(f"{count} {at_once}"))
        return times

    def stop(self) -> None:
        """Stop both."""
        self.visitors.stop()
        self.server.stop()


async def hub(name: str, folder: Path, database: str, size: Size) -> Side:
    """Start a hub on an empty database, with this many providers besides the one that asks."""
    port = free_port()
    settings = prepared(folder, port, database)
    await fill(database, [*made_up(size), *own_records()])
    server = Process(name, command(settings, port), SERVER_CORE, folder)
    server.wait_for(f"http://localhost:{port}/.well-known/openid-configuration")
    target = _target(port, "/oidc/authorize", "/oidc/token", "/oidc/userinfo")
    return Side(name=name, server=server, visitors=_visitors(name, target, folder), port=port)


def command(settings: Path, port: int) -> tuple[str | Path, ...]:
    """Return how a hub with these settings is started."""
    return (sys.executable, "-m", "bench.hub", settings, str(port))


def peer(name: str, folder: Path, *, spared: bool = False) -> Side:
    """Start oidc-provider with the same client; `spared` its redirect back to itself, or as it comes."""
    folder.mkdir()
    node, home = _peer_installed()
    port = free_port()
    key = changes.generate(folder / "keys", Algorithm.ES256, now=datetime.now(UTC))
    numbers = cast("EllipticCurvePrivateNumbers", key.private.private_numbers())
    asked = {
        "port": port,
        "client": {"id": CLIENT, "secret": SECRET, "redirect": REDIRECT},
        "key": {**key.jwk, "d": encode(numbers.private_value.to_bytes(32, "big"))},
        "cookies": SystemIds().token(),
        "person": str(PERSON),
        "spared": spared,
    }
    server = Process(name, (node, home / "server.js", json.dumps(asked)), SERVER_CORE, folder)
    server.wait_for(f"http://localhost:{port}/.well-known/openid-configuration")
    return Side(
        name=name, server=server, visitors=_visitors(name, _target(port, "/auth", "/token", "/me"), folder)
    )


def _target(port: int, authorize: str, token: str, userinfo: str) -> Target:
    return Target(
        port=port,
        authorize=authorize,
        token=token,
        userinfo=userinfo,
        client=CLIENT,
        secret=SECRET,
        redirect=REDIRECT,
    )


def _visitors(name: str, target: Target, folder: Path) -> Process:
    visitors = Process(f"visitors of {name}", (sys.executable, "-m", "bench.load"), LOAD_CORE, folder)
    visitors.pin()
    visitors.tell(json.dumps(asdict(target)))
    return visitors


def prepared(folder: Path, port: int, database: str) -> Path:
    """Write keys and settings into a new folder; return the file of settings."""
    folder.mkdir()
    _write_keys(folder)
    settings = folder / "hub.toml"
    text = SETTINGS.format(port=port, account=ACCOUNT, database=database, folder=folder)
    settings.write_text(text, encoding="utf-8")
    return settings


def _write_keys(folder: Path) -> None:
    for name in ("seal", "find", "pairwise", "tokens", "passwords"):
        path = folder / name
        path.touch(mode=0o600)
        path.write_bytes(SystemIds().secret(32))
    Ed25519Key.generate(folder / "trail.pem")
    for algorithm in (Algorithm.ES256, Algorithm.RS256, Algorithm.PS256, Algorithm.RSA_OAEP_256):
        changes.generate(folder / "oidc", algorithm, now=datetime.now(UTC))
    # Two thousand bits is what partners have; the hub's own default costs twice as much at every signature.
    making = changes.Making(bits=2048, subject=Subject(common_name="localhost"))
    for algorithm in (Algorithm.RS256, Algorithm.RSA_OAEP):
        changes.generate(folder / "saml", algorithm, now=datetime.now(UTC), making=making)


async def fill(url: str, records: list[Record]) -> None:
    """Put these records into an empty database."""
    database = storage.database_at(url)
    await storage.migrate(database)
    await database.open()
    store = CatalogueTables(database)
    async with database.begin() as unit:
        await store.write(unit, [Change.put(record) for record in records], await store.version())
    await database.close()


def own_records() -> list[Record]:
    """Return a service, its client, the means that costs nothing, and My account, which nobody visits."""
    names = Text(nl="Proef", en="Trial")
    owner = organisation_id(0)
    service = Service(
        id=SERVICE,
        organisation=owner,
        names=names,
        descriptions=names,
        level=Level.SUBSTANTIAL,
        confirm=False,
    )
    client = Client(
        id=CLIENT,
        organisation=owner,
        names=names,
        services=(SERVICE,),
        profile="basic",
        redirect_uris=(REDIRECT,),
        authentication=ClientAuthentication.SECRET_BASIC,
        secret_hashes=(sha256(SECRET.encode()).hexdigest(),),
        id_token_alg="ES256",
    )
    means = AdmittedMeans(id=MeansId("bench"), kind=KIND, organisation=owner, names=names, ceiling=Level.HIGH)
    own = replace(client, id=ClientId("my-account"), services=(ACCOUNT,))
    return [service, replace(service, id=ACCOUNT), client, own, means]


def _peer_installed() -> tuple[Path, Path]:
    """Install exactly what the lock names into .toegang/bench/peer; return Node and the folder."""
    missing: list[str] = []
    node = _node(missing)
    source, home = Path(__file__).parent / "peer", machine.OWN / "bench" / "peer"
    lock = source / "package-lock.json"
    done = home / "installed.lock"
    home.mkdir(parents=True, exist_ok=True)
    shutil.copy(source / "server.js", home)
    if node is not None and not (done.exists() and done.read_bytes() == lock.read_bytes()):
        for file in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(source / file, home)
        path = f"{node.parent}{os.pathsep}{os.environ['PATH']}"
        subprocess.run(["npm", "ci", "--silent"], cwd=home, check=True, env=os.environ | {"PATH": path})
        shutil.copy(lock, done)
    if node is None:
        raise SystemExit("\n".join(missing))
    # The package index's node is a script that starts the real one: what is measured must be the latter.
    real = subprocess.run([node, "-p", "process.execPath"], capture_output=True, text=True, check=True)
    return Path(real.stdout.strip()), home


def _node(missing: list[str]) -> Path | None:
    own = shutil.which("node")
    if own and shutil.which("npm") and machine.node_version(own) >= OLDEST_NODE:
        return Path(own)
    home = machine.virtual_environment("node", missing)
    return home / "bin" / "node" if home else None
