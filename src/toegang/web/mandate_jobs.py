"""How far it is with ending everything, where that is so much that nobody waits for it; and stopping it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from toegang.errors import LoginUnknown, NotEntitled
from toegang.mandates.job import JobId, JobState
from toegang.web.answers import redirect
from toegang.web.own_mandates import MANDATES, actor, base
from toegang.web.staying import inside, made

if TYPE_CHECKING:
    from starlette.responses import Response

    from toegang.mandates.job import Job
    from toegang.web.staying import Here, Pages

WORK = MANDATES + "/jobs/{job}"


async def show_work(here: Here) -> Response:
    """Show how far it is."""
    job = await _job(here)
    names = await here.rooms.representing.names.of((job.second,))
    return here.page(
        "account/mandate_work",
        id=str(job.id),
        other=names[job.second],
        state=job.state.value,
        done=job.done,
        refused=job.refused,
    )


async def stop_work(here: Here) -> Response:
    """Stop it; what ended stays ended."""
    job = await _job(here)
    if job.state is JobState.RUNNING:
        await here.rooms.representing.jobs.stop(job.id, "", here.now)
    return redirect(here.rooms, f"{base(here)}/jobs/{job.id}", here.visit)


async def _job(here: Here) -> Job:
    """Return what the page is about.

    Raises:
        LoginUnknown: nobody's, or somebody else's; never said which.

    """
    try:
        id_ = JobId(UUID(here.request.path_params["job"]))
        return await here.rooms.representing.jobs.own(actor(here), id_)
    except (ValueError, NotEntitled):
        raise LoginUnknown from None


PAGES: Pages = (("GET", WORK, inside, show_work), ("POST", WORK, inside, stop_work))
ROUTES = made(PAGES)
