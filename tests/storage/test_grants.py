"""Grants: a session ends once, with every grant in it, and nothing is redeemed after it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from toegang.assurance import Level
from toegang.catalogue.values import ClientId, IdentityForm, MeansId, OrganisationId, ServiceId
from toegang.identity.people import Person, PersonId
from toegang.identity.subject import Subject
from toegang.means.base import Authentication, Factor
from toegang.provider.grants import EndedGrant, Grant, Redemption
from toegang.storage import Database
from toegang.storage.grants import GrantsStore
from toegang.storage.people import PeopleStore
from toegang.units import TakenBefore

AT = datetime(2027, 3, 1, 12, 0, 0, tzinfo=UTC)
PROVEN = Authentication(
    subject=Subject(issuer="own", identifier="an-account"),
    means=MeansId("a-means"),
    level=Level.LOW,
    at=AT,
    factors=(Factor.EXTERNAL,),
)


def grant(name: str, session: str = "a-session") -> Grant:
    return Grant(
        id=name,
        reference="a-reference",
        session=session,
        client=ClientId("a-client"),
        organisation=OrganisationId("an-owner"),
        service=ServiceId(UUID(int=7)),
        subject="a-name",
        proven=PROVEN,
        authenticated_at=AT,
        acr="",
        scope=(),
        nonce="",
        redirect_uri="",
        challenge="",
        proof_key="",
        identity=IdentityForm.PSEUDONYM,
        attributes=(),
        answered_at=AT,
        code_until=AT + timedelta(minutes=1),
        until=AT + timedelta(hours=1),
        browser="a-browser",
    )


async def keep(database: Database, *grants: Grant) -> None:
    async with database.begin() as unit:
        for each in grants:
            await GrantsStore(database).add(unit, each, f"code of {each.id}")


async def end(database: Database, session: str = "a-session") -> tuple[EndedGrant, ...]:
    async with database.begin() as unit:
        return await GrantsStore(database).end_session(unit, session, AT)


async def redeem(database: Database, name: str) -> Redemption | None:
    async with database.begin() as unit:
        found = await GrantsStore(database).redeem(unit, f"code of {name}", "", AT)
    return found[0] if found else None


async def test_all_of_a_session_end_and_no_other(database: Database) -> None:
    await keep(database, grant("one"), grant("two"), grant("other", "another-session"))
    assert await redeem(database, "one") is Redemption.FIRST
    ended = await end(database)
    assert [(each.state.grant.id, each.newly, each.state.ended_at) for each in ended] == [
        ("one", True, AT),
        ("two", True, AT),
    ]
    assert [each.state.redeemed_at for each in ended] == [AT, None]
    other = await GrantsStore(database).find("other")
    assert other is not None
    assert other.ended_at is None
    assert replace(other.grant, browser="") != other.grant


async def test_what_ended_before_comes_back_too_but_not_as_newly_ended(database: Database) -> None:
    await keep(database, grant("one"), grant("two"))
    async with database.begin() as unit:
        assert await GrantsStore(database).end(unit, "one", AT)
    assert [each.newly for each in await end(database)] == [False, True]
    assert [each.newly for each in await end(database)] == [False, False]
    assert await end(database, "no-session") == ()


async def test_of_many_who_end_a_session_at_once_one_ends_each_grant(database: Database) -> None:
    await keep(database, *(grant(f"grant {number}") for number in range(4)))
    ended = await asyncio.gather(*(end(database) for _ in range(16)))
    assert sorted(each.newly for one in ended for each in one) == [False] * 60 + [True] * 4


async def test_a_code_is_redeemed_before_its_session_ends_or_never(database: Database) -> None:
    await keep(database, grant("one"))
    ending = asyncio.create_task(end(database))
    taken = await asyncio.gather(*(redeem(database, "one") for _ in range(8)))
    redeemed = (await ending)[0].state.redeemed_at is not None
    assert (Redemption.FIRST in taken) == redeemed
    assert await redeem(database, "one") is not Redemption.FIRST


async def test_a_code_leads_to_its_grant_and_the_person_in_one_question(database: Database) -> None:
    person = Person(id=PersonId(UUID(int=8)), sealed_bsn=b"sealed", found_by=b"found", since=AT)
    known = replace(PROVEN, subject=replace(PROVEN.subject, person=person.id))
    async with database.begin() as unit:
        await PeopleStore(database).enrol(unit, person)
    await keep(database, replace(grant("known"), proven=known), grant("unknown"))
    store = GrantsStore(database)

    found = await store.find_by_code("code of known", AT)
    nobody = await store.find_by_code("code of unknown", AT)

    assert found is not None
    assert (found.grant.id, found.person) == ("known", person)
    assert nobody is not None
    assert (nobody.grant.id, nobody.person) == ("unknown", None)


async def test_a_code_is_spent_by_one_of_many_and_by_nobody_after_its_time_or_its_end(
    database: Database,
) -> None:
    await keep(database, grant("many"), grant("late"), grant("ended", "another-session"))
    await end(database, "another-session")
    store = GrantsStore(database)

    async def spend(name: str, at: datetime = AT) -> bool:
        try:
            async with database.begin() as unit:
                await store.spend(unit, f"code of {name}", at)
        except TakenBefore:
            return False
        return True

    assert sorted(await asyncio.gather(*[spend("many") for _ in range(5)])) == [False] * 4 + [True]
    assert [await spend("late", AT + timedelta(minutes=1)), await spend("ended"), await spend("none")] == [
        False,
        False,
        False,
    ]
