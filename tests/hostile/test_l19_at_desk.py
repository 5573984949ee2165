"""L19: mandates given at a desk: a clerk alone, an officer who stands not apart, another text, too much."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.mandates.at_desk import (
    AT_DESK,
    CLERK,
    LAST_DAY,
    ONLY_HOME,
    READ,
    SECOND,
    TownDesk,
    town_desk,
    who,
)
from tests.mandates.builders import GROWN, NOW, law, rules, service, told
from tests.mandates.giving_people import NOBODY, NOOR, PIETER, SANNE, proposal
from tests.means.bureau import registered
from toegang.assurance import Level
from toegang.errors import NotEntitled, OneTimeGone, StepOutOfOrder, TooManyTries, ValueRefused
from toegang.identity.holds import Hold, HoldReason
from toegang.identity.numbers import Bsn
from toegang.identity.people import PersonId
from toegang.mandates.bounds import FINDING, OFFERING
from toegang.mandates.desk.visits import NEXT, Stage, Step, Visit
from toegang.mandates.edge import Edge, State
from toegang.mandates.finding import Found
from toegang.mandates.legal.court import Capacity
from toegang.mandates.scope import Scope
from toegang.registers.population import BirthDate
from toegang.storage import Database

YOUNG, OTHER_DAY = BirthDate.parse("2012-01-01"), BirthDate.parse("1970-01-02")
CURATELE = Capacity(incapable_since=NOW)
HERE = Scope.of_service(AT_DESK.id).key


async def nothing_given(town: TownDesk) -> bool:
    pairs = [(SANNE, PIETER), (SANNE, NOOR)]
    edges = town.house.voluntary.mandates.edges
    found = [await edges.between(town.ids[one], town.ids[other]) for one, other in pairs]
    return not any(found)


async def test_nobody_agrees_with_their_own_visit(database: Database) -> None:
    town = await town_desk(database)
    name = await town.noted()
    same_person = replace(town.officer(), name="another-name")
    same_name = replace(town.second, name=town.officer().name)
    for officer in (town.officer(), same_person, same_name):
        for act in (town.desk.look(officer, name, NOW), town.desk.give(officer, name, READ, NOW)):
            with pytest.raises(NotEntitled) as refused:
                await act
            assert refused.value.why == "desk-not-yourself"
        with pytest.raises(NotEntitled):
            await town.desk.refuse(officer, name, NOW)
    assert await nothing_given(town)


async def test_a_visit_of_another_organisation_is_not_there(database: Database) -> None:
    town = await town_desk(database)
    name, draft = await town.noted(), await town.begun()
    other = replace(town.second, organisation="clinic")
    same = replace(town.officer(), organisation="clinic")
    for act in (
        town.desk.look(other, name, NOW),
        town.desk.give(other, name, READ, NOW),
        town.desk.refuse(other, name, NOW),
        town.desk.choose(same, draft, NOW, (HERE,), LAST_DAY),
        town.desk.own(town.second, draft, NOW),
    ):
        with pytest.raises(OneTimeGone):
            await act
    assert not await town.desk.waits("clinic", name, NOW)
    assert await nothing_given(town)


@pytest.mark.parametrize("party", [SANNE, PIETER])
async def test_neither_officer_is_a_party(database: Database, party: Bsn) -> None:
    town = await town_desk(database)
    with pytest.raises(NotEntitled) as refused:
        await town.begun(officer=town.officer(party))
    assert refused.value.why == "desk-not-apart"
    name = await town.noted()
    with pytest.raises(NotEntitled) as refused:
        await town.desk.give(town.officer(party), name, READ, NOW)
    assert refused.value.why == "desk-not-apart"
    assert await nothing_given(town)


@pytest.mark.parametrize("party", [SANNE, PIETER])
async def test_an_officer_who_has_a_mandate_of_one_of_the_two_does_not_agree(
    database: Database, party: Bsn
) -> None:
    town = await town_desk(database)
    name = await town.noted()
    second, voluntary = town.ids[SECOND], town.house.voluntary
    other = Found(party=second, nobody=second)
    offered = await voluntary.offer(town.house.actor(party), other, proposal(ONLY_HOME), NOW)
    for state in (State.OFFERED, State.ACTIVE):
        kept = await voluntary.mandates.edges.find(offered.id)
        assert kept is not None
        assert kept.state is state
        with pytest.raises(NotEntitled) as refused:
            await town.desk.give(town.second, name, READ, NOW)
        assert refused.value.why == "desk-not-apart"
        if state is State.OFFERED:
            officer = town.house.actor(party)
            await voluntary.agree(replace(officer, party=second), offered.id, 1, NOW)
    await voluntary.end(town.house.actor(party), offered.id, 2, NOW)
    assert (await town.desk.give(town.second, name, READ, NOW)).state is State.ACTIVE


@pytest.mark.parametrize("officer", [CLERK, SECOND])
async def test_an_officer_who_acts_by_law_for_who_gives_it_does_not_help(
    database: Database, officer: Bsn
) -> None:
    town = await town_desk(database)
    name = await town.noted()
    over = law(principal=town.ids[SANNE], agent=town.ids[officer], basis="mentorship", overrules=False)
    town.house.courts.told[town.ids[SANNE]] = told(over)
    with pytest.raises(NotEntitled) as refused:
        await town.desk.give(town.second, name, READ, NOW)
    assert refused.value.why == "desk-not-apart"
    assert await nothing_given(town)


async def test_a_clerk_who_notes_it_with_less_than_they_began_with_vouches_for_less(
    database: Database,
) -> None:
    town = await town_desk(database)
    name = await town.begun(officer=town.officer(level=Level.HIGH))
    await town.desk.choose(town.officer(), name, NOW, (HERE,), LAST_DAY)
    await town.desk.note(town.officer(level=Level.SUBSTANTIAL), name, READ, NOW)
    edge = await town.desk.give(replace(town.second, level=Level.HIGH), name, READ, NOW)
    assert edge.terms.level is Level.SUBSTANTIAL


async def test_what_is_agreed_with_is_what_was_read_out_and_it_never_changes(database: Database) -> None:
    town = await town_desk(database)
    name = await town.noted()
    for act in (
        town.desk.choose(town.officer(), name, NOW, (HERE,), LAST_DAY),
        town.desk.note(town.officer(), name, "another text", NOW),
        town.desk.own(town.officer(), name, NOW),
    ):
        with pytest.raises(OneTimeGone):
            await act
    with pytest.raises(NotEntitled) as refused:
        await town.desk.give(town.second, name, READ + " ", NOW)
    assert refused.value.why == "changed"
    assert await nothing_given(town)


async def test_of_officers_at_once_one_agrees_and_what_was_refused_or_is_too_old_is_over(
    database: Database,
) -> None:
    town = await town_desk(database)
    name, refused_one, late = await town.noted(), await town.noted(agent=NOOR), await town.noted(agent=NOOR)
    third = replace(town.second, name="name-third", party=town.ids[NOOR])
    tries = [town.desk.give(officer, name, READ, NOW) for officer in (town.second, third) * 3]
    done = await asyncio.gather(*tries, return_exceptions=True)
    assert len([each for each in done if isinstance(each, Edge)]) == 1
    assert all(isinstance(each, Edge | OneTimeGone | StepOutOfOrder | NotEntitled) for each in done)
    edges = town.house.voluntary.mandates.edges
    assert len(await edges.between(town.ids[SANNE], town.ids[PIETER])) == 1
    await town.desk.refuse(town.second, refused_one, NOW)
    for gone, at in ((refused_one, NOW), (name, NOW), (late, NOW + timedelta(hours=8))):
        with pytest.raises(OneTimeGone):
            await town.desk.give(town.second, gone, READ, at)
    assert await edges.between(town.ids[SANNE], town.ids[NOOR]) == ()


@pytest.mark.parametrize(("stage", "step"), [(a, b) for a in Stage for b in Step])
def test_every_other_step_of_a_visit_is_refused(stage: Stage, step: Step) -> None:
    visit = Visit(
        clerk="c",
        party=None,  # type: ignore[arg-type]
        level=Level.LOW,
        organisation="town",
        principal=None,  # type: ignore[arg-type]
        agent=None,  # type: ignore[arg-type]
        came=True,
        language="nl",
        document="passport",
        stage=stage,
    )
    after, to = visit.after(step), NEXT.get((stage, step))
    assert isinstance(after, StepOutOfOrder) if to is None else isinstance(after, Visit) and after.stage is to


@pytest.mark.parametrize(
    ("bsn", "born", "there"),
    [
        (NOBODY, GROWN, {}),
        (SANNE, OTHER_DAY, {}),
        (SANNE, GROWN, {"deceased_on": date(2027, 1, 1)}),
    ],
)
async def test_a_clerk_does_not_learn_what_is_not_right_of_who_would_have_come(
    database: Database, bsn: Bsn, born: BirthDate, there: dict[str, object]
) -> None:
    town = await town_desk(database)
    if there:
        town.house.register.people[bsn] = registered(bsn, birth_date=GROWN, **there)
    seen = set()
    for give, other in ((who(bsn, born), who(PIETER)), (who(NOOR), who(bsn, born))):
        with pytest.raises(ValueRefused) as refused:
            await town.desk.begin(town.officer(), give, other, "nl", NOW)
        seen.add((refused.value.field, refused.value.reason))
    assert seen == {("bsn", "desk-person-differs"), ("helper_bsn", "desk-person-differs")}


async def test_who_did_not_come_is_looked_for_without_being_told_and_not_too_often(
    database: Database,
) -> None:
    town = await town_desk(database)
    made = []
    for agent in (PIETER, NOBODY):
        name = await town.noted(came=False, agent=agent)
        both = await town.desk.both(await town.desk.look(town.second, name, NOW), NOW)
        assert both.agent is None
        edge = await town.desk.give(town.second, name, READ, NOW)
        made.append((edge.state, edge.terms, edge.source, await town.house.voluntary.hint(edge, NOW)))
    assert made[0][:3] == made[1][:3]
    assert made[0][0] is State.OFFERED
    assert made[0][3] == PIETER.digits[-3:]
    for _ in range(FINDING.most - 2):
        await town.begun(came=False, agent=NOBODY)
    with pytest.raises(TooManyTries):
        await town.begun(came=False, agent=NOBODY)


@pytest.mark.parametrize("held", [SANNE, PIETER])
@pytest.mark.parametrize("reason", [HoldReason.SUSPENDED, HoldReason.DIED, HoldReason.TWO_ACCOUNTS])
async def test_a_desk_is_no_way_around_a_hold(database: Database, held: Bsn, reason: HoldReason) -> None:
    town = await town_desk(database)
    name = await town.noted()
    async with database.begin() as unit:
        await town.desk.holds.put(unit, Hold(person=PersonId(town.ids[held]), reason=reason, since=NOW))
    with pytest.raises(OneTimeGone):
        await town.desk.give(town.second, name, READ, NOW)
    with pytest.raises(ValueRefused):
        await town.begun()
    assert await nothing_given(town)


@pytest.mark.parametrize("died", [SANNE, PIETER])
async def test_who_died_after_the_visit_was_noted_gives_and_gets_nothing(
    database: Database, died: Bsn
) -> None:
    town = await town_desk(database)
    name = await town.noted()
    town.house.register.people[died] = registered(died, birth_date=GROWN, deceased_on=date(2027, 2, 28))
    with pytest.raises(OneTimeGone):
        await town.desk.give(town.second, name, READ, NOW)
    assert await nothing_given(town)


@pytest.mark.parametrize(("whose", "why"), [(SANNE, "overruled"), (PIETER, "not-capable")])
async def test_who_is_under_curatele_gives_and_takes_nothing(
    database: Database, whose: Bsn, why: str
) -> None:
    town = await town_desk(database)
    name = await town.noted()
    lost = {town.ids[whose]: CURATELE}
    town.house.courts.told[town.ids[whose]] = told(capacities=lost)
    with pytest.raises(NotEntitled) as refused:
        await town.desk.give(town.second, name, READ, NOW)
    assert refused.value.why == why
    assert await nothing_given(town)


async def test_children_give_and_take_nothing(database: Database) -> None:
    town = await town_desk(database)
    for child in (SANNE, PIETER):
        town.house.register.people[child] = registered(child, birth_date=YOUNG)
        other = who(PIETER, YOUNG if child == PIETER else GROWN)
        giver = who(SANNE, YOUNG if child == SANNE else GROWN)
        name = await town.desk.begin(town.officer(), giver, other, "nl", NOW)
        await town.desk.choose(town.officer(), name, NOW, (HERE,), LAST_DAY)
        await town.desk.note(town.officer(), name, READ, NOW)
        with pytest.raises(NotEntitled) as refused:
            await town.desk.give(town.second, name, READ, NOW)
        assert refused.value.why == ("not-capable" if child == SANNE else "party-unknown")
        town.house.register.people[child] = registered(child, birth_date=GROWN)
        await town.house.voluntary.finding.know(town.ids[child], town.house.register.people[child], NOW)
    assert await nothing_given(town)


async def test_a_service_that_does_not_admit_desks_gets_none(database: Database) -> None:
    town = await town_desk(database)
    elsewhere = Scope.of_service(ONLY_HOME.id).key
    for scopes in ((elsewhere,), (HERE, elsewhere)):
        with pytest.raises(NotEntitled) as refused:
            await town.noted(scopes=scopes)
        assert refused.value.why == "no-desk"
    name = await town.noted()
    town.house.offered.services[:] = [service(3, rules())]
    with pytest.raises(NotEntitled) as refused:
        await town.desk.give(town.second, name, READ, NOW)
    assert refused.value.why == "no-desk"
    assert await nothing_given(town)


async def test_an_offer_of_a_desk_is_not_accepted_where_desks_are_admitted_no_more(
    database: Database,
) -> None:
    town = await town_desk(database)
    edge = await town.given(came=False)
    town.house.offered.services[:] = [service(3, rules())]
    with pytest.raises(NotEntitled) as refused:
        await town.house.voluntary.agree(town.house.actor(PIETER), edge.id, 1, NOW)
    assert refused.value.why == "no-desk"


@pytest.mark.requires("MANDATES-P1")
@pytest.mark.parametrize("least", ["grant", "accept"])
async def test_officers_who_proved_too_little_give_nothing(database: Database, least: str) -> None:
    town = await town_desk(database)
    town.house.offered.services[:] = [service(3, rules(desk=True, **{least: Level.HIGH}))]
    name = await town.noted()
    with pytest.raises(NotEntitled) as refused:
        await town.desk.give(replace(town.second, level=Level.HIGH), name, READ, NOW)
    assert refused.value.why == "level-too-low"
    assert await nothing_given(town)


@pytest.mark.requires("MANDATES-P1")
@pytest.mark.parametrize(
    ("clerk", "second", "policy", "worth"),
    [
        (Level.HIGH, Level.HIGH, Level.LOW, Level.LOW),
        (Level.HIGH, Level.SUBSTANTIAL, Level.HIGH, Level.SUBSTANTIAL),
        (Level.SUBSTANTIAL, Level.HIGH, Level.HIGH, Level.SUBSTANTIAL),
    ],
)
async def test_it_is_worth_no_more_than_either_officer_proved_and_the_service_gives(
    database: Database, clerk: Level, second: Level, policy: Level, worth: Level
) -> None:
    town = await town_desk(database)
    town.house.offered.services[:] = [service(3, rules(desk=True, desk_level=policy))]
    officer = replace(town.officer(), level=clerk)
    name = await town.begun(officer=officer)
    await town.desk.choose(officer, name, NOW, (HERE,), LAST_DAY)
    await town.desk.note(officer, name, READ, NOW)
    edge = await town.desk.give(replace(town.second, level=second), name, READ, NOW)
    assert edge.terms.worth is worth


async def test_nobody_is_worn_down_by_what_a_desk_gives(database: Database) -> None:
    town = await town_desk(database)
    for _ in range(OFFERING.most):
        edge = await town.given()
        await town.house.voluntary.end(town.house.actor(SANNE), edge.id, 1, NOW)
    name = await town.noted()
    with pytest.raises(NotEntitled) as refused:
        await town.desk.give(town.second, name, READ, NOW)
    assert refused.value.why == "too-often"
    assert await town.desk.waits("town", name, NOW), "nothing of it was done"


async def test_who_is_in_danger_gets_no_letter(database: Database) -> None:
    town = await town_desk(database)
    town.house.register.people[SANNE] = registered(SANNE, birth_date=GROWN, address_secret=True)
    assert (await town.given()).state is State.ACTIVE
    assert await town.house.letters() == []
