"""Mandates given at a desk: what they are worth, who is told, and what the trail says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.hostile.test_l19_in_another_name import KOMPAS, directed
from tests.mandates.at_desk import AT_DESK, CLERK, ONLY_HOME, READ, SECOND, TownDesk, town_desk
from tests.mandates.builders import GROWN, NOW, law, rules, service, told
from tests.mandates.giving_people import NOOR, PIETER, SANNE, proposal
from tests.means.bureau import registered
from toegang.assurance import Level
from toegang.audit.events import DeskMandateAsked, DeskMandateDecided, MandateBegun
from toegang.errors import NotEntitled
from toegang.identity.numbers import Bsn
from toegang.mandates.acting import Actor
from toegang.mandates.decide import Asker, Permit, Refused
from toegang.mandates.edge import Source, State
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.listing import Cut, Listing
from toegang.mandates.scope import Scope
from toegang.mandates.why import Why
from toegang.storage import Database
from toegang.storage.trail import TrailTables


def trail_of(town: TownDesk) -> TrailTables:
    trail = town.house.voluntary.mandates.trail
    assert isinstance(trail, TrailTables)
    return trail


async def test_who_both_came_have_a_mandate_that_counts_at_once_and_says_that_a_desk_gave_it(
    database: Database,
) -> None:
    town = await town_desk(database)
    edge = await town.given()
    assert (edge.state, edge.source, edge.version) == (State.ACTIVE, Source.ASSISTED, 1)
    assert (edge.terms.level, edge.terms.worth) == (Level.SUBSTANTIAL, Level.LOW)
    asker = Asker(actor=town.ids[PIETER], authenticated=Level.HIGH, service=AT_DESK, requested=Level.BASIC)
    decide = town.house.voluntary.mandates.decide
    found = await decide(asker, town.ids[SANNE], NOW, NOTHING_TOLD)
    assert isinstance(found, Permit)
    assert (found.basis, found.level) == (("desk",), Level.LOW)


async def test_a_service_that_takes_no_more_of_desks_is_reached_by_none(database: Database) -> None:
    town = await town_desk(database)
    await town.given()
    asker = Asker(
        actor=town.ids[PIETER],
        authenticated=Level.HIGH,
        service=service(3, rules()),
        requested=Level.BASIC,
    )
    found = await town.house.voluntary.mandates.decide(asker, town.ids[SANNE], NOW, told())
    assert found == Refused(whys=(Why.NO_DESK,))


async def test_both_are_told_and_who_gave_it_by_letter_too(database: Database) -> None:
    town = await town_desk(database)
    await town.given()
    notices = set(await town.house.notices())
    assert notices == {
        ("mandate-given-notice", town.ids[SANNE]),
        ("mandate-received-notice", town.ids[PIETER]),
    }
    [letter] = await town.house.letters()
    assert (letter.to, letter.purpose.value) == (SANNE.digits, "mandate-at-desk-letter")
    assert letter.values == {
        "address": "toegang.example",
        "agent": "S. de Wit",
        "desk": "Gemeente",
        "services": "Aangifte",
        "ends": "31 december 2027",
    }


async def test_who_moved_abroad_is_written_to_there(database: Database) -> None:
    town = await town_desk(database)
    town.house.register.people[SANNE] = registered(
        SANNE, birth_date=GROWN, address=None, resident=False, abroad=("1 Rue", "FRANCE")
    )
    await town.given()
    [letter] = await town.house.letters()
    assert letter.address == ("1 Rue", "FRANCE")


async def test_who_did_not_come_accepts_it_in_their_own_account_and_may_decline(database: Database) -> None:
    town = await town_desk(database)
    voluntary = town.house.voluntary
    edge = await town.given(came=False)
    assert edge.state is State.OFFERED
    [letter] = await town.house.letters()
    assert letter.values["agent"] == f"iemand met een BSN dat eindigt op {PIETER.digits[-3:]}"
    assert (await voluntary.page(town.house.actor(PIETER), Listing.TO_ANSWER, Cut(size=9), NOW)).edges == (
        edge,
    )
    held = await voluntary.agree(town.house.actor(PIETER), edge.id, 1, NOW)
    assert (held.state, held.terms.worth, held.source) == (State.ACTIVE, Level.LOW, Source.ASSISTED)
    again = await town.given(came=False)
    assert (await voluntary.end(town.house.actor(PIETER), again.id, 1, NOW)).state is State.DECLINED


async def test_who_gave_it_ends_it_in_an_account_as_any_other(database: Database) -> None:
    town = await town_desk(database)
    edge = await town.given()
    ended = await town.house.voluntary.end(town.house.actor(SANNE, Level.MINIMAL), edge.id, 1, NOW)
    assert ended.state is State.REVOKED


async def test_the_trail_names_both_officers_and_who_came(database: Database) -> None:
    town = await town_desk(database)
    given, refused = await town.noted(), await town.noted()
    edge = await town.desk.give(town.second, given, READ, NOW)
    await town.desk.refuse(town.second, refused, NOW)
    found = [each.event for each in await trail_of(town).by_person(str(town.ids[SANNE]), 20)]
    asked = [each for each in found if isinstance(each, DeskMandateAsked)]
    decided = {each.case: each for each in found if isinstance(each, DeskMandateDecided)}
    assert {(each.case, each.clerk) for each in asked} == {
        (given, town.officer().name),
        (refused, town.officer().name),
    }
    assert all(each.document_number.value == "SPECI2014" for each in asked)
    assert decided.keys() == {given, refused}
    assert {(each.clerk, each.noted_by) for each in decided.values()} == {
        (town.second.name, town.officer().name)
    }
    assert (decided[given].outcome, decided[given].edge) == ("active", str(edge.id))
    assert (decided[refused].outcome, decided[refused].edge) == ("refused", "")
    begun = next(each for each in found if isinstance(each, MandateBegun))
    assert (begun.act, begun.after, begun.level) == ("offer", "active", Level.SUBSTANTIAL)


async def test_neither_numbers_nor_words_stand_in_what_is_kept(database: Database) -> None:
    town = await town_desk(database)
    await town.given()
    rows = await database.all("SELECT body FROM expiring")
    rows = [*rows, *await database.all("SELECT body FROM trail")]
    for secret in (SANNE.digits, PIETER.digits, "SPECI2014", READ):
        assert not any(secret.encode() in row[0] for row in rows)


@pytest.mark.parametrize("party", [SANNE, PIETER])
@pytest.mark.parametrize("officer", [CLERK, SECOND])
async def test_an_officer_who_directs_an_organisation_with_a_mandate_of_one_of_the_two_does_not_help(
    database: Database, officer: Bsn, party: Bsn
) -> None:
    town = await town_desk(database)
    voluntary = town.house.voluntary
    name = await town.noted()
    kompas = await directed(town.house, town.ids[officer])
    found = await voluntary.finding.by_kvk(town.ids[party], KOMPAS, NOW)
    wanted = replace(proposal(ONLY_HOME), to_organisation=True)
    offered = await voluntary.offer(town.house.actor(party), found, wanted, NOW)
    in_its_name = Actor(party=kompas, by=town.ids[officer], level=Level.SUBSTANTIAL)
    edge = await voluntary.agree(in_its_name, offered.id, 1, NOW)
    with pytest.raises(NotEntitled) as refused:
        await town.desk.give(town.second, name, READ, NOW)
    assert refused.value.why == "desk-not-apart"
    await voluntary.end(town.house.actor(party), edge.id, edge.version, NOW)
    assert (await town.desk.give(town.second, name, READ, NOW)).state is State.ACTIVE


@pytest.mark.parametrize("officer", [CLERK, SECOND])
async def test_an_officer_who_directs_the_mentor_of_one_or_acts_for_who_did_not_come_does_not_help(
    database: Database, officer: Bsn
) -> None:
    town = await town_desk(database)
    name, absent = await town.noted(), await town.noted(came=False, agent=NOOR)
    kompas = await directed(town.house, town.ids[officer])
    over = law(principal=town.ids[SANNE], agent=kompas, basis="mentorship", overrules=False)
    town.house.courts.told[town.ids[SANNE]] = told(over)
    with pytest.raises(NotEntitled) as refused:
        await town.desk.give(town.second, name, READ, NOW)
    assert refused.value.why == "desk-not-apart"
    over = law(principal=town.ids[NOOR], agent=town.ids[officer], basis="mentorship", overrules=False)
    town.house.courts.told = {town.ids[NOOR]: told(over)}
    with pytest.raises(NotEntitled) as refused:
        await town.desk.give(town.second, absent, READ, NOW)
    assert refused.value.why == "desk-not-apart"
    assert await town.house.voluntary.mandates.edges.between(town.ids[SANNE], town.ids[NOOR]) == ()


async def test_a_last_day_later_than_services_admit_is_told_to_who_notes_it(database: Database) -> None:
    town = await town_desk(database)
    town.house.offered.services[:] = [service(3, rules(desk=True, longest_days=90))]
    name = await town.begun()
    for days, why in ((91, "longer-than-admitted"), (89, None)):
        last = (NOW + timedelta(days=days)).date()
        await town.desk.choose(town.officer(), name, NOW, (Scope.of_service(AT_DESK.id).key,), last)
        if why is None:
            await town.desk.note(town.officer(), name, READ, NOW)
            continue
        with pytest.raises(NotEntitled) as refused:
            await town.desk.note(town.officer(), name, READ, NOW)
        assert refused.value.why == why
    assert (await town.desk.give(town.second, name, READ, NOW)).state is State.ACTIVE
