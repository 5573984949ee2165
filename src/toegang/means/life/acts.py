"""What is done when something happened in somebody's life: one function per effect of identity/life.py."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from toegang.audit.events import LifeEventDone, Personal
from toegang.errors import Malformed
from toegang.identity.life import Effect, LifeEvent
from toegang.means.app.lettering import key_of as app_key
from toegang.means.citizen import activation, first_number, recovering
from toegang.means.citizen.holding import By, Lifting, lift, of_death, place
from toegang.means.life import numbers
from toegang.means.life.store import DocumentReport, DocumentState

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import datetime

    from toegang.means.life.desk import Happening, LifeDesk
    from toegang.units import Unit

    Act = Callable[[LifeDesk, Unit, Happening, datetime], Awaitable[None]]


async def do(desk: LifeDesk, unit: Unit, happening: Happening, now: datetime) -> None:
    """Do what the rule says, and record that it was done."""
    event = LifeEventDone(
        at=now,
        kind=happening.notice.event.value,
        effect=happening.rule.effect.value,
        person=Personal.of(happening.person.id),
    )
    await desk.account.trail.record(unit, event)
    for room in desk.told:
        await room.heard(unit, happening.person.id, now)
    await _ACTS[happening.rule.effect](desk, unit, happening, now)


async def _hold(desk: LifeDesk, unit: Unit, happening: Happening, now: datetime) -> None:
    await place(desk.account, unit, of_death(happening.person.id, now), By.REGISTER, now)
    for room in desk.told:
        await room.died(unit, happening.person.id, now)


async def _lift(desk: LifeDesk, unit: Unit, happening: Happening, now: datetime) -> None:
    if happening.rule.hold is not None:
        lifting = Lifting(person=happening.person.id, reason=happening.rule.hold, by=By.REGISTER)
        await lift(desk.account, unit, lifting, now)
    for room in desk.told:
        await room.lives(unit, happening.person.id, now)


async def _keep(desk: LifeDesk, unit: Unit, happening: Happening, now: datetime) -> None:
    """Nothing hangs on what has changed: it is asked of the register each time."""


async def _void_letters(desk: LifeDesk, unit: Unit, happening: Happening, now: datetime) -> None:
    """L16: a code in a letter to an address that the person has left must open nothing to who lives there."""
    account_desk = desk.account
    for account in await account_desk.accounts.of_person(happening.person.id):
        keys = [activation.key_of(account), first_number.key_of(account)]
        keys += [app_key(app.id) for app in await desk.apps.of_account(account.id)]
        if account.name is not None:
            keys.append(recovering.key_of(account.name, happening.person.found_by))
        for key in keys:
            await account_desk.memory.letter_codes.take(unit, key, now)
    for room in desk.told:
        await room.moved(unit, happening.person.id, now)


async def _report(desk: LifeDesk, unit: Unit, happening: Happening, now: datetime) -> None:
    document = happening.notice.document
    if document is None:
        raise Malformed
    report = DocumentReport(
        document=desk.reports.key(document.type, document.number),
        person=happening.person.id,
        type=document.type.value,
        state=_STATES[happening.notice.event],
        since=now,
    )
    await desk.store.report(unit, report)
    for room in desk.rests:
        await room.document_reported(unit, report, now)


_STATES: Final[Mapping[LifeEvent, DocumentState]] = MappingProxyType(
    {
        LifeEvent.DOCUMENT_LOST: DocumentState.LOST,
        LifeEvent.DOCUMENT_STOLEN: DocumentState.STOLEN,
        LifeEvent.DOCUMENT_FOUND: DocumentState.FOUND,
    }
)
_ACTS: Final[Mapping[Effect, Act]] = MappingProxyType(
    {
        Effect.HOLD: _hold,
        Effect.LIFT: _lift,
        Effect.KEEP: _keep,
        Effect.VOID_LETTERS: _void_letters,
        Effect.MOVE_NUMBER: numbers.correct,
        Effect.REPORT_DOCUMENT: _report,
    }
)
