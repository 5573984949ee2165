"""L19: a mandate that is given on: only where it may be, never for more, and no longer than the first."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.mandates.builders import GROWN, NOW
from tests.mandates.giving_people import CARE, NOOR, PIETER, RETURNS, SANNE, UNTIL, People, people, proposal
from tests.means.bureau import registered
from toegang.assurance import Level
from toegang.errors import NotEntitled
from toegang.identity.numbers import Bsn
from toegang.mandates.acting import Actor
from toegang.mandates.decide import Asker, Decision, Permit, Refused
from toegang.mandates.edge import Edge, State
from toegang.mandates.finding import Found, Typed
from toegang.mandates.giving_on import GivingOn, acting_on
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.listing import Cut, Listing
from toegang.mandates.party import PartyId
from toegang.mandates.resting import fallen
from toegang.mandates.scope import EVERYTHING
from toegang.mandates.why import Why
from toegang.registers.population import BirthDate
from toegang.storage import Database

OTHERS = [Bsn.parse(each) for each in ("999990172", "999990196", "999990214")]


def found(house: People, bsn: Bsn) -> Found:
    return Found(party=house.ids[bsn], nobody=house.ids[bsn])


async def given(house: People, *, grants: bool = True, level: Level = Level.SUBSTANTIAL) -> Edge:
    """Let Sanne give Pieter a mandate, which he took."""
    wanted = replace(proposal(RETURNS), grants=grants)
    offered = await house.voluntary.offer(house.actor(SANNE, level), found(house, PIETER), wanted, NOW)
    return await house.voluntary.agree(house.actor(PIETER), offered.id, 1, NOW)


async def given_on(
    house: People, on: Edge, to: Bsn = NOOR, by: Bsn = PIETER, *, grants: bool = False, **changes: object
) -> Edge:
    wanted = replace(proposal(RETURNS), grants=grants, **changes)  # type: ignore[arg-type]
    made = await GivingOn(voluntary=house.voluntary).give(
        house.actor(by, Level.HIGH), on.id, found(house, to), wanted, NOW
    )
    return await house.voluntary.agree(house.actor(to), made.id, 1, NOW)


async def asked(house: People, who: Bsn, *, level: Level = Level.LOW, service: object = RETURNS) -> Decision:
    asker = Asker(actor=house.ids[who], authenticated=Level.HIGH, service=service, requested=level)  # type: ignore[arg-type]
    return await house.voluntary.mandates.decide(asker, house.ids[SANNE], NOW, NOTHING_TOLD)


def why(refused: pytest.ExceptionInfo[NotEntitled]) -> str:
    return refused.value.why


async def test_what_may_not_be_given_on_is_not_nor_by_another_nor_after_its_end(database: Database) -> None:
    house = await people(database)
    closed, held = await given(house, grants=False), await given(house)
    on = GivingOn(voluntary=house.voluntary)
    with pytest.raises(NotEntitled) as refused:
        await on.held(house.actor(PIETER), closed.id, NOW)
    assert why(refused) == Why.NOT_YOURS
    for bsn in (SANNE, NOOR):
        with pytest.raises(NotEntitled) as refused:
            await on.held(house.actor(bsn), held.id, NOW)
        assert why(refused) == Why.NOT_YOURS
    with pytest.raises(NotEntitled) as refused:
        await on.held(house.actor(PIETER), held.id, UNTIL)
    assert why(refused) == Why.NOT_NOW
    await house.voluntary.end(house.actor(SANNE), held.id, 2, NOW)
    with pytest.raises(NotEntitled):
        await given_on(house, held)


async def test_more_is_not_given_on_than_one_has(database: Database) -> None:
    house = await people(database)
    held = await given(house)
    for changes in (
        {"scopes": proposal(CARE).scopes},
        {"scopes": proposal(RETURNS, CARE).scopes},
        {"until": UNTIL + timedelta(seconds=1)},
    ):
        with pytest.raises(NotEntitled) as refused:
            await given_on(house, held, **changes)
        assert why(refused) == Why.WIDER


async def test_no_level_is_gained_by_giving_on(database: Database) -> None:
    house = await people(database)
    edge = await given_on(house, await given(house, level=Level.LOW))
    assert edge.terms.worth is Level.LOW
    assert isinstance(await asked(house, NOOR), Permit)
    assert isinstance(await asked(house, NOOR, level=Level.SUBSTANTIAL), Refused)


async def test_nobody_gives_it_on_to_themselves_nor_learns_whose_number_the_first_giver_has(
    database: Database,
) -> None:
    house = await people(database)
    held, on = await given(house), GivingOn(voluntary=house.voluntary)
    with pytest.raises(NotEntitled) as refused:
        await on.by_number(house.actor(PIETER), held, Typed(bsn=PIETER, born=GROWN), NOW)
    assert why(refused) == Why.SELF_APPROVAL
    typed = await on.by_number(house.actor(PIETER), held, Typed(bsn=SANNE, born=GROWN), NOW)
    assert typed.party == typed.nobody
    made = await on.give(house.actor(PIETER), held.id, typed, proposal(RETURNS), NOW)
    assert made.state is State.OFFERED
    assert await house.voluntary.hint(made, NOW) == SANNE.digits[-3:]
    code = await house.voluntary.finding.show_code(house.ids[SANNE], NOW)
    with pytest.raises(NotEntitled) as refused:
        await on.by_code(house.actor(PIETER), held, code, NOW)
    assert why(refused) == Why.SELF_APPROVAL


async def test_it_falls_when_the_first_falls_and_nothing_is_written_for_it(database: Database) -> None:
    house = await people(database)
    held = await given(house)
    edge = await given_on(house, held)
    assert isinstance(await asked(house, NOOR), Permit)
    await house.voluntary.end(house.actor(PIETER), held.id, 2, NOW)
    assert isinstance(await asked(house, NOOR), Refused)
    kept = await house.voluntary.mandates.edges.find(edge.id)
    assert kept is not None
    assert kept.version == edge.version


async def test_who_gave_the_first_sees_by_whom_it_was_given_on_and_ends_it(database: Database) -> None:
    house = await people(database)
    edge = await given_on(house, await given(house))
    [shown] = [each for each in await on_list(house, SANNE, Listing.GIVEN) if each.id == edge.id]
    assert shown.under is not None
    assert shown.under.by == house.ids[PIETER]
    assert ("mandate-given-notice", house.ids[SANNE]) in await house.notices()
    await house.voluntary.end(house.actor(SANNE), edge.id, edge.version, NOW)
    assert isinstance(await asked(house, NOOR), Refused)
    assert isinstance(await asked(house, PIETER), Permit)


async def test_who_gave_it_on_sees_and_ends_it_while_their_own_lasts_and_no_other_does(
    database: Database,
) -> None:
    house = await people(database)
    held = await given(house)
    edge = await given_on(house, held)
    assert [each.id for each in await on_list(house, PIETER, Listing.GIVEN_ON)] == [edge.id]
    me = acting_on(edge, house.actor(PIETER))
    assert me == Actor(party=house.ids[SANNE], level=Level.SUBSTANTIAL, by=house.ids[PIETER])
    other = await stranger(house)
    with pytest.raises(NotEntitled):
        await house.voluntary.own(Actor(party=other, level=Level.HIGH), edge.id, NOW)
    with pytest.raises(NotEntitled):
        await house.voluntary.end(
            Actor(party=house.ids[SANNE], level=Level.HIGH, by=other), edge.id, edge.version, NOW
        )
    ended = await house.voluntary.end(me, edge.id, edge.version, NOW)
    assert ended.state is State.REVOKED
    assert await on_list(house, PIETER, Listing.GIVEN_ON) == []
    assert [each.id for each in await on_list(house, PIETER, Listing.ENDED)] == [edge.id]


async def test_what_its_principal_makes_longer_is_theirs_and_of_nobody_who_gave_it_on(
    database: Database,
) -> None:
    house = await people(database)
    edge = await given_on(house, await given(house))
    longer = await house.voluntary.extend(
        house.actor(SANNE), edge.id, edge.version, UNTIL + timedelta(days=5), NOW
    )
    assert longer.under is None
    assert await on_list(house, PIETER, Listing.GIVEN_ON) == []
    with pytest.raises(NotEntitled):
        await house.voluntary.own(house.actor(PIETER), edge.id, NOW)


async def test_it_is_given_on_three_times_at_most(database: Database) -> None:
    house = await people(database)
    for bsn in OTHERS:
        house.register.people[bsn] = registered(bsn, birth_date=GROWN)
        house.ids[bsn] = await stranger(house, bsn)
    edge, by = await given(house), PIETER
    for to in (NOOR, *OTHERS[:2]):
        edge = await given_on(house, edge, to, by, grants=True)
        by = to
    assert isinstance(await asked(house, by), Permit)
    with pytest.raises(NotEntitled) as refused:
        await given_on(house, edge, OTHERS[2], by)
    assert why(refused) == Why.CHAIN_TOO_LONG


async def on_list(house: People, bsn: Bsn, listing: Listing) -> list[Edge]:
    return list((await house.voluntary.page(house.actor(bsn), listing, Cut(size=20), NOW)).edges)


async def stranger(house: People, bsn: Bsn = OTHERS[0]) -> PartyId:
    party = (await house.voluntary.finding.numbers.meet([bsn], NOW))[bsn]
    await house.voluntary.finding.know(party, registered(bsn, birth_date=GROWN), NOW)
    return party


@pytest.mark.parametrize("born", [GROWN, BirthDate.parse("1970-01-02")])
async def test_who_gives_it_on_learns_of_no_number_that_who_gave_the_first_typed_it(
    database: Database, born: BirthDate
) -> None:
    house = await people(database)
    held, on = await given(house), GivingOn(voluntary=house.voluntary)
    await house.voluntary.offer(house.actor(SANNE), await house.find(SANNE, NOOR), proposal(RETURNS), NOW)
    for expected in (State.OFFERED, None):
        typed = await on.by_number(house.actor(PIETER), held, Typed(bsn=NOOR, born=born), NOW)
        if expected is None:
            with pytest.raises(NotEntitled) as refused:
                await on.give(house.actor(PIETER), held.id, typed, proposal(RETURNS), NOW)
            assert why(refused) == Why.PENDING_ALREADY
        else:
            made = await on.give(house.actor(PIETER), held.id, typed, proposal(RETURNS), NOW)
            assert made.state is expected
            assert await house.voluntary.hint(made, NOW) == NOOR.digits[-3:]


async def test_who_asks_in_the_name_of_another_by_their_mandate_gave_nothing_on(database: Database) -> None:
    house = await people(database)
    all_ = replace(proposal(RETURNS), scopes=(EVERYTHING,), grants=True)
    offered = await house.voluntary.offer(house.actor(SANNE), found(house, PIETER), all_, NOW)
    await house.voluntary.agree(house.actor(PIETER), offered.id, 1, NOW)
    in_name = Actor(party=house.ids[SANNE], level=Level.SUBSTANTIAL, by=house.ids[PIETER])
    other = await house.find(SANNE, NOOR)
    edge = await house.voluntary.request(in_name, other, proposal(CARE), NOW)
    assert await on_list(house, PIETER, Listing.GIVEN_ON) == []
    with pytest.raises(NotEntitled):
        await house.voluntary.own(house.actor(PIETER), edge.id, NOW)
    assert acting_on(edge, house.actor(PIETER)) == house.actor(PIETER)
    assert await house.voluntary.own(in_name, edge.id, NOW) == edge


async def test_who_gives_on_is_shown_what_is_left_of_all_that_it_rests_on(database: Database) -> None:
    house = await people(database)
    wanted = replace(proposal(RETURNS, CARE), grants=True)
    offered = await house.voluntary.offer(house.actor(SANNE), found(house, PIETER), wanted, NOW)
    first = await house.voluntary.agree(house.actor(PIETER), offered.id, 1, NOW)
    second = await given_on(house, first, grants=True, scopes=wanted.scopes)
    sooner, sanne = NOW + timedelta(days=10), house.actor(SANNE)
    first = await house.voluntary.shorten(sanne, first.id, first.version, sooner, NOW)
    first = await house.voluntary.drop(sanne, first.id, first.version, wanted.scopes[1], NOW)
    on, noor = GivingOn(voluntary=house.voluntary), house.actor(NOOR)
    left = (await on.held(noor, second.id, NOW)).terms
    assert (left.until, left.scopes) == (sooner, wanted.scopes[:1])
    party = await stranger(house)
    other = Found(party=party, nobody=party)
    made = await on.give(noor, second.id, other, replace(proposal(RETURNS), until=left.until), NOW)
    assert made.state is State.OFFERED
    await house.voluntary.end(sanne, first.id, first.version, NOW)
    with pytest.raises(NotEntitled) as refused:
        await on.held(noor, second.id, NOW)
    assert why(refused) == Why.NOT_NOW


async def test_to_whom_a_protected_person_gave_it_on_is_not_told_that_they_end_it(database: Database) -> None:
    house = await people(database)
    edge = await given_on(house, await given(house))
    house.register.people[PIETER] = registered(PIETER, birth_date=GROWN, address_secret=True)
    before = sorted(await house.notices())
    await house.voluntary.end(acting_on(edge, house.actor(PIETER)), edge.id, edge.version, NOW)
    assert sorted(await house.notices()) == before


async def test_what_was_given_on_is_told_to_have_fallen_with_the_first_however_deep(
    database: Database,
) -> None:
    house = await people(database)
    house.register.people[OTHERS[0]] = registered(OTHERS[0], birth_date=GROWN)
    house.ids[OTHERS[0]] = await stranger(house)
    first = await given(house)
    second = await given_on(house, first, grants=True)
    third = await given_on(house, second, OTHERS[0], by=NOOR)
    edges, all_ = house.voluntary.mandates.edges, (first, second, third)
    assert await fallen(all_, edges, NOW) == frozenset()
    assert await fallen(all_, edges, UNTIL) == {second.id, third.id}
    await house.voluntary.end(house.actor(SANNE), first.id, first.version, NOW)
    assert await fallen(all_, edges, NOW) == {second.id, third.id}
