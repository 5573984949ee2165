"""`toegang config`: whether the settings are right."""

from __future__ import annotations

import typer

from toegang.app import build
from toegang.app.examine import examine
from toegang.app.loose import loose
from toegang.cli.terminal import DEFAULT, ConfigFile, err, out, run, settings_of
from toegang.clock import SystemClock

app = typer.Typer(help="The settings: check them.", no_args_is_help=True)


@app.command("check")
def check(config_file: ConfigFile = DEFAULT) -> None:
    """Read the settings and everything they point at: keys, secrets, certificate, database, catalogue.

    Says everything that is wrong at once, each with what to do; exit code 1 when anything is. What is
    only looser than a production hub should be is said too, and is no error.
    """
    settings = settings_of(config_file)
    for found in loose(settings, SystemClock().now()):
        err.print(f"[yellow]loose[/]  {found.setting}: {found.why}")
    faults = run(examine(settings))
    for fault in faults:
        err.print(f"[bold red]wrong[/]  {fault.setting}: {fault.why}")
    if faults:
        raise typer.Exit(1)

    async def built() -> None:
        app = await build(settings)
        try:
            await app.rooms.ready()
        finally:
            await app.close()

    run(built())
    out.print(f"{config_file}: everything that it points at is there and can be used.")
