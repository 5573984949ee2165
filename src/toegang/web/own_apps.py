"""Apps in My account: look, add one, stop one."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from toegang.errors import AccountClosed, NotEntitled, OneTimeGone, StepOutOfOrder, TooManyTries, ValueRefused
from toegang.means.app.own_apps import ground_of
from toegang.means.app.pairing import State
from toegang.means.app.values import AppId
from toegang.web import meeting
from toegang.web.answers import page, redirect, status_of
from toegang.web.forms import Form, TimeLeft
from toegang.web.meeting import Table, listening
from toegang.web.staying import HOME, changing, inside

if TYPE_CHECKING:
    from starlette.responses import Response

    from toegang.errors import Refusal
    from toegang.means.app.pairing import Pairing
    from toegang.web.staying import Here

APPS = HOME + "/apps"
NEW = APPS + "/new"


async def apps(here: Here) -> Response:
    """Show the person's apps."""
    return here.page("account/apps", **await _listed(here))


async def _listed(here: Here) -> dict[str, object]:
    own = here.rooms.apps.own
    shown = [
        {
            "id": str(app.id),
            "name": app.name,
            "status": app.status.value,
            "since": app.since,
            "last_used_at": app.last_used_at,
            "level": app.level,
            "checked_at": app.checked_at,
        }
        for app in await own.apps(here.signed_in)
    ]
    to_check = any(app["status"] == "active" and app["checked_at"] is None for app in shown)
    checks = here.rooms.checks.offered and to_check
    return {"apps": shown, "offered": own.offered(here.now), "checks": checks}


async def send_letter(here: Here) -> Response:
    """Send the letter of an app again; the code of the one before is dead at once."""
    try:
        until = await here.rooms.apps.letters.again(here.signed_in, _app(here), here.now)
    except (NotEntitled, TooManyTries, AccountClosed) as refusal:
        return await _told(here, "app-no-letter", refusal)
    return here.page("account/app_added", by_letter=True, until=until)


async def _told(here: Here, reason: str, refusal: Refusal) -> Response:
    """Show the person's apps, and why what was asked is not done."""
    form = Form(csrf=here.visit.csrf, errors={"": (reason,)})
    values = await _listed(here) | {"signed_in": True}
    return page(here.rooms, here.visit, "account/apps", values, status=status_of(refusal), form=form)


async def stop(here: Here) -> Response:
    """Stop an app; never refused for one's own, and a second time nothing happens."""
    await here.rooms.apps.own.stop(here.signed_in, _app(here), here.now)
    return redirect(here.rooms, APPS, here.visit)


def _app(here: Here) -> AppId:
    try:
        return AppId(UUID(here.form.get("app", "")))
    except ValueError:
        raise NotEntitled from None


async def show_new(here: Here) -> Response:
    """Say what adding an app asks; a login with a passkey is no ground for it."""
    try:
        return here.page("account/app_new", ground=_ground(here))
    except NotEntitled as refusal:
        return await _told(here, "app-other-login", refusal)


async def begin(here: Here) -> Response:
    """Begin to add an app."""
    visit, factors = here.visit, here.stay.proven.factors
    own, language = here.rooms.apps.own, here.visit.language.value
    try:
        id_ = await own.begin(here.signed_in, factors, visit.visitor, language, here.now)
    except (NotEntitled, ValueRefused) as refusal:
        reason = refusal.reason if isinstance(refusal, ValueRefused) else "apps-most"
        form = Form(csrf=visit.csrf, errors={"": (reason,)})
        values = {"ground": _ground(here), "signed_in": True}
        return page(here.rooms, visit, "account/app_new", values, status=status_of(refusal), form=form)
    return redirect(here.rooms, f"{NEW}/{id_}", visit)


async def show(here: Here) -> Response:
    """Show where adding an app is."""
    table = _table(here)
    pairing = await here.rooms.apps.meeting.find(table.id, here.visit.visitor, here.now)
    if pairing is None or pairing.account != here.signed_in.account:
        return redirect(here.rooms, APPS, here.visit)
    if pairing.state in {State.DONE, State.LETTER}:
        return here.page("account/app_added", by_letter=pairing.state is State.LETTER, until=pairing.until)
    return _page(here, table, pairing, table.form_of(pairing))


async def act(here: Here) -> Response:
    """Meet the app that is to be added, go on, or stop."""
    table = _table(here)
    found = await here.rooms.apps.meeting.find(table.id, here.visit.visitor, here.now)
    if found is None or found.account != here.signed_in.account:
        return redirect(here.rooms, APPS, here.visit)
    if here.form.get("do") == "stop":
        await here.rooms.apps.meeting.end(table.id, here.visit.visitor, here.now)
        return redirect(here.rooms, APPS, here.visit)
    try:
        await table.act(here.form.get("do", ""))
    except TooManyTries as refusal:
        form = Form(csrf=here.visit.csrf, errors={"app_code": ("too-many-tries",)})
        return _page(here, table, await table.find(), form, status_of(refusal))
    except (OneTimeGone, StepOutOfOrder):
        # Another tab or the app was first: what is stored decides the page.
        return redirect(here.rooms, f"{NEW}/{table.id}", here.visit)
    return redirect(here.rooms, f"{NEW}/{table.id}", here.visit)


async def state(here: Here) -> Response:
    """Tell the page's script how it stands; it tells nothing but that."""
    return await meeting.told(_table(here))


def _ground(here: Here) -> str:
    """Return on which ground this login lets an app be added, as the page has words for it."""
    return ground_of(here.stay.proven.factors).value


def _table(here: Here) -> Table:
    return Table(
        rooms=here.rooms,
        visit=here.visit,
        request=here.request,
        now=here.now,
        id=here.request.path_params["pairing"],
        form=here.form,
    )


def _page(here: Here, table: Table, pairing: Pairing, form: Form, status: int = 200) -> Response:
    seconds = max(0, int((pairing.until - here.now).total_seconds()))
    values = {
        "adding": True,
        "known": False,
        "state": f"{NEW}/{table.id}/state",
        "signed_in": True,
        "time_left": TimeLeft(until=pairing.until, seconds=seconds, more=False),
    }
    name = meeting.PAGES[pairing.state]
    shown = table.values(pairing) | values
    return listening(page(here.rooms, here.visit, name, shown, status=status, form=form))


ROUTES = (
    ("GET", APPS, inside(apps)),
    ("POST", APPS, inside(stop)),
    ("POST", APPS + "/letter", changing(send_letter)),
    ("GET", NEW, changing(show_new)),
    ("POST", NEW, changing(begin)),
    ("GET", NEW + "/{pairing}", inside(show)),
    ("POST", NEW + "/{pairing}", inside(act)),
    ("GET", NEW + "/{pairing}/state", inside(state)),
)
