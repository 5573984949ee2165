"""A push: sealed as the norm's own example is, and sent to the push services that were named alone."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key

from demo.app_device import decode, encode
from demo.app_push import Pushes
from demo.places import Places
from demo.pushservice import build
from tests.demo.running import calling, running
from tests.outbound.servers import answer, party
from tests.post.house import House, house
from toegang.errors import Malformed, Misconfigured, NotEntitled, OneTimeGone, Unavailable
from toegang.keys.push import LARGEST, Once, PushKey, Receiver, seal_push
from toegang.post.delivery import Route
from toegang.post.outbox import Message
from toegang.post.push import (
    KIND,
    LOGIN_WAITS,
    PADDED,
    PushCarrier,
    Pushed,
    PushOrigins,
    PushPost,
    Subscription,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from toegang.clock import FixedClock
    from toegang.outbound.client import Outbound

SECRET = bytes(range(32))
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
KEY = PushKey.derive(SECRET, EPOCH)
PLACES = Places(home=Path("/nonexistent"))  # it keeps nothing on disk

# RFC8291-5 and its appendix: the whole of one message.
TEXT = b"When I grow up, I want to be a watermelon"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
RECEIVER = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
POINT = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
SEALED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6P"
    "Bru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def private(scalar: str) -> object:
    return derive_private_key(int.from_bytes(decode(scalar), "big"), SECP256R1())


@pytest.mark.requires("RFC8291-5", "RFC8188-2")
def test_a_message_is_sealed_octet_for_octet_as_in_the_norms_example() -> None:
    once = Once(private=private(SENDER), salt=decode(SALT))  # type: ignore[arg-type]
    receiver = Receiver(key=decode(POINT), auth=decode(AUTH))
    assert encode(seal_push(TEXT, receiver, once)) == SEALED


@pytest.mark.requires("RFC8291-3")
def test_the_receiver_of_the_norms_example_opens_it() -> None:
    device = Pushes(key=private(RECEIVER), auth=decode(AUTH))  # type: ignore[arg-type]
    assert device.opened(decode(SEALED)) == TEXT


def test_no_two_messages_are_sealed_alike_and_each_opens() -> None:
    device = Pushes()
    receiver = Receiver(key=device.point, auth=device.auth)
    sealed = {seal_push(TEXT, receiver, Once.fresh()) for _ in range(8)}
    assert len(sealed) == 8
    assert {device.opened(each) for each in sealed} == {TEXT}


@pytest.mark.requires("RFC8291-4")
def test_a_text_longer_than_every_push_service_takes_is_refused() -> None:
    receiver = Receiver(key=decode(POINT), auth=decode(AUTH))
    assert len(seal_push(bytes(LARGEST), receiver, Once.fresh())) <= 4096
    with pytest.raises(Malformed):
        seal_push(bytes(LARGEST + 1), receiver, Once.fresh())


def test_our_key_is_made_of_the_secret_alone_and_differs_from_that_of_others() -> None:
    assert PushKey.derive(SECRET, EPOCH).public == KEY.public
    assert PushKey.derive(bytes(reversed(SECRET)), EPOCH).public != KEY.public
    assert (len(KEY.public), KEY.public[0]) == (65, 4)


BAD_POINTS = {
    "nothing": b"",
    "at infinity": b"\x00",
    "compressed": b"\x02" + decode(POINT)[1:33],
    "off the curve": decode(POINT)[:-1] + b"\x00",
    "all zero": b"\x04" + bytes(64),
    "too long": decode(POINT) + b"\x00",
}


@pytest.mark.parametrize("point", BAD_POINTS.values(), ids=BAD_POINTS)
def test_nothing_is_sealed_for_what_is_no_point(point: bytes) -> None:
    with pytest.raises(Malformed):
        Receiver(key=point, auth=decode(AUTH))


@pytest.mark.parametrize("auth", [b"", bytes(15), bytes(17)])
def test_a_subscription_has_a_secret_of_16_octets(auth: bytes) -> None:
    with pytest.raises(Malformed):
        Receiver(key=decode(POINT), auth=auth)


NAMED = PushOrigins.parse(("https://push.example", "https://*.notify.example", "http://localhost:8106"))
ALLOWED = {
    "https://push.example/send/abc": "https://push.example",
    "https://push.example:443/send": "https://push.example",
    "https://db5.notify.example/w/?token=x": "https://db5.notify.example",
    "http://localhost:8106/push/x": "http://localhost:8106",
}
ELSEWHERE = (
    "http://push.example/send",
    "https://push.example:8443/send",
    "https://push.example.attacker.example/send",
    "https://attackerpush.example/send",
    "https://notify.example/send",
    "https://notnotify.example/send",
    "https://attacker.example/push.example",
    "https://attacker.example?https://push.example/",
    "http://localhost:8107/push/x",
    "http://127.0.0.1:8106/push/x",
    "http://169.254.169.254/latest/meta-data",
    "https://[::1]/push",
    "https://2130706433/push",
    "file:///etc/passwd",
    "gopher://push.example/",
    "//push.example/send",
    "push.example",
    "https:///send",
    "https://push.example:99999/send",
)


@pytest.mark.parametrize("address", ALLOWED)
def test_a_push_service_that_was_named_may_be_called(address: str) -> None:
    assert NAMED.origin_of(address) == ALLOWED[address]


@pytest.mark.parametrize("address", ELSEWHERE)
def test_a_subscription_is_no_way_to_make_us_call_anything_else(address: str) -> None:
    with pytest.raises(NotEntitled):
        NAMED.origin_of(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://push.example@attacker.example/",
        "https://push.example\\@attacker.example/",
        "https://push.example/#",
        "https://push.example/a b",
        "https://push.example/\r\nhost: x",
        "https://püsh.example/",
        "https://push.example/" + "x" * 1024,
    ],
)
def test_an_address_that_two_readers_could_read_differently_is_refused(address: str) -> None:
    with pytest.raises(Malformed):
        Subscription.parse(address, POINT, AUTH)


@pytest.mark.parametrize(
    "named", ["push.example", "https://push.example/", "https://*", "ftp://push.example", ""]
)
def test_a_setting_that_is_no_origin_is_refused(named: str) -> None:
    with pytest.raises(Misconfigured):
        PushOrigins.parse((named,))


@dataclass
class Forgot:
    """The port for who keeps subscriptions: remembers what was forgotten."""

    forgotten: list[str] = field(default_factory=list)

    async def forget(self, subscriber: str, subscription: Subscription, now: datetime) -> None:
        del subscription, now
        self.forgotten.append(subscriber)


@pytest.fixture
async def home(tmp_path: Path, clock: FixedClock) -> AsyncIterator[House]:
    async with house(tmp_path, clock) as found:
        yield found


def carrier(home: House, outbound: Outbound, url: str, forgot: Forgot | None = None) -> PushCarrier:
    return PushCarrier(
        outbound=outbound,
        services=PushOrigins.parse((url,)),
        key=KEY,
        contact="mailto:help@toegang.example",
        subscribers=forgot or Forgot(),
        clock=home.clock,
    )


def notice(home: House, address: str, device: Pushes | None = None) -> Message:
    device = device or Pushes()
    told = Subscription.parse(address, encode(device.point), encode(device.auth))
    return Message(
        id=home.ids.uuid(),
        kind=KIND,
        to_party="push",
        payload=json.dumps({"subscriber": "an app", **told.written()}).encode(),
        until=home.clock.now() + timedelta(minutes=2),
        purpose=LOGIN_WAITS,
    )


@pytest.mark.requires("RFC8030-5", "RFC8292-2", "RFC8292-3")
async def test_a_notice_arrives_at_the_device_and_says_nothing_but_its_kind(home: House) -> None:
    device = Pushes()
    async with running(build(PLACES)) as url, calling() as outbound:
        await device.subscribe(url, encode(KEY.public))
        await carrier(home, outbound, url).carry(notice(home, device.endpoint, device))
        assert await device.receive() == {"kind": "login-waits"}


@pytest.mark.requires("RFC8292-4.2")
async def test_nobody_else_pushes_to_a_subscription_that_was_made_for_us(home: House) -> None:
    device, other = Pushes(), PushKey.derive(bytes(reversed(SECRET)), EPOCH)
    async with running(build(PLACES)) as url, calling() as outbound:
        await device.subscribe(url, encode(KEY.public))
        impostor = replace(carrier(home, outbound, url), key=other)
        with pytest.raises(Unavailable, match="403"):
            await impostor.carry(notice(home, device.endpoint, device))


@pytest.mark.requires("RFC8030-7.3")
@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone"])
async def test_a_subscription_that_is_over_is_forgotten(home: House, status: str) -> None:
    forgot = Forgot()
    async with party(answer(b"", status=status)) as seen, calling() as outbound:
        with pytest.raises(OneTimeGone):
            await carrier(home, outbound, seen.url, forgot).carry(notice(home, f"{seen.url}/push/x"))
    assert forgot.forgotten == ["an app"]


async def test_what_goes_out_has_its_life_and_its_size_and_nothing_of_a_person(home: House) -> None:
    async with party(answer(b"", status="201 Created")) as seen, calling() as outbound:
        await carrier(home, outbound, seen.url).carry(notice(home, f"{seen.url}/push/x"))
    head = seen.requests[0].decode().lower()
    assert "ttl: 120\r\n" in head
    assert "urgency: high\r\n" in head
    assert "topic: login-waits\r\n" in head
    assert "content-encoding: aes128gcm\r\n" in head
    assert f"content-length: {16 + 4 + 1 + 65 + PADDED + 1 + 16}\r\n" in head


async def test_a_push_service_does_not_send_us_elsewhere(home: House) -> None:
    async with party(answer(b"", status="201 Created")) as trap, calling() as outbound:
        moved = answer(b"", status="307 Temporary Redirect", headers=f"location: {trap.url}/x\r\n")
        async with party(moved) as seen:
            with pytest.raises(Unavailable):
                await carrier(home, outbound, seen.url).carry(notice(home, f"{seen.url}/push/x"))
    assert trap.requests == []


async def test_a_setting_that_was_taken_back_holds_for_what_waits_in_the_outbox(home: House) -> None:
    async with party(answer(b"", status="201 Created")) as seen, calling() as outbound:
        elsewhere = carrier(home, outbound, "https://push.example")
        with pytest.raises(NotEntitled):
            await elsewhere.carry(notice(home, f"{seen.url}/push/x"))
    assert seen.requests == []


async def test_one_push_service_that_is_away_keeps_no_other_waiting(home: House) -> None:
    """Each has a breaker of its own."""
    async with party(answer(b"", status="503 Service Unavailable")) as down, calling() as outbound:
        for _ in range(6):
            with pytest.raises(Unavailable):
                await carrier(home, outbound, down.url).carry(notice(home, f"{down.url}/push/x"))
        async with party(answer(b"", status="201 Created")) as well:
            await carrier(home, outbound, well.url).carry(notice(home, f"{well.url}/push/x"))
    assert (len(down.requests), len(well.requests)) == (5, 1)


async def test_it_leaves_through_the_outbox_sealed_and_until_nothing_waits_any_more(home: House) -> None:
    device = Pushes()
    async with running(build(PLACES)) as url, calling() as outbound:
        told = await device.subscribe(url, encode(KEY.public))
        post = PushPost(
            outbox=home.outbox, ids=home.ids, services=PushOrigins.parse((url,)), public=KEY.public
        )
        subscription = Subscription.parse(told["endpoint"], told["p256dh"], told["auth"])
        async with home.database.begin() as unit:
            until = home.clock.now() + timedelta(minutes=2)
            pushed = Pushed(subscriber="an app", subscription=subscription, until=until)
            await post.send(unit, pushed, home.clock.now())
        kept = await home.database.all("SELECT sealed, to_party FROM outbox")
        assert device.endpoint.encode() not in kept[0][0]
        assert kept[0][1] == f"push {url}"
        delivery = home.delivery()
        delivery = replace(delivery, routes={KIND: Route(carrier=carrier(home, outbound, url))})
        assert await delivery.deliver_due(KIND) == 1
        assert await asyncio.wait_for(device.receive(), 10) == {"kind": "login-waits"}
