"""What goes on beside requests: the trail's window, the day's tidying, proofs withdrawn, figures counted."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from prometheus_client.metrics import MetricWrapperBase

from tests.journeys.house import House
from tests.journeys.party import TOWN_PARTY, answer, claims, follow
from toegang.identity.people import PersonId
from toegang.mandates.job import Job, JobId, JobKind, JobState
from toegang.mandates.party import PartyId
from toegang.means.base import Authentication
from toegang.means.citizen.notices import ProofsWithdrawn
from toegang.provider.oidc.withdrawn import WithdrawnProofs
from toegang.storage import Leases


async def logged_in(house: House) -> dict[str, str]:
    browser = house.browser()
    code = answer(await follow(browser, TOWN_PARTY.url()))["code"]
    tokens: dict[str, str] = (await TOWN_PARTY.redeem(browser, code)).json()
    return tokens


def samples(metric: MetricWrapperBase) -> dict[tuple[str, ...], float]:
    """Return what was counted, by the values of the labels."""
    return {
        tuple(sample.labels.values()): sample.value
        for family in metric.collect()
        for sample in family.samples
        if sample.name.endswith(("_total", "_count"))
    }


async def test_events_get_their_place_within_a_second_though_the_holder_of_the_lease_died(
    house: House,
) -> None:
    ground, now = house.app.ground, house.clock.now()
    async with ground.units.begin() as unit:
        assert await Leases().acquire(unit, "sequencer", "a node that died", now + timedelta(hours=1), now)
    loops = asyncio.create_task(house.app.loops.run())
    try:
        await logged_in(house)
        house.clock.advance(timedelta(seconds=0.6))
        async with asyncio.timeout(60):
            while (await ground.trail.lag(house.clock.now())).waiting:  # noqa: ASYNC110 a database rings no bell
                await asyncio.sleep(0)
    finally:
        loops.cancel()
        with suppress(asyncio.CancelledError):
            await loops


async def test_work_on_many_mandates_goes_on_beside_requests_on_the_node_with_the_lease(house: House) -> None:
    ground, jobs, now = house.app.ground, house.app.rooms.representing.jobs, house.clock.now()
    first, second = (PartyId(UUID(int=each)) for each in (1, 2))
    job = Job(
        id=JobId(UUID(int=3)),
        kind=JobKind.END_EVERYTHING,
        first=first,
        second=second,
        by=str(first),
        created=now,
    )
    async with ground.units.begin() as unit:
        assert await jobs.store.add(unit, job)
    loops = asyncio.create_task(house.app.loops.run())
    try:
        async with asyncio.timeout(60):
            while (await jobs.find(job.id)).state is JobState.RUNNING:  # noqa: ASYNC110 a database rings no bell
                await asyncio.sleep(0)
    finally:
        loops.cancel()
        with suppress(asyncio.CancelledError):
            await loops
    async with ground.units.begin() as unit:
        assert not await Leases().acquire(unit, "mandate-jobs", "another node", now, now)


async def test_the_days_work_is_done_once_a_day_over_all_nodes(house: House) -> None:
    loops = house.app.loops
    done = [await loops.tidy() for _ in range(3)]
    house.clock.advance(timedelta(days=1))

    assert done == [True, False, False]
    assert await loops.tidy()


async def test_who_an_event_was_about_is_forgotten_after_the_retention_and_the_proof_stays(
    house: House,
) -> None:
    tokens = await logged_in(house)
    loops, trail = house.app.loops, house.app.ground.trail
    await loops.sequencer.step()
    reference = str(claims(tokens["id_token"])["reference"])
    before = await trail.by_reference(reference)
    house.clock.advance(timedelta(days=2558))
    await loops.tidy()
    after = await trail.by_reference(reference)

    assert [one.event.name for one in after] == [one.event.name for one in before]
    assert {one.event.name for one in after} >= {"login:started", "login:completed"}
    assert "bench-person" not in repr(after)


async def test_withdrawn_proofs_end_sessions_and_grants_of_that_account_only(house: House) -> None:
    kept, ended = await logged_in(house), await logged_in(house)
    ground, logouts = house.app.ground, house.app.rooms.logouts
    reference = str(claims(ended["id_token"])["reference"])
    proven = await proof_of(house, reference)
    carrier = WithdrawnProofs(logouts=logouts, clock=house.clock)
    person = proven.subject.person or PersonId(UUID(int=1))
    notice = ProofsWithdrawn(
        means=proven.means,
        account="somebody else's",
        person=person,
        why="password-changed",
        at=house.clock.now() + timedelta(seconds=1),
    )
    await carrier.carry(notice.message(ground.ids))
    untouched = [await status(house, one) for one in (kept, ended)]
    await carrier.carry(replace(notice, account=proven.subject.identifier).message(ground.ids))
    await carrier.carry(replace(notice, account=proven.subject.identifier).message(ground.ids))
    names = [one.event for one in await ground.trail.by_reference(reference)]

    assert untouched == [200, 200]
    assert await status(house, ended) == 401
    assert [str(event.why) for event in names if event.name == "token:revoked"] == ["proof"]  # type: ignore[attr-defined]


async def proof_of(house: House, reference: str) -> Authentication:
    """Return what a login proved, from its grant."""
    rows = await house.app.ground.database.all("SELECT id FROM grants")
    states = [await house.app.rooms.logouts.grants.find(str(row[0])) for row in rows]
    return next(one.grant.proven for one in states if one and one.grant.reference == reference)


async def status(house: House, tokens: dict[str, str]) -> int:
    headers = {"authorization": f"Bearer {tokens['access_token']}"}
    return (await house.browser().get("/oidc/userinfo", headers=headers)).status_code


async def test_logins_refusals_and_requests_are_counted_by_words_of_our_own(house: House) -> None:
    metrics = house.app.ground.metrics
    await logged_in(house)
    await house.browser().get("/login/nobody-knows-this-one")
    refused = await TOWN_PARTY.redeem(house.browser(), "a code of nobody")
    await house.app.loops.gauges.look()

    assert samples(metrics.started) == {("low",): 1.0}
    assert samples(metrics.completed) == {("high", "bench"): 1.0}
    assert samples(metrics.requests)["GET", "/oidc/authorize", "3xx"] == 1.0
    assert samples(metrics.requests)["GET", "/login/{login}", "4xx"] == 1.0
    assert refused.status_code == 400
    assert samples(metrics.refusals) == {("one-time-gone",): 1.0}
    assert "nobody-knows-this-one" not in json.dumps([list(key) for key in samples(metrics.requests)])
