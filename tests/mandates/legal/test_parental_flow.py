"""Parental authority: each outcome of the flow; test_parental_gaps.py has what stays undetermined."""

from __future__ import annotations

import pytest

from tests.mandates.legal.families import (
    ANNA,
    BORN,
    BRAM,
    CARO,
    DIRK,
    DUO,
    EVA,
    FAMILY,
    MILA,
    ONE_PARENT,
    RECOGNISED,
    RECOGNISED_LATER,
    UNMARRIED,
    Household,
    day,
    grown,
    married,
    parent,
    ruled,
)
from toegang.mandates.legal.parental.flow import determine
from toegang.mandates.legal.parental.outcome import Kind
from toegang.registers.families import Award, Deed, End, Part, Union

NOBODY = parent(None, named=False)
STRANGER = parent(None)


DEAD, WARD = {"deceased": day("2024-03-02")}, {"curatele": day("2024-03-02")}
CHILD = {"born": day("2010-01-01")}
TO_BOTH, TO_ANNA = (ruled(Award.BOTH),), (ruled(Award.FIRST),)
BOTH, A, B, C = {ANNA, BRAM}, {ANNA}, {BRAM}, {CARO}
PARTED = FAMILY.wed(("2018-06-01", "2021-06-01"))
FOSTER = UNMARRIED.with_(grown(CARO), grown(DIRK))
TOLD = [
    # v1.2
    ("an adult", FAMILY.about(MILA, born=day("2008-11-26")), Kind.NOT_APPLICABLE, set()),
    ("a child that died", FAMILY.about(MILA, **DEAD), Kind.NOT_APPLICABLE, set()),
    (
        "a mother declared adult",
        FAMILY.about(MILA, declared_adult=day("2026-01-01")),
        Kind.NOT_APPLICABLE,
        set(),
    ),
    # v1.3b
    ("adopted from abroad", FAMILY.adopted().about(MILA, native=False), Kind.JOINT, BOTH),
    # v3.1
    ("to both, one denied since", ONE_PARENT.about(MILA, rulings=TO_BOTH), Kind.SOLE, A),
    (
        "to one, adopted since",
        FAMILY.adopted(by=(BRAM,), since=day("2022-01-10")).about(MILA, rulings=TO_ANNA),
        Kind.JOINT,
        BOTH,
    ),
    ("to one, adopted before", FAMILY.adopted().about(MILA, rulings=TO_ANNA), Kind.SOLE, A),
    (
        "to who adopted alone, recognised by another since",
        RECOGNISED_LATER.adopted(by=(ANNA,)).about(MILA, rulings=TO_ANNA),
        Kind.SOLE,
        A,
    ),
    (
        "to one, married again since",
        FAMILY.wed(("2018-01-01", "2021-01-01"), ("2022-01-10", "")).about(MILA, rulings=TO_ANNA),
        Kind.JOINT,
        BOTH,
    ),
    # v3.2 to both
    ("to both", UNMARRIED.about(MILA, rulings=TO_BOTH), Kind.JOINT, BOTH),
    ("to both, one dead", UNMARRIED.about(MILA, rulings=TO_BOTH).about(BRAM, **DEAD), Kind.SOLE, A),
    # v3.2 to one
    ("divorced, to one", PARTED.about(MILA, rulings=TO_ANNA), Kind.SOLE, A),
    ("divorced, to the other", PARTED.about(MILA, rulings=(ruled(Award.SECOND),)), Kind.SOLE, B),
    ("to one, who died", PARTED.about(MILA, rulings=TO_ANNA).about(ANNA, **DEAD), Kind.NONE_FOR_NOW, set()),
    ("to one, the other died", PARTED.about(MILA, rulings=TO_ANNA).about(BRAM, **DEAD), Kind.SOLE, A),
    ("to one, the other abroad", ONE_PARENT.about(MILA, second=STRANGER, rulings=TO_ANNA), Kind.SOLE, A),
    # v3.2 to one with a third
    ("to one and a third", FOSTER.about(MILA, rulings=(ruled(Award.FIRST_AND_THIRD),)), Kind.WITH_THIRD, A),
    (
        "to one and a named third",
        FOSTER.about(MILA, rulings=(ruled(Award.SECOND_AND_THIRD, "2022-01-10", CARO),)),
        Kind.WITH_THIRD,
        B | C,
    ),
    (
        "to one and a third who died",
        FOSTER.about(MILA, rulings=(ruled(Award.FIRST_AND_THIRD, "2022-01-10", CARO),)).about(CARO, **DEAD),
        Kind.SOLE,
        A,
    ),
    (
        "to one who died and a third",
        FOSTER.about(MILA, rulings=(ruled(Award.FIRST_AND_THIRD),)).about(ANNA, **DEAD),
        Kind.GUARDIANSHIP,
        set(),
    ),
    (
        "to one and a third, both dead",
        FOSTER.about(MILA, rulings=(ruled(Award.FIRST_AND_THIRD, "2022-01-10", CARO),))
        .about(CARO, **DEAD)
        .about(ANNA, **DEAD),
        Kind.NONE_FOR_NOW,
        set(),
    ),
    # v3.2 to a third
    ("to a third", FOSTER.about(MILA, rulings=(ruled(Award.THIRD),)), Kind.GUARDIANSHIP, set()),
    (
        "to foster parents",
        FOSTER.about(MILA, rulings=(ruled(Award.THIRD, "2022-01-10", CARO, DIRK),)),
        Kind.GUARDIANSHIP,
        {CARO, DIRK},
    ),
    (
        "to foster parents of whom one died",
        FOSTER.about(MILA, rulings=(ruled(Award.THIRD, "2022-01-10", CARO, DIRK),)).about(DIRK, **DEAD),
        Kind.GUARDIANSHIP,
        C,
    ),
    (
        "to foster parents of whom one is not registered",
        FOSTER.about(MILA, rulings=(ruled(Award.THIRD, "2022-01-10", CARO, EVA),)),
        Kind.GUARDIANSHIP,
        C,
    ),
    (
        "to a foster parent who died",
        FOSTER.about(MILA, rulings=(ruled(Award.THIRD, "2022-01-10", CARO),)).about(CARO, **DEAD),
        Kind.NONE_FOR_NOW,
        set(),
    ),
    # v3.2 the latest counts
    (
        "a later ruling",
        PARTED.about(MILA, rulings=(ruled(Award.FIRST, "2022-01-10"), ruled(Award.SECOND, "2023-01-10"))),
        Kind.SOLE,
        B,
    ),
    (
        "a ruling that is still to begin",
        PARTED.about(MILA, rulings=(ruled(Award.FIRST, "2026-11-27"),)),
        Kind.JOINT,
        BOTH,
    ),
    # v2.1
    ("a foundling", UNMARRIED.about(MILA, first=None, second=None), Kind.NONE_FOR_NOW, set()),
    # v2a.1
    ("married", FAMILY, Kind.JOINT, BOTH),
    ("divorced", PARTED, Kind.JOINT, BOTH),
    ("married after the birth", FAMILY.wed(("2021-06-01", "")), Kind.JOINT, BOTH),
    ("married, one died", FAMILY.about(BRAM, **DEAD), Kind.SOLE, A),
    (
        "the same, and their marriage ended on the record of who lives",
        FAMILY.about(ANNA, unions=(married(BRAM, ended="2024-03-02", end=End.DEATH),)).about(BRAM, **DEAD),
        Kind.SOLE,
        A,
    ),
    (
        "the father died before the birth",
        FAMILY.about(ANNA, unions=(married(BRAM, ended="2020-01-01", end=End.DEATH),)).about(
            BRAM, unions=(married(ANNA, ended="2020-01-01", end=End.DEATH),), deceased=day("2020-01-01")
        ),
        Kind.SOLE,
        A,
    ),
    ("married, one under curatele", FAMILY.about(ANNA, **WARD), Kind.SOLE, B),
    ("married, one a minor", FAMILY.about(ANNA, **CHILD), Kind.SOLE, B),
    ("married, both died", FAMILY.about(ANNA, **DEAD).about(BRAM, **DEAD), Kind.NONE_FOR_NOW, set()),
    (
        "one died, one under curatele",
        FAMILY.about(ANNA, **DEAD).about(BRAM, **WARD),
        Kind.NONE_FOR_NOW,
        set(),
    ),
    # v2a.2
    ("adopted by partners who are not married", UNMARRIED.adopted(), Kind.JOINT, BOTH),
    (
        "adopted by the partner of its father",
        RECOGNISED.adopted(by=(ANNA,), since=day("2021-01-01")),
        Kind.JOINT,
        BOTH,
    ),
    (
        "adopted by one, and recognised before 2023",
        RECOGNISED.adopted(by=(ANNA,), since=day("2020-05-05")),
        Kind.SOLE,
        A,
    ),
    (
        "adopted by one, and recognised since",
        RECOGNISED_LATER.adopted(by=(ANNA,), since=day("2021-01-01")),
        Kind.JOINT,
        BOTH,
    ),
    # v2a.3
    ("recognised since 2023", RECOGNISED_LATER, Kind.JOINT, BOTH),
    (
        "recognised since 2023, its mother died later",
        RECOGNISED_LATER.about(ANNA, **DEAD),
        Kind.SOLE,
        B,
    ),
    (
        "recognised since 2023, its mother had married another after the birth",
        RECOGNISED_LATER.with_(grown(CARO)).wed(("2020-05-05", ""), to=CARO),
        Kind.JOINT,
        BOTH,
    ),
    (
        "recognised since 2023, after the husband of its mother had denied that he was the father",
        RECOGNISED_LATER.with_(grown(CARO))
        .wed(("2018-06-01", ""), to=CARO)
        .about(MILA, deeds=frozenset({Deed.BIRTH, Deed.DENIAL, Deed.RECOGNITION})),
        Kind.JOINT,
        BOTH,
    ),
    (
        "recognised since 2023 by a father who was a minor",
        RECOGNISED_LATER.about(BRAM, **CHILD),
        Kind.SOLE,
        A,
    ),
    ("recognised before 2023", RECOGNISED, Kind.SOLE, A),
    (
        "recognised on the last day before",
        RECOGNISED.about(
            MILA, second=parent(BRAM, deeds=frozenset({Deed.RECOGNITION}), since=day("2022-12-31"))
        ),
        Kind.SOLE,
        A,
    ),
    ("recognised before the birth", UNMARRIED, Kind.SOLE, A),
    (
        "recognised before the birth, and that in 2023",
        UNMARRIED.about(
            MILA,
            born=day("2023-11-04"),
            first=parent(ANNA, since=day("2023-11-04")),
            second=parent(BRAM, since=day("2023-11-04")),
        ),
        Kind.JOINT,
        BOTH,
    ),
    (
        "established by a court before 2023",
        UNMARRIED.about(MILA, second=parent(BRAM, deeds=frozenset({Deed.ESTABLISHED}))),
        Kind.SOLE,
        A,
    ),
    ("divorced before the birth, recognised", RECOGNISED.wed(("2015-01-01", "2019-01-01")), Kind.SOLE, A),
    ("recognised before 2023, mother dead", RECOGNISED.about(ANNA, **DEAD), Kind.NONE_FOR_NOW, set()),
    ("recognised before 2023, mother a minor", RECOGNISED.about(ANNA, **CHILD), Kind.NONE_FOR_NOW, set()),
    (
        "recognised before 2023, mother declared adult",
        RECOGNISED.about(ANNA, born=day("2009-01-01"), declared_adult=day("2025-05-05")),
        Kind.SOLE,
        A,
    ),
    # v2b.1
    ("one parent", ONE_PARENT, Kind.SOLE, A),
    ("one parent, who died", ONE_PARENT.about(ANNA, **DEAD), Kind.NONE_FOR_NOW, set()),
    ("born to two women who are married", DUO, Kind.WITH_THIRD, A | C),
    (
        "the same, divorced since",
        DUO.wed(("2018-06-01", "2022-01-01"), to=CARO),
        Kind.WITH_THIRD,
        A | C,
    ),
    ("the same, divorced before", DUO.wed(("2018-06-01", "2020-05-03"), to=CARO), Kind.SOLE, A),
    ("the same, married since", DUO.wed(("2020-05-05", ""), to=CARO), Kind.SOLE, A),
    (
        "parenthood of a spouse denied",
        DUO.about(MILA, deeds=frozenset({Deed.BIRTH, Deed.DENIAL})),
        Kind.SOLE,
        A,
    ),
    (
        "adopted by one parent, after her marriage",
        DUO.wed(("2018-06-01", "2021-01-01"), to=CARO).adopted(since=day("2023-05-05")),
        Kind.SOLE,
        A,
    ),
    ("the partner died", DUO.about(CARO, **DEAD), Kind.SOLE, A),
    ("the parent died", DUO.about(ANNA, **DEAD), Kind.GUARDIANSHIP, C),
    ("parent and partner died", DUO.about(ANNA, **DEAD).about(CARO, **DEAD), Kind.NONE_FOR_NOW, set()),
]


