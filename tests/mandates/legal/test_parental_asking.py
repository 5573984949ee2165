"""Asking for parental authority: a silent register gives nothing, no question is about too many."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from tests.mandates.legal.families import (
    ANNA,
    BORN,
    BRAM,
    CARO,
    DIRK,
    DUO,
    FAMILY,
    MILA,
    Household,
    day,
    grown,
    number,
    parent,
    ruled,
)
from toegang.errors import Unavailable
from toegang.identity.numbers import Bsn
from toegang.mandates.legal.authority import Basis
from toegang.mandates.legal.parental.asking import (
    MOST_CHILDREN,
    AsRegistered,
    ByFlow,
    ParentalAuthority,
)
from toegang.mandates.legal.parental.outcome import Gap, Kind
from toegang.mandates.legal.parental.told import over
from toegang.registers.custody import Answers, Custody, Relation
from toegang.registers.families import MOST_ASKED, Award, Part, Record, Records

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A register in memory that counts what it is asked, and falls silent after so many questions."""

    people: dict[Bsn, Record]
    said: dict[Bsn, tuple[Custody, ...]] = field(default_factory=dict)
    patience: int = 100
    questions: list[frozenset[Bsn]] = field(default_factory=list)

    def asked(self, people: frozenset[Bsn]) -> None:
        assert 0 < len(people) <= MOST_ASKED
        self.questions.append(people)
        if len(self.questions) > self.patience:
            message = "silent"
            raise Unavailable(message)


class FamilyShelf(Shelf):
    __slots__ = ()

    async def find(self, people: frozenset[Bsn]) -> Records:
        self.asked(people)
        found = {bsn: self.people[bsn] for bsn in people if bsn in self.people}
        return Records(people=found, as_of=NOW, source="shelf")


class CustodyShelf(Shelf):
    __slots__ = ()

    async def find(self, people: frozenset[Bsn]) -> Answers:
        self.asked(people)
        found = {bsn: self.said[bsn] for bsn in people if bsn in self.said}
        return Answers(about=found, as_of=NOW, source="shelf")


def shelf(family: Household, patience: int = 100) -> FamilyShelf:
    people = {record.bsn: record for record in (family.child, *family.others)}
    return FamilyShelf(people=people, patience=patience)


SOLE = Custody(child=MILA, born=BORN, relation=Relation.SOLE, holders=frozenset({ANNA}))
LISTED = FAMILY.about(ANNA, children=(MILA,)).about(BRAM, children=(MILA,))


@pytest.mark.parametrize("patience", [0, 1])
async def test_a_register_that_falls_silent_on_the_way_gives_nobody_anything(patience: int) -> None:
    derived = ByFlow(families=shelf(LISTED, patience))
    found = await derived.over(MILA, NOW)
    assert (found.outcome.gap, found.authorities) == (Gap.SOURCE_SILENT, ())
    held = await ByFlow(families=shelf(LISTED, patience)).of(ANNA, NOW)
    assert (held.found, held.complete) == ((), False)


async def test_a_register_whose_own_answer_does_not_come_gives_nobody_anything() -> None:
    silent = AsRegistered(register=CustodyShelf(people={}, said={MILA: (SOLE,)}, patience=0))
    assert (await silent.over(MILA, NOW)).outcome.gap is Gap.SOURCE_SILENT
    assert (await silent.of(ANNA, NOW)).complete is False


@pytest.mark.parametrize("way", ["derived", "registered"])
async def test_of_a_child_that_nobody_knows_nothing_can_be_told(way: str) -> None:
    asked: ParentalAuthority = (
        ByFlow(families=FamilyShelf(people={}))
        if way == "derived"
        else AsRegistered(register=CustodyShelf(people={}))
    )
    found = await asked.over(MILA, NOW)
    assert (found.outcome.kind, found.outcome.gap) == (Kind.UNDETERMINED, Gap.NOT_FOUND)
    assert (await asked.of(ANNA, NOW)).found == ()


async def test_a_child_and_its_parents_take_two_questions() -> None:
    register = shelf(LISTED)
    found = await ByFlow(families=register).over(MILA, NOW)
    assert {each.holder for each in found.authorities} == {ANNA, BRAM}
    assert register.questions == [frozenset({MILA}), frozenset({ANNA, BRAM})]
    assert [each.basis for each in found.of(ANNA)] == [Basis.PARENTAL_JOINT]
    assert found.of(CARO) == ()


