"""Answers that tell nothing by their time: they leave at whole steps of time since they were asked.

The work is the same whether or not an account exists, but not to the microsecond: a row that is there is
read, a value about its person is salted. On a quiet machine a thousand tries add that up (security line
L03). A step is longer than all of the work, so both answers leave at the same one.
"""

from __future__ import annotations

import asyncio
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, Protocol, TypeVar

from toegang.clock import monotonic
from toegang.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from datetime import timedelta

    from toegang.means.citizen.desk import Desk


class Door(Protocol):
    """A journey of the citizen account."""

    @property
    def desk(self) -> Desk:
        """What the journey works with; its policy has the step."""
        ...


COARSE = 0.002
"""Seconds before a step in which we look at every turn of the loop: timers count whole milliseconds."""

D = TypeVar("D", bound=Door)
P = ParamSpec("P")
T = TypeVar("T")


def evenly(
    act: Callable[Concatenate[D, P], Coroutine[None, None, T]],
) -> Callable[Concatenate[D, P], Coroutine[None, None, T]]:
    """Let an act of a journey answer, or refuse, at a whole step of time; never within a unit of work."""

    @wraps(act)
    async def answering(door: D, /, *args: P.args, **named: P.kwargs) -> T:
        began, step = monotonic(), door.desk.policy.answer_step
        try:
            result = await act(door, *args, **named)
        except Refusal:
            await _next_step(began, step)
            raise
        await _next_step(began, step)
        return result

    return answering


def left(taken: float, step: timedelta) -> float:
    """Return the seconds from `taken` to the next whole step; 0 where there are no steps."""
    seconds = step.total_seconds()
    return -taken % seconds if seconds else 0.0


async def _next_step(began: float, step: timedelta) -> None:
    now = monotonic()
    moment = now + left(now - began, step)
    await asyncio.sleep(moment - now - COARSE)
    while monotonic() < moment:  # noqa: ASYNC110 what is waited for is time itself
        await asyncio.sleep(0)
