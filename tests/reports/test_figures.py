"""Figures: what is hidden, what is counted, and that counting again gives the same."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.audit.builders import NOON, Room, completed, refused
from tests.faults import Crash, Faults, FaultyDatabase
from toegang.assurance import Level, Step, step_of
from toegang.audit.events import (
    AccountStepChanged,
    CampaignFinished,
    Event,
    PasskeyAdded,
    PasskeyChanged,
    PasskeyStopped,
)
from toegang.catalogue.values import Text
from toegang.ids import SystemIds
from toegang.reports.charts import Charts
from toegang.reports.counting import Reports
from toegang.reports.facts import Subject, fold
from toegang.reports.figures import FigureId, Figures, Period, Tally, Wanted, figures_of
from toegang.reports.paper import csv_of
from toegang.reports.privacy import hide_small
from toegang.reports.words import Labels
from toegang.storage import Database
from toegang.storage.figures import FactTables
from toegang.storage.trail import TrailTables

MARCH = Wanted(from_=date(2027, 3, 1), until=date(2027, 4, 1))
OPEN = Wanted(from_=date(2027, 3, 1), until=date(2027, 4, 1), threshold=0)


def reports(database: Database, batch: int = 2000) -> Reports:
    trail = TrailTables(database=database, ids=SystemIds())
    return Reports(units=database.units(), trail=trail, facts=FactTables(database=database), batch=batch)


def figures(events: list[Event], wanted: Wanted) -> Figures:
    counts = sorted(fold(events).items())
    tally = Tally(
        logins=[each for each in counts if each[0].subject is Subject.LOGIN],
        refusals=[each for each in counts if each[0].subject is Subject.REFUSAL],
        accounts=[each for each in counts if each[0].subject is Subject.ACCOUNT],
        moves=[each for each in counts if each[0].subject is Subject.MOVE],
        campaigns=[each for each in counts if each[0].subject is Subject.CAMPAIGN],
        passkeys=[each for each in counts if each[0].subject is Subject.PASSKEY],
        acting=[each for each in counts if each[0].subject is Subject.ACTING],
        mandates=[each for each in counts if each[0].subject is Subject.MANDATE],
        reasons=[each for each in counts if each[0].subject is Subject.REASON],
    )
    return figures_of(tally, wanted, len(events))


def moved(before: Level | None, after: Level | None, kind: str = "account", days: int = 0) -> Event:
    """Say that an account came from a level to another, `kind` being its best means there."""
    return AccountStepChanged(
        at=NOON + timedelta(days=days),
        before=None if before is None else step_of("account", before),
        after=None if after is None else step_of(kind, after),
        level_before=before,
        level_after=after,
    )


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 60)), st.integers(2, 12))
def test_no_small_count_is_shown_or_can_be_had_by_subtracting(column: dict[str, int], most: int) -> None:
    shown = hide_small(column, most)
    hidden = {key for key, count in shown.cells.items() if count is None}
    assert all(count == 0 or count >= most for count in shown.cells.values() if count is not None)
    assert all(shown.cells[key] == column[key] for key in column if key not in hidden)
    if shown.total is None:
        assert 0 < sum(column.values()) < most
        assert hidden == {key for key in column if column[key]}
    elif hidden:
        assert len(hidden) > 1
        assert sum(column[key] for key in hidden) >= most


def test_a_share_that_gives_away_a_small_count_is_hidden() -> None:
    events: list[Event] = [completed(number) for number in range(50)]
    events += [replace_factors(number) for number in range(3)]
    assert figures(events, MARCH).table(FigureId.TWO_FACTOR_SHARE).rows[0].cells == (None,)
    assert figures(events, OPEN).table(FigureId.TWO_FACTOR_SHARE).rows[0].cells == (943,)


def replace_factors(number: int) -> Event:
    return replace(completed(number, Level.BASIC), factors=("password",))


def test_a_login_just_after_midnight_counts_for_the_day_in_amsterdam() -> None:
    late = completed(1, at=datetime(2027, 3, 31, 22, 30, tzinfo=UTC))
    days = Wanted(from_=date(2027, 3, 30), until=date(2027, 4, 3), per=Period.DAY, threshold=0)
    assert figures([late], days).table(FigureId.LOGINS_BY_LEVEL).totals == (0, 0, 1, 0)


def test_an_account_counts_once_under_its_highest_level() -> None:
    events = [moved(None, Level.BASIC) for _ in range(30)]
    events += [moved(Level.BASIC, Level.LOW) for _ in range(12)]
    events += [moved(Level.LOW, None, days=31)] * 2
    wanted = Wanted(from_=date(2027, 2, 1), until=date(2027, 5, 1))
    table = figures(events, wanted).table(FigureId.ACCOUNTS_BY_LEVEL)
    assert [(row.key, row.cells) for row in table.rows] == [("10", (0, 18, 18)), ("20", (0, 12, 10))]
    assert table.totals == (0, 30, 28)


def test_the_climb_is_told_by_where_accounts_stand_and_how_they_moved() -> None:
    events = [moved(None, Level.BASIC) for _ in range(60)]
    events += [moved(Level.BASIC, Level.LOW) for _ in range(40)]
    events += [moved(Level.LOW, Level.LOW, "app") for _ in range(25)]
    events += [moved(Level.LOW, Level.SUBSTANTIAL, "app", days=31) for _ in range(12)]
    events += [moved(Level.SUBSTANTIAL, None, days=31) for _ in range(11)]
    made = figures(events, Wanted(from_=date(2027, 3, 1), until=date(2027, 5, 1), threshold=0))
    stand = made.table(FigureId.ACCOUNTS_BY_STEP)
    assert [(row.key, row.cells) for row in stand.rows] == [
        ("password", (20, 20)),
        ("sms", (15, 3)),
        ("app", (25, 25)),
        ("substantial", (0, 1)),
    ]
    moves = made.table(FigureId.MOVES_BETWEEN_STEPS)
    assert [(row.key, row.cells) for row in moves.rows] == [
        ("none>password", (60, 0)),
        ("password>sms", (40, 0)),
        ("sms>app", (25, 0)),
        ("sms>substantial", (0, 12)),
        ("substantial>none", (0, 11)),
    ]
    assert moves.totals == (125, 23)


@pytest.mark.parametrize(
    ("factors", "level", "step"),
    [
        (("password",), Level.BASIC, "password"),
        (("password", "sms-code"), Level.LOW, "sms"),
        (("app",), Level.LOW, "app"),
        (("passkey",), Level.LOW, "passkey"),
        (("app",), Level.SUBSTANTIAL, "substantial"),
        (("document-chip",), Level.HIGH, "high"),
        (("external",), Level.HIGH, "elsewhere"),
    ],
)
def test_a_login_counts_for_the_step_that_it_was_done_with(
    factors: tuple[str, ...], level: Level, step: str
) -> None:
    made = figures([replace(completed(1, level), factors=factors, proven=level)], OPEN)
    assert [row.key for row in made.table(FigureId.LOGINS_BY_STEP).rows] == [step]
    assert Labels(language="nl").row(FigureId.LOGINS_BY_STEP, step)


def test_what_people_did_with_invitations_is_hidden_where_it_is_little() -> None:
    finished = CampaignFinished(at=NOON, campaign="spring", leads_to=Step.APP, days=3)
    assert figures([finished] * 3, MARCH).table(FigureId.CAMPAIGNS).rows[0].cells == (None,)
    table = figures([finished] * 14, MARCH).table(FigureId.CAMPAIGNS)
    assert (table.rows[0].key, table.rows[0].cells, table.totals) == ("spring:finished", (14,), ())
    assert Labels(language="en").row(FigureId.CAMPAIGNS, "spring:finished") == "spring: finished"


def test_what_is_hidden_says_so_on_paper() -> None:
    events: list[Event] = [completed(number) for number in range(20)]
    events += [refused(number) for number in range(4)]
    lines = csv_of(figures(events, MARCH)).splitlines()
    assert lines[0] == "figure,per,period,key,measure,value"
    assert "logins-by-level,month,2027-03-01,20,count,20" in lines
    assert "refusals-by-code,month,2027-03-01,level-unreachable,count,<10" in lines
    assert "refusals-by-code,month,2027-03-01,total,count,<10" in lines
    assert "two-factor-share,month,2027-03-01,two-factor,percent,100.0" in lines


async def test_counting_again_from_nothing_gives_the_same_to_the_byte(room: Room) -> None:
    for number in range(120):
        await room.record(completed(number * 7000, list(Level)[number % 5]), refused(number * 9000))
        await room.record(moved(None, Level.BASIC), moved(Level.BASIC, Level.LOW, "app"))
        if number % 37 == 0:
            await room.sequence()
            await reports(room.database, batch=13).count()
    await room.sequence()
    assert await reports(room.database, batch=29).count() > 0
    before = await everything(room.database)
    assert await reports(room.database).rebuild() == 480
    assert await everything(room.database) == before
    wanted = Wanted(from_=date(2027, 1, 1), until=date(2028, 1, 1), threshold=0)
    assert sum(cell or 0 for cell in (await reports(room.database).figures(wanted)).tables[1].totals) == 120


async def everything(database: Database) -> bytes:
    store = FactTables(database=database)
    rows = [await store.facts(subject, None, date(2100, 1, 1)) for subject in Subject]
    return repr((rows, await store.cursor())).encode()


async def test_a_crash_while_counting_counts_nothing_twice(room: Room) -> None:
    await room.record(*(completed(number) for number in range(40)))
    await room.sequence()
    for at in itertools.count(1):
        faults = Faults(at)
        with contextlib.suppress(Crash):
            await reports(FaultyDatabase(room.database, faults), batch=15).count()
        if not faults.happened:
            break
    assert (await reports(room.database).figures(OPEN)).table(FigureId.LOGINS_BY_LEVEL).totals == (40,)


async def test_four_counters_at_once_count_each_event_once(room: Room) -> None:
    await room.record(*(completed(number) for number in range(300)))
    await room.sequence()
    await asyncio.gather(*(reports(room.database, batch=17).count() for _ in range(4)))
    assert (await reports(room.database).figures(OPEN)).table(FigureId.LOGINS_BY_LEVEL).totals == (300,)


@pytest.mark.requires("WCAG22-1.1.1", "WCAG22-1.4.1")
async def test_a_chart_is_one_named_image_in_the_language_of_the_page() -> None:
    events: list[Event] = [completed(number, list(Level)[number % 3 + 1]) for number in range(6000)]
    made = figures(events, Wanted(from_=date(2027, 1, 1), until=date(2027, 6, 1)))
    with contextlib.closing(Charts()) as charts:
        await look_at(charts, made)


async def look_at(charts: Charts, made: Figures) -> None:
    labels = Labels(language="nl", names={"account": Text(nl="Account", en="Account")})
    svg = await charts.draw(made, made.table(FigureId.LOGINS_BY_LEVEL), labels)
    assert 'role="img"' in svg
    assert "<title" in svg
    assert ">Inlogs per niveau<" in svg
    assert "mrt 2027" in svg
    assert "2.000" in svg
    assert "Midden" in svg
    assert "stroke-dasharray" in svg
    for forbidden in ("style=", "<script", "aria-roledescription", "aria-label="):
        assert forbidden not in svg
    english = await charts.draw(made, made.table(FigureId.LOGINS_BY_LEVEL), Labels(language="en"))
    assert "Mar 2027" in english
    assert "2,000" in english
    assert await charts.draw(made, made.table(FigureId.LOGINS_BY_LEVEL), labels) is svg


def test_passkeys_are_counted_where_they_are_kept_until_they_are_stopped() -> None:
    def added(bond: str) -> Event:
        return PasskeyAdded(at=NOON, means="passkey", bond=bond, before=None, after=Level.LOW, model="")

    events = [*[added("device-bound") for _ in range(40)], *[added("attested") for _ in range(20)]]
    left = PasskeyChanged(
        at=NOON,
        means="passkey",
        before=Level.LOW,
        after=Level.LOW,
        bond_before="device-bound",
        bond="synced",
    )
    gone = PasskeyStopped(at=NOON, means="passkey", before=Level.LOW, after=None, bond="synced", why="person")
    events += [*[left] * 15, *[gone] * 5]
    table = figures(events, OPEN).table(FigureId.PASSKEYS_BY_BOND)
    assert {row.key: row.cells[0] for row in table.rows} == {"attested": 20, "device-bound": 25, "synced": 10}
    assert Labels(language="nl").row(FigureId.PASSKEYS_BY_BOND, "synced") == "Bij een aanbieder"
