"""What a protocol does for a logout: find its participants, write to them, and answer whoever asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.catalogue.values import Text
    from toegang.login.answer import Reply
    from toegang.post.outbox import Message
    from toegang.provider.grants import Grant
    from toegang.provider.logout.records import Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """Somebody who took part in a session, under the name `key` in its logout.

    `message` is what the outbox brings it, where it is told by the back channel. `entity` tells apart who
    shares one connection: each of them has a session of its own.
    """

    key: str
    party: str
    way: Way
    message: Message | None = None
    entity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A request that a browser carries to a participant: in a form with `fields`, else in the address.

    `request` is the id by which an answer names it.
    """

    request: str
    location: str
    fields: tuple[tuple[str, str], ...] | None = field(default=None, repr=False)


class Teller(Protocol):
    """Knows the participants of one protocol; keys that it gives begin with its word and a colon."""

    def participant(self, grant: Grant, now: datetime) -> Participant | None:
        """Say who took part by this grant and how they can be told; None when it is not of this protocol.

        Raises nothing: who is closed or gone cannot be told.
        """
        ...

    def name(self, party: str) -> Text | None:
        """Return what a party is called; None when the catalogue no longer has it."""
        ...

    async def visit(self, key: str, now: datetime) -> Visit:
        """Write the request that a browser carries.

        Raises:
            ToegangError: it cannot be written, or not any more.

        """
        ...


class Returner(Protocol):
    """Answers the role that asked for a logout."""

    def reply(self, letter: str, now: datetime, *, whole: bool) -> Reply | None:
        """Say where the browser goes; `whole` when everybody is logged out. None when nowhere."""
        ...
