"""Linking: how an account at another party becomes a means of a person.

A link is found by issuer and identifier alone, never by a name or a mail address (L18). It is made by the
person, in one sitting: a fresh login at the other party and a fresh login with a means that proves the
person; it is worth what that second login proved. Or by a BSN, from a party that is admitted to give it.
A link that has ended stays as a mark: what was one person's is never another's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, NewType, Protocol
from uuid import UUID

from toegang.assurance import Level
from toegang.audit.events import LinkMade, LinkRefused, Personal
from toegang.catalogue.values import MeansId
from toegang.errors import AccountClosed, LinkedElsewhere, NotLinked, Refusal
from toegang.identity.people import PersonId
from toegang.means.citizen.notices import ProofsWithdrawn
from toegang.means.external.ending import LinkEnds

if TYPE_CHECKING:
    from collections.abc import Callable

    from toegang.audit.trail import Trail
    from toegang.catalogue.values import AdmittedMeans
    from toegang.identity.enrolment import Enrolment
    from toegang.identity.numbers import Bsn
    from toegang.identity.subject import Subject
    from toegang.ids import Ids
    from toegang.keys.secret import FindingKey
    from toegang.means.base import Authentication
    from toegang.post.outbox import Outbox
    from toegang.units import Unit, Units

LinkId = NewType("LinkId", UUID)
BY_PERSON, BY_BSN, BY_OPERATOR = "person", "bsn", "operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An account elsewhere that is, or was, a means of a person.

    `account` is the keyed hash of issuer and identifier; the identifier itself is kept nowhere. `level` is
    the highest that the link is worth. `proofs_from` is set when it was made anew, or its person logged out
    everywhere: what was proven before counts no more.
    """

    id: LinkId
    account: bytes
    issuer: str
    means: MeansId
    person: PersonId
    level: Level
    made_at: datetime
    last_used_at: datetime
    proofs_from: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouched:
    """Who somebody is by a login of their own: as what it proved them (`by`), of which level, and of when."""

    person: PersonId
    by: Subject
    level: Level
    at: datetime


class LinkStore(Protocol):
    """Keeps links, for good: one for each account elsewhere, whatever becomes of it."""

    async def find(self, account: bytes) -> Link | None:
        """Find by the keyed hash, ended or not."""
        ...

    async def of_person(self, person: PersonId) -> tuple[Link, ...]:
        """Return the person's links that have not ended, oldest first."""
        ...

    async def add(self, unit: Unit, link: Link) -> bool:
        """Keep a new link; False, keeping nothing, when there is or was one of this account. Atomic."""
        ...

    async def change(
        self, unit: Unit, account: bytes, change: Callable[[Link], Link | Refusal]
    ) -> Link | Refusal | None:
        """Replace a link by `change(link)`, holding it against others until the unit ends.

        Returns the new one; the Refusal, writing nothing, when `change` returned one; None without one.
        """
        ...


