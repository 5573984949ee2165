"""What holds of every judgement, in any world: nothing is gained by a chain, and nothing by a loss."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.mandates import builders as b
from tests.mandates import oracle
from tests.mandates.worlds import Made, mostly, worlds
from tests.volumes import volume
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind, Power
from toegang.mandates.decide import Permit, Refused, chosen
from toegang.mandates.edge import State, Substitution
from toegang.mandates.judging import Grounds, against
from toegang.mandates.law import NOTHING_TOLD
from toegang.mandates.link import Link, Path, link_of, whole
from toegang.mandates.party import Party, Standing
from toegang.mandates.resting import ways
from toegang.mandates.scope import EVERYTHING, Restriction, Scope, ScopeKind
from toegang.mandates.why import Why
from toegang.registers.population import BirthDate

World = dict[str, Any]
# A world takes about a twelfth of a second: the long forms of these five stay within a quarter of an hour.
MANY = settings(max_examples=volume(20, 2_000), suppress_health_check=list(HealthCheck))


@st.composite
def graded_worlds(draw: st.DrawFn) -> World:
    """Draw a world in which much is permitted, by mandates of unlike levels, ends and restrictions."""
    world = draw(worlds())
    world |= {
        "requested": 5,
        "service_level": draw(st.sampled_from([10, 20])),
        "auth": draw(mostly(30, 25, 20)),
    }
    world["rules"] |= {"use": 10, "grant": 10, "depth": 3}
    for edge in world["edges"]:
        edge["level"], edge["source_level"] = draw(st.sampled_from([10, 20, 25, 30])), draw(mostly(30, 20))
        edge["until"] = max(edge["until"], draw(st.integers(2, 6)))
        edge["most"] = draw(st.none() | st.integers(1, 3))
        edge["actions"] = draw(st.sampled_from([["view", "submit"], ["view"], ["view", "sign"]]))
    return world


def grounds_of(made: Made) -> Grounds:
    rules = made.service.representation
    assert rules is not None
    return Grounds.of(
        made.service,
        rules,
        level=made.asker(0).level_at(made.now),
        now=made.now,
        parties={party.id: party for party in made.parties()},
        law=made.told(),
        helpers=made.helpers(),
    )


def candidates(world: World, made: Made, actor: int, principal: int) -> list[Path]:
    """Return every path there is, by brute force."""
    edges = {each["id"]: link_of(edge) for each, edge in zip(world["edges"], made.edges(), strict=True)}
    law = {id(each): link for each, link in zip(world["law"], made.law(), strict=True)}
    kept = {edge.id: edge for edge in made.edges()}
    return [
        way
        for path in oracle.every_path(world, actor, principal)
        for way in product(
            *(
                (law[id(each)],) if each["law"] else ways(edges[each["id"]], kept, made.told())
                for each in path
            )
        )
    ]


def pairs(world: World) -> Iterator[tuple[int, int]]:
    for actor in world["parties"]:
        for principal in world["parties"]:
            if actor != principal:
                yield actor, principal


def permits(world: World, made: Made) -> Iterator[tuple[list[Path], Permit]]:
    grounds, auth = grounds_of(made), Level(world["auth"])
    if auth < grounds.level:
        return
    for actor, principal in pairs(world):
        paths = candidates(world, made, actor, principal)
        decision = chosen(paths, grounds, auth)
        if isinstance(decision, Permit):
            yield paths, decision


@pytest.mark.requires("MANDATES-P1", "MANDATES-P2")
@MANY
@given(graded_worlds())
def test_nothing_is_higher_wider_or_longer_than_its_narrowest_link(world: World) -> None:
    made = Made(world, 1)
    grounds = grounds_of(made)
    for _, permit in permits(world, made):
        assert permit.level >= grounds.level
        assert permit.level <= Level(world["auth"])
        for link in whole(permit.path):
            assert permit.level <= link.worth
            assert permit.restriction.within(link.restriction)
            assert permit.until is None or link.until is None or permit.until <= link.until
            assert link.kind in grounds.rules.kinds


@pytest.mark.requires("MANDATES-P10")
@MANY
@given(worlds())
def test_a_path_joins_meets_nobody_twice_and_falls_with_each_of_its_links(world: World) -> None:
    made = Made(world, 1)
    grounds, auth = grounds_of(made), Level(world["auth"])
    for paths, permit in permits(world, made):
        met = [permit.path[0].agent, *(link.principal for link in permit.path)]
        assert len(set(met)) == len(met) <= grounds.rules.depth + 1
        for gone in permit.path:
            without = [path for path in paths if gone not in path]
            again = chosen(without, grounds, auth)
            assert not isinstance(again, Permit) or gone not in again.path
        torn = (*permit.path[:-1], replace(permit.path[-1], agent=b.party_id(999)))
        if len(permit.path) > 1:
            assert against(torn, grounds) is Why.NO_AUTHORITY
            shallow = replace(grounds, rules=replace(grounds.rules, depth=len(permit.path) - 1))
            assert against(permit.path, shallow) is Why.CHAIN_TOO_LONG
            in_person = replace(permit.path[-1], substitution=Substitution.NONE)
            assert against((*permit.path[:-1], in_person), grounds) is Why.NO_SUBSTITUTION


def lessened(link: Link, how: str) -> Link:
    if how == "revoked":
        return replace(link, state=State.REVOKED)
    if how == "suspended":
        return replace(link, state=State.SUSPENDED)
    if how == "over":
        return replace(link, until=link.from_)
    return replace(link, restriction=link.restriction.narrowed(Restriction(branches=frozenset({"a"}))))


@pytest.mark.requires("MANDATES-P17")
@MANY
@given(worlds(), st.data())
def test_no_loss_turns_a_refusal_into_a_permit(world: World, data: st.DataObject) -> None:
    made = Made(world, 1)
    grounds, auth = grounds_of(made), Level(world["auth"])
    which = link_of(data.draw(st.sampled_from(made.edges())))
    how = data.draw(
        st.sampled_from(["revoked", "suspended", "over", "restricted", "excluded", "fact", "law"])
    )
    less = grounds
    if how == "excluded":
        less = Grounds.of(
            replace(made.service, representation=replace(grounds.rules, excluded=True)),
            replace(grounds.rules, excluded=True),
            level=grounds.level,
            now=grounds.now,
            parties=grounds.parties,
            law=grounds.law,
            helpers=grounds.helpers,
        )
    elif how == "fact":
        struck = data.draw(st.sampled_from(sorted(grounds.parties)))
        standing = data.draw(st.sampled_from([Standing.DISSOLVED, Standing.INVESTIGATED]))
        changed: Party = replace(grounds.parties[struck], standing=standing, since=None)
        less = replace(grounds, parties={**grounds.parties, struck: changed})
    elif how == "law":
        curatele = b.law(principal=which.principal, agent=b.party_id(998))
        less = replace(grounds, law=grounds.law.and_(b.told(curatele)))
    for actor, principal in pairs(world):
        paths = candidates(world, made, actor, principal)
        if isinstance(chosen(paths, grounds, auth), Permit):
            continue
        changed_paths = [
            tuple(lessened(link, how) if link.edge == which.edge else link for link in path) for path in paths
        ]
        worse = changed_paths if how in {"revoked", "suspended", "over", "restricted"} else paths
        assert isinstance(chosen(worse, less, auth), Refused)


@pytest.mark.requires("MANDATES-P17", "MANDATES-P1")
@MANY
@given(graded_worlds())
def test_one_more_edge_takes_no_permit_away_and_raises_no_path(world: World) -> None:
    made = Made(world, 1)
    grounds, auth = grounds_of(made), Level(world["auth"])
    for paths, permit in permits(world, made):
        revoked = (*permit.path[:-1], replace(permit.path[-1], state=State.REVOKED))
        assert isinstance(chosen([revoked, permit.path], grounds, auth), Permit)
        for path in paths:
            alone = chosen([path], grounds, auth)
            both = chosen([path, permit.path], grounds, auth)
            assert isinstance(both, Permit)
            if isinstance(alone, Permit):
                assert alone.level <= min(link.worth for link in path)


@pytest.mark.requires("MANDATES-P24")
@MANY
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_in_which_paths_are_found_does_not_matter(world: World, random: Any) -> None:  # noqa: ANN401 Hypothesis' own
    made = Made(world, 1)
    for paths, permit in permits(world, made):
        random.shuffle(paths)
        assert chosen(paths, grounds_of(made), Level(world["auth"])) == permit


# -- the law comes first --------------------------------------------------------------------------


def grounds(**changes: Any) -> Grounds:  # noqa: ANN401
    rules = b.rules(**changes.pop("rules", {}))
    known = {each.id: each for each in (b.person(b.SANNE), b.person(b.PIETER), b.person(b.NOOR), b.firm())}
    known |= {each.id: each for each in changes.pop("parties", ())}
    made = Grounds.of(b.service(1, rules), rules, level=Level.LOW, now=b.NOW, parties=known, law=NOTHING_TOLD)
    return replace(made, **changes)


def test_of_several_authorities_the_law_is_chosen_in_the_order_of_precedence() -> None:
    given_ = (link_of(b.edge()),)
    parental = (b.law(kind=EdgeKind.PARENTAL, overrules=False),)
    court = (b.law(overrules=False),)
    child = grounds(parties=[b.person(b.SANNE, born=BirthDate.parse("2020-01-01"))])
    for paths in ([given_, parental, court], [court, given_, parental], [parental, court]):
        decision = chosen(paths, child, Level.HIGH)
        assert isinstance(decision, Permit)
        assert decision.path == court
    without = chosen([given_, parental], child, Level.HIGH)
    assert isinstance(without, Permit)
    assert without.path == parental


@pytest.mark.requires("BW-1:381")
def test_under_curatele_what_somebody_gave_is_of_no_effect_whoever_the_curator_is() -> None:
    given_ = (link_of(b.edge()),)
    curator = b.law(agent=b.NOOR)
    assert against(given_, grounds(law=b.told(curator))) is Why.OVERRULED
    assert against(given_, grounds(law=b.told(replace(curator, until=b.NOW)))) is None
    assert against(given_, grounds(law=b.told(replace(curator, overrules=False)))) is None
    assert against((curator,), grounds(law=b.told(curator))) is None


def test_a_doubtful_register_gives_nothing_and_its_curatele_still_stops_what_was_given() -> None:
    doubtful = b.law(agent=b.NOOR, certain=False)
    assert against((doubtful,), grounds()) is Why.UNCERTAIN
    assert against((link_of(b.edge()),), grounds(law=b.told(doubtful))) is Why.OVERRULED


def test_authority_by_law_is_over_all_that_the_service_is_about() -> None:
    bewind = b.law(powers=frozenset({Power.PROPERTY}), overrules=False)
    asked = {"powers": (Power.PROPERTY,)}
    assert against((bewind,), grounds(rules=asked)) is None
    assert against((bewind,), grounds(rules={"powers": tuple(Power)})) is Why.NO_AUTHORITY
    here = replace(bewind, scopes=(Scope.of_service(grounds().service.id),))
    assert against((here,), grounds(rules=asked)) is None
    elsewhere = replace(bewind, scopes=(Scope(ScopeKind.SERVICE, "another"),))
    assert against((elsewhere,), grounds(rules=asked)) is Why.NO_AUTHORITY


REFUSED = {
    "no longer": ({"terms": b.terms(until=b.NOW)}, {}, Why.NOT_IN_FORCE),
    "not yet": ({"terms": b.terms(from_=b.NOW + b.DAY)}, {}, Why.NOT_IN_FORCE),
    "ended": ({"state": State.REVOKED}, {}, Why.NOT_IN_FORCE),
    "suspended": ({"state": State.SUSPENDED}, {}, Why.SUSPENDED),
    "too low": ({"terms": b.terms(level=Level.BASIC)}, {}, Why.LEVEL_TOO_LOW),
    "source too low": ({"terms": b.terms(source_level=Level.BASIC)}, {}, Why.LEVEL_TOO_LOW),
    "together": ({"terms": b.terms(needed=2)}, {}, Why.TOGETHER),
    "kind": ({"kind": EdgeKind.HELPER}, {"rules": {"kinds": (EdgeKind.VOLUNTARY,)}}, Why.KIND_NOT_ADMITTED),
    "everything, but excluded": (
        {"terms": b.terms(scopes=(EVERYTHING,))}, {"rules": {"excluded": True}}, Why.NO_AUTHORITY
    ),
    "staff of the firm for itself": ({"kind": EdgeKind.STAFF}, {}, Why.NO_AUTHORITY),
    "principal died": (
        {}, {"parties": [b.person(b.SANNE, standing=Standing.DECEASED)]}, Why.PARTY_ENDED
    ),
    "agent died": ({}, {"parties": [b.person(b.PIETER, standing=Standing.DECEASED)]}, Why.PARTY_ENDED),
    "agent under curatele": (
        {}, {"parties": [b.person(b.PIETER, standing=Standing.UNDER_GUARDIANSHIP)]}, Why.NOT_CAPABLE
    ),
    "agent perhaps a minor": (
        {}, {"parties": [b.person(b.PIETER, born=BirthDate.parse("2009-00-00"))]}, Why.NOT_CAPABLE
    ),
    "agent investigated": (
        {}, {"parties": [b.person(b.PIETER, standing=Standing.INVESTIGATED)]}, Why.PARTY_INVESTIGATED
    ),
    "a firm that logs in itself": ({"agent": b.FIRM}, {}, Why.NOT_CAPABLE),
    "somebody unknown": ({"agent": b.party_id(55)}, {}, Why.PARTY_UNKNOWN),
    "estate of the living": ({"kind": EdgeKind.ESTATE}, {}, Why.NOT_IN_FORCE),
    "parent of an adult": ({"kind": EdgeKind.PARENTAL}, {}, Why.NOT_OF_THE_AGE),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_a_direct_authority_is_refused(case: tuple[dict[str, Any], dict[str, Any], Why]) -> None:
    changes, known, why = case
    assert against((link_of(b.edge(**changes)),), grounds(**known)) is why


def test_a_direct_authority_that_nothing_is_against_permits() -> None:
    assert against((link_of(b.edge()),), grounds()) is None


CHAIN = (
    b.edge(principal=b.FIRM, agent=b.PIETER, kind=EdgeKind.EMPLOYEE),
    b.edge(principal=b.SANNE, agent=b.FIRM),
)
CHAINS = {
    "no substitution": ({"terms": b.terms(substitution=Substitution.NONE)}, {}, Why.NO_SUBSTITUTION),
    "firm dissolved": ({}, {"parties": [b.firm(standing=Standing.DISSOLVED)]}, Why.PARTY_ENDED),
    "firm insolvent": ({}, {"parties": [b.firm(standing=Standing.INSOLVENT)]}, Why.PARTY_ENDED),
    "service wants no chain": ({}, {"rules": {"depth": 1}}, Why.CHAIN_TOO_LONG),
    "nothing left between them": (
        {"terms": b.terms(restriction=Restriction(branches=frozenset({"b"})))}, {}, Why.NOTHING_LEFT
    ),
    "the firm is employed": ({"kind": EdgeKind.EMPLOYEE}, {}, Why.NO_AUTHORITY),
}  # fmt: skip


@pytest.mark.requires("MANDATES-P10")
@pytest.mark.parametrize("case", CHAINS.values(), ids=CHAINS)
def test_a_chain_is_refused(case: tuple[dict[str, Any], dict[str, Any], Why]) -> None:
    changes, known, why = case
    near, far = CHAIN
    only_a = replace(near, terms=b.terms(restriction=Restriction(branches=frozenset({"a"}))))
    path = (link_of(only_a), link_of(replace(far, **changes)))
    assert against(path, grounds(**known)) is why


PASSING = [
    (depth, middle, far)
    for depth in (1, 2, 3)
    for middle in Substitution
    for far in Substitution
]  # fmt: skip


@pytest.mark.requires("MANDATES-P10")
@pytest.mark.parametrize(("depth", "middle", "far"), PASSING)
def test_a_mandate_is_passed_on_as_far_as_it_and_the_service_say(
    depth: int, middle: Substitution, far: Substitution
) -> None:
    between = b.party_id(101)
    near = link_of(b.edge(principal=b.FIRM, agent=b.PIETER, kind=EdgeKind.STAFF))
    # The firm is told by its own mandate whether others may act, whatever that of its employee says.
    near = replace(near, substitution=Substitution.NONE)
    to_firm = b.edge(
        principal=between, agent=b.FIRM, kind=EdgeKind.INTERMEDIARY, terms=b.terms(substitution=middle)
    )
    client = b.edge(principal=b.SANNE, agent=between, terms=b.terms(substitution=far))
    known = {"parties": [b.firm(), b.firm(between)], "rules": {"depth": depth}}
    long = (near, link_of(to_firm), link_of(client))
    # Of the firm between itself its employees act; for its client a further firm, which takes more.
    reached = {1: Why.CHAIN_TOO_LONG}.get(depth, Why.NO_SUBSTITUTION if middle is Substitution.NONE else None)
    assert against(long[:2], grounds(**known)) is reached
    passed = middle is not Substitution.NONE and far is Substitution.ONE_LEVEL
    expected = Why.CHAIN_TOO_LONG if depth < 3 else None if passed else Why.NO_SUBSTITUTION
    assert against(long, grounds(**known)) is expected
    kinds = tuple(kind for kind in EdgeKind if kind is not EdgeKind.INTERMEDIARY)
    closed = grounds(**{**known, "rules": {"depth": 3, "kinds": kinds}})
    assert against(long, closed) is Why.KIND_NOT_ADMITTED


@pytest.mark.requires("MANDATES-P10")
def test_nobody_acts_for_their_own_firm_by_way_of_another() -> None:
    between = b.party_id(101)
    near = b.edge(principal=b.FIRM, agent=b.PIETER, kind=EdgeKind.STAFF)
    one_level = b.terms(substitution=Substitution.ONE_LEVEL)
    to_firm = b.edge(principal=between, agent=b.FIRM, kind=EdgeKind.INTERMEDIARY, terms=one_level)
    back = b.edge(principal=b.FIRM, agent=between, terms=one_level)
    known = {"parties": [b.firm(), b.firm(between)], "rules": {"depth": 3}}
    assert against(tuple(map(link_of, (near, to_firm, back))), grounds(**known)) is Why.NO_AUTHORITY
    client = replace(back, principal=b.SANNE)
    assert against(tuple(map(link_of, (near, to_firm, client))), grounds(**known)) is None


@pytest.mark.requires("MANDATES-P10")
def test_an_employee_passes_nothing_on() -> None:
    other = b.party_id(5)
    on = b.edge(principal=b.PIETER, agent=other, terms=b.terms(substitution=Substitution.ONE_LEVEL))
    for near in (on, replace(on, kind=EdgeKind.STAFF), replace(on, kind=EdgeKind.EMPLOYEE)):
        path = tuple(map(link_of, (near, *CHAIN)))
        found = against(path, grounds(parties=[b.person(other)], rules={"depth": 3}))
        assert found in {Why.NO_AUTHORITY, Why.NO_SUBSTITUTION}


def test_a_chain_that_nothing_is_against_permits() -> None:
    assert against(tuple(map(link_of, CHAIN)), grounds()) is None
