"""L19: mandates ended at a desk: what a clerk sees, ends, and never ends for who was not there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from tests.mandates.at_desk import AT_DESK, CLERK, ONLY_HOME, READ, SECOND, TownDesk, town_desk, who
from tests.mandates.builders import GROWN, NOW
from tests.mandates.giving_people import NOBODY, NOOR, PIETER, SANNE, proposal
from tests.means.bureau import registered
from toegang.assurance import Level
from toegang.audit.events import DeskMandateAsked, DeskMandateEnded
from toegang.errors import NotEntitled, OneTimeGone, ValueRefused
from toegang.identity.holds import Hold, HoldReason
from toegang.identity.numbers import Bsn
from toegang.identity.people import PersonId
from toegang.mandates.desk.ending import AT_A_TIME
from toegang.mandates.edge import Edge, EdgeId, State
from toegang.mandates.finding import Found
from toegang.mandates.giving_on import GivingOn
from toegang.mandates.party import PartyId
from toegang.post.readers import Reads
from toegang.registers.population import BirthDate, Names
from toegang.storage import Database
from toegang.storage.trail import TrailTables


async def known_by_name(database: Database) -> TownDesk:
    """Open a desk where Pieter and Noor have names of their own."""
    town = await town_desk(database)
    for bsn, family in ((PIETER, "Bakker"), (NOOR, "Visser")):
        names = Names(given="P.", prefix="", family=family, full=f"P. {family}")
        town.house.register.people[bsn] = registered(bsn, birth_date=GROWN, names=names)
    return town


async def gave(town: TownDesk, agent: Bsn, giver: Bsn = SANNE) -> Edge:
    """Let somebody offer another a mandate that is accepted."""
    party = town.ids[agent]
    voluntary = town.house.voluntary
    offered = await voluntary.offer(
        town.house.actor(giver), Found(party=party, nobody=party), proposal(ONLY_HOME), NOW
    )
    return await voluntary.agree(replace(town.house.actor(giver), party=party), offered.id, 1, NOW)


async def state_of(town: TownDesk, edge: Edge) -> State:
    kept = await town.house.voluntary.mandates.edges.find(edge.id)
    assert kept is not None
    return kept.state


async def test_a_clerk_sees_those_with_whom_the_person_names_and_ends_one(database: Database) -> None:
    town = await known_by_name(database)
    mine, other = await gave(town, PIETER), await gave(town, NOOR)
    looked = await town.ending.look(town.officer(), who(SANNE), "bakker", NOW)
    assert [edge.id for edge, _ in looked.found] == [mine.id]
    for edge in (other.id, mine.id):
        if edge == other.id:
            with pytest.raises(OneTimeGone):
                await town.ending.end(town.officer(), looked.name, edge, 2, NOW)
            continue
        await town.ending.end(town.officer(), looked.name, edge, 2, NOW)
    assert await state_of(town, mine) is State.REVOKED
    assert await state_of(town, other) is State.ACTIVE
    with pytest.raises(NotEntitled):
        await town.ending.end(town.officer(), looked.name, mine.id, 2, NOW)
    told = [party for purpose, party in await town.house.notices() if purpose == "mandate-ended-notice"]
    assert sorted(told) == sorted([town.ids[SANNE], town.ids[PIETER]])


async def test_letters_that_any_name_or_number_has_show_a_clerk_nothing(database: Database) -> None:
    town = await known_by_name(database)
    edge = await gave(town, PIETER)
    await town.desk.give(town.second, await town.noted(came=False, agent=NOOR), READ, NOW)
    for typed in ("a", "k", "er", "akk", ".", "-", NOOR.digits[-1], f"{NOOR.digits[-3:]} {NOOR.digits[-1]}"):
        assert (await town.ending.look(town.officer(), who(SANNE), typed, NOW)).found == [], typed
    for typed in ("bak", "P. Bakker", "bakker p."):
        looked = await town.ending.look(town.officer(), who(SANNE), typed, NOW)
        assert [each.id for each, _ in looked.found] == [edge.id], typed


async def test_who_got_one_or_was_offered_one_ends_it_there_too(database: Database) -> None:
    town = await known_by_name(database)
    held, offered = await gave(town, NOOR), await town.given(came=False)
    names = Names(given="S.", prefix="", family="Jansen", full="S. Jansen")
    town.house.register.people[SANNE] = registered(SANNE, birth_date=GROWN, names=names)
    for agent, edge, state in ((NOOR, held, State.RENOUNCED), (PIETER, offered, State.DECLINED)):
        looked = await town.ending.look(town.officer(), who(agent), "jansen", NOW)
        assert [each.id for each, _ in looked.found] == [edge.id]
        await town.ending.end(town.officer(), looked.name, edge.id, edge.version, NOW)
        assert await state_of(town, edge) is state


async def test_of_who_did_not_answer_nothing_is_told_but_the_end_of_the_number(database: Database) -> None:
    town = await known_by_name(database)
    for agent in (PIETER, NOBODY):
        edge = await town.desk.give(
            town.second, await town.noted(came=False, agent=agent), "what was read out", NOW
        )
        assert (await town.ending.look(town.officer(), who(SANNE), "bakker", NOW)).found == []
        looked = await town.ending.look(town.officer(), who(SANNE), agent.digits[-3:], NOW)
        assert [(each.id, shown) for each, shown in looked.found] == [(edge.id, None)]
        await town.ending.end(town.officer(), looked.name, edge.id, 1, NOW)
        assert await state_of(town, edge) is State.WITHDRAWN


async def test_everything_that_somebody_gave_ends_unseen_and_nothing_else(database: Database) -> None:
    town = await known_by_name(database)
    given = [await gave(town, PIETER), await gave(town, NOOR), await town.given(came=False)]
    got = await gave(town, SANNE, PIETER)
    looked = await town.ending.look(town.officer(), who(SANNE), "", NOW)
    assert looked.found == []
    with pytest.raises(OneTimeGone):
        await town.ending.end(town.officer(), looked.name, given[0].id, 2, NOW)
    assert await town.ending.end_all_given(town.officer(), looked.name, NOW) == len(given)
    assert all([await state_of(town, each) in {State.REVOKED, State.WITHDRAWN} for each in given])
    assert await state_of(town, got) is State.ACTIVE
    assert await town.ending.end_all_given(town.officer(), looked.name, NOW) == 0


async def test_what_one_clerk_looked_at_another_does_not_end_nor_later(database: Database) -> None:
    town = await known_by_name(database)
    edge = await gave(town, PIETER)
    one = await town.ending.look(town.officer(), who(SANNE), "bakker", NOW)
    everything = await town.ending.look(town.officer(), who(SANNE), "", NOW)
    elsewhere = replace(town.officer(), organisation="clinic")
    for officer, at in ((town.second, NOW), (elsewhere, NOW), (town.officer(), NOW + timedelta(hours=1))):
        with pytest.raises(OneTimeGone):
            await town.ending.end(officer, one.name, edge.id, 2, at)
        with pytest.raises(OneTimeGone):
            await town.ending.end_all_given(officer, everything.name, at)
    with pytest.raises(OneTimeGone):
        await town.ending.end_all_given(town.officer(), one.name, NOW)
    assert await state_of(town, edge) is State.ACTIVE


async def test_nobody_is_looked_up_without_their_date_of_birth_nor_the_clerk(database: Database) -> None:
    town = await known_by_name(database)
    for came in (who(SANNE, BirthDate.parse("1970-01-02")), who(NOBODY)):
        with pytest.raises(ValueRefused) as refused:
            await town.ending.look(town.officer(), came, "bakker", NOW)
        assert (refused.value.field, refused.value.reason) == ("bsn", "desk-person-differs")
    with pytest.raises(NotEntitled):
        await town.ending.look(town.officer(SANNE), who(SANNE), "bakker", NOW)


async def test_a_clerk_ends_nothing_of_their_own_for_who_they_say_came(database: Database) -> None:
    town = await known_by_name(database)
    edge = await gave(town, SECOND)
    assert (await town.ending.look(town.second, who(SANNE), "wit", NOW)).found == []
    looked = await town.ending.look(town.officer(), who(SANNE), "wit", NOW)
    assert [each.id for each, _ in looked.found] == [edge.id]


async def test_a_hold_never_stands_in_the_way_of_ending(database: Database) -> None:
    town = await known_by_name(database)
    edge = await gave(town, PIETER)
    hold = Hold(person=PersonId(town.ids[SANNE]), reason=HoldReason.SUSPENDED, since=NOW)
    async with database.begin() as unit:
        await town.desk.holds.put(unit, hold)
    looked = await town.ending.look(town.officer(), who(SANNE), "bakker", NOW)
    town.house.offered.services[:] = [AT_DESK]
    await town.ending.end(town.officer(), looked.name, edge.id, 2, NOW)
    assert await state_of(town, edge) is State.REVOKED


async def test_the_trail_says_who_came_and_what_a_clerk_ended(database: Database) -> None:
    town = await known_by_name(database)
    edge = await gave(town, PIETER)
    looked = await town.ending.look(town.officer(), who(SANNE), "bakker", NOW)
    await town.ending.end(town.officer(), looked.name, edge.id, 2, NOW)
    trail = town.house.voluntary.mandates.trail
    assert isinstance(trail, TrailTables)
    found = [each.event for each in await trail.by_person(str(town.ids[SANNE]), 20)]
    [asked] = [each for each in found if isinstance(each, DeskMandateAsked)]
    [ended] = [each for each in found if isinstance(each, DeskMandateEnded)]
    assert (asked.asked, asked.case, asked.document_number.value) == ("end", looked.name, "SPECI2014")
    assert (ended.edge, ended.clerk, ended.case) == (str(edge.id), town.officer().name, looked.name)


async def test_a_desk_that_ends_a_mandate_writes_to_who_is_represented_whoever_came(
    database: Database,
) -> None:
    town = await known_by_name(database)
    first, second = await gave(town, PIETER), await gave(town, NOOR)
    town.house.readers.told[town.ids[SANNE]] = Reads(language="en", large_print=True)
    looked = await town.ending.look(town.officer(), who(SANNE), "bakker", NOW)
    await town.ending.end(town.officer(), looked.name, first.id, 2, NOW)
    [letter] = await town.house.letters()
    assert (letter.purpose.value, letter.to) == ("mandate-ended-at-desk-letter", SANNE.digits)
    assert (letter.language, letter.large_print) == ("en", True)
    assert (letter.values["desk"], "P. Bakker" in letter.values["what"]) == ("Town", True)
    looked = await town.ending.look(town.officer(), who(NOOR), "wit", NOW)
    await town.ending.end(town.officer(), looked.name, second.id, 2, NOW)
    assert [each.to for each in await town.house.letters()] == [SANNE.digits, SANNE.digits]


async def test_everything_that_ends_at_a_desk_is_told_in_one_letter(database: Database) -> None:
    town = await known_by_name(database)
    for agent in (PIETER, NOOR):
        await gave(town, agent)
    looked = await town.ending.look(town.officer(), who(SANNE), "", NOW)
    assert await town.ending.end_all_given(town.officer(), looked.name, NOW) == 2
    [letter] = await town.house.letters()
    assert letter.values["what"] == "alle machtigingen die u had gegeven"
    assert "Bakker" not in str(letter.values)


@pytest.mark.parametrize("protected", [SANNE, PIETER])
async def test_no_letter_goes_to_or_because_of_who_is_in_danger(database: Database, protected: Bsn) -> None:
    town = await known_by_name(database)
    edge = await gave(town, PIETER)
    town.house.register.people[protected] = replace(
        town.house.register.people[protected], address_secret=True
    )
    looked = await town.ending.look(town.officer(), who(PIETER), "wit", NOW)
    await town.ending.end(town.officer(), looked.name, edge.id, 2, NOW)
    assert await state_of(town, edge) is State.RENOUNCED
    assert await town.house.letters() == []


async def test_who_has_no_address_gets_no_letter_and_nothing_that_was_only_asked_is_written_of(
    database: Database,
) -> None:
    town = await known_by_name(database)
    voluntary, me = town.house.voluntary, town.house.actor(PIETER)
    party = town.ids[SANNE]
    asked = await voluntary.request(me, Found(party=party, nobody=party), proposal(ONLY_HOME), NOW)
    looked = await town.ending.look(town.officer(), who(SANNE), "bakker", NOW)
    await town.ending.end(town.officer(), looked.name, asked.id, 1, NOW)
    edge = await gave(town, NOOR)
    town.house.register.people[SANNE] = replace(town.house.register.people[SANNE], address=None, abroad=())
    looked = await town.ending.look(town.officer(), who(SANNE), "visser", NOW)
    await town.ending.end(town.officer(), looked.name, edge.id, 2, NOW)
    assert await state_of(town, edge) is State.REVOKED
    assert await town.house.letters() == []


async def test_a_name_is_found_however_many_mandates_stand_before_it(database: Database) -> None:
    town = await known_by_name(database)
    edges = town.house.voluntary.mandates.edges
    wanted = await gave(town, PIETER)
    async with database.begin() as unit:
        for _ in range(2 * AT_A_TIME + 5):
            other = PartyId(uuid4())
            before = replace(
                wanted,
                id=EdgeId(uuid4()),
                agent=other,
                terms=replace(wanted.terms, until=wanted.terms.until - timedelta(days=1)),
                version=1,
            )
            assert await edges.add(unit, before)
    looked = await town.ending.look(town.officer(), who(SANNE), "bakker", NOW)
    assert [each.id for each, _ in looked.found] == [wanted.id]


async def gave_on(town: TownDesk) -> Edge:
    """Let Sanne give Pieter a mandate that may be given on, and Pieter give it on to Noor, who takes it."""
    voluntary, ids = town.house.voluntary, town.ids
    wanted, to = replace(proposal(ONLY_HOME), grants=True), Found(party=ids[PIETER], nobody=ids[PIETER])
    offered = await voluntary.offer(town.house.actor(SANNE), to, wanted, NOW)
    held = await voluntary.agree(town.house.actor(PIETER), offered.id, 1, NOW)
    on, to = GivingOn(voluntary=voluntary), Found(party=ids[NOOR], nobody=ids[NOOR])
    made = await on.give(town.house.actor(PIETER, Level.HIGH), held.id, to, proposal(ONLY_HOME), NOW)
    return await voluntary.agree(town.house.actor(NOOR), made.id, 1, NOW)


async def test_who_gave_a_mandate_on_ends_that_by_name_and_who_is_represented_is_told(
    database: Database,
) -> None:
    town = await known_by_name(database)
    edge = await gave_on(town)
    looked = await town.ending.look(town.officer(), who(PIETER), "visser", NOW)
    assert [each.id for each, _ in looked.found] == [edge.id]
    await town.ending.end(town.officer(), looked.name, edge.id, edge.version, NOW)
    assert await state_of(town, edge) is State.REVOKED
    [letter] = await town.house.letters()
    assert letter.to == SANNE.digits
    assert "P. Visser" in letter.values["what"]


async def test_everything_that_somebody_gave_is_also_what_they_gave_on(database: Database) -> None:
    town = await known_by_name(database)
    own, edge = await gave(town, NOOR, PIETER), await gave_on(town)
    looked = await town.ending.look(town.officer(), who(PIETER), "", NOW)
    assert await town.ending.end_all_given(town.officer(), looked.name, NOW) == 2
    assert [await state_of(town, each) for each in (own, edge)] == [State.REVOKED] * 2
    assert sorted(each.to for each in await town.house.letters()) == sorted([SANNE.digits, PIETER.digits])
    got = await town.ending.look(town.officer(), who(PIETER), "de wit", NOW)
    assert len(got.found) == 1, "what they got they keep"


async def test_nobody_ends_at_a_desk_what_another_gave_on(database: Database) -> None:
    town = await known_by_name(database)
    edge = await gave_on(town)
    for came in (who(SECOND), who(CLERK)):
        officer = town.officer() if came.typed.bsn == SECOND else town.second
        for words in ("visser", "wit", "bakker"):
            assert (await town.ending.look(officer, came, words, NOW)).found == []
    assert await state_of(town, edge) is State.ACTIVE
