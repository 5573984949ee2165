"""A text message says what it must in one message, and is handed to the gateway of the demo once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from demo.places import Party, Places, secret
from demo.telephone import build
from tests.demo.running import calling, running
from tests.post.house import House, house
from toegang.errors import Malformed, Unavailable
from toegang.post.budget import Limits, SmsBudget
from toegang.post.delivery import Route
from toegang.post.outbox import Message
from toegang.post.sms import KIND, Sms, SmsCarrier, SmsPost
from toegang.post.telephone import Telephone
from toegang.post.texts import SMS, SmsPurpose
from toegang.storage.outbox import SmsCounts

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from toegang.clock import FixedClock

PLACES = Places(home=Path("/nonexistent"))  # it keeps nothing on disk
TO = Telephone("+31612345601", "+31")
FAR = datetime(2100, 1, 1, tzinfo=UTC)
CODE = Sms(purpose=SmsPurpose.LOGIN_CODE, to=TO, language="nl", values={"code": "123456"})


@pytest.fixture
async def home(tmp_path: Path, clock: FixedClock) -> AsyncIterator[House]:
    async with house(tmp_path, clock) as found:
        yield found


def post(home: House) -> SmsPost:
    budget = SmsBudget(counters=SmsCounts(home.database), limits=Limits())
    return SmsPost(outbox=home.outbox, budget=budget, ids=home.ids, host="toegang.example")


async def send(home: House) -> object:
    async with home.database.begin() as unit:
        return await post(home).send(unit, CODE, FAR, home.clock.now())


async def waiting(home: House) -> int:
    return sum(each.waiting for each in await home.store.backlog(home.clock.now()))


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("purpose", list(SmsPurpose))
def test_every_text_exists_in_both_languages_and_fits_one_message(purpose: SmsPurpose, language: str) -> None:
    text = replace(CODE, purpose=purpose, language=language).text("toegang.example")
    assert len(text) <= 160
    assert len({*SMS[purpose].values()}) == 2


@pytest.mark.parametrize("purpose", [SmsPurpose.LOGIN_CODE, SmsPurpose.NUMBER_CODE])
def test_a_code_is_bound_to_our_host_on_the_last_line(purpose: SmsPurpose) -> None:
    text = replace(CODE, purpose=purpose).text("toegang.example")
    assert text.splitlines()[-1] == "@toegang.example #123456"


def message(home: House, payload: bytes, until: datetime = FAR) -> Message:
    return Message(id=home.ids.uuid(), kind=KIND, to_party="sms-gateway", payload=payload, until=until)


GOOD = b'{"to": "+31612345601", "text": "hello"}'


async def test_a_wrong_secret_is_a_reason_to_try_again_once_it_is_mended(home: House) -> None:
    async with running(build(PLACES)) as url, calling() as outbound:
        carrier = SmsCarrier(outbound=outbound, url=url, secret="obviously wrong")
        with pytest.raises(Unavailable, match="401"):
            await carrier.carry(message(home, GOOD))


async def test_what_the_gateway_cannot_send_is_refused_for_good_without_telling_the_number(
    home: House,
) -> None:
    async with running(build(PLACES)) as url, calling() as outbound:
        carrier = SmsCarrier(outbound=outbound, url=url, secret=secret(Party.TELEPHONE))
        with pytest.raises(Malformed, match="400") as refused:
            await carrier.carry(message(home, b'{"to": "0612345601", "text": "hello"}'))
        assert "0612345601" not in str(refused.value)
        with pytest.raises(Malformed, match="410"):
            await carrier.carry(message(home, GOOD, datetime(2020, 1, 1, tzinfo=UTC)))


async def test_a_gateway_that_is_away_is_tried_again(home: House) -> None:
    async with calling() as outbound:
        carrier = SmsCarrier(outbound=outbound, url="http://127.0.0.1:9", secret="x")
        with pytest.raises(Unavailable):
            await carrier.carry(message(home, GOOD))


async def test_a_message_sent_twice_arrives_once(home: House) -> None:
    async with running(build(PLACES)) as url, calling() as outbound:
        carrier = SmsCarrier(outbound=outbound, url=url, secret=secret(Party.TELEPHONE))
        same = message(home, GOOD)
        await carrier.carry(same)
        await carrier.carry(same)
        received = await outbound.request("page", "GET", f"{url}/telephones/31612345601/texts.json")
        assert received.body.count(b"hello") == 1


async def test_a_code_travels_from_the_act_to_the_telephone(home: House) -> None:
    async with running(build(PLACES)) as url, calling() as outbound:
        carrier = SmsCarrier(outbound=outbound, url=url, secret=secret(Party.TELEPHONE))
        await send(home)
        delivery = replace(home.delivery(), routes={KIND: Route(carrier=carrier)})
        assert await delivery.deliver_due(KIND) == 1
        page = await outbound.request("page", "GET", f"{url}/telephones/31612345601")
        assert b"123456" in page.body
        assert b"Sanne" in page.body
