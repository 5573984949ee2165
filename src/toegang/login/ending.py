"""The end of a login, whatever it is: record, event and answer in the unit that took the transaction.

If any of these cannot be written, the login did not happen. A service always gets an answer, and the
record says which: the role that asked answers first, and may still refuse.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from toegang.catalogue import gate
from toegang.errors import (
    Cancelled,
    LevelNotProven,
    NotEntitled,
    PartyClosed,
    Refusal,
    UnknownParty,
    UserInteractionNeeded,
)
from toegang.login import facts
from toegang.login.acting import PathChanged
from toegang.login.answer import Refused
from toegang.login.decision import COMPLETED, decide_record
from toegang.login.release import outcome_of
from toegang.login.steps import next_step

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from toegang.audit.event import Event
    from toegang.audit.trail import Trail
    from toegang.catalogue.snapshot import Snapshot
    from toegang.catalogue.values import Text
    from toegang.catalogue.watch import Catalogue
    from toegang.login.acting import Authority
    from toegang.login.answer import Answerer, Reply
    from toegang.login.decision import Decisions
    from toegang.login.session import Sessions
    from toegang.login.transaction import Proof, Transaction
    from toegang.mandates.stating import Stating
    from toegang.means.base import TransactionId
    from toegang.units import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """A login that was answered: where the browser goes, and the cookie of the session if one is kept."""

    login: TransactionId
    reply: Reply
    service: Text
    session: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Ends logins; `answerers` are the roles that can be asked for one, by their name."""

    catalogue: Catalogue
    sessions: Sessions
    decisions: Decisions
    trail: Trail
    stating: Stating
    answerers: Mapping[str, Answerer]

    async def answer(
        self,
        unit: Unit,
        transaction: Transaction,
        now: datetime,
        before: tuple[Event, ...] = (),
        authority: Authority | None = None,
    ) -> End:
        """Answer with an outcome, if every means that counted may still be used now.

        1. every party may still take part; 2. what was proven is enough, and of the person asked for;
        3. nobody logged out of a session that it rests on; 4. the role that asked answers, or refuses;
        5. by what somebody acts for another is put down; 6. only then it is recorded as completed.

        Raises:
            PathChanged: what the authority rests on changed meanwhile; the unit must be given up.

        """
        # 1.
        try:
            transaction = self._newest(transaction, now)
        except (PartyClosed, UnknownParty, NotEntitled) as refusal:
            return await self.refuse(unit, transaction, refusal.code, now, before)
        # 2.
        best = transaction.best
        if best is None or not transaction.proven_enough:
            return await self.refuse(unit, transaction, LevelNotProven.code, now, before)
        if transaction.principal != (authority.statement.principal if authority else None):
            return await self.refuse(unit, transaction, NotEntitled.code, now, before)
        if not _is_hinted(transaction, best):
            return await self.refuse(unit, transaction, UserInteractionNeeded.code, now, before)
        # 3.
        renewal = self.sessions.renew(transaction)
        over = await self.sessions.is_over(unit, transaction, now)
        if over or not await self.sessions.rests(unit, transaction, renewal.id, now):
            return await self.refuse(unit, transaction, Cancelled.code, now, before)
        # 4.
        outcome = outcome_of(transaction, best, renewal.id, now, authority)
        answerer = self.answerers[transaction.request.reply_to.provider]
        reply = await answerer.answer(unit, transaction.request, outcome)
        if isinstance(reply, Refusal):
            return await self.refuse(unit, transaction, reply.code, now, before)
        # 5.
        if authority is not None and not await self._put_down(unit, authority, transaction.reference):
            raise PathChanged
        # 6.
        await self.sessions.keep(unit, renewal)
        decision = decide_record(transaction, COMPLETED, outcome, now)
        await self.decisions.record(unit, decision)
        await self.trail.record(unit, *before, facts.completed(transaction, outcome))
        cookie = str(renewal.cookie or "")
        return End(login=transaction.id, reply=reply, service=outcome.request.service.name, session=cookie)

    async def refuse(
        self,
        unit: Unit,
        transaction: Transaction,
        code: str,
        now: datetime,
        before: tuple[Event, ...] = (),
    ) -> End:
        """Answer with a refusal; the service always gets an answer."""
        step = type(next_step(transaction, now)).__name__
        await self.decisions.record(unit, decide_record(transaction, code, None, now))
        await self.trail.record(unit, *before, facts.refused(transaction, code, step, now))
        answerer = self.answerers[transaction.request.reply_to.provider]
        refused = Refused(reference=transaction.reference, code=code, ended_at=now)
        reply = await answerer.refuse(unit, transaction.request, refused)
        return End(login=transaction.id, reply=reply, service=transaction.request.service.name)

    async def _put_down(self, unit: Unit, authority: Authority, reference: str) -> bool:
        """P4, P14: keep the statement beside all that it rests on, in the unit that ends the login."""
        prepared = authority.prepared
        return await self.stating.hold(unit, prepared) and await self.stating.keep(unit, prepared, reference)

    def _newest(self, transaction: Transaction, now: datetime) -> Transaction:
        """Hold the record against the newest catalogue: blocked is blocked, a lower ceiling counts (S23).

        Raises:
            PartyClosed, UnknownParty, NotEntitled: a party may no longer take part.

        """
        snapshot = self.catalogue.current
        asker = gate.open_asker(snapshot, transaction.request.client, now)
        service = gate.open_service(snapshot, transaction.request.service.id, asker, now)
        if transaction.principal is not None:
            gate.check_represents(service, asker)
        proofs = capped(transaction.proofs, snapshot, now)
        return transaction if proofs == transaction.proofs else replace(transaction, proofs=proofs)


def capped(proofs: tuple[Proof, ...], snapshot: Snapshot, now: datetime) -> tuple[Proof, ...]:
    """Return `proofs` at no higher a level than their means are admitted for now.

    Raises:
        PartyClosed, UnknownParty: one of the means may no longer be used.

    """
    ceilings = [gate.open_means(snapshot, proof.authentication.means, now).ceiling for proof in proofs]
    return tuple(
        proof if proof.level <= ceiling else replace(proof, level=ceiling)
        for proof, ceiling in zip(proofs, ceilings, strict=True)
    )


def _is_hinted(transaction: Transaction, best: Proof) -> bool:
    """Tell whether the person is the one that the service asked for, if it asked (OIDCC-3.1.2.1)."""
    hinted = transaction.request.hinted
    return hinted is None or best.authentication.subject.person == hinted