@pytest.mark.requires(
    "GEZAG-v1.2", "GEZAG-v2a.1", "GEZAG-v2a.3", "GEZAG-v2b.1", "GEZAG-v3.1", "GEZAG-v3.2", "BW-1:251b"
)
@pytest.mark.parametrize(
    ("family", "kind", "holders"), [row[1:] for row in TOLD], ids=[row[0] for row in TOLD]
)
def test_who_has_authority(family: Household, kind: Kind, holders: set[object]) -> None:
    found = determine(family.case())
    assert (found.kind, set(found.holders)) == (kind, holders), found.reasons


def test_a_third_whom_the_register_does_not_name_is_counted() -> None:
    assert determine(FOSTER.about(MILA, rulings=(ruled(Award.FIRST_AND_THIRD),)).case()).unnamed == 1
    named = FOSTER.about(MILA, rulings=(ruled(Award.THIRD, "2022-01-10", CARO, EVA),))
    assert determine(named.case()).unnamed == 1


@pytest.mark.requires("GEZAG-v1.1", "GEZAG-v4a.2")
def test_the_reasons_are_the_questions_with_their_answers() -> None:
    assert determine(FAMILY.case()).reasons == (
        "v1.1 yes",
        "v1.2 yes",
        "v1.3 no",
        "v1.3a no",
        "v1.4 no",
        "v2.1 two",
        "v2a.1 yes",
        "v4a.2 no",
    )


