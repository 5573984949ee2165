"""The cards of the demo: what its reader says of a wrong PIN, a blocked card and a wrong code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2
import pytest

from demo import issued_cards
from demo.cards import ADVICE, CardHouse, application
from demo.places import Party, secret
from tests.conftest import NOON
from toegang.means.card import judging

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("issuer") / "cards"
    issued_cards.make(folder, NOON)
    return folder


async def test_a_wrong_code_is_not_told_as_a_wrong_pin_and_costs_no_tries(made: Path) -> None:
    house = CardHouse(hub="", cards=issued_cards.read(made))
    card = house.cards[0]
    card.plastic.tries = 2
    transport = httpx2.ASGITransport(app=application(house))
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:1") as browser:
        page = await browser.post("/", data={"do": "unblock", "card": card.number, "pin": "00000000"})
        assert "De deblokkeercode is fout." in page.text
        assert "Pogingen over:" not in page.text
        assert card.plastic.tries == 2
        sent = {"do": "unblock", "card": card.number, "pin": card.plastic.unblocking}
        assert "De kaart is gedeblokkeerd." in (await browser.post("/", data=sent)).text
        assert card.plastic.tries == 3


async def test_a_letter_brings_another_pin_and_another_code_and_the_old_ones_work_no_more(made: Path) -> None:
    house = CardHouse(hub="", cards=issued_cards.read(made))
    card = house.cards[0]
    before = (card.plastic.pin, card.plastic.unblocking)
    card.plastic.tries = 0
    transport = httpx2.ASGITransport(app=application(house))
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:1") as browser:
        asked = {"chip": card.chip, "bsn": card.bsn, "act": "send-pin"}
        proof = {"Authorization": f"Bearer {secret(Party.CARDS)}"}
        assert (await browser.post("/cards/act", json=asked, headers=proof)).status_code == 200
        page = (await browser.get("/")).text
    (letter,) = house.letters
    assert letter.pin == card.plastic.pin != before[0]
    assert letter.unblocking == card.plastic.unblocking != before[1]
    assert card.plastic.tries == 3
    assert f"pincode <code>{letter.pin}</code>" in page


async def test_the_roll_out_is_of_a_whole_country_and_moves_with_the_table(made: Path) -> None:
    house = CardHouse(hub="", cards=issued_cards.read(made))
    proof = {"Authorization": f"Bearer {secret(Party.CARDS)}"}
    transport = httpx2.ASGITransport(app=application(house))
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:1") as hub:
        before = (await hub.post("/cards/count", json={}, headers=proof)).json()["counts"]
        house.cards[0].status = "active"
        after = (await hub.post("/cards/count", json={}, headers=proof)).json()["counts"]
    assert all(each["issued"] > each["active"] > 100 for each in before)
    assert [a["active"] - b["active"] for a, b in zip(after, before, strict=True)] == [0, 1]


def test_the_reader_has_words_for_every_advice_about_a_card() -> None:
    said = set(judging.REFUSED.values()) | {
        judging.UNKNOWN,
        judging.STOPPED,
        judging.NOT_YOURS,
        judging.OVER,
        judging.LATER,
    }
    assert said <= set(ADVICE)
