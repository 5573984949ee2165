"""Orders beside each other: who has property by one and care by another acts where it is about both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.mandates import builders as b
from tests.mandates.test_register import BINDING, made
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind, JointRule, Power
from toegang.catalogue.values import Service
from toegang.errors import OneTimeGone
from toegang.mandates.decide import Asker, Permit
from toegang.mandates.edge import Source
from toegang.mandates.law import Law
from toegang.mandates.link import Link
from toegang.mandates.party import PartyId
from toegang.mandates.rechecking import Rechecking
from toegang.storage import Database

BEWIND = b.law(basis="bewind", overrules=False, powers=frozenset({Power.PROPERTY}), until=b.NOW + 9 * b.DAY)
MENTORSHIP = b.law(
    basis="mentorship", overrules=False, powers=frozenset({Power.PERSONAL_CARE}), until=b.NOW + 5 * b.DAY
)


def asker(actor: PartyId = b.PIETER, **changes: Any) -> Asker:  # noqa: ANN401
    rules = b.rules(kinds=(EdgeKind.COURT, EdgeKind.EMPLOYEE), **changes)
    return Asker(actor=actor, authenticated=Level.HIGH, service=b.service(1, rules), requested=Level.LOW)


async def acts(database: Database, who: Asker, *links: Link) -> Permit | None:
    """Ask, with the facts in either order, which makes no difference."""
    mandates = await made(database)
    found = [await mandates.decide(who, b.SANNE, b.NOW, b.told(*each)) for each in (links, links[::-1])]
    assert found[0] == found[1]
    return found[0] if isinstance(found[0], Permit) else None


@pytest.mark.parametrize(
    "links",
    [
        (BEWIND,),
        (MENTORSHIP,),
        (BEWIND, replace(BEWIND, basis="provisional-bewind")),
        (BEWIND, replace(MENTORSHIP, agent=b.NOOR)),
        (BEWIND, replace(MENTORSHIP, principal=b.NOOR)),
        (BEWIND, replace(MENTORSHIP, until=b.NOW)),
        (BEWIND, replace(MENTORSHIP, from_=b.NOW + timedelta(microseconds=1))),
        (BEWIND, replace(MENTORSHIP, certain=False)),
        (BEWIND, replace(MENTORSHIP, needed=2)),
        (replace(BEWIND, needed=2), MENTORSHIP),
        (BEWIND, replace(MENTORSHIP, kind=EdgeKind.PARENTAL, basis="guardianship")),
    ],
    ids=[
        "property",
        "care",
        "property twice",
        "of another",
        "over another",
        "ended",
        "to begin",
        "doubted",
        "together with another",
        "property together with another",
        "by another law",
    ],
)
async def test_what_is_not_both_does_not_do_where_a_service_is_about_both(
    database: Database, links: tuple[Link, ...]
) -> None:
    assert await acts(database, asker(), *links) is None


async def test_who_has_both_acts_until_the_first_of_them_ends(database: Database) -> None:
    permit = await acts(database, asker(), BEWIND, MENTORSHIP)
    assert permit is not None
    assert permit.until == MENTORSHIP.until
    assert {permit.basis[0], *(each.basis for each in permit.path[0].beside)} == {"bewind", "mentorship"}
    # Of two the one that lasts is taken, and where one is enough of who must act together that one is.
    longer = replace(MENTORSHIP, until=None)
    permit = await acts(database, asker(), BEWIND, MENTORSHIP, longer)
    assert permit is not None
    assert permit.until == BEWIND.until
    one_of_two = replace(MENTORSHIP, needed=2)
    assert await acts(database, asker(joint=JointRule.ONE_IS_ENOUGH), BEWIND, one_of_two) is not None


async def test_at_a_service_about_one_the_other_order_is_nothing(database: Database) -> None:
    permit = await acts(database, asker(powers=(Power.PROPERTY,)), BEWIND, MENTORSHIP)
    assert permit is not None
    assert (permit.basis, permit.until, permit.path[0].beside) == (("bewind",), BEWIND.until, ())


@pytest.mark.requires("MANDATES-P10")
async def test_employees_of_a_firm_that_has_both_act_by_both(database: Database) -> None:
    employed = b.edge(kind=EdgeKind.EMPLOYEE, principal=b.FIRM, agent=b.PIETER, source=Source.REGISTER)
    mandates = await made(database, employed)
    both = [replace(each, agent=b.FIRM) for each in (BEWIND, MENTORSHIP)]
    who = asker(depth=2)
    assert not isinstance(await mandates.decide(who, b.SANNE, b.NOW, b.told(both[0])), Permit)
    permit = await mandates.decide(who, b.SANNE, b.NOW, b.told(*both))
    assert isinstance(permit, Permit)
    assert permit.until is not None
    assert permit.until <= b.NOW + 5 * b.DAY
    assert permit.path[-1].beside


@dataclass(frozen=True, slots=True)
class Told:
    """Registers that tell this now."""

    law: Law

    async def between(self, actor: PartyId, principal: PartyId, service: Service, now: datetime) -> Law:
        """Return it."""
        assert actor != principal
        assert service.representation is not None
        assert now >= b.NOW
        return self.law


@pytest.mark.requires("MANDATES-P6")
@pytest.mark.parametrize("left", [BEWIND, MENTORSHIP], ids=["property", "care"])
async def test_what_was_stated_by_both_ends_with_either(database: Database, left: Link) -> None:
    mandates, who = await made(database), asker()
    law = b.told(BEWIND, MENTORSHIP)
    statement = await mandates.state(who, b.SANNE, BINDING, b.NOW, law)
    assert {step.basis for step in (*statement.path, *statement.under)} == {"bewind", "mentorship"}
    assert statement.valid_until == MENTORSHIP.until
    async with mandates.units.begin() as unit:
        taken = await mandates.stating.take(unit, BINDING, who.service.id, b.NOW)
    assert taken is not None
    still = Rechecking(mandates=mandates, gathering=Told(law), remembered=timedelta(0))
    assert await still.check(taken, who.service, b.NOW) == MENTORSHIP.until
    less = Rechecking(mandates=mandates, gathering=Told(b.told(left)), remembered=timedelta(0))
    with pytest.raises(OneTimeGone):
        await less.check(taken, who.service, b.NOW)
