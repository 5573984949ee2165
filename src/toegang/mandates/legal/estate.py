"""Authority over an estate: who may act for what somebody left.

Asked in this order, and the first that is there decides: a liquidator, executors, a certificate of
inheritance, and where there is no will the order of kin. Whom the heirs authorised for some services stands
beside it. The dead act for nobody, and nobody acts as the dead: represented is the estate, by a BSN.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from toegang.identity.numbers import KvkNumber
from toegang.mandates.legal.authority import EVERYTHING, Basis, Powers, Source, Together
from toegang.mandates.legal.derived import Given, Told, derived, next_change, runs, today
from toegang.mandates.legal.kin import called, has_died
from toegang.mandates.legal.rules import Rule
from toegang.registers.estates import Choice, Kinship, Will

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from toegang.mandates.legal.authority import Authority, Party
    from toegang.mandates.legal.derived import Derived, Period
    from toegang.registers.estates import Certificate, Estate, Executor, Kin
    from toegang.registers.spoken import Holder


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entitled:
    """Who acts by law: `holders`, each with a period, of whom `needed` act together; or why nobody does."""

    holders: Mapping[Party, Period]
    basis: Basis
    needed: int
    reasons: tuple[Rule, ...]
    undetermined: tuple[Rule, ...] = ()

    @property
    def excludes(self) -> bool:
        """Tell whether these act instead of the heirs."""
        return self.basis is Basis.EXECUTOR


def by_estate(estate: Estate, at: datetime) -> Derived:
    """Derive who may act for an estate at `at`."""
    day = today(at)
    if day < estate.died_on:
        return derived(nothing=[Rule.ESTATE_NOT_OPEN])
    if estate.settled_on is not None and estate.settled_on <= day:
        return derived(nothing=[Rule.ESTATE_SETTLED])
    estate = _agreed(estate)
    entitled = _entitled(estate, day)
    told = _told(estate, next_change(_periods(estate), day))
    authorities = [
        Given(
            holder=party,
            basis=entitled.basis,
            powers=EVERYTHING,
            period=period,
            reasons=entitled.reasons,
            together=Together(others=frozenset(entitled.holders.keys() - {party}), needed=entitled.needed),
        ).by(told)
        for party, period in entitled.holders.items()
    ]
    authorised, nothing = _authorised(estate, entitled, day, told)
    return derived([*authorities, *authorised], entitled.undetermined, nothing)


def for_service(found: Derived, service: str, *, exclusive: bool) -> Derived:
    """Return who may act for an estate at one service; where it is `exclusive`, one party and nobody else.

    Of an exclusive service that is whom the heirs authorised for it, else whoever may act alone when there is
    but one of them. Two of either kind give nobody anything.
    """
    here = [
        each for each in found.authorities if each.powers.services is None or service in each.powers.services
    ]
    if not exclusive:
        return derived(here, found.undetermined, found.nothing)
    authorised = [each for each in here if each.basis is Basis.AUTHORISED_HEIR]
    alone = authorised or [each for each in here if each.together.alone]
    if len({each.holder for each in alone}) == 1:
        return derived(alone[:1], found.undetermined, found.nothing)
    undetermined = [*found.undetermined, *([Rule.ESTATE_ONE_PARTY] if here else [])]
    return derived((), undetermined, found.nothing)


def _entitled(estate: Estate, day: date) -> _Entitled:
    liquidators = _in_office((each for each in estate.executors if each.court), day)
    if liquidators:
        return _Entitled(
            holders=liquidators, basis=Basis.EXECUTOR, needed=1, reasons=(Rule.ESTATE_LIQUIDATOR,)
        )
    certificate = estate.certificate if _counts(estate.certificate, day) else None
    executors = [each for each in estate.executors if not each.court and each.since <= day]
    current = _in_office(executors, day)
    if current:
        return _by_executors(estate, current, proven=certificate is not None)
    if estate.executors_needed > 1 and executors:
        return _nobody(Rule.ESTATE_EXECUTORS_GONE)
    if certificate is not None and certificate.heirs:
        return _by_certificate(estate, certificate, day)
    if estate.will is not Will.NONE:
        made = estate.will is Will.MADE
        return _nobody(Rule.ESTATE_WILL_WITHOUT_CERTIFICATE if made else Rule.ESTATE_WILL_UNKNOWN)
    heirs = called(estate, day)
    if isinstance(heirs, Rule):
        return _nobody(heirs)
    return _heirs(estate, heirs, Rule.ESTATE_KIN)


def _counts(certificate: Certificate | None, day: date) -> bool:
    return certificate is not None and not certificate.withdrawn and certificate.issued <= day


def _agreed(estate: Estate) -> Estate:
    """Let every record of somebody say that they died when one of them does: the earliest day counts."""
    deaths: dict[Holder, date] = {}
    records = [(each.party, each.deceased_on) for each in estate.kin]
    records += [(each.party, each.deceased_on) for each in estate.executors]
    for party, on in records:
        if on is not None:
            deaths[party] = min(on, deaths.get(party, on))
    return replace(
        estate,
        kin=tuple(replace(each, deceased_on=deaths.get(each.party)) for each in estate.kin),
        executors=tuple(replace(each, deceased_on=deaths.get(each.party)) for each in estate.executors),
    )


def _in_office(executors: Iterable[Executor], day: date) -> dict[Party, Period]:
    """Return who is executor now, of two appointments the earliest; the dead are none."""
    latest_first = sorted(
        executors, key=lambda each: (each.since, each.until is None, each.until), reverse=True
    )
    return {
        each.party: (each.since, each.until)
        for each in latest_first
        if runs((each.since, each.until), day) and not has_died(each.deceased_on, day)
    }


def _by_executors(estate: Estate, current: Mapping[Party, Period], *, proven: bool) -> _Entitled:
    """BW-4:145: executors represent the heirs, who do not act beside them (BW-4:142: each alone)."""
    if estate.will is Will.NONE:
        return _nobody(Rule.ESTATE_EXECUTOR_WITHOUT_WILL)
    if not proven:
        return _nobody(Rule.ESTATE_EXECUTOR_UNPROVEN)
    if estate.executors_needed > len(current):
        return _nobody(Rule.ESTATE_EXECUTORS_GONE)
    return _Entitled(
        holders=current,
        basis=Basis.EXECUTOR,
        needed=estate.executors_needed,
        reasons=(Rule.ESTATE_EXECUTOR, Rule.ESTATE_CERTIFICATE),
    )


def _by_certificate(estate: Estate, certificate: Certificate, day: date) -> _Entitled:
    """BW-4:188: a notary said who the heirs are; what the register knows of them must still agree."""
    known = {each.party: each for each in estate.kin}
    if not certificate.heirs <= known.keys():
        return _nobody(Rule.ESTATE_HEIR_UNKNOWN)
    heirs = [known[party] for party in certificate.heirs]
    if any(each.choice is Choice.REJECTED or has_died(each.deceased_on, day) for each in heirs):
        return _nobody(Rule.ESTATE_HEIR_GONE)
    return _heirs(estate, heirs, Rule.ESTATE_CERTIFICATE)


def _heirs(estate: Estate, heirs: Iterable[Kin], why: Rule) -> _Entitled:
    """BW-3:170: heirs act together; BW-4:13: without a will all goods are the spouse's, next to children."""
    found = list(heirs)
    divided = estate.will is Will.NONE and not estate.division_undone
    spouses = [each for each in found if each.kinship is Kinship.SPOUSE]
    reasons = [why]
    if divided and len(found) > 1 and spouses:
        found, reasons = spouses, [why, Rule.ESTATE_DIVIDED_BY_LAW]
    if len(found) > 1:
        reasons.append(Rule.ESTATE_HEIRS_TOGETHER)
    period: Period = (estate.died_on, None)
    return _Entitled(
        holders={each.party: period for each in found},
        basis=Basis.HEIR,
        needed=len(found),
        reasons=tuple(reasons),
    )


