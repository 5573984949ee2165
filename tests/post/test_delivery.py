"""A message leaves the house once, in time, because of an act that happened; then nothing of it stays."""

from __future__ import annotations

import asyncio
import collections
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.post.house import KEY, MINUTE, Carried, House, house
from toegang.audit.events import PostExpired, PostFailed, SmsHandedOver
from toegang.errors import Malformed, Misconfigured, ProofInvalid, Unavailable
from toegang.post.delivery import KEPT, LEASE, LONGEST_PAUSE, Route, pause
from toegang.post.outbox import Bell, Claim, Fate
from toegang.post.sms import handed_over
from toegang.storage.outbox import Outboxes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from toegang.clock import FixedClock
    from toegang.post.outbox import Message, Sealed
    from toegang.units import Unit

SECOND = timedelta(seconds=1)


@pytest.fixture
async def home(tmp_path: Path, clock: FixedClock) -> AsyncIterator[House]:
    async with house(tmp_path, clock) as found:
        yield found


@asynccontextmanager
async def sending(home: House, route: Route | None = None, poll: float = 60.0) -> AsyncIterator[None]:
    """Run the senders beside the test."""
    running = asyncio.create_task(home.delivery(route, poll).run())
    try:
        yield
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def stored(home: House) -> list[tuple[str, bytes | None]]:
    return [(fate, sealed) for fate, sealed in await home.database.all("SELECT fate, sealed FROM outbox")]


async def test_a_message_of_an_act_that_was_rolled_back_is_never_sent(home: House) -> None:
    with pytest.raises(RuntimeError, match="the act failed"):
        await act_that_fails(home)
    assert await home.delivery().deliver_due("note") == 0
    assert home.carried.messages == []


async def act_that_fails(home: House) -> None:
    async with home.database.begin() as unit:
        await home.outbox.put(unit, home.message(), home.clock.now())
        message = "the act failed"
        raise RuntimeError(message)


async def test_a_message_is_not_sent_from_the_moment_of_its_end(home: House) -> None:
    await home.put(home.message(life=MINUTE))
    home.clock.advance(MINUTE)
    await home.delivery().deliver_due("note")
    assert home.carried.messages == []
    assert await stored(home) == [("expired", None)]
    (event,) = home.heard.events
    assert isinstance(event, PostExpired)
    assert (event.purpose, event.attempts) == ("test-note", 0)


async def test_what_the_party_will_never_take_is_erased_and_recorded_and_not_tried_again(home: House) -> None:
    home.carried.trouble = [Malformed("a-party answered 422")]
    await home.put(home.message())
    await home.delivery().deliver_due("note")
    home.clock.advance(30 * SECOND)
    assert await home.delivery().deliver_due("note") == 0
    assert await stored(home) == [("refused", None)]
    (event,) = home.heard.events
    assert isinstance(event, PostFailed)
    assert (event.code, event.attempts) == ("malformed", 1)


async def test_a_payload_moved_to_another_message_does_not_open(home: House) -> None:
    await home.put(home.message(b"to the mayor"))
    await home.put(home.message(b"to the burglar"))
    async with home.database.begin() as unit:
        claim = Claim(name="test", kind="note", limit=9, until=home.clock.now() + LEASE)
        first, second = await home.store.claim(unit, claim, home.clock.now())
    assert b"mayor" not in first.sealed
    with pytest.raises(ProofInvalid):
        KEY.open(first.sealed, second.id.bytes + b"note")


async def test_a_delivered_payload_is_erased_and_the_delivery_recorded_with_its_duration(home: House) -> None:
    await home.put(home.message(b"hello"))
    home.clock.advance(timedelta(milliseconds=250))
    await home.delivery(Route(carrier=home.carried, handed_over=handed_over)).deliver_due("note")
    assert [message.payload for message in home.carried.messages] == [b"hello"]
    assert await stored(home) == [("delivered", None)]
    (event,) = home.heard.events
    assert isinstance(event, SmsHandedOver)
    assert (event.message, event.milliseconds) == (home.carried.messages[0].id, 250)


