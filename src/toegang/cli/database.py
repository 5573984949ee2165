"""`toegang database`: the tables, and what is in the way of using them."""

from __future__ import annotations

import typer

from toegang.app.ground import open_database
from toegang.cli.terminal import DEFAULT, ConfigFile, out, run, settings_of
from toegang.storage import migrate

app = typer.Typer(help="The database: make and bring up to date its tables.", no_args_is_help=True)


@app.command("upgrade")
def upgrade(config_file: ConfigFile = DEFAULT) -> None:
    """Bring the tables to what this version needs. Safe to repeat, and while the hub serves."""
    settings = settings_of(config_file)
    run(migrate(open_database(settings)))
    out.print("The tables are up to date.")