def _nobody(why: Rule) -> _Entitled:
    return _Entitled(holders={}, basis=Basis.HEIR, needed=1, reasons=(), undetermined=(why,))


def _authorised(
    estate: Estate, entitled: _Entitled, day: date, told: Told
) -> tuple[list[Authority], list[Rule]]:
    """Return those authorised for some services, and why others were not believed."""
    given, nothing = [], []
    records = [each.party for each in estate.kin if each.choice is Choice.REJECTED]
    records += [each.party for each in estate.kin if has_died(each.deceased_on, day)]
    gone = {*records, *(each.party for each in estate.executors if has_died(each.deceased_on, day))}
    related = {each.party for each in estate.kin} - gone
    # BW-4:145: of an executor whom nothing proves it is still known that the heirs do not act.
    instead = entitled.excludes or bool(_in_office(estate.executors, day))
    running = [each for each in estate.authorised if runs((each.since, each.until), day)]
    for each in sorted(running, key=lambda each: each.number):
        if instead and each.party not in entitled.holders:
            nothing.append(Rule.ESTATE_AUTHORISED_EXCLUDED)
        elif each.party in gone or not (each.party in related or isinstance(each.party, KvkNumber)):
            nothing.append(Rule.ESTATE_AUTHORISED_STRANGER)
        else:
            record = replace(told, source=replace(told.source, reference=each.number))
            given.append(
                Given(
                    holder=each.party,
                    basis=Basis.AUTHORISED_HEIR,
                    powers=Powers(over=EVERYTHING.over, services=each.services),
                    period=(each.since, each.until),
                    reasons=(Rule.ESTATE_AUTHORISED,),
                ).by(record)
            )
    return given, nothing


def _told(estate: Estate, change: date | None) -> Told:
    return Told(
        represented=estate.deceased,
        source=Source(
            register=estate.source,
            reference="" if estate.certificate is None else estate.certificate.number,
            retrieved_at=estate.as_of,
            recorded_at=estate.recorded_at,
        ),
        period=(estate.died_on, estate.settled_on),
        change=change,
        disputed=estate.disputed,
    )


def _periods(estate: Estate) -> list[Period]:
    """Return everything in an estate that begins or ends on a day."""
    certificate = None if estate.certificate is None else estate.certificate.issued
    points = [
        *(each.deceased_on for each in estate.kin),
        *(each.deceased_on for each in estate.executors),
        certificate,
        estate.settled_on,
    ]
    return [
        *((each.since, each.until) for each in estate.executors),
        *((each.since, each.until) for each in estate.authorised),
        *((point, None) for point in points if point is not None),
    ]
