"""What goes over from a firm that merged: the same, once, told to both, and ended as any other."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from tests.mandates import builders as b
from tests.mandates.giving_people import CARE, PIETER, RETURNS, SANNE
from tests.mandates.merging import BY, GONE, GROUND, INTO, Merging, merging
from tests.mandates.test_register import events
from tests.mandates.test_transferring import stays
from tests.mandates.two_firms import NOW, jobs_over, recorded
from toegang.assurance import Level
from toegang.audit.events import (
    MandateBegun,
    MandateJobEnded,
    MandateJobOrdered,
    MandateMoved,
    MandateOrdered,
)
from toegang.catalogue.representation import EdgeKind
from toegang.mandates.decide import Asker, Permit
from toegang.mandates.edge import Edge, Source, State
from toegang.mandates.job import JobKind
from toegang.mandates.law import NOT_ASKED, NOTHING_TOLD, Law
from toegang.mandates.listing import Listing, listed
from toegang.mandates.scope import Scope
from toegang.mandates.why import Why
from toegang.storage import Database


@pytest.mark.requires("MANDATES-P2", "MANDATES-P16", "MANDATES-P30")
async def test_the_same_begins_for_who_came_after_and_both_sides_hear_of_it(database: Database) -> None:
    world = await merging(database)
    sanne = world.house.ids[SANNE]
    scopes = (Scope.of_service(RETURNS.id), Scope.of_service(CARE.id))
    terms = b.terms(scopes=scopes, level=Level.LOW)
    edge = await world.client(
        1, principal=sanne, initiator=world.gone, asked_by=world.house.ids[PIETER], terms=terms
    )
    job = await world.done()
    assert (job.total, job.done, job.refused, job.kind) == (2, 1, 0, JobKind.TRANSFER)
    [made] = await world.new(sanne)
    assert made.terms == replace(edge.terms, from_=NOW)
    assert (made.state, made.version, made.renews) == (State.ACTIVE, 1, edge.id)
    assert (made.initiator, made.asked_by, made.text_hash) == (world.into, None, edge.text_hash)
    assert listed(made, sanne, NOW) is Listing.GIVEN
    old = await world.at(edge)
    assert (old.state, old.version, old.less) == (State.SUPERSEDED, edge.version + 1, edge.version + 1)
    told = Counter(await world.house.notices())
    assert told["mandate-given-notice", sanne] == 1
    assert told["mandate-received-notice", world.into] == 1
    assert told["mandate-ended-notice", sanne] == 1
    read = await events(database, sanne, world.house.voluntary.mandates)
    assert {each.edge for each in read if isinstance(each, MandateMoved)} == {str(edge.id)}
    assert [each.act for each in read if isinstance(each, MandateBegun)] == ["transfer"]
    [ordered] = [each for each in read if isinstance(each, MandateOrdered)]
    assert (ordered.act, ordered.cause, ordered.decision, ordered.by) == ("transfer", "merger", GROUND, BY)


async def test_who_takes_over_acts_at_once_and_who_gave_it_ends_it(database: Database) -> None:
    world = await merging(database)
    house, sanne, pieter = world.house, world.house.ids[SANNE], world.house.ids[PIETER]
    await world.client(1, principal=sanne)
    works = b.terms(scopes=(Scope.of_service(RETURNS.id),))
    await world.client(2, principal=world.into, agent=pieter, kind=EdgeKind.EMPLOYEE, terms=works)
    await world.done()
    asker = Asker(actor=pieter, authenticated=Level.SUBSTANTIAL, requested=Level.LOW, service=RETURNS)
    mandates = house.voluntary.mandates
    assert isinstance(await mandates.decide(asker, sanne, NOW, NOTHING_TOLD), Permit)
    [made] = await world.new(sanne)
    over = await house.voluntary.end(house.actor(SANNE, Level.LOW), made.id, made.version, NOW)
    assert over.state is State.REVOKED
    assert not isinstance(await mandates.decide(asker, sanne, NOW, NOTHING_TOLD), Permit)


async def test_it_lasts_no_longer_than_is_admitted_now(database: Database) -> None:
    world = await merging(database)
    rules = b.rules(longest_days=10)
    world.house.offered.services[:] = [replace(RETURNS, representation=rules)]
    edge = await world.client(1)
    await world.done()
    [made] = await world.new(edge.principal)
    assert made.terms.until == NOW + timedelta(days=10)


async def test_what_was_given_at_a_desk_stays_worth_what_a_desk_is(database: Database) -> None:
    world = await merging(database)
    edge = await world.client(1, source=Source.ASSISTED)
    assert await stays(world, edge) == Why.NO_DESK


async def test_staff_and_teams_of_the_first_stay(database: Database) -> None:
    world = await merging(database)
    await world.client(1)
    await world.house.voluntary.mandates.know(b.firm(world.gone), now=NOW)
    staff = await world.client(2, principal=world.gone, agent=world.house.ids[PIETER], kind=EdgeKind.STAFF)
    team = await world.client(3, agent=b.party_id(99), terms=b.terms(scopes=(Scope.of_teams(UUID(int=5)),)))
    assert (await world.done()).done == 1
    assert [await world.at(each) for each in (staff, team)] == [staff, team]


async def test_a_second_order_is_the_first_and_one_after_it_does_nothing(database: Database) -> None:
    world = await merging(database)
    edges = [await world.client(each) for each in range(4)]
    first = await replace(world.jobs, stretch=2).step(await world.order())
    assert first is not None
    second = await world.order()
    assert second == first
    assert (await world.done()).done == 4
    versions = [(await world.at(edge)).version for edge in edges]
    again = await world.done()
    assert (again.id != first.id, again.done, again.refused, again.total) == (True, 0, 0, 0)
    assert [(await world.at(edge)).version for edge in edges] == versions
    assert [len(await world.new(edge.principal)) for edge in edges] == [1] * 4


async def test_what_stayed_goes_when_nothing_is_against_it_any_more(database: Database) -> None:
    world = await merging(database)
    edge = await world.client(1)
    world.house.courts.told[edge.principal] = NOT_ASKED
    assert (await world.done()).refused == 1
    world.house.courts.told.clear()
    assert (await world.done()).done == 1


async def test_it_is_looked_at_first_and_nothing_is_done(database: Database) -> None:
    world = await merging(database)
    edges = [await world.client(each) for each in range(3)]
    stays_ = await world.client(4, kind=EdgeKind.PROXY)
    looked = await replace(world.jobs, stretch=2).look((GONE, INTO), NOW)
    assert (looked.goes, looked.stays) == (3, {"kind-not-admitted": 1})
    assert await world.jobs.store.latest(5) == ()
    assert [await world.at(edge) for edge in (*edges, stays_)] == [*edges, stays_]


async def test_the_trail_says_who_ordered_it_why_and_how_it_ended(database: Database) -> None:
    world = await merging(database)
    await world.client(1)
    job = await world.done()
    assert job.ended == NOW
    [ordered, ended] = await recorded(database, job)
    assert isinstance(ordered, MandateJobOrdered)
    assert (ordered.by, ordered.ground, ordered.person) == (BY, GROUND, None)
    assert isinstance(ended, MandateJobEnded)
    assert (ended.state, ended.moved, ended.refused) == ("done", 1, 0)


class Meanwhile:
    """Tells the law; before it does, something happens."""

    def __init__(self, world: Merging, edge: Edge) -> None:
        self.world, self.edge = world, edge

    async def over(self, principal: object, now: datetime) -> Law:
        if principal == self.edge.principal and await self.world.state(self.edge) is State.ACTIVE:
            house = self.world.house
            await house.voluntary.end(house.actor(SANNE), self.edge.id, self.edge.version, now)
        return NOTHING_TOLD


@pytest.mark.requires("MANDATES-P16")
async def test_who_ends_it_meanwhile_wins_and_nothing_begins(database: Database) -> None:
    world = await merging(database)
    edge = await world.client(1, principal=world.house.ids[SANNE])
    other = await world.client(2)
    world.jobs = jobs_over(world.house, database, Meanwhile(world, edge))
    job = await world.done()
    assert (job.done, job.refused) == (1, 0)
    assert await world.state(edge) is State.REVOKED
    assert await world.state(other) is State.SUPERSEDED
    assert await world.new(edge.principal) == []
