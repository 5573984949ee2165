"""`toegang account`: block the account of a citizen, let its person open it again, and end their links.

Whose account it is, the operator says by the reference code of a login, or by a BSN that is asked and not
shown: an argument would stay in the history of the shell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from toegang.app import links, open_accounts, own_floor
from toegang.assurance import Scheme, name_of
from toegang.cli.terminal import DEFAULT, ConfigFile, fail, ground, out, run, settings_of
from toegang.errors import AccountClosed, NotLinked
from toegang.identity.numbers import Bsn
from toegang.means.external.linking import BY_OPERATOR
from toegang.storage.decisions import DecisionsStore

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime
    from pathlib import Path

    from toegang.app.ground import Ground
    from toegang.identity.people import PersonId
    from toegang.means.citizen.account import AccountId
    from toegang.means.citizen.accounts import Accounts
    from toegang.means.external.linking import Link

    Act = Callable[[Accounts, AccountId, datetime], Awaitable[None]]

app = typer.Typer(
    help="Accounts of citizens: block one, let its person open it, end its links.", no_args_is_help=True
)
Reference = Annotated[
    str, typer.Option(help="The reference code of a login of the person; without it their BSN is asked.")
]


@app.command("block")
def block(
    config_file: ConfigFile = DEFAULT,
    *,
    reference: Reference = "",
    reason: Annotated[str, typer.Option(help="A short word for the audit trail.")] = "fraud",
) -> None:
    """Block the person's account: it proves nothing from now on, and its person cannot recover it."""
    bsn = _asked_bsn(reference)
    run(_each(config_file, reference, bsn, lambda to, id_, now: to.operating.block(id_, reason, now)))
    out.print("Blocked.")


@app.command("unblock")
def unblock(config_file: ConfigFile = DEFAULT, *, reference: Reference = "") -> None:
    """Lift a block: the account stays shut until its person recovers it by letter."""
    bsn = _asked_bsn(reference)
    run(_each(config_file, reference, bsn, lambda to, id_, now: to.operating.unblock(id_, now)))
    out.print("The person can recover the account by letter now.")


@app.command("lift-level")
def lift_level(config_file: ConfigFile = DEFAULT, *, reference: Reference = "") -> None:
    """Take away the person's own lowest level, at once: only after a check of who they are at a desk."""
    bsn = _asked_bsn(reference)
    run(_lift(config_file, reference, bsn))
    out.print("The person has no lowest level any more.")


async def _lift(config_file: Path, reference: str, bsn: Bsn | None) -> None:
    """Lift it.

    Raises:
        AccountClosed: we know no such person.

    """
    async with ground(settings_of(config_file)) as opened, open_accounts(opened) as accounts:
        person = await _person(opened, accounts, reference, bsn)
        if person is None:
            message = "no such person"
            raise AccountClosed(message)
        await own_floor(opened, accounts).lift(person, opened.clock.now())


@app.command("links")
def show_links(config_file: ConfigFile = DEFAULT, *, reference: Reference = "") -> None:
    """List the login means of other parties that the person linked to themselves."""
    bsn = _asked_bsn(reference)
    for link in run(_links(config_file, reference, bsn)):
        level = name_of(link.level, Scheme.CATALOGUE)
        out.print(f"{link.means}  {level}  since {link.made_at:%Y-%m-%d}, used {link.last_used_at:%Y-%m-%d}")


@app.command("unlink")
def unlink(
    config_file: ConfigFile = DEFAULT,
    *,
    means: Annotated[str, typer.Option(help="Id of the means; without it every link is ended.")] = "",
    reference: Reference = "",
) -> None:
    """End the person's links: what was proven by them counts no more from now on."""
    bsn = _asked_bsn(reference)
    ended = run(_unlink(config_file, reference, bsn, means))
    out.print(f"{ended} links ended.")


async def _links(config_file: Path, reference: str, bsn: Bsn | None) -> tuple[Link, ...]:
    async with ground(settings_of(config_file)) as opened, open_accounts(opened) as accounts:
        person = await _person(opened, accounts, reference, bsn)
        return await links(opened, accounts).of_person(person) if person else ()


async def _unlink(config_file: Path, reference: str, bsn: Bsn | None, means: str) -> int:
    """End links, and return how many.

    Raises:
        NotLinked: there is none.

    """
    ended = 0
    async with ground(settings_of(config_file)) as opened, open_accounts(opened) as accounts:
        person, linking = await _person(opened, accounts, reference, bsn), links(opened, accounts)
        for link in await linking.of_person(person) if person else ():
            if means in {"", link.means}:
                await linking.end(link.person, link.id, BY_OPERATOR, opened.clock.now())
                ended += 1
    if not ended:
        message = "the person has no such link"
        raise NotLinked(message)
    return ended


def _asked_bsn(reference: str) -> Bsn | None:
    if reference:
        return None
    try:
        return Bsn.parse(typer.prompt("BSN", hide_input=True))
    except ValueError:
        fail("that is not a BSN")


async def _each(config_file: Path, reference: str, bsn: Bsn | None, act: Act) -> None:
    """Do it to every account of the person that it can be done to.

    Raises:
        AccountClosed: there is none.

    """
    done = 0
    async with ground(settings_of(config_file)) as opened, open_accounts(opened) as accounts:
        person = await _person(opened, accounts, reference, bsn)
        for account in await accounts.operating.of_person(person) if person else ():
            try:
                await act(accounts, account.id, opened.clock.now())
            except AccountClosed:
                continue
            done += 1
    if not done:
        message = "the person has no account that this can be done to"
        raise AccountClosed(message)


async def _person(opened: Ground, accounts: Accounts, reference: str, bsn: Bsn | None) -> PersonId | None:
    if bsn is None:
        decision = await DecisionsStore(opened.database).find(reference.upper())
        return decision.person if decision else None
    known = await accounts.operating.desk.enrolment.find(bsn)
    return known.id if known else None
