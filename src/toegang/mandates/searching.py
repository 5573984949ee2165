"""ByName: the clients of an organisation by their names, as those who act for it look for them.

A firm can have 90,000 clients, whose names no page asks registers for; so the names that a register told when
somebody became a client are kept for it, without capitals and accents. They find, and decide nothing: whoever
is found is judged as on a list, and is shown by the name that registers tell now. Who is on no list is found
by no name.
"""

from __future__ import annotations

import asyncio
import json
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Protocol, Self
from uuid import UUID

from toegang.errors import Unavailable
from toegang.mandates.decide import Listed, Permit, StepUp
from toegang.mandates.edge import State
from toegang.mandates.party import PartyId
from toegang.post.outbox import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from toegang.clock import Clock
    from toegang.ids import Ids
    from toegang.mandates.asking import Questions
    from toegang.mandates.decide import Asker
    from toegang.mandates.edge import Edge
    from toegang.mandates.law import Law
    from toegang.mandates.names import Names
    from toegang.mandates.stores import Page
    from toegang.units import Unit, Units

KIND: Final = "mandate:client"
FEWEST: Final = 2
"""Letters that somebody is looked for by; one finds too many to be of use."""
MOST_WORDS: Final = 8
MOST_GROUPS: Final = 500
"""Organisations and teams that are looked in for one person: as many as one organisation has teams."""
LONGEST: Final = 80
"""Letters of a name that are kept, and looked at."""
TRIED_FOR: Final = timedelta(days=30)
SLICE: Final = 500
"""Places that are looked at, or names that are forgotten, in one go."""
AT_ONCE: Final = 4
"""Clients whose names registers are asked at once."""

_WRITTEN: Final = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "\u0131": "i", "ħ": "h"}
)
"""Letters that are no letter with a sign on it, as people type them without."""


def folded(name: str) -> str:
    """Return a name as it is looked for: words without capitals, accents and signs, one space between."""
    plain = unicodedata.normalize("NFKD", name.casefold()).translate(_WRITTEN)
    letters = (each if each.isalnum() else " " for each in plain if not unicodedata.combining(each))
    return " ".join("".join(letters).split()[:MOST_WORDS])[:LONGEST].rstrip()


