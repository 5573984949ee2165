"""What bears on a person's logins: their holds and their floor, and nobody else's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from toegang.assurance import Level
from toegang.identity.holds import Hold, HoldReason
from toegang.identity.people import Person, PersonId
from toegang.login.floor import Floor
from toegang.login.usable import Bearing
from toegang.storage import Database, PeopleStore
from toegang.storage.bearings import BearingTables
from toegang.storage.floors import FloorTable
from toegang.storage.holds import HoldTable

AT = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
PERSON, OTHER, NOBODY = (PersonId(UUID(int=number)) for number in (1, 2, 3))
DIED = Hold(person=PERSON, reason=HoldReason.DIED, since=AT, until=AT + timedelta(days=30))
TWO = Hold(person=PERSON, reason=HoldReason.TWO_ACCOUNTS, since=AT - timedelta(days=1), other=OTHER)
STILL = Hold(person=OTHER, reason=HoldReason.SUSPENDED, since=AT, words="investigation")
FLOOR = Floor(person=PERSON, level=Level.HIGH, since=AT, lowered=Level.LOW, lowers_at=AT + timedelta(days=3))


async def test_holds_and_floor_of_a_person_come_in_one_question(database: Database) -> None:
    holds, floors = HoldTable(database), FloorTable(database)
    async with database.begin() as unit:
        for number, person in enumerate((PERSON, OTHER)):
            known = Person(id=person, sealed_bsn=b"sealed", found_by=b"%d" % number, since=AT)
            await PeopleStore(database).enrol(unit, known)
        for hold in (DIED, TWO, STILL):
            await holds.put(unit, hold)
        await floors.change(unit, FLOOR, lambda kept: kept)
    bearings = BearingTables(database)

    assert await bearings.of_person(PERSON) == Bearing(holds=(TWO, DIED), floor=FLOOR)
    assert await bearings.of_person(OTHER) == Bearing(holds=(STILL,), floor=None)
    assert await bearings.of_person(NOBODY) == Bearing()
    async with database.begin() as unit:
        along = [await bearings.along(unit, person) for person in (PERSON, NOBODY, OTHER)]
        assert not await holds.lift(unit, NOBODY, DIED.reason, AT)
    assert [told() for told in along] == [
        Bearing(holds=(TWO, DIED), floor=FLOOR),
        Bearing(),
        Bearing(holds=(STILL,), floor=None),
    ]
    assert Bearing(floor=replace(FLOOR, lowers_at=AT)).at(AT) is Level.LOW
