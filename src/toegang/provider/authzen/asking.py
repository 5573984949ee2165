"""The door: a system asks whether somebody may act for another at one of its services.

1. The system shows a token of its own that is good for this (provider/oidc/systems.py).
2. The whole request is understood, or refused as a whole: what it may not ask tells it nothing about anybody.
3. Its questions are counted; too many are refused before anybody is looked at.
4. Each is decided as a login is (mandates). Whoever is not known is somebody whom nobody ever met: registers
   are asked about them by the number that was said, the store is asked as often, and the answer is the same.
   Only what cannot be a name is not asked about: whoever asks knows that it is none.
5. Who asked about whom, and why, is recorded before it is answered.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from toegang.audit.event import Personal
from toegang.audit.events import MandateAsked
from toegang.authzen.discovery import EVALUATION, EVALUATIONS
from toegang.catalogue.api import ApiScope
from toegang.errors import Unavailable
from toegang.mandates.decide import Asker, Permit
from toegang.mandates.law import Named
from toegang.mandates.party import PartyId
from toegang.mandates.side_by_side import check_in_time, moment_in
from toegang.provider.authzen.naming import Form, number_in
from toegang.provider.authzen.understanding import (
    NO,
    Setting,
    level_in,
    purpose_in,
    service_of,
    told,
    wish_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from toegang.audit.trail import Trail
    from toegang.authzen.questions import Batch, Question
    from toegang.catalogue.snapshot import Snapshot
    from toegang.catalogue.values import Client
    from toegang.catalogue.watch import Catalogue
    from toegang.ids import Ids
    from toegang.jose.segments import JsonObject
    from toegang.mandates.law import Law
    from toegang.mandates.register import Mandates
    from toegang.mandates.stores import Gathers
    from toegang.provider.authzen.naming import Naming
    from toegang.provider.authzen.quota import Quotas
    from toegang.provider.oidc.possession import Presented
    from toegang.provider.oidc.systems import System, SystemTokens
    from toegang.units import Units


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """A question as it is decided: who acts and who is represented, by the forms that the service may use."""

    setting: Setting
    actor: tuple[Form, str]
    principal: tuple[Form, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """What every question has in common: who asks, how often, and what is put down of it."""

    base: str
    systems: SystemTokens
    catalogue: Catalogue
    quotas: Quotas
    units: Units
    trail: Trail

    async def enter(self, presented: Presented, scope: ApiScope, path: str, now: datetime) -> System:
        """Return who asks, at the endpoint of this path.

        Raises:
            Refusal: as SystemTokens.check.

        """
        return await self.systems.check(presented, scope, self.base + path, now)

    async def count(self, system: System, questions: int, now: datetime) -> None:
        """Count questions.

        Raises:
            TooManyTries: they are more than are left in this hour.

        """
        async with self.units.begin() as unit:
            refusal = await self.quotas.spend(unit, system.client.id, questions, system.api.per_hour, now)
        if refusal is not None:
            raise refusal

    async def put_down(self, events: Iterable[MandateAsked]) -> None:
        """Record what was asked and answered."""
        async with self.units.begin() as unit:
            for event in events:
                await self.trail.record(unit, event)


PATIENCE: Final = 25.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Deciding:
    """May this one act for that one, for a system of a service.

    Each question waits for registers by itself; `patience` seconds after the first none is begun any more.
    """

    counter: Counter
    naming: Naming
    mandates: Mandates
    gathering: Gathers
    ids: Ids
    patience: float = PATIENCE

    async def enter(self, presented: Presented, now: datetime, *, batch: bool) -> System:
        """Return who asks, as Counter.enter does."""
        path = EVALUATIONS if batch else EVALUATION
        return await self.counter.enter(presented, ApiScope.EVALUATE, path, now)

    async def answer(self, system: System, batch: Batch, now: datetime) -> JsonObject:
        """AuthZEN-6.2 and -7.2: answer a question, or the batch of them as far as its semantic goes.

        Raises:
            Malformed, NotEntitled: it cannot be understood, or may not be asked; nobody was looked at.
            TooManyTries: the quota of this hour is used up.
            Unavailable: what it rests on does not answer, or too slowly for so many.

        """
        snapshot = self.counter.catalogue.current
        understood = [understand(system.client, each, snapshot, now) for each in batch.questions]
        await self.counter.count(system, len(understood), now)
        answers, events = [], []
        until = moment_in(self.patience)
        for each in understood:
            check_in_time(until)
            actor, principal, permit = await self.decide(each, now)
            allowed = permit is not None and each.setting.wish.within(permit.restriction)
            answers.append({"decision": True, "context": told(permit)} if permit and allowed else NO)
            events.append(_asked(system, each, (actor, principal), now, permitted=allowed))
            if batch.semantic.stops_at(permitted=allowed):
                break
        await self.counter.put_down(events)
        return answers[0] if batch.alone else {"evaluations": answers}

    async def decide(
        self, asked: Understood, now: datetime
    ) -> tuple[PartyId | None, PartyId | None, Permit | None]:
        """Return who was meant on both sides, as far as they are known, and what may be done.

        Raises:
            Unavailable: as `between`.

        """
        setting, (me, other) = (
            asked.setting,
            [await self.named(*end) for end in (asked.actor, asked.principal)],
        )
        found = await self.gathering.between_named(me, other, setting.service, now)
        permit = await self._decided(setting, (found.actor, found.principal), found.law, now)
        return me.known_as(found.actor), other.known_as(found.principal), permit

    async def between(
        self, setting: Setting, actor: PartyId, principal: PartyId, now: datetime
    ) -> Permit | None:
        """Decide about two who are known; None for every no.

        Raises:
            Unavailable: it is no, and registers were not asked because too many ask them.

        """
        law = await self.gathering.between(actor, principal, setting.service, now)
        return await self._decided(setting, (actor, principal), law, now)

    async def named(self, form: Form, name: str) -> Named:
        """Return who goes by a name at a service, or somebody drawn whom nobody ever met."""
        party = await self.naming.find(form, name)
        if party is not None:
            return Named(party=party)
        return Named(party=PartyId(self.ids.uuid()), stranger=True, number=number_in(form, name))

    async def _decided(
        self, setting: Setting, ends: tuple[PartyId, PartyId], law: Law, now: datetime
    ) -> Permit | None:
        actor, principal = ends
        decision = await self.mandates.decide(asker_of(setting, actor, now), principal, now, law)
        if isinstance(decision, Permit):
            return decision
        check_all_asked(law)
        return None


def check_all_asked(law: Law) -> None:
    """Refuse to say no, or that nobody else is found, by registers that were not asked.

    Raises:
        Unavailable: too many ask them now.

    """
    if law.crowded:
        message = "too many ask the registers for an answer"
        raise Unavailable(message, retry_after=1, crowded=True)


def understand(client: Client, asked: Question, snapshot: Snapshot, now: datetime) -> Understood:
    """Understand one question of a client, as far as it may ask it.

    Raises:
        Malformed, NotEntitled, UnknownParty, PartyClosed: it cannot be understood, or may not be asked.

    """
    service = service_of(client, asked.resource, snapshot, now)
    return Understood(
        setting=Setting(
            service=service,
            level=level_in(asked.context),
            purpose=purpose_in(asked.context),
            wish=wish_of(asked.action),
        ),
        actor=(Form.for_service(service, asked.subject.type), asked.subject.id),
        principal=(Form.for_service(service, asked.resource.type), asked.resource.id),
    )


def asker_of(setting: Setting, party: PartyId, now: datetime) -> Asker:
    """Return who asks the room of mandates: logged in as was said, else as high as acting there takes."""
    service = setting.service
    level = service.level_at(now)
    asker = Asker(actor=party, authenticated=level, service=service, requested=level)
    return replace(asker, authenticated=setting.level or asker.level_at(now))


def _asked(
    system: System,
    asked: Understood,
    parties: tuple[PartyId | None, PartyId | None],
    now: datetime,
    *,
    permitted: bool,
) -> MandateAsked:
    return MandateAsked(
        at=now,
        client=system.client.id,
        service=str(asked.setting.service.id),
        question="evaluation",
        purpose=asked.setting.purpose.value,
        answers=int(permitted),
        actor=Personal.maybe(parties[0]),
        principal=Personal.maybe(parties[1]),
    )
