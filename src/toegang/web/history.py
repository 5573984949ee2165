"""The person's own logins: where, when, what was asked and why it went as it did, in plain words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from toegang.errors import Cancelled, LoginExpired, LoginUnknown
from toegang.login.decision import COMPLETED
from toegang.web.login import not_offered
from toegang.web.staying import HOME, inside

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.responses import Response

    from toegang.catalogue.values import Text
    from toegang.login.decision import Decision
    from toegang.web.rooms import Rooms
    from toegang.web.staying import Here

PAGE = 20  # logins on one page
LATELY = 5  # logins on the first page of My account

# How a login ended, as the pages say it; all else was refused.
OUTCOMES = {COMPLETED: "completed", Cancelled.code: "cancelled", LoginExpired.code: "under-way"}


async def history(here: Here) -> Response:
    """Show the person's logins, latest first."""
    before = _parse_moment(here.request.query_params.get("before", ""), here.now)
    found = await logins_of(here, before, PAGE)
    full = len(found) == PAGE
    older = f"{HOME}/history?{urlencode({'before': found[-1].ended_at.isoformat()})}" if full else ""
    return here.page("account/history", recent=rows(found), older=older)


async def entry(here: Here) -> Response:
    """Show one login of the person."""
    decision = await own_login(here, here.request.path_params["reference"])
    return here.page("account/history_entry", **_told(here.rooms, decision))


async def logins_of(here: Here, before: datetime, limit: int) -> tuple[Decision, ...]:
    """Return the last logins of who is here; none for somebody whom we do not know as a person."""
    person = here.stay.proven.subject.person
    return await here.rooms.logins.decisions.of_person(person, before, limit) if person else ()


async def own_login(here: Here, reference: str) -> Decision:
    """Return one login of who is here.

    Raises:
        LoginUnknown: nobody's, or somebody else's; never said which.

    """
    found = await here.rooms.logins.decisions.find(reference)
    if found is None or found.person is None or found.person != here.stay.proven.subject.person:
        raise LoginUnknown
    return found


def rows(found: Iterable[Decision]) -> list[dict[str, object]]:
    """Return what a list of logins shows."""
    return [row(decision) for decision in found]


def row(decision: Decision) -> dict[str, object]:
    """Return what a list shows of one login."""
    return {
        "reference": decision.reference,
        "service": decision.service_name,
        "provider": decision.provider,
        "at": decision.started_at,
        "outcome": OUTCOMES.get(decision.end, "refused"),
    }


def _told(rooms: Rooms, decision: Decision) -> dict[str, object]:
    last = decision.proven[-1] if decision.proven else None
    names = {offer.means: offer.name for offer in decision.offers}
    factors = [factor for proof in decision.proven for factor in proof.factors]
    return {
        **row(decision),
        "code": "" if decision.end == COMPLETED else decision.end,
        "asked": decision.required,
        "offered": [offer.name for offer in decision.offers if offer.offered],
        "not_offered": not_offered(decision.offers),
        "means": names.get(last.means) if last else None,
        "factors": list(dict.fromkeys(factors)),
        "proven": decision.level,
        "released": _released(rooms, decision),
    }


def _released(rooms: Rooms, decision: Decision) -> list[dict[str, object]]:
    """Tell what the service got to know, and for what, where the catalogue still says so."""
    service = rooms.catalogue.current.service(decision.service)
    grants = service.attributes if service else ()
    purposes: dict[str, Text | None] = {each.attribute.value: each.purpose for each in grants}
    return [{"attribute": name, "purpose": purposes.get(name)} for name in decision.released]


def _parse_moment(text: str, otherwise: datetime) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return otherwise
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


ROUTES = (
    ("GET", HOME + "/history", inside(history)),
    ("GET", HOME + "/history/{reference}", inside(entry)),
)
