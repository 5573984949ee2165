"""Parental authority: what the register does not tell surely is undetermined, each gap by its case."""

from __future__ import annotations

import pytest

from tests.mandates.legal.families import (
    ANNA,
    BRAM,
    CARO,
    DIRK,
    DUO,
    FAMILY,
    MILA,
    ONE_PARENT,
    RECOGNISED,
    RECOGNISED_LATER,
    UNMARRIED,
    Household,
    day,
    married,
    parent,
    ruled,
)
from toegang.mandates.legal.parental.flow import determine
from toegang.mandates.legal.parental.outcome import Gap, Kind
from toegang.registers.families import Award, Deed, End, Sex

ADOPTED = frozenset({Deed.BIRTH, Deed.ADOPTION})
NOBODY = parent(None, named=False)
STRANGER = parent(None)


UNTOLD = [
    ("v1.1 not a resident", FAMILY.about(MILA, resident=False), Gap.NOT_RESIDENT),
    ("v1.2 birth date unknown", FAMILY.about(MILA, born=day("0000-00-00")), Gap.AGE_UNCERTAIN),
    ("v1.2 may be an adult", FAMILY.about(MILA, born=day("2008-00-00")), Gap.AGE_UNCERTAIN),
    ("v1.3 country of birth unknown", FAMILY.about(MILA, native=None), Gap.BIRTH_COUNTRY_UNKNOWN),
    ("v1.3 emigrated and came back", FAMILY.about(MILA, settled=day("2024-01-01")), Gap.HAS_LIVED_ABROAD),
    ("v1.3b born abroad", FAMILY.about(MILA, native=False, settled=day("2024-01-01")), Gap.BORN_ABROAD),
    (
        "v1.4 ruling without a date",
        FAMILY.about(MILA, rulings=(ruled(Award.FIRST, ""),)),
        Gap.RULING_WITHOUT_DATE,
    ),
    ("v1.4 ruling unreadable", FAMILY.about(MILA, rulings=(ruled(Award.UNREADABLE),)), Gap.RULING_UNREADABLE),
    (
        "v1.4 two rulings on one day",
        FAMILY.about(MILA, rulings=(ruled(Award.FIRST), ruled(Award.SECOND))),
        Gap.RULINGS_CONTRADICT,
    ),
    (
        "v1.4 two rulings, order unknown",
        FAMILY.about(MILA, rulings=(ruled(Award.FIRST, "2022-00-00"), ruled(Award.SECOND, "2022-03-00"))),
        Gap.RULINGS_CONTRADICT,
    ),
    (
        "v1.4 ruling that may not have begun",
        FAMILY.about(MILA, rulings=(ruled(Award.FIRST, "2026-00-00"),)),
        Gap.DATES_INCOMPLETE,
    ),
    (
        "v3.1 adopted on an unknown day",
        FAMILY.about(MILA, deeds=ADOPTED, rulings=(ruled(Award.FIRST),), second=parent(BRAM, since=None)),
        Gap.DATES_INCOMPLETE,
    ),
    (
        "v3.1 first marriage after the ruling",
        FAMILY.wed(("2023-01-01", "")).about(MILA, rulings=(ruled(Award.FIRST),)),
        Gap.MARRIED_AFTER_RULING,
    ),
    (
        "v3.1 married again and divorced again",
        FAMILY.wed(("2018-01-01", "2021-01-01"), ("2023-01-01", "2024-01-01")).about(
            MILA, rulings=(ruled(Award.FIRST),)
        ),
        Gap.MARRIED_AFTER_RULING,
    ),
    (
        "v3.1 married to who may be the other parent",
        ONE_PARENT.about(ANNA, unions=(married(None, "2023-01-01"),)).about(
            MILA, second=STRANGER, rulings=(ruled(Award.FIRST),)
        ),
        Gap.MARRIED_AFTER_RULING,
    ),
    (
        "v3.2 given to a parent who is not there",
        ONE_PARENT.about(MILA, rulings=(ruled(Award.SECOND),)),
        Gap.RULING_CONTRADICTS_RECORD,
    ),
    (
        "v3.2 given to a parent who is not registered",
        ONE_PARENT.about(MILA, second=STRANGER, rulings=(ruled(Award.SECOND),)),
        Gap.PARENT_NOT_REGISTERED,
    ),
    (
        "v3.2 the third is a parent",
        FAMILY.about(MILA, rulings=(ruled(Award.FIRST_AND_THIRD, "2022-01-10", BRAM),)),
        Gap.RULING_CONTRADICTS_RECORD,
    ),
    (
        "v3.2 a parent with two thirds",
        FAMILY.about(MILA, rulings=(ruled(Award.FIRST_AND_THIRD, "2022-01-10", CARO, DIRK),)),
        Gap.RULING_CONTRADICTS_RECORD,
    ),
    ("v2.1 a parent is unknown", FAMILY.about(MILA, second=NOBODY), Gap.PARENT_UNKNOWN),
    ("v2.1 both parents are unknown", FAMILY.about(MILA, first=NOBODY, second=NOBODY), Gap.PARENT_UNKNOWN),
    ("v2.1 one person twice", FAMILY.about(MILA, second=parent(ANNA)), Gap.RECORDS_CONTRADICT),
    ("v2a.1 a parent is not registered", FAMILY.about(MILA, second=STRANGER), Gap.PARENT_NOT_REGISTERED),
    ("v2a.1 a parent's record is not there", FAMILY.without(BRAM), Gap.PARENT_NOT_REGISTERED),
    ("v2a.1 a parent moved abroad", FAMILY.about(BRAM, resident=False), Gap.PARENT_NOT_REGISTERED),
    ("v2a.1 married says one record only", FAMILY.about(BRAM, unions=()), Gap.RECORDS_CONTRADICT),
    (
        "v2a.1 ended by a death of which nobody knows",
        FAMILY.about(ANNA, unions=(married(BRAM, ended="2024-03-02", end=End.DEATH),)),
        Gap.RECORDS_CONTRADICT,
    ),
    (
        "v3.1 married again to a parent who moved abroad",
        FAMILY.wed(("2018-01-01", "2021-01-01"), ("2023-01-01", ""))
        .about(MILA, rulings=(ruled(Award.FIRST),))
        .about(BRAM, resident=False),
        Gap.MARRIED_AFTER_RULING,
    ),
    (
        "v2a.1 divorced before or after the birth",
        FAMILY.wed(("2018-06-01", "2020-00-00")),
        Gap.DATES_INCOMPLETE,
    ),
    (
        "v2a.3 born in 2023, and perhaps recognised before that year",
        UNMARRIED.about(
            MILA,
            born=day("2023-11-03"),
            first=parent(ANNA, since=day("2023-11-03")),
            second=parent(BRAM, since=day("2023-11-03")),
        ),
        Gap.RECOGNITION_UNCLEAR,
    ),
    ("v2a.3 no deed says how", UNMARRIED.about(MILA, deeds=frozenset()), Gap.RECOGNITION_UNCLEAR),
    (
        "v2a.3 recognised on an unknown day",
        RECOGNISED.about(MILA, second=parent(BRAM, deeds=frozenset({Deed.RECOGNITION}), since=None)),
        Gap.DATES_INCOMPLETE,
    ),
    (
        "v2a.3 recognised around 2023",
        RECOGNISED.about(MILA, first=parent(ANNA, since=day("0000-00-00"))),
        Gap.DATES_INCOMPLETE,
    ),
    (
        "v2a.3 established by a court since 2023",
        RECOGNISED_LATER.about(MILA, deeds=frozenset({Deed.BIRTH, Deed.ESTABLISHED})),
        Gap.ESTABLISHED_BY_COURT,
    ),
    (
        "v2a.3 two mothers, recognised before the birth",
        UNMARRIED.about(MILA, second=parent(BRAM, Sex.FEMALE)),
        Gap.BIRTH_MOTHER_UNCLEAR,
    ),
    (
        "v2a.3 sex unknown",
        UNMARRIED.about(MILA, second=parent(BRAM)),
        Gap.BIRTH_MOTHER_UNCLEAR,
    ),
    (
        "v2a.3 recognised by both",
        RECOGNISED.about(MILA, first=parent(ANNA, deeds=frozenset({Deed.RECOGNITION}))),
        Gap.BIRTH_MOTHER_UNCLEAR,
    ),
    ("v2b.1 the parent is not registered", ONE_PARENT.without(ANNA), Gap.PARENT_NOT_REGISTERED),
    (
        "v2b.1 partners since the day of birth",
        DUO.about(ANNA, unions=(married(CARO, "2020-05-04"),)),
        Gap.DATES_INCOMPLETE,
    ),
    (
        "v2b.1 two spouses at the birth",
        DUO.about(ANNA, unions=(married(CARO), married(DIRK))),
        Gap.RECORDS_CONTRADICT,
    ),
    ("v2b.1 the partner is not registered", DUO.without(CARO), Gap.PARTNER_NOT_REGISTERED),
    (
        "v2b.1 nobody knows who the partner is",
        DUO.about(ANNA, unions=(married(None),)),
        Gap.PARTNER_NOT_REGISTERED,
    ),
    ("v4a.2 a parent of unknown age", FAMILY.about(BRAM, born=day("0000-00-00")), Gap.AGE_UNCERTAIN),
    ("v4a.3 the mother of unknown age", RECOGNISED.about(ANNA, born=day("2008-00-00")), Gap.AGE_UNCERTAIN),
    ("v4b.1 a partner of unknown age", DUO.about(CARO, born=day("0000-00-00")), Gap.AGE_UNCERTAIN),
]


@pytest.mark.requires("GEZAG-v1.1", "GEZAG-v1.3", "GEZAG-v2.1")
@pytest.mark.parametrize(("family", "gap"), [row[1:] for row in UNTOLD], ids=[row[0] for row in UNTOLD])
def test_what_the_register_does_not_tell_surely_is_undetermined(family: Household, gap: Gap) -> None:
    found = determine(family.case())
    assert (found.kind, found.gap) == (Kind.UNDETERMINED, gap)
    assert not found.holders
    assert found.reasons[-1].endswith(f" {gap}")


def test_each_gap_of_the_flow_has_a_case() -> None:
    assert {row[2] for row in UNTOLD} == set(Gap) - {Gap.NOT_FOUND, Gap.SOURCE_SILENT, Gap.SAID_BY_REGISTER}
