"""P30: exactly who is told what of each act, and of an end that nears; and that it is told at all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.mandates import builders as b
from tests.mandates.giving_people import PIETER, SANNE, UNTIL, People, people
from tests.mandates.test_voluntary import given
from toegang.errors import Unavailable
from toegang.mandates.edge import PENDING, TERMINAL, State
from toegang.mandates.life import Act
from toegang.mandates.party import PartyId
from toegang.mandates.reminding import Reminding, remind_at
from toegang.mandates.telling import news
from toegang.post.texts import SmsPurpose
from toegang.storage import Database
from toegang.storage.database import StatementFailed, inside
from toegang.storage.edge_lists import ReminderTable

TICK = timedelta(microseconds=1)
BOTH = {b.SANNE, b.PIETER}
DOERS = [b.SANNE, b.PIETER, None]
CHANGES = [
    (Act.RESTRICT, State.ACTIVE),
    (Act.EXTEND, State.ACTIVE),
    (Act.SUSPEND, State.SUSPENDED),
    (Act.RESUME, State.ACTIVE),
]


@pytest.mark.requires("MANDATES-P30")
@pytest.mark.parametrize("by", DOERS)
def test_of_a_change_or_an_end_is_told_who_did_not_do_it(by: object) -> None:
    others = BOTH - {by}
    for act, state in CHANGES:
        told = news(b.edge(state=state), act, by)  # type: ignore[arg-type]
        assert told == dict.fromkeys(others, SmsPurpose.MANDATE_CHANGED)
    for state in TERMINAL:
        told = news(b.edge(state=state), Act.REVOKE, by)  # type: ignore[arg-type]
        assert told == dict.fromkeys(others, SmsPurpose.MANDATE_ENDED)


@pytest.mark.requires("MANDATES-P30")
@pytest.mark.parametrize("by", DOERS)
def test_of_what_is_in_force_both_are_told_and_of_what_waits_who_is_to_answer(by: object) -> None:
    both = {b.SANNE: SmsPurpose.MANDATE_GIVEN, b.PIETER: SmsPurpose.MANDATE_RECEIVED}
    asked = {b.NOOR: SmsPurpose.MANDATE_ASKED}
    expected = {
        State.ACTIVE: both,
        State.REQUESTED: {b.SANNE: SmsPurpose.MANDATE_ASKED},
        State.OFFERED: {b.PIETER: SmsPurpose.MANDATE_OFFERED},
        State.CODE_SENT: {},  # of a letter the letter itself tells
        State.AWAITING_COSIGN: asked,
    }
    assert expected.keys() == {State.ACTIVE, *PENDING}
    firms = frozenset({b.NOOR, b.FIRM})
    for state, told in expected.items():
        signing = {"co_principals": firms, "agreed": {b.FIRM}} if state is State.AWAITING_COSIGN else {}
        assert news(b.edge(state=state, **signing), Act.ACCEPT, by) == told  # type: ignore[arg-type]
    assert news(b.edge(state=State.AWAITING_COSIGN, co_principals=firms), Act.CONSENT, b.FIRM) == asked


def reminding(house: People) -> Reminding:
    return Reminding(
        units=house.database.units(),
        reminders=ReminderTable(house.database),
        telling=house.voluntary.telling,
    )


async def told_of_the_end(house: People) -> list[PartyId]:
    return sorted(who for what, who in await house.notices() if what == "mandate-ends-notice")


@pytest.mark.requires("MANDATES-P30")
@pytest.mark.parametrize("late", [False, True])
async def test_nobody_is_reminded_of_what_is_over(database: Database, late: bool) -> None:
    house = await people(database)
    await given(house)
    await reminding(house).round(UNTIL if late else UNTIL - TICK)
    both = sorted([house.ids[SANNE], house.ids[PIETER]])
    assert await told_of_the_end(house) == ([] if late else both)
    assert await reminding(house).reminders.due(UNTIL, 1) == ()


async def rename(database: Database, old: str, new: str) -> None:
    async with database.begin() as unit:
        await inside(unit).execute(f"ALTER TABLE {old} RENAME TO {new}")


@pytest.mark.requires("MANDATES-P30")
async def test_what_cannot_be_told_has_not_been_done_and_is_told_the_next_time(database: Database) -> None:
    house = await people(database)
    edge = await given(house)
    at = remind_at(edge)
    assert at is not None
    sanne = house.actor(SANNE)
    await rename(database, "outbox", "away")
    with pytest.raises((StatementFailed, Unavailable)):
        await reminding(house).round(at)
    with pytest.raises((StatementFailed, Unavailable)):
        await house.voluntary.end(sanne, edge.id, edge.version, at)
    await rename(database, "away", "outbox")
    await reminding(house).round(at)
    assert await told_of_the_end(house) == sorted([house.ids[SANNE], house.ids[PIETER]])
    assert await house.voluntary.own(sanne, edge.id, at) == edge
    await house.voluntary.end(sanne, edge.id, edge.version, at)
    assert ("mandate-ended-notice", house.ids[PIETER]) in await house.notices()
