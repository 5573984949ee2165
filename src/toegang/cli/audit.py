"""`toegang audit`: whether the trail is whole, and what it says of one login."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from toegang.audit.sinks import read_checkpoints
from toegang.audit.verify import verify
from toegang.cli.terminal import DEFAULT, ConfigFile, err, fail, ground, out, run, settings_of
from toegang.storage.tree import TreeTables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toegang.audit.trail import Recorded
    from toegang.audit.verify import Findings

app = typer.Typer(help="The audit trail: verify it, read it.", no_args_is_help=True)


@app.command("verify")
def verify_command(
    config_file: ConfigFile = DEFAULT,
    checkpoints: Annotated[
        Path | None,
        typer.Option(help="Checkpoints kept outside the database; the file of the settings without it."),
    ] = None,
) -> None:
    """Recompute the whole trail and compare it with the checkpoints that left the database.

    Finds every edit, deletion, insertion, swap, truncation and re-signing. Exit code 1 when it does, and
    when no checkpoint from outside spoke of these events: then a re-signing by the key cannot be found.
    """
    settings = settings_of(config_file)
    outside = checkpoints or settings.audit.checkpoints
    if outside is None:
        fail("no checkpoints outside the database: give --checkpoints FILE, or set audit.checkpoints")

    async def verified() -> Findings:
        async with ground(settings) as opened:
            archive = TreeTables(database=opened.database)
            return await verify(archive, read_checkpoints(outside), opened.signer.verifier())

    findings = run(verified())
    out.print(
        f"{findings.size} events, compared with {findings.outside} checkpoints from outside; "
        f"{findings.beyond} newer than the last of them, {findings.waiting} not in the tree yet, "
        f"{findings.erased} personal values erased by rule."
    )
    for finding in findings.findings:
        where = "" if finding.index is None else f" at event {finding.index}"
        out.print(f"[bold red]{finding.fault.value}[/]{where}")
    if findings.findings:
        raise typer.Exit(1)
    if findings.size and not findings.outside:
        fail("nothing from outside was compared: who holds the key may have written all of this anew")
    out.print("[bold green]The trail is whole.[/]")


@app.command("show")
def show(
    reference: Annotated[str, typer.Argument(help="The reference code of a login.")],
    config_file: ConfigFile = DEFAULT,
) -> None:
    """Show what is recorded of one login, without who it was."""
    settings = settings_of(config_file)

    async def recorded() -> Sequence[Recorded]:
        async with ground(settings) as opened:
            return await opened.trail.by_reference(reference)

    found = run(recorded())
    for one in found:
        place = "waiting" if one.index is None else str(one.index)
        body = msgspec.to_builtins(one.event, enc_hook=str)
        body.pop("person", None)
        out.print(f"{place:>8}  {one.event.name:24} {msgspec.json.encode(body, enc_hook=str).decode()}")
    err.print(f"{len(found)} events.")
