"""Logging in with a passkey: the page of the browser that is on its way to a service."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from toegang.errors import OneTimeGone, PasskeyRefused, StepOutOfOrder, TooManyTries
from toegang.means.base import TransactionId
from toegang.means.passkey.kind import PAGES as BASE
from toegang.web.answers import json, json_text, page, redirect, status_of, wait
from toegang.web.forms import Form
from toegang.web.login import address_of, choose_again, proceed, time_left
from toegang.web.visits import DEVICE, read_form, read_visit

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

    from toegang.catalogue.values import MeansId
    from toegang.errors import Refusal
    from toegang.login.transaction import Transaction
    from toegang.web.rooms import Rooms
    from toegang.web.visits import Visit

KIND = "passkey"
REASONS = {"copied": "passkey-copied", "not-admitted": "passkey-not-admitted", "known": "passkey-known"}
"""Words for a refusal (words.REASONS) that say more than that it did not work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _At:
    """Where somebody stands: their login, in their browser, with what they sent."""

    rooms: Rooms
    visit: Visit
    transaction: Transaction
    now: datetime
    form: Mapping[str, str]

    @property
    def login(self) -> TransactionId:
        """The login that this is for."""
        return self.transaction.id


async def show(request: Request, rooms: Rooms) -> Response:
    """Show the page of a login with a passkey; when there is nothing to prove, the login decides."""
    return await _page(await _arrive(request, rooms, {}))


async def question(request: Request, rooms: Rooms) -> Response:
    """WEBAUTHN3-5.1.4: ask a browser that shows another page of the login, where a passkey may be picked.

    What is asked is the same as on the page of passkeys, and is remembered only when a script asks for it.
    """
    at = await _arrive(request, rooms, {})
    means = offered(at.rooms, at.transaction)
    if means is None:
        raise StepOutOfOrder
    await rooms.logins.prepare(at.transaction, means, at.now)
    return json(rooms, await rooms.passkeys.logging_in.challenge(at.login, at.visit.visitor, at.now))


def offered(rooms: Rooms, transaction: Transaction) -> MeansId | None:
    """Return the means of passkeys that this login offers without a link first; None when there is none."""
    snapshot = rooms.catalogue.current
    for offer in transaction.choice:
        admission = snapshot.means(offer.means)
        if admission is not None and admission.kind == KIND and offer.offered and not offer.link_needed:
            return admission.id
    return None


async def act(request: Request, rooms: Rooms) -> Response:
    """Prove who it is, take more time, choose again, or stop."""
    at = await _arrive(request, rooms, await read_form(request, rooms.cookies))
    return await _WISHES.get(at.form.get("do", ""), _page)(at)


def reason_of(refusal: Refusal) -> str:
    """Return the word for what a page says of a refused passkey."""
    if isinstance(refusal, PasskeyRefused):
        return REASONS.get(refusal.why, "passkeys-most" if refusal.why == "too-many" else "passkey-refused")
    return "too-many-tries" if isinstance(refusal, TooManyTries) else "passkey-late"


async def _prove(at: _At) -> Response:
    """Go on with what was proven, or say why nothing was, and ask anew."""
    rooms, visit = at.rooms, at.visit
    answer = at.form.get("credential", "")
    try:
        proven = await rooms.passkeys.logging_in.prove(at.login, visit.visitor, answer, at.now)
    except (OneTimeGone, PasskeyRefused, TooManyTries) as refusal:
        response = await _page(at, refusal)
        wait(response, refusal)
        return response
    end = await rooms.logins.accept(at.login, proven.authentication, visit.browser, at.now)
    response = await proceed(rooms, visit, end, at.now)
    rooms.cookies.write(response, DEVICE, proven.device)
    return response


async def _found(at: _At) -> Response:
    """Take a passkey that was picked at another page: it is chosen first, as by its button, then proven."""
    means = offered(at.rooms, at.transaction)
    if means is None:
        return await _page(at)
    chosen = await at.rooms.logins.choose(at.login, means, at.visit.browser, at.now)
    return await _prove(replace(at, transaction=chosen))


async def _choose_again(at: _At) -> Response:
    """Leave passkeys: choose another means."""
    return await choose_again(at.rooms, at.visit, at.login, at.now)


async def _stop(at: _At) -> Response:
    """Stop logging in."""
    end = await at.rooms.logins.stop(at.login, at.visit.browser, at.now)
    return await proceed(at.rooms, at.visit, end, at.now)


async def _extend(at: _At) -> Response:
    """WCAG22-2.2.1: give more time."""
    await at.rooms.logins.extend(at.login, at.visit.browser, at.now)
    return redirect(at.rooms, f"{BASE}/{at.login}", at.visit)


_WISHES: Mapping[str, Callable[[_At], Awaitable[Response]]] = {
    "prove": _prove,
    "found": _found,
    "means": _choose_again,
    "stop": _stop,
    "extend": _extend,
}


async def _arrive(request: Request, rooms: Rooms, form: Mapping[str, str]) -> _At:
    visit, now = read_visit(request, rooms.cookies, rooms.ids), rooms.clock.now()
    login = TransactionId(request.path_params["login"])
    transaction = await rooms.logins.find(login, visit.browser, now)
    return _At(rooms=rooms, visit=visit, transaction=transaction, now=now, form=form)


async def _page(at: _At, refusal: Refusal | None = None) -> Response:
    """Ask for a passkey, with a challenge of this page; when there is nothing to prove, the login decides."""
    rooms, visit, logging_in = at.rooms, at.visit, at.rooms.passkeys.logging_in
    asked = await logging_in.find(at.login, visit.visitor, at.now)
    if asked is None or at.transaction.chosen != asked.means:
        return redirect(rooms, address_of(at.login), visit)
    request = at.transaction.request
    values = {
        "service": request.service.name,
        "provider": request.service.provider,
        "level": at.transaction.required,
        "options": json_text(await logging_in.challenge(at.login, visit.visitor, at.now)),
        "time_left": time_left(at.transaction, at.now),
    }
    errors = {"": (reason_of(refusal),)} if refusal else {}
    return page(
        rooms,
        visit,
        "passkey/log_in",
        values,
        status=status_of(refusal) if refusal else 200,
        form=Form(csrf=visit.csrf, errors=errors),
        targets=(request.reply_to.destination,),
    )


ROUTES = (
    ("GET", BASE + "/{login}", show),
    ("POST", BASE + "/{login}", act),
    ("GET", BASE + "/{login}/question", question),
)
