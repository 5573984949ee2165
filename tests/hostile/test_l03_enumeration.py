"""L03: whether somebody has an account is told by no answer, no work and no time."""

from __future__ import annotations

import math
import random
import sqlite3
import statistics
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.means.bureau import (
    GOOD,
    NOBODY,
    OTHER,
    SANNE,
    Bureau,
    browser,
    bureau_on,
    particulars,
)
from tests.parts import full
from tests.volumes import volume
from toegang.clock import monotonic
from toegang.errors import CredentialsWrong, Refusal
from toegang.means.citizen.attempts import Credentials
from toegang.means.citizen.hashing import Cost
from toegang.means.citizen.policy import Limit, Policy
from toegang.means.citizen.records import SignIn
from toegang.means.citizen.recovering import Claimant
from toegang.storage import SqliteDatabase

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.volumes import Counting

PAIRS = volume(40, 2_000)
FREE = Limit(most=10**9, window=timedelta(days=1))
OPEN = Policy(
    name_tries=FREE,
    network_failures=FREE,
    same_password=FREE,
    recoveries=FREE,
    applications=FREE,
    letters=FREE,
    failures_most=10**9,
)


async def work_of(bureau: Bureau, act: Callable[[], Awaitable[object]]) -> Counter[str]:
    """Count the statements of one act, and the hashes, and the questions to the register."""
    seen: Counter[str] = Counter()
    database = bureau.database
    assert isinstance(database, SqliteDatabase)
    connections = [database._writer, database._reader]
    for connection in connections:
        assert isinstance(connection, sqlite3.Connection)
        connection.set_trace_callback(lambda sql: seen.update([" ".join(sql.split()[:3])]))
    hashes, asked = bureau.desk.hasher.done, bureau.register.asked
    try:
        await act()
    except Refusal as refused:
        seen[f"refused {refused.code} {refused.detail}"] += 1
    finally:
        for connection in connections:
            assert connection is not None
            connection.set_trace_callback(None)
    seen["hashes"] = bureau.desk.hasher.done - hashes
    seen["questions"] = bureau.register.asked - asked
    return seen


async def signing_in(bureau: Bureau, name: str) -> Counter[str]:
    login = await bureau.start()
    return await work_of(bureau, lambda: bureau.password(login, name, OTHER))


async def test_signing_in_does_the_same_work_for_a_name_that_nobody_has(bureau: Bureau) -> None:
    await bureau.active()
    await signing_in(bureau, "somebody")  # the first failure from a network makes a row for it
    known, unknown = await signing_in(bureau, "sanne88"), await signing_in(bureau, "nobody8")
    assert known == unknown
    assert known["hashes"] == 1


async def test_signing_in_does_the_same_work_when_throttled(bureau: Bureau) -> None:
    await bureau.active()
    for name in ("sanne88", "nobody8"):
        for _ in range(4):
            await signing_in(bureau, name)
    known, unknown = await signing_in(bureau, "sanne88"), await signing_in(bureau, "nobody8")
    assert known == unknown
    assert known["hashes"] == 0


async def test_asking_for_recovery_does_the_same_but_for_the_letter(bureau: Bureau) -> None:
    await bureau.active()

    async def asking(name: str) -> Counter[str]:
        claimant = Claimant(name=name, bsn=SANNE)
        return await work_of(
            bureau, lambda: bureau.door.recovering.ask(browser(), claimant, "nl", bureau.now)
        )

    await asking("somebody")
    known, unknown = await asking("sanne88"), await asking("nobody8")
    assert known - unknown == Counter({"INSERT INTO outbox": 1})
    assert unknown - known == Counter()


async def test_giving_a_recovery_code_does_the_same_work(bureau: Bureau) -> None:
    await bureau.active()

    async def giving(name: str) -> Counter[str]:
        claimant = Claimant(name=name, bsn=SANNE)
        await bureau.door.recovering.ask(browser(), claimant, "nl", bureau.now)
        opening = bureau.door.recovering.open
        return await work_of(bureau, lambda: opening(browser(), claimant, "wrong", bureau.now))

    assert await giving("sanne88") == await giving("nobody8")


async def test_applying_answers_the_same_for_everybody(bureau: Bureau) -> None:
    await bureau.active()

    async def beginning(bsn: object) -> Counter[str]:
        who = particulars(SANNE if bsn is SANNE else NOBODY)
        return await work_of(bureau, lambda: bureau.door.applying.begin(browser(), who, "nl", bureau.now))

    assert await beginning(SANNE) == await beginning(NOBODY)


