"""`toegang keys`: making, listing and rotating the hub's keys and secrets."""

from __future__ import annotations

import enum
import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from toegang.app.ground import certificate_subject
from toegang.cli.terminal import DEFAULT, ConfigFile, err, fail, out, settings_of
from toegang.clock import SystemClock
from toegang.errors import ToegangError
from toegang.ids import SystemIds
from toegang.keys import certificates, changes
from toegang.keys.changes import Making
from toegang.keys.ed25519 import Ed25519Key
from toegang.keys.files import RING_FILE, load
from toegang.keys.ring import OVERLAP, Algorithm, Use
from toegang.provider.saml.register import first_key

if TYPE_CHECKING:
    from toegang.config import Settings
    from toegang.keys.ring import KeyRecord

app = typer.Typer(help="Keys and secrets: make, list, rotate, retire, withdraw.", no_args_is_help=True)


class Ring(enum.StrEnum):
    """Whose keys: those of the OpenID provider, those for SAML, or those of the register of mandates."""

    OIDC = "oidc"
    SAML = "saml"
    MANDATES = "mandates"


FIRST = {
    Ring.OIDC: (Algorithm.ES256, Algorithm.RS256, Algorithm.PS256, Algorithm.RSA_OAEP_256),
    # Before the hub's: where that is there already, partners know it as who declares mandates.
    Ring.MANDATES: (Algorithm.RS256,),
    Ring.SAML: (Algorithm.RS256, Algorithm.RSA_OAEP),
}
Name = Annotated[Algorithm, typer.Argument(help="The algorithm, such as ES256.")]
Kid = Annotated[str, typer.Argument(help="The key's id, as `toegang keys list` shows it.")]
WhichRing = Annotated[Ring, typer.Option("--ring", help="Whose keys.")]


@app.command("init")
def init(config_file: ConfigFile = DEFAULT) -> None:
    """Make every key and secret that the settings name and that is not there yet. Nothing is replaced."""
    settings = settings_of(config_file)
    files = settings.secrets
    wanted = [files.seal, files.find, files.pairwise, files.tokens, files.passwords]
    for path in [*wanted, *([files.pairwise_next] if files.pairwise_next else [])]:
        _secret(path)
    if not settings.keys.trail.exists():
        settings.keys.trail.parent.mkdir(parents=True, exist_ok=True)
        Ed25519Key.generate(settings.keys.trail)
        out.print(f"made {settings.keys.trail}")
    try:
        for ring, algorithms in FIRST.items():
            for algorithm in algorithms if _is_new(settings, ring) else ():
                _made(settings, ring, algorithm)
    except ToegangError as error:
        fail(error.detail)
    err.print("Keep a copy of these files where the backup of the database is not (docs/operations/keys.md).")


@app.command("list")
def list_keys(config_file: ConfigFile = DEFAULT, *, ring: WhichRing = Ring.OIDC) -> None:
    """List keys and what each does now; those that go by a certificate with it."""
    settings, now = settings_of(config_file), SystemClock().now()
    try:
        found = load(_folder(settings, ring), certified=ring is not Ring.OIDC)
    except ToegangError as error:
        fail(error.detail)
    for key in found.keys:
        # The whole id, on a line of its own: `withdraw` asks for it.
        out.print(f"[bold]{key.kid}[/]")
        ends = f", retires {key.retires_at:%Y-%m-%d}" if key.retires_at else ""
        begins = f"published {key.published_from:%Y-%m-%d}, active {key.active_from:%Y-%m-%d}"
        out.print(f"  {key.algorithm.value} {key.state(now).value}: {begins}{ends}")
        if key.certificate is not None:
            until = f"{key.certificate.not_after:%Y-%m-%d}"
            out.print(f"  certificate of {key.certificate.subject} until {until}")
            out.print(f"  SHA-256 {certificates.spoken(key.certificate.sha256)}")


@app.command("generate")
def generate(
    algorithm: Name,
    config_file: ConfigFile = DEFAULT,
    *,
    ring: WhichRing = Ring.OIDC,
    days: Annotated[
        int | None, typer.Option(min=0, help="Days that it is published before it is used.")
    ] = None,
) -> None:
    """Make a key of an algorithm: in use at once when nothing of it is, else after eight days."""
    settings = settings_of(config_file)
    try:
        record = _made(settings, ring, algorithm, None if days is None else timedelta(days=days))
    except ToegangError as error:
        fail(error.detail)
    out.print(f"It is in use from {record.active_from:%Y-%m-%d %H:%M} UTC.")


@app.command("rotate")
def rotate(
    algorithm: Name,
    config_file: ConfigFile = DEFAULT,
    *,
    ring: WhichRing = Ring.OIDC,
    days: Annotated[
        int, typer.Option(min=OVERLAP.days, help="Days that the next key is published before it is used.")
    ] = OVERLAP.days,
) -> None:
    """Make the next key of an algorithm: published now, active after eight days; the old one follows."""
    settings = settings_of(config_file)
    try:
        record = changes.rotate(
            _folder(settings, ring),
            algorithm,
            now=SystemClock().now(),
            making=_making(settings, ring),
            after=timedelta(days=days),
        )
    except ToegangError as error:
        fail(error.detail)
    does = "signs" if record.use is Use.SIGNING else "is encrypted with"
    out.print(f"{record.kid} is published now and {does} from {record.active_from:%Y-%m-%d %H:%M} UTC.")


