"""What could tell whether somebody has an account is answered at whole steps of time (security line L03)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.means.bureau import GOOD, NOBODY, OTHER, SANNE, Bureau, browser, bureau_on, particulars
from toegang.clock import monotonic
from toegang.errors import Refusal
from toegang.means.citizen.evenly import left
from toegang.means.citizen.policy import NO_WAIT, Policy
from toegang.means.citizen.recovering import Claimant

STEP = timedelta(milliseconds=40)
NAMES = ("sanne88", "nobody8")


async def gives_a_password(bureau: Bureau, name: str) -> float:
    login = await bureau.start()
    return await taken_by(lambda: bureau.password(login, name, OTHER))


async def asks_for_recovery(bureau: Bureau, name: str) -> float:
    claimant = Claimant(name=name, bsn=SANNE)
    return await taken_by(lambda: bureau.door.recovering.ask(browser(), claimant, "nl", bureau.now))


async def gives_a_letter_code(bureau: Bureau, name: str) -> float:
    claimant = Claimant(name=name, bsn=SANNE)
    return await taken_by(lambda: bureau.door.recovering.open(browser(), claimant, "wrong", bureau.now))


async def applies(bureau: Bureau, name: str) -> float:
    who = particulars(SANNE if name == "sanne88" else NOBODY)
    return await taken_by(lambda: bureau.apply(who, name=f"another-{name}", number=None))


async def gives_an_activation_code(bureau: Bureau, name: str) -> float:
    await bureau.apply(particulars(SANNE if name == "sanne88" else NOBODY), name=f"new-{name}", number=None)
    login = await bureau.start()
    await bureau.password(login, f"new-{name}", GOOD)
    activate = bureau.door.signing_in.activate
    return await taken_by(lambda: activate(login, browser(), "2222-2222-2222", bureau.now))


async def taken_by(act: Callable[[], Awaitable[object]]) -> float:
    """Return the seconds until an act answers or refuses."""
    began = monotonic()
    try:
        await act()
    except Refusal:
        return monotonic() - began
    return monotonic() - began


ACTS = (gives_a_password, asks_for_recovery, gives_a_letter_code, applies, gives_an_activation_code)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("name", NAMES)
async def test_no_answer_leaves_before_its_step(
    bureau: Bureau, act: Callable[[Bureau, str], Awaitable[float]], name: str
) -> None:
    await bureau.active()
    stepping = bureau_on(bureau.database, bureau.clock, Policy(answer_step=STEP))
    try:
        assert await act(stepping, name) >= STEP.total_seconds()
    finally:
        stepping.desk.hasher.close()


@given(taken=st.floats(min_value=0, max_value=60), step=st.integers(min_value=1, max_value=1000))
def test_what_is_left_leads_to_a_whole_step_and_never_beyond_the_next(taken: float, step: int) -> None:
    seconds = step / 1000
    rest = left(taken, timedelta(milliseconds=step))
    over = (taken + rest) % seconds

    assert 0 <= rest <= seconds
    assert min(over, seconds - over) < 1e-6


def test_without_steps_nothing_is_left() -> None:
    assert left(0.0123, NO_WAIT) == 0
