"""P7: a parent acts for who is surely of the ages that a service admits, and for nobody from eighteen on."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.mandates import builders as b
from tests.volumes import volume
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.mandates.decide import Permit, chosen
from toegang.mandates.edge import EdgeId, Under
from toegang.mandates.judging import Grounds
from toegang.mandates.link import link_of
from toegang.mandates.resting import ways
from toegang.registers.population import BirthDate

HERE = ZoneInfo("Europe/Amsterdam")
CHILD, PARENT, HELPER = b.SANNE, b.PIETER, b.NOOR
ADULT = 18
TICK = timedelta(microseconds=1)

PARENTAL = b.law(kind=EdgeKind.PARENTAL, basis="parental-sole", overrules=False, from_=None)
LONG = b.terms(from_=datetime(1990, 1, 1, tzinfo=UTC), until=datetime(2090, 1, 1, tzinfo=UTC))
BY_PARENT = b.edge(
    id=EdgeId(b.party_id(41)), agent=HELPER, terms=LONG, under=Under(by=PARENT, kind=EdgeKind.PARENTAL)
)
BY_CHILD = b.edge(id=EdgeId(b.party_id(42)), agent=HELPER, terms=LONG)
BY_CHILD_AGENT = b.edge(id=EdgeId(b.party_id(43)), principal=HELPER, agent=CHILD, terms=LONG)


@st.composite
def births(draw: st.DrawFn) -> BirthDate:
    """Draw a birth date, often of a leap day, of the end of a month, or with a part that is not known."""
    known = draw(
        st.sampled_from([date(2008, 2, 29), date(2012, 2, 29), date(2009, 3, 28), date(2009, 12, 31)])
        | st.dates(date(2007, 1, 1), date(2014, 12, 31))
    )
    day = draw(st.sampled_from([known.day, known.day, None]))
    month = (
        draw(st.sampled_from([known.month, known.month, known.month, None])) if day is None else known.month
    )
    year = draw(st.sampled_from([known.year] * 5 + [None])) if month is None else known.year
    return BirthDate(year=year, month=month, day=day)


def may_be_born(born: BirthDate) -> Iterator[date]:
    """Yield every day on which somebody of this birth date may be born; of an unknown year a few."""
    for year in (born.year,) if born.year else (1930, 2000, 2020):
        for month in (born.month,) if born.month else range(1, 13):
            for day in (born.day,) if born.day else range(1, monthrange(year, month)[1] + 1):
                yield date(year, month, day)


def reaches(born: date, years: int) -> datetime:
    """Return when a birthday begins: midnight in Amsterdam, of a leap day in other years on 1 March."""
    try:
        day = born.replace(year=born.year + years)
    except ValueError:
        day = date(born.year + years, 3, 1)
    return datetime(day.year, day.month, day.day, tzinfo=HERE)


def is_of(born: BirthDate, low: int, high: int, at: datetime) -> bool:
    """Tell whether the age is surely in `[low, high)`."""
    return all(reaches(each, low) <= at < reaches(each, high) for each in may_be_born(born))


@st.composite
def moments(draw: st.DrawFn, born: BirthDate, ages: list[int]) -> datetime:
    """Draw a moment around one of the birthdays that matter."""
    about = draw(st.sampled_from(sorted({*ages, 16, ADULT})))
    day = draw(st.sampled_from([min(may_be_born(born)), max(may_be_born(born))]))
    step = draw(
        st.sampled_from([timedelta(0), -TICK, timedelta(hours=-1), timedelta(days=-1), timedelta(days=40)])
    )
    return (reaches(day, about) + step).astimezone(UTC)


def grounds(born: BirthDate, window: tuple[int, int], at: datetime) -> Grounds:
    rules = b.rules(child_from=window[0], child_until=window[1])
    parties = [b.person(CHILD, born=born), b.person(PARENT), b.person(HELPER)]
    return Grounds.of(
        b.service(1, rules),
        rules,
        level=Level.LOW,
        now=at,
        parties={each.id: each for each in parties},
        law=b.told(PARENTAL),
    )


WINDOWS = st.sampled_from([(0, 18), (12, 16), (11, 12), (16, 18), (12, 21)])


@pytest.mark.requires("MANDATES-P7", "BW-1:233")
@settings(max_examples=volume(150, 10_000))
@given(births(), WINDOWS, st.data())
# In summer midnight in Amsterdam is 22:00 UTC of the day before.
@example(BirthDate.parse("2009-07-01"), (0, 18), None)
def test_parents_and_whom_they_let_act_stop_at_the_moment_of_a_birthday_and_a_child_gives_nothing_before(
    born: BirthDate, window: tuple[int, int], data: st.DataObject | None
) -> None:
    last = datetime(2027, 6, 30, 21, 59, 59, tzinfo=UTC)
    at = last if data is None else data.draw(moments(born, list(window)))
    found = grounds(born, window, at)

    def acts(*paths: object) -> bool:
        return isinstance(chosen(paths, found, Level.HIGH), Permit)  # type: ignore[arg-type]

    surely = is_of(born, window[0], min(window[1], ADULT), at)
    assert acts((PARENTAL,)) is surely
    assert any(acts((way,)) for way in ways(link_of(BY_PARENT), {}, found.law)) is surely
    grown = is_of(born, ADULT, 200, at) and born.year is not None
    assert acts((link_of(BY_CHILD),)) is grown
    assert acts((link_of(BY_CHILD_AGENT),)) is grown
    assert not acts((replace(PARENTAL, until=at),))
