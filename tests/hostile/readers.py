"""A counter for hostile readers: the fixture, and what was said and raised there."""

from __future__ import annotations

from collections.abc import Awaitable

import pytest

from demo.reader_device import Refused
from tests.means.papers import Counter
from toegang.assurance import Level
from toegang.audit.events import AppDocumentRefused


async def reasons(counter: Counter) -> list[str]:
    """Return why checks were refused, oldest first."""
    events = await counter.phones.town.bureau.events()
    return [event.why for event in events if isinstance(event, AppDocumentRefused)]


async def unraised(counter: Counter) -> None:
    """See that nothing was raised, and that nothing says that it was."""
    assert await counter.level() is Level.LOW
    assert "app:document-checked" not in await counter.phones.town.bureau.names_of_events()


async def said(act: Awaitable[object]) -> str:
    """Return the code with which the hub refused."""
    with pytest.raises(Refused) as caught:
        await act
    return caught.value.code
