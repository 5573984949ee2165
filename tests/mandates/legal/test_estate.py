"""Who acts for what somebody left: by court, by will, by certificate, or by the order of kin."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.mandates.legal.facts import (
    ANN,
    AT,
    BEFORE,
    BEN,
    CAS,
    DEE,
    EVE,
    FIRM,
    LATER,
    OTHER_FIRM,
    PERSON,
    TOMORROW,
    certificate,
    estate,
    executor,
    kin,
)
from toegang.mandates.legal.authority import Basis
from toegang.mandates.legal.derived import begins, today
from toegang.mandates.legal.estate import by_estate, for_service
from toegang.mandates.legal.rules import Rule
from toegang.registers.estates import Authorised, Choice, Estate, Kinship, Will

if TYPE_CHECKING:
    from toegang.mandates.legal.authority import Party
    from toegang.registers.spoken import Holder

REJECTED: dict[str, Any] = {"choice": Choice.REJECTED}
DIED_FIRST: dict[str, Any] = {"deceased_on": date(2019, 1, 1)}
TWO = (kin(ANN), kin(BEN))


def authorised(party: Holder, *services: str, **changes: object) -> Authorised:
    found = Authorised(
        party=party, services=frozenset(services or {"tax"}), since=LATER, until=None, number=f"A-{party!r}"
    )
    return replace(found, number=f"A-{party.digits}", **changes)  # type: ignore[arg-type]


def acting(found: Estate, at: datetime = AT) -> list[Party]:
    return [each.holder for each in by_estate(found, at).authorities]


REFUSED: list[tuple[str, Estate, Rule]] = [
    ("a will, and no notary", estate(*TWO, will=Will.MADE), Rule.ESTATE_WILL_WITHOUT_CERTIFICATE),
    ("perhaps a will", estate(*TWO, will=Will.UNKNOWN), Rule.ESTATE_WILL_UNKNOWN),
    (
        "a certificate that was withdrawn",
        estate(*TWO, will=Will.MADE, certificate=certificate(ANN, withdrawn=True)),
        Rule.ESTATE_WILL_WITHOUT_CERTIFICATE,
    ),
    (
        "a certificate of tomorrow",
        estate(*TWO, will=Will.MADE, certificate=certificate(ANN, issued=TOMORROW)),
        Rule.ESTATE_WILL_WITHOUT_CERTIFICATE,
    ),
    (
        "a certificate that says only who is executor",
        estate(*TWO, will=Will.MADE, certificate=certificate()),
        Rule.ESTATE_WILL_WITHOUT_CERTIFICATE,
    ),
    (
        "a certificate with an heir whom the register does not know",
        estate(*TWO, certificate=certificate(ANN, CAS)),
        Rule.ESTATE_HEIR_UNKNOWN,
    ),
    (
        "an heir of the certificate rejected",
        estate(kin(ANN), kin(BEN, **REJECTED), certificate=certificate(ANN, BEN)),
        Rule.ESTATE_HEIR_GONE,
    ),
    (
        "an heir of the certificate died",
        estate(kin(ANN), kin(BEN, deceased_on=LATER), certificate=certificate(ANN, BEN)),
        Rule.ESTATE_HEIR_GONE,
    ),
    ("an heir died after them", estate(kin(ANN), kin(BEN, deceased_on=LATER)), Rule.ESTATE_HEIR_GONE),
    ("nobody", estate(), Rule.ESTATE_NO_KIN),
    ("everybody rejected", estate(kin(ANN, **REJECTED)), Rule.ESTATE_NO_KIN),
    ("they died on one day", estate(kin(ANN, deceased_on=BEFORE)), Rule.ESTATE_NO_KIN),
    ("a friend", estate(kin(ANN, Kinship.OTHER)), Rule.ESTATE_NO_KIN),
    ("a grandchild of nobody", estate(kin(ANN, Kinship.DESCENDANT)), Rule.ESTATE_PLACE_UNCLEAR),
    (
        "a grandchild of who is not there",
        estate(kin(ANN, Kinship.DESCENDANT, in_place_of=CAS)),
        Rule.ESTATE_PLACE_UNCLEAR,
    ),
    (
        "a grandchild in the place of a spouse",
        estate(kin(CAS, Kinship.SPOUSE, **REJECTED), kin(ANN, Kinship.DESCENDANT, in_place_of=CAS)),
        Rule.ESTATE_PLACE_UNCLEAR,
    ),
    (
        "an executor without a will",
        estate(*TWO, executors=(executor(FIRM),), certificate=certificate(ANN)),
        Rule.ESTATE_EXECUTOR_WITHOUT_WILL,
    ),
    (
        "an executor without a certificate",
        estate(*TWO, executors=(executor(FIRM),), will=Will.MADE),
        Rule.ESTATE_EXECUTOR_UNPROVEN,
    ),
    (
        "one of two executors who act together has died",
        estate(
            *TWO,
            will=Will.MADE,
            certificate=certificate(ANN, BEN),
            executors=(executor(CAS), executor(DEE, deceased_on=LATER)),
            executors_needed=2,
        ),
        Rule.ESTATE_EXECUTORS_GONE,
    ),
    (
        "both executors who act together are gone",
        estate(
            *TWO,
            will=Will.MADE,
            certificate=certificate(ANN, BEN),
            executors=(executor(CAS, until=AT.date()), executor(DEE, until=AT.date())),
            executors_needed=2,
        ),
        Rule.ESTATE_EXECUTORS_GONE,
    ),
]


@pytest.mark.parametrize(("found", "why"), [each[1:] for each in REFUSED], ids=[each[0] for each in REFUSED])
@pytest.mark.requires("BW-4:10", "BW-4:12", "BW-4:142", "BW-4:188")
def test_who_acts_cannot_be_said(found: Estate, why: Rule) -> None:
    told = by_estate(found, AT)
    assert (told.authorities, told.undetermined) == ((), (why,))


def test_before_the_death_and_after_the_end_there_is_no_estate() -> None:
    tomorrow = by_estate(estate(*TWO, died_on=TOMORROW), AT)
    assert (tomorrow.authorities, tomorrow.nothing) == ((), (Rule.ESTATE_NOT_OPEN,))
    settled = by_estate(estate(*TWO, settled_on=today(AT)), AT)
    assert (settled.authorities, settled.nothing) == ((), (Rule.ESTATE_SETTLED,))
    midnight = begins(date(2026, 7, 1))
    assert midnight == datetime(2026, 6, 30, 22, tzinfo=UTC)
    died = estate(kin(ANN), died_on=date(2026, 7, 1), settled_on=date(2026, 7, 2))
    second = timedelta(seconds=1)
    assert [acting(died, midnight - second), acting(died, midnight)] == [[], [ANN]]
    assert [
        acting(died, midnight + timedelta(days=1) - second),
        acting(died, midnight + timedelta(days=1)),
    ] == [
        [ANN],
        [],
    ]


KIN: list[tuple[str, Estate, list[Holder]]] = [
    ("an only child", estate(kin(ANN)), [ANN]),
    ("children together", estate(*TWO), [ANN, BEN]),
    ("a spouse next to children", estate(kin(CAS, Kinship.SPOUSE), *TWO), [CAS]),
    (
        "a spouse who undid the division",
        estate(kin(CAS, Kinship.SPOUSE), *TWO, division_undone=True),
        [ANN, BEN, CAS],
    ),
    ("a spouse who rejected", estate(kin(CAS, Kinship.SPOUSE, **REJECTED), *TWO), [ANN, BEN]),
    ("a spouse alone, before parents", estate(kin(CAS, Kinship.SPOUSE), kin(ANN, Kinship.PARENT)), [CAS]),
    (
        "a grandchild in the place of a child who died first",
        estate(kin(ANN), kin(BEN, **DIED_FIRST), kin(CAS, Kinship.DESCENDANT, in_place_of=BEN)),
        [ANN, CAS],
    ),
    (
        "a grandchild in the place of a child who rejected",
        estate(kin(ANN, **REJECTED), kin(CAS, Kinship.DESCENDANT, in_place_of=ANN)),
        [CAS],
    ),
    (
        "a grandchild of a child who inherits",
        estate(kin(ANN), kin(CAS, Kinship.DESCENDANT, in_place_of=ANN)),
        [ANN],
    ),
    (
        "a great-grandchild",
        estate(
            kin(ANN, **DIED_FIRST),
            kin(BEN, Kinship.DESCENDANT, in_place_of=ANN, **DIED_FIRST),
            kin(CAS, Kinship.DESCENDANT, in_place_of=BEN),
        ),
        [CAS],
    ),
    (
        "parents and siblings, when there are no children",
        estate(kin(ANN, Kinship.PARENT), kin(BEN, Kinship.SIBLING), kin(CAS, Kinship.GRANDPARENT)),
        [ANN, BEN],
    ),
    (
        "a nephew in the place of a brother",
        estate(
            kin(BEN, Kinship.SIBLING, **DIED_FIRST),
            kin(CAS, Kinship.SIBLING_DESCENDANT, in_place_of=BEN),
        ),
        [CAS],
    ),
    (
        "grandparents after siblings who rejected",
        estate(kin(BEN, Kinship.SIBLING, **REJECTED), kin(CAS, Kinship.GRANDPARENT)),
        [CAS],
    ),
    ("great-grandparents last", estate(kin(CAS, Kinship.GREAT_GRANDPARENT)), [CAS]),
]


@pytest.mark.parametrize(("found", "who"), [each[1:] for each in KIN], ids=[each[0] for each in KIN])
@pytest.mark.requires("BW-4:10", "BW-4:12", "BW-4:13", "BW-3:170")
def test_without_a_will_kin_act_in_their_order_and_those_of_one_rank_together(
    found: Estate, who: list[Holder]
) -> None:
    told = by_estate(found, AT)
    assert [each.holder for each in told.authorities] == who
    assert {each.together.needed for each in told.authorities} == {len(who)}
    assert {each.basis for each in told.authorities} == {Basis.HEIR}
    assert all(each.together.others == set(who) - {each.holder} for each in told.authorities)
    assert all(each.represented == PERSON for each in told.authorities)
    assert told.undetermined == ()


@pytest.mark.requires("BW-4:188")
def test_a_certificate_says_who_the_heirs_are() -> None:
    found = estate(
        kin(ANN), kin(BEN), kin(EVE, Kinship.OTHER), will=Will.MADE, certificate=certificate(BEN, EVE)
    )
    told = by_estate(found, AT)
    assert [(each.holder, each.together.needed) for each in told.authorities] == [(BEN, 2), (EVE, 2)]
    assert told.authorities[0].source.reference == "N-1"
    assert told.authorities[0].reasons == (Rule.ESTATE_CERTIFICATE, Rule.ESTATE_HEIRS_TOGETHER)


@pytest.mark.requires("BW-4:142", "BW-4:145", "BW-4:211")
def test_executors_and_a_liquidator_act_instead_of_the_heirs() -> None:
    will = estate(*TWO, will=Will.MADE, certificate=certificate(ANN, BEN), executors=(executor(FIRM),))
    assert [(each.holder, each.basis) for each in by_estate(will, AT).authorities] == [(FIRM, Basis.EXECUTOR)]
    each = replace(will, executors=(executor(CAS), executor(DEE)))
    assert [(one.holder, one.together.needed) for one in by_estate(each, AT).authorities] == [
        (CAS, 1),
        (DEE, 1),
    ]
    survivor = replace(will, executors=(executor(CAS), executor(DEE, deceased_on=LATER)))
    assert acting(survivor) == [CAS]
    both = replace(each, executors_needed=2)
    assert [one.together.needed for one in by_estate(both, AT).authorities] == [2, 2]
    gone = replace(will, executors=(executor(FIRM, until=AT.date()),))
    assert acting(gone) == [ANN, BEN]
    court = replace(will, executors=(executor(FIRM), executor(EVE, court=True)))
    assert acting(court) == [EVE]
    assert acting(estate(executors=(executor(EVE, court=True),))) == [EVE]


@pytest.mark.requires("BW-3:60", "BW-4:145")
def test_whom_the_heirs_authorised_acts_alone_for_those_services_and_no_others() -> None:
    found = by_estate(estate(*TWO, authorised=(authorised(ANN, "tax", "benefits"),)), AT)
    tax = for_service(found, "tax", exclusive=True)
    assert [(each.holder, each.basis) for each in tax.authorities] == [(ANN, Basis.AUTHORISED_HEIR)]
    other = for_service(found, "care", exclusive=True)
    assert (other.authorities, other.undetermined) == ((), (Rule.ESTATE_ONE_PARTY,))
    shared = for_service(found, "tax", exclusive=False)
    assert {(each.holder, each.together.needed) for each in shared.authorities} == {
        (ANN, 1),
        (ANN, 2),
        (BEN, 2),
    }
    notary = by_estate(estate(*TWO, authorised=(authorised(FIRM),)), AT)
    assert [each.holder for each in for_service(notary, "tax", exclusive=True).authorities] == [FIRM]


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (estate(*TWO, authorised=(authorised(EVE),)), Rule.ESTATE_AUTHORISED_STRANGER),
        (
            estate(kin(ANN), kin(BEN, deceased_on=LATER), authorised=(authorised(BEN),)),
            Rule.ESTATE_AUTHORISED_STRANGER,
        ),
        (
            estate(kin(ANN), kin(BEN, **REJECTED), authorised=(authorised(BEN),)),
            Rule.ESTATE_AUTHORISED_STRANGER,
        ),
        (
            estate(*TWO, executors=(executor(FIRM, court=True),), authorised=(authorised(ANN),)),
            Rule.ESTATE_AUTHORISED_EXCLUDED,
        ),
        (  # an executor without a certificate
            estate(*TWO, will=Will.MADE, executors=(executor(FIRM),), authorised=(authorised(ANN),)),
            Rule.ESTATE_AUTHORISED_EXCLUDED,
        ),
    ],
)
def test_not_everybody_can_be_authorised(found: Estate, why: Rule) -> None:
    told = by_estate(found, AT)
    assert told.nothing == (why,)
    assert all(each.basis is not Basis.AUTHORISED_HEIR for each in told.authorities)


def test_of_two_who_were_authorised_for_one_exclusive_service_neither_acts() -> None:
    both = by_estate(estate(*TWO, authorised=(authorised(ANN), authorised(FIRM))), AT)
    assert for_service(both, "tax", exclusive=True).authorities == ()
    executors = estate(
        will=Will.MADE, certificate=certificate(), executors=(executor(FIRM), executor(OTHER_FIRM))
    )
    assert for_service(by_estate(executors, AT), "tax", exclusive=True).undetermined == (
        Rule.ESTATE_ONE_PARTY,
    )
    one = for_service(by_estate(estate(kin(ANN)), AT), "tax", exclusive=True)
    assert [each.holder for each in one.authorities] == [ANN]


def test_p8_who_is_dead_by_one_record_acts_by_none() -> None:
    found = estate(kin(ANN), kin(BEN), executors=(executor(BEN, deceased_on=LATER, until=TOMORROW),))
    assert by_estate(found, AT).undetermined == (Rule.ESTATE_HEIR_GONE,)
    named = replace(found, kin=(kin(ANN),), authorised=(authorised(BEN),))
    assert acting(named) == [ANN]


def test_what_the_register_looks_into_is_told_and_nothing_rests_on_it() -> None:
    told = by_estate(estate(kin(ANN), disputed=True), AT)
    assert (told.of(ANN), told.undetermined) == ((), (Rule.SOURCE_DISPUTES,))
