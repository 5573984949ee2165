"""Mandates for more than single services: what they are about, and what is left out of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from tests.mandates.builders import NOW, TAXES, rules, service
from tests.mandates.giving_people import PIETER, SANNE, UNTIL, People, people
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.errors import NotEntitled
from toegang.mandates.demands import within
from toegang.mandates.drafts import Draft
from toegang.mandates.edge import Edge, State
from toegang.mandates.finding import Found
from toegang.mandates.party import PartyId
from toegang.mandates.scope import Scope
from toegang.mandates.voluntary import Proposal
from toegang.post.readers import Reads
from toegang.storage import Database

SOMEBODY = PartyId(UUID(int=9))
ALL = Scope.of_provider(TAXES)
EASY, STRICT = service(1, rules()), service(2, rules(grant=Level.HIGH))
OF_FIRMS = service(3, rules(kinds=(EdgeKind.STATUTORY, EdgeKind.EMPLOYEE)))


async def given(house: People, *scopes: Scope, level: Level = Level.SUBSTANTIAL) -> Edge:
    other = Found(party=house.ids[PIETER], nobody=house.ids[PIETER])
    wanted = Proposal(scopes=scopes, from_=NOW, until=UNTIL, read="what was read")
    return await house.voluntary.offer(house.actor(SANNE, level), other, wanted, NOW)


def test_a_wide_mandate_is_about_what_admits_it_and_a_named_service_always_counts() -> None:
    meant = (EASY, STRICT, OF_FIRMS)
    assert within(EdgeKind.VOLUNTARY, (ALL,), meant, Level.SUBSTANTIAL) == [EASY]
    assert within(EdgeKind.VOLUNTARY, (ALL,), meant, Level.HIGH) == [EASY, STRICT]
    named = (ALL, Scope.of_service(STRICT.id), Scope.of_service(OF_FIRMS.id))
    assert within(EdgeKind.VOLUNTARY, named, meant, Level.SUBSTANTIAL) == list(meant)
    assert within(EdgeKind.VOLUNTARY, (ALL,), (STRICT,), Level.SUBSTANTIAL) == [STRICT], (
        "the level is against it"
    )


async def test_all_of_a_provider_is_given_without_what_asks_more(database: Database) -> None:
    house = await people(database)
    house.offered.services[:] = [EASY, STRICT, OF_FIRMS]
    edge = await given(house, ALL)
    assert (edge.state, edge.terms.level) == (State.OFFERED, Level.SUBSTANTIAL)
    taken = await house.voluntary.agree(house.actor(PIETER), edge.id, 1, NOW)
    assert taken.state is State.ACTIVE
    with pytest.raises(NotEntitled) as refused:
        await given(house, ALL, Scope.of_service(STRICT.id))
    assert refused.value.why == "level-too-low", "what is named must be met"


async def test_where_all_of_it_asks_more_or_nothing_admits_it_nothing_is_given(database: Database) -> None:
    house = await people(database)
    for services, why in (([STRICT], "level-too-low"), ([OF_FIRMS], "not-admitted"), ([], "not-admitted")):
        house.offered.services[:] = services
        with pytest.raises(NotEntitled) as refused:
            await given(house, ALL)
        assert refused.value.why == why


async def test_of_what_a_wide_mandate_is_about_the_strictest_still_counts(database: Database) -> None:
    house = await people(database)
    house.offered.services[:] = [EASY, service(4, rules(longest_days=10))]
    with pytest.raises(NotEntitled) as refused:
        await given(house, ALL)
    assert refused.value.why == "longer-than-admitted"


def test_a_draft_freezes_what_is_wide_unless_it_is_to_grow() -> None:
    single = Scope.of_service(EASY.id)
    draft = Draft(
        by=SOMEBODY,
        session="s",
        asking=False,
        other=Found(party=SOMEBODY, nobody=SOMEBODY),
        begun_at=NOW,
        scopes=(single.key, ALL.key),
    )
    later = NOW + timedelta(minutes=5)
    assert draft.meant(later) == (single, replace(ALL, as_of=later))
    assert replace(draft, later=True).meant(later) == (single, ALL)


async def test_a_letter_is_in_the_language_and_the_print_of_who_gets_it(database: Database) -> None:
    house = await people(database)
    house.offered.services[:] = [service(1, rules(letter=True, letter_level=Level.LOW))]
    house.readers.told[house.ids[SANNE]] = Reads(language="en", large_print=True)
    wanted = Proposal(scopes=(ALL,), from_=NOW, until=UNTIL, read="what was read")
    other = await house.find(PIETER, SANNE)
    edge = await house.voluntary.request(house.actor(PIETER), other, wanted, NOW)
    await house.voluntary.send_letter(house.actor(PIETER), edge.id, edge.version, NOW)
    [letter] = await house.letters()
    assert (letter.language, letter.large_print) == ("en", True)
    assert letter.values["services"] == f"everything of {TAXES}"
