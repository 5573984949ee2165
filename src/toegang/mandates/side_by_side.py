"""Asking side by side: many questions to registers within one time, and what was not answered is silence."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from toegang.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

AT_ONCE: Final = 8
"""Questions under way for one person: a register answers many people beside each other."""


def moment_in(seconds: float) -> float:
    """Return the moment, on the clock of the loop, at which a patience of `seconds` is over."""
    return asyncio.get_running_loop().time() + seconds


def check_in_time(until: float) -> None:
    """Refuse to begin anything after a moment on the clock of the loop.

    Raises:
        Unavailable: it is over.

    """
    if asyncio.get_running_loop().time() >= until:
        message = "registers are too slow for all that was asked"
        raise Unavailable(message)


async def ask_each(questions: Iterable[Callable[[], Awaitable[None]]], until: float) -> bool:
    """Ask all of them until a moment on the clock of the loop; each notes its own answer.

    Who is silent, or is not done by then, has noted nothing: the answers of others stand. Return whether
    all were asked: False when some were not, because too many ask the same.
    """
    places, all_asked = asyncio.Semaphore(AT_ONCE), True

    async def ask(question: Callable[[], Awaitable[None]]) -> None:
        nonlocal all_asked
        async with places:
            try:
                await question()
            except Unavailable as error:
                all_asked = all_asked and not error.crowded

    with suppress(TimeoutError):
        async with asyncio.timeout_at(until), asyncio.TaskGroup() as asking:
            for question in questions:
                asking.create_task(ask(question))
    return all_asked