class Tells(Protocol):
    """Tells people what was done in their name, as long as it was theirs to do."""

    async def vouches(self, unit: Unit, vouched: Vouched) -> bool:
        """Tell whether what the person's account proved then counts still, and until the unit ends."""
        ...

    async def linked(self, unit: Unit, person: PersonId, now: datetime) -> None:
        """Tell a person, where they can be reached, that an account elsewhere was linked to them."""
        ...

    async def unlinked(self, unit: Unit, person: PersonId, now: datetime) -> None:
        """Tell a person, where they can be reached, that such a link ended."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Linking:
    """The use cases of links."""

    units: Units
    links: LinkStore
    tells: Tells
    enrolment: Enrolment
    outbox: Outbox
    trail: Trail
    finding: FindingKey
    ids: Ids

    def account(self, issuer: str, identifier: str) -> bytes:
        """Return the keyed hash that an account elsewhere is found by."""
        return self.finding.find(_framed(issuer) + identifier.encode())

    async def of_person(self, person: PersonId) -> tuple[Link, ...]:
        """Return the person's links, oldest first."""
        return await self.links.of_person(person)

    async def find(self, subject: Subject) -> Link | None:
        """Return the link of an account elsewhere, if it has one that was not ended."""
        found = await self.links.find(self.account(subject.issuer, subject.identifier))
        return None if found is None or found.ended_at is not None else found

    async def proves(self, admission: AdmittedMeans, issuer: str, subject: Subject) -> bool:
        """Tell whether a means may prove this very subject, as far as is known before it does."""
        if subject.person is None:
            return subject.issuer == issuer
        links = await self.links.of_person(subject.person)
        return admission.gives_bsn or any(link.means == admission.id for link in links)

    def nameless(self, bsn: Bsn) -> str:
        """Return what stands for a BSN where an identifier is asked: a keyed hash."""
        return self.finding.find(b"bsn" + bsn.digits.encode()).hex()

    async def recognise(self, proven: Authentication, bsn: Bsn | None, now: datetime) -> Authentication:
        """Return what was proven, with the person when the account is a means of theirs.

        It counts for no more than its link is worth. `bsn` is what an admitted party told: it makes the
        link of an account that never had one, and must be that of the link's person else.

        Raises:
            LinkedElsewhere: the account is a means of somebody with another BSN: it was given away.

        """
        account = self.account(proven.subject.issuer, proven.subject.identifier)
        known = await self.links.find(account)
        if known is None and bsn is None:
            return proven
        async with self.units.begin() as unit:
            link = await self._used(unit, account, proven, bsn, now)
        if isinstance(link, Refusal):
            raise link
        if link.ended_at is not None:
            return proven
        subject = replace(proven.subject, person=link.person)
        return replace(proven, subject=subject, level=min(proven.level, link.level))

    async def make(
        self, unit: Unit, vouched: Vouched, elsewhere: Authentication, now: datetime
    ) -> Link | Refusal:
        """Link an account elsewhere to a person who just proved to be themselves.

        A link that is there gets that level; one that had ended is made anew, for the same person only. L16:
        none is made by an account whose misuse is reported, or that is stopped, in that very moment.
        """
        person, subject = vouched.person, elsewhere.subject
        if not await self.tells.vouches(unit, vouched):
            return AccountClosed("stopped or logged out since it vouched for the link")
        account = self.account(subject.issuer, subject.identifier)
        link = Link(
            id=LinkId(self.ids.uuid()),
            account=account,
            issuer=subject.issuer,
            means=elsewhere.means,
            person=person,
            level=vouched.level,
            made_at=now,
            last_used_at=now,
        )
        made: Link | Refusal | None = link
        if not await self.links.add(unit, link):
            made = await self.links.change(unit, account, lambda kept: _anew(kept, link, elsewhere.at))
        if isinstance(made, Link):
            await self.trail.record(unit, _made(made, BY_PERSON, now))
            await self.tells.linked(unit, person, now)
        else:
            await self._refused(unit, elsewhere, person, now)
        return made or NotLinked()

    async def end(self, person: PersonId, link: LinkId, by: str, now: datetime) -> None:
        """End a link; what it proved counts no more from the commit on. A second time nothing happens."""
        found = next((each for each in await self.links.of_person(person) if each.id == link), None)
        if found is None:
            return
        async with self.units.begin() as unit:
            ends = LinkEnds(links=self.links, outbox=self.outbox, trail=self.trail, ids=self.ids)
            if await ends.end(unit, found, by, now):
                await self.tells.unlinked(unit, person, now)

    async def log_out(self, person: PersonId, now: datetime) -> None:
        """Let what the person's links proved until now count no more; the links stay."""
        async with self.units.begin() as unit:
            for link in await self.links.of_person(person):
                await self.links.change(unit, link.account, lambda kept: replace(kept, proofs_from=now))
                notice = ProofsWithdrawn(
                    means=link.means, account="", person=person, why="logged-out", at=now
                )
                await self.outbox.put(unit, notice.message(self.ids), now)

    async def check_usable(self, proven: Authentication) -> None:
        """Refuse what was proven of a person by a link that has ended, or was made anew since.

        Raises:
            AccountClosed: it may no longer be used.

        """
        if proven.subject.person is None:
            return
        link = await self.find(proven.subject)
        if link is None or link.person != proven.subject.person:
            raise AccountClosed
        if link.proofs_from is not None and proven.at < link.proofs_from:
            raise AccountClosed

    async def _used(
        self, unit: Unit, account: bytes, proven: Authentication, bsn: Bsn | None, now: datetime
    ) -> Link | Refusal:
        """Note that an account was used, making its link where a BSN makes it."""
        person = None if bsn is None else (await self.enrolment.enrol(unit, bsn, now)).id
        link = await self.links.change(unit, account, lambda kept: _noted(kept, person, now))
        if link is None and person is not None:
            link = Link(
                id=LinkId(self.ids.uuid()),
                account=account,
                issuer=proven.subject.issuer,
                means=proven.means,
                person=person,
                level=Level.HIGH,
                made_at=now,
                last_used_at=now,
            )
            if not await self.links.add(unit, link):
                return LinkedElsewhere("linked by another login at this very moment")
            await self.trail.record(unit, _made(link, BY_BSN, now))
        if isinstance(link, LinkedElsewhere):
            await self._refused(unit, proven, person, now)
        return link or NotLinked()

    async def _refused(
        self, unit: Unit, elsewhere: Authentication, person: PersonId | None, now: datetime
    ) -> None:
        event = LinkRefused(at=now, means=elsewhere.means, person=Personal.maybe(person))
        await self.trail.record(unit, event)


def _noted(kept: Link, person: PersonId | None, now: datetime) -> Link | Refusal:
    if person is not None and kept.person != person:
        return LinkedElsewhere()
    if kept.ended_at is not None:
        return kept
    return replace(kept, last_used_at=now, level=kept.level if person is None else Level.HIGH)


def _anew(kept: Link, link: Link, proven_at: datetime) -> Link | Refusal:
    """Make a link of this person's worth what was proven now; never one of somebody else (L18)."""
    if kept.person != link.person:
        return LinkedElsewhere()
    if kept.ended_at is None:
        return replace(kept, level=max(kept.level, link.level))
    return replace(link, proofs_from=proven_at)


def _made(link: Link, by: str, now: datetime) -> LinkMade:
    return LinkMade(at=now, means=link.means, level=link.level, by=by, person=Personal.of(link.person))


def _framed(text: str) -> bytes:
    """Prefix a text with its length, so that no two pairs of texts read the same."""
    data = text.encode()
    return len(data).to_bytes(4, "big") + data
