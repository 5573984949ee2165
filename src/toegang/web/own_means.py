"""What a person has to log in with, where they are known, and where they are logged in, in My account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.means.citizen.standing import check_open
from toegang.web.answers import redirect
from toegang.web.logout import begun_at, browser_of
from toegang.web.staying import HOME, inside

if TYPE_CHECKING:
    from starlette.responses import Response

    from toegang.web.staying import Here

MEANS = HOME + "/means"
DEVICES = HOME + "/devices"
SESSIONS = HOME + "/sessions"


async def means(here: Here) -> Response:
    """Show everything that somebody can log in with as this person, and on which devices they are known."""
    own = here.rooms.citizen.own
    account = check_open(await own.desk.accounts.find(here.signed_in.account))
    found = [one for lister in here.rooms.mine.listers for one in await lister.listed(account)]
    seen = await own.overview(here.signed_in, here.visit.visitor, here.now)
    return here.page("account/means", found=found, devices=seen.devices)


async def devices(here: Here) -> Response:
    """Show where the account was used."""
    seen = await here.rooms.citizen.own.overview(here.signed_in, here.visit.visitor, here.now)
    return here.page("account/devices", devices=seen.devices)


async def forget_devices(here: Here) -> Response:
    """Forget one device, or every device."""
    await here.rooms.citizen.own.forget_devices(here.signed_in, here.form.get("device", ""))
    return redirect(here.rooms, DEVICES, here.visit)


async def sessions(here: Here) -> Response:
    """Show where the person is logged in."""
    found = await here.rooms.mine.everywhere.now(here.stay, browser_of(here.visit), here.now)
    snapshot, shown = here.rooms.catalogue.current, []
    for one in found:
        service = snapshot.service(one.service)
        organisation = snapshot.organisation(service.organisation) if service else None
        if service is not None and organisation is not None:
            names = {"service": service.names, "provider": organisation.names}
            shown.append({**names, "since": one.since, "here": one.here})
    return here.page("account/sessions", sessions=shown)


async def log_out(here: Here) -> Response:
    """Log out everywhere, here too, and show what happened at each service."""
    begun = await here.rooms.mine.everywhere.log_out(here.stay, browser_of(here.visit), here.now)
    return await here.leave(await begun_at(here.rooms, here.visit, begun))


ROUTES = (
    ("GET", MEANS, inside(means)),
    ("GET", DEVICES, inside(devices)),
    ("POST", DEVICES, inside(forget_devices)),
    ("GET", SESSIONS, inside(sessions)),
    ("POST", SESSIONS, inside(log_out)),
)
