"""`toegang figures`: accounts and logins by level, means and service, from the audit trail."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from toegang.app.cards import card_register
from toegang.catalogue.watch import load
from toegang.cli.terminal import DEFAULT, ConfigFile, err, ground, run, settings_of
from toegang.clock import SystemClock
from toegang.errors import Unavailable
from toegang.reports.counting import Reports
from toegang.reports.figures import Period, Wanted
from toegang.reports.paper import csv_of, lines_of
from toegang.reports.rollout import rollout_of
from toegang.reports.words import labels_of
from toegang.storage.cards import CardTable
from toegang.storage.catalogue import CatalogueTables
from toegang.storage.figures import FactTables

if TYPE_CHECKING:
    from toegang.app.ground import Ground
    from toegang.catalogue.snapshot import Snapshot
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

    async def counted() -> tuple[Figures, Snapshot]:
        async with ground(settings) as opened:
            facts = FactTables(database=opened.database)
            reports = Reports(units=opened.units, trail=opened.trail, facts=facts)
            events = await (reports.rebuild() if rebuild else reports.count())
            err.print(f"{events} events counted.")
            await told_of_cards(opened)
            return await reports.figures(wanted), await load(CatalogueTables(opened.database))

    made, snapshot = run(counted())
    if csv:
        typer.echo(csv_of(made), nl=False)
        return
    typer.echo(lines_of(made, labels_of(made, snapshot, "en")), nl=False)


async def told_of_cards(opened: Ground) -> None:
    """Tell beside the tables how many could log in with a card, and how many did."""
    if not opened.settings.cards.register:
        return
    try:
        found = await rollout_of(card_register(opened), CardTable(opened.database))
    except Unavailable as fault:
        err.print(f"[bold red]cards[/]  {fault.detail}")
        return
    for each in found:
        err.print(f"{each.kind}: {each.issued} in circulation, {each.active} made ready, {each.used} used.")
