"""Rechecking: what was stated is weighed once more when it is used later, by the rules of the service of now.

1. Nothing that it rests on ended or gives less, and every party is what it was (stating.py).
2. The path is rebuilt from what is kept now, and judged as any other: a kind that the service no longer
   admits, a higher level, a service that left its group, a child that came of age.
3. What the law gave is taken as it was stated; where new tokens are made of it, and where a service asks
   whether it still holds, registers are asked anew. They must tell the same still: who may act by something
   else since logs in anew. What they end is ended for good, and who was told of it is told that.
4. For new tokens what they told counts for some minutes (looks.py); what people gave and take away is looked
   at each time, and once more when registers have answered: they may take seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

from toegang.assurance import Level
from toegang.catalogue.representation import Power
from toegang.errors import OneTimeGone, Unavailable
from toegang.mandates.decide import Asker, Permit
from toegang.mandates.edge import Substitution
from toegang.mandates.ended import LIVES
from toegang.mandates.judging import (
    Grounds,
    against,
    links_are_certain,
    links_are_in_force,
    links_reach_the_service,
    nobody_else_must_act_too,
)
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.link import Link, kind_of, link_of, whole
from toegang.mandates.looks import Good, by_law, fingerprint
from toegang.mandates.noticing import end
from toegang.mandates.orders import each_with_orders
from toegang.mandates.resting import MOST
from toegang.mandates.why import Why

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from toegang.catalogue.values import Service
    from toegang.mandates.edge import Edge, EdgeId
    from toegang.mandates.law import Law
    from toegang.mandates.link import Path
    from toegang.mandates.party import Party, PartyId
    from toegang.mandates.register import Mandates
    from toegang.mandates.statement import Statement, Step


_OF_THE_LAW: Final = (
    links_reach_the_service,
    links_are_in_force,
    links_are_certain,
    nobody_else_must_act_too,
)
"""What holds of the law whoever the others on a path are."""


class Between(Protocol):
    """Asks registers what the law gives (mandates/gathering.py)."""

    async def between(self, actor: PartyId, principal: PartyId, service: Service, now: datetime) -> Law:
        """Return all that deciding about these two rests on."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Rechecking:
    """Weighs statements that were handed over, and asks registers where they rest on the law.

    What these told is believed for `remembered`, where a moment ago will do.
    """

    mandates: Mandates
    gathering: Between
    remembered: timedelta

    async def check_lately(self, taken: Statement, service: Service, now: datetime) -> None:
        """Refuse as `check`, by what registers told a moment ago, if they did.

        Raises:
            OneTimeGone: it does not hold.
            Unavailable: a register does not tell, so nobody knows.

        """
        look = await self.mandates.looks.find(taken.id)
        young = now < taken.issued_at + LIVES
        if young and look is not None and look.good is not None and look.good.counts(service, now):
            await self.mandates.stating.check_holds(taken, service, now)
        else:
            await self.check(taken, service, now)

    async def check(self, taken: Statement, service: Service, now: datetime) -> datetime | None:
        """Return until when it still holds (None: no end known), as far as registers tell now.

        Raises:
            OneTimeGone: it does not.
            Unavailable: a register does not tell, so nobody knows.

        """
        if not by_law(taken):
            await self.mandates.stating.check_holds(taken, service, now)
            return taken.valid_until
        try:
            ends = await self._asked(taken, service, now)
        except OneTimeGone:
            await self._end(taken, now)
            raise
        return min((each for each in (taken.valid_until, ends) if each is not None), default=None)

    async def _asked(self, taken: Statement, service: Service, now: datetime) -> datetime | None:
        """P4: weigh it, ask registers, and weigh it again: while they were asked somebody may have ended it.

        What they told is remembered, unless something happened meanwhile to one of those it is about.
        """
        before = await self.mandates.looks.find(taken.id)
        await self.mandates.stating.check_holds(taken, service, now)
        ends = await self._by_law(taken, service, now)
        await self.mandates.stating.check_holds(taken, service, now)
        if before is not None and self.remembered:
            until = now + self.remembered
            good = Good(
                until=until if ends is None else min(until, ends), ends=ends, service=fingerprint(service)
            )
            async with self.mandates.units.begin() as unit:
                await self.mandates.looks.remember(unit, taken.id, before.shaken, good)
        return ends

    async def _by_law(self, taken: Statement, service: Service, now: datetime) -> datetime | None:
        """P6, P25: decide anew; who lost what was stated may have got something else since, or less.

        So is authority of another kind: what was told of this one is no longer so.
        """
        law = await self.gathering.between(taken.actor, taken.principal, service, now)
        # Of an organisation on the way its register tells who directs it, or that it is silent.
        for step in taken.path[:-1]:
            if step.edge is None:
                law = law.and_(await self.gathering.between(taken.actor, step.principal, service, now))
        asker = Asker(actor=taken.actor, authenticated=taken.level, service=service, requested=taken.level)
        permit = await self.mandates.decide(asker, taken.principal, now, law)
        if (
            isinstance(permit, Permit)
            and _is_still_given(taken, service, law, now)
            and permit.level >= taken.level
            and taken.restriction.within(permit.restriction)
        ):
            return permit.until
        if law.crowded or any(_untold(law, each.party) for each in taken.met):
            message = "a register does not tell whether what the law gave still holds"
            raise Unavailable(message)
        message = "what the law gave is no longer what it was"
        raise OneTimeGone(message)

    async def _end(self, taken: Statement, now: datetime) -> None:
        """End it for good: what registers take back later is stated anew by a new login."""
        async with self.mandates.units.begin() as unit:
            await end(self.mandates, unit, taken, now, now)


