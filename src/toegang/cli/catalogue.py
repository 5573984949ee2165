"""`toegang catalogue`: the catalogue as files: check, import, export, compare."""

from __future__ import annotations

import getpass
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from toegang.catalogue import exchange
from toegang.catalogue.exchange import CatalogueExchange, Order
from toegang.cli.terminal import DEFAULT, ConfigFile, err, ground, out, run, settings_of
from toegang.clock import SystemClock, monotonic
from toegang.means.kinds import KINDS
from toegang.storage.catalogue import CatalogueTables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toegang.app.ground import Ground
    from toegang.catalogue.exchange import Result
    from toegang.catalogue.problems import Problem

app = typer.Typer(help="The catalogue: organisations, services, clients, means.", no_args_is_help=True)
SHOWN_EVERY = 2.0  # seconds
Files = Annotated[list[Path], typer.Argument(help="YAML files, or folders of them.", exists=True)]
Complete = Annotated[
    bool, typer.Option("--complete", help="The files are the whole catalogue: remove what they do not name.")
]


@app.command("check")
def check(files: Files) -> None:
    """Say everything that is wrong with catalogue files: file, line, and what to do. Needs no database."""
    _stop_at(exchange.check(files, SystemClock().now(), KINDS, Shown()))
    out.print("No problems.")


@app.command("import")
def import_(
    files: Files,
    config_file: ConfigFile = DEFAULT,
    *,
    reason: Annotated[str, typer.Option(help="Why; it stands in the audit trail.")] = "import",
    complete: Complete = False,
) -> None:
    """Put catalogue files in force: all of them, or with any problem nothing. Live within five seconds."""
    settings = settings_of(config_file)

    async def imported() -> Result:
        async with ground(settings) as opened:
            order = Order(
                paths=tuple(files),
                by=f"command:{getpass.getuser()}",
                reason=reason,
                now=opened.clock.now(),
                complete=complete,
            )
            return await _exchange(opened).import_(order)

    result = run(imported())
    _stop_at(result.problems)
    out.print(f"Version {result.version}: {len(result.differences)} records changed.")


@app.command("export")
def export(
    config_file: ConfigFile = DEFAULT,
    to: Annotated[Path | None, typer.Option(help="A folder; without it everything is printed.")] = None,
) -> None:
    """Write the catalogue in force as files that can be imported again without any change."""
    settings = settings_of(config_file)

    async def exported() -> str:
        async with ground(settings) as opened:
            if to is None:
                return await _exchange(opened).export()
            return f"{await _exchange(opened).export_to(to)} files in {to}\n"

    typer.echo(run(exported()), nl=False)


@app.command("diff")
def diff(files: Files, config_file: ConfigFile = DEFAULT, *, complete: Complete = False) -> None:
    """Tell what an import of these files would change."""
    settings = settings_of(config_file)

    async def compared() -> Result:
        async with ground(settings) as opened:
            return await _exchange(opened).diff(files, opened.clock.now(), complete=complete)

    result = run(compared())
    _stop_at(result.problems)
    for difference in result.differences:
        typer.echo(str(difference))
    err.print(f"{len(result.differences)} differences with version {result.version}.")


def _exchange(opened: Ground) -> CatalogueExchange:
    store = CatalogueTables(opened.database)
    return CatalogueExchange(
        store=store, trail=opened.trail, units=opened.units, kinds=KINDS, progress=Shown()
    )


@dataclass(slots=True)
class Shown:
    """Shows how far a long check is, on standard error: a line every two seconds, none for what is quick."""

    _last: float = field(default_factory=monotonic)

    def __call__(self, what: str, done: int, of: int) -> None:
        """Show it, unless that was done a moment ago."""
        if monotonic() - self._last >= SHOWN_EVERY:
            self._last = monotonic()
            err.print(f"{done:,} of {of:,} {what}")


def _stop_at(problems: Sequence[Problem]) -> None:
    for problem in problems:
        typer.echo(str(problem), err=True)
    if problems:
        err.print(f"[bold red]{len(problems)} problems; nothing was changed.[/]")
        raise typer.Exit(1)
