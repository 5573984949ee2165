"""`toegang mandates`: what is done about mandates beside what people do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from toegang.app import client_naming
from toegang.cli.terminal import DEFAULT, ConfigFile, ground, out, run, settings_of

if TYPE_CHECKING:
    from pathlib import Path

    from toegang.mandates.searching import Progress

app = typer.Typer(help="What is kept about mandates.", no_args_is_help=True)


@app.command("names")
def names(config_file: ConfigFile = DEFAULT) -> None:
    """Let clients be found by name who gave a mandate before names were kept. Safe to repeat or break off.

    Registers are asked for the names, a few at once, while the hub serves.
    """
    done = run(_names(config_file))
    out.print(f"{done.named} named.")
    if done.silent:
        out.print(f"{done.silent} not now: no register tells their names. Do it again later.")


async def _names(config_file: Path) -> Progress:
    async with ground(settings_of(config_file)) as opened:
        return await client_naming(opened).all(_tell)


def _tell(progress: Progress) -> None:
    out.print(f"{progress.looked_at} of {progress.places} places looked at, {progress.named} named.")
