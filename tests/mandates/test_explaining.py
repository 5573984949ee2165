"""The help desk is told why somebody may act for another, or which rule is against it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import NOON
from tests.mandates import builders as b
from tests.mandates.gathered import NADIA, NOOR, SANNE, SERVICE, Gathered, demo
from tests.mandates.test_register import events
from toegang.assurance import Level
from toegang.audit.events import MandateAsked
from toegang.errors import NotEntitled
from toegang.identity.numbers import Bsn
from toegang.mandates.decide import Permit, Refused, StepUp
from toegang.mandates.explaining import Asked, Explaining, Explanation
from toegang.mandates.why import Why
from toegang.storage import Database

STRANGER = Bsn.parse("123456782")


async def told(at: Gathered, actor: Bsn, principal: Bsn, **changes: Any) -> Explanation:  # noqa: ANN401
    gathering = at.gathering
    desk = Explaining(mandates=gathering.mandates, gathering=gathering, numbers=gathering.numbers)
    asked: dict[str, Any] = {"service": SERVICE, "level": Level.HIGH, **changes}
    return await desk.explain(Asked(by="command:desk", actor=actor, principal=principal, **asked), NOON)


async def test_of_somebody_who_was_never_met_nothing_is_explained_or_put_down(database: Database) -> None:
    async with demo(database) as at:
        sanne = await at.id(SANNE)
        for both in ((SANNE, STRANGER), (STRANGER, SANNE)):
            with pytest.raises(NotEntitled) as refused:
                await told(at, *both)
            assert refused.value.why == Why.PARTY_UNKNOWN
        assert await events(database, sanne, at.gathering.mandates) == []


async def test_what_is_explained_is_what_a_login_would_decide(database: Database) -> None:
    async with demo(database) as at:
        sanne, nadia, noor = [await at.id(each) for each in (SANNE, NADIA, NOOR)]
        found = await told(at, SANNE, NOOR)
        assert isinstance(found.decision, Permit)
        assert [(path[-1].basis, why) for path, why in found.paths if why is None]
        low = await told(at, SANNE, NOOR, level=Level.MINIMAL)
        assert isinstance(low.decision, StepUp)
        closed = await told(at, SANNE, NOOR, service=b.service())
        assert (closed.decision, list(closed.paths)) == (Refused(whys=(Why.NOT_ADMITTED,)), [])
        nobody = await told(at, NADIA, NOOR)
        assert isinstance(nobody.decision, Refused)
        assert [path for path, why in nobody.paths if why is None] == []
        asked = [
            [(each.client, each.question, each.answers) for each in read if isinstance(each, MandateAsked)]
            for read in [await events(database, one, at.gathering.mandates) for one in (sanne, nadia, noor)]
        ]
        assert asked[0] == [("command:desk", "explanation", each) for each in (1, 0, 0)]
        assert (len(asked[1]), len(asked[2])) == (1, 4)


async def test_a_path_that_leads_there_says_the_first_rule_against_it(database: Database) -> None:
    async with demo(database) as at:
        nadia, sanne = await at.id(NADIA), await at.id(SANNE)
        edge = b.edge(
            principal=sanne, agent=nadia, terms=b.terms(level=Level.LOW, from_=NOON, until=NOON + b.DAY)
        )
        async with database.begin() as unit:
            assert await at.gathering.mandates.edges.add(unit, edge)
        service = b.service(rules_=b.rules(use=Level.SUBSTANTIAL))
        found = await told(at, NADIA, SANNE, service=service)
        assert found.decision == Refused(whys=(Why.LEVEL_TOO_LOW,))
        [(path, why)] = found.paths
        assert why is Why.LEVEL_TOO_LOW
        assert [each.edge for each in path] == [edge.id]
