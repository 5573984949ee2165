"""One step of a login: its record changed, and the login answered when nothing is left to do.

What must be asked first of others is asked outside the unit (`_Wanted`), and the step is tried again with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from toegang.errors import Crossed, LoginEnded, LoginUnknown, Unavailable, settle
from toegang.login import changes
from toegang.login.acting import Acting, PathChanged
from toegang.login.changes import bound
from toegang.login.steps import Answer, ChooseRepresented, next_step
from toegang.login.transaction import Transaction

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from toegang.audit.event import Event
    from toegang.errors import Refusal
    from toegang.login.acting import Authority
    from toegang.login.authorities import Authorities
    from toegang.login.changes import Change
    from toegang.login.ending import End, Ending
    from toegang.login.inviting import Inviting
    from toegang.login.steps import Step
    from toegang.login.transaction import Browser
    from toegang.means.base import TransactionId
    from toegang.units import Expiring, Unit, Units

    FactsOf = Callable[[Transaction, datetime], tuple[Event, ...]]
    Beside = Callable[[Unit], Awaitable[None]]

TRIES: Final = 8
"""How often a step is tried: more than there is to ask, so that an authority which changes is asked again."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a step would come to, when something must be asked of others before it can be written."""

    transaction: Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """A step that is tried: what it changes and tells, and with what was asked for it.

    `beside` asks in the unit, before the record is held, what the change must know; its answer comes with the
    record. `plain` is the same change without the invitation that was found. `asked` is the record of which
    it was asked by what authority the login may end; without one it then ends with a refusal.
    """

    change: Change
    facts_of: FactsOf
    beside: Beside | None = None
    plain: Change | None = None
    authority: Authority | None = None
    asked: Transaction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Advancing:
    """Changes the records of logins under way, each change in one unit with all that comes of it."""

    units: Units
    transactions: Expiring[Transaction]
    ending: Ending
    inviting: Inviting
    authorities: Authorities

    async def advance(  # noqa: PLR0913 what a step is made of
        self,
        login: TransactionId,
        browser: Browser,
        now: datetime,
        change: Change,
        facts_of: FactsOf = lambda _, __: (),
        *,
        beside: Beside | None = None,
    ) -> Transaction | End:
        """Change the record, and answer when nothing is left to do: in one unit.

        Outside the unit it is looked at whether there is a choice for whom the person logs in, whether to
        invite them, and by what authority they act for another. Whatever fails about an invitation, the
        login goes on without it. Where what somebody acts by keeps changing the service is told no.

        Raises:
            Refusal: that of `change`, or of a login that is not this browser's or is over.
            Crossed: others changed the same at that moment, each time.

        """
        step = _Step(change=bound(browser, now, change), facts_of=facts_of, beside=beside)
        for left in reversed(range(TRIES)):
            try:
                at = await self._changed(login, now, step)
            except PathChanged:
                step = replace(step, authority=None, asked=None)
                continue
            except Crossed:
                # Nothing was written, and all that the unit does comes of the record, the change and what was
                # asked before it: a login goes on where others changed the same at that moment.
                if not left:
                    raise
                continue
            except Unavailable:
                if step.plain is None:
                    raise
                step = replace(step, change=step.plain, plain=None)
                continue
            if not isinstance(at, _Wanted):
                return at
            step = await self._asked(step, at.transaction, now)
        return await self.refuse(login, Unavailable.code, now)

    async def refuse(self, login: TransactionId, code: str, now: datetime) -> End:
        """Answer with a refusal.

        Raises:
            LoginEnded, LoginUnknown: there is no such login.

        """
        async with self.units.begin() as unit:
            transaction = await self.transactions.take(unit, login, now)
            if transaction is not None:
                return await self.ending.refuse(unit, transaction, code, now)
        raise await self.gone(login)

    async def gone(self, login: TransactionId) -> Refusal:
        """Say why there is no such login: it was answered, or it never was or took too long."""
        decision = await self.ending.decisions.find_by_login(login)
        return LoginUnknown() if decision is None else LoginEnded()

    def _wants(self, step: _Step, result: Transaction, coming: Step, now: datetime) -> bool:
        """Tell whether something is to be asked before `result`, after which this is coming, is written."""
        if isinstance(coming, ChooseRepresented):
            return result.acting is None
        if not isinstance(coming, Answer):
            return False
        unasked = result.principal is not None and not _is_of(step.asked, result)
        return unasked or self.inviting.looks(result, now)

    async def _asked(self, step: _Step, result: Transaction, now: datetime) -> _Step:
        """Ask what `_wants` wants."""
        if isinstance(next_step(result, now), ChooseRepresented):
            acting = await self.authorities.look(result, now)
            return replace(step, change=changes.looked(step.change, acting))
        if result.principal is None:
            invitation = await self.inviting.find(result, now)
            plain = changes.invited(step.change, None)
            if invitation is None:
                return replace(step, change=plain)
            return replace(step, change=changes.invited(step.change, invitation), plain=plain)
        found = await self.authorities.still(result, result.principal, now)
        if isinstance(found, Acting):
            return replace(step, change=changes.looked(step.change, found))
        return replace(step, authority=found, asked=result)

    async def _changed(self, login: TransactionId, now: datetime, step: _Step) -> Transaction | End | _Wanted:
        async with self.units.begin() as unit:
            if step.beside is not None:
                await step.beside(unit)
            held = await self.transactions.hold(unit, login, now)
            result = None if held is None else step.change(held)
            if held is not None and isinstance(result, Transaction):
                coming = next_step(result, now)
                if self._wants(step, result, coming, now):
                    return _Wanted(result)
                noted = await self.inviting.note(unit, held, result, now)
                happened = (*step.facts_of(result, now), *noted)
                if not isinstance(coming, Answer):
                    return await self._rewritten(unit, result, happened)
                await self.transactions.drop(unit, result.id)
                return await self.ending.answer(unit, result, now, happened, step.authority)
        if result is None:
            raise await self.gone(login)
        return settle(result)

    async def _rewritten(self, unit: Unit, result: Transaction, happened: tuple[Event, ...]) -> Transaction:
        await self.transactions.rewrite(unit, result.id, result)
        if happened:
            await self.ending.trail.record(unit, *happened)
        return result


def _is_of(asked: Transaction | None, result: Transaction) -> bool:
    """Tell whether what was asked is of this login: of whom, by what was proven of who acts.

    Another may have logged in since, in another tab, or the same person at a lower level.
    """
    return asked is not None and (asked.principal, asked.proofs) == (result.principal, result.proofs)
