"""The door of reader sessions: a page begins one; one reader takes it by its code and relays rounds."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from toegang.errors import (
    DocumentRefused,
    Malformed,
    Misconfigured,
    OneTimeGone,
    Refusal,
    StepOutOfOrder,
    TooLarge,
    TooManyTries,
    Unavailable,
    settle,
)
from toegang.means.app.meeting import DRAWS, code_of
from toegang.means.app.policy import CODE_ALPHABET
from toegang.means.reader.conversation import Accepted, Question, Refused, Said, Talk
from toegang.means.reader.policy import CODE_LENGTH, ReaderPolicy
from toegang.means.reader.sessions import QUESTION, Action, ReaderSession, State

if TYPE_CHECKING:
    from toegang.ids import Ids
    from toegang.means.app.pairing import Whereabouts
    from toegang.means.app.watching import Watcher
    from toegang.means.citizen.throttle import Tallies
    from toegang.means.citizen.visitor import Visitor
    from toegang.means.reader.conversation import Conversation, End, Next, Round
    from toegang.means.reader.keeping import Talks
    from toegang.units import Expiring, Unit, Units

NONCE = 32
AGAIN = "again"
"""The advice where a chip said what no chip says: try again, hold it still."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What a page begins a session with; `subject` is its own word for what this is about."""

    purpose: str
    subject: str = field(repr=False)
    browser: str = field(repr=False)
    language: str
    place: Whereabouts


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What a reader gets: what comes next, and with which secrets it says the next thing.

    `session` is there when it just took the session. After the end there is no turn.
    """

    next: Next
    turn: str = field(default="", repr=False)
    session: str = field(default="", repr=False)
    kept: ReaderSession


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderMemory:
    """What is remembered: sessions by the id of their page, those ids by code and by the reader's secret."""

    sessions: Expiring[ReaderSession]
    codes: Expiring[str]
    readers: Expiring[str]
    talks: Talks


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """The use cases of a page and of a reader."""

    units: Units
    ids: Ids
    memory: ReaderMemory
    watcher: Watcher
    tallies: Tallies
    conversations: Mapping[str, Conversation]
    policy: ReaderPolicy

    async def begin(self, beginning: Beginning, now: datetime) -> str:
        """Begin a session for a page; return its id, which stands in the page's address.

        Raises:
            Unavailable: nearly every code is taken.

        """
        id_, until = self.ids.token(18), now + self.policy.code_lifetime
        kept_until = until + self.policy.talk_lifetime + self.policy.shown_lifetime
        async with self.units.begin() as unit:
            code = await self._code(unit, id_, until, now)
            if code:
                session = ReaderSession(
                    purpose=beginning.purpose,
                    subject=beginning.subject,
                    reference=self.ids.reference(),
                    browser=beginning.browser,
                    language=beginning.language,
                    place=beginning.place,
                    code=code,
                    until=until,
                )
                await self.memory.sessions.keep(unit, id_, session, kept_until)
        if not code:
            message = "too many reader sessions at once"
            raise Unavailable(message)
        return id_

    async def find(self, id_: str, visitor: Visitor, now: datetime) -> ReaderSession | None:
        """Return a session for the page of its own browser; None when there is none any more.

        Raises:
            LoginElsewhere: another browser.

        """
        found = await self.memory.sessions.find(id_, now)
        if found is not None:
            visitor.check_browser(found.browser)
        return found

    async def end(self, id_: str, visitor: Visitor, now: datetime) -> None:
        """End a session; never refused to its own browser, and a second time nothing happens."""
        if await self.find(id_, visitor, now) is not None:
            await self._ended(id_, now)

    async def use(self, id_: str, visitor: Visitor, now: datetime) -> bytes:
        """Take what was proven: once, and only in the browser that began the session.

        Raises:
            OneTimeGone: nothing was proven, or it was taken already.
            LoginElsewhere: another browser.

        """
        if await self.find(id_, visitor, now) is None:
            raise OneTimeGone
        async with self.units.begin() as unit:
            kept = await self.memory.sessions.hold(unit, id_, now)
            after = kept.after(Action.USE, result=b"") if kept else OneTimeGone()
            if kept is not None and isinstance(after, ReaderSession):
                await self._write(unit, id_, after, now)
        if kept is None or isinstance(after, Refusal):
            raise OneTimeGone
        return self.memory.talks.open_result(id_, kept.result)

    async def take(self, typed: str, network: str, now: datetime) -> Turn:
        """Take a session by the code that its page shows: one reader, once.

        Raises:
            OneTimeGone: no such code, or no longer; which is not told.
            TooManyTries: too many wrong codes from this network.
            any Refusal of the purpose, which then ends the session.

        """
        tally = f"reader-code:{network}"
        wait = await self.tallies.wait(tally, self.policy.codes, now)
        if wait:
            raise TooManyTries(wait, "reader-code")
        code = "".join(sign for sign in typed.upper() if sign in CODE_ALPHABET)
        secret, nonce = self.ids.token(), self.ids.secret(NONCE)
        async with self.units.begin() as unit:
            id_ = await self.memory.codes.take(unit, code, now)
            if id_ is None:
                await self.tallies.count(unit, tally, self.policy.codes, now)
                taken: tuple[ReaderSession, Talk] | Refusal = OneTimeGone()
            else:
                taken = await self._taken(unit, id_, secret, nonce, now)
        kept, talk = settle(taken)
        return replace(await self._told(id_ or "", kept, talk, now), session=secret)

    async def say(self, session: str, turn: str, said: Said, now: datetime) -> Turn:
        """Take one message of the reader that has the session, and return what comes next.

        1. the session is this reader's and under way, the turn is the last that it was given, and it says
        what it was asked for; 2. what comes next is computed; 3. in one unit: nobody else used the turn.

        Raises:
            OneTimeGone: no such session, or over.
            StepOutOfOrder: another turn, or something else was asked; nothing changes.
            Malformed, TooLarge, Unavailable: nothing changes, so it may be said again.

        """
        # 1.
        id_, kept = await self._of(session, now)
        if not hmac.compare_digest(kept.turn, _hash(turn)):
            message = "a turn that is not the last"
            raise StepOutOfOrder(message)
        self._check_asked(kept, said)
        before = await self.memory.talks.find(id_, now)
        talk = replace(before, said=(*before.said, said))
        if talk.size > self.policy.octets or kept.messages >= self.policy.messages:
            message = "more was said than any chip says"
            raise TooLarge(message)
        # 2. and 3.
        return await self._told(id_, kept, talk, now)

    async def leave(self, session: str, now: datetime) -> None:
        """End a session at the reader; never refused to the reader that has it, whatever its turn.

        Raises:
            OneTimeGone: no such session, or over.

        """
        id_, _ = await self._of(session, now)
        await self._ended(id_, now)

    async def _code(self, unit: Unit, id_: str, until: datetime, now: datetime) -> str:
        for _ in range(DRAWS):
            code = code_of(self.ids.secret(CODE_LENGTH * 4), CODE_LENGTH)
            if len(code) == CODE_LENGTH and await self.memory.codes.add(unit, code, id_, until, now):
                return code
        return ""

    async def _taken(
        self, unit: Unit, id_: str, secret: str, nonce: bytes, now: datetime
    ) -> tuple[ReaderSession, Talk] | Refusal:
        kept = await self.memory.sessions.hold(unit, id_, now)
        until = now + self.policy.talk_lifetime
        after = kept.after(Action.TAKE, code="", until=until) if kept else OneTimeGone()
        if kept is None or isinstance(after, Refusal):
            return OneTimeGone()
        talk = Talk(
            purpose=kept.purpose,
            subject=kept.subject,
            reference=kept.reference,
            nonce=nonce,
            secret=self.ids.secret(NONCE),
        )
        refusal = await self._conversation(kept).admit(unit, talk, now)
        if refusal is not None:
            ended = replace(kept, state=State.ENDED, code="", advice=refusal.code)
            await self._write(unit, id_, ended, now)
            return refusal
        await self.memory.readers.keep(unit, secret, id_, until)
        await self.memory.talks.keep(unit, id_, talk, until)
        await self._write(unit, id_, after, now)
        return after, talk

    async def _of(self, session: str, now: datetime) -> tuple[str, ReaderSession]:
        id_ = await self.memory.readers.find(session, now)
        found = await self.memory.sessions.find(id_, now) if id_ else None
        if id_ is None or found is None or found.state is not State.TAKEN or not found.lives(now):
            raise OneTimeGone
        return id_, found

    def _check_asked(self, kept: ReaderSession, said: Said) -> None:
        if (kept.expects == QUESTION) is not bool(said.given):
            message = "something else was asked"
            raise StepOutOfOrder(message)
        if not said.given and len(said.answers) != kept.expects:
            message = "another number of answers than of commands"
            raise Malformed(message)

    async def _told(self, id_: str, kept: ReaderSession, talk: Talk, now: datetime) -> Turn:
        """Compute what comes next, and write that it was told, unless something else was meanwhile."""
        conversation = self._conversation(kept)
        try:
            found = await conversation.advance(talk, now)
        except DocumentRefused as refusal:
            found = Refused(reason=refusal.reason, advice=AGAIN)
        fresh = self.ids.token(16)
        async with self.units.begin() as unit:
            held = await self.memory.sessions.hold(unit, id_, now)
            if held is None or held.state is not State.TAKEN or held.turn != kept.turn:
                result: Turn | Refusal = StepOutOfOrder("said twice")
            elif isinstance(found, Accepted | Refused):
                result = await self._concluded(unit, id_, held, (talk, found), now)
            else:
                after = _asked(held, found, fresh)
                result = Turn(next=found, turn=fresh, kept=after)
                await self.memory.talks.keep(unit, id_, talk, held.until)
                await self.memory.sessions.rewrite(unit, id_, after)
        return settle(result)

    async def _concluded(
        self, unit: Unit, id_: str, held: ReaderSession, told: tuple[Talk, End], now: datetime
    ) -> Turn | Refusal:
        end = await self._conversation(held).conclude(unit, *told, now)
        if isinstance(end, Accepted):
            after = held.after(Action.ACCEPT, result=self.memory.talks.seal_result(id_, end.result))
        else:
            after = held.after(Action.REFUSE, advice=end.advice)
        if isinstance(after, Refusal):
            return after
        await self.memory.talks.drop(unit, id_)
        await self._write(unit, id_, after, now)
        return Turn(next=end, kept=after)

    async def _ended(self, id_: str, now: datetime) -> None:
        async with self.units.begin() as unit:
            held = await self.memory.sessions.hold(unit, id_, now)
            after = held.after(Action.END, code="", result=b"") if held else None
            if held is not None and isinstance(after, ReaderSession):
                await self.memory.codes.drop(unit, held.code)
                await self.memory.talks.drop(unit, id_)
                await self._write(unit, id_, after, now)

    async def _write(self, unit: Unit, id_: str, session: ReaderSession, now: datetime) -> None:
        """Write a session that this unit holds in another state; whoever waits is told."""
        await self.memory.sessions.rewrite(unit, id_, session)
        await self.watcher.changed(unit, id_, now)

    def _conversation(self, kept: ReaderSession) -> Conversation:
        found = self.conversations.get(kept.purpose)
        if found is None:
            message = f"reader sessions for {kept.purpose} are not set up"
            raise Misconfigured(message)
        return found


def _asked(held: ReaderSession, found: Question | Round, fresh: str) -> ReaderSession:
    """Return a session that a reader has, after it was asked something more, with a fresh turn."""
    expects = QUESTION if isinstance(found, Question) else len(found)
    return replace(held, turn=_hash(fresh), messages=held.messages + 1, expects=expects)


def _hash(turn: str) -> bytes:
    return sha256(b"reader turn\0" + turn.encode()).digest()
