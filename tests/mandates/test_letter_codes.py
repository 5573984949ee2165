"""Letters with a code for who does not log in: to whom they go, how often, and what a code opens."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.mandates.builders import GROWN, NOW, rules, service
from tests.mandates.giving_people import CARE, NOBODY, NOOR, PIETER, SANNE, People, people, proposal
from tests.means.bureau import registered
from toegang.assurance import Level
from toegang.errors import NotEntitled, OneTimeGone, TooManyTries
from toegang.identity.numbers import Bsn
from toegang.mandates.bounds import GUESSING, LETTERS_ASKED, LETTERS_GOT
from toegang.mandates.edge import Edge, State
from toegang.mandates.letter_codes import GUESSES
from toegang.storage import Database


async def asked(house: People, agent: Bsn = PIETER, principal: Bsn = SANNE) -> Edge:
    """Ask for a mandate, and for a letter about it."""
    found = await house.find(agent, principal)
    edge = await house.voluntary.request(house.actor(agent), found, proposal(), NOW)
    return await house.voluntary.send_letter(house.actor(agent), edge.id, edge.version, NOW)


async def test_the_letter_says_who_asks_what_and_its_code_activates_it_once(database: Database) -> None:
    house = await people(database)
    edge = await asked(house)
    [letter] = await house.letters()
    assert (letter.to, letter.values["services"]) == (SANNE.digits, "Aangifte")
    assert letter.values["asker"] == "S. de Wit"
    typed = f"  {letter.values['code'].lower().replace('-', ' ')} "
    done = await house.voluntary.activate(house.actor(PIETER), edge.id, edge.version, typed, NOW)
    assert done.state is State.ACTIVE
    assert done.terms.level is Level.LOW, "worth no more than the letter"
    for version in (edge.version, done.version):
        with pytest.raises(NotEntitled):
            await house.voluntary.activate(house.actor(PIETER), edge.id, version, typed, NOW)


@pytest.mark.requires("MANDATES-P15")
async def test_guesses_are_counted_over_all_sessions_and_then_the_code_is_dead(database: Database) -> None:
    house = await people(database)
    edge = await asked(house)
    [letter] = await house.letters()
    for guess in range(GUESSES):
        actor = house.actor(PIETER, Level.HIGH if guess % 2 else Level.SUBSTANTIAL)
        with pytest.raises(OneTimeGone):
            await house.voluntary.activate(actor, edge.id, edge.version, f"AAAA-BBBB-{guess:04d}", NOW)
    with pytest.raises(OneTimeGone):
        await house.voluntary.activate(house.actor(PIETER), edge.id, edge.version, letter.values["code"], NOW)
    assert (await house.voluntary.own(house.actor(PIETER), edge.id, NOW)).state is State.CODE_SENT


@pytest.mark.requires("MANDATES-P15")
@pytest.mark.parametrize("principal", [SANNE, NOBODY])
async def test_to_ask_again_and_have_another_letter_gives_no_new_guesses(
    database: Database, principal: Bsn
) -> None:
    house = await people(database)
    actor, guesses = house.actor(PIETER), 0
    edge = await asked(house, principal=principal)
    while guesses < GUESSING.most:
        with pytest.raises(OneTimeGone):
            await house.voluntary.activate(actor, edge.id, edge.version, f"AAAA-BBBB-{guesses:04d}", NOW)
        guesses += 1
        if guesses == GUESSING.most - 1:
            await house.voluntary.end(actor, edge.id, edge.version, NOW)
            edge = await asked(house, principal=principal)
    for letter in await house.letters():
        with pytest.raises(OneTimeGone):
            await house.voluntary.activate(actor, edge.id, edge.version, letter.values["code"], NOW)
    await house.voluntary.end(actor, edge.id, edge.version, NOW)
    sent = len(await house.letters())
    with pytest.raises(TooManyTries):
        await asked(house, principal=principal)
    assert len(await house.letters()) == sent, "nobody gets a letter that opens nothing"
    assert (await asked(house, agent=NOOR)).state is State.CODE_SENT, "what Noor guesses is counted for her"


async def test_a_code_that_fits_costs_no_guess(database: Database) -> None:
    house = await people(database)
    edge = await asked(house)
    [letter] = await house.letters()
    house.offered.services[0] = service(1, rules(letter=True, letter_level=Level.LOW, accept=Level.HIGH))
    for _ in range(GUESSES + 1):
        with pytest.raises(NotEntitled) as refused:
            await house.voluntary.activate(
                house.actor(PIETER), edge.id, edge.version, letter.values["code"], NOW
            )
        assert refused.value.why == "level-too-low"


async def test_a_code_is_for_one_mandate_one_agent_and_its_time(database: Database) -> None:
    house = await people(database)
    one, other = await asked(house), await asked(house, agent=NOOR)
    codes = {each.values["asker"]: each.values["code"] for each in await house.letters()}
    assert len(codes) == 1, "they have one name"
    first, second = [each.values["code"] for each in await house.letters()]
    mixed = {first, second}
    for actor, edge in ((house.actor(NOOR), one), (house.actor(PIETER), other)):
        for code in mixed:
            with pytest.raises(NotEntitled):
                await house.voluntary.activate(actor, edge.id, edge.version, code, NOW)
    assert one.pending_until is not None
    with pytest.raises(NotEntitled):
        await house.voluntary.activate(house.actor(PIETER), one.id, one.version, first, one.pending_until)
    await house.voluntary.end(house.actor(PIETER), one.id, one.version, NOW)
    for code in mixed:
        with pytest.raises(NotEntitled):
            await house.voluntary.activate(house.actor(PIETER), one.id, one.version + 1, code, NOW)


@pytest.mark.parametrize(
    "changed",
    [
        {"address_secret": True},
        {"address": None},
        {"resident": False},
        {"deceased_on": date(2027, 2, 1)},
    ],
)
async def test_who_is_protected_or_away_gets_no_letter_and_nobody_is_told(
    database: Database, changed: dict[str, object]
) -> None:
    house = await people(database)
    house.register.people[SANNE] = registered(SANNE, birth_date=GROWN, **changed)
    edge = await asked(house)
    assert edge.state is State.CODE_SENT
    assert await house.letters() == []


async def test_asking_a_letter_for_nobody_looks_the_same(database: Database) -> None:
    house = await people(database)
    edge = await asked(house, principal=NOBODY)
    assert (edge.state, await house.letters()) == (State.CODE_SENT, [])
    with pytest.raises(OneTimeGone):
        await house.voluntary.activate(house.actor(PIETER), edge.id, edge.version, "AAAA-BBBB-CCCC", NOW)


@pytest.mark.parametrize("principal", [SANNE, NOBODY])
async def test_neither_a_letter_asked_again_nor_a_wrong_code_asks_a_register_of_the_other(
    database: Database, principal: Bsn
) -> None:
    house = await people(database)
    edge = await asked(house, principal=principal)
    pieter, before = house.actor(PIETER), house.register.asked
    for seen in (edge.version - 1, edge.version):
        with pytest.raises(NotEntitled) as refused:
            await house.voluntary.send_letter(pieter, edge.id, seen, NOW)
        assert refused.value.why == "changed"
    assert house.register.asked == before
    house.courts.asked.clear()
    with pytest.raises(OneTimeGone):
        await house.voluntary.activate(pieter, edge.id, edge.version, "AAAA-BBBB-CCCC", NOW)
    assert house.courts.asked == []
    assert house.register.asked == before + 1, "of who types it"


async def test_letters_are_bounded_for_who_asks_and_for_who_gets_them(database: Database) -> None:
    house = await people(database)
    for _ in range(LETTERS_ASKED.most):
        edge = await asked(house)
        await house.voluntary.end(house.actor(PIETER), edge.id, edge.version, NOW)
    assert len(await house.letters()) == LETTERS_GOT.most
    with pytest.raises(TooManyTries):
        await asked(house, principal=NOOR)
    assert (await asked(house, agent=NOOR)).state is State.CODE_SENT
    assert len(await house.letters()) == LETTERS_GOT.most


async def test_no_letter_goes_where_a_service_admits_none(database: Database) -> None:
    house = await people(database)
    found = await house.find(PIETER, SANNE)
    edge = await house.voluntary.request(house.actor(PIETER), found, proposal(CARE), NOW)
    with pytest.raises(NotEntitled) as refused:
        await house.voluntary.send_letter(house.actor(PIETER), edge.id, edge.version, NOW)
    assert refused.value.why == "no-letter"
    assert await house.letters() == []


async def test_a_code_opens_nothing_once_the_service_is_withdrawn_or_the_level_is_too_low(
    database: Database,
) -> None:
    house = await people(database)
    edge = await asked(house)
    [letter] = await house.letters()
    house.offered.services[0] = service(1, rules(letter=True, letter_level=Level.LOW, accept=Level.HIGH))
    with pytest.raises(NotEntitled) as refused:
        await house.voluntary.activate(house.actor(PIETER), edge.id, edge.version, letter.values["code"], NOW)
    assert refused.value.why == "level-too-low"
    house.offered.services.clear()
    with pytest.raises(NotEntitled):
        await house.voluntary.activate(house.actor(PIETER), edge.id, edge.version, letter.values["code"], NOW)
    assert (await house.voluntary.own(house.actor(PIETER), edge.id, NOW)).state is State.CODE_SENT


async def test_who_was_asked_can_still_say_no_after_the_letter(database: Database) -> None:
    house = await people(database)
    edge = await asked(house)
    [letter] = await house.letters()
    await house.voluntary.end(house.actor(SANNE), edge.id, edge.version, NOW)
    with pytest.raises(NotEntitled):
        await house.voluntary.activate(
            house.actor(PIETER), edge.id, edge.version, letter.values["code"], NOW + timedelta(minutes=1)
        )
    assert replace(edge).state is State.CODE_SENT
