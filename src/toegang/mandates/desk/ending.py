"""Ending a mandate at a desk: one clerk is enough, and nothing but who it is has to be proven.

A clerk sees no mandates but those with whom the person names, and only for an hour. Who wants everything
ended that they gave, has it ended without any of it being shown.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from toegang.assurance import Level
from toegang.audit.event import Personal
from toegang.audit.events import DeskMandateAsked, DeskMandateEnded
from toegang.errors import NotEntitled, OneTimeGone, Unavailable
from toegang.mandates.desk.coming import party_of
from toegang.mandates.desk.standing_apart import no_party
from toegang.mandates.desk.telling import About
from toegang.mandates.edge import State
from toegang.mandates.giving_on import acting_on
from toegang.mandates.letter_codes import said
from toegang.mandates.listing import Cut, Listing, given_on_by, typed_by
from toegang.mandates.party import PartyId
from toegang.mandates.voluntary import Actor
from toegang.post.texts import SmsPurpose

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Sequence
    from datetime import datetime

    from toegang.mandates.desk.telling import TellingByLetter
    from toegang.mandates.desk.visits import Came, Officer
    from toegang.mandates.edge import Edge, EdgeId
    from toegang.mandates.names import Names, Shown
    from toegang.mandates.voluntary import Voluntary
    from toegang.registers.population import Registered
    from toegang.units import Expiring, Unit

LOOK_LIVES: Final = timedelta(hours=1)
LISTS: Final = (Listing.GIVEN, Listing.RECEIVED, Listing.WAITING, Listing.TO_ANSWER, Listing.GIVEN_ON)
AT_A_TIME: Final = 100
MOST_SHOWN: Final = 20
"""Of one name; who finds so many fills in more of it."""
IN_FORCE: Final = frozenset({State.ACTIVE, State.SUSPENDED})
FEWEST_LETTERS: Final = 3
"""By which a name is found that is longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one clerk may end for who came: these mandates, and with `all_given` whatever that one gave."""

    clerk: str
    organisation: str
    party: PartyId
    document: str
    edges: tuple[str, ...] = ()
    all_given: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a clerk sees: the name of the look, and each mandate with who is on the other side."""

    name: str
    party: PartyId
    found: Sequence[tuple[Edge, Shown | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Letter:
    """A letter about an end: to whom, and what it says."""

    to: Registered
    about: About


@dataclass(frozen=True, slots=True, kw_only=True)
class EndingAtDesk:
    """The use cases. Who may come here at all is decided before, at every page, by the catalogue."""

    voluntary: Voluntary
    names: Names
    looks: Expiring[Look]
    letters: TellingByLetter

    async def look(self, officer: Officer, who: Came, other: str, now: datetime) -> Looked:
        """Find the mandates of who came with somebody whom they name, also those that wait for an answer.

        `other` are words of a name, each at least as it begins, or the end of a number where that is all that
        is known of the other side. Without it none is shown, and all that they gave can be ended.

        Raises:
            ValueRefused: field `bsn`: the register knows nobody so.
            NotEntitled: it is the clerk.
            Unavailable: the register does not answer.

        """
        party = await party_of(self.voluntary.finding, who, "bsn", now)
        no_party((officer.party,), (party,))
        words = other.casefold().split()
        found = await self._with(party, officer.party, words, now) if words else []
        look = Look(
            clerk=officer.name,
            organisation=officer.organisation,
            party=party,
            document=who.document.value,
            edges=tuple(str(edge.id) for edge, _ in found),
            all_given=not words,
        )
        name = self.voluntary.mandates.ids.reference()
        async with self.voluntary.finding.units.begin() as unit:
            await self.looks.add(unit, name, look, now + LOOK_LIVES, now)
            event = DeskMandateAsked(
                at=now,
                clerk=officer.name,
                organisation=officer.organisation,
                case=name,
                principal=Personal.of(party),
                document=look.document,
                document_number=Personal.of(who.number),
                asked="end",
            )
            await self.voluntary.mandates.trail.record(unit, event)
        return Looked(name=name, party=party, found=found)

    async def end(self, officer: Officer, name: str, edge: EdgeId, seen: int, now: datetime) -> Edge:
        """End one of those that were shown, as whoever came would end it themselves.

        Raises:
            OneTimeGone: this clerk was not shown it, or too long ago.
            NotEntitled: it is over already, or changed.

        """
        look = await self._own(officer, name, now)
        if str(edge) not in look.edges:
            raise OneTimeGone
        letter = await self._letter(officer, look, edge, now)
        return await self._end(officer, name, look, edge, seen, now, letter)

    async def end_all_given(self, officer: Officer, name: str, now: datetime) -> int:
        """End all that who came gave or gave on, and what they asked to give; return how many that were.

        Raises:
            OneTimeGone: it was not for this, not this clerk, or too long ago.

        """
        look = await self._own(officer, name, now)
        if not look.all_given:
            raise OneTimeGone
        ended, letter = 0, await self._letter_of_all(officer, look)
        async for edge in self._given(look.party, now):
            own = edge.principal == look.party
            # One letter for all of their own, in the unit of the first; who is represented by what they gave
            # on is somebody else, and is told of that.
            told = letter if own else await self._letter(officer, look, edge.id, now)
            with suppress(NotEntitled):  # ended beside this
                await self._end(officer, name, look, edge.id, edge.version, now, told)
                ended, letter = ended + 1, None if own else letter
        return ended

    async def _end(  # noqa: PLR0913, PLR0917 an act at a desk
        self,
        officer: Officer,
        name: str,
        look: Look,
        edge: EdgeId,
        seen: int,
        now: datetime,
        letter: _Letter | None,
    ) -> Edge:
        async def note(unit: Unit, after: Edge) -> None:
            # Who came is told too: they read it in their history if somebody else came in their name.
            await self.voluntary.telling.tell(unit, look.party, SmsPurpose.MANDATE_ENDED, now)
            if letter is not None:
                await self.letters.tell_end(unit, letter.to, letter.about, now)
            event = DeskMandateEnded(
                at=now,
                clerk=officer.name,
                organisation=officer.organisation,
                case=name,
                principal=Personal.of(after.principal),
                agent=Personal.of(after.agent),
                edge=str(after.id),
            )
            await self.voluntary.mandates.trail.record(unit, event)

        me = Actor(party=look.party, level=officer.level)
        actor = acting_on(await self.voluntary.own(me, edge, now), me)
        return await self.voluntary.end(actor, edge, seen, now, also=note)

    async def _letter(self, officer: Officer, look: Look, id_: EdgeId, now: datetime) -> _Letter | None:
        """Return what who is represented is told by letter; None where nothing was given, or nobody is told.

        P30: what a protected person takes away is no reason to write to the other side.
        """
        edge = await self.voluntary.mandates.edges.find(id_)
        if edge is None or (edge.state_at(now) not in IN_FORCE and edge.initiator != edge.principal):
            return None
        hint = await self.voluntary.hint(edge, now)
        shown = {} if hint is not None else await self.names.of([edge.agent])
        reads = await self.voluntary.readers.of(edge.principal)
        called = self.voluntary.services.called
        about = About(
            agent="" if hint is not None else shown[edge.agent].name,
            ending=hint or "",
            desk=officer.desk[reads.language],
            services=said(edge.terms.scopes, called, reads.language),
            reads=reads,
        )
        if look.party != edge.principal and await self.voluntary.is_quiet(look.party):
            return None
        return await self._to(edge.principal, about)

    async def _letter_of_all(self, officer: Officer, look: Look) -> _Letter | None:
        reads = await self.voluntary.readers.of(look.party)
        desk = officer.desk[reads.language]
        return await self._to(look.party, About(agent="", ending="", desk=desk, services="", reads=reads))

    async def _to(self, principal: PartyId, about: About) -> _Letter | None:
        """Address it; while the register is silent none is written, and the end waits for nothing."""
        with suppress(Unavailable):
            to = await self.voluntary.finding.registered(principal)
            return None if to is None else _Letter(to=to, about=about)
        return None

    async def _own(self, officer: Officer, name: str, now: datetime) -> Look:
        look = await self.looks.find(name, now)
        if look is None or (look.clerk, look.organisation) != (officer.name, officer.organisation):
            raise OneTimeGone
        return look

    async def _with(
        self, party: PartyId, clerk: PartyId, words: list[str], now: datetime
    ) -> list[tuple[Edge, Shown | None]]:
        """Return the first whose other side has these words in its name; the clerk's own are left out.

        All of them are looked through, however many there are: as many at a time as names are asked for.
        """
        found: list[tuple[Edge, Shown | None]] = []
        for listing in LISTS:
            async for page in self._pages(party, listing, now):
                found += await self._called(party, [e for e in page if clerk not in _ends(e)], words, now)
                if len(found) >= MOST_SHOWN:
                    return found[:MOST_SHOWN]
        return found

    async def _called(
        self, party: PartyId, edges: Sequence[Edge], words: list[str], now: datetime
    ) -> list[tuple[Edge, Shown | None]]:
        """Return those of a page whose other side is called so."""
        hints = [await self.voluntary.hint(each, now) if typed_by(each, party) else None for each in edges]
        pairs = list(zip(edges, hints, strict=True))
        known = await self.names.of(_other(each, party) for each, hint in pairs if hint is None)
        found: list[tuple[Edge, Shown | None]] = []
        for edge, hint in pairs:
            shown = None if hint is not None else known.get(_other(edge, party))
            name = "" if shown is None else shown.name
            if words == [hint] if hint is not None else _is_called(name, words):
                found.append((edge, shown))
        return found

    async def _given(self, party: PartyId, now: datetime) -> AsyncIterator[Edge]:
        """Yield what somebody gave, offered, is asked to give, or gave on."""
        for listing in (Listing.GIVEN, Listing.WAITING, Listing.TO_ANSWER, Listing.GIVEN_ON):
            async for page in self._pages(party, listing, now):
                for edge in page:
                    if party in {edge.principal, given_on_by(edge)}:
                        yield edge

    async def _pages(self, party: PartyId, listing: Listing, now: datetime) -> AsyncIterator[Sequence[Edge]]:
        """Yield what is on a list of somebody, page by page."""
        actor, last = Actor(party=party, level=Level.MINIMAL), None
        while True:
            cut = Cut(last=last, size=AT_A_TIME)
            page = await self.voluntary.page(actor, listing, cut, now)
            yield page.edges
            if page.last is None:
                return
            last = page.last


def _is_called(name: str, words: Iterable[str]) -> bool:
    """Tell whether a name has each of these words; a letter or two shows nobody whom nobody named."""
    parts = name.casefold().replace("-", " ").split()
    named = (part for word in words for part in word.split("-"))
    return all(
        any(part == word or (len(word) >= FEWEST_LETTERS and part.startswith(word)) for part in parts)
        for word in named
    )


def _ends(edge: Edge) -> tuple[PartyId, PartyId]:
    return edge.principal, edge.agent


def _other(edge: Edge, party: PartyId) -> PartyId:
    return edge.principal if edge.agent == party else edge.agent
