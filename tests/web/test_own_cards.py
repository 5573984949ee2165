"""The cards in My account: how each stands, and what can be done about it."""

from __future__ import annotations

import pytest

from tests.hostile.matrix.states import told_in
from tests.means.plastic import CardTown


@pytest.mark.parametrize(
    ("status", "by_holder", "words", "may"),
    [
        ("active", False, "ready to log in", False),
        ("issued", False, "not ready to log in yet", True),
        ("blocked", True, "stopped for logging in", True),
        ("blocked", False, "blocked by who issued it: ask for help where you got it", False),
    ],
)
async def test_my_cards_say_how_each_stands_and_lead_to_what_can_be_done(
    cards: CardTown, status: str, words: str, *, by_holder: bool, may: bool
) -> None:
    """What nobody could make ready is not offered to be made ready."""
    cards.active(status=status, by_holder=by_holder)
    browser = cards.town.browser()
    await cards.town.resident(browser)
    page = await browser.open("/account/cards")
    assert words in page.text
    assert ("/account/cards/activate" in page.text) is may


async def test_my_cards_tell_of_one_that_the_population_register_heard_is_lost(cards: CardTown) -> None:
    issued = cards.active()
    browser = cards.town.browser()
    await cards.town.resident(browser)
    await told_in("document-lost", document={"type": "identity-card", "number": issued.number})(cards.town)
    page = await browser.open("/account/cards")
    assert "reported lost or stolen" in page.text
    assert "/account/cards/activate" not in page.text
    assert "/account/cards/pin" not in page.text


async def test_making_a_card_ready_tells_where_a_lost_letter_is_asked(cards: CardTown) -> None:
    browser = cards.town.browser()
    await cards.town.resident(browser)
    page = await cards.town.anew(browser, await browser.open("/account/cards/activate"))
    assert 'href="/account/cards/pin"' in page.text
