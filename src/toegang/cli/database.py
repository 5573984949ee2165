"""`toegang database`: the tables, and a copy of what is in them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from toegang.app.ground import open_database
from toegang.cli.terminal import DEFAULT, ConfigFile, fail, out, run, settings_of
from toegang.errors import ToegangError
from toegang.storage import migrate
from toegang.storage.backup import copy_sqlite

app = typer.Typer(help="The database: make and bring up to date its tables, copy it.", no_args_is_help=True)


@app.command("upgrade")
def upgrade(config_file: ConfigFile = DEFAULT) -> None:
    """Bring the tables to what this version needs. Safe to repeat, and while the hub serves."""
    settings = settings_of(config_file)
    try:
        database = open_database(settings)
    except ToegangError as error:
        fail(error.detail)
    run(migrate(database))
    out.print("The tables are up to date.")


@app.command("backup")
def backup(
    file: Annotated[Path, typer.Argument(help="The file to make; it must not exist.")],
    config_file: ConfigFile = DEFAULT,
) -> None:
    """Copy an SQLite database while the hub serves, as it is at one moment. Keys are not in it."""
    settings = settings_of(config_file)
    try:
        database = open_database(settings)
    except ToegangError as error:
        fail(error.detail)
    size = run(copy_sqlite(database, file))
    out.print(f"{file}: {size} bytes, readable by you only. Copy the checkpoints, then keep both elsewhere.")
