"""Who was told by a login that somebody acts for another is told when that has ended."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.hostile.scenes import events, names_of_events
from tests.hostile.systems import (
    EVERYTHING,
    NOOR,
    OTHER,
    PIETER,
    SANNE,
    SYSTEM,
    World,
    admits,
    open_world,
    system,
)
from tests.journeys.house import ISSUER, House
from tests.journeys.leaving import Sites, sites
from tests.journeys.party import claims
from tests.mandates import builders
from toegang.assurance import Level
from toegang.audit.events import PostFailed, StatementEndTold
from toegang.catalogue.values import Client, ClientId
from toegang.clock import epoch
from toegang.jose.compact import parse_compact
from toegang.jose.public_keys import PublicKeySet
from toegang.jose.verify import verify
from toegang.mandates import ended
from toegang.mandates.decide import Asker
from toegang.mandates.edge import Edge
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.life import Act
from toegang.mandates.moves import Mover
from toegang.mandates.statement import Binding, Statement
from toegang.provider.authzen import notices

EVENTS = "/events"
DOWN = 20
"""Statements in use at a client that does not answer; a worker carries eight notices at a time."""


def told_at(url: str, id_: ClientId = SYSTEM) -> Client:
    return system(id_, api=replace(EVERYTHING, events_uri=url + EVENTS))


async def stated(
    world: World, login: str = "login-1", client: ClientId = SYSTEM, *, redeemed: bool = True
) -> Statement:
    """Have Pieter log in for Sanne at the town, through a client."""
    house = world.house
    room, now = house.app.rooms.representing.mandates, house.clock.now()
    binding = Binding(transaction=login, audience=client, nonce="n", session="s")
    asker = Asker(actor=world.ids[PIETER], authenticated=Level.HIGH, service=admits(), requested=Level.LOW)
    made = await room.state(asker, world.ids[SANNE], binding, now, NOTHING_TOLD)
    return made if not redeemed else await room.redeem(binding, admits(), now)


async def given(world: World) -> Edge:
    room = world.house.app.rooms.representing.mandates
    (edge,) = await room.edges.between(world.ids[SANNE], world.ids[PIETER])
    return edge


async def deliver(house: House, *, rounds: int = 1) -> None:
    delivery = house.app.loops.delivery
    await delivery.deliver_due(ended.KIND)
    for _ in range(rounds):
        await delivery.deliver_due(notices.KIND)


def heard(served: Sites) -> list[str]:
    return [body.decode() for body in served.heard.get(EVENTS, [])]


def takes(status: str, body: bytes = b"") -> dict[str, object]:
    return {EVENTS: lambda *_: (status, body)}


@pytest.mark.requires("RFC8417-2.2", "RFC8935-2.1")
async def test_the_client_gets_one_signed_event_for_each_statement_in_use(quiet: House) -> None:
    world = await open_world(quiet)
    async with sites() as served:
        served.answers |= takes("202 Accepted")
        await quiet.put(told_at(served.url), told_at(served.url, OTHER))
        mine, others = await stated(world), await stated(world, "login-2", OTHER)
        await world.revoke(await given(world))
        await deliver(quiet, rounds=2)
        await deliver(quiet)
        tokens = heard(served)
    ring = quiet.app.rooms.openid.keys.ring()
    published = PublicKeySet.of_records(ring.published(quiet.clock.now()))
    for text in tokens:
        verify(parse_compact(text), published, algorithms=frozenset({"ES256"}), types=("secevent+jwt",))
    found = {claims(text)["aud"]: claims(text) for text in tokens}
    assert len(tokens) == len(found) == 2
    assert found[SYSTEM]["sub_id"] == {"format": "opaque", "id": str(mine.id)}
    assert found[OTHER]["sub_id"] == {"format": "opaque", "id": str(others.id)}
    told = found[SYSTEM]
    assert (told["iss"], told["toe"]) == (ISSUER, epoch(quiet.clock.now()))
    assert told["events"] == {"urn:toegang:event:statement-ended": {}}
    assert not {"sub", "exp", "nonce"} & set(told)
    assert sum(isinstance(each, StatementEndTold) for each in await events(quiet)) == 2


async def test_nobody_is_told_of_what_was_never_used_or_long_ago_or_grew(quiet: House) -> None:
    world = await open_world(quiet)
    async with sites() as served:
        await quiet.put(told_at(served.url))
        unused = await world.give(NOOR, PIETER)
        await world.revoke(unused)
        await stated(world)
        edge, room = await given(world), quiet.app.rooms.representing.mandates
        longer = replace(edge.terms, until=edge.terms.until + timedelta(days=5))
        by = Mover.self(edge.principal, Level.HIGH)
        move = builders.move(Act.EXTEND, by, terms=longer)
        edge = await room.move(edge.id, edge.version, move, (admits(),), quiet.clock.now(), NOTHING_TOLD)
        quiet.clock.advance(ended.LIVES + timedelta(seconds=1))
        await world.revoke(edge)
        await deliver(quiet)
        assert heard(served) == []


async def test_who_logged_in_by_the_mandate_as_it_is_now_hears_of_its_end_and_not_of_what_it_was(
    quiet: House,
) -> None:
    world = await open_world(quiet)
    async with sites() as served:
        served.answers |= takes("202 Accepted")
        await quiet.put(told_at(served.url))
        before, edge = await stated(world), await given(world)
        room, now = quiet.app.rooms.representing.mandates, quiet.clock.now()
        less = replace(edge.terms, until=edge.terms.until - timedelta(days=5))
        move = builders.move(Act.RESTRICT, Mover.self(edge.principal, Level.HIGH), terms=less)
        await room.move(edge.id, edge.version, move, (admits(),), now, NOTHING_TOLD)
        after = await stated(world, "login-2")  # before anything was delivered
        await deliver(quiet)
        assert [claims(text)["sub_id"]["id"] for text in heard(served)] == [str(before.id)]
        await world.revoke(await given(world))
        await deliver(quiet)
        assert [claims(text)["sub_id"]["id"] for text in heard(served)][1:] == [str(after.id)]


async def test_who_registered_no_address_or_was_closed_is_not_told(lone_quiet: House) -> None:
    world = await open_world(lone_quiet)
    async with sites() as served:
        await lone_quiet.put(told_at(served.url, OTHER))
        await stated(world)
        await stated(world, "login-2", OTHER)
        await world.revoke(await given(world))
        await lone_quiet.app.loops.delivery.deliver_due(ended.KIND)
        await lone_quiet.put(replace(told_at(served.url, OTHER), enabled=False))
        await lone_quiet.app.loops.delivery.deliver_due(notices.KIND)
        assert heard(served) == []
    assert [each.code for each in await events(lone_quiet) if isinstance(each, PostFailed)] == [
        "party-closed"
    ]


@pytest.mark.requires("RFC8935-2.3")
async def test_a_receiver_that_says_no_is_not_asked_again_and_one_that_fails_is(lone_quiet: House) -> None:
    world = await open_world(lone_quiet)
    async with sites() as served:
        await lone_quiet.put(told_at(served.url))
        await stated(world)
        served.answers |= takes("503 Busy")
        await world.revoke(await given(world))
        await deliver(lone_quiet)
        assert len(heard(served)) == 1
        for status in ("200 OK", "301 Elsewhere"):
            lone_quiet.clock.advance(timedelta(hours=1))
            served.answers |= takes(status)
            await deliver(lone_quiet)
        assert len(heard(served)) == 3
        lone_quiet.clock.advance(timedelta(hours=1))
        served.answers |= takes("400 No", json.dumps({"err": "invalid_key", "description": "x"}).encode())
        await deliver(lone_quiet)
        lone_quiet.clock.advance(timedelta(hours=1))
        await deliver(lone_quiet)
        jtis = {claims(text)["jti"] for text in heard(served)}
    assert (len(heard(served)), len(jtis)) == (4, 1)
    assert (await names_of_events(lone_quiet)).count("post:failed") == 1


@pytest.mark.requires("RFC8935-2.1")
async def test_a_receiver_that_is_down_keeps_no_other_waiting_and_is_given_up_after_a_day(
    lone_quiet: House,
) -> None:
    house = lone_quiet
    world = await open_world(house)
    delivery = house.app.loops.delivery
    async with sites() as served, sites() as gone:
        served.answers |= takes("202 Accepted")
        down = gone.url
        await house.put(told_at(down), told_at(served.url, OTHER))
        for number in range(DOWN):
            await stated(world, f"login-{number}")
        waits = await stated(world, "login-of-another", OTHER)
        gone.answers |= takes("503 Down")
        await world.revoke(await given(world))
        await delivery.deliver_due(ended.KIND)
        rounds = 0
        while not heard(served):
            rounds += 1
            assert rounds <= 1 + DOWN // 8, "it waits for who is down"
            await delivery.deliver_due(notices.KIND)
        assert [claims(text)["sub_id"]["id"] for text in heard(served)] == [str(waits.id)]
        # RFC8935-2: it is called less and less: not once for each message, and not at once again.
        for _ in range(4):
            await delivery.deliver_due(notices.KIND)
        called = len(heard(gone))
        assert called <= 8
        await delivery.deliver_due(notices.KIND)
        assert len(heard(gone)) == called
        house.clock.advance(notices.TRIED_FOR)
        while await delivery.deliver_due(notices.KIND):
            continue
    assert (await names_of_events(house)).count("post:expired") == DOWN
    assert sum(each.waiting for each in await delivery.backlog()) == 0


async def test_an_address_on_a_network_that_is_not_ours_to_call_is_never_called(lone_quiet: House) -> None:
    """SSRF: what stands in the catalogue is held to the networks that the settings allow, at each call."""
    world = await open_world(lone_quiet)
    await lone_quiet.put(told_at("https://169.254.169.254"))
    await stated(world)
    await world.revoke(await given(world))
    await deliver(lone_quiet)
    outcomes = lone_quiet.app.loops.delivery.outcomes
    assert outcomes[notices.KIND, "delivered"] == 0
    assert sum(many for (kind, _), many in outcomes.items() if kind == notices.KIND) == 1
