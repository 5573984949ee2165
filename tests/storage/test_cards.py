"""Cards in the database, on both engines: kept as they were, held against others, counted by kind."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from toegang.catalogue.values import MeansId
from toegang.identity.people import PersonId
from toegang.ids import SystemIds
from toegang.means.card.values import Card
from toegang.registers.cards import CardKind
from toegang.storage import Database
from toegang.storage.cards import CardTable

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
IDS = SystemIds()


def card(**changes: object) -> Card:
    made = Card(
        chip=IDS.secret(32),
        means=MeansId("e-card"),
        person=PersonId(IDS.uuid()),
        kind=CardKind.IDENTITY_CARD,
        since=NOW,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


async def keep(database: Database, *kept: Card) -> None:
    async with database.begin() as unit:
        for each in kept:
            await CardTable(database).put(unit, each)


async def test_a_card_comes_back_as_it_was_kept_and_is_one_record(database: Database) -> None:
    store, bare = CardTable(database), card()
    full = replace(bare, used_at=NOW, stopped_at=NOW, proofs_from=NOW)
    await keep(database, bare, card())
    assert await store.find(bare.chip) == bare
    await keep(database, full)
    assert await store.find(bare.chip) == full
    assert await store.of_person(bare.person) == (full,)
    assert await store.find(b"\x00" * 32) is None


async def test_stopping_twice_keeps_the_first_moment_and_withdraws_to_the_last(database: Database) -> None:
    later = NOW + timedelta(hours=1)
    stopped = card().stopped(NOW).stopped(later)
    await keep(database, stopped)
    found = await CardTable(database).find(stopped.chip)
    assert found is not None
    assert (found.stopped_at, found.proofs_from) == (NOW, later)


async def test_cards_that_logged_in_are_counted_by_kind(database: Database) -> None:
    licence = CardKind.DRIVING_LICENCE
    await keep(database, card(), card(used_at=NOW), card(used_at=NOW, kind=licence), card(kind=licence))
    assert await CardTable(database).used() == {CardKind.IDENTITY_CARD: 1, licence: 1}


async def test_of_two_at_once_the_second_sees_what_the_first_wrote(database: Database) -> None:
    store, kept = CardTable(database), card()
    await keep(database, kept)

    async def use(at: datetime) -> datetime | None:
        async with database.begin() as unit:
            held = await store.hold(unit, kept.chip)
            assert held is not None
            await store.put(unit, replace(held, used_at=max(at, held.used_at or at)))
            return held.used_at

    seen = await asyncio.gather(*(use(NOW + timedelta(seconds=at)) for at in range(3)))
    assert sum(each is None for each in seen) == 1
    found = await store.find(kept.chip)
    assert found is not None
    assert found.used_at == NOW + timedelta(seconds=2)