async def test_a_party_that_is_away_is_tried_again_later_and_later(home: House) -> None:
    home.carried.trouble = [Unavailable(retry_after=1), Unavailable(retry_after=1)]
    await home.put(home.message())
    delivery = home.delivery()
    assert await delivery.deliver_due("note") == 1
    home.clock.advance(SECOND / 2)
    assert await delivery.deliver_due("note") == 0
    home.clock.advance(SECOND / 2)
    assert await delivery.deliver_due("note") == 1
    home.clock.advance(2 * SECOND)
    assert await delivery.deliver_due("note") == 1
    assert len(home.carried.messages) == 1
    assert delivery.outcomes == {("note", "unavailable"): 2, ("note", "delivered"): 1}


async def test_a_message_that_never_got_through_is_erased_at_its_end(home: House) -> None:
    home.carried.trouble = [Unavailable(retry_after=3600)]
    await home.put(home.message(life=MINUTE))
    await home.delivery().deliver_due("note")
    home.clock.advance(MINUTE)
    await home.delivery().deliver_due("note")
    assert await stored(home) == [("expired", None)]


async def test_a_defect_in_one_carrier_costs_that_message_a_pause_and_no_other(home: House) -> None:
    home.carried.trouble = [ZeroDivisionError(), Misconfigured("no secret")]
    for _ in range(3):
        await home.put(home.message())
    assert await home.delivery().deliver_due("note") == 3
    assert len(home.carried.messages) == 1
    home.clock.advance(5 * SECOND)
    await home.delivery().deliver_due("note")
    assert len(home.carried.messages) == 3


async def test_after_a_sender_died_the_same_message_is_carried_again_under_the_same_id(home: House) -> None:
    message = home.message(life=timedelta(hours=1))
    await home.put(message)
    async with home.database.begin() as unit:
        claim = Claim(name="dies", kind="note", limit=1, until=home.clock.now() + LEASE)
        (held,) = await home.store.claim(unit, claim, home.clock.now())
    assert await home.delivery().deliver_due("note") == 0
    home.clock.advance(LEASE)
    assert await home.delivery().deliver_due("note") == 1
    assert home.carried.messages[0].id == message.id
    async with home.database.begin() as unit:
        assert not await home.store.settle(unit, held, Fate.REFUSED, home.clock.now())
        assert not await home.store.postpone(unit, held, home.clock.now())


async def test_a_message_is_held_back_until_its_time(home: House) -> None:
    now = home.clock.now()
    message = home.message()
    later = type(message)(
        id=message.id, kind="note", to_party="a", payload=b"", until=now + MINUTE, not_before=now + SECOND
    )
    await home.put(later)
    assert await home.delivery().deliver_due("note") == 0
    home.clock.advance(SECOND)
    assert await home.delivery().deliver_due("note") == 1


async def test_putting_the_same_message_twice_sends_it_once(home: House) -> None:
    message = home.message()
    await home.put(message)
    await home.put(message)
    await home.delivery().deliver_due("note")
    assert len(home.carried.messages) == 1


async def test_the_sender_wakes_when_the_act_commits_and_long_before_its_poll(home: House) -> None:
    arrived = asyncio.Event()
    home.carried.on_carry = arrived.set
    async with sending(home):
        await asyncio.wait_for(idle(home), 5)
        await home.put(home.message())
        await asyncio.wait_for(arrived.wait(), 1)


async def test_what_another_worker_put_is_carried_at_the_next_look(home: House) -> None:
    arrived, elsewhere = asyncio.Event(), replace(home, bell=Bell())
    home.carried.on_carry = arrived.set
    async with sending(home, poll=0.01):
        await asyncio.wait_for(idle(home), 5)
        await elsewhere.put(home.message())
        await asyncio.wait_for(arrived.wait(), 5)


async def idle(home: House) -> None:
    """Wait until the sender waits for the bell."""
    while "note" not in home.bell._rung:  # noqa: ASYNC110 the bell does not tell who listens
        await asyncio.sleep(0)


async def test_many_messages_are_all_carried_and_never_more_at_once_than_the_route_says(home: House) -> None:
    everything = asyncio.Event()
    slow = Slow(most=20, done=everything)
    for _ in range(20):
        await home.put(home.message())
    async with sending(home, Route(carrier=slow, at_once=3)):
        await asyncio.wait_for(everything.wait(), 10)
    assert len(set(slow.ids)) == 20
    assert slow.peak == 3


