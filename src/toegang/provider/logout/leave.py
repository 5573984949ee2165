"""Leaving: a session ends at once and for good, then each participant is told, and the person sees the truth.

Ending works in every state of every party and is refused to nobody (DESIGN: ending is never refused). Who
can be told by the back channel is tried at once, for a moment, and by the outbox after that; to the others
the browser is led one after the other, with a way on that needs none of them.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hmac import compare_digest
from typing import TYPE_CHECKING

from toegang.audit.events import LogoutAsked, NoticeResult, TokenEnding, TokenRevoked
from toegang.catalogue.values import Text
from toegang.errors import LoginElsewhere, OneTimeGone, Replayed, ToegangError
from toegang.provider.logout.records import (
    CHAIN_KEPT,
    MOST_VISITS,
    VISITING,
    Asked,
    Chain,
    Result,
    ReturnTo,
    Told,
    Way,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from toegang.audit.trail import Trail
    from toegang.ids import Ids
    from toegang.login.answer import Reply
    from toegang.login.session import Sessions
    from toegang.post.outbox import Carrier, Message, Outbox
    from toegang.provider.grants import Grant, Grants, GrantState
    from toegang.provider.logout.results import Results
    from toegang.provider.logout.tellers import Participant, Returner, Teller, Visit
    from toegang.units import Expiring, Unit, Units

PATIENCE = 2.0
"""Seconds that a person waits for participants that are told by the back channel."""

HELD = timedelta(seconds=5)
"""The outbox begins after whoever asks has tried at once."""

AT_ONCE = 16
"""Participants that are tried at once; the outbox tells the others."""

SOMEBODY = Text("een website", "a website")
_FIRST = {Way.BACK: Result.ASKED, Way.FRONT: Result.WAITING, Way.NONE: Result.IMPOSSIBLE}
_WORST = (Result.CONFIRMED, Result.ASKED, Result.WAITING, Result.FAILED, Result.IMPOSSIBLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A wish to end sessions: whose, in which browser (the hash of its secret; empty from a server).

    `asked_by` is the party that asked, `entity` which of those that share its connection.
    """

    sessions: frozenset[str]
    asked_by: str = ""
    entity: str = ""
    back: ReturnTo = ReturnTo()  # noqa: RUF009 - frozen and empty
    browser: str = field(default="", repr=False)


NOBODYS_WISH = Wish(sessions=frozenset())


