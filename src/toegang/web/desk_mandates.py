"""The desk, for mandates: a clerk notes who lets whom act for what, and another officer agrees.

What is noted is read out in the words of the last page, and no other words are agreed with.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from markupsafe import Markup

from toegang.catalogue.values import OrganisationId
from toegang.errors import (
    LoginUnknown,
    NotEntitled,
    OneTimeGone,
    PersonNotFound,
    StepOutOfOrder,
    TooManyTries,
    ValueRefused,
)
from toegang.identity.numbers import Bsn
from toegang.mandates.desk.making import after
from toegang.mandates.desk.standing_apart import numbers_of
from toegang.mandates.desk.visits import Came, Officer
from toegang.mandates.finding import Typed
from toegang.mandates.names import Shown
from toegang.mandates.party import AMSTERDAM, PartyId, PartyKind
from toegang.mandates.scope import Scope
from toegang.web import as_read
from toegang.web.announcing import coming_at_desk
from toegang.web.answers import redirect
from toegang.web.apply import parse_day
from toegang.web.desk import DOCUMENTS, TOO_MANY, officer_of, read_seen, written_day
from toegang.web.languages import Language
from toegang.web.mandate_services import FOUND, chosen_now, found_row
from toegang.web.meant import meant, one_agent
from toegang.web.own_mandates import day_after
from toegang.web.sheets import Fields, Sheet
from toegang.web.staying import DESK, clerking
from toegang.web.words_of_mandates import CHANGED, objection_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from starlette.responses import Response

    from toegang.catalogue.values import Organisation
    from toegang.mandates.desk.giving import GivingAtDesk
    from toegang.mandates.desk.making import Both
    from toegang.mandates.desk.visits import Visit
    from toegang.web.sheets import Desk
    from toegang.web.staying import Here

MANDATE = DESK + "/mandate"
VISIT = MANDATE + "/{visit}"
LOOKED = 500  # services among which those are that admit a desk
HERS = "helper_"
"""What the names of the fields begin with that are about who is to act."""

_SEEN = ("bsn", "birth_date", "document", "document_number")
WHO = Sheet(
    name="desk/mandate_who",
    places={
        TooManyTries: TOO_MANY[TooManyTries],
        NotEntitled: ("", "desk-not-apart"),
        PersonNotFound: ("helper", "choose-one"),
    },
    kept=(*_SEEN, "helper_here", "helper", *(HERS + each for each in _SEEN)),
    signed_in=True,
)
SERVICES = Sheet(name="desk/mandate_services", kept=("words",), signed_in=True)
UNTIL = Sheet(name="desk/mandate_until", kept=("until",), signed_in=True)
CHECK = Sheet(name="desk/mandate_check", signed_in=True)
AGREE = Sheet(name="desk/mandate_agree", signed_in=True)
ORGANISATION = "organisation"
HERE = frozenset({"yes", "no", ORGANISATION})
MOST_LISTED = 100  # organisations that help people, of which a clerk chooses one


async def show_who(here: Here) -> Response:
    """Ask who gives a mandate, and who is to act."""
    return _who_desk(here).show(WHO)


async def who(here: Here) -> Response:
    """Note who came."""
    desk, fields = _who_desk(here), Fields(here.form)
    if here.form.get("helper_here", "") not in HERE:
        fields.errors["helper_here"] = ("choose-one",)
    try:
        giver = await came_by(here, fields)
        other = await _who_acts(here, fields)
        if giver is None or other is None or fields.errors:
            return desk.wrong(WHO, fields.errors)
        language = here.visit.language.value
        name = await door(here).begin(desk_officer(here), giver, other, language, here.now)
    except NotEntitled as refusal:
        return desk.wrong(WHO, {"": (_reason(refusal),)})
    except (ValueRefused, PersonNotFound, TooManyTries) as refusal:
        return desk.refuse(WHO, refusal)
    return redirect(here.rooms, _at(name, "services"), here.visit)


async def show_services(here: Here) -> Response:
    """Show services to choose from, those chosen before first."""
    _, visit = await _own(here)
    return _services_desk(here, visit, here.request.query_params.get("words", "")[:60]).show(SERVICES)


async def services(here: Here) -> Response:
    """Keep what was chosen; look for others, or go on."""
    name, visit = await _own(here)
    scopes = [key for key in chosen_now(here.form, visit.scopes) if key.startswith("service:")]
    visit = await door(here).choose(desk_officer(here), name, here.now, scopes, visit.until)
    words = here.form.get("words", "").strip()[:60]
    if here.form.get("do") == "look":
        return redirect(here.rooms, f"{_at(name, 'services')}?{urlencode({'words': words})}", here.visit)
    if not visit.scopes:
        return _services_desk(here, visit, words).wrong(SERVICES, {"services": ("choose-one",)})
    return redirect(here.rooms, _at(name, "until"), here.visit)


async def show_until(here: Here) -> Response:
    """Ask for the last day."""
    await _own(here)
    return _until_desk(here).show(UNTIL)


async def until(here: Here) -> Response:
    """Keep the last day."""
    name, visit = await _own(here)
    over = day_after(here.form.get("until", ""))
    if over is None or over <= here.now:
        reason = "last-day-invalid" if over is None else "day-is-over"
        return _until_desk(here).wrong(UNTIL, {"until": (reason,)})
    last = (over - timedelta(seconds=1)).astimezone(AMSTERDAM).date()
    await door(here).choose(desk_officer(here), name, here.now, visit.scopes, last)
    return redirect(here.rooms, _at(name, "check"), here.visit)


async def show_check(here: Here) -> Response:
    """Show the words that are read out."""
    name, visit = await _own(here)
    if not visit.scopes or visit.until is None:
        return redirect(here.rooms, _at(name, "until" if visit.scopes else "services"), here.visit)
    return here.desk(**_shown(here, visit, await door(here).both(visit, here.now))).show(CHECK)


async def check(here: Here) -> Response:
    """Note it as it was read."""
    name, visit = await _own(here)
    values = _shown(here, visit, await door(here).both(visit, here.now))
    if not as_read.same(here.form.get("read", ""), values["read"]):
        return here.desk(**values).wrong(CHECK, {"": (CHANGED,)})
    try:
        await door(here).note(desk_officer(here), name, str(values["words"]), here.now)
    except NotEntitled as refusal:
        return here.desk(**values).wrong(CHECK, {"": (_reason(refusal),)})
    return here.page_once("desk/mandate_noted", case=name)


async def show_agree(here: Here) -> Response:
    """Show a visit to the officer who is to agree."""
    try:
        return here.desk(**await _looked(here)).show(AGREE)
    except NotEntitled as refusal:
        return here.desk(words=None).wrong(AGREE, {"": (_reason(refusal),)})


async def agree(here: Here) -> Response:
    """Agree, and the mandate counts; or do not agree."""
    name, officer = here.request.path_params["visit"], desk_officer(here)
    try:
        values = await _looked(here)
        if here.form.get("do") != "give":
            await door(here).refuse(officer, name, here.now)
            return here.page_once("desk/mandate_given", state="refused")
        edge = await door(here).give(officer, name, str(values["words"]), here.now)
    except NotEntitled as refusal:
        return here.desk(words=None).wrong(AGREE, {"": (_reason(refusal),)})
    except StepOutOfOrder:
        raise OneTimeGone from None
    return here.page_once("desk/mandate_given", state=edge.state.value)


def door(here: Here) -> GivingAtDesk:
    """Return the use cases."""
    return here.rooms.representing.at_desk.giving


def desk_officer(here: Here) -> Officer:
    """Return who works here now, as a party.

    Raises:
        LoginUnknown: somebody whom we do not know as a person.

    """
    found = officer_of(here)
    organisation = here.rooms.catalogue.current.organisation(OrganisationId(found.organisation))
    if found.person is None or organisation is None:
        raise LoginUnknown
    return Officer(
        name=found.name,
        organisation=found.organisation,
        party=PartyId(found.person),
        level=here.stay.level,
        desk=organisation.names,
        numbers=numbers_of(organisation),
    )


async def came_by(here: Here, fields: Fields, whose: str = "") -> Came | None:
    """Read somebody who came with their document; how often a clerk does so is counted."""
    typed, seen = _typed(fields, whose), read_seen(fields, here, whose)
    if typed is None or seen is None:
        return None
    try:
        await here.rooms.apps.at_desk.look_at(officer_of(here), seen, here.now)
    except ValueRefused as refusal:
        fields.errors[whose + refusal.field] = (refusal.reason,)
        return None
    return Came(typed=typed, document=seen.document, number=seen.printed)


def _typed(fields: Fields, whose: str = "") -> Typed | None:
    bsn = fields.read(f"{whose}bsn", Bsn.parse, "bsn-invalid")
    born = fields.read(f"{whose}birth_date", parse_day, "date-invalid")
    return None if bsn is None or born is None else Typed(bsn=bsn, born=born)


async def _who_acts(here: Here, fields: Fields) -> Came | Typed | Organisation | None:
    """Read who is to act: here with a document, not here, or an organisation that helps people."""
    there = here.form.get("helper_here", "")
    if there == ORGANISATION:
        chosen = next((each for each in _helpers(here) if each.id == here.form.get("helper", "")), None)
        if chosen is None:
            fields.errors["helper"] = ("choose-one",)
        return chosen
    return await came_by(here, fields, HERS) if there == "yes" else _typed(fields, HERS)


def _who_desk(here: Here) -> Desk:
    found, mine = _helpers(here), desk_officer(here).numbers
    others = [(each.id, each.names[here.visit.language]) for each in found if not numbers_of(each) & mine]
    return here.desk(documents=DOCUMENTS, helpers=others, own_helps=len(others) < len(found))


def _helpers(here: Here) -> Sequence[Organisation]:
    return here.rooms.representing.helping.named("", MOST_LISTED, here.now)


async def _own(here: Here) -> tuple[str, Visit]:
    name = here.request.path_params["visit"]
    return name, await door(here).own(desk_officer(here), name, here.now)


async def _looked(here: Here) -> dict[str, object]:
    """Return what the second officer sees.

    Raises:
        OneTimeGone: no visit of this desk by that name, or who noted it works here no more.
        NotEntitled: the officer stands not apart from it.

    """
    officer, name = desk_officer(here), here.request.path_params["visit"]
    visit = await door(here).look(officer, name, here.now)
    if not here.rooms.operators.still_clerk(visit.clerk, visit.organisation, here.now):
        raise OneTimeGone
    both = await door(here).both(visit, here.now)
    papers = [(both.principal, visit.document)]
    if both.agent is not None:
        papers.append((both.agent, visit.agent_document))
    return _shown(here, visit, both) | {
        "came": [
            {"name": one.names.full, "born": written_day(one.birth_date), "document": document}
            for one, document in papers
        ],
    }


def _shown(here: Here, visit: Visit, both: Both) -> dict[str, object]:
    """Return the words of a visit, in the language in which they are read out."""
    language = Language(visit.language)
    last = here.now if visit.until is None else after(visit.until) - timedelta(seconds=1)
    words = here.rooms.pages.render(
        "account/_mandate_words",
        language,
        asking=False,
        me=Shown(kind=PartyKind.PERSON, name=both.principal.names.full),
        doer=None,
        falls=False,
        organisation=visit.helper is not None,
        helper=visit.helper is not None,
        grants=False,
        other=_shown_agent(visit, both, language),
        hint=visit.agent.hint,
        more=(),
        clients=0,
        services=meant(here, tuple(map(Scope.parse, visit.scopes))),
        limits=[],
        early=False,
        coming=coming_at_desk(here, visit, last),
        one_agent=one_agent(here, tuple(map(Scope.parse, visit.scopes)), visit.kind),
        until=last,
    )
    return {
        "words": Markup(words.decode()),  # noqa: S704 a template of ours
        "words_language": language.value,
        "came_too": visit.came or visit.helper is not None,
        "read": as_read.digest(words.decode()),
    }


def _shown_agent(visit: Visit, both: Both, language: Language) -> Shown | None:
    if visit.helper is not None:
        return Shown(kind=PartyKind.ORGANISATION, name=visit.helper[language.value])
    return None if both.agent is None else Shown(kind=PartyKind.PERSON, name=both.agent.names.full)


def _services_desk(here: Here, visit: Visit, words: str) -> Desk:
    services = here.rooms.representing.services
    found = [
        each
        for each in services.find(words, visit.kind, LOOKED, here.now)
        if each.representation is not None and each.representation.desk
    ][:FOUND]
    scopes = tuple(map(Scope.parse, visit.scopes))
    return here.desk(
        found=[found_row(here, each) for each in found if Scope.of_service(each.id) not in scopes],
        chosen=[{"id": scope.name, "names": services.called(scope)} for scope in scopes],
        many=len(found) == FOUND,
    )


def _until_desk(here: Here) -> Desk:
    return here.desk(usual=_in_a_year(here.now))


def _in_a_year(now: datetime) -> datetime:
    return (now + timedelta(days=365)).astimezone(AMSTERDAM)


def _reason(refusal: NotEntitled) -> str:
    """Return the reason (a key of words.REASONS) for what was against it."""
    return refusal.why if refusal.why.startswith("desk-") else objection_of(refusal)


def _at(name: str, page: str) -> str:
    return f"{MANDATE}/{name}/{page}"


ROUTES = (
    ("GET", MANDATE, clerking(show_who)),
    ("POST", MANDATE, clerking(who)),
    ("GET", VISIT + "/services", clerking(show_services)),
    ("POST", VISIT + "/services", clerking(services)),
    ("GET", VISIT + "/until", clerking(show_until)),
    ("POST", VISIT + "/until", clerking(until)),
    ("GET", VISIT + "/check", clerking(show_check)),
    ("POST", VISIT + "/check", clerking(check)),
    ("GET", VISIT + "/agree", clerking(show_agree)),
    ("POST", VISIT + "/agree", clerking(agree)),
)
