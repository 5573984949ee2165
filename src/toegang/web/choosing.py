"""The page of a login on which a person says for whom they log in.

Themselves first; then whom they may act for, a page at a time. Who stands on no page so far is found by the
beginning of a name, which is sent in the form so that no address has it, or by number: whether that number is
anybody's is told only to who may act for them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode

from toegang.errors import NotEntitled, TooManyTries, ValueRefused
from toegang.identity.numbers import KVK_LENGTH, Bsn, KvkNumber
from toegang.login.acting import ForWhom
from toegang.login.authorities import ON_A_PAGE
from toegang.login.changes import can_change_means, can_climb
from toegang.mandates.searching import FEWEST, folded
from toegang.mandates.stores import Page
from toegang.means.base import TransactionId
from toegang.web.answers import suggestions, wait
from toegang.web.visits import read_form, read_visit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

    from toegang.login.authorities import Choice, Choices
    from toegang.login.ending import End
    from toegang.login.transaction import Transaction
    from toegang.mandates.names import Shown
    from toegang.mandates.party import PartyId
    from toegang.web.rooms import Rooms
    from toegang.web.visits import Visit

PAGE = "login/choose_represented"
FIELD = "number_for"
NAME = "name_like"
FIND = "find-name"
FURTHER = "names_after"
NOBODY = "nobody-to-act-for"
ANOTHER_MEANS = "another-means"
WISHES = frozenset({"for-myself", "for-number", "climb", "whom-again", ANOTHER_MEANS})
AFTER = "after"
SUGGESTED_AT = "/names"
TOO_OFTEN = 429


def looks(form: Mapping[str, str]) -> bool:
    """Tell whether somebody looks for a name, and has chosen nobody yet."""
    return form.get("do") == FIND or FURTHER in form


async def looked_wrong(
    rooms: Rooms, at: Transaction, form: Mapping[str, str], now: datetime
) -> ValueRefused | None:
    """Return why nobody is looked for by this name now, if anything; else it is counted."""
    if len(folded(form.get(NAME, ""))) < FEWEST:
        return ValueRefused(NAME, "name-too-short")
    try:
        await rooms.logins.choosing.check_looking(at, now)
    except TooManyTries:
        return ValueRefused(NAME, "too-many-tries")
    return None


async def shown(
    rooms: Rooms, visit: Visit, at: Transaction, now: datetime, words: Mapping[str, str] | None = None
) -> dict[str, object]:
    """Return what the page shows besides the service; `words` is the form by which somebody looks for a name.

    Raises:
        Malformed: it asks for a page after nobody.

    """
    if words is None:
        begins = parse_qs(visit.place.partition("?")[2]).get(AFTER, [""])[0]
    else:
        begins = words.get(FURTHER, "")
    after, *began = rooms.representing.sealed.open_all(begins, at.id) if begins else (None,)
    page = Page(after=after, size=ON_A_PAGE, began=tuple(began))
    authorities = rooms.logins.choosing.authorities
    if words is None:
        choices = await authorities.offered(at, page, now)
    else:
        choices = await authorities.named(at, words.get(NAME, ""), page, now)
    names = await _names(rooms, choices)
    sealed = _sealed(rooms, at, choices.further) if choices.further else ""
    return {
        "offered": [_offered(rooms, at, each, names) for each in choices.found],
        "more": f"?{urlencode({AFTER: sealed})}" if sealed and words is None else "",
        "more_names": sealed if words is not None else "",
        "named": words is not None,
        "suggested_at": f"/login/{at.id}{SUGGESTED_AT}",
        "further": after is not None,
        "takes": choices.takes,
        "can_climb": choices.takes is not None and can_climb(at),
        "can_change_means": can_change_means(at),
        "only_another": at.request.for_whom.only_another,
        "for_organisation": at.request.for_whom is ForWhom.ORGANISATION,
        "lost": at.acting is not None and at.acting.lost,
        "level": at.required,
    }


def _sealed(rooms: Rooms, at: Transaction, page: Page) -> str:
    """Name a page: after whom it begins, and who stood before others until then."""
    after = () if page.after is None else (page.after,)
    return rooms.representing.sealed.seal_all((*after, *(page.began or ())), at.id)


async def act(
    rooms: Rooms, visit: Visit, login: TransactionId, form: dict[str, str], now: datetime
) -> Transaction | End:
    """Take what the person chose.

    Raises:
        ValueRefused: nobody has the number whom they may act for; which of the two is not said.
        Refusal: they may not act for whom they chose, or it is not asked now.

    """
    choosing, browser, wish = rooms.logins.choosing, visit.browser, form.get("do", "")
    if wish == "for-myself":
        return await choosing.themselves(login, browser, now)
    if wish == "whom-again":
        return await choosing.again(login, browser, now)
    if wish == ANOTHER_MEANS:
        return await choosing.another_means(login, browser, now)
    if wish == "climb":
        return await choosing.climb(login, browser, now)
    at = await rooms.logins.find(login, browser, now)
    if "whom" in form:
        principal = rooms.representing.sealed.open(form["whom"], login)
        return await choosing.another(at, principal, browser, now)
    try:
        return await choosing.numbered(at, _number(form.get(FIELD, "")), browser, now)
    except NotEntitled as refusal:
        raise ValueRefused(FIELD, NOBODY) from refusal
    except TooManyTries as refusal:
        raise ValueRefused(FIELD, "too-many-tries") from refusal


async def for_whom(rooms: Rooms, at: Transaction) -> dict[str, object]:
    """Return for whom somebody is about to log in, as the page says it on which they agree."""
    if at.principal is None:
        return {"for_whom": None, "seen": "", "may_choose": at.acting is not None and at.acting.answered}
    name = (await rooms.representing.names.of([at.principal]))[at.principal]
    return {
        "for_whom": name,
        "seen": rooms.representing.sealed.seal(at.principal, at.id),
        "may_choose": True,
    }


def seen(rooms: Rooms, login: TransactionId, form: dict[str, str]) -> PartyId | None:
    """Return for whom the page said that somebody logs in on which they agreed; None for themselves."""
    name = form.get("seen", "")
    return rooms.representing.sealed.open(name, login) if name else None


async def suggest(request: Request, rooms: Rooms) -> Response:
    """Suggest names while somebody types, for the page's script: the first that the button would find."""
    visit, now = read_visit(request, rooms.cookies, rooms.ids), rooms.clock.now()
    login, form = TransactionId(request.path_params["login"]), await read_form(request, rooms.cookies)
    try:
        found = await rooms.logins.choosing.suggested(login, form.get(NAME, ""), visit.browser, now)
    except TooManyTries as refusal:
        later = suggestions(rooms, visit, (), status=TOO_OFTEN)
        wait(later, refusal)
        return later
    at, names = await rooms.logins.find(login, visit.browser, now), await _names(rooms, found)
    return suggestions(rooms, visit, [_offered(rooms, at, each, names) for each in found.found])


async def _names(rooms: Rooms, choices: Choices) -> Mapping[PartyId, Shown]:
    met = {party for each in choices.found for party in (each.principal, each.via) if party is not None}
    return await rooms.representing.names.of(met)


def _offered(
    rooms: Rooms, at: Transaction, choice: Choice, names: Mapping[PartyId, Shown]
) -> dict[str, object]:
    return {
        "id": rooms.representing.sealed.seal(choice.principal, at.id),
        "name": names[choice.principal],
        "basis": choice.basis,
        "via": names[choice.via] if choice.via is not None else None,
        "last_day": choice.until - timedelta(seconds=1) if choice.until else None,
    }


def _number(text: str) -> Bsn | KvkNumber:
    """Read a KVK number or a BSN, which have other lengths.

    Raises:
        ValueRefused: it is neither.

    """
    digits = "".join(text.split())
    if not digits:
        raise ValueRefused(FIELD, "empty")
    try:
        return KvkNumber.parse(digits) if len(digits) == KVK_LENGTH else Bsn.parse(digits)
    except ValueError as error:
        raise ValueRefused(FIELD, "number-for-invalid") from error
