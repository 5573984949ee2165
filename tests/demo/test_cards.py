"""The cards of the demo: what its reader says of a wrong PIN, a blocked card and a wrong code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2
import pytest

from demo import issued_cards
from demo.cards import CardHouse, application
from tests.conftest import NOON

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
