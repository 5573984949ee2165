"""`toegang mandates transfer`, `jobs`, `job` and `stop`: what is done with many mandates at once.

The hub does the work, a stretch at a time; a command that waits for it helps. Nobody is named: a mandate that
stays as it was is told by its reference, and why by a word.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from toegang.app import jobs_of_mandates
from toegang.cli.terminal import DEFAULT, ConfigFile, by_command, fail, ground, out, run, settings_of
from toegang.errors import NotEntitled, Unavailable
from toegang.identity.numbers import KvkNumber
from toegang.mandates.job import JobId, JobKind, JobState
from toegang.mandates.office import check_reference
from toegang.mandates.stores import Page

if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence
    from pathlib import Path

    from toegang.mandates.edge import EdgeId
    from toegang.mandates.job import Job
    from toegang.mandates.jobs import Jobs
    from toegang.mandates.teams import Team

LATEST = 20
EVERY = 2.0  # seconds between two looks at a job that another does
Id = Annotated[str, typer.Argument(help="The id of the job, as `jobs` lists it.", metavar="JOB")]
Decided = Annotated[
    str,
    typer.Option(
        "--ground", help="The reference of what was decided on paper, such as FUS-2027-0003; no names."
    ),
]
Dry = Annotated[bool, typer.Option("--dry-run", help="Only say what would go over, and what would stay.")]


def transfer(
    gone: Annotated[str, typer.Argument(help="KVK number of the firm that merged.", metavar="FROM")],
    into: Annotated[str, typer.Argument(help="KVK number of the firm that it merged into.", metavar="TO")],
    config_file: ConfigFile = DEFAULT,
    *,
    decision: Decided,
    dry_run: Dry = False,
) -> None:
    """Let the mandates of a firm go over to the firm that it merged into, as the trade register says.

    Each ends, and the same begins for the other firm; both sides hear of it, and who gave it can end it.
    Staff and teams stay as they are. It may be broken off: the hub goes on with it. Safe to repeat.
    """
    both = (_kvk(gone), _kvk(into))
    try:
        check_reference(decision)
    except ValueError as wrong:
        fail(f"--ground: {wrong}")
    run(_looked(config_file, both) if dry_run else _transferred(config_file, both, decision))


def jobs(config_file: ConfigFile = DEFAULT) -> None:
    """List the latest work on many mandates: its id, what it is, how it stands and how far it is."""
    for each in run(_latest(config_file)):
        out.print(f"{each.id}  {each.created:%Y-%m-%d %H:%M}  {each.kind.value}  {_stands(each)}")


def job(id_: Id, config_file: ConfigFile = DEFAULT) -> None:
    """Show how far one is, who ordered it and why, and which mandates stay as they were."""
    run(_shown(config_file, _id(id_)))


def stop(id_: Id, config_file: ConfigFile = DEFAULT) -> None:
    """Stop one between two mandates, for good. What it did stays done."""
    found = run(_stopped(config_file, _id(id_)))
    out.print(_stands(found))


async def _transferred(config_file: Path, both: tuple[KvkNumber, KvkNumber], decision: str) -> None:
    async with ground(settings_of(config_file)) as opened:
        room = await jobs_of_mandates(opened)
        by = by_command()
        found = await room.jobs.transfer(both, by, decision, opened.clock.now())
        out.print(f"job        {found.id}")
        found = await _followed(room.jobs, found)
        await _tell(room.jobs, found)
        _tell_teams(await room.teams.kept.of(found.first, Page()))


async def _followed(jobs_: Jobs, found: Job) -> Job:
    """Help with a job until it ends, and say how far it is; where another does it, look now and then."""
    said = ""
    while found.state is JobState.RUNNING:
        stands = _stands(found)
        if stands != said:
            out.print(stands)
        said, after = stands, await _helped(jobs_, found)
        if after is None:
            await asyncio.sleep(EVERY)
        found = after or await jobs_.find(found.id)
    return found


async def _helped(jobs_: Jobs, found: Job) -> Job | None:
    """Do a stretch; None when another does it, or a register is silent: then it is said, and waited for."""
    try:
        return await jobs_.step(found)
    except Unavailable as silent:
        out.print(f"waits      {silent.detail}")
        return None


async def _looked(config_file: Path, both: tuple[KvkNumber, KvkNumber]) -> None:
    async with ground(settings_of(config_file)) as opened:
        room = await jobs_of_mandates(opened)
        looked = await room.jobs.look(both, opened.clock.now())
        out.print(f"would go   {looked.goes}")
        if looked.ends:
            out.print(f"would end  {looked.ends} that nobody answered")
        for why, many in sorted(looked.stays.items()):
            out.print(f"would stay {many}: {why}")
        _tell_teams(await room.teams.kept.of(looked.first, Page()))


async def _latest(config_file: Path) -> Sequence[Job]:
    async with ground(settings_of(config_file)) as opened:
        return await (await jobs_of_mandates(opened)).jobs.store.latest(LATEST)


async def _shown(config_file: Path, id_: JobId) -> None:
    async with ground(settings_of(config_file)) as opened:
        room = (await jobs_of_mandates(opened)).jobs
        await _tell(room, await _found(room.find(id_)))


async def _stopped(config_file: Path, id_: JobId) -> Job:
    async with ground(settings_of(config_file)) as opened:
        room = (await jobs_of_mandates(opened)).jobs
        return await _found(room.stop(id_, by_command(), opened.clock.now()))


async def _found(asked: Awaitable[Job]) -> Job:
    try:
        return await asked
    except NotEntitled:
        fail("there is no such job")


async def _tell(jobs_: Jobs, found: Job) -> None:
    out.print(f"kind       {found.kind.value}")
    out.print(f"ordered    {found.created:%Y-%m-%d %H:%M}{_by(found)}")
    out.print(f"state      {_stands(found)}")
    after: EdgeId | None = None
    while stays := await jobs_.refusals(found.id, after):
        for edge, why in stays:
            out.print(f"stays      {edge}  {why}")
        after = stays[-1][0]


def _by(found: Job) -> str:
    """Say who ordered it, where that is no person, and why."""
    return f" by {found.by}, {found.ground}" if found.kind is JobKind.TRANSFER else ""


def _stands(found: Job) -> str:
    of = f" of {found.total}" if found.total else ""
    ended = "" if found.ended is None else f" since {found.ended:%Y-%m-%d %H:%M}"
    return f"{found.state.value}{ended}: {found.done}{of} moved, {found.refused} stay"


def _tell_teams(teams: Sequence[Team]) -> None:
    for each in teams:
        out.print(f"team       {each.id} stays with the first")


def _kvk(typed: str) -> KvkNumber:
    try:
        return KvkNumber.parse(typed.strip())
    except ValueError:
        fail("that is not a KVK number")


def _id(typed: str) -> JobId:
    try:
        return JobId(UUID(typed))
    except ValueError:
        fail("that is not the id of a job")
