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
    grown,
    married,
    parent,
    ruled,
)
from toegang.mandates.legal.parental.flow import determine
from toegang.mandates.legal.parental.outcome import Gap, Kind
from toegang.registers.families import Award, Deed, End, Sex

NOBODY = parent(None, named=False)
STRANGER = parent(None)


ADOPTED_BY_NOBODY = UNMARRIED.about(MILA, deeds=frozenset({Deed.BIRTH, Deed.ADOPTION}))
BESIDE_A_SPOUSE = RECOGNISED.with_(grown(CARO)).wed(("2018-06-01", ""), to=CARO)
NEWBORN = UNMARRIED.about(
    MILA,
    born=day("2024-11-04"),
    first=parent(ANNA, Sex.FEMALE, since=day("2024-11-04")),
    second=parent(BRAM, Sex.MALE, since=day("2024-11-04")),
)
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
        FAMILY.adopted(by=(BRAM,), since=None).about(MILA, rulings=(ruled(Award.FIRST),)),
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
        "v3.1 a partnership that became a marriage",
        FAMILY.wed(("2018-01-01", "2023-01-01"), ("2023-01-01", "")).about(
            MILA, rulings=(ruled(Award.FIRST),)
        ),
        Gap.MARRIED_AFTER_RULING,
    ),
    (
        "v3.1 an adoption by nobody who is a parent",
        FAMILY.about(
            MILA, deeds=frozenset({Deed.BIRTH, Deed.ADOPTION}), rulings=(ruled(Award.FIRST, "2019-01-10"),)
        ),
        Gap.ADOPTION_UNCLEAR,
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
    (
        "v3.2 given to who came to be a parent later only",
        RECOGNISED_LATER.about(MILA, rulings=(ruled(Award.SECOND),)),
        Gap.RULING_CONTRADICTS_RECORD,
    ),
    (
        "v3.2 given to who may have come to be a parent later",
        RECOGNISED.about(MILA, rulings=(ruled(Award.BOTH),), second=parent(BRAM, since=None)),
        Gap.DATES_INCOMPLETE,
    ),
    (
        "v3.2 one person twice",
        FAMILY.about(MILA, second=parent(ANNA), rulings=(ruled(Award.FIRST),)),
        Gap.RECORDS_CONTRADICT,
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
        "v2a.1 ended by a death, and both live",
        FAMILY.about(ANNA, unions=(married(BRAM, ended="2019-03-02", end=End.DEATH),)).about(
            BRAM, unions=(married(ANNA, ended="2019-03-02", end=End.DEATH),)
        ),
        Gap.RECORDS_CONTRADICT,
    ),
    (
        "v2a.1 ended by a death on another day than anybody died",
        FAMILY.about(BRAM, unions=(married(ANNA, ended="2019-03-02", end=End.DEATH),)).about(
            ANNA, deceased=day("2024-03-02")
        ),
        Gap.RECORDS_CONTRADICT,
    ),
    (
        "v2a.1 married since to who recognised it, born in another marriage of its mother",
        RECOGNISED.with_(grown(CARO, unions=(married(ANNA, ended="2021-01-01"),)))
        .about(ANNA, unions=(married(CARO, ended="2021-01-01"), married(BRAM, "2022-02-02")))
        .about(BRAM, unions=(married(ANNA, "2022-02-02"),)),
        Gap.BORN_IN_OTHER_UNION,
    ),
    ("v2a.2 an adoption by nobody who is a parent", ADOPTED_BY_NOBODY, Gap.ADOPTION_UNCLEAR),
    (
        "v1.3b an adoption by nobody who is a parent",
        ADOPTED_BY_NOBODY.about(MILA, native=False),
        Gap.ADOPTION_UNCLEAR,
    ),
    (
        "v2a.2 adopted by one, recognised on an unknown day",
        RECOGNISED.adopted(by=(ANNA,)).about(
            MILA, second=parent(BRAM, deeds=frozenset({Deed.RECOGNITION}), since=None)
        ),
        Gap.DATES_INCOMPLETE,
    ),
    (
        "v2a.3 recognised when its mother had died",
        RECOGNISED_LATER.about(ANNA, deceased=day("2022-12-31")),
        Gap.RECOGNISED_WITHOUT_AUTHORITY,
    ),
    (
        "v2a.3 recognised on the day on which its mother died",
        RECOGNISED_LATER.about(ANNA, deceased=day("2023-01-01")),
        Gap.RECOGNISED_WITHOUT_AUTHORITY,
    ),
    (
        "v2a.3 recognised when its mother was a minor",
        RECOGNISED_LATER.about(ANNA, born=day("2005-01-02")),
        Gap.RECOGNISED_WITHOUT_AUTHORITY,
    ),
    (
        "v2a.3 recognised when its mother may have been a minor",
        RECOGNISED_LATER.about(ANNA, born=day("2005-00-00")),
        Gap.RECOGNISED_WITHOUT_AUTHORITY,
    ),
    (
        "v2a.3 recognised when its mother was under curatele",
        RECOGNISED_LATER.about(ANNA, curatele=day("2022-00-00")),
        Gap.RECOGNISED_WITHOUT_AUTHORITY,
    ),
    (
        "v2a.3 recognised before its birth, its mother a minor then",
        NEWBORN.about(ANNA, born=day("2008-01-01")),
        Gap.RECOGNISED_WITHOUT_AUTHORITY,
    ),
    (
        "v2a.3 recognised since by another than the spouse of its mother",
        BESIDE_A_SPOUSE.about(MILA, second=RECOGNISED_LATER.child.second),
        Gap.BORN_IN_OTHER_UNION,
    ),
    ("v2a.3 recognised before by another than the spouse", BESIDE_A_SPOUSE, Gap.BORN_IN_OTHER_UNION),
    (
        "v2a.3 recognised by one in time, and the other came late",
        RECOGNISED.about(MILA, first=parent(ANNA, since=day("2024-01-01"))),
        Gap.RECOGNITION_UNCLEAR,
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
    (
        "v2b.1 the spouse's record has another marriage",
        DUO.about(CARO, unions=(married(ANNA, ended="2019-01-01"),)),
        Gap.RECORDS_CONTRADICT,
    ),
    ("v2b.1 the spouse's record has none", DUO.about(CARO, unions=()), Gap.RECORDS_CONTRADICT),
    (
        "v2b.1 a parent since an unknown day",
        DUO.about(MILA, first=parent(ANNA, since=None)),
        Gap.DATES_INCOMPLETE,
    ),
    (
        "v2b.1 a parent since after the birth, by recognition",
        DUO.about(MILA, first=parent(ANNA, since=day("2021-01-01"), deeds=frozenset({Deed.RECOGNITION}))),
        Gap.DATES_INCOMPLETE,
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
