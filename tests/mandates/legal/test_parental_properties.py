"""Parental authority: what holds for every family, by all small worlds one by one, and by made-up ones."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mandates.legal.families import (
    ANNA,
    BORN,
    BRAM,
    CARO,
    DIRK,
    FAMILY,
    MILA,
    TODAY,
    Household,
    day,
    grown,
    married,
    parent,
    ruled,
)
from toegang.mandates.legal.authority import Basis, Certainty, Source
from toegang.mandates.legal.parental.flow import FLOW, determine
from toegang.mandates.legal.parental.granting import BASES, authorities, majority
from toegang.mandates.legal.parental.outcome import Gap, Kind, Outcome
from toegang.registers.families import Award, Deed, Part, PartialDate, Sex

if TYPE_CHECKING:
    from collections.abc import Iterator

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
SOURCE = Source(
    register="population-register", reference="", retrieved_at=datetime(2026, 11, 26, 12, tzinfo=UTC)
)

STANDINGS = {
    "able": {},
    "dead": {"deceased": day("2024-03-02")},
    "curatele": {"curatele": day("2024-03-02")},
    "minor": {"born": day("2010-01-01")},
}
RULINGS = (None, *Award)
UNIONS = ("never", "now", "ended", "before")
HOW = ("before", "after")
PLACES = {
    Award.FIRST: "A",
    Award.SECOND: "B",
    Award.BOTH: "AB",
    Award.FIRST_AND_THIRD: "A3",
    Award.SECOND_AND_THIRD: "B3",
    Award.THIRD: "3",
}


def worlds() -> Iterator[tuple[Household, tuple[str, str], Award | None, str, str, bool, str]]:
    """Make every family of two parents or one, whose facts are among these few."""
    for parents, one, other, award, union, how, adopted in itertools.product(
        ("AB", "A"), STANDINGS, STANDINGS, RULINGS, UNIONS, HOW, (False, True)
    ):
        yield (
            made(parents, (one, other), award, union, how, adopted=adopted),
            (one, other),
            award,
            union,
            how,
            adopted,
            parents,
        )


def made(
    parents: str, standing: tuple[str, str], award: Award | None, union: str, how: str, *, adopted: bool
) -> Household:
    """Make one family; with one parent the union is hers with Caro."""
    spans = {
        "never": (),
        "now": (("2018-06-01", ""),),
        "ended": (("2018-06-01", "2021-06-01"),),
        "before": (("2015-06-01", "2019-06-01"),),
    }[union]
    since = {"before": "2020-05-06", "after": "2023-05-06"}[how]
    family = FAMILY.about(
        MILA,
        deeds=frozenset({Deed.BIRTH, Deed.RECOGNITION}),
        rulings=() if award is None else (ruled(award, "2025-01-10"),),
        second=parent(BRAM, Sex.MALE, deeds=frozenset({Deed.RECOGNITION}), since=day(since)),
    ).with_(grown(CARO))
    if parents == "AB":
        family = family.wed(*spans)
    else:
        family = family.about(MILA, second=None).without(BRAM).wed(*spans, to=CARO)
    family = family.adopted() if adopted else family
    return family.about(ANNA, **STANDINGS[standing[0]]).about(BRAM, **STANDINGS[standing[1]])


def expected(
    parents: str, standing: tuple[str, str], award: Award | None, union: str, how: str, *, adopted: bool
) -> tuple[Kind, str]:
    """Say it again, without a flow: who could have it by law or ruling, and who of them is able."""
    able = {letter for letter, each in zip("AB", standing, strict=True) if each == "able"} | {"3", "C"}
    if award is Award.UNREADABLE or (
        award in PLACES and not set(PLACES[award]) <= set(parents) | {"3"} and award is not Award.BOTH
    ):
        return Kind.UNDETERMINED, ""
    if award is None or (award is Award.BOTH and parents == "A"):
        # Recognised when a minor mother had no authority to share (BW-1:251b).
        alone = parents == "AB" and union in {"never", "before"} and not adopted
        if alone and how == "after" and standing[0] == "minor":
            return Kind.UNDETERMINED, ""
        held = by_law(parents, union, how, adopted=adopted)
    else:
        held = PLACES[award]
    left = "".join(each for each in held if each in able)
    thirds = sum(each in "3C" for each in left)
    kind = {
        (0, 0): Kind.NONE_FOR_NOW,
        (1, 0): Kind.SOLE,
        (2, 0): Kind.JOINT,
        (1, 1): Kind.WITH_THIRD,
        (0, 1): Kind.GUARDIANSHIP,
    }[len(left) - thirds, thirds]
    return kind, left.replace("3", "")


def by_law(parents: str, union: str, how: str, *, adopted: bool) -> str:
    """Say who has it without a ruling."""
    lasted = union in {"now", "ended"}
    if parents == "A":
        return "AC" if lasted else "A"
    return "AB" if lasted or adopted or how == "after" else "A"


@pytest.mark.requires("GEZAG-v2.1", "GEZAG-v3.2", "GEZAG-v4a.2", "GEZAG-v4a.3", "GEZAG-v4b.1")
def test_all_small_worlds_agree_with_what_is_said_without_a_flow() -> None:
    letters = {"A": ANNA, "B": BRAM, "C": CARO}
    count = 0
    for family, standing, award, union, how, adopted, parents in worlds():
        found = determine(family.case())
        kind, held = expected(parents, standing, award, union, how, adopted=adopted)
        assert (found.kind, found.holders) == (kind, frozenset(letters[each] for each in held)), (
            standing,
            award,
            union,
            how,
            adopted,
            parents,
            found.reasons,
        )
        assert determine(family.swapped().case()).kind is kind
        count += 1
    assert count == 2 * 4 * 4 * 8 * 4 * 2 * 2


def test_the_small_worlds_and_what_ends_before_them_walk_every_line_of_the_flow() -> None:
    walked = {reason for family, *_ in worlds() for reason in determine(family.case()).reasons}
    others = [
        FAMILY.about(MILA, born=day("2000-01-01")),
        FAMILY.about(MILA, deceased=day("2022-01-01")),
        FAMILY.adopted().about(MILA, native=False),
        FAMILY.about(MILA, first=None, second=None),
        FAMILY.about(MILA, rulings=(ruled(Award.THIRD, "2022-01-10", CARO),)).with_(
            grown(CARO, deceased=day("2023-01-01"))
        ),
        FAMILY.about(MILA, rulings=(ruled(Award.FIRST_AND_THIRD, "2022-01-10", CARO),)).with_(
            grown(CARO, deceased=day("2023-01-01"))
        ),
        FAMILY.about(MILA, rulings=(ruled(Award.FIRST_AND_THIRD, "2022-01-10", CARO),))
        .with_(grown(CARO, deceased=day("2023-01-01")))
        .about(ANNA, deceased=day("2023-01-01")),
    ]
    walked |= {reason for family in others for reason in determine(family.case()).reasons}
    assert {f"{question} {answer}" for question, answer in FLOW} <= walked


DAYS = (
    "1990-01-01",
    "2000-02-29",
    "2008-11-26",
    "2018-06-01",
    "2020-05-04",
    "2022-12-31",
    "2023-01-01",
    "2025-05-05",
)
UNSURE = ("2008-00-00", "2008-11-00", "2020-05-00", "2023-00-00", "0000-00-00")
PARTIALS = [day(text) for text in DAYS * 2 + UNSURE]
partials = st.sampled_from(PARTIALS)
maybe = st.sampled_from([None, *PARTIALS])
rarely = st.sampled_from([None] * 40 + PARTIALS)
days = st.sampled_from([date(2008, 11, 26), date(2020, 5, 4), date(2026, 2, 28), date(2026, 11, 25), TODAY])
PARTIES = (ANNA, BRAM, CARO, DIRK)
deeds = st.frozensets(st.sampled_from([*Deed]), max_size=2)
somebody = st.builds(
    parent,
    st.sampled_from([*PARTIES, ANNA, BRAM, None]),
    st.sampled_from([*Sex]),
    named=st.sampled_from([True] * 9 + [False]),
    since=maybe,
    deeds=deeds,
)
pairs = st.sampled_from([(ANNA, BRAM), (ANNA, CARO), (BRAM, CARO)])
spans = st.lists(st.tuples(pairs, partials, maybe), max_size=2)
rulings = st.lists(
    st.builds(
        lambda award, since, thirds: ruled(award, "" if since is None else str(since), *thirds),
        st.sampled_from([*Award]),
        maybe,
        st.sampled_from([(), (), (CARO,), (DIRK,), (CARO, DIRK)]),
    ),
    max_size=2,
)
children = st.builds(
    FAMILY.about,
    st.just(MILA),
    born=partials,
    native=st.sampled_from([True, True, True, False, None]),
    resident=st.sampled_from([True] * 9 + [False]),
    deceased=rarely,
    declared_adult=rarely,
    settled=rarely,
    deeds=deeds,
    first=st.none() | somebody,
    second=st.none() | somebody,
    rulings=rulings.map(tuple),
)


@st.composite
def households(draw: st.DrawFn) -> Household:
    """Draw a family with any facts, likely and not."""
    found = draw(spans)
    others = tuple(
        grown(
            bsn,
            born=draw(partials),
            resident=draw(st.sampled_from([True] * 9 + [False])),
            deceased=draw(rarely),
            curatele=draw(rarely),
            declared_adult=draw(rarely),
            unions=tuple(
                married(pair[1 - pair.index(bsn)], str(began), "" if ended is None else str(ended))
                for pair, began, ended in found
                if bsn in pair
            ),
            investigated=draw(st.sampled_from([frozenset(), frozenset(), frozenset({Part.UNIONS})])),
        )
        for bsn in PARTIES
    )
    return Household(child=draw(children).child, others=others)


def told(outcome: Outcome) -> tuple[object, ...]:
    """Return all that an outcome says."""
    return outcome.kind, outcome.holders, outcome.unnamed, outcome.since, outcome.investigated, outcome.gap


@pytest.mark.requires("MANDATES-P24")
@given(households(), days)
def test_neither_the_places_of_parents_nor_the_order_of_facts_makes_a_difference(
    family: Household, on: date
) -> None:
    found, swapped = determine(family.case(on)), determine(family.swapped().case(on))
    assert (found.kind, found.holders, found.investigated) == (
        swapped.kind,
        swapped.holders,
        swapped.investigated,
    )
    turned = family.about(MILA, rulings=family.child.rulings[::-1])
    for record in family.others:
        turned = turned.about(record.bsn, unions=record.unions[::-1])
    turned = Household(child=turned.child, others=turned.others[::-1])
    assert told(determine(turned.case(on))) == told(found)


@given(households(), days)
def test_who_holds_it_surely_is_an_able_adult_and_the_child_surely_a_minor_alive(
    family: Household, on: date
) -> None:
    found = determine(family.case(on))
    child = family.child
    if child.born.may_be(18, on) or has_begun(child.deceased, on) or has_begun(child.declared_adult, on):
        assert found.kind in {Kind.NOT_APPLICABLE, Kind.UNDETERMINED}
    people = {record.bsn: record for record in family.others}
    for record in (people[holder] for holder in found.holders):
        assert not has_begun(record.deceased, on)
        assert not has_begun(record.curatele, on)
        declared = record.declared_adult is not None and record.declared_adult.latest() <= on
        assert declared or record.born.is_at_least(18, on)
        # A death that becomes known later counts from its own day.
        late = family.about(record.bsn, deceased=day(str(on)))
        assert record.bsn not in determine(late.case(on)).holders
    for held in authorities(found, child.born, SOURCE):
        assert held.holds(datetime.combine(on, time(12), AMSTERDAM).astimezone(UTC))
        assert held.represented == MILA
        assert held.holder in found.holders
        assert held.certain is not found.investigated


def has_begun(since: PartialDate | None, on: date) -> bool:
    """Tell whether something can have begun."""
    return since is not None and since.earliest() <= on


@pytest.mark.requires("BW-1:233")
@pytest.mark.parametrize(
    ("born", "ends"),
    [
        ("2008-11-26", "2026-11-26T00:00+01:00"),
        ("2008-07-01", "2026-07-01T00:00+02:00"),
        ("2008-02-29", "2026-03-01T00:00+01:00"),
        ("2008-03-00", "2026-03-01T00:00+01:00"),
        ("2008-00-00", "2026-01-01T00:00+01:00"),
    ],
    ids=["today", "in summer", "29 February", "day unknown", "month unknown"],
)
def test_majority_begins_at_midnight_in_amsterdam(born: str, ends: str) -> None:
    end = datetime.fromisoformat(ends)
    assert majority(day(born)) == end
    last = (end - timedelta(microseconds=1)).astimezone(AMSTERDAM).date()
    family = FAMILY.about(MILA, born=day(born)).wed(("2000-01-01", ""))
    assert determine(family.case(last)).kind is Kind.JOINT
    assert determine(family.case(end.astimezone(AMSTERDAM).date())).kind is not Kind.JOINT


def test_each_holder_may_act_alone_and_is_told_with_the_others() -> None:
    held = authorities(determine(FAMILY.case()), BORN, SOURCE)
    assert {each.holder for each in held} == {ANNA, BRAM}
    assert all(each.together.alone for each in held)
    assert {each.together.others for each in held} == {frozenset({ANNA}), frozenset({BRAM})}
    assert {each.basis for each in held} == {Basis.PARENTAL_JOINT}
    assert {each.certainty for each in held} == {Certainty.CERTAIN}


def test_a_ruling_counts_from_its_day() -> None:
    family = FAMILY.wed(("2018-06-01", "2021-06-01")).about(MILA, rulings=(ruled(Award.FIRST, "2022-01-10"),))
    (held,) = authorities(determine(family.case()), BORN, SOURCE)
    assert held.valid_from == datetime(2022, 1, 9, 23, tzinfo=UTC)
    assert held.basis is Basis.PARENTAL_SOLE


def test_what_is_no_authority_gives_nobody_anything() -> None:
    none = [kind for kind in Kind if kind not in BASES]
    assert set(none) == {Kind.NONE_FOR_NOW, Kind.UNDETERMINED, Kind.NOT_APPLICABLE}
    for kind in none:
        gap = Gap.NOT_FOUND if kind is Kind.UNDETERMINED else None
        assert authorities(Outcome(child=MILA, kind=kind, gap=gap), BORN, SOURCE) == ()


@pytest.mark.parametrize(
    "impossible",
    [
        {"kind": Kind.JOINT, "holders": frozenset({ANNA})},
        {"kind": Kind.SOLE, "holders": frozenset({ANNA, BRAM})},
        {"kind": Kind.SOLE, "holders": frozenset({MILA})},
        {"kind": Kind.NONE_FOR_NOW, "holders": frozenset({ANNA})},
        {"kind": Kind.UNDETERMINED, "holders": frozenset({ANNA}), "gap": Gap.NOT_FOUND},
        {"kind": Kind.UNDETERMINED},
        {"kind": Kind.SOLE, "holders": frozenset({ANNA}), "gap": Gap.NOT_FOUND},
    ],
)
def test_an_outcome_has_as_many_holders_as_its_kind(impossible: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"holders|gap"):
        Outcome(child=MILA, **impossible)  # type: ignore[arg-type]


def test_it_is_about_today_unless_asked() -> None:
    assert FAMILY.case().on == TODAY
