"""Parties: their standing is read at a moment, and ages begin with the day in Amsterdam."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from toegang.ids import SystemIds
from toegang.mandates.party import Party, PartyId, PartyKind, Standing
from toegang.registers.population import BirthDate

SECOND = timedelta(seconds=1)
# Midnight in Amsterdam on the first of March 2027 (winter time).
FIRST_OF_MARCH = datetime(2027, 2, 28, 23, 0, tzinfo=UTC)


def person(born: str | None, standing: Standing = Standing.ABLE, since: datetime | None = None) -> Party:
    return Party(
        id=PartyId(SystemIds().uuid()),
        kind=PartyKind.PERSON,
        standing=standing,
        since=since,
        born=None if born is None else BirthDate.parse(born),
    )


def test_a_standing_holds_from_its_moment_on_and_not_before() -> None:
    died = person("1950-01-01", Standing.DECEASED, FIRST_OF_MARCH)
    assert died.standing_at(FIRST_OF_MARCH - SECOND) is Standing.ABLE
    assert died.standing_at(FIRST_OF_MARCH) is Standing.DECEASED
    assert person(None, Standing.DECEASED).standing_at(FIRST_OF_MARCH) is Standing.DECEASED


@pytest.mark.parametrize("born", ["2009-03-01", "2009-02-28", "2009-02-00"])
def test_whoever_surely_turned_eighteen_is_an_adult_from_midnight_in_amsterdam(born: str) -> None:
    assert person(born).is_adult(FIRST_OF_MARCH)


@pytest.mark.parametrize("born", ["2009-03-02", "2009-03-00", "2009-00-00", "0000-00-00", None])
def test_whoever_may_be_a_minor_is_no_adult(born: str | None) -> None:
    assert not person(born).is_adult(FIRST_OF_MARCH)


def test_of_an_uncertain_birthday_neither_age_is_sure() -> None:
    uncertain = person("2009-00-00")
    assert not uncertain.is_under(18, FIRST_OF_MARCH)
    assert not uncertain.is_at_least(18, FIRST_OF_MARCH)


def test_an_age_begins_at_midnight_and_who_was_born_on_the_leap_day_waits_for_march() -> None:
    leaper = person("2008-02-29")
    eighteen = datetime(2026, 2, 28, 23, 0, tzinfo=UTC)
    assert leaper.is_under(18, eighteen - SECOND)
    assert not leaper.is_under(18, eighteen)
    assert leaper.is_at_least(18, eighteen)


def test_an_organisation_has_no_age() -> None:
    firm = Party(id=PartyId(SystemIds().uuid()), kind=PartyKind.ORGANISATION)
    assert firm.is_adult(FIRST_OF_MARCH)
    assert not firm.is_under(18, FIRST_OF_MARCH)
