"""Who acts for an organisation: one by one, and people together through all holdings."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.mandates.legal.facts import (
    ANN,
    AT,
    BEFORE,
    BEN,
    CAS,
    DEE,
    EVE,
    FIRM,
    HOLDING,
    LATER,
    OTHER_FIRM,
    PEOPLE,
    TOMORROW,
    TOP,
    alone,
    by_number,
    joint,
    organisation,
)
from toegang.identity.numbers import Bsn
from toegang.mandates.legal.authority import Basis
from toegang.mandates.legal.board import by_registration
from toegang.mandates.legal.derived import begins, today
from toegang.mandates.legal.rules import Rule
from toegang.mandates.legal.signing import MOST_PEOPLE, binds
from toegang.registers.organisations import (
    LegalForm,
    Official,
    Proxy,
    RegisteredOrganisation,
    Representing,
    Role,
    Standing,
)

if TYPE_CHECKING:
    from toegang.registers.spoken import Holder

STOPPED = {
    Standing.DISSOLVED: Rule.ORGANISATION_DISSOLVED,
    Standing.STRUCK_OFF: Rule.ORGANISATION_DISSOLVED,
    Standing.INSOLVENT: Rule.ORGANISATION_INSOLVENT,
    Standing.MERGED: Rule.ORGANISATION_MERGED,
    Standing.MORATORIUM: Rule.ORGANISATION_MORATORIUM,
}


def proxy(party: Holder, **changes: Any) -> Proxy:  # noqa: ANN401 any field
    usual: dict[str, Any] = {"party": party, "full": True, "since": BEFORE, "until": None}
    return Proxy(**usual | changes)


@pytest.mark.parametrize(("standing", "why"), STOPPED.items())
@pytest.mark.requires("BW-2:19", "BW-2:311", "Fw-23", "Fw-228")
def test_an_organisation_that_has_stopped_gives_nobody_anything_from_that_day(
    standing: Standing, why: Rule
) -> None:
    found = organisation(FIRM, alone(ANN), standing=standing, standing_since=today(AT), proxies=(proxy(BEN),))
    told = by_registration(found, AT)
    assert told.authorities == ()
    assert (*told.nothing, *told.undetermined) == (why,)
    assert not binds(FIRM, frozenset({ANN}), {FIRM: found}, AT)
    before = by_registration(found, begins(today(AT)) - timedelta(seconds=1))
    assert [(each.holder, each.valid_until) for each in before.authorities] == [
        (ANN, begins(today(AT))),
        (BEN, begins(today(AT))),
    ]


UNDETERMINED: list[tuple[str, RegisteredOrganisation, Rule]] = [
    *(
        (form.value, organisation(FIRM, alone(ANN), form=form), Rule.ORGANISATION_OWN_STATUTE)
        for form in (LegalForm.CHURCH, LegalForm.PUBLIC_BODY, LegalForm.FOREIGN)
    ),
    (
        "an owner of a company",
        organisation(FIRM, alone(ANN, role=Role.OWNER)),
        Rule.ORGANISATION_ROLE_UNFIT,
    ),
    (
        "two owners of one business",
        organisation(
            FIRM,
            alone(ANN, role=Role.OWNER),
            alone(BEN, role=Role.OWNER),
            form=LegalForm.SOLE_TRADER,
        ),
        Rule.ORGANISATION_ROLE_UNFIT,
    ),
    (
        "a firm that owns a sole trader's business",
        organisation(FIRM, alone(HOLDING, role=Role.OWNER), form=LegalForm.SOLE_TRADER),
        Rule.ORGANISATION_ROLE_UNFIT,
    ),
    ("the last of those who act together", organisation(FIRM, joint(ANN)), Rule.ORGANISATION_QUORUM_GONE),
    (
        "two of three are left, and three are needed",
        organisation(FIRM, joint(ANN, 3), joint(BEN, 3), joint(CAS, 3, until=LATER)),
        Rule.ORGANISATION_QUORUM_GONE,
    ),
    (
        "with who does not represent",
        organisation(FIRM, joint(ANN, 2), alone(BEN, representing=Representing.NOT)),
        Rule.ORGANISATION_QUORUM_GONE,
    ),
    (
        "one who is registered twice, in two ways",
        organisation(FIRM, alone(ANN), alone(ANN, most=5)),
        Rule.ORGANISATION_LISTED_TWICE,
    ),
    (
        "a proxy for a described part",
        organisation(FIRM, proxies=(proxy(ANN, full=False),)),
        Rule.ORGANISATION_PROXY_DESCRIBED,
    ),
]


@pytest.mark.parametrize(
    ("found", "why"), [each[1:] for each in UNDETERMINED], ids=[each[0] for each in UNDETERMINED]
)
@pytest.mark.requires("BW-2:240")
def test_who_acts_cannot_be_said(found: RegisteredOrganisation, why: Rule) -> None:
    told = by_registration(found, AT)
    assert (told.authorities, told.undetermined) == ((), (why,))
    assert not binds(FIRM, frozenset({ANN, BEN, CAS}), {FIRM: found}, AT)


def test_who_is_not_registered_does_not_act() -> None:
    for official in (alone(ANN, since=TOMORROW), alone(ANN, until=today(AT))):
        assert by_registration(organisation(FIRM, official), AT).authorities == ()
    young = by_registration(organisation(FIRM, alone(ANN), registered_on=TOMORROW), AT)
    assert (young.authorities, young.nothing) == ((), (Rule.ORGANISATION_UNREGISTERED,))
    quiet = by_registration(organisation(FIRM, alone(ANN, representing=Representing.NOT)), AT)
    assert (quiet.authorities, quiet.nothing) == ((), (Rule.ORGANISATION_NOT_REPRESENTING,))


@pytest.mark.parametrize(
    ("form", "role"),
    [
        (LegalForm.SOLE_TRADER, Role.OWNER),
        (LegalForm.PARTNERSHIP, Role.PARTNER),
        (LegalForm.LIMITED_PARTNERSHIP, Role.PARTNER),
        (LegalForm.PRIVATE_COMPANY, Role.DIRECTOR),
        (LegalForm.PUBLIC_COMPANY, Role.DIRECTOR),
        (LegalForm.FOUNDATION, Role.DIRECTOR),
        (LegalForm.ASSOCIATION, Role.DIRECTOR),
        (LegalForm.COOPERATIVE, Role.DIRECTOR),
        (LegalForm.MUTUAL, Role.DIRECTOR),
    ],
)
@pytest.mark.requires("BW-2:45", "BW-2:130", "BW-2:240", "BW-2:292")
def test_one_who_acts_alone(form: LegalForm, role: Role) -> None:
    (authority,) = by_registration(organisation(FIRM, alone(ANN, role=role), form=form), AT).authorities
    assert (authority.basis, authority.represented, authority.holder) == (Basis.DIRECTOR_SOLE, FIRM, ANN)
    assert authority.together.alone
    assert authority.reasons == (Rule.ORGANISATION_ALONE,)
    assert authority.source.reference == FIRM.digits


@pytest.mark.requires("HRW-25")
def test_limits_go_with_the_authority() -> None:
    found = organisation(
        FIRM,
        alone(ANN, most=10_000_00),
        proxies=(proxy(BEN, most=500_00, branch="000000000001"), proxy(CAS)),
    )
    limited, part, full = by_registration(found, AT).authorities
    assert (limited.basis, limited.powers.most) == (Basis.DIRECTOR_LIMITED, 10_000_00)
    assert limited.reasons == (Rule.ORGANISATION_ALONE, Rule.ORGANISATION_LIMITED)
    assert (part.basis, part.powers.most, part.powers.branch) == (Basis.PROXY, 500_00, "000000000001")
    assert (full.holder, full.powers.most, full.powers.branch) == (CAS, None, None)
    world, one = {FIRM: found}, frozenset({ANN})
    assert binds(FIRM, one, world, AT, 10_000_00)
    assert not binds(FIRM, one, world, AT, 10_000_01)
    assert not binds(FIRM, one, world, AT)
    assert not binds(FIRM, frozenset({CAS}), world, AT), "a proxy is no director"


@pytest.mark.requires("BW-2:240")
def test_who_acts_together_needs_the_others_who_are_there_now() -> None:
    found = organisation(FIRM, joint(ANN, 2), joint(BEN, 2), joint(CAS, 2), alone(DEE, until=LATER))
    told = by_registration(found, AT).authorities
    assert [(each.holder, each.basis, each.together.needed) for each in told] == [
        (party, Basis.DIRECTOR_JOINT, 2) for party in (ANN, BEN, CAS)
    ]
    assert told[0].together.others == {BEN, CAS}
    world = {FIRM: found}
    assert not binds(FIRM, frozenset({ANN}), world, AT)
    assert not binds(FIRM, frozenset({ANN, DEE}), world, AT)
    assert binds(FIRM, frozenset({ANN, CAS}), world, AT)
    left = organisation(FIRM, *found.officials[:2], joint(CAS, 2, until=today(AT)))
    assert not binds(FIRM, frozenset({ANN, CAS}), {FIRM: left}, AT)
    everybody = {FIRM: organisation(FIRM, joint(ANN), joint(BEN), alone(CAS))}
    assert not binds(FIRM, frozenset({ANN, BEN}), everybody, AT)
    assert binds(FIRM, frozenset({CAS}), everybody, AT)


def test_an_organisation_acts_through_its_own_directors() -> None:
    world = by_number(
        [
            organisation(FIRM, alone(HOLDING)),
            organisation(HOLDING, alone(TOP)),
            organisation(TOP, joint(ANN, 2), joint(BEN, 2)),
        ]
    )
    (edge,) = by_registration(world[FIRM], AT).authorities
    assert (edge.holder, edge.basis) == (HOLDING, Basis.DIRECTOR_SOLE)
    assert binds(FIRM, frozenset({ANN, BEN}), world, AT)
    assert not binds(FIRM, frozenset({ANN}), world, AT)
    dissolved = replace(world[HOLDING], standing=Standing.DISSOLVED, standing_since=LATER)
    assert not binds(FIRM, frozenset({ANN, BEN}), world | {HOLDING: dissolved}, AT)
    disputed = replace(world[TOP], disputed=True)
    assert not binds(FIRM, frozenset({ANN, BEN}), world | {TOP: disputed}, AT)
    unknown = {kvk: one for kvk, one in world.items() if kvk != HOLDING}
    assert not binds(FIRM, frozenset({ANN, BEN}), unknown, AT)
    assert not binds(OTHER_FIRM, frozenset({ANN, BEN}), world, AT)


def test_one_person_in_two_roles_counts_once() -> None:
    world = by_number(
        [organisation(FIRM, joint(ANN, 2), joint(HOLDING, 2)), organisation(HOLDING, alone(ANN))]
    )
    assert not binds(FIRM, frozenset({ANN}), world, AT)
    two = world | {HOLDING: organisation(HOLDING, alone(ANN), alone(BEN))}
    assert binds(FIRM, frozenset({ANN, BEN}), two, AT)


def test_a_loop_of_holdings_gives_nobody_anything_and_ends() -> None:
    loop = by_number(
        [
            organisation(FIRM, alone(HOLDING)),
            organisation(HOLDING, alone(TOP), joint(FIRM, 2), joint(ANN, 2)),
            organisation(TOP, alone(FIRM)),
        ]
    )
    assert not binds(FIRM, frozenset({ANN}), loop, AT)
    entered = loop | {TOP: organisation(TOP, alone(FIRM), alone(BEN))}
    assert binds(FIRM, frozenset({BEN}), entered, AT)
    assert not binds(FIRM, frozenset({ANN}), entered, AT)


def test_more_people_than_can_be_counted_are_refused() -> None:
    everybody = frozenset(PEOPLE[: MOST_PEOPLE + 1])
    world = {FIRM: organisation(FIRM, *(joint(each) for each in everybody))}
    assert not binds(FIRM, everybody, world, AT)
    assert binds(
        FIRM,
        everybody - {PEOPLE[0]},
        {FIRM: organisation(FIRM, *map(joint, PEOPLE[1 : MOST_PEOPLE + 1]))},
        AT,
    )


SOME: list[Holder] = [ANN, BEN, CAS, FIRM, HOLDING, TOP]


@st.composite
def a_world(draw: st.DrawFn) -> dict[Any, RegisteredOrganisation]:
    found = []
    for kvk in (FIRM, HOLDING, TOP):
        parties = st.sampled_from([each for each in SOME if each != kvk])
        officials = []
        for party in draw(st.lists(parties, unique=True, max_size=4)):
            representing = draw(st.sampled_from([Representing.TOGETHER, *Representing]))
            together = representing is Representing.TOGETHER
            needed = draw(st.sampled_from([None, 2, 3])) if together else None
            until = draw(st.sampled_from([None, None, today(AT), TOMORROW]))
            officials.append(alone(party, representing=representing, needed=needed, until=until))
        standing = draw(st.sampled_from([Standing.ACTIVE] * 4 + [Standing.DISSOLVED]))
        found.append(organisation(kvk, *officials, standing=standing))
    return by_number(found)


def oracle(
    kvk: object, people: frozenset[Bsn], world: dict[Any, RegisteredOrganisation], path: tuple[Any, ...]
) -> bool:
    """Say it the long way: some official, alone or with others, each by people of their own."""
    found = world.get(kvk)
    if found is None or kvk in path or found.standing is not Standing.ACTIVE:
        return False
    day = today(AT)
    officials = [each for each in found.officials if each.until is None or day < each.until]
    able = [each for each in officials if each.representing is not Representing.NOT]
    needs = {
        each: 1 if each.representing is Representing.ALONE else each.needed or max(2, len(able))
        for each in able
    }
    # Who acts only with more than there are does not act, with anybody.
    left = [each for each in able if needs[each] <= len(able)]
    for one in left:
        for group in combinations(left, needs[one]):
            if one in group and shared_out([each.party for each in group], people, world, (*path, kvk)):
                return True
    return False


def shared_out(
    parties: list[Any],
    people: frozenset[Bsn],
    world: dict[Any, RegisteredOrganisation],
    path: tuple[Any, ...],
) -> bool:
    """Tell whether the people can be shared out so that each party is bound by some of them."""
    if not parties:
        return True
    first, *rest = parties
    subsets = [frozenset(each) for size in range(1, len(people) + 1) for each in combinations(people, size)]
    return any(
        (mine == {first} if isinstance(first, Bsn) else oracle(first, mine, world, path))
        and shared_out(rest, people - mine, world, path)
        for mine in subsets
    )


def test_who_acts_only_with_more_than_there_are_is_nobodys_second() -> None:
    world = by_number([organisation(FIRM, joint(ANN), joint(BEN, 3))])
    assert not binds(FIRM, frozenset({ANN, BEN}), world, AT)
    assert not oracle(FIRM, frozenset({ANN, BEN}), world, ())


@pytest.mark.requires("MANDATES-P11")
@given(a_world(), st.frozensets(st.sampled_from([ANN, BEN, CAS])))
@settings(max_examples=150)
@example(
    by_number([organisation(FIRM, joint(ANN), joint(HOLDING)), organisation(HOLDING, alone(ANN))]),
    frozenset({ANN}),
)
def test_who_binds_is_what_counting_the_long_way_says(
    world: dict[Any, RegisteredOrganisation], people: frozenset[Bsn]
) -> None:
    assert binds(FIRM, people, world, AT) is oracle(FIRM, people, world, ())


@pytest.mark.requires("MANDATES-P11", "MANDATES-P24")
@given(a_world(), st.frozensets(st.sampled_from([ANN, BEN, CAS])))
@settings(max_examples=60)
def test_neither_order_nor_names_matter_and_one_login_is_enough_only_for_who_acts_alone(
    world: dict[Any, RegisteredOrganisation], people: frozenset[Bsn]
) -> None:
    turned = {kvk: replace(one, officials=one.officials[::-1]) for kvk, one in reversed(world.items())}
    assert binds(FIRM, people, turned, AT) is binds(FIRM, people, world, AT)
    assert {kvk: by_registration(one, AT) for kvk, one in turned.items()} == {
        kvk: by_registration(one, AT) for kvk, one in world.items()
    }
    swapped: dict[Any, Any] = {ANN: BEN, BEN: ANN}

    def renamed(official: Official) -> Official:
        return replace(official, party=swapped.get(official.party, official.party))

    others = {kvk: replace(one, officials=tuple(map(renamed, one.officials))) for kvk, one in world.items()}
    assert binds(FIRM, frozenset(swapped.get(each, each) for each in people), others, AT) is binds(
        FIRM, people, world, AT
    )
    for each in by_registration(world[FIRM], AT).authorities:
        if not each.together.alone:
            assert each.basis is Basis.DIRECTOR_JOINT
            assert each.together.needed >= 2


def test_a_day_begins_at_midnight_in_amsterdam() -> None:
    summer = organisation(FIRM, alone(ANN, since=date(2026, 7, 1), until=date(2026, 7, 2)))
    begun = datetime(2026, 6, 30, 22, tzinfo=UTC)
    second = timedelta(seconds=1)
    at = (begun - second, begun, begun + timedelta(days=1) - second, begun + timedelta(days=1))
    assert [bool(by_registration(summer, each).authorities) for each in at] == [False, True, True, False]
    assert [binds(FIRM, frozenset({ANN}), {FIRM: summer}, each) for each in at] == [False, True, True, False]


def test_what_the_register_looks_into_is_told_and_nothing_rests_on_it() -> None:
    found = organisation(FIRM, alone(EVE), disputed=True)
    told = by_registration(found, AT)
    assert (told.of(EVE), told.undetermined) == ((), (Rule.SOURCE_DISPUTES,))
