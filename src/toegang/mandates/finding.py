"""Finding the other side of a mandate: by number and birth date, or by a code that they show.

A stranger never learns whether anybody has a number (L03): what somebody typed about nobody becomes a mandate
with nobody, which waits, is listed and ends as any other does. How often one may look is bounded.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from toegang.errors import NotEntitled, OneTimeGone, PersonNotFound, Refusal
from toegang.identity.numbers import Bsn
from toegang.mandates import standing
from toegang.mandates.bounds import CODES, FINDING, FINDING_AS_FIRM, OFFERING
from toegang.mandates.party import Party, PartyId, PartyKind
from toegang.mandates.why import Why

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from toegang.identity.numbers import KvkNumber
    from toegang.ids import Ids
    from toegang.keys.secret import FindingKey
    from toegang.mandates.bounds import Bounds
    from toegang.mandates.knowing import Knowing
    from toegang.mandates.numbers import Number, Numbers
    from toegang.registers.organisations import Organisations
    from toegang.registers.population import BirthDate, Population, Registered
    from toegang.units import Expiring, Unit, Units

CODE_LIVES: Final = timedelta(hours=1)
LAST_DIGITS: Final = 3
_OF_FIRMS: Final = "mandate-finding-firm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What somebody knows of the other side."""

    bsn: Bsn = field(repr=False)
    born: BirthDate = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The other side; `nobody` stands in for them where they cannot be it, so that nothing is told.

    `hint` is what is shown of them until they answered: the end of their number. Without one they showed
    their code, and are shown by name.
    """

    party: PartyId
    nobody: PartyId
    hint: str = ""

    @property
    def addressed(self) -> PartyId | None:
        """Return who stands for them towards who typed their number; None where they showed their code."""
        return self.nobody if self.hint else None

    def but_not(self, those: Collection[PartyId]) -> Found:
        """L03: return them with nobody where a number was typed that is of one of these, who cannot be it.

        What is against that would tell whose number it is; by their code they are told it.
        """
        return replace(self, party=self.nobody) if self.hint and self.party in those else self


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Whose code it is."""

    party: PartyId
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Finds people, and makes the codes that they show. `nobodies` draws those whom nobody is."""

    units: Units
    ids: Ids
    numbers: Numbers
    population: Population
    organisations: Organisations
    knowing: Knowing
    codes: Expiring[Contact]
    bounds: Bounds
    nobodies: FindingKey

    async def by_number(
        self, asker: PartyId, typed: Typed, now: datetime, *, firm: bool = False, in_name: bool = False
    ) -> Found:
        """Look for somebody by what is typed of them; the answer is the same whether they are there or not.

        `firm` tells that the asker is an organisation, `in_name` that somebody types it in their name: whose
        number is the asker's own they are not told.

        Raises:
            TooManyTries: wait.
            NotEntitled: it is oneself.
            Unavailable: the register does not answer.

        """
        await self._count(asker, now, firm=firm)
        found = await self._typed(asker, typed, now)
        if found.party == asker and not in_name:
            _itself()
        return found.but_not({asker})

    async def _typed(self, asker: PartyId, typed: Typed, now: datetime) -> Found:
        registered = await self.population.find(typed.bsn)
        nobody = await self._nobody(asker, typed)
        if registered is not None and registered.birth_date == typed.born:
            party = (await self.numbers.meet([typed.bsn], now))[typed.bsn]
            await self.know(party, registered, now)
        else:  # the same work, so that time tells nothing
            await self.numbers.find([typed.bsn])
            await self.knowing.learn(party := nobody, typed.born, None, now)
        return Found(party=party, nobody=nobody, hint=typed.bsn.digits[-LAST_DIGITS:])

    async def by_kvk(self, asker: PartyId, kvk: KvkNumber, now: datetime, *, firm: bool = False) -> Found:
        """Find an organisation, which stands in a public register: whether it is there is told.

        `firm` tells that the asker is one too.

        Raises:
            TooManyTries: wait.
            PersonNotFound: the trade register does not have it.
            NotEntitled: it is oneself.
            Unavailable: the register does not answer.

        """
        await self._count(asker, now, firm=firm)
        return await self._listed(asker, kvk, now)

    async def each(
        self, firm: PartyId, those: Sequence[Typed | KvkNumber], now: datetime, in_time: Callable[[], bool]
    ) -> Sequence[Found | NotEntitled | PersonNotFound]:
        """Find, for an organisation, those on a list as one by one, counted alike: who is found, or why not.

        As many, from the first on, as are found in time; the others do not count.

        Raises:
            TooManyTries: wait; nobody was looked for.
            Unavailable: a register does not answer.

        """
        await self._count(firm, now, firm=True, many=len(those))
        found: list[Found | NotEntitled | PersonNotFound] = []
        for one in those:
            if not in_time():
                break
            try:
                found.append(await self._one(firm, one, now))
            except (NotEntitled, PersonNotFound) as refusal:
                found.append(refusal)
        if left := len(those) - len(found):
            async with self.units.begin() as unit:
                await self.bounds.give_back(unit, f"{_OF_FIRMS}:{firm}", now, many=left)
        return found

    async def _one(self, firm: PartyId, one: Typed | KvkNumber, now: datetime) -> Found:
        if isinstance(one, Typed):
            return await self._typed(firm, one, now)
        return await self._listed(firm, one, now)

    async def _listed(self, asker: PartyId, kvk: KvkNumber, now: datetime) -> Found:
        registered = await self.organisations.find(kvk)
        if registered is None:
            raise PersonNotFound
        party = (await self.numbers.meet([kvk], now))[kvk]
        if party == asker:
            _itself()
        await self.knowing.know([standing.organisation(party, registered)], now)
        return Found(party=party, nobody=party)

    async def show_code(self, party: PartyId, now: datetime) -> str:
        """Make a code by which somebody else finds this one, once, within the hour.

        Raises:
            TooManyTries: wait.

        """
        code = self.ids.reference()
        async with self.units.begin() as unit:
            refusal = await self.bounds.count(unit, f"mandate-shown:{party}", CODES, now)
            if refusal is None:
                kept = Contact(party=party, made_at=now)
                await self.codes.add(unit, plain(code), kept, now + CODE_LIVES, now)
        if refusal is not None:
            raise refusal
        return code

    async def by_code(self, asker: PartyId, typed: str, now: datetime) -> Found:
        """Find who showed this code; it works once.

        Raises:
            OneTimeGone: nobody's, used or too old.
            TooManyTries: wait.
            NotEntitled: it is one's own.

        """
        async with self.units.begin() as unit:
            refusal: Refusal | None = await self.bounds.count(unit, f"mandate-code:{asker}", CODES, now)
            kept = None if refusal else await self.codes.take(unit, plain(typed), now)
        if refusal is not None:
            raise refusal
        if kept is None:
            raise OneTimeGone
        if kept.party == asker:
            _itself()
        return Found(party=kept.party, nobody=kept.party)

    async def offers_too_much(self, unit: Unit, party: PartyId, now: datetime) -> bool:
        """Count an offer, whoever gets it; tell whether it is one too many."""
        return await self.bounds.count(unit, f"mandate-offering:{party}", OFFERING, now) is not None

    async def registered(self, party: PartyId) -> Registered | None:
        """Return what the population register knows of a person; None of nobody.

        Raises:
            Unavailable: it does not answer.

        """
        bsn = _bsn((await self.numbers.of_people([party])).get(party, ()))
        return None if bsn is None else await self.population.find(bsn)

    async def registered_both(
        self, asker: PartyId, other: PartyId
    ) -> tuple[Registered | None, Registered | None]:
        """Return what it knows of who asks and of another; of nobody it is asked as often (L03).

        Raises:
            Unavailable: it does not answer.

        """
        numbers = await self.numbers.of_people([asker, other])
        mine, theirs = (_bsn(numbers.get(each, ())) for each in (asker, other))
        me = None if mine is None else await self.population.find(mine)
        asked = mine if theirs is None else theirs
        found = None if asked is None else await self.population.find(asked)
        return me, None if theirs is None else found

    async def meet(self, party: PartyId, now: datetime) -> None:
        """Learn of somebody who acts what the population register knows of them now.

        Raises:
            Unavailable: it does not answer.

        """
        registered = await self.registered(party)
        if registered is not None:
            await self.know(party, registered, now)

    async def know(self, party: PartyId, registered: Registered, now: datetime) -> None:
        """Keep the age of a person, and that they died; what courts told of them stays."""
        await self.knowing.learn(party, registered.birth_date, registered.deceased_on, now)

    async def _count(self, asker: PartyId, now: datetime, *, firm: bool, many: int = 1) -> None:
        """Count who is looked for, found or not."""
        what, bound = (_OF_FIRMS, FINDING_AS_FIRM) if firm else ("mandate-finding", FINDING)
        async with self.units.begin() as unit:
            refusal = await self.bounds.count(unit, f"{what}:{asker}", bound, now, many=many)
        if refusal is not None:
            raise refusal

    async def _nobody(self, asker: PartyId, typed: Typed) -> PartyId:
        """Draw who stands in for somebody who is not there: the same one each time for the same asker."""
        about = f"{asker} {typed.bsn.digits} {typed.born}".encode()
        nobody = PartyId(UUID(bytes=self.nobodies.find(about)[:16], version=4))
        async with self.units.begin() as unit:
            await self.knowing.parties.put(unit, Party(id=nobody, kind=PartyKind.PERSON, born=typed.born))
        return nobody


def _bsn(numbers: Iterable[Number]) -> Bsn | None:
    return next((each for each in numbers if isinstance(each, Bsn)), None)


def plain(code: str) -> str:
    """Return a code as it is compared, however it was typed: case, spaces and dashes do not count."""
    return "".join(sign for sign in code[:64].upper() if sign.isalnum())


def _itself() -> None:
    raise NotEntitled(Why.SELF_APPROVAL.value, why=Why.SELF_APPROVAL.value)
