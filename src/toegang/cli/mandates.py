"""`toegang mandates`: what is done about mandates beside what people do.

Which mandate it is, the operator says by its reference: both sides find that on its page in My account. A
command shows what it is for and how it stands, and never who the two are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from toegang.app import client_naming, explaining, mandates_office
from toegang.assurance import Level, Scheme, name_of
from toegang.catalogue.gate import service_now
from toegang.catalogue.values import ServiceId
from toegang.cli import mandate_jobs
from toegang.cli.terminal import DEFAULT, ConfigFile, by_command, fail, ground, out, run, settings_of
from toegang.identity.numbers import Bsn, KvkNumber
from toegang.mandates.decide import Permit, Refused, StepUp
from toegang.mandates.edge import EdgeId
from toegang.mandates.explaining import Asked
from toegang.mandates.life import Act
from toegang.mandates.office import CAUSES, Cause, Order
from toegang.mandates.reasons import reason_of

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from toegang.audit.events import MandateReasonGiven
    from toegang.mandates.edge import Edge
    from toegang.mandates.explaining import Explanation
    from toegang.mandates.link import Link
    from toegang.mandates.numbers import Number
    from toegang.mandates.searching import Progress
    from toegang.mandates.statement import Statement

app = typer.Typer(help="What is kept about mandates, and what an authority decides.", no_args_is_help=True)
app.command("transfer")(mandate_jobs.transfer)
app.command("jobs")(mandate_jobs.jobs)
app.command("job")(mandate_jobs.job)
app.command("stop")(mandate_jobs.stop)
KVK_DIGITS = 8
Reference = Annotated[
    str, typer.Argument(help="The reference on the page of the mandate in My account.", metavar="REFERENCE")
]
Why = Annotated[Cause, typer.Option("--cause", help="Why; it stands in the audit trail.")]
Decision = Annotated[
    str, typer.Option(help="The reference of what was decided on paper, such as FRD-2027-0041; no names.")
]


@app.command("names")
def names(config_file: ConfigFile = DEFAULT) -> None:
    """Let clients be found by name who gave a mandate before names were kept. Safe to repeat or break off.

    Registers are asked for the names, a few at once, while the hub serves.
    """
    done = run(_names(config_file))
    out.print(f"{done.named} named.")
    if done.silent:
        out.print(f"{done.silent} not now: no register tells their names. Do it again later.")


@app.command("show")
def show(reference: Reference, config_file: ConfigFile = DEFAULT) -> None:
    """Show how a mandate stands: its kind, state, times and services, why people ended it, and its uses."""
    edge, uses, given = run(_shown(config_file, _id(reference)))
    _tell_of(edge, uses, "" if given is None else given.reason)


@app.command("suspend")
def suspend(
    reference: Reference, config_file: ConfigFile = DEFAULT, *, cause: Why, decision: Decision
) -> None:
    """Make a mandate stand still: nobody acts by it until it is resumed. Both sides hear of it."""
    _do(config_file, reference, Act.SUSPEND, cause, decision)
    out.print("It stands still.")


@app.command("resume")
def resume(
    reference: Reference, config_file: ConfigFile = DEFAULT, *, cause: Why, decision: Decision
) -> None:
    """Let a mandate that stands still go on as it was."""
    _do(config_file, reference, Act.RESUME, cause, decision)
    out.print("It is in force again.")


@app.command("revoke")
def revoke(
    reference: Reference, config_file: ConfigFile = DEFAULT, *, cause: Why, decision: Decision
) -> None:
    """End a mandate on the ground of a decision, for good. What was done by it before stays right."""
    _do(config_file, reference, Act.REVOKE, cause, decision)
    out.print("Ended.")


@app.command("void")
def void(reference: Reference, config_file: ConfigFile = DEFAULT, *, cause: Why, decision: Decision) -> None:
    """Declare a mandate void, as if it had never been given. Lists what was done by it, to tell services."""
    _do(config_file, reference, Act.VOID, cause, decision)
    out.print("Void. Everything that was done by it may be contested:")
    edge, uses, _ = run(_shown(config_file, _id(reference)))
    _tell_uses(edge, uses)


@app.command("explain")
def explain(
    service: Annotated[str, typer.Argument(help="Id of the service.", metavar="SERVICE")],
    config_file: ConfigFile = DEFAULT,
    *,
    level: Annotated[
        int, typer.Option(help="The level that the person logs in at: 20 is low, 25 substantial, 30 high.")
    ] = int(Level.HIGH),
) -> None:
    """Say why somebody may act for another at a service now, or not, rule by rule. The question is recorded.

    The numbers of both are asked, and not shown: an argument would stay in the history of the shell.
    """
    id_, at = ServiceId(_uuid(service, "that is not the id of a service")), _level(level)
    actor = _number(typer.prompt("BSN of who acts", hide_input=True))
    principal = _number(typer.prompt("BSN or KVK number of who is represented", hide_input=True))
    _tell_why(run(_explained(config_file, id_, at, (actor, principal))))


async def _explained(
    config_file: Path, service: ServiceId, level: Level, both: tuple[Number, Number]
) -> Explanation:
    async with ground(settings_of(config_file)) as opened:
        desk, catalogue = await explaining(opened)
        now = opened.clock.now()
        asked = Asked(
            by=by_command(),
            service=service_now(catalogue.current, service, now),
            level=level,
            actor=both[0],
            principal=both[1],
        )
        return await desk.explain(asked, now)


def _tell_why(told: Explanation) -> None:
    decision = told.decision
    if isinstance(decision, Permit):
        out.print(f"yes        at {name_of(decision.level, Scheme.CATALOGUE)}, {_until(decision.until)}")
    elif isinstance(decision, StepUp):
        out.print(f"not yet    log in at {name_of(decision.level, Scheme.CATALOGUE)}")
    elif isinstance(decision, Refused):
        out.print(f"no         {', '.join(decision.whys)}")
    for path, why in told.paths:
        out.print(f"path       {' < '.join(_link(link) for link in path)}: {why.value if why else 'holds'}")
    if not told.paths:
        out.print("path       none leads there")


def _link(link: Link) -> str:
    where = "by law" if link.edge is None else str(link.edge)
    return f"{link.basis} ({where}, {name_of(link.worth, Scheme.CATALOGUE)}, {_until(link.until)})"


def _until(at: datetime | None) -> str:
    return "no end known" if at is None else f"until {at:%Y-%m-%d %H:%M}"


def _number(typed: str) -> Number:
    digits = "".join(typed.split())
    try:
        return KvkNumber.parse(digits) if len(digits) == KVK_DIGITS else Bsn.parse(digits)
    except ValueError:
        fail("that is not a BSN or a KVK number")


def _level(number: int) -> Level:
    try:
        return Level(number)
    except ValueError:
        fail(f"a level is one of: {', '.join(f'{int(each)} ({each.name.lower()})' for each in Level)}")


def _do(config_file: Path, reference: str, act: Act, cause: Cause, decision: str) -> None:
    try:
        order = Order(by=by_command(), cause=cause, decision=decision)
    except ValueError as wrong:
        fail(f"--decision: {wrong}")
    if cause not in CAUSES[act]:
        fail(f"{act.value} is for: {', '.join(sorted(CAUSES[act]))}")
    run(_decided(config_file, _id(reference), act, order))


async def _decided(config_file: Path, edge: EdgeId, act: Act, order: Order) -> None:
    async with ground(settings_of(config_file)) as opened:
        office = await mandates_office(opened)
        await office.decide(edge, act, order, opened.clock.now())


async def _shown(config_file: Path, id_: EdgeId) -> tuple[Edge, list[Statement], MandateReasonGiven | None]:
    async with ground(settings_of(config_file)) as opened:
        office = await mandates_office(opened)
        edge = await office.look(id_, by_command(), opened.clock.now())
        uses = [each async for each in office.uses(edge, edge.terms.from_)]
        return edge, uses, await reason_of(opened.trail, edge)


def _id(reference: str) -> EdgeId:
    return EdgeId(_uuid(reference, "that is not the reference of a mandate"))


def _uuid(typed: str, otherwise: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        fail(otherwise)


def _tell_of(edge: Edge, uses: list[Statement], reason: str) -> None:
    out.print(f"kind       {edge.kind.value}")
    out.print(f"state      {edge.state.value}, since {edge.since:%Y-%m-%d %H:%M}, version {edge.version}")
    if reason:
        out.print(f"why        {reason}")
    out.print(f"from       {edge.terms.from_:%Y-%m-%d %H:%M}")
    out.print(f"until      {edge.terms.until:%Y-%m-%d %H:%M}")
    out.print(f"worth      {name_of(edge.terms.worth, Scheme.CATALOGUE)}")
    out.print(f"source     {edge.source.value}")
    for scope in edge.terms.scopes:
        out.print(f"for        {scope.key}")
    _tell_uses(edge, uses)


def _tell_uses(edge: Edge, uses: list[Statement]) -> None:
    for each in uses:
        out.print(f"used       {each.issued_at:%Y-%m-%d %H:%M}  service {each.service}  statement {each.id}")
    if not uses:
        out.print(f"used       never since {edge.terms.from_:%Y-%m-%d}")


async def _names(config_file: Path) -> Progress:
    async with ground(settings_of(config_file)) as opened:
        return await client_naming(opened).all(_tell)


def _tell(progress: Progress) -> None:
    out.print(f"{progress.looked_at} of {progress.places} places looked at, {progress.named} named.")