def _untold(law: Law, party: PartyId) -> bool:
    """Tell whether the law may give over a party what a register did not tell now."""
    return party in law.partly or law.unsure(party) is Why.REGISTER_SILENT


def admits(  # noqa: PLR0913, PLR0917 what it is judged on
    service: Service,
    taken: Statement,
    known: Mapping[EdgeId, Edge],
    parties: Mapping[PartyId, Party],
    helpers: frozenset[PartyId],
    now: datetime,
) -> bool:
    """Tell whether the service admits today what was stated, by the rules of judging.py."""
    return against_stated(service, taken, known, parties, helpers, now) is None


def against_stated(  # noqa: PLR0913, PLR0917 what it is judged on
    service: Service,
    taken: Statement,
    known: Mapping[EdgeId, Edge],
    parties: Mapping[PartyId, Party],
    helpers: frozenset[PartyId],
    now: datetime,
) -> Why | None:
    """Return the first rule of a service against what was stated; None where it admits that."""
    rules = service.representation
    if rules is None:
        return Why.NOT_ADMITTED
    asker = Asker(
        actor=taken.actor, authenticated=taken.level, service=service, requested=service.level_at(now)
    )
    path = _rebuilt(taken, known)
    grounds = Grounds.of(
        service,
        rules,
        level=asker.level_at(now),
        now=now,
        parties=parties,
        law=replace(NOTHING_TOLD, links=tuple(link for link in whole(path) if link.by_law)),
        helpers=helpers,
    )
    if not taken.restriction.kinds <= frozenset(rules.limits):
        # What the law gave is rebuilt without its limits; the statement has them.
        return Why.LIMIT_NOT_HONOURED
    return against(path, grounds) if taken.level >= grounds.level else Why.LEVEL_TOO_LOW


def _is_still_given(taken: Statement, service: Service, law: Law, now: datetime) -> bool:
    """P6: tell whether the law gives, at this service, each thing that was stated of it, as it was named."""
    if service.representation is None:
        return False
    rules = service.representation
    grounds = Grounds.of(service, rules, level=taken.level, now=now, parties={}, law=law)
    given = {
        (link.basis, link.agent, link.principal)
        for (link,) in each_with_orders(((each,) for each in law.links), law.links, rules, now)
        if taken.restriction.within(link.restriction)
        and all(rule((link,), grounds) is None for rule in _OF_THE_LAW)
    }
    steps = (step for step in (*taken.path, *taken.under) if step.edge is None)
    return all((step.basis, step.agent, step.principal) in given for step in steps)


def _rebuilt(taken: Statement, known: Mapping[EdgeId, Edge]) -> Path:
    """Return the path as its mandates are now; what the law gave is taken to be as it was stated."""
    near, *others = (_link(step, taken, known) for step in taken.path)
    used = {link.edge for link in whole((near, *others))}
    teams = (step for step in taken.under if step.edge is not None and step.edge not in used)
    return (replace(near, through=tuple(_one(step, known) for step in teams)), *others)


def _link(step: Step, taken: Statement, known: Mapping[EdgeId, Edge]) -> Link:
    """Return one link, with what it rests on as far as that was stated."""
    first = link = _one(step, known)
    beneath: list[Link] = []
    while (under := link.under) is not None and len(beneath) < MOST:
        ends = (under.edge, under.by, link.principal)
        found = (each for each in taken.under if (each.edge, each.agent, each.principal) == ends)
        step_below = next(found, None)
        if step_below is None:
            break
        link = _one(step_below, known)
        beneath.append(link)
    return replace(first, rests_on=tuple(beneath))


def _one(step: Step, known: Mapping[EdgeId, Edge]) -> Link:
    if step.edge is not None:
        return link_of(known[step.edge])
    return Link(
        principal=step.principal,
        agent=step.agent,
        kind=kind_of(step.basis),
        basis=step.basis,
        worth=Level.HIGH,
        from_=None,
        until=None,
        powers=frozenset(Power),
        substitution=Substitution.EMPLOYEES,
    )
