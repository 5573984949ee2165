"""Gathering the law: what registers tell for one question, as the value that every question brings (Law).

Whoever acts, and whoever is represented, is asked about each time; a register that is silent, slow or unsure
makes no permit. What registers tell of parties as a whole is kept when it is other than what was known.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.identity.numbers import Bsn, KvkNumber, Rsin
from toegang.mandates import standing
from toegang.mandates.hearing import MOST_ORGANISATIONS, MOST_PEOPLE
from toegang.mandates.law import NOT_ASKED, Between, Law
from toegang.mandates.legal.court import Capacity
from toegang.mandates.link import link_by_law
from toegang.mandates.scope import covering
from toegang.mandates.stores import Reach

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from toegang.catalogue.values import Service
    from toegang.mandates.hearing import Hearing, Registers
    from toegang.mandates.law import Named
    from toegang.mandates.legal.authority import Authority
    from toegang.mandates.numbers import Number, Numbers
    from toegang.mandates.party import Party, PartyId
    from toegang.mandates.register import Mandates
    from toegang.registers.spoken import Holder

_BY_REGISTRATION: Final = frozenset({EdgeKind.STATUTORY, EdgeKind.PROXY})
_HOLDINGS: Final = 2
"""How often it is asked whom the organisations of somebody direct themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """Asks registers, side by side, and makes one value of what they told.

    `strangers` are whom a question names by a number and nobody ever met, with the ids that were drawn for
    it: registers are asked about them as about anybody, and nothing is kept of whom the law is not about.
    """

    mandates: Mandates
    numbers: Numbers
    registers: Registers
    strangers: dict[Holder, PartyId] = field(default_factory=dict)

    async def for_actor(self, actor: PartyId, service: Service, now: datetime) -> Law:
        """Gather for whom a person may act by law at a service, in person or through organisations.

        Of the kinds that the service admits only. It says nothing about who gave them a mandate: before
        something is permitted for one principal, ask `between`.
        """
        rules = service.representation
        return NOT_ASKED if rules is None else await self._of_actor(actor, service, set(rules.kinds), now)

    async def of_person(self, actor: PartyId, now: datetime) -> Law:
        """Gather for whom a person may act by law, at whatever service; what each admits is asked later."""
        return await self._of_actor(actor, None, set(EdgeKind), now)

    async def over(self, principal: PartyId, now: datetime) -> Law:
        """Gather who may act for a party by law, and what it can still decide itself."""
        number = await self._number(principal)
        if number is None:
            return _nothing_known(principal)
        hearing = self.registers.hearing(now)
        await hearing.ask(hearing.party(number))
        if isinstance(number, Bsn):
            child = hearing.over_child(number) if hearing.may_be_minor(number) else ()
            found = hearing.people.get(number)
            dead = found is not None and found.deceased_on is not None
            await hearing.ask(child, hearing.estate(number) if dead else ())
        over = [each for each in hearing.authorities() if each.represented == number]
        holders = _first(filter(None, map(_holder, over)), MOST_ORGANISATIONS)
        await hearing.ask(*(hearing.party(each) for each in holders))
        law = await self._law(hearing, [each for each in over if each.holder in holders], now)
        return replace(law, over=frozenset({principal}))

    async def between(self, actor: PartyId, principal: PartyId, service: Service, now: datetime) -> Law:
        """Gather all that deciding about these two rests on: both parties, and the organisations between."""
        rules = service.representation
        if rules is None:
            return NOT_ASKED
        kinds = {each for each in rules.kinds if each in _BY_REGISTRATION}
        paths = await self.mandates.graph.paths((actor,), (principal,), _reach(service, rules.depth, now))
        met = {edge.principal for path in paths for edge in path[:-1]}
        own, over = await asyncio.gather(
            self._of_actor(actor, service, kinds, now, met), self.over(principal, now)
        )
        return own.and_(over)

    async def for_named(self, actor: Named, service: Service, now: datetime) -> Law:
        """Gather the same as `for_actor`, about who may be a stranger."""
        return await replace(self, strangers=_strangers(actor)).for_actor(actor.party, service, now)

    async def over_named(self, principal: Named, now: datetime) -> Law:
        """Gather the same as `over`, about who may be a stranger."""
        return await replace(self, strangers=_strangers(principal)).over(principal.party, now)

    async def between_named(self, actor: Named, principal: Named, service: Service, now: datetime) -> Between:
        """Gather the same as `between`, about two of whom either may be a stranger.

        MANDATES-P20: it takes as many questions to registers and to the store, whoever is whom.
        """
        drawn = _strangers(actor, principal)
        strangers = dict(drawn)
        asking = replace(self, strangers=strangers)
        law = await asking.between(actor.party, principal.party, service, now)
        met = {drawn[number]: strangers[number] for number in drawn}
        me, other = (met.get(each.party, each.party) for each in (actor, principal))
        if strangers != drawn:  # the law is about one of them: from now on they are known
            law = await self.between(me, other, service, now)
        return Between(actor=me, principal=other, law=law)

    async def _of_actor(
        self,
        actor: PartyId,
        service: Service | None,
        kinds: Collection[EdgeKind],
        now: datetime,
        met: Collection[PartyId] = (),
    ) -> Law:
        """Gather by what somebody acts; `met` are organisations on the way to whom they act for."""
        me = await self._number(actor)
        if not isinstance(me, Bsn):
            return _nothing_known(actor)
        hearing = self.registers.hearing(now)
        within = () if service is None else await self._works_for(actor, service, now)
        firms, between = await self._registered(within), await self._registered(met)
        legal = self.registers.legal
        by_registration = bool(_BY_REGISTRATION & set(kinds))
        await hearing.ask(
            hearing.person(me),
            *(hearing.party(each) for each in between.values()),
            hearing.children_of(me) if EdgeKind.PARENTAL in kinds else (),
            hearing.held_by(legal.organisations, me) if by_registration else (),
            hearing.held_by(legal.courts, me) if EdgeKind.COURT in kinds else (),
            hearing.held_by(legal.estates, me) if EdgeKind.ESTATE in kinds else (),
        )
        acting = await self._organisations(hearing, me, set(firms.values()), holdings=by_registration)
        await hearing.ask(
            *(hearing.held_by(legal.courts, each) for each in acting if EdgeKind.COURT in kinds),
            *(hearing.held_by(legal.estates, each) for each in acting if EdgeKind.ESTATE in kinds),
        )
        represented = {*hearing.parental, *(each for each in hearing.held if isinstance(each, Bsn))} - {me}
        people = [each for each in _first(represented, MOST_PEOPLE) if isinstance(each, Bsn)]
        estates = [hearing.estate(each) for each in people] if EdgeKind.ESTATE in kinds else []
        await hearing.ask(*(hearing.person(each) for each in people), *estates)
        held = [each for each in hearing.authorities() if each.holder in {me, *acting}]
        law = await self._law(hearing, held, now)
        # P25: of whom no register can be asked, as who is known by an RSIN alone, none told anything.
        unasked = {*within, *met} - firms.keys() - between.keys()
        return law if law.silent is None else replace(law, silent=law.silent | unasked)

    async def _works_for(self, actor: PartyId, service: Service, now: datetime) -> Sequence[PartyId]:
        """Return the organisations that somebody works for, as a mandate of these says, at this service."""
        return (await self.mandates.graph.organisations(actor, _reach(service, 1, now)))[:MOST_ORGANISATIONS]

    async def _registered(self, parties: Collection[PartyId]) -> Mapping[PartyId, KvkNumber]:
        """Return the numbers by which the trade register is asked about these, as far as they have one."""
        known = await self.numbers.of(parties)
        return {
            party: number
            for party, numbers in known.items()
            for number in numbers
            if isinstance(number, KvkNumber)
        }

    async def _organisations(
        self, hearing: Hearing, me: Bsn, firms: set[KvkNumber], *, holdings: bool
    ) -> set[KvkNumber]:
        """Ask about the organisations of somebody and those that these direct; return for which they act.

        That is for whom they work, or are registered, themselves or alone through what directs it.
        """
        looked: set[Holder] = set()
        for _ in range(1 + _HOLDINGS):
            directed = {each for each in hearing.held if isinstance(each, KvkNumber)}
            new = set(_first({*firms, *directed} - looked, MOST_ORGANISATIONS - len(looked)))
            if not new:
                break
            looked |= new
            organisations = self.registers.legal.organisations
            await hearing.ask(
                *(hearing.party(each) for each in new),
                *(hearing.held_by(organisations, each) for each in new if holdings),
            )
        mine = {each.represented for each in hearing.authorities() if each.holder == me}
        return {each for each in looked if isinstance(each, KvkNumber) and each in {*firms, *mine}}

    async def _number(self, party: PartyId) -> Holder | None:
        """Return by which number registers are asked about a party; None when they cannot be."""
        strange = next((number for number, drawn in self.strangers.items() if drawn == party), None)
        # P20: as much is looked up of a stranger as of whoever has such a number.
        looked_up = self.numbers.of_people if isinstance(strange, Bsn) else self.numbers.of
        (number, *_) = (await looked_up((party,))).get(party, (strange,))
        return number if isinstance(number, Bsn | KvkNumber) else None

    async def _law(self, hearing: Hearing, held: Iterable[Authority], now: datetime) -> Law:
        """Make the law of what was heard, and keep what was told of each party as a whole."""
        authorities = list(held)
        ends = {end for each in authorities for end in (each.represented, each.holder)}
        before = dict(self.strangers)
        ids = await self._ids({*hearing.asked, *ends}, ends, now)
        strange = {before[each] for each in hearing.asked if each in before and ids[each] == before[each]}
        capacities = {ids[bsn]: own for bsn in hearing.measures if (own := _own(hearing, bsn)) is not None}
        await self._keep(hearing, ids, capacities, strange, now)
        return Law(
            links=tuple(
                link_by_law(each, principal=ids[each.represented], agent=ids[each.holder])
                for each in authorities
            ),
            capacities=capacities,
            silent=frozenset(ids[each] for each in hearing.asked if _is_silent(hearing, each)),
            doubted=frozenset(ids[each] for each in hearing.asked if _is_doubted(hearing, each)),
            over=frozenset(),
            crowded=bool(hearing.missed),
            partly=frozenset(ids[each] for each in hearing.partly()),
        )

    async def _ids(
        self, meant: Collection[Number], ends: Collection[Number], now: datetime
    ) -> Mapping[Number, PartyId]:
        """Return who is meant, and meet whom nobody met yet; of strangers whom the law is about."""
        strange: dict[Number, PartyId] = {
            each: party for each, party in self.strangers.items() if each not in ends
        }
        found: dict[Number, PartyId] = {**strange, **await self.numbers.find(meant)}
        new = [each for each in meant if each not in found]
        found |= await self.numbers.meet(new, now) if new else {}
        self.strangers.update((each, found[each]) for each in self.strangers if each in found)
        return found

    async def _keep(
        self,
        hearing: Hearing,
        ids: Mapping[Number, PartyId],
        capacities: Mapping[PartyId, Capacity],
        strange: Collection[PartyId],
        now: datetime,
    ) -> None:
        told: list[Party] = []
        for bsn, found in hearing.people.items():
            if ids[bsn] in strange:
                continue
            own = capacities.get(ids[bsn])
            # Who is not known to be dead may be under curatele, as long as the courts are silent.
            if found is not None and (own is not None or found.deceased_on is not None):
                able = own or Capacity()
                told.append(standing.person(ids[bsn], found.birth_date, found.deceased_on, able))
        told += [
            standing.organisation(ids[kvk], registration.found)
            for kvk, registration in hearing.organisations.items()
            if registration is not None and ids[kvk] not in strange
        ]
        if told:
            await self.mandates.know(*told, now=now)
        elif strange:  # P20: of whom nothing is kept costs a look, as anybody does
            await self.mandates.parties.of(strange)
        await self._also_by_rsin(hearing, {each: ids[each] for each in ids if ids[each] not in strange})

    async def _also_by_rsin(self, hearing: Hearing, ids: Mapping[Number, PartyId]) -> None:
        """Keep the RSIN of organisations by which some services know them, where it is not known yet."""
        told = {
            registration.found.rsin: ids[kvk]
            for kvk, registration in hearing.organisations.items()
            if registration is not None and registration.found.rsin is not None and kvk in ids
        }
        known = await self.numbers.find(told) if told else {}
        for rsin in sorted(told.keys() - known.keys(), key=lambda each: each.digits):
            await self.numbers.also(told[rsin], rsin)