async def test_an_application_that_fits_nobody_signs_in_like_one_that_waits_for_its_letter(
    bureau: Bureau,
) -> None:
    await bureau.apply(number=None)
    await bureau.apply(particulars(NOBODY), name="nobody8", number=None)

    async def waiting(name: str) -> Counter[str]:
        login = await bureau.start()
        return await work_of(bureau, lambda: bureau.password(login, name, GOOD))

    assert await waiting("sanne88") == await waiting("nobody8")
    for name in ("sanne88", "nobody8"):
        login = await bureau.start()
        assert isinstance(await bureau.password(login, name, GOOD), SignIn)
        with pytest.raises(CredentialsWrong):
            await bureau.door.signing_in.activate(login, browser(), "2222-2222-2222", bureau.now)


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("threshold", [0.01])
async def test_signing_in_takes_the_same_time(bureau: Bureau, threshold: float, counting: Counting) -> None:
    timed = bureau_on(bureau.database, bureau.clock, OPEN, Cost() if full() else Cost(memory=64, passes=1))
    await timed.active()
    known, unknown = await timed_pairs(timed, counting)
    assert min(*known, *unknown) >= OPEN.answer_step.total_seconds()
    if not full():
        # A short run on a busy machine shows only what is gross: a hash that one of the two lacks.
        assert statistics.median(known) < 3 * statistics.median(unknown)
        assert statistics.median(unknown) < 3 * statistics.median(known)
    elif not alike(known, unknown, threshold):
        # One run in a hundred differs by chance, and a difference that is there is there again.
        assert alike(*await timed_pairs(timed, counting), threshold)
    timed.desk.hasher.close()


async def timed_pairs(timed: Bureau, counting: Counting) -> tuple[list[float], list[float]]:
    """Time signing in with a name that somebody has and with one that nobody has, in turns.

    Each comes first every other time: what the first of two leaves behind is no difference between names.
    """
    times: dict[str, list[float]] = {"sanne88": [], "nobody8": []}
    for number in counting("pairs of sign-ins", PAIRS):
        for name in sorted(times, reverse=bool(number % 2)):
            login = await timed.start()
            typed = Credentials(name=name, password=OTHER)
            began = monotonic()
            try:
                await timed.door.signing_in.password(login, browser(), typed, timed.now)
            except CredentialsWrong:  # what comes after it (frames that are freed) is no answer
                times[name].append(monotonic() - began)
    known, unknown = times.values()
    assert len(known) == len(unknown) == PAIRS
    return known, unknown


def alike(known: list[float], unknown: list[float], threshold: float) -> bool:
    """Tell whether two samples that were taken in pairs tell nothing.

    What a pair differs in is looked at, for the load of a machine comes and goes and both of a pair meet it.
    The median of each by itself is a whole step further once a machine is so busy that half of them miss one.
    """
    apart = [one - other for one, other in zip(known, unknown, strict=True)]
    return signed_rank(apart) > threshold and abs(statistics.median(apart)) < 0.001


def signed_rank(apart: list[float]) -> float:
    """Return how likely it is that differences lie so much to one side by chance (Wilcoxon, two-sided)."""
    ranked = sorted(filter(None, apart), key=abs)
    above = sum(rank for rank, each in enumerate(ranked, 1) if each > 0)
    n = len(ranked)
    z = abs(above - n * (n + 1) / 4) / math.sqrt(n * (n + 1) * (2 * n + 1) / 24)
    return math.erfc(z / math.sqrt(2))


def test_a_difference_is_seen_through_a_load_that_comes_and_goes() -> None:
    """A tenth of a millisecond, where what all take goes up and down by a thousand times that."""
    rng = random.Random(3)  # noqa: S311 - repeatable, nothing secret
    load = [0.05 * (1 + math.sin(number / 50)) for number in range(2_000)]

    def busy(more: float) -> list[float]:
        return [each + more + rng.gauss(0, 0.0005) for each in load]

    assert alike(busy(0), busy(0), 0.01)
    assert not alike(busy(0.0001), busy(0), 1e-6)
    assert not alike(busy(0), busy(0.0001), 1e-6)


def test_steps_that_a_busy_machine_misses_are_no_difference_but_more_missed_ones_are() -> None:
    """Where half of the answers leave a step later, the medians of the two may lie a whole step apart."""
    rng = random.Random(3)  # noqa: S311 - repeatable, nothing secret
    step = OPEN.answer_step.total_seconds()

    def missing(share: float) -> list[float]:
        late = [rng.random() < share for _ in range(2_000)]
        return [step * (1 + each) + rng.random() / 1e5 for each in late]

    assert alike(missing(0.49), missing(0.51), 0.01)
    assert not alike(missing(0.5), missing(0.6), 1e-6)