@app.command("retire")
def retire(kid: Kid, config_file: ConfigFile = DEFAULT, *, ring: WhichRing = Ring.OIDC) -> None:
    """End a key's use now, when another of its algorithm is in use; it stays published for eight days."""
    settings, now = settings_of(config_file), SystemClock().now()
    try:
        changes.retire(_folder(settings, ring), kid, at=now, now=now)
    except ToegangError as error:
        fail(error.detail)
    out.print(f"{kid} is out of use; it stays published until {now + OVERLAP:%Y-%m-%d}.")


@app.command("withdraw")
def withdraw(
    kid: Kid,
    config_file: ConfigFile = DEFAULT,
    *,
    ring: WhichRing = Ring.OIDC,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take a key that others may have out of use at once. Tokens that it signed stop being good."""
    settings = settings_of(config_file)
    if not yes:
        typer.confirm(f"Withdraw {kid} now? Every token that it signed stops being good.", abort=True)
    try:
        record = changes.withdraw(
            _folder(settings, ring), kid, now=SystemClock().now(), making=_making(settings, ring)
        )
    except ToegangError as error:
        fail(error.detail)
    out.print(f"{kid} is withdrawn; {record.kid} signs from now on.")


@app.command("request")
def request(kid: Kid, config_file: ConfigFile = DEFAULT) -> None:
    """Print a certificate signing request (PEM) for a key for SAML, to take to an authority."""
    settings = settings_of(config_file)
    try:
        _, record = _found(settings, kid)
        signs = record.use is Use.SIGNING
        pem = certificates.request(record.private, certificate_subject(settings), signs=signs)
    except ToegangError as error:
        fail(error.detail)
    typer.echo(pem, nl=False)


@app.command("place")
def place(
    kid: Kid,
    certificate: Annotated[Path, typer.Argument(help="The certificate (PEM or DER).", exists=True)],
    config_file: ConfigFile = DEFAULT,
) -> None:
    """Put the certificate that an authority made in place of the one that a key for SAML has."""
    settings = settings_of(config_file)
    try:
        folder, _ = _found(settings, kid)
        found = changes.place_certificate(folder, kid, certificate.read_bytes(), now=SystemClock().now())
    except ToegangError as error:
        fail(error.detail)
    out.print(f"{kid} goes by {found.subject} until {found.not_after:%Y-%m-%d}.")


def _folder(settings: Settings, ring: Ring) -> Path:
    keys = settings.keys
    return {Ring.OIDC: keys.oidc, Ring.SAML: keys.saml_folder, Ring.MANDATES: keys.mandates_folder}[ring]


def _is_new(settings: Settings, ring: Ring) -> bool:
    """Return whether a ring is to be begun; the register's only together with the hub's own."""
    there = (_folder(settings, ring) / RING_FILE).exists()
    if ring is Ring.MANDATES and not there and not _is_new(settings, Ring.SAML):
        command = first_key(load(_folder(settings, Ring.SAML), certified=True), SystemClock().now())
        ahead = ", and providers can take it over before it signs" if "--days" in command else ""
        err.print(
            f"The register of mandates has no key of its own. `{command}` makes one{ahead}; did it have one "
            "before, then put its folder back (docs/operations/keys.md)."
        )
        return False
    return not there


def _making(settings: Settings, ring: Ring) -> Making:
    if ring is Ring.OIDC:
        return changes.PLAIN
    return Making(bits=settings.saml.rsa_bits, subject=certificate_subject(settings))


def _made(settings: Settings, ring: Ring, algorithm: Algorithm, after: timedelta | None = None) -> KeyRecord:
    record = changes.generate(
        _folder(settings, ring),
        algorithm,
        now=SystemClock().now(),
        making=_making(settings, ring),
        after=after,
    )
    out.print(f"made {algorithm.value} key {record.kid} for {ring.value}")
    return record


def _found(settings: Settings, kid: str) -> tuple[Path, KeyRecord]:
    """Return a key that goes by a certificate, and the folder that it is in."""
    folders = (settings.keys.saml_folder, settings.keys.mandates_folder)
    rings = ((each, load(each)) for each in folders if (each / RING_FILE).exists())
    found = [(folder, key) for folder, ring in rings for key in ring.keys if key.kid == kid]
    if not found:
        fail(f"no key {kid} in {' or '.join(str(each) for each in folders)}")
    return found[0]


def _secret(path: Path) -> None:
    """Write 32 random bytes to a file that only its owner can read, unless it is there."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(SystemIds().secret(32))
    out.print(f"made {path}")