def _strangers(*named: Named) -> dict[Holder, PartyId]:
    """Return the ids that were drawn for strangers, by their numbers."""
    return {
        each.number: each.party
        for each in named
        if each.stranger and isinstance(each.number, Bsn | KvkNumber)
    }


def _nothing_known(party: PartyId) -> Law:
    """Return the law about a party that no register can be asked about: none, and nothing rests on it."""
    return Law(links=(), capacities={}, silent=frozenset({party}), doubted=frozenset(), over=frozenset())


def _own(hearing: Hearing, bsn: Bsn) -> Capacity | None:
    found = hearing.by_court(bsn)
    return None if found is None else found.own


def _is_silent(hearing: Hearing, number: Holder) -> bool:
    if isinstance(number, Bsn):
        return number not in hearing.people or number not in hearing.measures
    return number not in hearing.organisations


def _is_doubted(hearing: Hearing, number: Holder) -> bool:
    """Tell whether a register knows nobody by this number, or looks into its own facts."""
    if isinstance(number, Bsn):
        return number in hearing.people and hearing.people[number] is None
    if number not in hearing.organisations:
        return False
    registration = hearing.organisations[number]
    return registration is None or registration.found.disputed


def _reach(service: Service, depth: int, now: datetime) -> Reach:
    keys = tuple(each.key for each in covering(service))
    return Reach(keys=keys, depth=depth, level=Level.MINIMAL, now=now)


def _holder(authority: Authority) -> Holder | None:
    return None if isinstance(authority.holder, Rsin) else authority.holder


def _first(found: Iterable[Holder], most: int) -> list[Holder]:
    """Return the first of them in the order of their numbers, so that the same facts give the same."""
    return sorted(set(found), key=lambda each: (each.digits, type(each).__name__))[:most]