def turned(name: str) -> tuple[str, ...]:
    """Return a folded name from each of its words on, in order: with what stands before that word last.

    So it is found by the beginning of any word, and by the last name first.
    """
    words = name.split()
    return tuple(sorted({" ".join((*words[at:], *words[:at])) for at in range(len(words))}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Unnamed:
    """Who should be found by name, by whom, and is not; what follows begins `after`, if anything does."""

    found: Sequence[tuple[PartyId, PartyId]]
    looked_at: int
    after: bytes


class ClientNames(Protocol):
    """Keeps by which names the clients of organisations are found."""

    async def put(self, unit: Unit, agent: PartyId, client: PartyId, names: Collection[str]) -> None:
        """Keep these in the place of what a client of this organisation was found by; none forgets them."""
        ...

    async def starting(self, agents: Sequence[PartyId], start: str, page: Page) -> Sequence[PartyId]:
        """Return the next clients of these with a name that starts so, each once, by the first such name.

        What it costs grows with the page and with the agents, not with their clients.
        """
        ...

    async def by_whom(self, agent: PartyId, client: PartyId, now: datetime) -> Mapping[PartyId, bool]:
        """Return by whom a client of an organisation (or of one of its teams) is found, and whether rightly.

        By the organisation that they let act for them, and by its teams that are for them; by nobody else.
        """
        ...

    async def unnamed(self, after: bytes, size: int, now: datetime) -> Unnamed:
        """Look at the next `size` places where somebody lets another act: who should be found, and is not."""
        ...

    async def places(self) -> int:
        """Return how many such places there are."""
        ...

    async def sweep(self, unit: Unit, after: bytes, size: int, now: datetime) -> bytes:
        """Look at the next `size` names and forget those of who is no client any more; return where to go on.

        Empty when there are no more.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ByName:
    """Finds whom somebody may act for through an organisation, by name."""

    questions: Questions
    clients: ClientNames

    async def named(
        self, asker: Asker, words: str, page: Page, now: datetime, law: Law
    ) -> Listed[Permit] | StepUp:
        """List whom somebody may act for through an organisation whose name has a word that starts so.

        By name; a page may be shorter than asked, and only one without `after` is the last.
        """
        firms = await self.questions.groups(asker, now, law)
        start, found = folded(words), tuple[PartyId, ...]()
        if len(start) >= FEWEST and firms:
            found = tuple(await self.clients.starting(firms[:MOST_GROUPS], start, page))
        permitted = await self.questions.permitted(asker, found, now, law)
        if isinstance(permitted, StepUp):
            return permitted
        return Listed(found=permitted, after=found[-1] if len(found) == page.size else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientChanged:
    """Somebody became a client of an organisation, or is none any more; what is kept of the name follows."""

    client: PartyId
    agent: PartyId
    at: datetime

    @classmethod
    def of(cls, before: Edge | None, after: Edge, at: datetime) -> Self | None:
        """Return what became of a client by a change of one mandate, if anything."""
        active = [each is not None and each.state is State.ACTIVE for each in (before, after)]
        if active[0] == active[1] or after.kind.within_organisation:
            return None
        return cls(client=after.principal, agent=after.agent, at=at)

    def message(self, ids: Ids) -> Message:
        """Write it for the outbox, to whoever registered a carrier of this kind."""
        content = {"client": str(self.client), "agent": str(self.agent), "at": self.at.isoformat()}
        return Message(
            id=ids.uuid(),
            kind=KIND,
            to_party="mandates",
            payload=json.dumps(content).encode(),
            until=self.at + TRIED_FOR,
            purpose="client-name",
        )

    @classmethod
    def read(cls, message: Message) -> Self:
        """Read it back from the outbox."""
        found = json.loads(message.payload)
        client, agent = (PartyId(UUID(found[each])) for each in ("client", "agent"))
        return cls(client=client, agent=agent, at=datetime.fromisoformat(found["at"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientNaming:
    """Keeps the names of clients as their mandates come and go (post.outbox.Carrier)."""

    units: Units
    names: Names
    clients: ClientNames
    clock: Clock

    async def carry(self, message: Message) -> None:
        """Keep by which name a client is found now, or forget it.

        Raises:
            Unavailable: no register tells the name now.

        """
        changed = ClientChanged.read(message)
        await self.name(changed.agent, changed.client)

    async def name(self, agent: PartyId, client: PartyId) -> None:
        """Keep it for the organisation and for its teams: who is no client of one is found by neither.

        Raises:
            Unavailable: no register tells the name now.

        """
        by = await self.clients.by_whom(agent, client, self.clock.now())
        names = turned(folded(await self._name(client))) if any(by.values()) else ()
        async with self.units.begin() as unit:
            for group in sorted(by):
                await self.clients.put(unit, group, client, names if by[group] else ())

    async def all(self, told: Callable[[Progress], None]) -> Progress:
        """Name all who should be found by name and are not, as who gave a mandate before names were kept.

        May be broken off and begun again: who was named is not asked about again.
        """
        after, now = b"", self.clock.now()
        progress = Progress(places=await self.clients.places())
        while True:
            some = await self.clients.unnamed(after, SLICE, now)
            for begin in range(0, len(some.found), AT_ONCE):
                part = some.found[begin : begin + AT_ONCE]
                done = await asyncio.gather(*(self._tried(agent, client) for agent, client in part))
                progress = progress.and_named(done)
            progress = replace(progress, looked_at=progress.looked_at + some.looked_at)
            told(progress)
            if not some.after:
                return progress
            after = some.after

    async def _tried(self, agent: PartyId, client: PartyId) -> bool:
        try:
            await self.name(agent, client)
        except Unavailable:
            return False
        return True

    async def _name(self, client: PartyId) -> str:
        shown = (await self.names.of((client,)))[client]
        if shown.kind is not None and not shown.name:
            message = "no register tells the name of a client now"
            raise Unavailable(message)
        return shown.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far naming is: of so many places so many were looked at, and so many clients named, or not now."""

    places: int
    looked_at: int = 0
    named: int = 0
    silent: int = 0

    def and_named(self, done: Sequence[bool]) -> Progress:
        """Return it with some more, of whom a register told the name, or did not."""
        named = sum(done)
        return replace(self, named=self.named + named, silent=self.silent + len(done) - named)
