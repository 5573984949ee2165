"""The ladder on both engines: where accounts stand, told once; and answers that nobody reads but us."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from toegang.assurance import Level, Step
from toegang.audit.event import Event, Personal
from toegang.audit.events import (
    AccountActivated,
    AccountBlocked,
    AccountEnded,
    AccountNumberConfirmed,
    AccountStepChanged,
    AppActivated,
    AppStopped,
    CampaignFinished,
)
from toegang.catalogue.parts import CampaignId, Text
from toegang.identity.people import PersonId
from toegang.ids import SystemIds
from toegang.keys.secret import FindingKey, SealingKey
from toegang.login.invitations import Answers, Invitation, Reaction
from toegang.login.inviting import Finishing
from toegang.means.ladder import Ladder, Place
from toegang.storage import Database, Params, database_at, inside
from toegang.storage.ladder import InvitationTable, StandingTable
from toegang.storage.migrations import Migrations

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
SECRET = bytes(range(32))
INVITATION = Invitation(
    campaign=CampaignId("spring"),
    title=Text(nl="Naar de app", en="To the app"),
    text=Text(nl="Kort", en="Short"),
    step=Step.SMS,
    leads_to=Step.APP,
    within=30,
)


def somebody() -> PersonId:
    return PersonId(SystemIds().uuid())


def table(database: Database, secret: bytes = SECRET) -> InvitationTable:
    return InvitationTable(
        database=database,
        sealing=SealingKey.derive({1: secret}, "invitations"),
        finding=FindingKey.derive(SECRET, "invitations"),
    )


def ladder(database: Database) -> Ladder:
    return Ladder(standings=StandingTable(database), climbs=Finishing(answers=table(database)))


async def followed(database: Database, *events: Event) -> list[tuple[Step | None, Step | None]]:
    """Let these happen in one unit; return the steps that were told."""
    async with database.begin() as unit:
        told = await ladder(database).follow(unit, events)
    return [(each.before, each.after) for each in told if isinstance(each, AccountStepChanged)]


def activated(person: PersonId, level: Level) -> Event:
    return AccountActivated(at=NOW, means="account", person=Personal.of(person), before=None, after=level)


def app(person: PersonId, level: Level = Level.LOW) -> Event:
    return AppActivated(at=NOW, means="app", person=Personal.of(person), before=None, after=level)


def app_stopped(person: PersonId, level: Level = Level.LOW) -> Event:
    return AppStopped(at=NOW, means="app", person=Personal.of(person), before=level, after=None, why="person")


async def test_an_account_climbs_and_comes_down_as_its_means_come_and_go(database: Database) -> None:
    me, about = somebody(), {"at": NOW, "means": "account"}
    mine = Personal.of(me)
    assert await followed(database, activated(me, Level.BASIC)) == [(None, Step.PASSWORD)]
    number = AccountNumberConfirmed(**about, person=mine, before=Level.BASIC, after=Level.LOW)  # type: ignore[arg-type]
    assert await followed(database, number) == [(Step.PASSWORD, Step.SMS)]
    assert await followed(database, app(me), app(me)) == [(Step.SMS, Step.APP)]
    assert await followed(database, app_stopped(me)) == []
    assert await followed(database, app(me, Level.SUBSTANTIAL)) == [(Step.APP, Step.SUBSTANTIAL)]
    blocked = AccountBlocked(**about, person=mine, before=Level.LOW, after=None, by="person", why="x")  # type: ignore[arg-type]
    assert await followed(database, blocked, app_stopped(me)) == [(Step.SUBSTANTIAL, None)]
    assert await followed(database, activated(me, Level.LOW)) == [(None, Step.SUBSTANTIAL)]
    assert await followed(database, app_stopped(me, Level.SUBSTANTIAL)) == [(Step.SUBSTANTIAL, Step.SMS)]


async def test_an_event_about_an_app_by_another_name_leaves_it_an_app(database: Database) -> None:
    me = somebody()
    await followed(database, activated(me, Level.BASIC), app(me))

    class DocumentChecked(AppActivated):
        name = "document:checked"

    raised = DocumentChecked(
        at=NOW, means="app", person=Personal.of(me), before=Level.LOW, after=Level.SUBSTANTIAL
    )
    lapsed = replace(raised, before=Level.SUBSTANTIAL, after=Level.LOW)
    assert await followed(database, raised, lapsed) == [
        (Step.APP, Step.SUBSTANTIAL),
        (Step.SUBSTANTIAL, Step.APP),
    ]


async def test_what_nobody_did_and_what_came_to_nothing_tells_nothing(database: Database) -> None:
    nobody = AccountEnded(at=NOW, means="account", before=None, after=None, why="unused")
    assert await followed(database, nobody, app(somebody()), app_stopped(somebody())) == []


async def test_apps_that_stop_at_the_same_time_are_both_counted(database: Database) -> None:
    me = somebody()
    await followed(database, activated(me, Level.LOW), *(app(me) for _ in range(6)))
    told = await asyncio.gather(*(followed(database, app_stopped(me)) for _ in range(6)))
    assert sorted(told) == [[]] * 5 + [[(Step.APP, Step.SMS)]]
    standing = await StandingTable(database).find(me)
    assert standing is not None
    assert standing.place == Place(step=Step.SMS, level=Level.LOW)


async def test_who_was_there_before_is_told_once(database: Database) -> None:
    people = [somebody() for _ in range(5)]
    for person in people:
        await followed(database, activated(person, Level.LOW))
    async with database.begin() as unit:
        for person in people:
            standing = await StandingTable(database).hold(unit, person)
            await StandingTable(database).write(unit, replace(standing, told=None, untold=True))
    told: list[Event] = []
    for most in (2, 2, 2, 2):
        async with database.begin() as unit:
            told += await ladder(database).tell(unit, NOW, most)
    assert len(told) == 5
    assert await followed(database, app(people[0])) == [(Step.SMS, Step.APP)]


async def test_a_step_finishes_a_campaign_once_and_in_time(database: Database) -> None:
    me, late = somebody(), somebody()
    for person, since in ((me, NOW - timedelta(days=3)), (late, NOW - timedelta(days=30))):
        await followed(database, activated(person, Level.LOW))
        async with database.begin() as unit:
            started = replace(INVITATION, reaction=Reaction.STARTED)
            answers = Answers().after(INVITATION, since).after(started, since)
            await table(database).write(unit, person, answers)
    async with database.begin() as unit:
        told = await ladder(database).follow(unit, (app(me), app(late), app_stopped(me), app(me)))
    (finished,) = [each for each in told if isinstance(each, CampaignFinished)]
    assert (finished.campaign, finished.days, finished.person) == ("spring", 3, Personal.of(me))


async def test_answers_are_sealed_and_gone_with_the_account(database: Database) -> None:
    me = somebody()
    await followed(database, activated(me, Level.LOW))
    async with database.begin() as unit:
        await table(database).write(unit, me, Answers().after(INVITATION, NOW))
    row = await database.one("SELECT person, body FROM invitations")
    assert row is not None
    assert me.bytes not in row[0] + row[1]
    assert b"spring" not in row[1]
    assert (await table(database).find(me)).campaigns[0].shown == 1
    assert await table(database, bytes(32 * [1])).find(me) == Answers()
    for why, left in (("replaced", 1), ("person", 0)):
        ended = AccountEnded(
            at=NOW, means="account", person=Personal.of(me), before=Level.LOW, after=None, why=why
        )
        await followed(database, ended)
        assert len((await table(database).find(me)).campaigns) == left


BEFORE = """
INSERT INTO accounts (id, person, status, language, since, number, failures)
VALUES (:id, :person, :status, 'nl', 0, :number, 0)
"""
APP_BEFORE = """
INSERT INTO apps
  (id, account, means, status, name, level, device_key, pin_key, turn, failures, since, ended_by)
VALUES (:id, :account, 'app', 'active', 'Phone', 20, :id, :id, :id, 0, 0, '')
"""


async def test_accounts_of_before_stand_on_the_ladder_after_the_upgrade(empty_url: str) -> None:
    migrations, people = Migrations(empty_url), [somebody() for _ in range(4)]
    await migrations.upgrade("0013")
    database = database_at(empty_url)
    await database.open()
    async with database.begin() as unit:
        for person, status, number, apps in zip(
            people,
            ("active", "active", "active", "suspended"),
            (None, b"n", b"n", b"n"),
            (0, 0, 2, 1),
            strict=True,
        ):
            params: Params = {"id": person.bytes, "person": person.bytes, "status": status, "number": number}
            await inside(unit).put(BEFORE, params)
            for _ in range(apps):
                await inside(unit).put(APP_BEFORE, {"id": somebody().bytes, "account": person.bytes})
    await migrations.upgrade()
    found = [await StandingTable(database).find(person) for person in people]
    assert [each.place.step.value if each and each.place else None for each in found] == [
        "password",
        "sms",
        "app",
        None,
    ]
    assert all(each and each.untold for each in found)
    assert await followed(database, activated(people[3], Level.LOW)) == [(None, Step.APP)]
    await database.close()
