"""What may be done by a mandate, on pages: which limits can be set, how they are read, and how they are told.

A limit can be set where every service that is meant holds people to it. What is read is never wider than
what it is taken from: what one holds oneself, or what the mandate gives now.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, time
from typing import TYPE_CHECKING, Final

from toegang.catalogue.representation import EdgeKind, LimitKind
from toegang.identity.numbers import BRANCH_LENGTH
from toegang.mandates.demands import demands_of, within
from toegang.mandates.party import AMSTERDAM
from toegang.mandates.scope import Action, Restriction
from toegang.web import moments

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from toegang.assurance import Level
    from toegang.mandates.scope import Scope
    from toegang.web.languages import Language
    from toegang.web.sheets import Desk
    from toegang.web.staying import Here
    from toegang.web.wrong import Errors

    Read = Callable[[str], Restriction]

FIELDS: Final = {
    LimitKind.ACTIONS: "limit_may",
    LimitKind.AMOUNT: "limit_most",
    LimitKind.LOOK_BACK: "limit_since",
    LimitKind.CASE: "limit_cases",
    LimitKind.BRANCH: "limit_branch",
}
KEPT: Final = tuple(FIELDS.values())
"""Fields that a page with limits shows again."""

NOT_HONOURED: Final = "mandate-limit-not-honoured"
WIDER: Final = "limit-wider"
MORE_THAN_OWN: Final = "limit-more-than-own"
EVERYTHING: Final = "all"
CHOICES: Final = {
    "view": frozenset({Action.VIEW}),
    "prepare": frozenset({Action.VIEW, Action.PREPARE}),
    EVERYTHING: frozenset(Action),
}
"""What may be done there, as a page lets choose; the narrowest first."""

MANY: Final = 10
"""Cases, or branches, of one mandate."""
EARLIEST: Final = 1900
_OF_ORGANISATIONS: Final = frozenset({EdgeKind.EMPLOYEE, EdgeKind.STAFF, EdgeKind.INTERMEDIARY})
_AMOUNTS: Final = tuple(
    re.compile(each, re.ASCII)
    for each in (r"\d{1,9}([.,]\d{2})?", r"\d{1,3}(\.\d{3}){1,2}(,\d{2})?", r"\d{1,3}(,\d{3}){1,2}(\.\d{2})?")
)
_THOUSANDS: Final = re.compile(r"\d{3}", re.ASCII)
_CENTS: Final = re.compile(r"[.,](\d\d)\Z", re.ASCII)
_DAY: Final = re.compile(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4})", re.ASCII)
_CASE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./_-]{0,39}", re.ASCII)
_REASONS: Final = {
    LimitKind.ACTIONS: "choose-one",
    LimitKind.AMOUNT: "amount-invalid",
    LimitKind.LOOK_BACK: "date-invalid",
    LimitKind.CASE: "cases-invalid",
    LimitKind.BRANCH: "branch-invalid",
}


def can_be_set(here: Here, scopes: Sequence[Scope], kind: EdgeKind, level: Level) -> tuple[LimitKind, ...]:
    """Return the limits to which all services hold people that a mandate of this kind and level is for."""
    reached = here.rooms.representing.services.reached(scopes, here.now)
    meant = within(kind, scopes, reached, level)
    demands = demands_of(each.representation for each in meant if each.representation is not None)
    known = frozenset[LimitKind]() if demands is None else demands.limits
    if kind not in _OF_ORGANISATIONS:
        known -= {LimitKind.BRANCH}
    return tuple(each for each in FIELDS if each in known)


def read(
    here: Here, open_: Sequence[LimitKind], bound: Restriction, wider: str = WIDER
) -> tuple[Restriction, Errors]:
    """Return what was chosen, and what is wrong with it; what was left empty is as in `bound`.

    `wider` is the reason that is told of what is more.
    """
    form, now, cents = here.form, here.now, _cents_after(here.visit.language)
    found, errors = bound, dict[str, tuple[str, ...]]()
    for kind, field in FIELDS.items():
        typed = form.get(field, "").strip()
        if not typed or (kind not in open_ and typed == EVERYTHING):
            continue
        if kind not in open_:
            errors[""] = (NOT_HONOURED,)
            continue
        try:
            one = _amount(typed, cents) if kind is LimitKind.AMOUNT else _READ[kind](typed)
        except ValueError:
            errors[field] = (_REASONS[kind],)
            continue
        if one.looks_back_to is not None and one.looks_back_to > now:
            errors[field] = ("date-in-future",)
        elif not one.within(bound.only((kind,))):
            errors[field] = (wider,)
        else:
            found = found.narrowed(one)
    return found, errors


def chosen_before(restriction: Restriction, bound: Restriction) -> Restriction:
    """Return what a page can show as chosen, of what may be done by another mandate: as much, or less."""
    fits = [
        Restriction(actions=each)
        for each in CHOICES.values()
        if each <= restriction.actions and each <= bound.actions
    ]
    return (fits[-1] if fits else bound).narrowed(replace(restriction, actions=frozenset(Action)))


def asked(open_: Sequence[LimitKind], bound: Restriction) -> dict[str, object]:
    """Return what a page with these limits shows: their words, and what may be chosen of what may be done."""
    may = [word for word, actions in CHOICES.items() if actions <= bound.actions]
    # Of what may be done nothing less is left to choose where only one is.
    shown = [each.value for each in open_ if each is not LimitKind.ACTIONS or len(may) > 1]
    return {"limits_open": shown, "limits_may": may}


def filled(desk: Desk, restriction: Restriction) -> Desk:
    """Return where a page is filled in, with these limits in it where nothing was typed."""
    day, most = restriction.looks_back_to, restriction.most
    comma = _cents_after(desk.visit.language)
    values = {
        LimitKind.ACTIONS: next((word for word, each in CHOICES.items() if each == restriction.actions), ""),
        LimitKind.AMOUNT: "" if most is None else f"{most // 100}{comma}{most % 100:02d}",
        LimitKind.LOOK_BACK: "" if day is None else f"{day.astimezone(AMSTERDAM):%d-%m-%Y}",
        LimitKind.CASE: ", ".join(sorted(restriction.cases or ())),
        LimitKind.BRANCH: ", ".join(sorted(restriction.branches or ())),
    }
    shown = {FIELDS[kind]: text for kind, text in values.items() if text}
    return replace(desk, form={**shown, **desk.form})


def limits_shown(here: Here, restriction: Restriction) -> list[tuple[str, str]]:
    """Return each limit as a page tells it: a key of words_of_limits.LIMITS, and what it is limited to."""
    speaking = moments.in_language(here.visit.language)
    found: list[tuple[str, str]] = []
    if restriction.actions != frozenset(Action):
        whole = next((word for word, each in CHOICES.items() if each == restriction.actions), None)
        several = [f"may-{each.value}" for each in Action if each in restriction.actions]
        found += [(word, "") for word in (several if whole is None else [whole])]
    if restriction.most is not None:
        found.append(("amount", speaking["euros"](restriction.most)))
    if restriction.looks_back_to is not None:
        found.append(("look-back", speaking["day"](restriction.looks_back_to)))
    if restriction.cases is not None:
        found.append(("case", ", ".join(sorted(restriction.cases))))
    if restriction.branches is not None:
        found.append(("branch", ", ".join(sorted(restriction.branches))))
    return found


def _may(typed: str) -> Restriction:
    if typed not in CHOICES:
        raise ValueError(typed)
    return Restriction(actions=CHOICES[typed])


def _cents_after(language: Language) -> str:
    """Return the sign after which who reads a language writes cents."""
    return "," if language.value == "nl" else "."


def _amount(typed: str, cents_after: str) -> Restriction:
    """Read euros as people in the Netherlands or Britain write them; nothing is no amount.

    Three digits after the sign for cents can be thousands or a slip: nobody is let do a thousand times more.
    """
    text = "".join(typed.split()).removeprefix("€").removesuffix(",-").removesuffix(".-")
    slip = _THOUSANDS.fullmatch(text.partition(cents_after)[2]) is not None
    if slip or not any(each.fullmatch(text) for each in _AMOUNTS):
        raise ValueError(typed)
    cents = _CENTS.search(text)
    euros = text[: cents.start()] if cents else text
    most = int(euros.replace(".", "").replace(",", "")) * 100 + int(cents[1] if cents else 0)
    if most == 0:
        raise ValueError(typed)
    return Restriction(most=most)


def _since(typed: str) -> Restriction:
    found = _DAY.fullmatch(typed)
    if found is None:
        raise ValueError(typed)
    day, month, year = (int(part) for part in found.groups())
    if year < EARLIEST:
        raise ValueError(typed)
    return Restriction(
        looks_back_to=datetime.combine(datetime(year, month, day, tzinfo=AMSTERDAM), time.min, AMSTERDAM)
    )


def _cases(typed: str) -> Restriction:
    return Restriction(cases=_several(typed, _CASE))


def _branches(typed: str) -> Restriction:
    return Restriction(
        branches=_several("".join(typed.split(" ")), re.compile(rf"\d{{{BRANCH_LENGTH}}}", re.ASCII))
    )


def _several(typed: str, form: re.Pattern[str]) -> frozenset[str]:
    parts = frozenset(each.strip() for each in re.split(r"[,;\r\n]", typed) if each.strip())
    if not 0 < len(parts) <= MANY or not all(form.fullmatch(each) for each in parts):
        raise ValueError(typed)
    return parts


_READ: Final[Mapping[LimitKind, Read]] = {
    LimitKind.ACTIONS: _may,
    LimitKind.LOOK_BACK: _since,
    LimitKind.CASE: _cases,
    LimitKind.BRANCH: _branches,
}
