"""Gathering: what the registers of the demo tell becomes who may act for whom, and nothing more."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.conftest import NOON
from tests.mandates import builders as b
from tests.mandates.gathered import (
    ADVICE,
    AHMET,
    BRAM,
    CORRIE,
    DIRK,
    DISSOLVED,
    ELIF,
    ELS,
    FLEUR,
    FLOWERS,
    GERDA,
    HOLDING,
    KEES,
    KOMPAS,
    LOTTE,
    MILAN,
    NADIA,
    NOOR,
    SAILS,
    SANNE,
    SERVICE,
    TESS,
    WILLEM,
    admitting,
    demo,
)
from toegang.catalogue.representation import EdgeKind, Power
from toegang.errors import NotEntitled
from toegang.identity.numbers import Rsin
from toegang.mandates.bounds import Bounds, Counted
from toegang.mandates.decide import Permit, Refused
from toegang.mandates.edge import EdgeId, Substitution
from toegang.mandates.law import NOT_ASKED
from toegang.mandates.party import Standing
from toegang.mandates.standing_in import StandingIn
from toegang.mandates.why import Why
from toegang.storage import Dialect, ExpiringStore

if TYPE_CHECKING:
    from toegang.catalogue.values import Service
    from toegang.identity.numbers import Bsn
    from toegang.mandates.numbers import Number
    from toegang.storage import Database

MANY_AT_ONCE = 24
CHILDREN = (TESS, NOOR, MILAN, FLEUR)
PROPERTY = replace(SERVICE, representation=b.rules(depth=3, powers=(Power.PROPERTY,)))
CARE = replace(SERVICE, representation=b.rules(depth=3, powers=(Power.PERSONAL_CARE,)))


async def test_somebody_acts_for_their_child_and_in_their_organisations(database: Database) -> None:
    async with demo(database) as asked:
        children: dict[Number, tuple[str, ...]] = dict.fromkeys(CHILDREN, ("parental-joint",))
        assert await asked.represented(SANNE) == {
            **children,
            FLOWERS: ("director-sole",),
            HOLDING: ("director-sole",),
            SAILS: ("director-sole",),
        }
        assert await asked.allowed(SANNE, TESS)
        assert await asked.allowed(SANNE, SAILS)
        assert not await asked.allowed(SANNE, DISSOLVED)
        assert not await asked.allowed(SANNE, ELIF)


async def test_somebody_stands_in_for_whom_they_decide_for_by_law_and_for_nobody_else(
    database: Database,
) -> None:
    async with demo(database) as asked:
        gathering = asked.gathering
        store = ExpiringStore(database, "mandate-counted", Counted)
        standing_in = StandingIn(
            mandates=gathering.mandates,
            gathering=gathering,
            numbers=gathering.numbers,
            bounds=Bounds(store=store),
        )
        sanne = await asked.id(SANNE)
        found = {each.principal: each.basis for each in await standing_in.all(sanne, NOON)}
        expected = {await asked.id(each): "parental-joint" for each in CHILDREN}
        expected |= {await asked.id(each): "director-sole" for each in (FLOWERS, HOLDING)}
        assert {party: found.get(party) for party in expected} == expected
        child = await standing_in.by_number(sanne, TESS, NOON)
        assert (child.principal, child.basis) == (await asked.id(TESS), "parental-joint")
        for other in (ELIF, GERDA, SANNE):
            with pytest.raises(NotEntitled):
                await standing_in.check(sanne, await asked.id(other), NOON)


async def test_a_director_of_a_professional_firm_acts_for_whom_a_court_gave_the_firm(
    database: Database,
) -> None:
    async with demo(database) as asked:
        found = await asked.represented(AHMET)
        decided = await asked.decide(AHMET, GERDA)
        provisional = await asked.decide(AHMET, DIRK, PROPERTY)
        care = await asked.decide(AHMET, DIRK, CARE)
    assert found[GERDA] == ("director-sole", "curatele")
    assert isinstance(decided, Permit)
    assert decided.basis == ("director-sole", "curatele")
    assert isinstance(provisional, Permit)
    assert isinstance(care, Refused)


async def test_an_employee_of_a_professional_firm_acts_for_its_clients_by_law_while_they_are_one(
    database: Database,
) -> None:
    async with demo(database) as asked:
        kees, kompas = await asked.id(KEES), await asked.id(KOMPAS)
        await asked.over(KOMPAS)
        await asked.for_actor(KEES)
        works = b.edge(
            principal=kompas,
            agent=kees,
            kind=EdgeKind.EMPLOYEE,
            terms=b.terms(substitution=Substitution.NONE),
            initiator=kompas,
        )
        assert not await asked.allowed(KEES, GERDA)
        mandates = asked.gathering.mandates
        async with mandates.units.begin() as unit:
            assert await mandates.edges.add(unit, works)
        assert (await asked.represented(KEES))[GERDA] == ("employee", "curatele")
        assert await asked.allowed(KEES, GERDA)


@pytest.mark.parametrize(("actor", "other", "service"), [(LOTTE, WILLEM, PROPERTY), (KEES, CORRIE, CARE)])
async def test_a_measure_reaches_what_it_is_about(
    database: Database, actor: Bsn, other: Bsn, service: Service
) -> None:
    async with demo(database) as asked:
        assert await asked.allowed(actor, other, service)
        assert not await asked.allowed(actor, other, CARE if service is PROPERTY else PROPERTY)


async def test_who_act_together_only_or_are_contradicted_do_not_act_alone(database: Database) -> None:
    async with demo(database) as asked:
        assert not await asked.allowed(SANNE, ELS, PROPERTY)
        assert not await asked.allowed(KEES, BRAM, PROPERTY)
        assert not await asked.allowed(NADIA, ADVICE)


async def test_only_the_registers_of_kinds_that_the_service_admits_are_asked(database: Database) -> None:
    async with demo(database) as asked:
        parental, court = admitting(EdgeKind.PARENTAL), admitting(EdgeKind.COURT)
        assert set(await asked.represented(SANNE, parental)) == set(CHILDREN)
        assert await asked.represented(SANNE, court) == {}
        closed = b.service()
        assert await asked.for_actor(SANNE, closed) is NOT_ASKED


async def test_what_registers_tell_of_parties_is_kept_and_kept_fresh(database: Database) -> None:
    async with demo(database) as asked:
        parties = asked.gathering.mandates.parties
        gerda, dissolved, sanne = [await asked.id(each) for each in (GERDA, DISSOLVED, SANNE)]
        assert await parties.of([gerda, dissolved, sanne]) == {}
        for each in (GERDA, DISSOLVED, SANNE):
            await asked.over(each)
        known = await parties.of([gerda, dissolved, sanne])
        assert known[gerda].standing is Standing.UNDER_GUARDIANSHIP
        assert known[dissolved].standing is Standing.DISSOLVED
        assert known[sanne].standing is Standing.ABLE
        assert known[sanne].is_adult(NOON)

        # Whatever was kept before, the register's answer of now counts.
        dead = replace(known[sanne], standing=Standing.DECEASED, told_at=NOON + timedelta(hours=1))
        await asked.gathering.mandates.know(dead, now=NOON + timedelta(hours=1))
        await asked.over(SANNE)
        assert (await parties.of([sanne]))[sanne] == dead
        await asked.gathering.over(sanne, NOON + timedelta(hours=2))
        assert (await parties.of([sanne]))[sanne] == known[sanne]


async def test_a_mandate_of_who_came_under_curatele_lets_nobody_act(database: Database) -> None:
    async with demo(database) as asked:
        gerda, lotte = await asked.id(GERDA), await asked.id(LOTTE)
        await asked.over(GERDA)
        await asked.for_actor(LOTTE)
        mandates = asked.gathering.mandates
        async with mandates.units.begin() as unit:
            assert await mandates.edges.add(unit, b.edge(principal=gerda, agent=lotte, initiator=gerda))
        decided = await asked.decide(LOTTE, GERDA)
    assert isinstance(decided, Refused)
    assert Why.OVERRULED in decided.whys


async def test_asking_twice_draws_nobody_twice_and_gives_the_same(database: Database) -> None:
    async with demo(database) as asked:
        first, second = await asked.for_actor(AHMET), await asked.for_actor(AHMET)
    assert {(each.agent, each.principal, each.basis) for each in first.links} == {
        (each.agent, each.principal, each.basis) for each in second.links
    }
    assert first.silent == second.silent == frozenset()


async def test_nobody_learns_anything_of_a_party_without_a_number(database: Database) -> None:
    async with demo(database) as asked:
        stranger = b.party_id(77)
        for law in (
            await asked.gathering.over(stranger, NOON),
            await asked.gathering.for_actor(stranger, SERVICE, NOON),
        ):
            assert law.unsure(stranger) is Why.REGISTER_SILENT


@pytest.mark.requires("MANDATES-P25")
async def test_an_organisation_in_between_of_which_no_register_is_asked_lets_nobody_act(
    database: Database,
) -> None:
    async with demo(database) as asked:
        kees, sanne = await asked.id(KEES), await asked.id(SANNE)
        await asked.over(SANNE)
        await asked.for_actor(KEES)
        mandates = asked.gathering.mandates
        rsin = Rsin.parse("999993653")
        by_rsin = await asked.id(rsin)
        async with mandates.units.begin() as unit:
            await mandates.parties.put(unit, b.firm(by_rsin))
            for number, principal, agent, kind in (
                (1, by_rsin, kees, EdgeKind.EMPLOYEE),
                (2, sanne, by_rsin, EdgeKind.VOLUNTARY),
            ):
                edge = b.edge(
                    id=EdgeId(b.party_id(number)),
                    principal=principal,
                    agent=agent,
                    kind=kind,
                    initiator=principal,
                )
                assert await mandates.edges.add(unit, edge)
        for law in (
            await asked.gathering.for_actor(kees, SERVICE, NOON),
            await asked.gathering.between(kees, sanne, SERVICE, NOON),
        ):
            assert law.unsure(by_rsin) is Why.REGISTER_SILENT
        assert not await asked.allowed(KEES, SANNE)
        assert SANNE not in await asked.represented(KEES)
        # Once the trade register is asked of it by its other number, and tells, they may.
        assert await asked.gathering.numbers.also(by_rsin, FLOWERS)
        assert await asked.allowed(KEES, SANNE)
        assert SANNE in await asked.represented(KEES)


@pytest.mark.parametrize("engine", [Dialect.SQLITE], indirect=True)
async def test_many_who_log_in_at_once_wait_for_their_turn_at_a_register(database: Database) -> None:
    """A party takes 16 calls at once and refuses more: none of these is silent for that."""
    async with demo(database) as asked:
        me, service = await asked.id(AHMET), SERVICE
        laws = await asyncio.gather(
            *(asked.gathering.for_actor(me, service, NOON) for _ in range(MANY_AT_ONCE))
        )
    assert {law.silent for law in laws} == {frozenset()}
    assert len({len(law.links) for law in laws}) == 1
