"""Searches: for whom may this one act, who may act for that one, and what may be done.

A page is made of the same judgements as single questions (MANDATES-P18). Its token is sealed, and good for
the client that got it and for the same question only; nobody reads in it where the next page begins.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final
from uuid import UUID

from toegang.audit.event import Personal
from toegang.audit.events import MandateAsked
from toegang.authzen.discovery import ACTIONS, RESOURCES, SUBJECTS
from toegang.authzen.search import Wanted, found
from toegang.catalogue.api import ApiScope
from toegang.errors import Malformed, ProofInvalid
from toegang.jose.segments import decode, encode
from toegang.mandates.decide import StepUp
from toegang.mandates.party import PartyId
from toegang.mandates.scope import Action
from toegang.mandates.side_by_side import check_in_time, moment_in
from toegang.mandates.stores import Page
from toegang.provider.authzen.asking import Understood, asker_of, check_all_asked
from toegang.provider.authzen.naming import Form
from toegang.provider.authzen.understanding import (
    Setting,
    Wish,
    level_in,
    purpose_in,
    service_of,
    told,
    wish_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from toegang.authzen.search import Search
    from toegang.jose.segments import JsonObject
    from toegang.keys.secret import SealingKey
    from toegang.mandates.decide import Permit
    from toegang.provider.authzen.asking import Deciding
    from toegang.provider.oidc.possession import Presented
    from toegang.provider.oidc.systems import System

AT_ONCE: Final = 4
"""Questions under way for one page."""
PATHS = {Wanted.SUBJECT: SUBJECTS, Wanted.RESOURCE: RESOURCES, Wanted.ACTION: ACTIONS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page: what was found, whom it was asked about, after whom the next begins (None: it is the last)."""

    results: Sequence[JsonObject] = ()
    actor: PartyId | None = None
    principal: PartyId | None = None
    after: PartyId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Searching:
    """Answers searches of systems; `sealing` is a key for tokens of pages alone."""

    deciding: Deciding
    sealing: SealingKey

    async def enter(self, presented: Presented, wanted: Wanted, now: datetime) -> System:
        """Return who asks, as Counter.enter does."""
        return await self.deciding.counter.enter(presented, ApiScope.SEARCH, PATHS[wanted], now)

    async def answer(self, system: System, search: Search, now: datetime) -> JsonObject:
        """AuthZEN-8: answer a page of a search; a search about nobody finds nothing.

        Raises:
            Malformed, NotEntitled: it cannot be understood, or may not be asked; nobody was looked at.
            TooManyTries: the quota of this hour is used up.
            Unavailable: what it rests on does not answer, or too slowly for so many.

        """
        counter = self.deciding.counter
        service = service_of(system.client, search.resource, counter.catalogue.current, now)
        setting = Setting(
            service=service,
            level=level_in(search.context),
            purpose=purpose_in(search.context),
            wish=Wish() if search.action is None else wish_of(search.action),
        )
        subject = Form.for_service(service, search.subject.type)
        resource = Form.for_service(service, search.resource.type)
        context = _asked_as(system, search, setting)
        page = Page(after=self._opened(search.turn.token, context), size=search.turn.limit)
        # Everybody on a page is a question of their own, and registers are asked about each.
        await counter.count(system, 1 if search.wanted is Wanted.ACTION else page.size, now)
        if search.wanted is Wanted.ACTION:
            both = ((subject, search.subject.id), (resource, search.resource.id))
            page_found = await self._actions(
                Understood(setting=setting, actor=both[0], principal=both[1]), now
            )
        elif search.wanted is Wanted.RESOURCE:
            page_found = await self._represented(setting, (subject, search.subject.id), resource, page, now)
        else:
            page_found = await self._representatives(
                setting, (resource, search.resource.id), subject, page, now
            )
        await counter.put_down((_event(system, search, setting, page_found, now),))
        return found(page_found.results, self._sealed(page_found.after, context))

    async def _actions(self, asked: Understood, now: datetime) -> Found:
        actor, principal, permit = await self.deciding.decide(asked, now)
        results: list[JsonObject] = []
        if permit is not None:
            left, within = permit.restriction.actions, told(permit)
            results += ({"name": each.value, "properties": within} for each in Action if each in left)
        return Found(results=results, actor=actor, principal=principal)

    async def _represented(
        self, setting: Setting, subject: tuple[Form, str], form: Form, page: Page, now: datetime
    ) -> Found:
        """MANDATES-P18: list for whom somebody may act, with what may be done for each."""
        naming, mandates = self.deciding.naming, self.deciding.mandates
        me = await self.deciding.named(*subject)
        actor, known = me.party, me.known_as(me.party)
        law = await self.deciding.gathering.for_named(me, setting.service, now)
        check_all_asked(law)
        listed = await mandates.represented(asker_of(setting, actor, now), page, now, law)
        if isinstance(listed, StepUp):
            return Found(actor=known)
        good = await self._permitted(setting, [(actor, each.principal) for each in listed.found], now)
        names = await naming.names(form, [each.principal for each in good.values()])
        results: list[JsonObject] = [
            {"type": form.form.value, "id": names[each.principal], "properties": told(each)}
            for each in good.values()
            if each.principal in names
        ]
        return Found(results=results, actor=known, after=listed.after)

    async def _representatives(
        self, setting: Setting, resource: tuple[Form, str], form: Form, page: Page, now: datetime
    ) -> Found:
        """MANDATES-P19: list who may act for somebody; each of them asked as a question of its own."""
        naming, mandates = self.deciding.naming, self.deciding.mandates
        other = await self.deciding.named(*resource)
        principal, known = other.party, other.known_as(other.party)
        law = await self.deciding.gathering.over_named(other, now)
        check_all_asked(law)
        listed = await mandates.representatives(asker_of(setting, principal, now), page, now, law)
        good = await self._permitted(setting, [(each, principal) for each in listed.found], now)
        names = await naming.names(form, [actor for actor, _ in good])
        results: list[JsonObject] = [
            {"type": form.form.value, "id": names[actor], "properties": told(each)}
            for (actor, _), each in good.items()
            if actor in names
        ]
        return Found(results=results, principal=known, after=listed.after)

    async def _permitted(
        self, setting: Setting, pairs: Sequence[tuple[PartyId, PartyId]], now: datetime
    ) -> Mapping[tuple[PartyId, PartyId], Permit]:
        """Ask about each pair as about a single question: only that says what registers tell of both."""
        places, until = asyncio.Semaphore(AT_ONCE), moment_in(self.deciding.patience)

        async def ask(actor: PartyId, principal: PartyId) -> Permit | None:
            async with places:
                check_in_time(until)
                return await self.deciding.between(setting, actor, principal, now)

        answers = await asyncio.gather(*(ask(*pair) for pair in pairs))
        return {
            pair: permit
            for pair, permit in zip(pairs, answers, strict=True)
            if permit is not None and setting.wish.within(permit.restriction)
        }

    def _sealed(self, after: PartyId | None, context: bytes) -> str:
        return "" if after is None else encode(self.sealing.seal(after.bytes, context))

    def _opened(self, token: str, context: bytes) -> PartyId | None:
        """Return where a page begins.

        Raises:
            Malformed: no token of ours, of this client, for this question.

        """
        if not token:
            return None
        try:
            return PartyId(UUID(bytes=self.sealing.open(decode(token), context)))
        except (ProofInvalid, Malformed, ValueError):
            message = "the page's token is none of ours for this question"
            raise Malformed(message) from None


def _asked_as(system: System, search: Search, setting: Setting) -> bytes:
    """Return what a token is bound to: who asks, and what; not how many of it on a page."""
    asked = [
        str(system.client.id),
        search.wanted.value,
        str(setting.service.id),
        search.subject.type,
        search.subject.id,
        search.resource.type,
        search.resource.id,
        str(setting.level),
        repr(setting.wish),
    ]
    return sha256(json.dumps(asked).encode()).digest()


def _event(system: System, search: Search, setting: Setting, page: Found, now: datetime) -> MandateAsked:
    return MandateAsked(
        at=now,
        client=system.client.id,
        service=str(setting.service.id),
        question=search.wanted.value,
        purpose=setting.purpose.value,
        answers=len(page.results),
        actor=Personal.maybe(page.actor),
        principal=Personal.maybe(page.principal),
    )
