"""The letter with the code of an app: sent when it is activated, and again when it was lost or too late."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from toegang.audit.events import AppLetterSent
from toegang.errors import AccountClosed, LevelNotProven, NotEntitled, Refusal, settle
from toegang.means.app.values import AppStatus
from toegang.means.citizen.desk import personal
from toegang.means.citizen.own_account import OwnAccount
from toegang.means.citizen.posting import Writing, code_values
from toegang.means.citizen.records import LetterCode
from toegang.means.citizen.standing import check_open
from toegang.post.texts import LetterPurpose

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.means.app.desk import AppDesk
    from toegang.means.app.values import App, AppId
    from toegang.means.citizen.account import Account
    from toegang.means.citizen.codes import Code
    from toegang.means.citizen.own_account import SignedIn
    from toegang.registers.population import Registered
    from toegang.units import Unit

PURPOSE = "app activation"  # what the code of a letter is made for


@dataclass(frozen=True, slots=True, kw_only=True)
class Lettering:
    """A letter to be: for which app of whose account, to whom, with which code."""

    app: App
    account: Account
    to: Registered | None
    code: str = field(repr=False)
    hashed: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """What a person does about the letter of an app that waits for it."""

    desk: AppDesk

    async def again(self, signed_in: SignedIn, app: AppId, now: datetime) -> datetime:
        """Send the letter again, and return until when its code works; the one before is dead at once.

        Raises:
            LevelNotProven: log in again first.
            NotEntitled: no app of this account that waits for a letter, or no letter reaches the person.
            TooManyTries: as many letters were sent as may be.
            AccountClosed, PartyClosed: closed now, or proofs were withdrawn since the app was made.

        """
        desk, room = self.desk, self.desk.account
        if await OwnAccount(desk=room).login_needed(signed_in, now) is not None:
            raise LevelNotProven
        account, found = check_open(await room.accounts.find(signed_in.account)), await desk.apps.find(app)
        if found is None or found.account != account.id or found.status is not AppStatus.PENDING:
            message = "no app of this account that waits for a letter"
            raise NotEntitled(message)
        desk.check_means(found.means, now)
        if account.proofs_from is not None and found.since < account.proofs_from:
            message = "withdrawn since the app was made"
            raise AccountClosed(message)
        to = await room.addressee(account)
        if to is None:
            message = "no letter reaches the person"
            raise NotEntitled(message)
        code, hashed = room.posting.letter_code(PURPOSE, str(app), now)
        lettering = Lettering(app=found, account=account, to=to, code=code, hashed=hashed)
        limit = f"letters:{room.enrolment.found_by(to.bsn).hex()}"
        async with room.units.begin() as unit:
            # Held, so that an app that became active or was stopped meanwhile gets no letter.
            held = await desk.apps.change(unit, app, _still_pending)
            refusal = held if isinstance(held, Refusal) else None
            refusal = refusal or await room.tallies.count(unit, limit, room.policy.letters, now)
            if refusal is None:
                await send_letter(desk, unit, lettering, now)
        return settle(refusal or hashed.until)


async def send_letter(desk: AppDesk, unit: Unit, made: Lettering, now: datetime) -> None:
    """Put the letter in the post, and keep its code in the place of the one before."""
    room, app, language = desk.account, made.app, made.account.language
    waiting = LetterCode(account=app.account, code=made.hashed, asked_at=now)
    await room.memory.letter_codes.keep(unit, key_of(app.id), waiting, made.hashed.until)
    values = code_values(made.code, made.hashed.until, language) | {"device": app.name}
    writing = Writing.of(made.account, LetterPurpose.APP_CODE, made.to, values)
    await room.posting.letter(unit, writing, now)
    event = AppLetterSent(at=now, means=app.means, person=personal(made.account))
    await room.trail.record(unit, event)


def key_of(app: AppId) -> str:
    """Return what the code of an app's letter is kept under."""
    return f"{PURPOSE} {app}"


def _still_pending(kept: App) -> App | Refusal:
    return kept if kept.status is AppStatus.PENDING else NotEntitled("the app waits for no letter")
