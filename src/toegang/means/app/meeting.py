"""How a page and an app find each other (RFC10027): the app shows letters, the page shows what is scanned.

The app opens a contact and shows its code; the person types it on the page, which meets that one contact and
shows a token for it alone, for a minute and one use. A picture of that token is worth nothing to anybody
else's app (L08). An app on the same device needs no contact: its token proves in the page's own browser only.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from toegang.errors import (
    LoginElsewhere,
    OneTimeGone,
    Refusal,
    StepOutOfOrder,
    TooManyTries,
    Unavailable,
    settle,
)
from toegang.means.app.desk import Contact, Waiting, contact_hash
from toegang.means.app.pairing import Action, Pairing, Shown, State, Whereabouts
from toegang.means.app.policy import CODE_ALPHABET, CODE_LENGTH, NUMBER_DIGITS

if TYPE_CHECKING:
    from toegang.catalogue.values import Text
    from toegang.means.app.desk import AppDesk
    from toegang.means.citizen.visitor import Visitor
    from toegang.units import Unit

TOKEN_BYTES = 16
DRAWS = 20  # codes that may be taken already before we say that there are too many
FAIR = len(CODE_ALPHABET) * (256 // len(CODE_ALPHABET))  # octets from here on would favour some letters


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A contact as its app gets it: the secret, the code to show, and until when."""

    contact: str = field(repr=False)
    code: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """What an app gets for what it scanned, once: the session, its challenge and the pairing as it stands."""

    session: str = field(repr=False)
    pairing: Pairing


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """The use cases of a page and an app that find each other."""

    desk: AppDesk

    async def open_contact(self, network: str, now: datetime) -> Opened:
        """Open a contact for an app, with a code that no other has now.

        Raises:
            TooManyTries: too many from this network.
            PartyClosed: no app is admitted now.
            Unavailable: nearly every code is taken.

        """
        desk, account = self.desk, self.desk.account
        desk.admission(now)
        secret, until = account.ids.token(), now + desk.policy.contact_lifetime
        async with account.units.begin() as unit:
            refusal = await account.tallies.count(unit, f"app-contact:{network}", desk.policy.contacts, now)
            code = None if refusal else await self._code(unit, secret, until, now)
            if code:
                await desk.memory.contacts.keep(unit, secret, Contact(code=code, until=until), until)
        if refusal:
            raise refusal
        if code is None:
            message = "too many contacts at once"
            raise Unavailable(message)
        return Opened(contact=secret, code=code, until=until)

    async def find(self, id_: str, visitor: Visitor, now: datetime) -> Pairing | None:
        """Return a pairing for the page of its own browser; None when there is none any more.

        Raises:
            LoginElsewhere: another browser.

        """
        found = await self.desk.memory.pairings.find(id_, now)
        if found is not None:
            visitor.check_browser(found.browser)
        return found

    async def choose(
        self, id_: str, visitor: Visitor, browser: Text, action: Action, now: datetime
    ) -> Pairing:
        """Choose where the app is (OTHER, HERE), or go back to that choice (BACK, AGAIN).

        `browser` is what the browser calls itself: the app shows it.

        Raises:
            OneTimeGone, LoginElsewhere, StepOutOfOrder: as every step.

        """
        place = Whereabouts(network=visitor.network, browser=browser, at=now)
        changes: dict[str, Any] = {"place": place, "contact": "", "shown": None, "called": None, "number": ""}
        async with self.desk.account.units.begin() as unit:
            own = _of_this(await self.desk.memory.pairings.hold(unit, id_, now), visitor)
            after = own.after(action) if isinstance(own, Pairing) else own
            # Only where it may be: hiding would also free an app that is called.
            if isinstance(own, Pairing) and isinstance(after, Pairing):
                await self._hide(unit, own)
                if action is Action.HERE:
                    changes["shown"] = await self._show(unit, id_, "", now)
                after = await self.desk.held_step(unit, id_, own, action, now, **changes)
        return settle(after)

    async def meet(
        self, id_: str, visitor: Visitor, typed: str, now: datetime, *, remember: bool = False
    ) -> Pairing:
        """Meet the contact whose code was typed; five wrong ones end the pairing.

        `remember` says that this browser is to know the app that confirms (calling.py).

        Raises:
            TooManyTries: too many wrong ones from this network.
            OneTimeGone, LoginElsewhere, StepOutOfOrder: as every step.

        """
        desk, account = self.desk, self.desk.account
        kept, tally = await self._own(id_, visitor, now), f"app-code:{visitor.network}"
        wait = await account.tallies.wait(tally, desk.policy.codes, now)
        if wait:
            raise TooManyTries(wait, "app-code")
        code = "".join(sign for sign in typed[: CODE_LENGTH * 4].upper() if sign.isalpha())
        async with account.units.begin() as unit:
            # Held, so that guesses made at once are counted one by one (security line L04).
            kept = await desk.memory.pairings.hold(unit, id_, now) or kept
            asked = kept.state is State.ASKED
            contact = await desk.memory.codes.take(unit, code, now) if asked else None
            if not asked:
                # A number that was called for counts its misses too: letters are none of those.
                after: Pairing | Refusal = StepOutOfOrder("letters while none are asked")
            elif contact is None:
                await account.tallies.count(unit, tally, desk.policy.codes, now)
                spent = kept.misses + 1 >= desk.policy.code_misses
                action = Action.EXHAUST if spent else Action.MISS
                after = await desk.step(unit, id_, kept, action, now, misses=kept.misses + 1)
            else:
                shown = await self._show(unit, id_, contact, now)
                after = await desk.step(
                    unit, id_, kept, Action.MEET, now, contact=contact, shown=shown, remember=remember
                )
        return settle(after)

    async def renew(self, id_: str, visitor: Visitor, now: datetime) -> Pairing:
        """Show a new token; the old one counts no more.

        Raises:
            OneTimeGone, LoginElsewhere, StepOutOfOrder: as every step.

        """
        async with self.desk.account.units.begin() as unit:
            own = _of_this(await self.desk.memory.pairings.hold(unit, id_, now), visitor)
            after = own.after(Action.RENEW) if isinstance(own, Pairing) else own
            if isinstance(own, Pairing) and isinstance(after, Pairing):
                await self._hide(unit, own)
                shown = await self._show(unit, id_, own.contact, now)
                after = await self.desk.held_step(unit, id_, own, Action.RENEW, now, shown=shown)
        return settle(after)

    async def end(self, id_: str, visitor: Visitor, now: datetime) -> None:
        """End a pairing; never refused to its own browser, and a second time nothing happens."""
        async with self.desk.account.units.begin() as unit:
            kept = await self.desk.memory.pairings.hold(unit, id_, now)
            if kept is not None:
                visitor.check_browser(kept.browser)
                await self._hide(unit, kept)
                await self.desk.held_step(unit, id_, kept, Action.END, now)

    async def scan(self, contact: str, token: str, number: str, now: datetime) -> Scanned:
        """Take what was scanned, or the number that was typed instead, once; open a session for the app.

        Raises:
            OneTimeGone: unknown, used, too old, or shown for another contact; which is not told.
            StepOutOfOrder: the page is no longer waiting.
            PartyClosed, UnknownParty: the means is closed now.

        """
        ids = self.desk.account.ids
        session, challenge = ids.token(), ids.token()
        async with self.desk.account.units.begin() as unit:
            id_ = await self._take(unit, contact, token or f"{contact_hash(contact)}:{number}", now)
            after = id_ if isinstance(id_, Refusal) else await self._scanned(unit, id_, challenge, now)
            if isinstance(id_, str) and isinstance(after, Pairing):
                await self.desk.memory.sessions.keep(unit, session, id_, after.until)
        pairing = settle(after)
        self.desk.check_means(pairing.means, now)
        return Scanned(session=session, pairing=pairing)

    async def _own(self, id_: str, visitor: Visitor, now: datetime) -> Pairing:
        kept = await self.find(id_, visitor, now)
        if kept is None:
            raise OneTimeGone
        return kept

    async def _code(self, unit: Unit, secret: str, until: datetime, now: datetime) -> str | None:
        ids, codes = self.desk.account.ids, self.desk.memory.codes
        for _ in range(DRAWS):
            code = code_of(ids.secret(CODE_LENGTH * 8), CODE_LENGTH)
            if len(code) == CODE_LENGTH and await codes.add(unit, code, contact_hash(secret), until, now):
                return code
        return None

    async def _show(self, unit: Unit, id_: str, contact: str, now: datetime) -> Shown:
        """Make what can be scanned, for this contact alone."""
        ids, waiting = self.desk.account.ids, self.desk.memory.waiting
        token, until = ids.token(TOKEN_BYTES), now + self.desk.policy.token_lifetime
        number = ids.digits(NUMBER_DIGITS) if contact else ""
        opens = Waiting(pairing=id_, contact=contact)
        await waiting.keep(unit, token, opens, until)
        if number:
            await waiting.keep(unit, f"{contact}:{number}", opens, until)
        return Shown(token=token, number=number, until=until)

    async def _hide(self, unit: Unit, kept: Pairing) -> None:
        """Let what was shown before count no more, and an app that was called be free."""
        await self.desk.release(unit, kept)
        if kept.shown is not None:
            await self.desk.memory.waiting.drop(unit, kept.shown.token)
            if kept.shown.number:
                await self.desk.memory.waiting.drop(unit, f"{kept.contact}:{kept.shown.number}")

    async def _take(self, unit: Unit, contact: str, name: str, now: datetime) -> str | Refusal:
        """Take what a page shows under `name`, for this contact alone; a wrong number counts."""
        memory = self.desk.memory
        waits = await memory.contacts.hold(unit, contact, now) if contact else None
        if contact and waits is None:
            return OneTimeGone()
        found = await memory.waiting.hold(unit, name, now)
        hashed = contact_hash(contact) if contact else ""
        if found is None or not hmac.compare_digest(found.contact, hashed):
            if waits is not None:
                await self._missed(unit, contact, waits)
            return OneTimeGone()
        await memory.waiting.drop(unit, name)
        if contact:
            await memory.contacts.drop(unit, contact)
        return found.pairing

    async def _missed(self, unit: Unit, contact: str, kept: Contact) -> None:
        """Count a wrong number of a contact; the last one ends it."""
        contacts, misses = self.desk.memory.contacts, kept.misses + 1
        if misses >= self.desk.policy.number_misses:
            await contacts.drop(unit, contact)
        else:
            await contacts.rewrite(unit, contact, replace(kept, misses=misses))

    async def _scanned(self, unit: Unit, id_: str, challenge: str, now: datetime) -> Pairing | Refusal:
        kept = await self.desk.memory.pairings.hold(unit, id_, now)
        if kept is None:
            return OneTimeGone()
        await self._hide(unit, kept)
        until = now + self.desk.policy.session_lifetime
        return await self.desk.held_step(
            unit, id_, kept, Action.SCAN, now, challenge=challenge, session_until=until, shown=None
        )


def _of_this(kept: Pairing | None, visitor: Visitor) -> Pairing | Refusal:
    """Return what is held for the page of its own browser, or why that may not be."""
    if kept is None:
        return OneTimeGone()
    try:
        visitor.check_browser(kept.browser)
    except LoginElsewhere as refusal:
        return refusal
    return kept


def code_of(octets: bytes, length: int) -> str:
    """Return a code from random octets, each letter equally likely; shorter when too few octets would do."""
    letters = (CODE_ALPHABET[octet % len(CODE_ALPHABET)] for octet in octets if octet < FAIR)
    return "".join(letters)[:length]
