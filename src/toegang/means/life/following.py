"""Following the register: its events are read on where we were, and each is done once.

Every event has its own unit: what it causes, the mark that it is done, and its entry in the trail. Duplicates
and events that come late are passed over by the mark of their subject, so that reading a part again does no
harm and a gap holds up nothing. An event that cannot be done is set aside and told; the next goes on.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from toegang import log
from toegang.audit.events import LifeEventSetAside, RegisterHeard, RegisterSilent
from toegang.errors import ToegangError, Unavailable
from toegang.identity.life import RULES
from toegang.means.life import acts
from toegang.means.life.desk import Happening
from toegang.means.life.store import Aside, Feed

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.identity.people import Person
    from toegang.means.life.desk import LifeDesk
    from toegang.registers.events import Notice, RegisterEvents, Told

MOST = 100  # events in one part
SILENT_AFTER = timedelta(hours=1)
SEALED_FOR = b"life event "
UNREADABLE = "unreadable"  # the kind of an event of which not even that can be read


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """Reads the register's events and has them done."""

    desk: LifeDesk
    register: RegisterEvents

    async def look(self, now: datetime) -> int:
        """Read and do what there is now, up to one part; return how many events that was.

        A register that does not answer is told once, when it was silent for `SILENT_AFTER`.
        """
        feed = await self.desk.store.feed() or await self._begin(now)
        try:
            told = await self.register.read(feed.cursor, MOST)
        except Unavailable:
            await self._unheard(feed, now)
            return 0
        for octets in told.events:
            await self._take(octets, now)
            await asyncio.sleep(0)  # an embedded store gives nobody a turn by itself
        await self._heard(feed, told, now)
        return len(told.events)

    async def again(self, now: datetime) -> int:
        """Try once more what lies aside; return how many were done."""
        done = 0
        for aside in await self.desk.store.aside(MOST):
            octets = self.desk.sealing.open(aside.sealed, SEALED_FOR + aside.id)
            if await self._take(octets, now):
                async with self.desk.account.units.begin() as unit:
                    await self.desk.store.drop_aside(unit, aside.id)
                done += 1
        return done

    async def _take(self, octets: bytes, now: datetime) -> bool:
        """Do one event, or set it aside; tell whether it need not be looked at again.

        Raises:
            Unavailable: our own store does not answer; nothing was done.

        """
        notice: Notice | None = None
        try:
            notice = self.register.parse(octets)
            if notice is not None:
                await self._do(notice, now)
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 the edge of one event: whatever is wrong with it, the next goes on
            await self._set_aside(octets, notice, error, now)
            return False
        return True

    async def _do(self, notice: Notice, now: datetime) -> None:
        person = await self._person(notice)
        if person is None:
            return
        happening = Happening(RULES[notice.event], notice, person)
        async with self.desk.account.units.begin() as unit:
            if await self.desk.store.mark(unit, self._subject(happening), notice.number):
                await acts.do(self.desk, unit, happening, now)

    async def _person(self, notice: Notice) -> Person | None:
        """Find whom an event is about, by the number that they had when it happened."""
        enrolment = self.desk.account.enrolment
        former = await self.desk.store.former(enrolment.found_by(notice.bsn))
        if former is not None and notice.number < former.number:
            return await enrolment.people.find(former.person)
        return await enrolment.find(notice.bsn)

    def _subject(self, happening: Happening) -> bytes:
        """Return what the order of this event is kept for: one side of one life, or one document."""
        document = happening.notice.document
        which = self.desk.reports.key(document.type, document.number) if document else b""
        about = f"order {happening.rule.subject} {happening.person.id} ".encode()
        return self.desk.finding.find(about + which)

    async def _set_aside(self, octets: bytes, notice: Notice | None, error: Exception, now: datetime) -> None:
        id_ = sha256(octets).digest()
        aside = Aside(
            id=id_,
            kind=notice.event.value if notice else UNREADABLE,
            code=error.code if isinstance(error, ToegangError) else ToegangError.code,
            tries=1,
            at=now,
            sealed=self.desk.sealing.seal(octets, SEALED_FOR + id_),
        )
        log.trouble("life:set-aside", error, kind=aside.kind, code=aside.code)
        async with self.desk.account.units.begin() as unit:
            if await self.desk.store.set_aside(unit, aside):
                event = LifeEventSetAside(at=now, kind=aside.kind, code=aside.code)
                await self.desk.account.trail.record(unit, event)

    async def _begin(self, now: datetime) -> Feed:
        feed = Feed(cursor="", heard_at=now)
        async with self.desk.account.units.begin() as unit:
            await self.desk.store.keep_feed(unit, feed)
        return feed

    async def _heard(self, feed: Feed, told: Told, now: datetime) -> None:
        async with self.desk.account.units.begin() as unit:
            await self.desk.store.keep_feed(unit, Feed(cursor=told.next, heard_at=now))
            if feed.told_at is not None:
                seconds = round((now - feed.heard_at).total_seconds())
                await self.desk.account.trail.record(unit, RegisterHeard(at=now, seconds=seconds))
        if feed.told_at is not None:
            log.event("register:heard")

    async def _unheard(self, feed: Feed, now: datetime) -> None:
        if feed.told_at is not None or now - feed.heard_at < SILENT_AFTER:
            return
        log.warning("register:silent", since=feed.heard_at.isoformat())
        async with self.desk.account.units.begin() as unit:
            await self.desk.store.keep_feed(unit, replace(feed, told_at=now))
            await self.desk.account.trail.record(unit, RegisterSilent(at=now, since=feed.heard_at))
