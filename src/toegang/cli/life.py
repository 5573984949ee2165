"""`toegang life`: the events of the population register that could not be done, and what to do with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from toegang.app import life, open_accounts
from toegang.cli.terminal import DEFAULT, ConfigFile, fail, ground, out, run, settings_of
from toegang.means.life.following import MOST

if TYPE_CHECKING:
    from pathlib import Path

    from toegang.means.life.store import Aside

app = typer.Typer(help="Events of the population register that were set aside.", no_args_is_help=True)


@app.command("aside")
def aside(config_file: ConfigFile = DEFAULT) -> None:
    """List what could not be done: its id, what it is, why not, how often it was tried."""
    for each in run(_aside(config_file)):
        out.print(f"{each.id.hex()[:12]}  {each.kind}  {each.code}  {each.at:%Y-%m-%d %H:%M}  {each.tries}x")


@app.command("again")
def again(config_file: ConfigFile = DEFAULT) -> None:
    """Try once more what lies aside; what is done is taken off the list."""
    out.print(f"{run(_again(config_file))} done.")


@app.command("drop")
def drop(
    id_: Annotated[
        str, typer.Argument(help="The first digits of its id, as `aside` lists them.", metavar="ID")
    ],
    config_file: ConfigFile = DEFAULT,
) -> None:
    """Take one off the list without doing it: when it was put right by hand."""
    if not run(_drop(config_file, id_)):
        fail("nothing, or more than one, lies aside by that id")
    out.print("Dropped.")


async def _aside(config_file: Path) -> tuple[Aside, ...]:
    async with ground(settings_of(config_file)) as opened, open_accounts(opened) as accounts:
        return await life(opened, accounts).desk.store.aside(MOST)


async def _again(config_file: Path) -> int:
    async with ground(settings_of(config_file)) as opened, open_accounts(opened) as accounts:
        return await life(opened, accounts).following.again(opened.clock.now())


async def _drop(config_file: Path, id_: str) -> bool:
    async with ground(settings_of(config_file)) as opened, open_accounts(opened) as accounts:
        store = life(opened, accounts).desk.store
        found = [each for each in await store.aside(MOST) if each.id.hex().startswith(id_.lower())]
        if len(found) != 1:
            return False
        async with opened.units.begin() as unit:
            return await store.drop_aside(unit, found[0].id)