@pytest.mark.parametrize(
    "family",
    [
        FAMILY.about(MILA, investigated=frozenset({Part.CUSTODY})),
        FAMILY.about(BRAM, investigated=frozenset({Part.UNIONS})),
        DUO.about(CARO, investigated=frozenset({Part.STANDING})),
        DUO.about(CARO, investigated=frozenset({Part.STANDING}), **DEAD),
        FAMILY.about(MILA, resident=False, investigated=frozenset({Part.RESIDENCE})),
    ],
    ids=["the child", "a parent", "a partner", "a partner who fell away", "undetermined"],
)
def test_what_the_register_looks_into_is_told(family: Household) -> None:
    assert determine(family.case()).investigated


def test_what_it_looks_into_of_others_makes_no_difference() -> None:
    beside = FAMILY.with_(grown(DIRK, investigated=frozenset(Part)))
    assert not determine(beside.case()).investigated


def test_an_end_without_a_reason_is_no_death() -> None:
    before = Union(partner=BRAM, began=day("2010-01-01"), ended=day("2019-01-01"), end=None)
    family = RECOGNISED.about(ANNA, unions=(before,)).about(
        BRAM, unions=(Union(partner=ANNA, began=before.began, ended=before.ended, end=None),)
    )
    assert determine(family.case()).kind is Kind.SOLE
    assert BORN.earliest() > before.began.earliest()
