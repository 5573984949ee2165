"""L19: giving in another's name: without authority, no longer, to oneself, alone where two decide."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.mandates import builders as b
from tests.mandates.builders import NOW
from tests.mandates.giving_people import CARE, NOOR, PIETER, RETURNS, SANNE, UNTIL, People, people
from tests.mandates.legal.facts import organisation
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind, Power
from toegang.errors import NotEntitled, PersonNotFound, TooManyTries
from toegang.identity.numbers import KvkNumber
from toegang.mandates.bounds import FINDING, NUMBERS
from toegang.mandates.edge import Edge, State, Substitution
from toegang.mandates.everything import Everything
from toegang.mandates.finding import Found
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.legal.authority import Basis
from toegang.mandates.link import Link
from toegang.mandates.listing import Cut, Listing
from toegang.mandates.numbers import Number
from toegang.mandates.party import PartyId
from toegang.mandates.scope import Scope, ScopeKind
from toegang.mandates.standing_in import StandingIn
from toegang.mandates.voluntary import Actor, Proposal
from toegang.post.person_notices import KIND
from toegang.registers.organisations import Standing as Registered
from toegang.storage import Database

KOMPAS, ANCHOR, UNKNOWN = (KvkNumber.parse(each) for each in ("90000101", "90000202", "90000303"))
EVERYTHING = frozenset(Power)


def director(firm: PartyId, person: PartyId, needed: int = 1) -> Link:
    basis = Basis.DIRECTOR_SOLE if needed == 1 else Basis.DIRECTOR_JOINT
    return b.law(
        principal=firm,
        agent=person,
        kind=EdgeKind.STATUTORY,
        basis=basis.value,
        powers=EVERYTHING,
        needed=needed,
        overrules=False,
    )


async def firm(house: People, kvk: KvkNumber = KOMPAS, *directors: Link) -> PartyId:
    """Have an organisation in the trade register, with whoever directs it."""
    house.firms.told[kvk] = organisation(kvk)
    [party] = (await house.voluntary.finding.numbers.meet([kvk], NOW)).values()
    async with house.database.begin() as unit:
        await house.voluntary.mandates.parties.put(unit, b.firm(party))
    house.courts.told[party] = replace(NOTHING_TOLD, links=directors)
    return party


async def directed(house: People, *by: PartyId, needed: int = 1, kvk: KvkNumber = KOMPAS) -> PartyId:
    party = await firm(house, kvk)
    house.courts.told[party] = replace(
        NOTHING_TOLD, links=tuple(director(party, each, needed) for each in by)
    )
    return party


def standing_in(house: People) -> StandingIn:
    do = house.voluntary
    return StandingIn(
        mandates=do.mandates,
        gathering=house.courts,
        numbers=do.finding.numbers,
        bounds=do.finding.bounds,
    )


def for_(principal: PartyId, by: PartyId, level: Level = Level.SUBSTANTIAL) -> Actor:
    return Actor(party=principal, level=level, by=by)


def hire(kind: EdgeKind = EdgeKind.EMPLOYEE, *, firm_acts: bool = False) -> Proposal:
    return Proposal(
        scopes=(Scope.of_service(RETURNS.id),),
        from_=NOW,
        until=UNTIL,
        read="read",
        kind=kind,
        to_organisation=firm_acts,
    )


async def offered(house: People, actor: Actor, to: PartyId, wanted: Proposal | None = None) -> Edge:
    return await house.voluntary.offer(actor, Found(party=to, nobody=to), wanted or hire(), NOW)


async def test_who_directs_nothing_sees_and_gives_nothing_in_its_name(database: Database) -> None:
    house = await people(database)
    kompas = await directed(house, house.ids[SANNE])
    pieter = house.ids[PIETER]
    with pytest.raises(NotEntitled):
        await standing_in(house).check(pieter, kompas, NOW)
    assert await standing_in(house).all(pieter, NOW) == []
    with pytest.raises(NotEntitled) as refused:
        await offered(house, for_(kompas, pieter), house.ids[NOOR])
    assert refused.value.why == "not-yours"


async def test_who_is_no_longer_director_ends_gives_and_sees_nothing_and_what_stands_stays(
    database: Database,
) -> None:
    house = await people(database)
    sanne, pieter = house.ids[SANNE], house.ids[PIETER]
    kompas = await directed(house, sanne)
    do, actor = house.voluntary, for_(kompas, sanne)
    edge = await offered(house, actor, pieter)
    held = await do.agree(house.actor(PIETER), edge.id, 1, NOW)
    house.courts.told[kompas] = NOTHING_TOLD
    with pytest.raises(NotEntitled):
        await standing_in(house).check(sanne, kompas, NOW)
    for act in (
        do.end(actor, edge.id, held.version, NOW),
        do.shorten(actor, edge.id, held.version, UNTIL - timedelta(days=9), NOW),
        do.extend(actor, edge.id, held.version, UNTIL + timedelta(days=9), NOW),
        offered(house, actor, house.ids[NOOR]),
    ):
        with pytest.raises(NotEntitled) as refused:
            await act
        assert refused.value.why == "not-yours"
    kept = await do.mandates.edges.find(edge.id)
    assert kept is not None
    assert kept.state is State.ACTIVE


@pytest.mark.requires("MANDATES-P3")
async def test_who_may_give_on_one_service_ends_nothing_that_is_for_another(database: Database) -> None:
    house = await people(database)
    sanne, noor, pieter = (house.ids[each] for each in (SANNE, NOOR, PIETER))
    helps = b.edge(
        principal=sanne, agent=noor, terms=b.terms(scopes=(Scope.of_service(CARE.id),), grants=True)
    )
    async with house.database.begin() as unit:
        assert await house.voluntary.mandates.edges.add(unit, helps)
    do, actor = house.voluntary, for_(sanne, noor)
    with pytest.raises(NotEntitled):  # nor is shown what is for others
        await standing_in(house).check(noor, sanne, NOW)
    taxes = await offered(house, house.actor(SANNE), pieter, hire(EdgeKind.VOLUNTARY))
    with pytest.raises(NotEntitled) as refused:
        await do.end(actor, taxes.id, taxes.version, NOW)
    assert refused.value.why == "not-yours"
    both = (Scope.of_service(RETURNS.id), Scope.of_service(CARE.id))
    held = await offered(house, house.actor(SANNE), pieter, replace(hire(EdgeKind.VOLUNTARY), scopes=both))
    held = await do.agree(house.actor(PIETER), held.id, 1, NOW)
    with pytest.raises(NotEntitled) as refused:
        await do.drop(actor, held.id, held.version, both[0], NOW)
    assert refused.value.why == "not-yours"
    wanted = replace(hire(EdgeKind.VOLUNTARY), scopes=(Scope.of_service(CARE.id),))
    care = await offered(house, house.actor(SANNE), pieter, wanted)
    care = await do.agree(house.actor(PIETER), care.id, 1, NOW)
    await house.taken(KIND, NOW)
    assert (await do.end(actor, care.id, care.version, NOW)).state is State.REVOKED
    # In whose name it was done hears of it, as the other side does.
    assert set(await house.notices()) == {("mandate-ended-notice", sanne), ("mandate-ended-notice", pieter)}


async def test_who_may_give_on_everything_stands_in(database: Database) -> None:
    house = await people(database)
    sanne, noor = house.ids[SANNE], house.ids[NOOR]
    whole = b.edge(principal=sanne, agent=noor, terms=b.terms(scopes=(Scope(ScopeKind.ALL),), grants=True))
    async with house.database.begin() as unit:
        assert await house.voluntary.mandates.edges.add(unit, whole)
    assert (await standing_in(house).check(noor, sanne, NOW)).principal == sanne
    assert [(each.principal, each.basis) for each in await standing_in(house).all(noor, NOW)] == [
        (sanne, "voluntary")
    ]


async def test_nobody_gives_to_themselves_or_to_a_firm_of_their_own_in_anothers_name(
    database: Database,
) -> None:
    house = await people(database)
    sanne = house.ids[SANNE]
    kompas = await directed(house, sanne)
    anchor = await directed(house, sanne, kvk=ANCHOR)
    for to, wanted in ((sanne, hire()), (anchor, hire(EdgeKind.INTERMEDIARY, firm_acts=True))):
        with pytest.raises(NotEntitled) as refused:
            await offered(house, for_(kompas, sanne), to, wanted)
        assert refused.value.why == "self-approval"


async def test_a_letter_is_for_ones_own_name_alone(database: Database) -> None:
    house = await people(database)
    kompas = await directed(house, house.ids[SANNE])
    actor = for_(kompas, house.ids[SANNE])
    other = Found(party=house.ids[PIETER], nobody=house.ids[PIETER])
    edge = await house.voluntary.request(actor, other, hire(EdgeKind.VOLUNTARY), NOW)
    for act in (
        house.voluntary.send_letter(actor, edge.id, 1, NOW),
        house.voluntary.activate(actor, edge.id, 1, "AAAA-BBBB-CCCC", NOW),
    ):
        with pytest.raises(NotEntitled) as refused:
            await act
        assert refused.value.why == "not-now"
    assert await house.letters() == []


async def test_guessing_numbers_of_others_is_bounded_and_tells_nothing(database: Database) -> None:
    house = await people(database)
    await directed(house, house.ids[PIETER])
    sanne, find = house.ids[SANNE], standing_in(house)
    whys = set()
    tried: tuple[Number, ...] = (KOMPAS, UNKNOWN, PIETER, *[UNKNOWN] * (NUMBERS.most - 3))
    for number in tried:
        with pytest.raises(NotEntitled) as refused:
            await find.by_number(sanne, number, NOW)
        whys.add((refused.value.why, str(refused.value)))
    assert len(whys) == 1
    assert len(house.courts.asked) == len(tried)
    with pytest.raises(TooManyTries):
        await find.by_number(sanne, KOMPAS, NOW)


async def test_an_organisation_is_found_by_its_number_so_often_and_only_if_it_is_there(
    database: Database,
) -> None:
    house = await people(database)
    finding, sanne = house.voluntary.finding, house.ids[SANNE]
    kompas = await firm(house)
    assert (await finding.by_kvk(sanne, KOMPAS, NOW)).party == kompas
    with pytest.raises(NotEntitled):
        await finding.by_kvk(kompas, KOMPAS, NOW)
    for _ in range(FINDING.most - 1):
        with pytest.raises(PersonNotFound):
            await finding.by_kvk(sanne, UNKNOWN, NOW)
    with pytest.raises(TooManyTries):
        await finding.by_kvk(sanne, KOMPAS, NOW)


async def test_an_organisation_that_is_dissolved_gets_nothing(database: Database) -> None:
    house = await people(database)
    await firm(house)
    house.firms.told[KOMPAS] = organisation(KOMPAS, standing=Registered.DISSOLVED)
    found = await house.voluntary.finding.by_kvk(house.ids[SANNE], KOMPAS, NOW)
    with pytest.raises(NotEntitled) as refused:
        await house.voluntary.offer(house.actor(SANNE), found, hire(EdgeKind.VOLUNTARY, firm_acts=True), NOW)
    assert refused.value.why == "party-unknown"


async def test_a_firm_of_a_person_lets_its_employees_act_and_accepts_by_its_director(
    database: Database,
) -> None:
    house = await people(database)
    noor = house.ids[NOOR]
    kompas = await directed(house, noor)
    found = await house.voluntary.finding.by_kvk(house.ids[SANNE], KOMPAS, NOW)
    wanted = hire(EdgeKind.VOLUNTARY, firm_acts=True)
    edge = await house.voluntary.offer(house.actor(SANNE), found, wanted, NOW)
    assert edge.terms.substitution is Substitution.EMPLOYEES
    with pytest.raises(NotEntitled):
        await house.voluntary.agree(for_(kompas, house.ids[PIETER]), edge.id, 1, NOW)
    assert (await house.voluntary.agree(for_(kompas, noor), edge.id, 1, NOW)).state is State.ACTIVE
    listed = (await house.voluntary.page(for_(kompas, noor), Listing.RECEIVED, Cut(), NOW)).edges
    assert [each.id for each in listed] == [edge.id]


@pytest.mark.requires("MANDATES-P11")
async def test_of_two_directors_one_gives_nothing_before_the_other_agrees(database: Database) -> None:
    house = await people(database)
    sanne, noor, pieter = house.ids[SANNE], house.ids[NOOR], house.ids[PIETER]
    kompas = await directed(house, sanne, noor, needed=2)
    do = house.voluntary
    edge = await offered(house, for_(kompas, sanne), pieter)
    assert edge.co_principals == {noor}
    waits = await do.agree(house.actor(PIETER), edge.id, 1, NOW)
    assert waits.state is State.AWAITING_COSIGN
    for actor in (for_(kompas, sanne), house.actor(PIETER), for_(kompas, noor)):
        with pytest.raises(NotEntitled):
            await do.agree(actor, edge.id, waits.version, NOW)
    [answers] = (await do.page(house.actor(NOOR), Listing.TO_ANSWER, Cut(), NOW)).edges
    assert answers.id == edge.id
    done = await do.agree(house.actor(NOOR), edge.id, waits.version, NOW)
    assert done.state is State.ACTIVE
    workers = (await do.page(for_(kompas, sanne), Listing.WORKERS, Cut(), NOW)).edges
    assert [each.id for each in workers] == [edge.id]


@pytest.mark.requires("MANDATES-P11")
async def test_a_second_signature_of_who_is_no_director_any_more_is_none(database: Database) -> None:
    house = await people(database)
    sanne, noor, pieter = house.ids[SANNE], house.ids[NOOR], house.ids[PIETER]
    kompas = await directed(house, sanne, noor, needed=2)
    edge = await offered(house, for_(kompas, sanne), pieter)
    waits = await house.voluntary.agree(house.actor(PIETER), edge.id, 1, NOW)
    house.courts.told[kompas] = replace(NOTHING_TOLD, links=(director(kompas, sanne, 2),))
    with pytest.raises(NotEntitled) as refused:
        await house.voluntary.agree(house.actor(NOOR), edge.id, waits.version, NOW)
    assert refused.value.why == "not-yours"


@pytest.mark.requires("MANDATES-P11")
async def test_nobody_signs_for_the_other_director_by_what_they_hold_of_them_as_a_person(
    database: Database,
) -> None:
    house = await people(database)
    sanne, noor, pieter = house.ids[SANNE], house.ids[NOOR], house.ids[PIETER]
    kompas = await directed(house, sanne, noor, needed=2)
    edge = await offered(house, for_(kompas, sanne), pieter)
    waits = await house.voluntary.agree(house.actor(PIETER), edge.id, 1, NOW)
    mentor = b.law(principal=noor, agent=sanne, powers=EVERYTHING, overrules=False)
    house.courts.told[noor] = replace(NOTHING_TOLD, links=(mentor,))
    with pytest.raises(NotEntitled) as refused:
        await house.voluntary.agree(for_(noor, sanne), edge.id, waits.version, NOW)
    assert refused.value.why == "not-yours"
    assert (await house.voluntary.agree(house.actor(NOOR), edge.id, waits.version, NOW)).state is State.ACTIVE


@pytest.mark.requires("MANDATES-P11")
async def test_a_director_that_is_a_firm_signs_by_who_directs_it(database: Database) -> None:
    house = await people(database)
    sanne, noor = house.ids[SANNE], house.ids[NOOR]
    holding = await directed(house, noor, kvk=ANCHOR)
    kompas = await directed(house, sanne, holding, needed=2)
    edge = await offered(house, for_(kompas, sanne), house.ids[PIETER])
    waits = await house.voluntary.agree(house.actor(PIETER), edge.id, 1, NOW)
    done = await house.voluntary.agree(for_(holding, noor), edge.id, waits.version, NOW)
    assert done.state is State.ACTIVE


@pytest.mark.requires("MANDATES-P11")
async def test_the_last_of_two_directors_signs_nothing_once_the_first_left_or_their_own_time_is_over(
    database: Database,
) -> None:
    house = await people(database)
    sanne, noor, pieter = house.ids[SANNE], house.ids[NOOR], house.ids[PIETER]
    kompas = await directed(house, sanne, noor, needed=2)
    edge = await offered(house, for_(kompas, sanne), pieter)
    waits = await house.voluntary.agree(house.actor(PIETER), edge.id, 1, NOW)
    left = replace(director(kompas, noor, 2), until=NOW)
    for links in ((director(kompas, noor, 2),), (director(kompas, sanne, 2), left)):
        house.courts.told[kompas] = replace(NOTHING_TOLD, links=links)
        with pytest.raises(NotEntitled) as refused:
            await house.voluntary.agree(house.actor(NOOR), edge.id, waits.version, NOW)
        assert refused.value.why == "not-yours"
    house.courts.told[kompas] = replace(NOTHING_TOLD, links=(director(kompas, noor),))
    assert (await house.voluntary.agree(house.actor(NOOR), edge.id, waits.version, NOW)).state is State.ACTIVE


@pytest.mark.requires("MANDATES-P11")
async def test_where_nobody_else_is_named_who_must_sign_too_nothing_is_given(database: Database) -> None:
    house = await people(database)
    kompas = await directed(house, house.ids[SANNE], needed=2)
    with pytest.raises(NotEntitled) as refused:
        await offered(house, for_(kompas, house.ids[SANNE]), house.ids[PIETER])
    assert refused.value.why == "not-yours"


async def test_what_ended_leaves_the_lists_of_an_organisation_for_its_history(database: Database) -> None:
    house = await people(database)
    sanne = house.ids[SANNE]
    kompas = await directed(house, sanne)
    do, actor = house.voluntary, for_(kompas, sanne)
    edge = await offered(house, actor, house.ids[PIETER])
    held = await do.agree(house.actor(PIETER), edge.id, 1, NOW)
    await do.end(actor, edge.id, held.version, NOW)
    assert (await do.page(actor, Listing.WORKERS, Cut(), NOW)).edges == ()
    assert [each.id for each in (await do.page(actor, Listing.ENDED, Cut(), NOW)).edges] == [edge.id]


async def test_a_client_is_on_one_list_of_their_firm_once_it_agreed_and_on_none_when_it_is_over(
    database: Database,
) -> None:
    house = await people(database)
    sanne, noor = house.ids[SANNE], house.ids[NOOR]
    kompas, anchor = await directed(house, sanne), await directed(house, noor, kvk=ANCHOR)
    do, firm_ = house.voluntary, for_(anchor, noor)
    wanted = hire(EdgeKind.INTERMEDIARY, firm_acts=True)
    edge = await offered(house, for_(kompas, sanne), anchor, wanted)
    assert [each.id for each in (await do.page(firm_, Listing.TO_ANSWER, Cut(), NOW)).edges] == [edge.id]
    await do.agree(firm_, edge.id, 1, NOW)
    for listing in Listing:
        held = (await do.page(firm_, listing, Cut(), NOW)).edges
        assert [each.id for each in held] == ([edge.id] if listing is Listing.RECEIVED else [])
    given = (await do.page(for_(kompas, sanne), Listing.GIVEN, Cut(), NOW)).edges
    assert [each.id for each in given] == [edge.id]
    assert (await Everything(voluntary=do).begin(for_(kompas, sanne), anchor, NOW)).done == 1
    assert (await do.page(for_(kompas, sanne), Listing.GIVEN, Cut(), NOW)).edges == ()
    assert (await do.page(firm_, Listing.RECEIVED, Cut(), NOW)).edges == ()
