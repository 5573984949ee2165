"""`toegang config`: whether the settings are right."""

from __future__ import annotations

import typer

from toegang.app import build
from toegang.cli.terminal import DEFAULT, ConfigFile, out, run, settings_of

app = typer.Typer(help="The settings: check them.", no_args_is_help=True)


@app.command("check")
def check(config_file: ConfigFile = DEFAULT) -> None:
    """Read the settings and everything they point at: keys, secrets, database, catalogue."""
    settings = settings_of(config_file)

    async def built() -> None:
        app = await build(settings)
        await app.rooms.ready()
        await app.close()

    run(built())
    out.print(f"{config_file}: everything that it points at is there and can be used.")
