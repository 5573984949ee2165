"""`toegang figures`: accounts and logins by level, means and service, from the audit trail."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from toegang.cli.terminal import DEFAULT, ConfigFile, err, ground, out, run, settings_of
from toegang.clock import SystemClock
from toegang.reports.counting import Reports
from toegang.reports.figures import Period, Wanted
from toegang.reports.paper import csv_of
from toegang.storage.figures import FactTables

if TYPE_CHECKING:
    from toegang.reports.figures import Figures

A_YEAR = timedelta(days=365)


def figures(  # noqa: PLR0913 every option of the command is a parameter
    config_file: ConfigFile = DEFAULT,
    from_: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.")] = None,
    until: Annotated[
        datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="The day after the last.")
    ] = None,
    per: Annotated[Period, typer.Option(help="By day or by month.")] = Period.MONTH,
    *,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Count the whole trail anew first.")] = False,
) -> None:
    """Print the public figures. Small numbers are hidden as on the public page."""
    settings = settings_of(config_file)
    today = SystemClock().now().date()
    wanted = Wanted(
        from_=from_.date() if from_ else today - A_YEAR,
        until=until.date() if until else today + timedelta(days=1),
        per=per,
    )

    async def counted() -> Figures:
        async with ground(settings) as opened:
            facts = FactTables(database=opened.database)
            reports = Reports(units=opened.units, trail=opened.trail, facts=facts)
            events = await (reports.rebuild() if rebuild else reports.count())
            err.print(f"{events} events counted.")
            return await reports.figures(wanted)

    made = run(counted())
    if csv:
        typer.echo(csv_of(made), nl=False)
        return
    for table in made.tables:
        _print(made, table.id.value, [(row.key, row.cells) for row in table.rows])


def _print(made: Figures, title: str, rows: list[tuple[str, tuple[int | None, ...]]]) -> None:
    shown = Table("", *(_label(day) for day in made.periods), title=title, title_justify="left")
    for key, cells in rows:
        shown.add_row(key, *("<10" if cell is None else str(cell) for cell in cells))
    out.print(shown)


def _label(day: date) -> str:
    return f"{day:%Y-%m-%d}"
