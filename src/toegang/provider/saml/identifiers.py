"""Who somebody is, as a service is told it: by the form that the catalogue gives the service.

    bsn          the number of who acts, and of whom they represent
    pseudonym    a name of theirs at this service only
    kvk, rsin    the number of the organisation that is acted for; who acts is a pseudonym

A number is read from its seal when it is told, never before; nothing here stays.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from toegang.catalogue.values import IdentityForm
from toegang.errors import NotEntitled
from toegang.identity.subject import RepresentedKind

if TYPE_CHECKING:
    from toegang.catalogue.values import Service
    from toegang.identity.enrolment import Enrolment
    from toegang.identity.numbers import Bsn
    from toegang.identity.people import Person, PersonId
    from toegang.identity.subject import Represented, Subject
    from toegang.provider.grants import GrantState
    from toegang.pseudonyms import Pairwise

_ORGANISATIONS = {IdentityForm.KVK: RepresentedKind.KVK, IdentityForm.RSIN: RepresentedKind.RSIN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """One name of somebody: of which form, and its text."""

    form: IdentityForm
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identities:
    """Who acts, whom they represent (None for nobody), and who stands between, nearest to who acts first."""

    acting: Identity
    legal: Identity | None = None
    between: tuple[Identity, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sector:
    """Among which services a person has one pseudonym, and since which key."""

    name: str
    version: int

    @classmethod
    def of(cls, service: Service) -> Sector:
        """Return the sector of a service; an organisation is a sector of its own."""
        return cls(name=service.pseudonym_sector or service.organisation, version=service.pseudonym_version)


def check_entitled(form: IdentityForm, subject: Subject, represented: Represented | None) -> None:
    """Refuse an outcome that has no name of the form that the service is told.

    Raises:
        NotEntitled: nobody is known by it: no person, nobody represented, or by another number.

    """
    wanted = _ORGANISATIONS.get(form)
    if wanted is not None and (represented is None or represented.kind is not wanted):
        message = f"nobody with a number of the form {form.value} is acted for"
        raise NotEntitled(message)
    if form is not IdentityForm.BSN:
        return
    if subject.person is None or (represented is not None and represented.person is None):
        message = "the service is told a BSN, and none is known"
        raise NotEntitled(message)


def _between(chain: tuple[Represented, ...], represented: Represented) -> tuple[Identity, ...]:
    """ETD-1.13: name every organisation in the middle of a chain; a means vouches for one at most."""
    forms = {kind: form for form, kind in _ORGANISATIONS.items()}
    if len(chain) > 1:
        return tuple(Identity(form=forms[each.kind], value=each.number) for each in chain[:-1])
    between = represented.intermediary
    return (Identity(form=IdentityForm.KVK, value=between),) if between else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifiers:
    """Finds the names to tell."""

    enrolment: Enrolment
    pairwise: Pairwise

    def pseudonym(self, subject: Subject, sector: Sector) -> str:
        """Return the name of who acts in this sector, by whatever means they came."""
        if subject.person is not None:
            return self.pairwise.of_person(subject.person, sector.name, sector.version)
        return self.pairwise.of_account(subject.issuer, subject.identifier, sector.name, sector.version)

    async def tell(self, state: GrantState, sector: Sector) -> Identities:
        """Return the names for the service of a grant.

        Raises:
            NotEntitled: there is no such name.

        """
        form, proven = state.grant.identity, state.grant.proven
        subject, represented = proven.subject, proven.represented
        check_entitled(form, subject, represented)
        if form is IdentityForm.BSN:
            acting = await self._number(subject.person, state.person)
        else:
            acting = Identity(form=IdentityForm.PSEUDONYM, value=self.pseudonym(subject, sector))
        if represented is None:
            return Identities(acting=acting)
        return Identities(
            acting=acting,
            legal=await self._legal(form, represented, sector),
            between=_between(state.grant.chain, represented),
        )

    async def _legal(self, form: IdentityForm, represented: Represented, sector: Sector) -> Identity:
        if form.of_organisation:
            return Identity(form=form, value=represented.number)
        if form is IdentityForm.BSN:
            return await self._number(represented.person)
        if represented.person is not None:
            name = self.pairwise.of_person(represented.person, sector.name, sector.version)
        else:
            kind = represented.kind.value
            name = self.pairwise.of_account(kind, represented.number, sector.name, sector.version)
        return Identity(form=IdentityForm.PSEUDONYM, value=name)

    async def _number(self, person: PersonId | None, read: Person | None = None) -> Identity:
        return Identity(form=IdentityForm.BSN, value=(await self.bsn(person, read)).digits)

    async def bsn(self, person: PersonId | None, read: Person | None = None) -> Bsn:
        """Open somebody's number; `read` is whom the caller has read already, for whoever that is.

        Raises:
            NotEntitled: nobody is known.

        """
        known = read if read is not None and read.id == person else None
        if known is None and person is not None:
            known = await self.enrolment.people.find(person)
        if known is None:
            message = "nobody is known behind this login"
            raise NotEntitled(message)
        return self.enrolment.bsn_of(known)
