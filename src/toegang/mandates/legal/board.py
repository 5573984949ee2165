"""Authority over an organisation by the trade register: directors, partners, owners and proxies.

Yields the edges of one organisation: an organisation can be director of another, and who acts for it is then
derived from its own registration. signing.py tells which people together reach through all of them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from toegang.identity.numbers import Bsn
from toegang.mandates.legal.authority import ALONE, Basis, Power, Powers, Source, Together
from toegang.mandates.legal.derived import Given, Told, derived, next_change, runs, today
from toegang.mandates.legal.rules import Rule
from toegang.registers.organisations import LegalForm, Representing, Role, Standing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from toegang.mandates.legal.derived import Derived, Period
    from toegang.registers.organisations import Official, Proxy, RegisteredOrganisation
    from toegang.registers.spoken import Holder

OVER: Final = frozenset(Power)
"""All that an organisation can decide on; that it has no care of its own takes nothing away."""

STOPPED: Final = {
    Standing.INSOLVENT: Rule.ORGANISATION_INSOLVENT,
    Standing.DISSOLVED: Rule.ORGANISATION_DISSOLVED,
    Standing.STRUCK_OFF: Rule.ORGANISATION_DISSOLVED,
    Standing.MERGED: Rule.ORGANISATION_MERGED,
}
"""In these states officials and proxies give nothing; who winds it up is not in this register's answer."""

ROLES: Final = {
    LegalForm.SOLE_TRADER: Role.OWNER,
    LegalForm.PARTNERSHIP: Role.PARTNER,
    LegalForm.LIMITED_PARTNERSHIP: Role.PARTNER,
    LegalForm.PRIVATE_COMPANY: Role.DIRECTOR,
    LegalForm.PUBLIC_COMPANY: Role.DIRECTOR,
    LegalForm.FOUNDATION: Role.DIRECTOR,
    LegalForm.ASSOCIATION: Role.DIRECTOR,
    LegalForm.COOPERATIVE: Role.DIRECTOR,
    LegalForm.MUTUAL: Role.DIRECTOR,
}
"""The one role in which somebody acts for each form; the other forms have a law or statute of their own."""


def by_registration(found: RegisteredOrganisation, at: datetime) -> Derived:
    """Derive who may act for an organisation at `at`, one edge for each who is registered."""
    day = today(at)
    stopped = _stopped(found, day)
    if stopped is Rule.ORGANISATION_MORATORIUM or found.form not in ROLES:
        return derived(undetermined=[stopped or Rule.ORGANISATION_OWN_STATUTE])
    if stopped is not None:
        return derived(nothing=[stopped])
    told = _told(found, next_change(_periods(found), day))
    board = _board(found, day)
    fit = frozenset(each.party for each in board.officials if board.unfit(each) is None)
    authorities, undetermined, nothing = [], [], []
    for official in board.officials:
        rule = board.unfit(official)
        if rule is Rule.ORGANISATION_NOT_REPRESENTING:
            nothing.append(rule)
        elif rule is not None:
            undetermined.append(rule)
        else:
            authorities.append(_as_official(official, board, fit).by(told))
    for proxy in (each for each in found.proxies if runs((each.since, each.until), day)):
        if proxy.full:
            authorities.append(_as_proxy(proxy).by(told))
        else:
            undetermined.append(Rule.ORGANISATION_PROXY_DESCRIBED)
    return derived(authorities, undetermined, nothing)


def acting(found: RegisteredOrganisation, at: datetime) -> Mapping[Official, int]:
    """Return who may act for an organisation at `at`, each with how many act together, this one included."""
    day = today(at)
    if found.disputed or found.form not in ROLES or _stopped(found, day) is not None:
        return {}
    board = _board(found, day)
    return {each: board.needed(each) for each in board.officials if board.unfit(each) is None}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Board:
    """Who is official of an organisation on a day; two equal registrations of one party are one.

    `registered` counts the registrations of each party, `representing` is who may act at all.
    """

    form: LegalForm
    officials: frozenset[Official]
    registered: Mapping[Holder, int]
    representing: frozenset[Holder]

    def needed(self, official: Official) -> int:
        """Return how many act together, this one included."""
        if official.representing is Representing.ALONE:
            return 1
        return official.needed or max(2, len(self.representing))

    def unfit(self, official: Official) -> Rule | None:
        """Return why an official does not act, or None."""
        owned = self.form is LegalForm.SOLE_TRADER
        if official.role is not ROLES[self.form]:
            return Rule.ORGANISATION_ROLE_UNFIT
        if owned and not (isinstance(official.party, Bsn) and len(self.officials) == 1):
            return Rule.ORGANISATION_ROLE_UNFIT
        if self.registered[official.party] > 1:
            return Rule.ORGANISATION_LISTED_TWICE
        if official.representing is Representing.NOT:
            return Rule.ORGANISATION_NOT_REPRESENTING
        if self.needed(official) > len(self.representing):
            return Rule.ORGANISATION_QUORUM_GONE
        return None


def _board(found: RegisteredOrganisation, day: date) -> _Board:
    officials = frozenset(each for each in found.officials if runs((each.since, each.until), day))
    return _Board(
        form=found.form,
        officials=officials,
        registered=Counter(each.party for each in officials),
        representing=frozenset(each.party for each in officials if each.representing is not Representing.NOT),
    )


def _stopped(found: RegisteredOrganisation, day: date) -> Rule | None:
    if day < found.registered_on:
        return Rule.ORGANISATION_UNREGISTERED
    if found.standing is Standing.ACTIVE or day < found.standing_since:
        return None
    return STOPPED.get(found.standing, Rule.ORGANISATION_MORATORIUM)


def _as_official(official: Official, board: _Board, fit: frozenset[Holder]) -> Given:
    needed = board.needed(official)
    alone = Basis.DIRECTOR_SOLE if official.most is None else Basis.DIRECTOR_LIMITED
    how = Rule.ORGANISATION_TOGETHER if needed > 1 else Rule.ORGANISATION_ALONE
    return Given(
        holder=official.party,
        basis=Basis.DIRECTOR_JOINT if needed > 1 else alone,
        powers=Powers(over=OVER, most=official.most),
        period=(official.since, official.until),
        reasons=(how,) if official.most is None else (how, Rule.ORGANISATION_LIMITED),
        together=Together(others=fit - {official.party}, needed=needed) if needed > 1 else ALONE,
    )


def _as_proxy(proxy: Proxy) -> Given:
    return Given(
        holder=proxy.party,
        basis=Basis.PROXY,
        powers=Powers(over=OVER, most=proxy.most, branch=proxy.branch),
        period=(proxy.since, proxy.until),
        reasons=(Rule.ORGANISATION_PROXY,),
    )


def _told(found: RegisteredOrganisation, change: date | None) -> Told:
    return Told(
        represented=found.kvk,
        source=Source(
            register=found.source,
            reference=found.kvk.digits,
            retrieved_at=found.as_of,
            recorded_at=found.recorded_at,
        ),
        period=(found.registered_on, None),
        change=change,
        disputed=found.disputed,
    )


def _periods(found: RegisteredOrganisation) -> list[Period]:
    return [
        (found.standing_since, None),
        *((each.since, each.until) for each in found.officials),
        *((each.since, each.until) for each in found.proxies),
    ]
