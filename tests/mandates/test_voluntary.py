"""Voluntary mandates: given, asked, answered, changed and ended by people, on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from tests.mandates.builders import DAY, GROWN, NOW, law
from tests.mandates.giving_people import (
    CARE,
    NOBODY,
    NOOR,
    PIETER,
    RETURNS,
    SANNE,
    UNTIL,
    People,
    people,
    proposal,
)
from tests.means.bureau import registered
from tests.storage.test_accounts import account as kept_account
from toegang.assurance import Level
from toegang.errors import NotEntitled, OneTimeGone, TooManyTries, Unavailable
from toegang.identity.numbers import Bsn
from toegang.identity.people import PersonId
from toegang.mandates.edge import Edge, EdgeId, State
from toegang.mandates.everything import Everything
from toegang.mandates.finding import Found
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.legal.court import Capacity
from toegang.mandates.listing import Cut, Last, Listing, ends
from toegang.mandates.reminding import Reminding, remind_at
from toegang.mandates.scope import Scope
from toegang.provider.own_mandates import MandateData
from toegang.registers.population import BirthDate
from toegang.storage import Database
from toegang.storage.edge_lists import EdgeLists, ReminderTable

ALL = Cut(size=50)


async def offered(house: People) -> Edge:
    found = await house.find(SANNE, PIETER)
    return await house.voluntary.offer(house.actor(SANNE), found, proposal(RETURNS, CARE), NOW)


async def given(house: People) -> Edge:
    edge = await offered(house)
    return await house.voluntary.agree(house.actor(PIETER), edge.id, edge.version, NOW)


async def on(house: People, bsn: object, listing: Listing, now: object = NOW) -> list[Edge]:
    found = (await house.voluntary.page(house.actor(bsn), listing, ALL, now)).edges  # type: ignore[arg-type]
    return list(found)


def why(refused: pytest.ExceptionInfo[NotEntitled]) -> str:
    return refused.value.why


async def test_what_is_offered_waits_for_the_one_and_is_to_answer_for_the_other(database: Database) -> None:
    house = await people(database)
    edge = await offered(house)
    assert await on(house, SANNE, Listing.WAITING) == [edge]
    assert await on(house, PIETER, Listing.TO_ANSWER) == [edge]
    assert await house.voluntary.hint(edge, NOW) == PIETER.digits[-3:]
    assert await house.notices() == [("mandate-offered-notice", house.ids[PIETER])]


async def test_what_was_accepted_is_given_and_received_and_both_are_told(database: Database) -> None:
    house = await people(database)
    edge = await given(house)
    assert edge.state is State.ACTIVE
    assert await on(house, SANNE, Listing.GIVEN) == [edge]
    assert await on(house, PIETER, Listing.RECEIVED) == [edge]
    assert await on(house, SANNE, Listing.WAITING) == await on(house, PIETER, Listing.TO_ANSWER) == []
    assert await house.voluntary.hint(edge, NOW) is None
    told = set(await house.notices())
    assert ("mandate-given-notice", house.ids[SANNE]) in told
    assert ("mandate-received-notice", house.ids[PIETER]) in told


async def test_what_was_asked_is_approved_by_the_one_who_is_represented_alone(database: Database) -> None:
    house = await people(database)
    found = await house.find(PIETER, SANNE)
    edge = await house.voluntary.request(house.actor(PIETER), found, proposal(), NOW)
    with pytest.raises(NotEntitled) as refused:
        await house.voluntary.agree(house.actor(PIETER), edge.id, edge.version, NOW)
    assert why(refused) == "not-yours"
    done = await house.voluntary.agree(house.actor(SANNE), edge.id, edge.version, NOW)
    assert (done.state, done.principal, done.agent) == (State.ACTIVE, house.ids[SANNE], house.ids[PIETER])
    assert done.terms.level is Level.SUBSTANTIAL


@pytest.mark.parametrize(
    ("who", "born", "there"),
    [
        (NOBODY, GROWN, {}),
        (PIETER, BirthDate.parse("1970-01-02"), {}),
        (PIETER, GROWN, {"deceased_on": date(2027, 1, 1)}),
    ],
)
async def test_a_stranger_never_learns_whether_somebody_is_there(
    database: Database, who: object, born: BirthDate, there: dict[str, object]
) -> None:
    house = await people(database)
    house.register.people[PIETER] = registered(PIETER, birth_date=GROWN, **there)
    found = await house.find(SANNE, who, born)  # type: ignore[arg-type]
    edge = await house.voluntary.offer(house.actor(SANNE), found, proposal(), NOW)
    assert edge.state is State.OFFERED
    assert await on(house, SANNE, Listing.WAITING) == [edge]
    assert await on(house, PIETER, Listing.TO_ANSWER) == []
    assert await house.voluntary.hint(edge, NOW) is not None
    again = await house.find(SANNE, who, born)  # type: ignore[arg-type]
    with pytest.raises(NotEntitled) as refused:
        await house.voluntary.offer(house.actor(SANNE), again, proposal(), NOW)
    assert why(refused) == "pending-already"
    ended = await house.voluntary.end(house.actor(SANNE), edge.id, edge.version, NOW)
    assert ended.state is State.WITHDRAWN


async def test_looking_for_people_is_bounded_whether_or_not_they_are_found(database: Database) -> None:
    house = await people(database)
    for _ in range(5):
        await house.find(SANNE, PIETER)
        await house.find(SANNE, NOBODY)
    for who in (PIETER, NOBODY):
        with pytest.raises(TooManyTries):
            await house.find(SANNE, who)
    await house.find(NOOR, PIETER)


async def test_a_code_that_somebody_shows_finds_them_once_and_within_the_hour(database: Database) -> None:
    house = await people(database)
    finding, sanne = house.voluntary.finding, house.ids[SANNE]
    code = await finding.show_code(house.ids[PIETER], NOW)
    with pytest.raises(NotEntitled):
        await finding.by_code(house.ids[PIETER], code, NOW)
    code = await finding.show_code(house.ids[PIETER], NOW)
    found = await finding.by_code(sanne, f" {code.lower().replace('-', ' ')} ", NOW)
    assert found == Found(party=house.ids[PIETER], nobody=house.ids[PIETER])
    with pytest.raises(OneTimeGone):
        await finding.by_code(sanne, code, NOW)
    late = await finding.show_code(house.ids[PIETER], NOW)
    with pytest.raises(OneTimeGone):
        await finding.by_code(sanne, late, NOW + timedelta(hours=1))
    edge = await house.voluntary.offer(house.actor(SANNE), found, proposal(), NOW)
    assert await house.voluntary.hint(edge, NOW) is None


async def test_either_side_ends_it_at_any_level_and_never_twice(database: Database) -> None:
    house = await people(database)
    house.register.away = False
    edge = await given(house)
    house.register.away = True
    house.offered.services.clear()
    ended = await house.voluntary.end(house.actor(PIETER, Level.MINIMAL), edge.id, edge.version, NOW)
    assert ended.state is State.RENOUNCED
    with pytest.raises(NotEntitled):
        await house.voluntary.end(house.actor(SANNE, Level.MINIMAL), edge.id, ended.version, NOW)
    assert await on(house, SANNE, Listing.ENDED) == await on(house, PIETER, Listing.ENDED) == [ended]


async def test_everything_with_somebody_ends_at_once_and_nothing_else_does(database: Database) -> None:
    house = await people(database)
    one = await given(house)
    known = Found(party=house.ids[PIETER], nobody=house.ids[PIETER])
    back = await house.voluntary.request(house.actor(SANNE), known, proposal(), NOW)
    other = await house.voluntary.offer(house.actor(SANNE), await house.find(SANNE, NOOR), proposal(), NOW)
    sanne = house.actor(SANNE, Level.MINIMAL)
    assert (await Everything(voluntary=house.voluntary).begin(sanne, house.ids[PIETER], NOW)).done == 2
    found = [(await house.voluntary.own(sanne, each.id, NOW)).state for each in (one, back, other)]
    assert found == [State.REVOKED, State.WITHDRAWN, State.OFFERED]


async def test_a_protected_person_who_ends_something_is_not_told_of(database: Database) -> None:
    house = await people(database)
    edge = await given(house)
    await house.notices()
    house.register.people[SANNE] = registered(SANNE, birth_date=GROWN, address_secret=True)
    before = len(await house.notices())
    await house.voluntary.end(house.actor(SANNE), edge.id, edge.version, NOW)
    after = await house.notices()
    assert ("mandate-ended-notice", house.ids[PIETER]) not in after[before:]


@pytest.mark.requires("MANDATES-P30")
@pytest.mark.parametrize("protected", [SANNE, PIETER])
async def test_a_protected_person_who_takes_something_away_is_not_told_of_by_us(
    database: Database, protected: Bsn
) -> None:
    house = await people(database)
    edge = await given(house)
    house.register.people[protected] = registered(protected, birth_date=GROWN, address_secret=True)
    other = PIETER if protected is SANNE else SANNE
    told = len(await house.notices())
    sooner, actor = edge.terms.until - timedelta(days=1), house.actor(protected)
    edge = await house.voluntary.shorten(actor, edge.id, edge.version, sooner, NOW)
    edge = await house.voluntary.drop(actor, edge.id, edge.version, Scope.of_service(CARE.id), NOW)
    assert len(await house.notices()) == told
    sooner -= timedelta(days=1)
    await house.voluntary.shorten(house.actor(other), edge.id, edge.version, sooner, NOW)
    assert ("mandate-changed-notice", house.ids[protected]) in await house.notices()


async def test_a_mandate_is_made_shorter_by_both_and_longer_by_who_gave_it(database: Database) -> None:
    house = await people(database)
    edge = await given(house)
    sooner = await house.voluntary.shorten(house.actor(PIETER), edge.id, edge.version, UNTIL - 9 * DAY, NOW)
    with pytest.raises(NotEntitled) as refused:
        await house.voluntary.extend(house.actor(PIETER), edge.id, sooner.version, UNTIL, NOW)
    assert why(refused) == "not-yours"
    with pytest.raises(NotEntitled) as refused:
        await house.voluntary.shorten(house.actor(SANNE), edge.id, sooner.version, UNTIL, NOW)
    assert why(refused) == "wider"
    longer = await house.voluntary.extend(house.actor(SANNE), edge.id, sooner.version, UNTIL + DAY, NOW)
    assert longer.terms.until == UNTIL + DAY


async def test_one_of_several_services_is_taken_out_but_never_the_last(database: Database) -> None:
    house = await people(database)
    edge = await given(house)
    scope = Scope.of_service(CARE.id)
    less = await house.voluntary.drop(house.actor(PIETER), edge.id, edge.version, scope, NOW)
    assert less.terms.scopes == (Scope.of_service(RETURNS.id),)
    for last in (scope, Scope.of_service(RETURNS.id)):
        with pytest.raises(NotEntitled):
            await house.voluntary.drop(house.actor(PIETER), edge.id, less.version, last, NOW)


async def test_what_has_ended_is_followed_up_by_another_and_never_brought_back(database: Database) -> None:
    house = await people(database)
    edge = await given(house)
    await house.voluntary.end(house.actor(SANNE), edge.id, edge.version, NOW)
    again = replace(proposal(), renews=edge.id)
    other = Found(party=house.ids[PIETER], nobody=house.ids[PIETER])
    made = await house.voluntary.offer(house.actor(SANNE), other, again, NOW)
    assert made.renews == edge.id != made.id
    with pytest.raises(NotEntitled) as refused:
        await house.voluntary.offer(house.actor(NOOR), other, again, NOW)
    assert why(refused) == "not-yours"


async def test_a_page_goes_on_where_the_last_one_stopped_and_misses_nothing(database: Database) -> None:
    house = await people(database)
    other = Found(party=house.ids[PIETER], nobody=house.ids[PIETER])
    made = []
    for days in range(7):
        # Each for another set of services: what is equal and pending is begun once.
        scopes = tuple(Scope.of_service(each.id) for each in (RETURNS, CARE)[: days % 2 + 1])
        wanted = replace(proposal(until=UNTIL + days * DAY), scopes=scopes)
        edge = await house.voluntary.offer(house.actor(SANNE), other, wanted, NOW)
        made.append(await house.voluntary.agree(house.actor(PIETER), edge.id, edge.version, NOW))
    seen: list[Edge] = []
    sanne, last = house.actor(SANNE), None
    while page := (await house.voluntary.page(sanne, Listing.GIVEN, Cut(last=last, size=3), NOW)).edges:
        seen += page
        last = Last(ends=ends(page[-1]), edge=page[-1].id)
    assert seen == made
    seen, past, last = [], UNTIL + 3 * DAY, None
    while page := (await house.voluntary.page(sanne, Listing.ENDED, Cut(last=last, size=3), past)).edges:
        seen += page
        last = Last(ends=ends(page[-1]), edge=page[-1].id)
    assert seen == made[3::-1]
    assert await on(house, SANNE, Listing.GIVEN, past) == made[4:]


@pytest.mark.requires("MANDATES-P5")
async def test_to_the_microsecond_it_is_on_one_list_or_the_other(database: Database) -> None:
    house = await people(database)
    edge = await given(house)
    sanne, pieter, lists = house.ids[SANNE], house.ids[PIETER], EdgeLists(database)
    for now, over in ((UNTIL - timedelta(microseconds=1), False), (UNTIL, True)):
        live, ended = ([], [edge]) if over else ([edge], [])
        # What the tables find is looked at once more before it is shown (matters.py): here each is asked.
        assert list(await lists.page(sanne, Listing.GIVEN, ALL, now)) == live
        assert list(await lists.page(pieter, Listing.RECEIVED, ALL, now)) == live
        assert await on(house, SANNE, Listing.GIVEN, now) == live
        assert await on(house, SANNE, Listing.ENDED, now) == ended
        assert list(await lists.live_between(sanne, pieter, 2, now)) == live


async def test_both_sides_are_reminded_once_before_the_end(database: Database) -> None:
    house = await people(database)
    edge = await given(house)
    reminding = Reminding(
        units=database.units(), reminders=ReminderTable(database), telling=house.voluntary.telling
    )
    at = remind_at(edge)
    assert at == UNTIL - timedelta(days=30)
    await reminding.round(at - timedelta(microseconds=1))
    assert not [what for what, _ in await house.notices() if what == "mandate-ends-notice"]
    await reminding.round(at)
    await reminding.round(at)
    told = [who for what, who in await house.notices() if what == "mandate-ends-notice"]
    assert sorted(told) == sorted([house.ids[SANNE], house.ids[PIETER]])


async def test_under_curatele_nobody_gives_or_takes_of_themselves(database: Database) -> None:
    house = await people(database)
    lost = replace(NOTHING_TOLD, capacities={house.ids[SANNE]: Capacity(incapable_since=NOW - DAY)})
    house.courts.told[house.ids[SANNE]] = lost
    with pytest.raises(NotEntitled) as refused:
        await offered(house)
    assert why(refused) == "overruled"
    asked = await house.voluntary.request(
        house.actor(PIETER), await house.find(PIETER, SANNE), proposal(), NOW
    )
    with pytest.raises(NotEntitled):
        await house.voluntary.agree(house.actor(SANNE), asked.id, asked.version, NOW)
    with pytest.raises(NotEntitled) as refused:
        await house.voluntary.request(house.actor(SANNE), await house.find(SANNE, NOOR), proposal(), NOW)
    assert why(refused) == "not-capable"
    declined = await house.voluntary.end(house.actor(SANNE), asked.id, asked.version, NOW)
    assert declined.state is State.DECLINED


async def test_without_its_register_nothing_begins(database: Database) -> None:
    house = await people(database)
    found = await house.find(SANNE, PIETER)
    house.register.away = True
    with pytest.raises(Unavailable):
        await house.voluntary.offer(house.actor(SANNE), found, proposal(), NOW)


async def test_the_file_with_ones_own_data_has_every_mandate_and_nobody_else(database: Database) -> None:
    house = await people(database)
    edge = await given(house)
    asked = await house.voluntary.request(house.actor(SANNE), await house.find(SANNE, NOOR), proposal(), NOW)
    account = kept_account(person=PersonId(house.ids[SANNE]))
    part = await MandateData(lists=house.voluntary.lists).part(account, NOW)
    assert {(row["mandate"], row["side"], row["state"]) for row in part.rows} == {
        (str(edge.id), "principal", "active"),
        (str(asked.id), "agent", "requested"),
    }
    assert str(house.ids[PIETER]) not in str(part.rows)


async def test_beside_the_principal_only_who_the_register_names_now_consents(database: Database) -> None:
    house = await people(database)
    sanne, pieter, noor = (house.ids[each] for each in (SANNE, PIETER, NOOR))
    first = await offered(house)
    edge = replace(
        first,
        id=EdgeId(UUID(int=7)),
        state=State.AWAITING_COSIGN,
        terms=replace(first.terms, scopes=(Scope.of_service(CARE.id),)),
        co_principals=frozenset({noor}),
    )
    async with database.begin() as unit:
        assert await house.voluntary.mandates.edges.add(unit, edge)
    assert await on(house, NOOR, Listing.TO_ANSWER) == [edge]
    assert edge in await on(house, SANNE, Listing.WAITING)
    with pytest.raises(NotEntitled):
        await house.voluntary.agree(house.actor(NOOR), edge.id, edge.version, NOW)
    named = law(principal=sanne, agent=noor, overrules=False, powers=frozenset())
    house.courts.told[sanne] = replace(NOTHING_TOLD, links=(named,))
    for other in (SANNE, PIETER):
        with pytest.raises(NotEntitled):
            await house.voluntary.agree(house.actor(other), edge.id, edge.version, NOW)
    done = await house.voluntary.agree(house.actor(NOOR), edge.id, edge.version, NOW)
    assert (done.state, done.agreed) == (State.ACTIVE, frozenset({noor}))
    assert pieter == done.agent
    revoked = await house.voluntary.end(house.actor(NOOR), edge.id, done.version, NOW)
    assert revoked.state is State.REVOKED
