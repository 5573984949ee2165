"""What the audit trail says of a person, for that person: page by page, each with its proof.

An event is somebody's when it names them, or belongs to a login whose record names them. Of all others it
is not told whether they exist (security line L03).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.audit.event import Personal
from toegang.audit.proofs import OpenProof
from toegang.errors import LoginUnknown, Unavailable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from toegang.audit.trail import Recorded, TrailProver, TrailReader
    from toegang.identity.people import PersonId
    from toegang.login.decision import Decision, Decisions

SOON = 2  # seconds: an event has its place in the tree within one


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTrail:
    """Reads and proves."""

    trail: TrailReader
    prover: TrailProver
    decisions: Decisions

    async def events(self, person: PersonId, limit: int, before: UUID | None = None) -> Sequence[Recorded]:
        """Return the latest events that name the person, newest first; `before` goes on from there."""
        return await self.trail.by_person(str(person), limit, before)

    async def of_login(self, decision: Decision) -> Sequence[Recorded]:
        """Return what is recorded of a login of theirs, in the order of the acts."""
        return await self.trail.by_reference(decision.reference)

    async def prove(self, person: PersonId, event: UUID) -> OpenProof:
        """Prove one event of theirs.

        Raises:
            LoginUnknown: nobody's, or somebody else's; never said which.
            Unavailable: it has no place in the tree yet.

        """
        found = await self.trail.find(event)
        if found is None or not await self._is_of(person, found):
            raise LoginUnknown
        return await self._proof(person, found)

    async def prove_login(self, person: PersonId, decision: Decision) -> tuple[OpenProof, ...]:
        """Prove all that is recorded of a login of theirs.

        Raises:
            Unavailable: not all of it has a place in the tree yet.

        """
        return tuple([await self._proof(person, one) for one in await self.of_login(decision)])

    async def _is_of(self, person: PersonId, recorded: Recorded) -> bool:
        if any(each.value == str(person) for each in await self.trail.opened(recorded.id)):
            return True
        if isinstance(getattr(recorded.event, "person", None), Personal):
            return False
        reference = getattr(recorded.event, "reference", None)
        decision = await self.decisions.find(reference) if reference else None
        return decision is not None and decision.person == person

    async def _proof(self, person: PersonId, recorded: Recorded) -> OpenProof:
        proof = await self.prover.prove(recorded.id) if recorded.index is not None else None
        if proof is None:
            message = "an event that has no place in the tree yet"
            raise Unavailable(message, retry_after=SOON)
        # A network is somebody's too, and perhaps another's than the person's: it stays closed.
        kept = await self.trail.opened(recorded.id)
        opened = tuple(each for each in kept if each.value == str(person))
        return OpenProof(proof=proof, opened=opened)
