"""Handing over clients, in the name of an organisation: proposed to another, and answered by that one.

Both see the other by name, which stands in a public register. Whoever agrees sees no client before that
client approves; who proposed it sees which mandates were not asked for, and of none why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn
from urllib.parse import urlencode
from uuid import UUID

from toegang.errors import LoginUnknown, NotEntitled, PersonNotFound, TooManyTries
from toegang.identity.numbers import KvkNumber
from toegang.mandates.edge import EdgeId
from toegang.mandates.job import ANSWERED_WITHIN, JobId, JobState
from toegang.mandates.jobs import SLICE
from toegang.mandates.why import Why
from toegang.web import own_teams
from toegang.web.answers import redirect
from toegang.web.own_mandates import MANDATES, actor, base, door, for_organisation
from toegang.web.sheets import Fields, Sheet
from toegang.web.staying import changing, inside
from toegang.web.words_of_mandates import objection_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from starlette.responses import Response

    from toegang.mandates.handing_over import HandingOver
    from toegang.mandates.job import Job
    from toegang.mandates.teams import Steward
    from toegang.web.sheets import Desk
    from toegang.web.staying import Here, Pages

HAND_OVER = MANDATES + "/hand-over"
ONE = HAND_OVER + "/{job}"
AFTER: Final = "after"

SHEET = Sheet(
    name="account/hand_over",
    places={PersonNotFound: ("kvk", "kvk-unknown"), TooManyTries: ("", "too-many-tries")},
    kept=("kvk",),
    signed_in=True,
)
_OTHERWISE: Mapping[str, str] = {Why.SELF_APPROVAL: "hand-over-both", Why.PARTY_ENDED: "hand-over-ended"}


async def show(here: Here) -> Response:
    """Show what waits for the organisation, how far what it proposed is, or the form that proposes it."""
    return (await _desk(here, await _steward(here))).show(SHEET)


async def propose(here: Here) -> Response:
    """Propose it to the organisation with this number."""
    by, fields = await _steward(here), Fields(here.form)
    number = fields.read("kvk", KvkNumber.parse, "kvk-invalid")
    if number is None:
        return (await _desk(here, by)).wrong(SHEET, fields.errors)
    try:
        found = await door(here).finding.by_kvk(by.organisation, number, here.now)
        await _door(here).propose(by, found.party, here.now)
    except NotEntitled as refusal:
        return (await _desk(here, by)).wrong(SHEET, {"kvk": (_objection(refusal),)})
    except (PersonNotFound, TooManyTries) as refusal:
        return (await _desk(here, by)).refuse(SHEET, refusal)
    return redirect(here.rooms, f"{base(here)}/hand-over", here.visit)


async def answer(here: Here) -> Response:
    """Agree to one or decline it, or stop what one proposed or agreed to."""
    by = await _steward(here)
    job = await _job(here, by)
    acts: Mapping[str, Callable[[], Awaitable[Job]]] = {
        "agree": lambda: _door(here).agree(by, job.id, here.now),
        "decline": lambda: _door(here).decline(by, job.id, here.now),
        "stop": lambda: _door(here).stop(by, job.id, here.now),
    }
    act = acts.get(here.form.get("do", ""))
    if act is None:
        _nobody()
    try:
        await act()
    except NotEntitled as refusal:
        return (await _desk(here, by)).wrong(SHEET, {"": (_objection(refusal),)})
    return redirect(here.rooms, f"{base(here)}/hand-over", here.visit)


async def waiting(here: Here, by: Steward) -> Sequence[dict[str, object]]:
    """Return what waits for the organisation, as its other pages show it."""
    found = await _door(here).waiting(by, here.now)
    return [{"address": f"{base(here)}/hand-over", "name": here.around["behalf"]} for _ in found]


async def _steward(here: Here) -> Steward:
    """Return as whom somebody administers the organisation of the page.

    Raises:
        LoginUnknown: it is none, or they do not.

    """
    me = actor(here)
    if here.over is not None or me.by is None or not for_organisation(here):
        _nobody()
    try:
        return await own_teams.door(here).steward(me.by, me.party, me.level, here.now)
    except NotEntitled:
        raise LoginUnknown from None


async def _job(here: Here, by: Steward) -> Job:
    """Return what the page is about.

    Raises:
        LoginUnknown: nobody's, or of others; never said which.

    """
    try:
        return await _door(here).own(by, JobId(UUID(here.request.path_params["job"])))
    except (ValueError, NotEntitled):
        raise LoginUnknown from None


async def _desk(here: Here, by: Steward) -> Desk:
    mine, waits = await _door(here).latest(by), await _door(here).waiting(by, here.now)
    agreed = await _door(here).agreed_to(by)
    names = await here.rooms.representing.names.of(
        [*(each.first for each in (*waits, *agreed)), *([] if mine is None else [mine.second])]
    )
    state = None if mine is None else mine.state_at(here.now)
    return here.desk(
        at=f"{base(here)}/hand-over",
        waiting=[
            {"id": str(each.id), "other": names[each.first], "until": each.created + ANSWERED_WITHIN}
            for each in waits
        ],
        agreed=[{"id": str(each.id), "other": names[each.first], "done": each.done} for each in agreed],
        mine=None
        if mine is None or state is None
        else {
            "id": str(mine.id),
            "other": names[mine.second],
            "state": state.value,
            "until": mine.created + ANSWERED_WITHIN,
            "done": mine.done,
            "refused": mine.refused,
            **await _not_asked(here, mine),
        },
        open=state not in {JobState.PROPOSED, JobState.RUNNING},
    )


async def _not_asked(here: Here, job: Job) -> Mapping[str, object]:
    """Return the next mandates that were not asked for, and where the list goes on."""
    try:
        after = EdgeId(UUID(here.request.query_params.get(AFTER, "")))
    except ValueError:
        after = None
    found = await here.rooms.representing.jobs.refusals(job.id, after)
    last = found[-1][0] if len(found) == SLICE else None
    more = "" if last is None else f"{base(here)}/hand-over?{urlencode({AFTER: str(last)})}"
    return {"not_asked": [str(edge) for edge, _ in found], "more": more}


def _door(here: Here) -> HandingOver:
    return here.rooms.representing.jobs.handing_over


def _objection(refusal: NotEntitled) -> str:
    return _OTHERWISE.get(str(refusal.why)) or objection_of(refusal)


def _nobody() -> NoReturn:
    raise LoginUnknown


PAGES: Pages = (
    ("GET", HAND_OVER, inside, show),
    ("POST", HAND_OVER, changing, propose),
    ("POST", ONE, changing, answer),
)
"""In the name of an organisation alone (mandates_of.py)."""
