"""O15: cards in every state that they, their means and their person can have, at every entry; stopping works.

A card has states that no other means has: those of its register (issued, active, blocked by its holder or its
issuer, taken in), a PIN that the card itself blocked, and a report that either register heard.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace

import pytest

from demo.documents.card_reader import PinWrongError
from tests.hostile.matrix.states import told_in
from tests.means.bureau import SANNE, registered
from tests.means.plastic import CARDS, CardTown
from tests.web.citizens import Browser, Page
from tests.web.linked import code_of, put
from toegang.assurance import Level
from toegang.catalogue.values import MeansId
from toegang.errors import Refusal
from toegang.identity.people import PersonId
from toegang.identity.subject import Subject
from toegang.means.base import Authentication, Factor

WRONG_PIN = "000000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A login that a card proved and that is not used yet, one that was used, and somebody inside with it."""

    cards: CardTown
    waiting: tuple[Browser, Page]
    proven: Authentication
    inside: Browser


@pytest.fixture
async def prepared(cards: CardTown) -> Prepared:
    inside, browser = cards.town.browser(), cards.town.browser()
    await cards.town.resident(inside)
    cards.active()
    assert code_of(await cards.log_in(cards.town.browser()))
    person = await cards.town.bureau.desk.enrolment.find(SANNE)
    assert person is not None
    page = await cards.to_login(browser)
    assert await cards.read(page) == {"outcome": "accepted"}
    proven = proof(cards, person.id)
    cards.town.bureau.later(seconds=1)
    return Prepared(cards=cards, waiting=(browser, page), proven=proven, inside=inside)


def proof(cards: CardTown, person: PersonId) -> Authentication:
    return Authentication(
        subject=Subject(issuer=CARDS.id, identifier=cards.card.chip, person=person),
        means=MeansId(CARDS.id),
        level=Level.HIGH,
        at=cards.town.bureau.now,
        factors=(Factor.DOCUMENT_CHIP, Factor.CARD_PIN),
        authenticator=cards.card.chip,
    )


async def log_in(at: Prepared) -> bool:
    try:
        page = await at.cards.log_in(at.cards.town.browser())
    except (PinWrongError, AssertionError):
        return False  # the card did not open, or no page asked for one
    return "code=" in page.address


async def use(at: Prepared) -> bool:
    browser, page = at.waiting
    done = await browser.send(await browser.open(page.address), do="on")
    return "code=" in done.address


async def use_again(at: Prepared) -> bool:
    with suppress(Refusal):
        await at.cards.town.rooms.logins.check_usable(at.proven, at.cards.town.bureau.now)
        return True
    return False


async def activate(at: Prepared) -> bool:
    try:
        page = await at.cards.to_activate(at.inside)
        return await at.cards.read(page) == {"outcome": "accepted"}
    except (PinWrongError, AssertionError):
        return False


ENTRIES: tuple[Callable[[Prepared], Awaitable[bool]], ...] = (use_again, use, log_in, activate)
"""In this order: a card that is made ready again is what it was."""


def at_register(status: str, *, by_holder: bool = False) -> Callable[[Prepared], Awaitable[None]]:
    async def close(at: Prepared) -> None:
        at.cards.card.status, at.cards.card.by_holder = status, by_holder

    return close


def admission(**changes: object) -> Callable[[Prepared], Awaitable[None]]:
    async def close(at: Prepared) -> None:
        await put(at.cards.town, replace(CARDS, **changes))  # type: ignore[arg-type]

    return close


async def nothing(at: Prepared) -> None:
    """Leave everything open."""


async def pin_blocked(at: Prepared) -> None:
    while at.cards.card.plastic.tries:
        with suppress(PinWrongError):
            at.cards.reader().open(WRONG_PIN, b"")


async def stopped(at: Prepared) -> None:
    page = await at.inside.open("/account/cards")
    await at.inside.send(page, card=at.cards.card.chip)


async def reported(at: Prepared) -> None:
    document = {"type": "identity-card", "number": at.cards.card.number}
    await told_in("document-lost", document=document)(at.cards.town)


async def died(at: Prepared) -> None:
    await told_in("death")(at.cards.town)
    at.cards.town.bureau.register.people[SANNE] = registered(
        SANNE, deceased_on=at.cards.town.bureau.now.date()
    )


async def register_away(at: Prepared) -> None:
    at.cards.wire.cut = True


EVERY = frozenset({"use_again", "use", "log_in", "activate"})
STATES: dict[str, tuple[Callable[[Prepared], Awaitable[None]], frozenset[str]]] = {
    "active": (nothing, frozenset()),
    "issued": (at_register("issued"), frozenset({"log_in"})),
    "blocked by its holder": (at_register("blocked", by_holder=True), frozenset({"log_in"})),
    "document reported lost in the card register": (
        at_register("blocked"),
        frozenset({"log_in", "activate"}),
    ),
    "returned": (at_register("returned"), frozenset({"log_in", "activate"})),
    "PIN blocked": (pin_blocked, frozenset({"log_in", "activate"})),
    "stopped here": (stopped, frozenset({"use_again", "use", "log_in"})),
    "document reported lost in the population register": (reported, EVERY),
    "deceased": (died, EVERY),
    "register away": (register_away, frozenset({"log_in", "activate"})),
    "means blocked": (admission(blocked=True), EVERY),
    "means disabled": (admission(enabled=False), EVERY),
}


@pytest.mark.parametrize("state", STATES)
async def test_every_entry_of_a_card_is_closed_where_it_should_be_and_stopping_works(
    prepared: Prepared, state: str
) -> None:
    close, closed = STATES[state]
    await close(prepared)
    found = {entry.__name__ for entry in ENTRIES if not await entry(prepared)}
    assert found == closed
    prepared.cards.wire.cut = True  # stopping needs nobody's answer
    store, chip = prepared.cards.door.desk.cards, bytes.fromhex(prepared.cards.card.chip)
    await stopped(prepared)
    kept = await store.find(chip)
    assert kept is not None
    assert kept.stopped_at is not None or state == "deceased"  # nobody is inside as them any more