class Slow(Carried):
    """A carrier that takes a turn of the loop, and watches how many are inside."""

    def __init__(self, most: int, done: asyncio.Event) -> None:
        super().__init__()
        self.most, self.done = most, done
        self.ids: list[object] = []
        self.inside = self.peak = 0

    async def carry(self, message: object) -> None:
        self.inside += 1
        self.peak = max(self.peak, self.inside)
        await asyncio.sleep(0)
        self.inside -= 1
        self.ids.append(getattr(message, "id", None))
        if len(self.ids) == self.most:
            self.done.set()


async def test_the_backlog_tells_what_is_due_and_since_when(home: House) -> None:
    began = home.clock.now()
    await home.put(home.message())
    home.clock.advance(SECOND)
    await home.put(home.message())
    (backlog,) = await home.delivery().backlog()
    assert (backlog.kind, backlog.waiting, backlog.oldest) == ("note", 2, began)


async def test_ids_of_settled_messages_are_forgotten_after_a_month_and_waiting_ones_never(
    home: House,
) -> None:
    await home.put(home.message())
    await home.delivery().deliver_due("note")
    await home.put(home.message(life=timedelta(days=90)))
    assert await home.delivery().sweep() == 0
    home.clock.advance(KEPT + SECOND)
    assert await home.delivery().sweep() == 1
    assert len(await stored(home)) == 1


def test_the_pause_doubles_keeps_to_what_the_party_asked_and_has_an_end() -> None:
    assert [pause(n, Unavailable(retry_after=1)).total_seconds() for n in (1, 2, 3, 9)] == [1, 2, 4, 256]
    assert pause(1, Unavailable(retry_after=30)) == 30 * SECOND
    assert pause(60, Unavailable()) == LONGEST_PAUSE


class Hanging:
    """A carrier that never comes back from one party."""

    def __init__(self) -> None:
        self.under_way = collections.Counter[str]()
        self.done: list[str] = []
        self.over = asyncio.Event()
        self.enough = {10: asyncio.Event(), 40: asyncio.Event()}

    async def carry(self, message: Message) -> None:
        self.under_way[message.to_party] += 1
        if message.to_party == "hangs":
            await self.over.wait()
        self.done.append(message.to_party)
        if len(self.done) in self.enough:
            self.enough[len(self.done)].set()


async def test_a_party_that_hangs_holds_its_own_places_and_keeps_no_other_waiting(home: House) -> None:
    carrier = Hanging()
    for number in range(30):
        await home.put(replace(home.message(), to_party="hangs"))
        if number >= 20:
            await home.put(replace(home.message(), to_party=f"other-{number % 3}"))
    async with sending(home, Route(carrier=carrier, at_once=4, each=2)):
        await asyncio.wait_for(carrier.enough[10].wait(), 30)
        assert carrier.under_way["hangs"] == 2
        assert "hangs" not in carrier.done
        carrier.over.set()
        await asyncio.wait_for(carrier.enough[40].wait(), 30)
    assert carrier.under_way.total() == 40


async def test_of_one_party_no_more_is_claimed_than_it_has_places(home: House) -> None:
    for _ in range(5):
        await home.put(replace(home.message(), to_party="one"))
    await home.put(replace(home.message(), to_party="two"))
    delivery = home.delivery(Route(carrier=home.carried, at_once=8, each=2))
    assert await delivery.deliver_due("note") == 3
    assert sorted(each.to_party for each in home.carried.messages) == ["one", "one", "two"]
    assert [await delivery.deliver_due("note") for _ in range(3)] == [2, 1, 0]


async def test_what_was_claimed_before_the_store_went_away_is_carried(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for party in ("one", "two", "three"):
        await home.put(replace(home.message(), to_party=party))
    claim, times = Outboxes.claim, iter(range(9))

    async def twice(store: Outboxes, unit: Unit, asked: Claim, now: datetime) -> Sequence[Sealed]:
        if next(times) == 2:
            raise Unavailable
        return await claim(store, unit, asked, now)

    monkeypatch.setattr(Outboxes, "claim", twice)
    delivery = home.delivery(Route(carrier=home.carried, each=2))
    assert await delivery.deliver_due("note") == 2
    assert len(home.carried.messages) == 2
    assert await delivery.deliver_due("note") == 1
