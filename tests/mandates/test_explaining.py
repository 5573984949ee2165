"""The help desk is told why somebody may act for another, or which rule is against it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import NOON
from tests.mandates import builders as b
from tests.mandates.gathered import NADIA, NOOR, SANNE, SERVICE, Gathered, demo
from tests.mandates.team_worlds import database_of
from tests.mandates.test_register import events
from toegang.assurance import Level
from toegang.audit.events import MandateExplained
from toegang.errors import TooManyTries
from toegang.identity.numbers import Bsn
from toegang.mandates.bounds import EXPLAINING, Bounds, Counted
from toegang.mandates.decide import Permit, Refused, StepUp
from toegang.mandates.explaining import Asked, Explaining, Explanation
from toegang.mandates.why import Why
from toegang.storage import Database, ExpiringStore

STRANGER = Bsn.parse("123456782")


async def told(at: Gathered, actor: Bsn, principal: Bsn, **changes: Any) -> Explanation:  # noqa: ANN401
    gathering = at.gathering
    desk = Explaining(
        mandates=gathering.mandates,
        gathering=gathering,
        numbers=gathering.numbers,
        bounds=Bounds(store=ExpiringStore(database_of(gathering.mandates), "mandate-counted", Counted)),
    )
    asked: dict[str, Any] = {"by": "command:desk", "service": SERVICE, "level": Level.HIGH, **changes}
    return await desk.explain(Asked(actor=actor, principal=principal, **asked), NOON)


@pytest.mark.requires("MANDATES-P20")
async def test_of_somebody_who_was_never_met_the_same_is_told_as_of_two_who_let_nobody_act(
    database: Database,
) -> None:
    async with demo(database) as at:
        sanne, nadia = await at.id(SANNE), await at.id(NADIA)
        strange = [await told(at, *both) for both in ((SANNE, STRANGER), (STRANGER, SANNE))]
        known = [await told(at, *both) for both in ((SANNE, NADIA), (NADIA, SANNE))]
        assert strange == known == [Explanation(decision=Refused(whys=(Why.NO_AUTHORITY,)), paths=[])] * 2
        low = await told(at, SANNE, STRANGER, level=Level.MINIMAL)
        assert low == await told(at, SANNE, NADIA, level=Level.MINIMAL)
        # Who is known reads that it was asked; of the other nothing is kept, not the number either.
        read = await events(database, sanne, at.gathering.mandates)
        asked = [each for each in read if isinstance(each, MandateExplained)]
        assert [(each.actor is None, each.principal is None) for each in asked] == [
            (False, True),
            (True, False),
            (False, False),
            (False, False),
            (False, True),
            (False, False),
        ]
        assert all(STRANGER.digits not in repr(each) for each in asked)
        assert len(await events(database, nadia, at.gathering.mandates)) == 3


async def test_nobody_asks_without_end_whether_numbers_are_there_or_not(database: Database) -> None:
    async with demo(database) as at:
        for _ in range(EXPLAINING.most):
            await told(at, STRANGER, STRANGER, service=b.service())
        with pytest.raises(TooManyTries):
            await told(at, SANNE, NOOR)
        await told(at, STRANGER, NADIA, by="another", service=b.service())
        assert await events(database, await at.id(SANNE), at.gathering.mandates) == []


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
            [(each.by, each.answer) for each in read if isinstance(each, MandateExplained)]
            for read in [await events(database, one, at.gathering.mandates) for one in (sanne, nadia, noor)]
        ]
        assert asked[0] == [("command:desk", each) for each in ("permit", "step-up", "refused")]
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
