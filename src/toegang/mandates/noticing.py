"""Noticing: what logins stated ended by itself, by the law or with somebody's life, and nobody asked.

1. What ends at a moment that is known (a child comes of age, a measure or a mandate runs out) is over at that
   moment, whoever looks; here it is ended for good, and who was told of it is told that.
2. Of what the law gave registers are asked again now and then, where a client wants to hear of ends: of an
   estate that was settled, an order that was lifted. That takes turns of systems, a few at once.
3. When a register tells another standing of a party (a death, a guardianship, a firm that was dissolved), all
   that was stated about it as it was is ended.

In every worker; of two at once one does it. No decision rests on any of it. A statement is locked before its
look, and of several the one with the lower id first: whoever does so waits for nobody who waits for them.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from toegang.catalogue.values import ClientId
from toegang.errors import OneTimeGone, Unavailable
from toegang.mandates.ended import LIVES, PartyChanged, StatementEnded
from toegang.mandates.looks import AGAIN, SELDOM
from toegang.mandates.statement import CLOCKS_APART, as_met

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.catalogue.watch import Catalogue
    from toegang.clock import Clock
    from toegang.mandates.register import Mandates
    from toegang.mandates.statement import Statement
    from toegang.post.outbox import Message
    from toegang.units import Unit

MOST: Final = 100
"""Statements that end in one round."""
LOOKED: Final = 20
"""Statements of one round of which it is looked whether registers are to be asked."""
ASKED: Final = 2
"""Statements of one round about which registers are asked, side by side.

Each asks one register about two at once, who acts and for whom: of the turns of systems some are left for who
refreshes, also while a register is slow and a round begins as the one before it ends.
"""


class Asks(Protocol):
    """Weighs statements anew (login/authorities.py)."""

    async def check_anew(self, statement: Statement, now: datetime) -> None:
        """Refuse one that does not hold; what registers end of it is ended for good.

        Raises:
            OneTimeGone: it does not hold.
            Unavailable: a register does not tell.

        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticing:
    """Looks at what is due."""

    mandates: Mandates
    catalogue: Catalogue
    asks: Asks

    async def round(self, now: datetime) -> bool:
        """End what is over, and ask about what is due; tell whether there may be more at once."""
        over = await self.mandates.looks.over(now, MOST)
        for each in over:
            await self._over(each, now)
        due = await self.mandates.looks.due(now, LOOKED)
        wanted = [(each, seen) for each, seen in due if self._wants_to_hear(each)]
        await self._put_off([(each, seen) for each, seen in due if (each, seen) not in wanted], now)
        await asyncio.gather(*(self._ask(each, seen, now) for each, seen in wanted[:ASKED]))
        return len(over) == MOST or len(due) == LOOKED or len(wanted) > ASKED

    async def _over(self, statement: Statement, now: datetime) -> None:
        """End one whose authority ended; one that nobody uses any more is only looked at no more."""
        ends = statement.valid_until
        async with self.mandates.units.begin() as unit:
            if ends is not None and ends <= now:
                await end(self.mandates, unit, statement, ends, now)
            await self.mandates.looks.drop(unit, statement.id)

    def _wants_to_hear(self, statement: Statement) -> bool:
        client = self.catalogue.current.client(ClientId(statement.binding.audience))
        return client is not None and client.hears_of_ends

    async def _put_off(self, unheard: list[tuple[Statement, datetime]], now: datetime) -> None:
        """Look again whether these are wanted by now: an address for events may be registered later."""
        if not unheard:
            return
        async with self.mandates.units.begin() as unit:
            for each, seen in sorted(unheard, key=lambda one: one[0].id):
                await self.mandates.looks.put_off(unit, each.id, seen, now + SELDOM)

    async def _ask(self, statement: Statement, seen: datetime, now: datetime) -> None:
        async with self.mandates.units.begin() as unit:
            won = await self.mandates.looks.put_off(unit, statement.id, seen, now + AGAIN)
        if won:
            with suppress(OneTimeGone, Unavailable):
                await self.asks.check_anew(statement, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedParties:
    """Ends what was stated about a party as it was (post.outbox.Carrier)."""

    mandates: Mandates
    clock: Clock

    async def carry(self, message: Message) -> None:
        """End every statement in use that met the party otherwise than it is known now.

        Raises:
            Unavailable: the store does not answer.

        """
        changed, after = PartyChanged.read(message), None
        since, statements = changed.at - LIVES - CLOCKS_APART, self.mandates.statements
        while True:
            found = await statements.in_use_about(changed.party, since, after, MOST)
            party = (await self.mandates.parties.of((changed.party,))).get(changed.party)
            now = self.clock.now()
            async with self.mandates.units.begin() as unit:
                for each in sorted(found, key=lambda one: one.id):
                    if not all(as_met(met, party) for met in each.met if met.party == changed.party):
                        await end(self.mandates, unit, each, changed.at, now)
            if len(found) < MOST:
                return
            after = found[-1]


async def end(mandates: Mandates, unit: Unit, statement: Statement, at: datetime, now: datetime) -> None:
    """End a statement that was redeemed for good, and have it told, once: all in this unit."""
    if await mandates.statements.end(unit, statement.id):
        await mandates.looks.drop(unit, statement.id)
        told = StatementEnded(statement=statement.id, at=at)
        await mandates.outbox.put(unit, told.message(mandates.ids), now)
