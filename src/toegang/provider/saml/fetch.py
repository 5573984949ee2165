"""An answer that waits is fetched, once: by the partner's server for an artifact, or by the one browser.

It is signed first and taken then, in the unit that records it: whoever loses the race for it has signed in
vain, and nothing that was signed leaves without standing in the trail.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.audit.events import (
    ArtifactRefusal,
    ArtifactRefused,
    AssertionIssued,
    DeclarationIssued,
    TokenEnding,
    TokenRevoked,
)
from toegang.errors import NotEntitled, Refusal
from toegang.provider.authority import redeem
from toegang.provider.saml.letter import Letter
from toegang.provider.saml.status import status_of
from toegang.saml.messages import Status
from toegang.units import TakenBefore

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from toegang.audit.event import Event
    from toegang.audit.trail import Trail
    from toegang.catalogue.partners.key_uses import KeyUses
    from toegang.mandates.stating import Stating
    from toegang.provider.grants import Grant, Grants, GrantState
    from toegang.provider.saml.issue import Issuance, Issued
    from toegang.provider.saml.waiting import Told
    from toegang.units import Expiring, Unit, Units

    Mine = Callable[[Letter, str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What was fetched: the signed response, and the request that it answers."""

    octets: bytes
    letter: Letter


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetching:
    """Gives an answer to the first who fetches it and to nobody after."""

    units: Units
    grants: Grants
    refusals: Expiring[Told]
    issuance: Issuance
    stating: Stating
    uses: KeyUses
    trail: Trail

    async def fetch(self, code: str, mine: Mine, asker: str, now: datetime) -> Fetched | None:
        """SAMLBind-3.6.6: return the answer behind `code`, None when there is none for who asks.

        `mine` tells whether an answer of this letter and connection is for who asks; one that is not is
        good for nobody afterwards. `asker` is who asks, for the trail; empty for a browser.

        Raises:
            Unavailable: the register does not answer; the answer is still there.

        """
        state = await self.grants.find_by_code(code, now)
        if state is None:
            return await self._refusal(code, mine, asker, now)
        grant, letter = state.grant, Letter.read(state.grant.memory)
        if not mine(letter, grant.client):
            await self._waste(state, code, asker, now)
            return None
        if state.redeemed_at is not None or state.ended_at is not None:
            await self._nothing(asker, ArtifactRefusal.REUSED, grant.reference, now)
            return None
        issued, refusal = await self._issued(state, letter, now)
        ending = TokenEnding.CLOSED if refusal is not None else None
        try:
            async with self.units.begin() as unit:
                await self.grants.spend(unit, code, now)
                ending = ending or await self._redeem(unit, grant, now)
                await self._record(unit, grant, ending, issued, now)
        except TakenBefore:
            await self._nothing(asker, ArtifactRefusal.REUSED, grant.reference, now)
            return None
        if ending is TokenEnding.MANDATE:
            # What was signed already says too much: it does not leave.
            issued = self.issuance.refusal(letter, status_of(NotEntitled()), now)
        return Fetched(octets=issued.octets, letter=letter)

    async def _redeem(self, unit: Unit, grant: Grant, now: datetime) -> TokenEnding | None:
        """MANDATES-P14: redeem what somebody acts by along with the answer; else that is why it ends."""
        redeemed = await redeem(self.stating, unit, grant, grant.client, now)
        return None if redeemed else TokenEnding.MANDATE

    async def _record(
        self, unit: Unit, grant: Grant, ending: TokenEnding | None, issued: Issued, now: datetime
    ) -> None:
        if ending is not None:
            await self.grants.end(unit, grant.id, now)
            await self.trail.record(unit, _revoked(grant, ending, now))
            return
        if issued.declared is not None:
            # By this a start knows that the register has a key, also where its folder is gone.
            await self.uses.seen_key(unit, issued.declared.issuer, issued.declared.key, now)
        await self.trail.record(unit, *_issuing(grant, issued, now))

    async def _issued(
        self, state: GrantState, letter: Letter, now: datetime
    ) -> tuple[Issued, Refusal | None]:
        """O15: everyone may still take part, or the answer says no."""
        try:
            await self.issuance.check_still_open(state, now)
            return await self.issuance.answer(state, letter, now), None
        except Refusal as refusal:
            return self.issuance.refusal(letter, status_of(refusal), now), refusal

    async def _refusal(self, code: str, mine: Mine, asker: str, now: datetime) -> Fetched | None:
        async with self.units.begin() as unit:
            told = await self.refusals.take(unit, code, now)
        if told is None:
            await self._nothing(asker, ArtifactRefusal.UNKNOWN, None, now)
            return None
        letter = Letter.read(told.letter)
        if not mine(letter, told.connection):
            await self._nothing(asker, ArtifactRefusal.FOREIGN, None, now)
            return None
        status = Status(code=told.code, second=told.second, message=told.message)
        return Fetched(octets=self.issuance.refusal(letter, status, now).octets, letter=letter)

    async def _waste(self, state: GrantState, code: str, asker: str, now: datetime) -> None:
        """Whoever brought it had no right to it: nobody gets the answer."""
        with suppress(TakenBefore):
            async with self.units.begin() as unit:
                await self.grants.spend(unit, code, now)
                if await self.grants.end(unit, state.grant.id, now):
                    await self.trail.record(unit, _revoked(state.grant, TokenEnding.REUSE, now))
        await self._nothing(asker, ArtifactRefusal.FOREIGN, state.grant.reference, now)

    async def _nothing(self, asker: str, why: ArtifactRefusal, reference: str | None, now: datetime) -> None:
        """Record that a partner who proved itself got nothing; a browser's reload leaves no trace."""
        if not asker:
            return
        event = ArtifactRefused(at=now, client=asker, why=why, reference=reference)
        async with self.units.begin() as unit:
            await self.trail.record(unit, event)


def _issuing(grant: Grant, issued: Issued, now: datetime) -> tuple[Event, ...]:
    """S28: return what the trail keeps of what was signed: the login, and what was declared beside it."""
    login = AssertionIssued(
        at=now,
        reference=grant.reference,
        client=grant.client,
        service=grant.service,
        assertion=issued.assertion,
        digest=issued.digest,
    )
    declared = issued.declared
    if declared is None:
        return (login,)
    beside = DeclarationIssued(
        at=now,
        reference=grant.reference,
        client=grant.client,
        service=grant.service,
        declaration=declared.id,
        digest=declared.digest,
        issuer=declared.issuer,
        statement=declared.statement,
    )
    return login, beside


def _revoked(grant: Grant, why: TokenEnding, now: datetime) -> TokenRevoked:
    return TokenRevoked(
        at=now, reference=grant.reference, client=grant.client, service=grant.service, why=why
    )
