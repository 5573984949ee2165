"""One step of a login: its record changed, and the login answered when nothing is left to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.errors import LoginEnded, LoginUnknown, Unavailable, settle
from toegang.login import changes
from toegang.login.changes import bound
from toegang.login.steps import Answer, next_step
from toegang.login.transaction import Transaction

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from toegang.audit.event import Event
    from toegang.errors import Refusal
    from toegang.login.changes import Change
    from toegang.login.ending import End, Ending
    from toegang.login.inviting import Inviting
    from toegang.login.transaction import Browser
    from toegang.means.base import TransactionId
    from toegang.units import Expiring, Unit, Units

    FactsOf = Callable[[Transaction, datetime], tuple[Event, ...]]


@dataclass(frozen=True, slots=True)
class _Undecided:
    """What a step would come to, when it must be looked at first whether to invite the person."""

    transaction: Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Advancing:
    """Changes the records of logins under way, each change in one unit with all that comes of it."""

    units: Units
    transactions: Expiring[Transaction]
    ending: Ending
    inviting: Inviting

    async def advance(
        self,
        login: TransactionId,
        browser: Browser,
        now: datetime,
        change: Change,
        facts_of: FactsOf = lambda _, __: (),
    ) -> Transaction | End:
        """Change the record, and answer when nothing is left to do: in one unit.

        Before the answer it is looked at whether to invite the person, outside the unit and once. Whatever
        fails about that, the login goes on without it.

        Raises:
            Refusal: that of `change`, or of a login that is not this browser's or is over.

        """
        bounded = bound(browser, now, change)
        at = await self._changed(login, now, bounded, facts_of)
        if not isinstance(at, _Undecided):
            return at
        invitation = await self.inviting.find(at.transaction, now)
        try:
            at = await self._changed(login, now, changes.invited(bounded, invitation), facts_of)
        except Unavailable:
            if invitation is None:
                raise
            at = await self._changed(login, now, changes.invited(bounded, None), facts_of)
        if isinstance(at, _Undecided):
            message = "it was looked at"
            raise TypeError(message)
        return at

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

    async def _changed(
        self, login: TransactionId, now: datetime, change: Change, facts_of: FactsOf
    ) -> Transaction | End | _Undecided:
        async with self.units.begin() as unit:
            held = await self.transactions.hold(unit, login, now)
            result = None if held is None else change(held)
            if held is not None and isinstance(result, Transaction):
                if isinstance(next_step(result, now), Answer) and self.inviting.looks(result, now):
                    return _Undecided(result)
                happened = (*facts_of(result, now), *await self.inviting.note(unit, held, result, now))
                return await self._written(unit, result, happened, now)
        if result is None:
            raise await self.gone(login)
        return settle(result)

    async def _written(
        self, unit: Unit, result: Transaction, happened: tuple[Event, ...], now: datetime
    ) -> Transaction | End:
        if isinstance(next_step(result, now), Answer):
            await self.transactions.drop(unit, result.id)
            return await self.ending.answer(unit, result, now, happened)
        await self.transactions.rewrite(unit, result.id, result)
        if happened:
            await self.ending.trail.record(unit, *happened)
        return result
