"""For whom somebody may log in: asked of mandates and registers, always outside the unit that uses it.

What is shown and what is chosen are both decided by mandates, each when it is asked: nobody is believed on
the word of a page, and nothing that was shown is remembered as a permission.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol

from toegang import log
from toegang.catalogue import gate
from toegang.catalogue.representation import EdgeKind
from toegang.catalogue.values import ClientId, IdentityForm
from toegang.errors import LevelNotProven, NotEntitled, OneTimeGone, PartyClosed, Unavailable, UnknownParty
from toegang.identity.numbers import BranchNumber, KvkNumber, Rsin
from toegang.identity.people import PersonId
from toegang.identity.subject import Represented, RepresentedKind
from toegang.login.acting import Acting, Authority
from toegang.login.ending import capped
from toegang.mandates.answerable import Answerable
from toegang.mandates.decide import Asker, Listed, Permit, StepUp
from toegang.mandates.party import PartyId, PartyKind
from toegang.mandates.statement import Binding
from toegang.mandates.stores import Page

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from toegang.assurance import Level
    from toegang.catalogue.values import Service
    from toegang.catalogue.watch import Catalogue
    from toegang.identity.numbers import Bsn
    from toegang.login.acting import Named
    from toegang.login.request import LoginRequest
    from toegang.login.transaction import Transaction
    from toegang.mandates.party import Party
    from toegang.mandates.rechecking import Rechecking
    from toegang.mandates.register import Mandates
    from toegang.mandates.searching import ByName
    from toegang.mandates.statement import Statement
    from toegang.mandates.stores import Gathers

    Number = Bsn | KvkNumber | Rsin | BranchNumber

ON_A_PAGE = 20
"""Parties that a page has at most: as many questions are asked of registers for their names."""
FIRST = Page(size=ON_A_PAGE, began=())
SUGGESTED = Page(size=7)
"""Parties that are suggested while somebody types."""


class NumbersOf(Protocol):
    """Knows parties by their numbers (mandates.numbers)."""

    async def find(self, numbers: Iterable[Number]) -> Mapping[Number, PartyId]:
        """Return who has these numbers, as far as they were met before."""
        ...

    async def of(self, parties: Iterable[PartyId]) -> Mapping[PartyId, tuple[Number, ...]]:
        """Return the numbers of these parties, the one to ask registers by first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Somebody whom the person may act for: as what, and through which organisation if through one."""

    principal: PartyId
    basis: str
    via: PartyId | None
    until: datetime | None

    @classmethod
    def of(cls, permit: Permit) -> Choice:
        """Return a permit as it is offered."""
        far = permit.path[-1]
        via = far.agent if len(permit.path) > 1 else None
        return cls(principal=permit.principal, basis=far.basis, via=via, until=permit.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """A page of whom the person may act for, which may be short; `further` is the next, if there is one.

    With `takes` the login is too low for acting for anybody here, and nobody was looked for.
    """

    found: tuple[Choice, ...] = ()
    further: Page | None = None
    takes: Level | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorities:
    """Asks, for logins under way."""

    catalogue: Catalogue
    mandates: Mandates
    gathering: Gathers
    numbers: NumbersOf
    by_name: ByName
    rechecking: Rechecking

    async def look(self, transaction: Transaction, now: datetime) -> Acting:
        """Look, once in a login and with one question, whether there is anything to choose."""
        only_another = transaction.request.for_whom.only_another
        found = await self.offered(transaction, FIRST, now)
        somebody = bool(found.found) or found.further is not None or found.takes is not None
        return Acting(open=somebody or only_another, takes=found.takes)

    async def offered(self, transaction: Transaction, page: Page, now: datetime) -> Choices:
        """Return `choices`; nobody when that fails: the person can still log in for themselves."""
        try:
            return await self.choices(transaction, page, now)
        except (PartyClosed, UnknownParty, NotEntitled, Unavailable) as error:
            log.trouble("login:represented-unknown", error, reference=transaction.reference)
            return Choices()

    async def choices(self, transaction: Transaction, page: Page, now: datetime) -> Choices:
        """Return a page of whom the person may act for at this service, at the level proven.

        Over whom the law gives authority stands on the first page, before all others; of whom a register
        tells only later, on the page after that.

        Raises:
            NotEntitled: nobody acts for another here.
            Unavailable: it cannot be told now.

        """
        asked = self._asker(transaction, now)
        if asked is None:
            return Choices()
        named = _named(transaction)
        if named is not None:
            return await self._choice_of(transaction, asked, named, now)
        law = await self.gathering.for_actor(asked.actor, asked.service, now)
        first = law.people_of(asked.actor)[: ON_A_PAGE - 1]
        listed = await self.mandates.represented(asked, page, now, law, first)
        if isinstance(listed, StepUp):
            return Choices(takes=listed.level)
        told, after = law.named_to(asked.actor), listed.after
        further = None if after is None else page.turned(after, first, told)
        return await self._told(transaction, _in_order(listed, first), further)

    async def _choice_of(
        self, transaction: Transaction, asked: Asker, named: Named, now: datetime
    ) -> Choices:
        """Return the one whom the service asks for, if the person may act for them."""
        principal = await self._party(named)
        if principal is None:
            # Of an organisation that was never met here: registers may tell of it.
            await self.gathering.for_actor(asked.actor, asked.service, now)
            principal = await self._party(named)
        if principal is None:
            return Choices()
        law = await self.gathering.between(asked.actor, principal, asked.service, now)
        decision = await self.mandates.decide(asked, principal, now, law)
        if isinstance(decision, StepUp):
            return Choices(takes=decision.level)
        permits = (decision,) if isinstance(decision, Permit) else ()
        return await self._told(transaction, Listed(found=permits, after=None), None)

    async def _party(self, named: Named) -> PartyId | None:
        """Return whom a service asks for, as far as they were ever met."""
        if named.kvk:
            return await self.find(KvkNumber.parse(named.kvk))
        return await self.find(Rsin.parse(named.rsin)) if named.rsin else named.party

    async def _told(self, asked: Transaction, listed: Listed[Permit], further: Page | None) -> Choices:
        names = await self._names(listed.found, asked)
        found = (each for each in listed.found if names.of(each) is not None)
        return Choices(found=tuple(map(Choice.of, found)), further=further)

    async def named(self, transaction: Transaction, words: str, page: Page, now: datetime) -> Choices:
        """Return the next of whom the person may act for whose name has a word that starts so.

        Nobody when that fails, as `offered`.
        """
        try:
            asked = self._asker(transaction, now)
            if asked is None:
                return Choices()
            if _named(transaction) is not None:
                return await self.choices(transaction, page, now)
            law = await self.gathering.for_actor(asked.actor, asked.service, now)
            listed = await self.by_name.named(asked, words, page, now, law)
            if isinstance(listed, StepUp):
                return Choices(takes=listed.level)
            further = None if listed.after is None else replace(page, after=listed.after)
            return await self._told(transaction, listed, further)
        except (PartyClosed, UnknownParty, NotEntitled, Unavailable) as error:
            log.trouble("login:represented-unknown", error, reference=transaction.reference)
            return Choices()

    async def find(self, number: Number) -> PartyId | None:
        """Return who has a number, if they were ever met; whether anybody may act for them is not said."""
        return (await self.numbers.find([number])).get(number)

    async def check(self, transaction: Transaction, principal: PartyId, now: datetime) -> Acting:
        """Decide whether the person may act for somebody whom they chose, and return that they do.

        Raises:
            NotEntitled: they may not, or nobody knows; the same for everybody.
            LevelNotProven: the login is too low.

        """
        authority = await self.authority(transaction, principal, now)
        return Acting(answered=True, principal=authority.statement.principal)

    async def authority(self, transaction: Transaction, principal: PartyId, now: datetime) -> Authority:
        """Decide, and prepare the statement that the login ends with; nothing is kept yet.

        Raises:
            NotEntitled: they may not, or the service cannot be told for whom.
            LevelNotProven: the login is too low.

        """
        asked = self._asker(transaction, now)
        if asked is None:
            message = "nobody is known who could act for another"
            raise NotEntitled(message)
        named = _named(transaction)
        if named is not None and await self._party(named) != principal:
            message = "the service asks for somebody else"
            raise NotEntitled(message)
        law = await self.gathering.between(asked.actor, principal, asked.service, now)
        binding = binding_of(transaction)
        prepared = await self.mandates.stating.prepare(asked, principal, binding, now, law)
        chain = (await self._names([prepared.permit], transaction)).of(prepared.permit)
        if chain is None:
            message = "an organisation has no number to tell it by"
            raise NotEntitled(message)
        return Authority(prepared=prepared, chain=chain)

    async def still(
        self, transaction: Transaction, principal: PartyId, now: datetime
    ) -> Authority | Acting | None:
        """Return by what the login may end; or, when it may not any more, that the person must choose anew.

        None where a party may no longer take part: then the login ends with a refusal that says so.
        """
        try:
            self._asker(transaction, now)
        except (PartyClosed, UnknownParty, NotEntitled):
            return None
        try:
            return await self.authority(transaction, principal, now)
        except (NotEntitled, LevelNotProven, Unavailable):
            return Acting(open=True, lost=True)

    async def check_holds(self, statement: Statement, now: datetime) -> None:
        """MANDATES-P4: refuse to go on by a statement that does not hold by the catalogue of now.

        Raises:
            OneTimeGone: it does not.

        """
        await self.mandates.stating.check_holds(statement, self._where(statement, now), now)

    async def check_anew(self, statement: Statement, now: datetime) -> None:
        """MANDATES-P6: refuse the same, by what registers tell of what the law gave, or told a moment ago.

        Raises:
            OneTimeGone: it does not hold.
            Unavailable: a register does not tell.

        """
        await self.rechecking.check_lately(statement, self._where(statement, now), now)

    def _where(self, statement: Statement, now: datetime) -> Service:
        """Return the service of a statement, where it and who asked admit that somebody acts for another."""
        snapshot = self.catalogue.current
        try:
            asker = gate.open_asker(snapshot, ClientId(statement.binding.audience), now)
            service = gate.open_service(snapshot, statement.service, asker, now)
            gate.check_represents(service, asker)
        except (PartyClosed, UnknownParty, NotEntitled) as refusal:
            raise OneTimeGone(refusal.detail) from refusal
        return service

    def _asker(self, transaction: Transaction, now: datetime) -> Asker | None:
        """Return who asks what; None when we do not know the person.

        Raises:
            PartyClosed, UnknownParty, NotEntitled: by the catalogue of now nobody acts for another here.

        """
        subject, snapshot, request = transaction.known_subject, self.catalogue.current, transaction.request
        asker = gate.open_asker(snapshot, request.client, now)
        service = gate.open_service(snapshot, request.service.id, asker, now)
        gate.check_represents(service, asker)
        # As its means are admitted now, not as they were when somebody proved it (S23).
        proofs = capped(transaction.proofs, snapshot, now)
        level = max((proof.level for proof in proofs), default=None)
        if subject is None or subject.person is None or level is None:
            return None
        return Asker(
            actor=PartyId(subject.person),
            authenticated=level,
            service=service,
            requested=request.required,
            answerable=self._answerable(request, service),
        )

    def _answerable(self, request: LoginRequest, service: Service) -> Answerable:
        """MANDATES-P2: return which authority who asks can be told of in its protocol, and asks for."""
        whole = gate.tells_restrictions(self.catalogue.current, request.client)
        kinds = frozenset(request.sought.kinds if request.sought and request.sought.kinds else EdgeKind)
        parties = frozenset(PartyKind)
        if service.identity.of_organisation:
            parties -= _PEOPLE
        elif service.identity is IdentityForm.BSN and not whole:
            parties = _PEOPLE  # in SAML a number is all that is told, and organisations have none of these
        return Answerable(restrictions=whole, parties=parties, kinds=kinds)

    async def _names(self, permits: Iterable[Permit], transaction: Transaction) -> Names:
        """Find the numbers of organisations on the way to whom these permits are for."""
        firms = {
            link.principal
            for each in permits
            for link in each.path
            if not any(met.id == link.principal and met.kind in _PEOPLE for met in each.parties)
        }
        numbers = await self.numbers.of(firms) if firms else {}
        return Names(numbers=numbers, form=transaction.request.service.identity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """By which names a service is told whom somebody acts for; `form` is how it learns who that is."""

    numbers: Mapping[PartyId, tuple[Number, ...]]
    form: IdentityForm

    def of(self, permit: Permit) -> tuple[Represented, ...] | None:
        """Name everybody who is represented, nearest first; None where one has no such name."""
        met = {party.id: party for party in permit.parties}
        found: list[Represented] = []
        for link in permit.path:
            wanted = self.form if link is permit.path[-1] else IdentityForm.PSEUDONYM
            made = _represented(met[link.principal], self.numbers.get(link.principal, ()), wanted)
            if made is None:
                return None
            before = found[-1].number if found else ""
            types = tuple(f"{BASIS}:{each.basis}" for each in (link, *link.beside))
            found.append(replace(made, types=types, intermediary=before))
        return tuple(found)


BASIS = "urn:toegang:representation"
"""What the names of our own kinds of authority begin with."""

_PEOPLE = frozenset({PartyKind.PERSON, PartyKind.ESTATE})


def _in_order(listed: Listed[Permit], first: Sequence[PartyId]) -> Listed[Permit]:
    """Put on a page those first whom the law names, then people who gave a mandate, then organisations."""

    def place(permit: Permit) -> int:
        if permit.principal in first:
            return 0
        people = {party.id for party in permit.parties if party.kind in _PEOPLE}
        return 1 if len(permit.path) == 1 and permit.principal in people else 2

    return Listed(found=tuple(sorted(listed.found, key=place)), after=listed.after)


def _named(transaction: Transaction) -> Named | None:
    sought = transaction.request.sought
    return sought.named if sought is not None else None


def binding_of(transaction: Transaction) -> Binding:
    """P14: bind a statement to this login, who asked it, what its request was, and its browser."""
    letter = transaction.request.reply_to.letter
    return Binding(
        transaction=transaction.id,
        audience=transaction.request.client,
        nonce=sha256(letter.encode()).hexdigest(),
        session=transaction.browser,
    )


def _represented(party: Party, numbers: Iterable[Number], wanted: IdentityForm) -> Represented | None:
    """Return a party by its number of the form that is wanted; where any will do, its KVK number first."""
    if party.kind in _PEOPLE:
        return Represented(kind=RepresentedKind.PERSON, person=PersonId(party.id))
    for number in numbers:
        if isinstance(number, BranchNumber):
            number = number.organisation  # noqa: PLW2901 the same party, as a service is told it
        if isinstance(number, KvkNumber) and wanted is not IdentityForm.RSIN:
            return Represented(kind=RepresentedKind.KVK, number=number.digits)
        if isinstance(number, Rsin) and wanted is not IdentityForm.KVK:
            return Represented(kind=RepresentedKind.RSIN, number=number.digits)
    return None
