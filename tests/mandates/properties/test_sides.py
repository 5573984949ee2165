"""P27, P11: nobody stands on both sides, and who must consent is who the register names, each once."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.mandates import builders as b
from tests.mandates.engines import OFFSETS, Engines
from tests.volumes import volume
from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.errors import NotEntitled
from toegang.mandates.edge import Edge, EdgeId, State, Substitution
from toegang.mandates.law import Law
from toegang.mandates.life import Act
from toegang.mandates.link import Link
from toegang.mandates.moves import Move, Mover
from toegang.mandates.moving import moved
from toegang.mandates.party import PartyId
from toegang.mandates.register import Mandates
from toegang.mandates.why import Objection

SERVICE = b.service(1, b.rules())
WIDE = b.terms(grants=True, substitution=Substitution.ONE_LEVEL, until=b.NOW + 60 * b.DAY)

# Who can act in whose name: two people for two others, and for two firms.
ACTING, NAMED, FIRMS = ("noor", "otto"), ("sanne", "pieter"), ("firm", "other firm")
EVERYBODY = (*ACTING, *NAMED, *FIRMS)
IN_NAMES = [(by, of) for by in ACTING for of in (*NAMED, *FIRMS)]


@dataclass(frozen=True)
class Cast:
    """Who directs or cares for whom, who was given leave to give on, and who does what."""

    by_law: frozenset[tuple[str, str]]
    together: frozenset[tuple[str, str]]
    given_on: frozenset[tuple[str, str]]
    ends: tuple[str, str]  # who is represented, and who acts
    asking: bool
    first: str
    second: str


def some(values: list[tuple[str, str]]) -> st.SearchStrategy[frozenset[tuple[str, str]]]:
    return st.frozensets(st.sampled_from(values), max_size=6)


CASTS = st.builds(
    Cast,
    by_law=st.frozensets(st.sampled_from(IN_NAMES), min_size=2),
    together=some([pair for pair in IN_NAMES if pair[1] in FIRMS]),
    given_on=some([pair for pair in IN_NAMES if pair[1] in NAMED]),
    ends=st.permutations(EVERYBODY).map(lambda drawn: (drawn[0], drawn[1])),
    asking=st.booleans(),
    first=st.sampled_from([*ACTING, *ACTING, *NAMED]),
    second=st.sampled_from([*ACTING, *ACTING, *NAMED]),
)
BOTH = frozenset({("noor", "sanne"), ("noor", "pieter")})
FIRM = frozenset({("noor", "sanne"), ("noor", "firm"), ("otto", "firm")})
NONE: frozenset[tuple[str, str]] = frozenset()


class Stage:
    """The cast on one engine."""

    def __init__(self, mandates: Mandates, number: int, cast: Cast) -> None:
        """Give everybody an id of their own."""
        self.mandates, self.cast = mandates, cast
        self.ids = {name: b.party_id((number << 40) + place) for place, name in enumerate(EVERYBODY)}
        self.first_edge = (number << 40) + 100

    def law(self) -> Law:
        links: list[Link] = []
        for by, of in sorted(self.cast.by_law):
            firm = of in FIRMS
            links.append(
                b.law(
                    principal=self.ids[of],
                    agent=self.ids[by],
                    kind=EdgeKind.STATUTORY if firm else EdgeKind.COURT,
                    basis="director-sole" if firm else "bewind",
                    overrules=False,
                    needed=2 if (by, of) in self.cast.together else 1,
                )
            )
        return b.told(*links)

    async def set_up(self) -> None:
        for name, id_ in self.ids.items():
            await self.mandates.know(b.firm(id_) if name in FIRMS else b.person(id_), now=b.NOW)
        async with self.mandates.units.begin() as unit:
            for place, (by, of) in enumerate(sorted(self.cast.given_on)):
                edge = b.edge(
                    id=EdgeId(b.party_id(self.first_edge + place)),
                    principal=self.ids[of],
                    agent=self.ids[by],
                    initiator=self.ids[of],
                    terms=WIDE,
                )
                await self.mandates.edges.add(unit, edge)

    def mover(self, by: str, side: str) -> Mover:
        return Mover(party=self.ids[by], behalf=self.ids[side], level=Level.HIGH)

    async def play(self) -> str | State:
        """Let one begin it and another answer; return what became of it."""
        principal, agent = self.cast.ends
        edge = b.edge(
            id=EdgeId(b.party_id(self.first_edge + 50)),
            principal=self.ids[principal],
            agent=self.ids[agent],
            initiator=self.ids[agent if self.cast.asking else principal],
            kind=EdgeKind.INTERMEDIARY if principal in FIRMS else EdgeKind.VOLUNTARY,
        )
        began, answers = (agent, principal) if self.cast.asking else (principal, agent)
        begin = Move(
            act=Act.REQUEST if self.cast.asking else Act.OFFER, by=self.mover(self.cast.first, began)
        )
        answer = Move(
            act=Act.APPROVE if self.cast.asking else Act.ACCEPT, by=self.mover(self.cast.second, answers)
        )
        try:
            made = await self.mandates.begin(edge, begin, (SERVICE,), b.NOW, self.law())
            done = await self.mandates.move(made.id, 1, answer, (SERVICE,), b.NOW, self.law())
        except NotEntitled as refused:
            return refused.why
        return done.state


@pytest.mark.requires("MANDATES-P27", "MANDATES-P3")
def test_no_mandate_comes_about_by_one_who_acts_for_both_of_its_sides(engines: Engines) -> None:
    @settings(max_examples=volume(60, 3_000), suppress_health_check=list(HealthCheck))
    @given(CASTS)
    # Who cares for two people by order of a court asks in the name of one, and gives in that of the other.
    @example(Cast(BOTH, NONE, NONE, ("sanne", "pieter"), True, "noor", "noor"))
    @example(Cast(BOTH, NONE, NONE, ("sanne", "pieter"), False, "noor", "noor"))
    @example(Cast(NONE, NONE, BOTH, ("sanne", "pieter"), True, "noor", "noor"))
    @example(Cast(BOTH, NONE, NONE, ("sanne", "otto"), True, "otto", "noor"))
    # Who gives to their own firm what another of its directors accepts.
    @example(Cast(FIRM, NONE, NONE, ("sanne", "firm"), False, "noor", "otto"))
    def holds(cast: Cast) -> None:
        number = next(OFFSETS)

        async def played(mandates: Mandates) -> str | State:
            stage = Stage(mandates, number, cast)
            await stage.set_up()
            return await stage.play()

        one, other = engines.each(played)
        assert one == other
        principal, agent = cast.ends
        gave, took = (cast.second, cast.first) if cast.asking else (cast.first, cast.second)
        if one is State.ACTIVE:
            # What somebody gives of their own is their affair, whoever takes it.
            assert gave != took or gave == principal
            # Nor does another take it for an organisation that who gave it in another's name controls.
            alone = {(by, of) for by, of in cast.by_law - cast.together if of in FIRMS}
            assert gave == principal or (gave, agent) not in alone
            assert took == agent or (took, principal) not in alone
            # In the name of another acts who may: by law alone, or by what lets them give on.
            for by, of in ((gave, principal), (took, agent)):
                allowed = cast.by_law - cast.together | cast.given_on
                assert by == of or (by, of) in allowed
        elif cast == Cast(BOTH, NONE, NONE, ("sanne", "otto"), True, "otto", "noor"):
            pytest.fail(f"what nothing is against was refused: {one}")

    holds()


CO = {name: b.party_id(200 + place) for place, name in enumerate(("anna", "bas", "cas"))}
ANY_OF = st.frozensets(st.sampled_from(sorted(CO.values())), min_size=1)
WHO = st.sampled_from([*CO.values(), *CO.values(), b.PIETER, b.SANNE])
CONSENTS = st.lists(st.tuples(WHO, ANY_OF), min_size=2, max_size=7)


@pytest.mark.requires("MANDATES-P11", "MANDATES-P16")
@settings(max_examples=volume(150, 5_000))
@given(ANY_OF, CONSENTS)
# Who consented first is named no more when the second does: then the second alone was needed.
@example(
    frozenset(CO.values()),
    [(CO["anna"], frozenset(CO.values())), (CO["bas"], frozenset({CO["bas"], CO["cas"]}))],
)
def test_it_begins_when_each_whom_the_register_names_has_consented_and_no_sooner(
    asked: frozenset[PartyId], consents: list[tuple[PartyId, frozenset[PartyId]]]
) -> None:
    edge: Edge = b.edge(
        state=State.AWAITING_COSIGN, co_principals=asked | {b.PIETER}, pending_until=b.NOW + b.DAY
    )
    said: set[PartyId] = set()
    for who, required in consents:
        move = b.move(Act.CONSENT, who, required=required)
        after = moved(edge, move, b.scene())
        counts = edge.state is State.AWAITING_COSIGN and who in edge.co_principals & required
        counts = counts and who != edge.agent
        assert isinstance(after, Edge) is counts
        if isinstance(after, Objection):
            continue
        said = (said | {who}) & required
        assert after.agreed == said
        assert after.state is (State.ACTIVE if said == required else State.AWAITING_COSIGN)
        assert after.terms.level <= min(edge.terms.level, Level.HIGH)
        edge = replace(after)
