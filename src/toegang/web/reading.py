"""The pages of a reader session, whatever it is for: the code that a reader takes, and what came of it.

The stored record decides which page is next, not the address; every act ends in a redirect to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.errors import OneTimeGone
from toegang.means.reader.sessions import ReaderSession, State
from toegang.web import telling
from toegang.web.qr import picture_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

    from toegang.web.rooms import Rooms
    from toegang.web.visits import Visit

ENTRANCE = "/reader/"
"""Where a code leads to: a reader registers itself for this address, and a browser finds help there."""
OVER = "over"
HALF = 4  # letters of a code that stand together

PAGES: Mapping[str, str] = {
    State.WAITING: "reading/code",
    State.TAKEN: "reading/busy",
    State.ACCEPTED: "reading/done",
    State.USED: "reading/done",
}
NOTHING_CAME_OF_IT = "reading/refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where a page and a reader are together: which session, in whose browser."""

    rooms: Rooms
    visit: Visit
    request: Request
    now: datetime
    id: str

    async def find(self) -> ReaderSession:
        """Return the session.

        Raises:
            OneTimeGone: there is none any more.
            LoginElsewhere: another browser.

        """
        found = await self.rooms.readers.find(self.id, self.visit.visitor, self.now)
        if found is None:
            raise OneTimeGone
        return found

    async def end(self) -> None:
        """End the session; never refused."""
        await self.rooms.readers.end(self.id, self.visit.visitor, self.now)

    def stage(self, session: ReaderSession) -> str:
        """Return where the page is, in one word."""
        waits = session.state in {State.WAITING, State.TAKEN}
        return OVER if waits and not session.lives(self.now) else session.state.value

    def values(self, session: ReaderSession) -> dict[str, object]:
        """Return what every page of a reader session shows."""
        stage = self.stage(session)
        link = self.rooms.cookies.origin + ENTRANCE + "#" + session.code
        left = int((session.until - self.now).total_seconds())
        return {
            "stage": stage,
            "reader_code": f"{session.code[:HALF]}-{session.code[HALF:]}",
            "reader_link": link,
            "picture": picture_of(link) if stage == State.WAITING else None,
            "seconds": max(0, left) if stage in {State.WAITING, State.TAKEN} else 0,
            "advice": session.advice or stage,
            "reference": session.reference,
        }


def page_of(stage: str) -> str:
    """Return the template of a stage."""
    return PAGES.get(stage, NOTHING_CAME_OF_IT)


async def told(spot: Spot) -> Response:
    """Tell a page's script where the session is, as soon as it is elsewhere than the page knows."""

    async def stage() -> str:
        return spot.stage(await spot.find())

    return await telling.told(spot.rooms, spot.request, spot.id, stage)
