"""`toegang account`: block or suspend the account of a citizen, undo that, and end their links.

Whose account it is, the operator says by the reference code of a login, or by a BSN that is asked and not
shown: an argument would stay in the history of the shell.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from toegang.app import life, links, open_accounts, own_floor
from toegang.assurance import Scheme, name_of
from toegang.cli.terminal import DEFAULT, ConfigFile, fail, ground, out, run, settings_of
from toegang.errors import AccountClosed, NotLinked
from toegang.identity.holds import HoldReason
from toegang.identity.numbers import Bsn
from toegang.means.citizen.holding import By, SuspensionReason
from toegang.means.citizen.operating import Suspension
from toegang.means.external.linking import BY_OPERATOR
from toegang.means.life import numbers
from toegang.means.life.numbers import Keep
from toegang.storage.decisions import DecisionsStore

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from toegang.app.ground import Ground
    from toegang.identity.holds import Hold
    from toegang.identity.people import PersonId
    from toegang.means.citizen.account import AccountId
    from toegang.means.citizen.accounts import Accounts
    from toegang.means.external.linking import Link

    Act = Callable[[Accounts, AccountId, datetime], Awaitable[None]]

app = typer.Typer(
    help="Accounts of citizens: block or suspend one, undo that, end its links.", no_args_is_help=True
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


@app.command("suspend")
def suspend(
    config_file: ConfigFile = DEFAULT,
    *,
    reason: Annotated[SuspensionReason, typer.Option(help="What the person is told.")],
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The last day of it.")],
    reference: Reference = "",
) -> None:
    """Suspend the person's account for a while: a letter tells them why and until when."""
    bsn = _asked_bsn(reference)
    told = run(_suspend(config_file, reference, bsn, Suspension(reason=reason, last_day=until.date())))
    out.print("Suspended." if told else "Suspended. No letter can reach the person.")


@app.command("resume")
def resume(config_file: ConfigFile = DEFAULT, *, reference: Reference = "") -> None:
    """Lift a suspension before its end: the account is again what it was."""
    bsn = _asked_bsn(reference)
    run(_resume(config_file, reference, bsn))
    out.print("The account is again what it was.")


@app.command("holds")
def show_holds(config_file: ConfigFile = DEFAULT, *, reference: Reference = "") -> None:
    """Say why the person's accounts stand still, if they do."""
    bsn = _asked_bsn(reference)
    for hold in run(_holds(config_file, reference, bsn)):
        until = f", until {hold.until:%Y-%m-%d}" if hold.until else ""
        words = f" ({hold.words})" if hold.reason is HoldReason.SUSPENDED else ""
        out.print(f"{hold.reason.value}{words}  since {hold.since:%Y-%m-%d}{until}")


@app.command("alive")
def alive(config_file: ConfigFile = DEFAULT, *, reference: Reference = "") -> None:
    """Take back that the person has died: for when the register was wrong and did not take it back."""
    bsn = _asked_bsn(reference)
    run(_alive(config_file, reference, bsn))
    out.print("The account is again what it was.")


@app.command("settle")
def settle(
    config_file: ConfigFile = DEFAULT,
    *,
    keep: Annotated[
        Keep,
        typer.Option(
            help="Whose account stays: of who got the corrected number, of the other who had it, or of both."
        ),
    ],
    reference: Reference = "",
) -> None:
    """Decide about two accounts that turned out to have one number; the one that does not stay ends."""
    bsn = _asked_bsn(reference)
    run(_settle(config_file, reference, bsn, keep))
    out.print("Settled.")


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


async def _suspend(config_file: Path, reference: str, bsn: Bsn | None, suspension: Suspension) -> bool:
    async with ground(settings_of(config_file)) as opened, open_accounts(opened) as accounts:
        person = await _known(opened, accounts, reference, bsn)
        return await accounts.operating.suspend(person, suspension, opened.clock.now())


async def _resume(config_file: Path, reference: str, bsn: Bsn | None) -> None:
    async with ground(settings_of(config_file)) as opened, open_accounts(opened) as accounts:
        person = await _known(opened, accounts, reference, bsn)
        await accounts.operating.resume(person, By.OPERATOR, opened.clock.now())


async def _holds(config_file: Path, reference: str, bsn: Bsn | None) -> tuple[Hold, ...]:
    async with ground(settings_of(config_file)) as opened, open_accounts(opened) as accounts:
        person = await _known(opened, accounts, reference, bsn)
        return await accounts.operating.desk.holds.of_person(person)


async def _alive(config_file: Path, reference: str, bsn: Bsn | None) -> None:
    async with ground(settings_of(config_file)) as opened, open_accounts(opened) as accounts:
        person = await _known(opened, accounts, reference, bsn)
        await accounts.operating.alive(person, opened.clock.now())


async def _settle(config_file: Path, reference: str, bsn: Bsn | None, keep: Keep) -> None:
    async with ground(settings_of(config_file)) as opened, open_accounts(opened) as accounts:
        person = await _known(opened, accounts, reference, bsn)
        await numbers.settle(life(opened, accounts).desk, person, keep, opened.clock.now())


async def _known(opened: Ground, accounts: Accounts, reference: str, bsn: Bsn | None) -> PersonId:
    person = await _person(opened, accounts, reference, bsn)
    if person is None:
        message = "there is no such person here"
        raise AccountClosed(message)
    return person


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
