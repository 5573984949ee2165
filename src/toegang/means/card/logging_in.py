"""A login with a card: the conversation that a login asks, and the proof that its own browser takes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Self
from uuid import UUID

from toegang.assurance import Level
from toegang.audit.events import CardFirstUsed, CardRefused, Personal
from toegang.catalogue.values import MeansId, Text
from toegang.errors import OneTimeGone
from toegang.identity.people import PersonId
from toegang.identity.subject import Subject
from toegang.means.base import Authentication, Factor
from toegang.means.card import judging
from toegang.means.card.reading import READINGS, Believed, next_of, tell
from toegang.means.card.standing import check_proof
from toegang.means.card.values import Card
from toegang.means.reader import subjects
from toegang.means.reader.conversation import Accepted, Refused, in_both
from toegang.means.reader.readers import Beginning
from toegang.post.texts import LetterPurpose, SmsPurpose
from toegang.registers.cards import CardStatus

if TYPE_CHECKING:
    from toegang.errors import Refusal
    from toegang.means.app.pairing import Whereabouts
    from toegang.means.card.desk import CardDesk
    from toegang.means.card.judging import Holder
    from toegang.means.citizen.visitor import Visitor
    from toegang.means.reader.conversation import End, Next, Talk
    from toegang.means.reader.readers import Readers
    from toegang.units import Expiring, Unit

PURPOSE: Final = "card-login"


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What a login asks of a card: bound to one browser, and to one reader session at a time.

    `known` is the person who was proven before in this login, if one was.
    """

    login: str
    reference: str
    browser: str = field(repr=False)
    means: MeansId
    service: str
    service_name: Text
    provider: Text
    level: Level
    language: str
    until: datetime
    known: PersonId | None = None
    reader: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a reader session is about, as its subject: all of it is signed into the card's answer."""

    login: str
    reference: str
    means: MeansId
    service: str
    service_name: Text
    provider: Text
    level: Level
    known: PersonId | None

    @classmethod
    def of(cls, errand: Errand) -> Self:
        """Take it from what a login asks."""
        return cls(
            login=errand.login,
            reference=errand.reference,
            means=errand.means,
            service=errand.service,
            service_name=errand.service_name,
            provider=errand.provider,
            level=errand.level,
            known=errand.known,
        )

    def written(self) -> str:
        """Write it as the subject of a session, in one form."""
        return json.dumps(
            {
                "login": self.login,
                "reference": self.reference,
                "means": self.means,
                "service": self.service,
                "names": [[each.nl, each.en] for each in (self.service_name, self.provider)],
                "level": int(self.level),
                "known": str(self.known) if self.known else None,
            },
            sort_keys=True,
            ensure_ascii=False,
        )

    @classmethod
    def read(cls, subject: str) -> Self:
        """Read the subject of a session that we began.

        Raises:
            OneTimeGone: another version began it.

        """
        return subjects.read(subject, cls._made)

    @classmethod
    def _made(cls, found: Mapping[str, Any]) -> Self:
        service, provider = (Text(nl=nl, en=en) for nl, en in found["names"])
        return cls(
            login=found["login"],
            reference=found["reference"],
            means=MeansId(found["means"]),
            service=found["service"],
            service_name=service,
            provider=provider,
            level=Level(found["level"]),
            known=PersonId(UUID(found["known"])) if found["known"] else None,
        )

    @property
    def shown(self) -> dict[str, str]:
        """What the reader shows of it before the PIN is typed (L08)."""
        texts = in_both({"service": self.service_name, "provider": self.provider})
        return {**texts, "level": self.level.name.lower(), "reference": self.reference}


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLogin:
    """Logs somebody in with a card (means.reader.conversation.Conversation)."""

    desk: CardDesk

    async def admit(self, unit: Unit, talk: Talk, now: datetime) -> Refusal | None:
        """Count the attempt of this login."""
        login = About.read(talk.subject).login
        return await self.desk.account.tallies.count(unit, f"card-login:{login}", READINGS, now)

    async def advance(self, talk: Talk, now: datetime) -> Next:
        """Go on with the conversation, up to whose card it is and whether it may be used now."""
        about = About.read(talk.subject)
        return await next_of(self.desk, talk, about.shown, partial(self._judge, about), now)

    async def _judge(self, about: About, holder: Holder) -> Accepted | Refused:
        """Accept a card that is active, of nobody else than was known in this login before."""
        status = holder.card.status
        if status is not CardStatus.ACTIVE:
            word = judging.word_of(holder)
            return Refused(reason=word, advice=word)
        if holder.reported:
            return Refused(reason=judging.REPORTED, advice=judging.BLOCKED)
        if about.known is not None and holder.known != about.known:
            return Refused(reason=judging.NOT_YOURS, advice=judging.NOT_YOURS)
        return Believed(holder=holder)

    async def conclude(self, unit: Unit, talk: Talk, end: End, now: datetime) -> End:
        """Enrol the person, remember the use, tell of the first; what was stopped here is refused."""
        about = About.read(talk.subject)
        if isinstance(end, Believed):
            end = await self._used(unit, about, end.holder, now)
        if isinstance(end, Refused):
            event = CardRefused(at=now, means=about.means, reference=about.reference, why=end.reason)
            await self.desk.account.trail.record(unit, event)
        return end

    async def _used(self, unit: Unit, about: About, holder: Holder, now: datetime) -> End:
        desk, card = self.desk, holder.card
        person = await desk.account.enrolment.enrol(unit, card.holder, now)
        kept = await desk.cards.hold(unit, card.chip)
        if kept is not None and kept.stopped_at is not None:
            return Refused(reason=judging.STOPPED, advice=judging.STOPPED)
        if kept is not None and kept.person != person.id:
            return Refused(reason=judging.UNKNOWN, advice=judging.UNKNOWN)
        before = kept or Card(chip=card.chip, means=about.means, person=person.id, kind=card.kind, since=now)
        await desk.cards.put(unit, replace(before, means=about.means, used_at=now))
        if before.used_at is None:
            event = CardFirstUsed(
                at=now,
                means=about.means,
                person=Personal.maybe(person.id),
                reference=about.reference,
                kind=card.kind.value,
            )
            await desk.account.trail.record(unit, event)
            words = (SmsPurpose.CARD_USED, LetterPurpose.CARD_USED)
            await tell(desk, unit, (person.id, holder), words, now)
        result = {
            "chip": card.chip.hex(),
            "person": str(person.id),
            "at": now.isoformat(),
            "login": about.login,
        }
        return Accepted(result=json.dumps(result).encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggingIn:
    """The use cases of the pages of a login."""

    desk: CardDesk
    readers: Readers
    errands: Expiring[Errand]

    async def find(self, login: str, visitor: Visitor, now: datetime) -> Errand | None:
        """Return what this login asks of a card; None when it asks nothing.

        Raises:
            LoginElsewhere: another browser.

        """
        found = await self.errands.find(login, now)
        if found is not None:
            visitor.check_browser(found.browser)
        return found

    async def begin(self, login: str, visitor: Visitor, place: Whereabouts, now: datetime) -> None:
        """Begin a reader session, in the place of what was under way.

        Raises:
            OneTimeGone: this login asks no card.
            LoginElsewhere: another browser.
            Unavailable: too many sessions at once.

        """
        errand = await self.find(login, visitor, now)
        if errand is None:
            raise OneTimeGone
        if errand.reader:
            await self.readers.end(errand.reader, visitor, now)
        beginning = Beginning(
            purpose=PURPOSE,
            subject=About.of(errand).written(),
            browser=errand.browser,
            language=errand.language,
            place=place,
        )
        reader = await self.readers.begin(beginning, now)
        async with self.desk.account.units.begin() as unit:
            await self.errands.change(unit, login, now, lambda kept: replace(kept, reader=reader))

    async def end(self, login: str, visitor: Visitor, now: datetime) -> None:
        """End what is under way; never refused to the login's own browser."""
        errand = await self.find(login, visitor, now)
        if errand is not None and errand.reader:
            await self.readers.end(errand.reader, visitor, now)

    async def prove(self, login: str, visitor: Visitor, now: datetime) -> Authentication:
        """Take what a card proved: once, in the login's own browser, for this login alone.

        Raises:
            OneTimeGone: nothing was proven, or it was taken already.
            LoginElsewhere: another browser.
            AccountClosed: the card was stopped since.

        """
        errand = await self.find(login, visitor, now)
        if errand is None or not errand.reader:
            raise OneTimeGone
        result = await self.readers.use(errand.reader, visitor, now)
        of_login, proven = subjects.read(result, partial(_proven, errand.means))
        if of_login != login:
            raise OneTimeGone
        async with self.desk.account.units.begin() as unit:
            await self.errands.drop(unit, login)
        # The reader was done before the page: who stopped their card in between is not logged in with it.
        await check_proof(self.desk.cards, proven)
        return proven


def _proven(means: MeansId, found: Mapping[str, Any]) -> tuple[str, Authentication]:
    """Return what a result says: for which login, and what was proven."""
    return found["login"], Authentication(
        subject=Subject(issuer=means, identifier=found["chip"], person=PersonId(UUID(found["person"]))),
        means=means,
        level=Level.HIGH,
        at=datetime.fromisoformat(found["at"]),
        factors=(Factor.DOCUMENT_CHIP, Factor.CARD_PIN),
        authenticator=found["chip"],
    )
