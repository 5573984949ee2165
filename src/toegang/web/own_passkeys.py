"""Passkeys in My account: look, add one, stop one."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from toegang.errors import Malformed, NotEntitled, OneTimeGone, PasskeyRefused, TooManyTries
from toegang.means.passkey.own_passkeys import Answer
from toegang.means.passkey.values import PasskeyId
from toegang.web.agents import browser_of
from toegang.web.answers import json_text, page, redirect, status_of, wait
from toegang.web.forms import Form
from toegang.web.passkeys import reason_of
from toegang.web.staying import HOME, changing, inside

if TYPE_CHECKING:
    from starlette.responses import Response

    from toegang.errors import Refusal
    from toegang.web.staying import Here

PASSKEYS = HOME + "/passkeys"
NEW = PASSKEYS + "/new"
ADDED = PASSKEYS + "/added"
NAME = "passkey_name"


async def passkeys(here: Here, refusal: Refusal | None = None) -> Response:
    """Show the person's passkeys."""
    own = here.rooms.passkeys.own
    offered = own.offered(here.now)
    shown = [
        {
            "id": str(each.id),
            "name": each.name,
            "bond": each.bond.value,
            "level": own.level_of(each, here.now),
            "since": each.since,
            "last_used_at": each.last_used_at,
        }
        for each in await own.passkeys(here.signed_in)
    ]
    values = {"passkeys": shown, "offered": offered, "signed_in": True}
    status = status_of(refusal) if refusal else 200
    form = Form(csrf=here.visit.csrf, errors={"": (reason_of(refusal),)} if refusal else {})
    return page(here.rooms, here.visit, "account/passkeys", values, status=status, form=form)


async def stop(here: Here) -> Response:
    """Stop a passkey; never refused for one's own, and a second time nothing happens."""
    try:
        passkey = PasskeyId(UUID(here.form.get("passkey", "")))
    except ValueError:
        raise NotEntitled from None
    await here.rooms.passkeys.own.stop(here.signed_in, passkey, here.now)
    return redirect(here.rooms, PASSKEYS, here.visit)


async def show_new(here: Here) -> Response:
    """Ask for a new passkey, under a name that the person can change."""
    name = browser_of(here.request.headers.get("user-agent", ""))[here.visit.language.value]
    return await _new(here, Form(csrf=here.visit.csrf, values={NAME: name}))


async def add(here: Here) -> Response:
    """Add what the person's device made."""
    answer = Answer(name=here.form.get(NAME, ""), credential=here.form.get("credential", ""))
    try:
        await here.rooms.passkeys.own.add(here.signed_in, here.visit.visitor, answer, here.now)
    except (Malformed, OneTimeGone, PasskeyRefused, TooManyTries) as refusal:
        wrong = {NAME: ("malformed",)} if isinstance(refusal, Malformed) else {"": (reason_of(refusal),)}
        form = Form(csrf=here.visit.csrf, values={NAME: answer.name}, errors=wrong)
        response = await _new(here, form, status_of(refusal))
        wait(response, refusal)
        return response
    return redirect(here.rooms, ADDED, here.visit)


async def added(here: Here) -> Response:
    """Say that it was added."""
    return here.page("account/passkey_added")


async def _new(here: Here, form: Form, status: int = 200) -> Response:
    """Ask for a new passkey, with a challenge of this page; the list says it when there may be no other."""
    try:
        asked = await here.rooms.passkeys.own.begin(here.signed_in, here.visit.visitor, here.now)
    except PasskeyRefused as refusal:
        return await passkeys(here, refusal)
    values = {"options": json_text(asked), "signed_in": True}
    return page(here.rooms, here.visit, "account/passkey_new", values, status=status, form=form)


ROUTES = (
    ("GET", PASSKEYS, inside(passkeys)),
    ("POST", PASSKEYS, inside(stop)),
    ("GET", NEW, changing(show_new)),
    ("POST", NEW, changing(add)),
    ("GET", ADDED, inside(added)),
)
