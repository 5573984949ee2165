"""How a service knows people and organisations, in a question as in an answer to a login.

People go by the pseudonym that the service was told, or by their BSN where the service is entitled to that;
organisations by their number in the trade register or for the tax office. A pseudonym that was told to
somebody else stands for nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from toegang.catalogue.values import IdentityForm
from toegang.errors import Malformed, NotEntitled
from toegang.identity.numbers import Bsn, KvkNumber, Rsin
from toegang.identity.people import PersonId
from toegang.mandates.party import PartyId
from toegang.pseudonyms.known import Sector
from toegang.pseudonyms.spelling import as_derived

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from toegang.catalogue.values import Service
    from toegang.mandates.numbers import Number, Numbers
    from toegang.pseudonyms.known import KnownPseudonyms
    from toegang.units import Units

_NUMBERS: Final[Mapping[IdentityForm, type[Bsn | KvkNumber | Rsin]]] = {
    IdentityForm.BSN: Bsn,
    IdentityForm.KVK: KvkNumber,
    IdentityForm.RSIN: Rsin,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How somebody is named: in which form, to which service."""

    form: IdentityForm
    service: Service

    @classmethod
    def for_service(cls, service: Service, word: str) -> Form:
        """Return the form that the type of a subject or resource names, when the service is entitled to it.

        Raises:
            Malformed: no form that there is.
            NotEntitled: the BSN, where the service does not learn it.

        """
        try:
            form = IdentityForm(word)
        except ValueError:
            message = "a type is one of bsn, kvk, rsin, pseudonym"
            raise Malformed(message) from None
        if form is IdentityForm.BSN and service.identity is not IdentityForm.BSN:
            message = f"service {service.id} is not entitled to the BSN"
            raise NotEntitled(message)
        return cls(form=form, service=service)

    @property
    def sector(self) -> Sector:
        """Among which services of theirs people have one pseudonym."""
        service = self.service
        return Sector(service.pseudonym_sector or service.organisation, service.pseudonym_version)


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """Finds the party behind a name, and the names of parties; `scope` stands behind names told in SAML."""

    scope: str
    numbers: Numbers
    pseudonyms: KnownPseudonyms
    units: Units

    async def find(self, form: Form, name: str) -> PartyId | None:
        """Return who goes by this name at a service; None when nobody whom we ever met does."""
        if form.form not in _NUMBERS:
            person = await self.pseudonyms.find(as_derived(name, self.scope), form.sector)
            return None if person is None else PartyId(person)
        number = number_in(form, name)
        return None if number is None else (await self.numbers.find((number,))).get(number)

    async def names(self, form: Form, parties: Sequence[PartyId]) -> Mapping[PartyId, str]:
        """Return the names of those of these parties that have one in this form; the service is told them."""
        known = await self.numbers.of(parties)
        kind = _NUMBERS.get(form.form)
        if kind is not None:
            named = {party: _of_kind(kind, numbers) for party, numbers in known.items()}
            return {party: number.digits for party, number in named.items() if number is not None}
        people = [PersonId(party) for party, numbers in known.items() if _of_kind(Bsn, numbers) is not None]
        async with self.units.begin() as unit:
            await self.pseudonyms.tell(unit, people, form.sector)
        return {PartyId(each): name for each, name in self.pseudonyms.names(people, form.sector).items()}


def number_in(form: Form, name: str) -> Number | None:
    """Return the number that a name is; None for one that is none, such as a pseudonym."""
    kind = _NUMBERS.get(form.form)
    try:
        return None if kind is None else kind.parse(name)
    except ValueError:
        return None


def _of_kind(kind: type[Bsn | KvkNumber | Rsin], numbers: Iterable[Number]) -> Bsn | KvkNumber | Rsin | None:
    return next((each for each in numbers if isinstance(each, kind)), None)
