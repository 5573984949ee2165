"""`toegang keys`: making, listing and rotating the hub's keys and secrets."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from toegang.cli.terminal import DEFAULT, ConfigFile, err, fail, out, settings_of
from toegang.clock import SystemClock
from toegang.errors import ToegangError
from toegang.ids import SystemIds
from toegang.keys import changes
from toegang.keys.ed25519 import Ed25519Key
from toegang.keys.files import load
from toegang.keys.ring import Algorithm

app = typer.Typer(help="Keys and secrets: make, list, rotate, retire, withdraw.", no_args_is_help=True)
FIRST = (Algorithm.ES256, Algorithm.RS256, Algorithm.PS256, Algorithm.RSA_OAEP_256)
Name = Annotated[Algorithm, typer.Argument(help="The algorithm, such as ES256.")]


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
    if not (settings.keys.oidc / "ring.toml").exists():
        for algorithm in FIRST:
            record = changes.generate(settings.keys.oidc, algorithm, now=SystemClock().now())
            out.print(f"made {algorithm.value} key {record.kid}")
    err.print("Keep a copy of these files where the backup of the database is not (docs/operations/keys.md).")


@app.command("list")
def list_keys(config_file: ConfigFile = DEFAULT) -> None:
    """List the OpenID provider's keys and what each does now."""
    settings, now = settings_of(config_file), SystemClock().now()
    try:
        ring = load(settings.keys.oidc)
    except ToegangError as error:
        fail(error.detail)
    for key in ring.keys:
        # The whole id, on a line of its own: `withdraw` asks for it.
        out.print(f"[bold]{key.kid}[/]")
        ends = f", retires {key.retires_at:%Y-%m-%d}" if key.retires_at else ""
        begins = f"published {key.published_from:%Y-%m-%d}, active {key.active_from:%Y-%m-%d}"
        out.print(f"  {key.algorithm.value} {key.state(now).value}: {begins}{ends}")


@app.command("rotate")
def rotate(algorithm: Name, config_file: ConfigFile = DEFAULT) -> None:
    """Make the next key of an algorithm: published now, active after eight days; the old one follows."""
    settings = settings_of(config_file)
    try:
        record = changes.rotate(settings.keys.oidc, algorithm, now=SystemClock().now())
    except ToegangError as error:
        fail(error.detail)
    out.print(f"{record.kid} is published now and signs from {record.active_from:%Y-%m-%d %H:%M} UTC.")


@app.command("withdraw")
def withdraw(
    kid: Annotated[str, typer.Argument(help="The key's id, as `toegang keys list` shows it.")],
    config_file: ConfigFile = DEFAULT,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take a key that others may have out of use at once. Tokens that it signed stop being good."""
    settings = settings_of(config_file)
    if not yes:
        typer.confirm(f"Withdraw {kid} now? Every token that it signed stops being good.", abort=True)
    try:
        record = changes.withdraw(settings.keys.oidc, kid, now=SystemClock().now())
    except ToegangError as error:
        fail(error.detail)
    out.print(f"{kid} is withdrawn; {record.kid} signs from now on.")


def _secret(path: Path) -> None:
    """Write 32 random bytes to a file that only its owner can read, unless it is there."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(SystemIds().secret(32))
    out.print(f"made {path}")
