"""Decision records: gone through page by page, each once, by organisation and by period."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from toegang.assurance import Level
from toegang.catalogue.values import ClientId, OrganisationId, ServiceId, Text
from toegang.identity.people import PersonId
from toegang.ids import SystemIds
from toegang.login.decision import COMPLETED, Decision, Wanted
from toegang.means.base import TransactionId
from toegang.storage import Database
from toegang.storage.decisions import DecisionsStore

AT = datetime(2027, 3, 1, 12, tzinfo=UTC)
LATER = AT + timedelta(days=1)
NAME = Text(nl="Dienst", en="Service")


def decision(number: int, person: PersonId, organisation: str = "town", at: datetime = AT) -> Decision:
    return Decision(
        reference=f"REF-{number:03}-{person.hex[-6:]}",
        login=TransactionId(f"login-{number}-{person}"),
        person=person,
        client=ClientId("client"),
        organisation=OrganisationId(organisation),
        provider=NAME,
        service=ServiceId(UUID(int=1)),
        service_name=NAME,
        service_level=Level.LOW,
        required=Level.LOW,
        offers=(),
        proven=(),
        level=None,
        released=(),
        end=COMPLETED,
        started_at=at,
        ended_at=at,
    )


async def keep(database: Database, *decisions: Decision) -> DecisionsStore:
    store = DecisionsStore(database)
    async with database.begin() as unit:
        for each in decisions:
            await store.record(unit, each)
    return store


def somebody() -> PersonId:
    return PersonId(SystemIds().uuid())


async def test_many_of_one_moment_are_each_shown_once_over_pages(database: Database) -> None:
    person, other = somebody(), somebody()
    store = await keep(
        database, *(decision(number, person) for number in range(7)), decision(1, other), decision(2, other)
    )
    seen: list[str] = []
    wanted = Wanted(limit=3, before=LATER)
    while page := await store.of_person(person, wanted):
        seen += [each.reference for each in page]
        wanted = Wanted(limit=3, before=page[-1].ended_at, reference=page[-1].reference)
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == len(seen) == 7


async def test_they_are_found_by_organisation_and_by_period(database: Database) -> None:
    person = somebody()
    days = [AT + timedelta(days=day) for day in range(4)]
    store = await keep(
        database,
        *(decision(day, person, "town" if day % 2 else "clinic", at) for day, at in enumerate(days)),
    )
    ended = days[-1] + timedelta(hours=1)
    towns = await store.of_person(person, Wanted(limit=9, before=ended, organisation=OrganisationId("town")))
    assert [each.organisation for each in towns] == ["town", "town"]
    between = await store.of_person(person, Wanted(limit=9, before=days[3], after=days[0]))
    assert [each.ended_at for each in between] == [days[2], days[1]]
    assert sorted(await store.organisations_of(person)) == ["clinic", "town"]
    assert await store.organisations_of(somebody()) == ()


async def test_what_nobody_can_have_written_is_found_nowhere_on_either_engine(database: Database) -> None:
    person = somebody()
    store = await keep(database, decision(1, person))
    assert await store.find("REF\0") is None
    for tampered in ({"reference": "Z\0"}, {"organisation": OrganisationId("town\0")}):
        assert await store.of_person(person, Wanted(limit=9, before=AT, **tampered)) == ()