async def test_the_spouse_of_an_only_parent_is_found_and_finds_the_child() -> None:
    family = DUO.about(ANNA, children=(MILA,))
    found = await ByFlow(families=shelf(family)).over(MILA, NOW)
    assert found.outcome.holders == {ANNA, CARO}
    held = await ByFlow(families=shelf(family)).of(CARO, NOW)
    assert [each.outcome.child for each in held.found if each.of(CARO)] == [MILA]


async def test_a_guardian_finds_their_ward() -> None:
    family = FAMILY.about(MILA, rulings=(ruled(Award.THIRD, "2022-01-10", DIRK),)).with_(
        grown(DIRK, wards=(MILA,))
    )
    held = await ByFlow(families=shelf(family)).of(DIRK, NOW)
    assert [each.basis for found in held.found for each in found.of(DIRK)] == [Basis.GUARDIANSHIP]


async def test_nothing_rests_on_what_is_under_investigation() -> None:
    family = LISTED.about(BRAM, investigated=frozenset({Part.UNIONS}))
    found = await ByFlow(families=shelf(family)).over(MILA, NOW)
    assert len(found.authorities) == 2
    assert found.of(ANNA) == ()


async def test_of_others_children_nothing_is_told() -> None:
    family = LISTED.about(ANNA, unions=()).about(BRAM, unions=())
    family = family.about(MILA, resident=False).about(ANNA, unions=DUO.others[0].unions)
    register = shelf(family.with_(grown(CARO, unions=DUO.others[1].unions)))
    assert (await ByFlow(families=register).of(CARO, NOW)).found == ()


async def test_who_has_very_many_children_is_told_that_it_is_not_all() -> None:
    children = [number(head) for head in range(20, 22 + MOST_CHILDREN)]
    people = {bsn: replace(FAMILY.child, bsn=bsn, first=parent(ANNA), second=None) for bsn in children} | {
        ANNA: grown(ANNA, children=tuple(children))
    }
    held = await ByFlow(families=FamilyShelf(people=people)).of(ANNA, NOW)
    assert (len(held.found), held.complete) == (MOST_CHILDREN, False)


async def test_the_registers_own_answer_gives_what_it_says_until_majority() -> None:
    register = CustodyShelf(people={}, said={MILA: (SOLE,), ANNA: (SOLE,)})
    asked = AsRegistered(register=register)
    (held,) = (await asked.over(MILA, NOW)).of(ANNA)
    assert (held.basis, held.valid_until) == (Basis.PARENTAL_SOLE, datetime(2038, 5, 3, 22, tzinfo=UTC))
    (found,) = (await asked.of(ANNA, NOW)).found
    assert found.of(ANNA) == (held,)


@pytest.mark.parametrize(
    ("born", "kind"),
    [
        ("2008-11-26", Kind.NOT_APPLICABLE),
        ("2008-11-27", Kind.SOLE),
        ("2008-11-00", Kind.UNDETERMINED),
        ("0000-00-00", Kind.UNDETERMINED),
        ("", Kind.UNDETERMINED),
    ],
)
@pytest.mark.requires("BW-1:233")
async def test_an_answer_about_an_adult_gives_nothing_whatever_it_says(born: str, kind: Kind) -> None:
    said = replace(SOLE, born=day(born) if born else None)
    register = CustodyShelf(people={}, said={MILA: (said,)})
    found = await AsRegistered(register=register).over(MILA, NOW)
    assert found.outcome.kind is kind
    assert bool(found.authorities) is (kind is Kind.SOLE)


def test_two_answers_that_differ_give_nothing() -> None:
    other = replace(SOLE, holders=frozenset({BRAM}))
    found = over(MILA, (SOLE, other), NOW.date())
    assert found.gap is Gap.RECORDS_CONTRADICT
    assert over(MILA, (other, SOLE), NOW.date()) == found
    younger = replace(SOLE, born=day("2021-05-04"))  # the years would be counted from either
    assert over(MILA, (SOLE, younger), NOW.date()).gap is Gap.RECORDS_CONTRADICT
    assert over(MILA, (SOLE, SOLE), NOW.date()).kind is Kind.SOLE
    assert over(MILA, (), NOW.date()).kind is Kind.NOT_APPLICABLE


def test_every_relation_has_its_kind() -> None:
    held = {
        Relation.JOINT: {ANNA, BRAM},
        Relation.SOLE: {ANNA},
        Relation.WITH_THIRD: {ANNA, CARO},
        Relation.GUARDIANSHIP: {CARO},
    }
    for relation in Relation:
        said = replace(SOLE, relation=relation, holders=frozenset(held.get(relation, set())))
        found = over(MILA, (said,), NOW.date())
        assert found.holders == held.get(relation, set())
        assert found.kind.value.replace("-", "") == relation.name.lower().replace("_", "")
