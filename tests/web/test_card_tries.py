"""Tries of a card: where they are counted, and what its pages say of them."""

from __future__ import annotations

import pytest

from demo.documents.card_reader import PinWrongError
from tests.means.plastic import REFUSED_PAGE, CardTown, code_on
from toegang.means.card.reading import READINGS


async def test_a_wrong_pin_stays_at_the_reader_and_three_block_the_card(cards: CardTown) -> None:
    issued = cards.active()
    browser = cards.town.browser()
    page = await cards.to_login(browser)
    session = cards.session()
    await session.take(code_on(page))
    reader = cards.reader()
    for left in (2, 1, 0):
        with pytest.raises(PinWrongError) as wrong:
            await session.run(reader, "999999")
        assert wrong.value.tries_left == left
    with pytest.raises(PinWrongError) as blocked:
        await session.run(reader, issued.plastic.pin)
    assert blocked.value.tries_left == 0
    with pytest.raises(PinWrongError) as code:
        reader.unblock("00000000")
    assert code.value.tries_left is None
    reader.unblock(issued.plastic.unblocking)
    # The session waited: nothing was said of wrong PINs, and the right one is early enough.
    assert await session.run(reader, issued.plastic.pin) == {"outcome": "accepted"}


async def test_who_has_tries_left_reads_so_and_who_tried_too_often_reads_what_helps(cards: CardTown) -> None:
    browser, tallies = cards.town.browser(), cards.town.bureau.desk.tallies
    page = await cards.to_login(browser)
    session = cards.session()
    await session.take(code_on(page))
    page = await browser.open(page.address)
    assert "After three wrong PINs in a row your card is blocked" in page.text
    assert "The reader says how many tries you have left" in page.text
    page = await browser.send(page, do="look")
    await session.send(f"/sessions/{session.taken['session']}/end", {})
    page = await browser.send(await browser.open(page.address), do="start")
    login = page.address.split("/")[3]
    async with cards.town.bureau.desk.units.begin() as unit:
        for _ in range(READINGS.most):
            await tallies.count(unit, f"card-login:{login}", READINGS, cards.town.bureau.now)
    assert (await cards.session().take(code_on(page)))[0] == 429
    page = await browser.open(page.address)
    assert page.title == REFUSED_PAGE
    # The count is of this login: it is no use to wait until tomorrow.
    assert "Choose another login means" in page.text
    assert "tomorrow" not in page.text
