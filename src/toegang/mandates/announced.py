"""Announced: what a mandate will no longer give, because a service announced other rules from a day to come.

It is weighed by the rules of now and by those of then (ways.py), whoever its agent and its principal are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from toegang.catalogue.representation import EdgeKind
from toegang.mandates.edge import Source, State, Substitution
from toegang.mandates.link import Link, link_of
from toegang.mandates.party import Party, PartyKind
from toegang.mandates.scope import UNRESTRICTED
from toegang.mandates.ways import AGENT, GIVEN, PRINCIPAL, STAND_INS, Effect, People, effect, weigh

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from toegang.assurance import Level
    from toegang.catalogue.values import Service
    from toegang.mandates.edge import Edge
    from toegang.mandates.scope import Restriction, Scope

_LESS: Final = {Effect.STOPS, Effect.LOWER, Effect.SHORTER}
_OF_PEOPLE: Final = {EdgeKind.VOLUNTARY, EdgeKind.HELPER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """That a mandate gives less at a service from a moment on: nothing where it stops."""

    service: Service
    from_: datetime
    effect: Effect


def coming(edge: Edge, services: Iterable[Service], now: datetime) -> tuple[Coming, ...]:
    """Return what a mandate will give less of while it lasts, at services as they are now.

    Of what was given in another's name by virtue of the law, the kind of that must stay admitted too.
    """
    found = [each for each in services if _begins(each, now) is not None]
    by = None if edge.under is None else edge.under.kind
    to_firm = edge.terms.substitution is not Substitution.NONE
    return _less(link_of(edge), found, to_firm=to_firm, by=by, until=edge.terms.until, now=now)


def coming_to(  # noqa: PLR0913 what is about to be given
    kind: EdgeKind,
    scopes: Iterable[Scope],
    worth: Level,
    services: Iterable[Service],
    *,
    to_firm: bool,
    until: datetime | None,
    now: datetime,
    source: Source = Source.SELF,
    restriction: Restriction = UNRESTRICTED,
) -> tuple[Coming, ...]:
    """Return the same of a mandate that is about to be given; `until` None: nobody said until when yet."""
    found = [each for each in services if _begins(each, now) is not None]
    if not found:
        return ()
    link = Link(
        principal=PRINCIPAL,
        agent=AGENT,
        kind=kind,
        basis=kind.value,
        worth=worth,
        from_=None,
        until=None,
        scopes=tuple(scopes),
        restriction=restriction,
        substitution=Substitution.EMPLOYEES if to_firm else Substitution.NONE,
        edge=GIVEN,
        source=source,
    )
    return _less(link, found, to_firm=to_firm, by=None, until=until, now=now)


def _begins(service: Service, now: datetime) -> datetime | None:
    """Return when other rules come into force at a service, if that is still to come."""
    rules = service.representation
    change = None if rules is None else rules.announced
    return change.from_ if change is not None and now < change.from_ else None


def _less(  # noqa: PLR0913 what it is weighed on
    link: Link,
    services: Iterable[Service],
    *,
    to_firm: bool,
    by: EdgeKind | None,
    until: datetime | None,
    now: datetime,
) -> tuple[Coming, ...]:
    link = replace(link, state=State.ACTIVE, from_=None, until=None)
    people = _people(link, to_firm=to_firm)
    found: list[Coming] = []
    for service in services:
        begins = _begins(service, now)
        if begins is None or (until is not None and until <= begins):
            continue
        later = service.at(begins)
        before, after = weigh(link, service, people, now), weigh(link, later, people, begins)
        what, _ = effect(before, after)
        rules = later.representation
        if by is not None and before.level is not None and (rules is None or by not in rules.kinds):
            what = Effect.STOPS
        if what in _LESS:
            found.append(Coming(service=service, from_=begins, effect=what))
    return tuple(sorted(found, key=lambda each: (each.from_, str(each.service.id))))


def _people(link: Link, *, to_firm: bool) -> People:
    """Return both ends as a person or an organisation that is able, and that may help where it helps."""
    kinds = (
        PartyKind.ORGANISATION if to_firm else PartyKind.PERSON,
        PartyKind.PERSON if link.kind in _OF_PEOPLE else PartyKind.ORGANISATION,
    )
    born = next(each.born for each in STAND_INS.values() if each.born is not None)
    parties = {
        id_: Party(id=id_, kind=kind, born=born if kind is PartyKind.PERSON else None)
        for id_, kind in zip((link.agent, link.principal), kinds, strict=True)
    }
    return People(parties=parties, helpers=frozenset({link.agent}))
