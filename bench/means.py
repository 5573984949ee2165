"""A means that proves whoever it is told, without any cost of its own; for benches and tests only.

It is handed to `app.build(settings, kinds=...)` and `web.application(..., further=...)` as any kind of
means would be; the hub's own code has no such thing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.assurance import Level
from toegang.catalogue.values import MeansId
from toegang.errors import AccountClosed
from toegang.identity.people import PersonId
from toegang.identity.subject import Represented, RepresentedKind, Subject
from toegang.means.base import Authentication, Factor, Go, TransactionId
from toegang.web.login import proceed
from toegang.web.visits import read_visit

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

    from toegang.catalogue.values import AdmittedMeans
    from toegang.means.base import Ask
    from toegang.web.rooms import Rooms

KIND = "bench"
PERSON = PersonId(UUID("01929d2e-0000-7000-8000-0000000be7c4"))


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchMeans:
    """Proves `level` for the person in the address, at once; `closed` are accounts that were stopped."""

    level: Level = Level.HIGH
    closed: set[str] = field(default_factory=set)

    def reach(self, admission: AdmittedMeans) -> Level:  # noqa: ARG002 every admission reaches the same
        """Return the level that it proves."""
        return self.level

    async def start(self, ask: Ask, now: datetime) -> Go:  # noqa: ARG002 nothing to remember
        """Send the browser to the one page."""
        return Go(location=f"/means/bench/{ask.admission.id}/{ask.transaction}")

    def pages(self, admission: AdmittedMeans) -> tuple[str, ...]:  # noqa: ARG002 the one page is ours
        """Return nothing: its page is ours."""
        return ()

    async def proves(self, admission: AdmittedMeans, subject: Subject) -> bool:  # noqa: ARG002
        """Tell that it can prove anybody."""
        return True

    async def check_usable(self, proven: Authentication, now: datetime) -> None:  # noqa: ARG002
        """Refuse the accounts that were stopped."""
        if proven.subject.identifier in self.closed:
            raise AccountClosed


async def prove(request: Request, rooms: Rooms) -> Response:
    """Prove a person: `?person=<uuid>&level=<number>`, both with a default; `person=` proves a stranger.

    `represents=<kind>:<number>` says for whom they act: `kvk`, `rsin`, or `person` with a person's id.
    """
    visit, now = read_visit(request, rooms.cookies, rooms.ids), rooms.clock.now()
    person = request.query_params.get("person", str(PERSON))
    proven = Authentication(
        subject=Subject(
            issuer="bench",
            identifier=person or "a stranger",
            person=PersonId(UUID(person)) if person else None,
        ),
        means=MeansId(request.path_params["means"]),
        level=Level(int(request.query_params.get("level", Level.HIGH))),
        at=now,
        factors=(Factor.BENCH,),
        represented=_represented(request.query_params.get("represents", "")),
    )
    login = TransactionId(request.path_params["login"])
    return await proceed(rooms, visit, await rooms.logins.accept(login, proven, visit.browser, now), now)


def _represented(said: str) -> Represented | None:
    kind, _, number = said.partition(":")
    if not kind:
        return None
    if kind == RepresentedKind.PERSON:
        types = ("urn:nl-eid-gdi:1.1:RT:Zorg_Volledig_Gezag_Kind",)
        return Represented(kind=RepresentedKind.PERSON, person=PersonId(UUID(number)), types=types)
    return Represented(kind=RepresentedKind(kind), number=number)


ROUTES = (
    ("GET", "/means/bench/{means}/{login}", prove),
    ("POST", "/means/bench/{means}/{login}", prove),
)
