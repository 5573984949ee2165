"""`toegang catalogue`: the catalogue as files: check, import, export, compare, simulate."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from toegang.app import simulating
from toegang.app.ground import entity_id, mandates_entity_id
from toegang.catalogue import exchange
from toegang.catalogue.exchange import CatalogueExchange, Order
from toegang.catalogue.lessening import lessened
from toegang.catalogue.records import Key, RecordKind
from toegang.cli import simulated
from toegang.cli.terminal import DEFAULT, ConfigFile, by_command, err, fail, ground, out, run, settings_of
from toegang.clock import SystemClock, monotonic
from toegang.mandates.simulating import changes
from toegang.means.kinds import KINDS
from toegang.storage.catalogue import CatalogueTables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toegang.app.ground import Ground
    from toegang.catalogue.exchange import Result
    from toegang.catalogue.problems import Problem
    from toegang.catalogue.snapshot import Snapshot
    from toegang.mandates.simulating import Tally

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
                by=by_command(),
                reason=reason,
                now=opened.clock.now(),
                complete=complete,
            )
            return await _exchange(opened).import_(order)

    result = run(imported())
    _stop_at(result.problems)
    _warn(result)
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
    _warn(result)
    err.print(f"{len(result.differences)} differences with version {result.version}.")


@app.command("simulate")
def simulate(
    files: Files,
    config_file: ConfigFile = DEFAULT,
    *,
    service: Annotated[str, typer.Option(help="The id of the one service that is meant.")] = "",
    as_json: Annotated[
        bool, typer.Option("--json", help="As JSON, for others: of a count of 1 to 9 only that it is small.")
    ] = False,
    complete: Complete = False,
) -> None:
    """Tell what other rules for who acts for another would do to mandates in force. Nothing is written.

    At once, and from the day that the files announce. Also how many logins of the last 90 days they would
    have refused. Counts only; nobody is named and no register is asked.
    """
    settings = settings_of(config_file)

    async def counted() -> tuple[Sequence[Problem], Sequence[Tally]]:
        async with ground(settings) as opened:
            now = opened.clock.now()
            before, checked = await _exchange(opened).beside(files, now, complete=complete)
            if checked.problems:
                return checked.problems, ()
            found = changes(before, checked.after, now)
            if service:
                _known(service, before, checked.after)
                found = tuple(each for each in found if str(each.before.id) == service.lower())
            room = await simulating(opened)
            return checked.problems, await room.run(found, now, Shown().looked)

    problems, tallies = run(counted())
    _stop_at(problems)
    if as_json:
        typer.echo(json.dumps([simulated.document(each) for each in tallies], indent=2))
        return
    for tally in tallies:
        typer.echo("\n".join(simulated.lines(tally)))
    err.print(f"{len(tallies)} changes of rules for who acts for another.")


def _known(service: str, *catalogues: Snapshot) -> None:
    """Stop where no catalogue has a service of this id: a slip of the pen must not read as no change."""
    if not any(each.holds(RecordKind.SERVICE, Key(service.lower())) for each in catalogues):
        fail("no service has that id")


def _warn(result: Result) -> None:
    """Say where something is taken away at once from people who were not told of it before."""
    for id_, keys in lessened(result.differences, SystemClock().now()):
        err.print(
            f"[yellow]Service {id_} admits less at once: {', '.join(keys)}.[/] What that does to mandates in"
            f" force: toegang catalogue simulate FILES --service {id_}, before the import. `announced` tells"
            " people in time."
        )


def _exchange(opened: Ground) -> CatalogueExchange:
    store = CatalogueTables(opened.database)
    own = frozenset({entity_id(opened.settings), mandates_entity_id(opened.settings)})
    return CatalogueExchange(
        store=store, trail=opened.trail, units=opened.units, kinds=KINDS, progress=Shown(), own=own
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

    def looked(self, what: str, done: int) -> None:
        """Show it where nobody knows how many there are."""
        if monotonic() - self._last >= SHOWN_EVERY:
            self._last = monotonic()
            err.print(f"{done:,} {what} looked at")


def _stop_at(problems: Sequence[Problem]) -> None:
    for problem in problems:
        typer.echo(str(problem), err=True)
    if problems:
        err.print(f"[bold red]{len(problems)} problems; nothing was changed.[/]")
        raise typer.Exit(1)
