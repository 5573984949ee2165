"""The register of cards is read strictly, acts for the holder alone, and never has a number in an address."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from demo import issued_cards
from demo.cards import ELSEWHERE, CardHouse, application
from demo.places import Party, secret
from tests.conftest import NOON
from tests.demo.running import calling, running
from tests.means.plastic import made_in
from tests.outbound.servers import answer, party
from toegang.clock import FixedClock
from toegang.errors import NotEntitled, Unavailable
from toegang.identity.numbers import Bsn
from toegang.registers.cards import CardAct, CardCount, CardKind, CardStatus
from toegang.registers.cards_http import HttpCards

if TYPE_CHECKING:
    from toegang.outbound.client import Outbound

CHIP = bytes(range(32))
BSN = Bsn.parse("999990019")
CARD: dict[str, Any] = {
    "chip": CHIP.hex(),
    "number": "SPECI2027",
    "kind": "identity-card",
    "holder": BSN.digits,
    "status": "active",
    "byHolder": False,
    "until": "2031-06-25",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_in(tmp_path_factory.mktemp("issuer"))


def register(outbound: Outbound, url: str, shown: str = secret(Party.CARDS)) -> HttpCards:
    return HttpCards(outbound=outbound, clock=FixedClock(NOON), url=url, secret=shown)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b'{"more": ' + b"[" * 2_000,
        {},
        {"cards": None},
        {"cards": [CARD, CARD]},
        {"cards": [CARD | {"chip": "00" * 32}]},
        {"cards": [CARD | {"chip": "zz"}]},
        {"cards": [CARD | {"number": ""}]},
        {"cards": [CARD | {"number": "SPECI\n2027"}]},
        {"cards": [CARD | {"kind": "passport"}]},
        {"cards": [CARD | {"holder": "999990018"}]},
        {"cards": [CARD | {"holder": 999990019}]},
        {"cards": [CARD | {"status": "fine"}]},
        {"cards": [CARD | {"until": "2031"}]},
        {"cards": [CARD | {"byHolder": "no"}]},
    ],
)
async def test_whatever_is_not_exactly_as_agreed_is_no_answer(body: object) -> None:
    octets = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with party(answer(octets)) as seen, calling() as outbound:
        with pytest.raises(Unavailable) as refused:
            await register(outbound, seen.url).find(CHIP)
    assert "SPECI" not in f"{refused.value!r} {refused.value.__cause__!r}"


async def test_what_identifies_anybody_is_never_in_an_address() -> None:
    async with party(answer(json.dumps({"cards": [CARD]}).encode())) as seen, calling() as outbound:
        found = await register(outbound, seen.url).find(CHIP)
        assert found is not None
        await register(outbound, seen.url).of_holder(BSN)
        await register(outbound, seen.url).act(found, CardAct.BLOCK)
    heads = b"".join(re.findall(rb"POST (\S+) HTTP", b"".join(seen.requests)))
    assert b"/cards/of-holder" in heads
    assert BSN.digits.encode() not in heads
    assert CHIP.hex().encode() not in heads


async def test_a_card_of_somebody_else_is_no_answer_to_what_somebody_has() -> None:
    other = CARD | {"holder": "999990032"}
    async with party(answer(json.dumps({"cards": [other]}).encode())) as seen, calling() as outbound:
        with pytest.raises(Unavailable):
            await register(outbound, seen.url).of_holder(BSN)


@pytest.mark.parametrize(
    "counts",
    [
        [{"kind": "identity-card", "issued": 1, "active": 2}],
        [{"kind": "identity-card", "issued": -1, "active": -1}],
        [{"kind": "identity-card", "issued": 10**12, "active": 0}],
        [{"kind": "boat", "issued": 1, "active": 0}],
    ],
)
async def test_numbers_that_cannot_be_are_no_answer(counts: object) -> None:
    async with party(answer(json.dumps({"counts": counts}).encode())) as seen, calling() as outbound:
        with pytest.raises(Unavailable):
            await register(outbound, seen.url).counts()


def counted(kind: CardKind, *, issued: int, active: int) -> CardCount:
    """Count cards on the table of the demo with those of everybody else."""
    others, ready = ELSEWHERE[kind.value]
    return CardCount(kind=kind, issued=issued + others, active=active + ready)


async def test_the_issuer_of_the_demo_speaks_as_agreed(made: Path) -> None:
    house = CardHouse(hub="", cards=issued_cards.read(made))
    own = house.cards[0]
    async with running(application(house)) as url, calling() as outbound:
        asked = register(outbound, url)
        found = await asked.find(bytes.fromhex(own.chip))
        assert found is not None
        assert (found.status, found.holder, found.kind) == (CardStatus.ISSUED, BSN, CardKind.IDENTITY_CARD)
        assert found.may_be_activated
        assert await asked.find(CHIP) is None
        assert [each.chip for each in await asked.of_holder(BSN)] == [found.chip]
        active = await asked.act(found, CardAct.ACTIVATE)
        assert active.status is CardStatus.ACTIVE
        assert await asked.counts() == (
            counted(CardKind.DRIVING_LICENCE, issued=1, active=1),
            counted(CardKind.IDENTITY_CARD, issued=4, active=2),
        )
        blocked = await asked.act(found, CardAct.BLOCK)
        assert blocked.may_be_activated
        assert (await asked.act(found, CardAct.SEND_PIN)).number == own.number
        own.by_holder = False
        for act in CardAct:
            with pytest.raises(NotEntitled):
                await asked.act(found, act)
        with pytest.raises(NotEntitled):
            await asked.act(replace(found, holder=Bsn.parse("999990032")), CardAct.BLOCK)
        with pytest.raises(Unavailable, match="401"):
            await register(outbound, url, "obviously wrong").find(CHIP)
