"""Journeys of several pages outside a login: each belongs to one browser and has its time.

A journey's id is in the address of its pages. Every page says until when it can be used, and gives more
time by one press of a button, with or without JavaScript; what was filled in stays (WCAG22-2.2.1).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import wraps
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from toegang.errors import LoginUnknown
from toegang.web.answers import page
from toegang.web.forms import TimeLeft
from toegang.web.sheets import NOTHING, Desk
from toegang.web.visits import path_of, read_form, read_visit

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

    from toegang.means.citizen.visitor import Visitor
    from toegang.web.rooms import Rooms
    from toegang.web.visits import Visit

    Page = Callable[["At[T]"], Awaitable[Response]]
    Handler = Callable[[Request, Rooms], Awaitable[Response]]

NOT_FOUND = 404


class Kept(Protocol):
    """What is kept of a journey under way: until when, and until when at most."""

    @property
    def until(self) -> datetime:
        """When it is over."""
        ...

    @property
    def last(self) -> datetime | None:
        """When it is over, however often more time is asked."""
        ...


T = TypeVar("T", bound=Kept)
K_co = TypeVar("K_co", bound=Kept, covariant=True)


class Keeper(Protocol[K_co]):
    """The room's door to the journeys of one kind."""

    async def find(self, id_: str, visitor: Visitor, now: datetime, /) -> K_co:
        """Return a journey under way.

        Raises:
            LoginUnknown: none, or its time is over.
            LoginElsewhere: another browser.

        """
        ...

    async def extend(self, id_: str, visitor: Visitor, now: datetime, /) -> K_co:
        """Give more time; refuses as `find` does."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class At(Generic[T]):
    """Where somebody stands in a journey, with one request."""

    request: Request
    rooms: Rooms
    visit: Visit
    now: datetime
    id: str
    kept: T
    form: Mapping[str, str]

    @property
    def path(self) -> str:
        """The address of the page."""
        return path_of(self.request)

    def desk(self, **values: object) -> Desk:
        """Return where a sheet of this page is filled in."""
        until, last = self.kept.until, self.kept.last
        seconds = max(0, int((until - self.now).total_seconds()))
        left = TimeLeft(until=until, seconds=seconds, more=last is not None and until < last)
        return Desk(rooms=self.rooms, visit=self.visit, values={**values, "time_left": left}, form=self.form)


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey(Generic[T]):
    """One kind of journey: where it begins, what its id is called in addresses, who keeps it."""

    start: str
    parameter: str
    keeper: Callable[[Rooms], Keeper[T]]

    def shows(self, show: Page[T]) -> Handler:
        """Make a handler that shows a page."""

        @wraps(show)
        async def handler(request: Request, rooms: Rooms) -> Response:
            return await self._at(request, rooms, NOTHING, show)

        return handler

    def takes(self, take: Page[T], show: Page[T]) -> Handler:
        """Make a handler that takes what was filled in; who asks more time gets it and the page again."""

        async def extend(at: At[T]) -> Response:
            kept = await self.keeper(at.rooms).extend(at.id, at.visit.visitor, at.now)
            return await show(replace(at, kept=kept))

        @wraps(take)
        async def handler(request: Request, rooms: Rooms) -> Response:
            form = await read_form(request, rooms.cookies)
            return await self._at(request, rooms, form, extend if form.get("do") == "extend" else take)

        return handler

    async def _at(self, request: Request, rooms: Rooms, form: Mapping[str, str], then: Page[T]) -> Response:
        """Find the journey of a page, for its browser, and go on; say so when its time is over."""
        visit, now = read_visit(request, rooms.cookies, rooms.ids), rooms.clock.now()
        id_ = request.path_params[self.parameter]
        try:
            kept = await self.keeper(rooms).find(id_, visit.visitor, now)
        except LoginUnknown:
            return page(rooms, visit, "citizen/time_over", {"start": self.start}, status=NOT_FOUND)
        return await then(
            At(request=request, rooms=rooms, visit=visit, now=now, id=id_, kept=kept, form=form)
        )
