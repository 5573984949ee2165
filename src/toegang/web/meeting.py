"""The pages on which somebody brings their app to a page of ours: the same for a login and for adding an app.

The stored record decides which page is next, not the address; every act ends in a redirect to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.errors import OneTimeGone, ValueRefused
from toegang.hot import hot
from toegang.means.app.pairing import Action, State
from toegang.web import telling
from toegang.web.agents import browser_of
from toegang.web.forms import Form
from toegang.web.qr import picture_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

    from toegang.means.app.pairing import Pairing
    from toegang.web.rooms import Rooms
    from toegang.web.visits import Visit

SHELL = "/app/#"
MISSED = ValueRefused("app_code", "app-code-wrong")

PAGES: Mapping[State, str] = {
    State.BEGUN: "pairing/where",
    State.ASKED: "pairing/code",
    State.MET: "pairing/scan",
    State.LINKED: "pairing/open",
    State.CALLED: "pairing/called",
    State.SCANNED: "pairing/go_on_in_app",
    State.OPENED: "pairing/go_on_in_app",
    State.KEYED: "pairing/go_on_in_app",
    State.CONFIRMED: "pairing/confirmed",
    State.APPROVED: "pairing/come_back",
    State.REFUSED: "pairing/not_confirmed",
    State.STRAYED: "pairing/not_confirmed",
    State.SPENT: "pairing/not_confirmed",
    State.BLOCKED: "pairing/not_confirmed",
    State.ENDED: "pairing/not_confirmed",
}


@hot(frozen=True, slots=True, kw_only=True)
class Table:
    """Where a page and an app meet: which pairing, in whose browser, with what was sent."""

    rooms: Rooms
    visit: Visit
    request: Request
    now: datetime
    id: str
    form: Mapping[str, str]

    async def find(self) -> Pairing:
        """Return the pairing.

        Raises:
            OneTimeGone: there is none any more.
            LoginElsewhere: another browser.

        """
        found = await self.rooms.apps.meeting.find(self.id, self.visit.visitor, self.now)
        if found is None:
            raise OneTimeGone
        return found

    async def act(self, wish: str) -> bool:
        """Do what was asked on a page where an app is met; False when it was something else."""
        doing = _DOING.get(wish)
        if doing is None:
            return False
        await doing(self)
        return True

    def values(self, pairing: Pairing) -> dict[str, object]:
        """Return what every page of a meeting shows."""
        shown = pairing.shown
        left = int((shown.until - self.now).total_seconds()) if shown else 0
        token = shown.token if shown and left > 0 else ""
        address = f"{self.rooms.cookies.origin}{SHELL}{token}" if token else ""
        return {
            "stage": pairing.state.value,
            "picture": picture_of(address) if address and pairing.state is State.MET else None,
            "number": shown.number if shown else pairing.number,
            "called": pairing.called is not None,
            "link": address,
            "app_address": self.rooms.cookies.origin + SHELL.removesuffix("#"),
            "seconds": max(0, left),
        }

    def form_of(self, pairing: Pairing) -> Form:
        """Return the form of its page: what was typed wrong is told at its field."""
        missed = pairing.state is State.ASKED and pairing.misses
        errors = {MISSED.field: (MISSED.reason,)} if missed else {}
        return Form(csrf=self.visit.csrf, errors=errors)


async def told(table: Table) -> Response:
    """Tell a page's script where the pairing is, as soon as it is elsewhere than the page knows."""

    async def stage() -> str:
        return (await table.find()).state.value

    return await telling.told(table.rooms, table.request, table.id, stage)


def listening(response: Response) -> Response:
    """CSP3-connect-src: let the page's script ask us, and nobody else, how it stands."""
    policy = response.headers["content-security-policy"]
    response.headers["content-security-policy"] = f"{policy}; connect-src 'self'"
    return response


def _choosing(action: Action) -> Callable[[Table], Awaitable[object]]:
    def choose(table: Table) -> Awaitable[Pairing]:
        browser = browser_of(table.request.headers.get("user-agent", ""))
        return table.rooms.apps.meeting.choose(table.id, table.visit.visitor, browser, action, table.now)

    return choose


def _meet(table: Table) -> Awaitable[Pairing]:
    typed = table.form.get("app_code", "")
    remember = bool(table.form.get("remember_app"))
    return table.rooms.apps.meeting.meet(table.id, table.visit.visitor, typed, table.now, remember=remember)


def _renew(table: Table) -> Awaitable[Pairing]:
    return table.rooms.apps.meeting.renew(table.id, table.visit.visitor, table.now)


_DOING: Mapping[str, Callable[[Table], Awaitable[object]]] = {
    "other": _choosing(Action.OTHER),
    "here": _choosing(Action.HERE),
    "way": _choosing(Action.BACK),
    "again": _choosing(Action.AGAIN),
    "code": _meet,
    "renew": _renew,
}
