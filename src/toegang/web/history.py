"""The person's own history: every login in plain words, and all that the trail says of them, with proofs.

Both lists go on exactly where a page stopped; a page of long ago costs no more than the first.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

from toegang.audit.events import MandateUsed
from toegang.audit.proofs import write_proofs
from toegang.catalogue.values import OrganisationId, Text
from toegang.errors import Cancelled, LoginExpired, LoginUnknown
from toegang.login.decision import COMPLETED, Wanted
from toegang.mandates.acted import known_to
from toegang.mandates.party import AMSTERDAM, PartyId
from toegang.web.answers import download
from toegang.web.login import not_offered
from toegang.web.staying import HOME, inside

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from starlette.responses import Response

    from toegang.audit.trail import Recorded
    from toegang.identity.people import PersonId
    from toegang.login.decision import Decision
    from toegang.mandates.names import Shown
    from toegang.web.rooms import Rooms
    from toegang.web.staying import Here

PAGE = 20  # logins on one page
LINES = 50  # events on one page
LATELY = 5  # logins on the first page of My account
HISTORY, TRAIL, PROOF = HOME + "/history", HOME + "/trail", HOME + "/proof"
DAY = timedelta(days=1)

# How a login ended, as the pages say it; all else was refused.
OUTCOMES = {COMPLETED: "completed", Cancelled.code: "cancelled", LoginExpired.code: "under-way"}


async def history(here: Here) -> Response:
    """Show the person's logins, latest first: all of them, or of one organisation or period."""
    asked, person = here.request.query_params, here.stay.proven.subject.person
    found = await logins_of(here, _wanted(asked, here.now))
    known = await here.rooms.logins.decisions.organisations_of(person) if person else ()
    kept = {name: asked[name] for name in ("organisation", "from", "until") if asked.get(name)}
    older = ""
    if len(found) == PAGE:
        last = {"before": found[-1].ended_at.isoformat(), "below": found[-1].reference}
        older = f"{HISTORY}?{urlencode(kept | last)}"
    values = {"recent": rows(found), "older": older, "organisations": _organisations(here.rooms, known)}
    return here.page("account/history", **values, asked=kept)


async def entry(here: Here) -> Response:
    """Show one login of the person."""
    decision = await own_login(here, here.request.path_params["reference"])
    events = await here.rooms.mine.trail.of_login(decision)
    whom = await _acted_for(here, events)
    return here.page("account/history_entry", **_told(here.rooms, decision), whom=whom, events=len(events))


async def trail(here: Here) -> Response:
    """Show what the audit trail says of the person, latest first."""
    before = _uuid(here.request.query_params.get("before", ""))
    person = here.stay.proven.subject.person
    found = await here.rooms.mine.trail.events(person, LINES, before) if person else ()
    older = f"{TRAIL}?{urlencode({'before': str(found[-1].id)})}" if len(found) == LINES else ""
    return here.page("account/trail", events=[_line(one) for one in found], older=older)


async def proof(here: Here) -> Response:
    """Hand out the proof of one event of the person, as a file."""
    id_, person = _uuid(here.request.path_params["event"]), here.stay.proven.subject.person
    if id_ is None or person is None:
        raise LoginUnknown
    made = await here.rooms.mine.trail.prove(person, id_)
    return download(here.rooms, write_proofs((made,)), f"proof-{id_}.json", "application/json")


async def proof_of_login(here: Here) -> Response:
    """Hand out the proofs of all that is recorded of one login of the person, as a file."""
    decision, person = await own_login(here, here.request.path_params["reference"]), _person(here)
    made = await here.rooms.mine.trail.prove_login(person, decision)
    name = f"proof-{decision.reference}.json"
    return download(here.rooms, write_proofs(made), name, "application/json")


async def logins_of(here: Here, wanted: Wanted) -> tuple[Decision, ...]:
    """Return logins of who is here; none for somebody whom we do not know as a person."""
    person = here.stay.proven.subject.person
    return await here.rooms.logins.decisions.of_person(person, wanted) if person else ()


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


async def _acted_for(here: Here, events: Iterable[Recorded]) -> Shown | None:
    """Return for whom the person acted in this login, where they may know that today."""
    used = next((each.event for each in events if isinstance(each.event, MandateUsed)), None)
    if used is None:
        return None
    representing = here.rooms.representing
    whom = await known_to(PartyId(_person(here)), used, representing.standing_in, here.now)
    return (await representing.names.of((whom,)))[whom] if whom is not None else None


def _person(here: Here) -> PersonId:
    person = here.stay.proven.subject.person
    if person is None:
        raise LoginUnknown
    return person


def _told(rooms: Rooms, decision: Decision) -> dict[str, object]:
    last = decision.proven[-1] if decision.proven else None
    names = {offer.means: offer.name for offer in decision.offers}
    factors = [factor for proof in decision.proven for factor in proof.factors]
    return {
        **row(decision),
        "code": "" if decision.end == COMPLETED else decision.end,
        "asked": decision.required,
        "floor": decision.floor if decision.floor > decision.required else None,
        "offered": [offer.name for offer in decision.offers if offer.offered],
        "not_offered": not_offered(decision.offers),
        "means": names.get(last.means) if last else None,
        "factors": list(dict.fromkeys(factors)),
        "reused": any(proof.reused for proof in decision.proven),
        "proven": decision.level,
        "represented": decision.represented,
        "agent": decision.agent,
        "released": _released(rooms, decision),
    }


def _released(rooms: Rooms, decision: Decision) -> list[dict[str, object]]:
    """Tell what the service got to know, and for what, where the catalogue still says so."""
    service = rooms.catalogue.current.service(decision.service)
    grants = service.attributes if service else ()
    purposes: dict[str, Text | None] = {each.attribute.value: each.purpose for each in grants}
    return [{"attribute": name, "purpose": purposes.get(name)} for name in decision.released]


def _line(recorded: Recorded) -> dict[str, object]:
    event = recorded.event
    return {
        "id": str(recorded.id),
        "name": event.name,
        "at": event.at,
        "reference": getattr(event, "reference", None) if event.name.startswith("login:") else None,
        "index": recorded.index,
    }


def _organisations(rooms: Rooms, known: Iterable[OrganisationId]) -> list[tuple[str, Text]]:
    snapshot = rooms.catalogue.current
    found = [(id_, snapshot.organisation(id_)) for id_ in known]
    return [(id_, each.names if each else Text(nl=id_, en=id_)) for id_, each in found]


def _wanted(asked: Mapping[str, str], now: datetime) -> Wanted:
    """Read which logins are asked; what cannot be read is not asked."""
    until = _moment(asked.get("until", ""), DAY)
    ended = until if until is not None and until < now else now
    before = _moment(asked.get("before", "")) or ended
    return Wanted(
        limit=PAGE,
        before=before,
        reference=asked.get("below", "")[:40],
        after=_moment(asked.get("from", "")),
        organisation=OrganisationId(asked["organisation"]) if asked.get("organisation") else None,
    )


def _moment(text: str, later: timedelta = timedelta()) -> datetime | None:
    """Read a moment, or the beginning of a day in Amsterdam; `later` is added by the clock of there."""
    try:
        moment = datetime.fromisoformat(text) + later
        return (moment if moment.tzinfo else moment.replace(tzinfo=AMSTERDAM)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


ROUTES = (
    ("GET", HISTORY, inside(history)),
    ("GET", HISTORY + "/{reference}", inside(entry)),
    ("GET", HISTORY + "/{reference}/proof", inside(proof_of_login)),
    ("GET", TRAIL, inside(trail)),
    ("GET", PROOF + "/{event}", inside(proof)),
)
