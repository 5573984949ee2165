"""Letters with a code, for people who give a mandate and do not log in themselves (T4, T5).

The code goes to the address in the population register and nowhere else. Whoever may not be found gets none,
and who asked is told the same as always. Guesses are counted over all who guess and all sessions (P15).
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from toegang.errors import OneTimeGone
from toegang.mandates.bounds import GUESSING, LETTERS_ASKED, LETTERS_GOT
from toegang.mandates.finding import plain
from toegang.mandates.party import AMSTERDAM
from toegang.mandates.scope import ScopeKind
from toegang.post.letter import Letter, written
from toegang.post.texts import LetterPurpose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from toegang.catalogue.values import Text
    from toegang.ids import Ids
    from toegang.keys.secret import FindingKey
    from toegang.mandates.bounds import Bounds
    from toegang.mandates.edge import Edge, EdgeId
    from toegang.mandates.scope import Scope
    from toegang.post.letter import LetterPost
    from toegang.post.readers import Reads
    from toegang.registers.population import Registered
    from toegang.units import Expiring, Unit, Units

GUESSES: Final = 5
"""Guesses at the code of one mandate, whoever makes them: of its 57 bits, one in 3 * 10**16."""

LIFETIME: Final = timedelta(days=7)
"""Within which the letter must have been handed over."""


_SAID: Final = {
    "nl": {ScopeKind.PROVIDER: "alles van {}", ScopeKind.GROUP: "alle diensten voor {}"},
    "en": {ScopeKind.PROVIDER: "everything of {}", ScopeKind.GROUP: "all services for {}"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterCode:
    """The code of one mandate: `[.., until)`, with `tries` guesses left."""

    hash: bytes = field(repr=False)
    until: datetime
    tries: int = GUESSES


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the letter says, and how: who asks, for what, in which language and how large."""

    asker: str = field(repr=False)
    services: str
    reads: Reads


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterCodes:
    """Makes codes, has them written, and counts guesses; `address` is our own, without https://."""

    units: Units
    ids: Ids
    letters: LetterPost
    codes: Expiring[LetterCode]
    bounds: Bounds
    key: FindingKey
    address: str

    async def ask(self, edge: Edge, now: datetime) -> None:
        """Count a letter that an agent asks for, whether or not one goes.

        Raises:
            TooManyTries: wait; or they guessed too often at letters to this person, whatever they were about.

        """
        refusal = await self.bounds.over(_guesses(edge), GUESSING, now)
        if refusal is not None:
            raise refusal
        async with self.units.begin() as unit:
            refusal = await self.bounds.count(unit, f"mandate-letters:{edge.agent}", LETTERS_ASKED, now)
        if refusal is not None:
            raise refusal

    async def send(self, unit: Unit, edge: Edge, to: Registered | None, asked: Asked, now: datetime) -> None:
        """Have the letter written, unless it may not go to this person; nobody is told which."""
        if to is None or not may_get_one(to):
            return
        if (
            await self.bounds.count(unit, f"mandate-letters-to:{edge.principal}", LETTERS_GOT, now)
            is not None
        ):
            return
        code, until = self.ids.reference(), edge.terms.until
        until = until if edge.pending_until is None else min(until, edge.pending_until)
        kept = LetterCode(hash=self._hash(edge.id, code), until=until)
        await self.codes.keep(unit, str(edge.id), kept, until)
        letter = _letter(edge, to, asked, (code, until, self.address), now)
        await self.letters.send(unit, letter, min(until, now + LIFETIME), now)

    async def guess(self, edge: Edge, typed: str, now: datetime) -> None:
        """P15: count one guess; a code that fits costs none and stays, for its use is the mandate's own move.

        Guesses are counted for each code, and for all letters from one agent to one principal together: to
        ask again, and have another letter sent, gives no new ones.

        Raises:
            OneTimeGone: there is none, it is too old, or was guessed at too often; or it is another one.

        """
        hashed, fits = self._hash(edge.id, typed), False
        async with self.units.begin() as unit:
            over = await self.bounds.count(unit, _guesses(edge), GUESSING, now)
            kept = None if over else await self.codes.hold(unit, str(edge.id), now)
            if kept is not None and kept.tries > 0:
                fits = hmac.compare_digest(kept.hash, hashed)
                if fits:
                    await self.bounds.give_back(unit, _guesses(edge), now)
                else:
                    await self.codes.rewrite(unit, str(edge.id), replace(kept, tries=kept.tries - 1))
        if not fits:
            raise OneTimeGone

    def _hash(self, edge: EdgeId, code: str) -> bytes:
        return self.key.find(edge.bytes + plain(code).encode())


def _guesses(edge: Edge) -> str:
    principal, agent = edge.addressed
    return f"mandate-guesses:{agent}:{principal}"


def said(scopes: Iterable[Scope], called: Callable[[Scope], Text | None], language: str) -> str:
    """Return in a letter's words for what a mandate is; what is gone from the catalogue is left out."""
    named = ((each.kind, called(each)) for each in scopes)
    return ", ".join(_SAID[language].get(kind, "{}").format(name[language]) for kind, name in named if name)


def may_get_one(to: Registered) -> bool:
    """Tell whether a letter may go: never where somebody's address is to be kept from others, or abroad."""
    return to.deceased_on is None and to.resident and to.address is not None and not to.address_secret


def _letter(
    edge: Edge, to: Registered, asked: Asked, code: tuple[str, datetime, str], now: datetime
) -> Letter:
    drawn, until, address = code
    language = asked.reads.language
    before = timedelta(seconds=1)
    return Letter(
        purpose=LetterPurpose.MANDATE_CODE,
        name=to.names.full,
        address=() if to.address is None else to.address.lines(),
        language=language,
        large_print=asked.reads.large_print,
        dated=now.astimezone(AMSTERDAM).date(),
        values={
            "address": address,
            "code": drawn,
            "last_day": written((until - before).astimezone(AMSTERDAM).date(), language),
            "asker": asked.asker,
            "services": asked.services,
            "ends": written((edge.terms.until - before).astimezone(AMSTERDAM).date(), language),
        },
        to=to.bsn.digits,
    )
