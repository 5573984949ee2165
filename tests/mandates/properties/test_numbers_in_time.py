"""P22: a number leads to one party, whoever had it before, and what a party has stays with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stdnum.nl import bsn as check

from tests.mandates import builders as b
from tests.mandates.engines import OFFSETS, Engines
from tests.mandates.known import numbers
from tests.mandates.legal.facts import organisation as registered
from tests.mandates.test_judging import candidates, grounds_of, pairs
from tests.mandates.worlds import FIRMS, Made, worlds
from tests.volumes import volume
from toegang.assurance import Level
from toegang.identity.numbers import Bsn, KvkNumber, Rsin
from toegang.identity.people import PersonId
from toegang.mandates import standing
from toegang.mandates.decide import Asker, Permit, Refused, chosen
from toegang.mandates.edge import EdgeId
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.numbers import Number, Numbers
from toegang.mandates.party import PartyId
from toegang.mandates.register import Mandates
from toegang.registers.organisations import Standing as Registered

SERVICE = b.service(1, b.rules())
PEOPLE, ORGANISATIONS = 3, 2
ACTS = st.sampled_from(["meet", "meet", "renumber", "retire", "also", "meet another"])
HISTORIES = st.lists(st.tuples(ACTS, st.integers(0, 4), st.integers(0, 2)), min_size=2, max_size=10)


def fake_numbers() -> Iterator[int]:
    """Yield numbers that pass as BSN, each for one history: of the range that is given to nobody."""
    for number in range(999_900_000, 999_990_000):
        if check.is_valid(str(number)):
            yield number


FAKE = fake_numbers()


@dataclass
class Model:
    """Whose each number is, by a label for each party that was ever met; what each number was, for good."""

    owner: dict[Number, int] = field(default_factory=dict)
    parties: list[PartyId] = field(default_factory=list)

    def of(self, label: int) -> set[Number]:
        return {number for number, whose in self.owner.items() if whose == label}


@dataclass
class Room:
    """Numbers and mandates on one engine: everybody who is met acts for one person from then on."""

    mandates: Mandates
    known: Numbers
    everybody: PartyId
    model: Model = field(default_factory=Model)

    async def meet(self, number: Number) -> int:
        party = (await self.known.meet([number], b.NOW))[number]
        if number in self.model.owner:
            assert self.model.parties[self.model.owner[number]] == party
        else:
            assert party not in self.model.parties, "nobody inherits what whoever had the number before has"
            self.model.owner[number] = len(self.model.parties)
            self.model.parties.append(party)
            await self.let_act(party, number)
        return self.model.owner[number]

    async def let_act(self, party: PartyId, number: Number) -> None:
        person = isinstance(number, Bsn)
        await self.mandates.know(b.person(party) if person else b.firm(party), now=b.NOW)
        edge = b.edge(id=EdgeId(self.mandates.ids.uuid()), principal=self.everybody, agent=party)
        async with self.mandates.units.begin() as unit:
            await self.mandates.edges.add(unit, edge)

    async def renumber(self, old: Bsn, new: Bsn) -> None:
        label = await self.meet(old)
        person = await self.known.enrolment.people.find(PersonId(self.model.parties[label]))
        assert person is not None
        async with self.known.units.begin() as unit:
            done = await self.known.enrolment.renumber(unit, person, new)
        assert done is (self.model.owner.get(new, label) == label)
        if done:
            del self.model.owner[old]
            self.model.owner[new] = label

    async def retire(self, number: Bsn) -> None:
        label = await self.meet(number)
        person = await self.known.enrolment.people.find(PersonId(self.model.parties[label]))
        assert person is not None
        async with self.known.units.begin() as unit:
            await self.known.enrolment.retire(unit, person)
        del self.model.owner[number]

    async def also(self, number: KvkNumber, more: Rsin) -> None:
        label = await self.meet(number)
        done = await self.known.also(self.model.parties[label], more)
        assert done is (self.model.owner.get(more, label) == label)
        self.model.owner.setdefault(more, label)

    async def check(self) -> None:
        """Everybody has the numbers that are theirs now, and acts for whom they did from the first."""
        parties, owner = self.model.parties, self.model.owner
        assert await self.known.find(owner) == {number: parties[whose] for number, whose in owner.items()}
        found = await self.known.of(parties)
        for label, party in enumerate(parties):
            assert set(found.get(party, ())) == self.model.of(label)
            edges = await self.mandates.edges.between(self.everybody, party)
            assert [each.agent for each in edges] == [party]
        people = [parties[whose] for number, whose in owner.items() if isinstance(number, Bsn)]
        for party in people:
            asker = Asker(actor=party, authenticated=Level.HIGH, service=SERVICE, requested=Level.LOW)
            decision = await self.mandates.decide(asker, self.everybody, b.NOW, NOTHING_TOLD)
            assert isinstance(decision, Permit)


@pytest.mark.requires("MANDATES-P22")
def test_a_number_that_changes_takes_nothing_along_and_one_that_is_given_anew_brings_nothing(
    engines: Engines,
) -> None:
    @settings(max_examples=volume(15, 400), suppress_health_check=list(HealthCheck))
    @given(HISTORIES)
    def holds(history: list[tuple[str, int, int]]) -> None:
        offset = next(OFFSETS)
        people = [Bsn.parse(str(next(FAKE))) for _ in range(PEOPLE)]
        firms = [KvkNumber.parse(str(10_000_000 + offset * 10 + each)) for each in range(ORGANISATIONS)]
        legal = [Rsin.parse(str(next(FAKE))) for _ in range(ORGANISATIONS)]

        async def played(mandates: Mandates) -> list[int]:
            everybody = b.party_id(offset << 40)
            await mandates.know(b.person(everybody), now=b.NOW)
            room = Room(mandates, numbers(mandates.edges.database), everybody)  # type: ignore[attr-defined]
            for act, one, other in history:
                await step(room, act, one, other)
                await room.check()
            return list(room.model.owner.values())

        async def step(room: Room, act: str, one: int, other: int) -> None:
            if act == "renumber":
                await room.renumber(people[one % PEOPLE], people[other % PEOPLE])
            elif act == "retire":
                await room.retire(people[one % PEOPLE])
            elif act == "also":
                await room.also(firms[one % ORGANISATIONS], legal[other % ORGANISATIONS])
            else:
                everything: list[Number] = [*people, *firms]
                await room.meet(everything[one])

        first, second = engines.each(played)
        assert first == second

    holds()


@pytest.mark.requires("MANDATES-P22", "MANDATES-P10")
@settings(max_examples=volume(20, 3_000), suppress_health_check=list(HealthCheck))
@given(worlds(), st.sampled_from(FIRMS))
def test_what_a_company_had_ends_with_its_merger_and_goes_to_nobody(world: dict[str, Any], gone: int) -> None:
    """Nobody acts for anybody whom they did not act for before, and nobody through what has merged."""
    world["parties"][gone] |= {"standing": "able", "kind": "organisation"}
    made = Made(world, 1)
    found = registered(
        KvkNumber("90000001"),
        standing=Registered.MERGED,
        standing_since=date(2027, 1, 1),
        into=KvkNumber("90000002"),
    )
    before, auth = grounds_of(made), Level(world["auth"])
    merged = standing.organisation(made.party_id(gone), found)
    after = replace(before, parties={**before.parties, merged.id: merged})
    for actor, principal in pairs(world):
        paths = candidates(world, made, actor, principal)
        was, now = chosen(paths, before, auth), chosen(paths, after, auth)
        assert isinstance(was, Permit) or isinstance(now, Refused)
        if isinstance(now, Permit):
            assert merged.id not in {party for link in now.path for party in (link.agent, link.principal)}
