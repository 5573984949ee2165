"""`toegang documents`: whom the hub believes of identity documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from toegang.app.documents import trust_folders
from toegang.cli.terminal import DEFAULT, ConfigFile, err, out, settings_of
from toegang.clock import SystemClock
from toegang.emrtd.policy import SUBSTANTIAL
from toegang.errors import Misconfigured

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from toegang.emrtd.trust import Trust

app = typer.Typer(help="Identity documents: whom the hub believes of them.", no_args_is_help=True)
DAY = "%Y-%m-%d"


@app.command("check")
def check(config_file: ConfigFile = DEFAULT) -> None:
    """Read the folders of authorities, links, lists and masters, as a hub that starts would.

    Says of each authority until when it counts, and of each list of revoked certificates until when it is
    fresh: without a fresh list of a country its documents are refused. Exit code 1 when anything is wrong.
    """
    settings, now = settings_of(config_file), SystemClock().now()
    folders = trust_folders(settings)
    if not folders:
        out.print(
            "No identity documents are read: documents.travel_trust and documents.licence_trust are empty."
        )
    wrong = False
    for which, folder in folders.items():
        out.print(f"[bold]{which.name.lower()}[/]  {folder.path}")
        try:
            wrong |= _tell(folder.path, folder.trust(now), now)
        except Misconfigured as fault:
            err.print(f"[bold red]wrong[/]  {fault.detail}")
            wrong = True
    if wrong:
        raise typer.Exit(1)


def _tell(path: Path, trust: Trust, now: datetime) -> bool:
    """Tell of one folder; return whether its documents would be refused."""
    for authority in trust.authorities:
        until = f"{authority.not_after:{DAY}}" if authority.not_after > now else "[red]over[/]"
        out.print(f"  authority  {authority.country}  until {until}  {authority.sha256[:16]}")
    for each in trust.lists:
        fresh = f"fresh until {each.next_update:{DAY}}" if each.fresh(now) else "[red]not fresh[/]"
        out.print(f"  list       {each.country}  {fresh}  {len(each.serials)} revoked")
    missing = {each.country for each in trust.authorities} - trust.covered(SUBSTANTIAL, now)
    for country in sorted(missing):
        err.print(f"[bold red]wrong[/]  {country}: no fresh list of its authority; put one in {path}/lists")
    return bool(missing)
