"""Linked login means in My account: look, undo, and link another by logging in with it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from toegang.catalogue.values import MeansId, Text
from toegang.errors import LinkedElsewhere, NotLinked, OneTimeGone, Refusal, ValueRefused
from toegang.means.external.linking import BY_PERSON, LinkId, Vouched
from toegang.provider.linking import PROPOSED, REFUSED
from toegang.web.answers import page, redirect
from toegang.web.forms import Form
from toegang.web.login import proceed
from toegang.web.sheets import Sheet
from toegang.web.staying import HOME, changing, inside

if TYPE_CHECKING:
    from starlette.responses import Response

    from toegang.web.rooms import Rooms
    from toegang.web.staying import Here

LINKS = HOME + "/links"
NEW = LINKS + "/new"

CONFIRM = Sheet(
    name="account/link_confirm",
    places={
        LinkedElsewhere: ("", "linked-elsewhere"),
        NotLinked: ("", "cannot-be-linked"),
        OneTimeGone: ("", "link-gone"),
    },
    signed_in=True,
)


async def links(here: Here) -> Response:
    """Show which means the person linked to themselves."""
    person = here.stay.proven.subject.person
    found = await here.rooms.linking.of_person(person) if person else ()
    shown = [
        {
            "id": str(link.id),
            "name": name_of(here.rooms, link.means),
            "level": link.level,
            "since": link.made_at,
            "last_used_at": link.last_used_at,
        }
        for link in found
    ]
    return here.page("account/links", links=shown)


async def end(here: Here) -> Response:
    """Undo a link; never refused, and a second time nothing happens."""
    person, typed = here.stay.proven.subject.person, here.form.get("link", "")
    try:
        link = LinkId(UUID(typed))
    except ValueError:
        link = None
    if person is not None and link is not None:
        await here.rooms.linking.end(person, link, BY_PERSON, here.now)
    return redirect(here.rooms, LINKS, here.visit)


async def show_new(here: Here) -> Response:
    """Ask which means is to be linked; its form leads to the pages of that means."""
    return _show_new(here)


async def new(here: Here) -> Response:
    """Log in with the means that is to be linked."""
    chosen = here.form.get("means", "")
    if not chosen:
        return _show_new(here, ValueRefused("means", "choose-one"))
    rooms, visit, now = here.rooms, here.visit, here.now
    asked = rooms.proposals.ask(MeansId(chosen), visit.language.value, visit.bound(), now)
    return await proceed(rooms, visit, await rooms.logins.begin(asked, visit.bound(), now), now)


async def show_confirm(here: Here) -> Response:
    """Show what is to be linked, and what the link will be worth."""
    return here.desk(**await _proposed(here)).show(CONFIRM)


async def confirm(here: Here) -> Response:
    """Link it."""
    name, by = here.request.path_params["proposal"], here.stay.proven.subject
    proposals, own = here.rooms.proposals, here.signed_in
    vouched = Vouched(person=by.person, by=by, level=own.level, at=own.at) if by.person else None
    proposed = await _proposed(here)
    try:
        await proposals.accept(name, here.visit.browser, vouched, here.now)
    except Refusal as refusal:
        return here.desk(**proposed).refuse(CONFIRM, refusal)
    return redirect(here.rooms, LINKS, here.visit)


async def refused(here: Here) -> Response:
    """Say that nothing was linked."""
    return here.page("account/link_refused")


def name_of(rooms: Rooms, means: MeansId) -> Text:
    """Return what a means is called; its id when it is no longer in the catalogue."""
    admission = rooms.catalogue.current.means(means)
    return admission.names if admission else Text(nl=means, en=means)


async def _proposed(here: Here) -> dict[str, object]:
    name = here.request.path_params["proposal"]
    proposal = await here.rooms.proposals.find(name, here.visit.browser, here.now)
    return {"means": name_of(here.rooms, proposal.proven.means), "level": here.signed_in.level}


def _show_new(here: Here, wrong: ValueRefused | None = None) -> Response:
    rooms, snapshot = here.rooms, here.rooms.catalogue.current
    offered: list[dict[str, object]] = []
    targets: list[str] = []
    for id_ in rooms.proposals.linkable(here.now):
        admission = snapshot.means(id_)
        if admission is None:
            continue
        owner = snapshot.organisation(admission.organisation)
        provider = owner.names if owner else admission.names
        offered.append({"id": id_, "name": admission.names, "provider": provider})
        targets += rooms.logins.pages_of(id_)
    errors = {wrong.field: (wrong.reason,)} if wrong else {}
    return page(
        rooms,
        here.visit,
        "account/link_new",
        {"offered": offered, "signed_in": True},
        status=400 if wrong else 200,
        form=Form(csrf=here.visit.csrf, errors=errors),
        targets=targets,
    )


ROUTES = (
    ("GET", LINKS, inside(links)),
    ("POST", LINKS, inside(end)),
    ("GET", NEW, changing(show_new)),
    ("POST", NEW, changing(new)),
    ("GET", REFUSED, inside(refused)),
    ("GET", PROPOSED + "{proposal}", changing(show_confirm)),
    ("POST", PROPOSED + "{proposal}", changing(confirm)),
)
