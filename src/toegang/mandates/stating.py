"""Stating: a decision put down for one login, redeemed once, and looked at again when it is used later.

Whoever ends a login does it in three steps: `prepare` outside the unit, and in the unit that ends the login
`hold` what it rests on and `keep` the statement. When something changed meanwhile the unit is given up, and
it is prepared anew. Whoever redeems a code does `take` in the unit that redeems it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from toegang.audit.event import Personal
from toegang.audit.events import MandateRedeemed, MandateRefused, MandateUsed
from toegang.errors import LevelNotProven, NotEntitled, OneTimeGone
from toegang.mandates.decide import Decision, Permit, StepUp
from toegang.mandates.link import link_of, versions, with_all
from toegang.mandates.looks import moments
from toegang.mandates.rechecking import admits
from toegang.mandates.statement import LIVES, Met, Statement, StatementId, Status, as_met, steps

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.audit.trail import Trail
    from toegang.catalogue.values import Service, ServiceId
    from toegang.ids import Ids
    from toegang.mandates.asking import Questions
    from toegang.mandates.decide import Asker
    from toegang.mandates.law import Law
    from toegang.mandates.looks import Looks
    from toegang.mandates.party import PartyId
    from toegang.mandates.statement import Binding
    from toegang.mandates.stores import Statements
    from toegang.units import Unit, Units

OPAQUE = "not entitled to act for another"
"""P20: what every refusal of a statement says, whatever is against it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A statement that may be kept for as long as all that it rests on is as it was looked at."""

    statement: Statement
    permit: Permit


@dataclass(frozen=True, slots=True, kw_only=True)
class Stating:
    """Makes statements of decisions, and takes them."""

    units: Units
    trail: Trail
    ids: Ids
    questions: Questions
    statements: Statements
    looks: Looks

    async def prepare(
        self, asker: Asker, principal: PartyId, binding: Binding, now: datetime, law: Law
    ) -> Prepared:
        """Decide, and make the statement that may be kept; nothing is kept yet.

        Raises:
            LevelNotProven: the login is too low; step up first.
            NotEntitled: they may not, which is all that a service learns.

        """
        decision = await self.questions.decide(asker, principal, now, law)
        if not isinstance(decision, Permit):
            await self._refuse(asker, decision, now)
        return Prepared(statement=self._made(asker, decision, binding, now), permit=decision)

    async def hold(self, unit: Unit, prepared: Prepared) -> bool:
        """P4: keep all that it rests on as it was until the unit ends; False when something changed."""
        permit = prepared.permit
        stores = self.questions
        return await stores.edges.hold(unit, versions(permit.path)) and await stores.parties.hold(
            unit, permit.parties
        )

    async def keep(self, unit: Unit, prepared: Prepared, reference: str | None = None) -> bool:
        """P14: keep the statement of what this unit holds; False when its login has one.

        `reference` is the reference code of that login.
        """
        made = prepared.statement
        if not await self.statements.add(unit, made):
            return False
        await self.trail.record(unit, _used(made, reference))
        return True

    async def take(self, unit: Unit, binding: Binding, service: ServiceId, now: datetime) -> Statement | None:
        """P14: hand a statement over, once, to whom it was made for.

        None when it is not there, is for somebody or something else, was redeemed, contested or is too old;
        or (P6) when a register told something else of a party since: that comes before this, and stops it,
        or after it.
        """
        taken = await self.statements.redeem(unit, binding, str(service), now)
        if taken is None or not await self.questions.parties.stand(unit, taken.met):
            return None
        watched = moments(taken, now)
        if watched is not None:
            await self.looks.begin(unit, taken.id, *watched)
        await self.trail.record(unit, MandateRedeemed(at=now, statement=str(taken.id), service=str(service)))
        return taken

    async def check_holds(self, taken: Statement, service: Service, now: datetime) -> None:
        """P4-P7: refuse to go on by a statement that was redeemed, when what it rests on is less now.

        It is judged by what `service` admits now. What the law gives is taken as it was stated; registers are
        asked again by rechecking.py.

        Raises:
            OneTimeGone: a mandate ended or gives less, a register told something else of a party, the service
                admits it no more, or it was ended.

        """
        if not await self._holds(taken, service, now):
            message = "what somebody acts by is no longer what it was"
            raise OneTimeGone(message)

    async def _holds(self, taken: Statement, service: Service, now: datetime) -> bool:
        kept = await self.statements.find(taken.id)
        over = taken.valid_until is not None and taken.valid_until <= now
        if over or (kept is not None and kept.status is Status.ENDED):
            return False
        parties = await self.questions.parties.of(each.party for each in taken.met)
        steps_ = [step for step in (*taken.path, *taken.under) if step.edge is not None]
        edges = await self.questions.edges.of(step.edge for step in steps_ if step.edge is not None)
        found = [(edges.get(step.edge), step.version) for step in steps_ if step.edge is not None]
        given = [(link_of(edge),) for edge in edges.values()]
        helpers = await self.questions.helping(given, now)
        return (
            all(as_met(each, parties.get(each.party)) for each in taken.met)
            and all(edge is not None and edge.bears(version, now) for edge, version in found)
            and admits(service, taken, edges, parties, helpers, now)
        )

    def _made(self, asker: Asker, permit: Permit, binding: Binding, now: datetime) -> Statement:
        rules = asker.service.representation
        ends = now + LIVES if permit.until is None else min(now + LIVES, permit.until)
        return Statement(
            id=StatementId(self.ids.uuid()),
            binding=binding,
            actor=asker.actor,
            principal=permit.principal,
            service=asker.service.id,
            path=steps(permit.path),
            under=steps(each for each in with_all(permit.path) if each not in permit.path),
            level=permit.level,
            restriction=permit.restriction,
            rules=0 if rules is None else rules.version,
            issued_at=now,
            until=ends,
            valid_until=permit.until,
            met=tuple(Met(each.id, each.standing, each.since) for each in permit.parties),
        )

    async def _refuse(self, asker: Asker, decision: Decision, now: datetime) -> NoReturn:
        if isinstance(decision, StepUp):
            raise LevelNotProven
        whys = () if isinstance(decision, Permit) else tuple(why.value for why in decision.whys)
        async with self.units.begin() as unit:
            event = MandateRefused(
                at=now, service=str(asker.service.id), whys=whys, actor=Personal.of(asker.actor)
            )
            await self.trail.record(unit, event)
        raise NotEntitled(OPAQUE)


def _used(made: Statement, reference: str | None) -> MandateUsed:
    return MandateUsed(
        at=made.issued_at,
        statement=str(made.id),
        service=str(made.service),
        basis=tuple(step.basis for step in made.path),
        path=tuple("law" if step.edge is None else f"{step.edge}/{step.version}" for step in made.path),
        level=made.level,
        rules=made.rules,
        actor=Personal.of(made.actor),
        principal=Personal.of(made.principal),
        reference=reference,
    )