def asked_itself(participant: Participant, wish: Wish) -> bool:
    """SAMLCore-3.7.3.2: tell whether this participant is who asked, and so need not be told.

    Another member of the same cluster is not: it has a session of its own.
    """
    return participant.party == wish.asked_by and participant.entity in {"", wish.entity}


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A logout that began: under which name it is seen, and whether the browser is led to others first."""

    name: str = field(repr=False)
    leads: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one participant, by its name."""

    name: Text
    result: Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A logout as it is now.

    While `visit` is there, the browser may go to `name`, whose key is `key`. After that it goes back by
    `reply`, if anywhere: to `asked_by`. `whole` says whether everybody confirmed.
    """

    outcomes: tuple[Outcome, ...]
    whole: bool
    reply: Reply | None = None
    visit: Visit | None = None
    name: Text = SOMEBODY
    key: str = ""
    asked_by: Text = SOMEBODY


@dataclass(slots=True)
class _Leaving:
    """What one unit found."""

    keys: list[str] = field(default_factory=list)
    front: list[str] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Logouts:
    """Ends sessions; `tellers` by the word of their keys, `carriers` by the kind of their messages.

    `ended` remembers which sessions ended, for what is not a grant.
    """

    units: Units
    sessions: Sessions
    grants: Grants
    ended: Expiring[str]
    results: Results
    chains: Expiring[Chain]
    asked: Expiring[Asked]
    outbox: Outbox
    trail: Trail
    ids: Ids
    tellers: Mapping[str, Teller]
    carriers: Mapping[str, Carrier]
    returners: Mapping[str, Returner]

    async def begin(self, wish: Wish, now: datetime) -> Begun:
        """End sessions and tell everybody.

        1. In one unit: the sessions and all that they granted end, and what each participant is to be told
        is written down. Of many who ask, one does that. 2. Who can be told from here is tried at once.
        """
        # 1.
        token = self.ids.token()
        async with self.units.begin() as unit:
            found = _Leaving()
            for session in sorted(wish.sessions):
                await self._end(unit, session, wish, now, found)
            chain = Chain(
                browser=wish.browser,
                keys=tuple(found.keys),
                front=tuple(found.front),
                asked_by=wish.asked_by,
                back=wish.back,
                until=now + VISITING,
            )
            await self.chains.add(unit, token, chain, now + CHAIN_KEPT, now)
        # 2.
        await self._carry_at_once(found.messages)
        return Begun(name=token, leads=bool(found.front))

    async def end_all(self, states: Iterable[GrantState], why: TokenEnding, now: datetime) -> None:
        """End these grants and their sessions, and tell who got them; nobody asked for it here."""
        async with self.units.begin() as unit:
            for state in states:
                await self._close(unit, state.grant.session, now)
                if await self.grants.end(unit, state.grant.id, now):
                    await self.trail.record(unit, _revoked(state.grant, why, now))
                    await self._tell(unit, state.grant, NOBODYS_WISH, now)

    async def has_ended(self, session: str, now: datetime) -> bool:
        """Tell whether a session was ended before its time."""
        return await self.ended.find(session, now) is not None

    async def look(self, name: str, browser: str, now: datetime) -> Seen:
        """Return a logout as it is now, with the request for the next participant to visit.

        Raises:
            OneTimeGone: there is none of this name, or not any more.
            LoginElsewhere: it is another browser's.

        """
        chain = await self._find(name, browser, now)
        told = {key: found for key in chain.keys if (found := await self.results.find(key, now))}
        visit, at = None, ""
        for key in chain.front if now < chain.until and chain.visits < MOST_VISITS else ():
            if visit is None and key in told and told[key].result is Result.WAITING:
                visit, at = await self._visit(name, key, told[key], now), key
                told[key] = told[key] if visit else replace(told[key], result=Result.FAILED)
        return self._seen(chain, told, now, visit, at if visit else "")

    async def is_running(self, name: str, browser: str, now: datetime) -> bool:
        """Tell whether a logout of this name is this browser's."""
        chain = await self.chains.find(name, now)
        return chain is not None and compare_digest(chain.browser, browser)

    async def skip(self, name: str, key: str, browser: str, now: datetime) -> None:
        """Go on without a participant.

        Raises:
            OneTimeGone, LoginElsewhere: as `look`.

        """
        chain = await self._find(name, browser, now)
        if key in chain.front:
            await self.results.note(key, NoticeResult.SKIPPED, now)

    async def find_asked(self, request: str, browser: str, now: datetime) -> Asked | None:
        """Return what this browser carried to a participant under this id."""
        asked = await self.asked.find(request, now)
        chain = await self.chains.find(asked.chain, now) if asked else None
        return asked if chain is not None and compare_digest(chain.browser, browser) else None

    async def answered(self, request: str, asked: Asked, now: datetime, *, confirmed: bool) -> None:
        """Note a participant's answer, which whoever calls has found to be its own.

        Raises:
            Replayed: it was answered before.

        """
        notice = NoticeResult.DELIVERED if confirmed else NoticeResult.REFUSED
        async with self.units.begin() as unit:
            first = await self.asked.take(unit, request, now) is not None
            if first:
                await self.results.write(unit, asked.key, notice, now)
        if not first:
            raise Replayed

    async def _end(self, unit: Unit, session: str, wish: Wish, now: datetime, found: _Leaving) -> None:
        await self._close(unit, session, now)
        reference = None
        for ended in await self.grants.end_session(unit, session, now):
            grant = ended.state.grant
            reference = reference or grant.reference
            if ended.newly:
                await self.trail.record(unit, _revoked(grant, TokenEnding.LOGOUT, now))
            if ended.state.redeemed_at is None:
                # Nobody at the other side ever heard who it was.
                continue
            mine = bool(grant.browser) and compare_digest(grant.browser, wish.browser)
            for participant, message in await self._tell(unit, grant, wish, now):
                found.keys.append(participant.key)
                visited = mine and participant.way is Way.FRONT and not asked_itself(participant, wish)
                found.front += [participant.key] if visited else []
                found.messages += [message] if message else []
        asked = LogoutAsked(at=now, client=wish.asked_by or None, reference=reference)
        await self.trail.record(unit, asked)

    async def _close(self, unit: Unit, session: str, now: datetime) -> None:
        await self.sessions.end(unit, session)
        await self.ended.add(unit, session, "", now + self.sessions.lifetime, now)

    async def _tell(
        self, unit: Unit, grant: Grant, wish: Wish, now: datetime
    ) -> list[tuple[Participant, Message | None]]:
        """Write down who took part by a grant, each once however often the same logout is asked."""
        found: list[tuple[Participant, Message | None]] = []
        for teller in self.tellers.values():
            participant = teller.participant(grant, now)
            if participant is None:
                continue
            itself, message = asked_itself(participant, wish), participant.message
            told = Told(
                party=participant.party,
                reference=grant.reference,
                way=participant.way,
                result=Result.CONFIRMED if itself else _FIRST[participant.way],
                at=now,
            )
            first = await self.results.begin(unit, participant.key, told, now)
            if first and not itself and message is not None:
                # Where nobody waits for the answer nobody tries at once either: the outbox goes first.
                begins = now if wish is NOBODYS_WISH else now + HELD
                await self.outbox.put(unit, replace(message, not_before=begins), now)
            found.append((participant, message if first and not itself else None))
        return found

    async def _carry_at_once(self, messages: list[Message]) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await asyncio.gather(*(self._carry(message) for message in messages[:AT_ONCE]))
        except TimeoutError:
            return  # the outbox goes on

    async def _carry(self, message: Message) -> None:
        try:
            await self.carriers[message.kind].carry(message)
        except ToegangError:
            return  # it was noted, or the outbox tries it again

    async def _find(self, name: str, browser: str, now: datetime) -> Chain:
        chain = await self.chains.find(name, now)
        if chain is None:
            raise OneTimeGone
        if not compare_digest(chain.browser, browser):
            raise LoginElsewhere
        return chain

    async def _visit(self, name: str, key: str, told: Told, now: datetime) -> Visit | None:
        """Write a request and remember its id; None when that cannot be done, which is then noted."""
        try:
            visit = await self.tellers[key.partition(":")[0]].visit(key, now)
        except ToegangError:
            await self.results.note(key, NoticeResult.UNREACHABLE, now)
            return None
        asked = Asked(chain=name, key=key, party=told.party)
        async with self.units.begin() as unit:
            await self.asked.add(unit, visit.request, asked, now + VISITING, now)
            await self.chains.change(unit, name, now, _visited)
        return visit

    def _seen(
        self, chain: Chain, told: dict[str, Told], now: datetime, visit: Visit | None, key: str
    ) -> Seen:
        worst: dict[str, tuple[Text, Result]] = {}
        for each, row in told.items():
            before = worst[row.party][1] if row.party in worst else Result.CONFIRMED
            result = max(before, row.result_at(now), key=_WORST.index)
            worst[row.party] = (self._name(each, row), result)
        outcomes = tuple(Outcome(name=name, result=result) for name, result in worst.values())
        whole = all(outcome.result is Result.CONFIRMED for outcome in outcomes)
        returner = self.returners.get(chain.back.provider)
        names = (teller.name(chain.asked_by) for teller in self.tellers.values())
        return Seen(
            outcomes=outcomes,
            whole=whole,
            reply=returner.reply(chain.back.letter, now, whole=whole) if returner else None,
            visit=visit,
            name=self._name(key, told[key]) if key else SOMEBODY,
            key=key,
            asked_by=next((name for name in names if name), SOMEBODY),
        )

    def _name(self, key: str, told: Told) -> Text:
        return self.tellers[key.partition(":")[0]].name(told.party) or SOMEBODY


def _visited(chain: Chain) -> Chain:
    return replace(chain, visits=chain.visits + 1)


def _revoked(grant: Grant, why: TokenEnding, now: datetime) -> TokenRevoked:
    return TokenRevoked(
        at=now, reference=grant.reference, client=grant.client, service=grant.service, why=why
    )
