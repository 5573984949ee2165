"""One try of a PIN: a wrong one counts, whatever it was for, and the last one blocks the app (L09)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from toegang.audit.events import AppBlocked, AppPinWrong
from toegang.errors import OneTimeGone, PinWrong, ProofInvalid, Refusal
from toegang.means.app import statements
from toegang.means.app.standing import COPIED
from toegang.means.app.values import App, AppStatus, Turned
from toegang.means.citizen.desk import personal
from toegang.means.citizen.telling import notice
from toegang.post.texts import SmsPurpose

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.means.app.desk import AppDesk
    from toegang.means.app.statements import Statement
    from toegang.means.citizen.account import Account
    from toegang.units import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class PinTry:
    """One try, judged as far as can be before its unit: the PIN of the app as it was read is `right` or not.

    `fresh` is the turn that a right one answers.
    """

    app: App
    account: Account
    turn: str = field(repr=False)
    fresh: str = field(repr=False)
    right: bool

    @classmethod
    def of(cls, desk: AppDesk, app: App, account: Account, statement: Statement) -> PinTry:
        """Judge the statement by the PIN; wrong is no refusal yet, but a try that must be counted."""
        try:
            statements.check_pin(statement, desk.open_pin_key(app))
            right = True
        except ProofInvalid:
            right = False
        fresh = desk.account.ids.token(16)
        return cls(app=app, account=account, turn=statement.turn, fresh=fresh, right=right)

    def used(self, app: App, most: int, now: datetime) -> App | Refusal:
        """Return the app, held as it is now, after this try: used, missed, or stopped because it was copied.

        Refused, and not counted, where its PIN became another since this one was judged.
        """
        if app.refusal is not None:
            return app.refusal
        if app.order_of(self.turn) is Turned.COPIED:
            return app.stopped(COPIED, now)
        if app.pin_key != self.app.pin_key:
            return OneTimeGone("the PIN was changed meanwhile")
        return app.given(self.turn, self.fresh, now) if self.right else app.missed(most)


async def missed(  # noqa: PLR0913 an act in a unit, and the login that it happened in
    desk: AppDesk, unit: Unit, tried: PinTry, after: App, now: datetime, *, reference: str | None = None
) -> PinWrong:
    """Record a wrong PIN, and the block that the last one is, of which the person is told."""
    trail, left = desk.account.trail, max(0, desk.policy.pin_tries - after.failures)
    about = {"at": now, "means": after.means, "person": personal(tried.account)}
    await trail.record(unit, AppPinWrong(**about, reference=reference, tries_left=left))  # type: ignore[arg-type]
    if after.status is AppStatus.BLOCKED:
        blocked = AppBlocked(**about, before=after.level, after=None, tries=after.failures)  # type: ignore[arg-type]
        await trail.record(unit, blocked)
        await notice(desk.account, unit, tried.account, SmsPurpose.APP_BLOCKED, now)
    return PinWrong(left)
