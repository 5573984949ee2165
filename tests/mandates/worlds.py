"""Worlds: small graphs drawn at random, on a small grid of times so that boundaries collide.

Drawn as plain dicts for the oracle, and made of our own values for the room of mandates. Numbers of parties
and edges are offset per world, so that many worlds share one database and never meet.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind, Group, JointRule, LimitKind, Power, Representation
from toegang.catalogue.values import OrganisationId, Service, ServiceId, Text
from toegang.mandates.decide import Asker
from toegang.mandates.edge import Edge, EdgeId, State, Substitution, Terms, Under
from toegang.mandates.law import Law
from toegang.mandates.legal.court import Capacity
from toegang.mandates.link import Link
from toegang.mandates.party import Party, PartyId, PartyKind, Standing
from toegang.mandates.scope import Action, Restriction, Scope, ScopeKind
from toegang.registers.population import BirthDate

HOUR = timedelta(hours=1)
START = datetime(2027, 3, 1, tzinfo=UTC)
BY_LAW = [kind for kind in EdgeKind if kind.by_law]
GIVEN = [kind for kind in EdgeKind if not kind.by_law]
LEVELS = [int(level) for level in Level]
STANDINGS = [each.value for each in Standing]
LIMITS = [kind.value for kind in LimitKind]
TICKS = st.integers(-3, 3)
PARTIES = 8


def _scope() -> st.SearchStrategy[tuple[str, str, int | None]]:
    wide = st.tuples(
        st.sampled_from(
            [("group", "living"), ("group", "taxes"), ("provider", "tax"), ("provider", "other"), ("all", "")]
        ),
        st.none() | TICKS,
    ).map(lambda drawn: (*drawn[0], drawn[1]))
    return st.sampled_from([("service", "1", None), ("service", "1", None), ("service", "2", None)]) | wide


def mostly(usual: object, *others: object, in_: int = 10) -> st.SearchStrategy[Any]:
    """Draw the usual value, and once in so many times another."""
    return st.integers(1, in_).flatmap(lambda n: st.sampled_from(others) if n == in_ else st.just(usual))


PEOPLE, FIRMS = range(5), range(5, PARTIES)

# (who acts, for whom, as what): what makes direct authority and chains; else anything goes.
FORMS = [
    (PEOPLE, PEOPLE, EdgeKind.VOLUNTARY),
    (PEOPLE, FIRMS, EdgeKind.EMPLOYEE),
    (PEOPLE, FIRMS, EdgeKind.STAFF),
    (FIRMS, FIRMS, EdgeKind.INTERMEDIARY),
    (FIRMS, PEOPLE, EdgeKind.VOLUNTARY),
    (FIRMS, PEOPLE, EdgeKind.HELPER),
]
LAWFUL = [
    (PEOPLE, PEOPLE, EdgeKind.COURT),
    (PEOPLE, PEOPLE, EdgeKind.PARENTAL),
    (PEOPLE, PEOPLE, EdgeKind.ESTATE),
    (PEOPLE, FIRMS, EdgeKind.STATUTORY),
    (FIRMS, PEOPLE, EdgeKind.COURT),
]


@st.composite
def _ends(draw: st.DrawFn, *, law: bool) -> tuple[int, int, str]:
    """Draw agent, principal and kind."""
    if draw(st.integers(1, 6)) == 6:
        agent, principal = draw(st.permutations(range(PARTIES)))[:2]
        return agent, principal, draw(st.sampled_from(BY_LAW if law else GIVEN)).value
    agents, principals, kind = draw(st.sampled_from(LAWFUL if law else FORMS))
    agent = draw(st.sampled_from(agents))
    return agent, draw(st.sampled_from([each for each in principals if each != agent])), kind.value


HOLDING: dict[str, Any] = {
    "state": "active",
    "scopes": [("service", "1", None)],
    "level": 30,
    "source_level": 30,
    "from": -3,
    "until": 4,
    "actions": ["view", "submit"],
    "branches": None,
    "most": None,
    "substitution": "one-level",
    "needed": 1,
    "certain": True,
    "overrules": False,
    "powers": [],
    "under": None,
}
"""What an edge says that lets somebody act, as far as it depends on the edge."""


CHAIN = [
    {"id": 101, "law": False, "agent": 0, "principal": 5, "kind": "employee", **HOLDING},
    {"id": 102, "law": False, "agent": 5, "principal": 6, "kind": "intermediary", **HOLDING},
    {"id": 103, "law": False, "agent": 6, "principal": 1, "kind": "voluntary", **HOLDING},
]
"""The longest chain there is: a person, their firm, the firm that it works for, and that one's client."""


@st.composite
def _edge(draw: st.DrawFn, id_: int) -> dict[str, Any]:
    agent, principal, kind = draw(_ends(law=False))
    begin = draw(st.integers(-3, 0))
    ends = {"id": id_, "law": False, "agent": agent, "principal": principal, "kind": kind}
    if draw(st.integers(1, 5)) > 2:
        return ends | HOLDING
    return ends | {
        "state": draw(mostly("active", *(state.value for state in State))),
        "scopes": draw(st.lists(_scope(), min_size=1, max_size=2, unique=True)),
        "level": draw(mostly(30, *LEVELS, in_=4)),
        "source_level": draw(mostly(30, *LEVELS)),
        "from": begin,
        "until": begin + draw(st.integers(1, 5)),
        "actions": draw(st.lists(st.sampled_from(["view", "submit", "sign"]), min_size=1, unique=True)),
        "branches": draw(mostly(None, ["a"], ["b"], ["a", "b"], in_=3)),
        "most": draw(st.none() | st.integers(1, 3)),
        "substitution": draw(mostly("one-level", "none", "employees", in_=3)),
        "needed": draw(mostly(1, 2)),
        "certain": True,
        "overrules": False,
        "powers": [],
        "under": None,
    }


@st.composite
def _law(draw: st.DrawFn) -> dict[str, Any]:
    agent, principal, kind = draw(_ends(law=True))
    begin = draw(st.integers(-3, 0))
    return {
        "id": 0,
        "law": True,
        "agent": agent,
        "principal": principal,
        "kind": kind,
        "basis": draw(st.sampled_from(["heir", "executor", "authorised-heir"])) if kind == "estate" else kind,
        "state": "active",
        "scopes": [],
        "level": 30,
        "source_level": 30,
        "from": begin,
        "until": begin + draw(st.integers(1, 5)),
        "actions": ["view", "prepare", "submit", "sign"],
        "branches": None,
        "most": draw(st.none() | st.integers(1, 3)),
        "substitution": "employees",
        "needed": draw(mostly(1, 2)),
        "under": None,
        "certain": draw(mostly(True, False)),
        "overrules": kind == "court" and draw(st.booleans()),
        "powers": draw(mostly(["property", "personal-care"], ["property"], ["personal-care"], in_=3)),
    }


def _lost() -> st.SearchStrategy[dict[int, dict[str, int]]]:
    """Draw from when some people no longer decide on property, on care, or on anything."""
    what = st.dictionaries(st.sampled_from(["property", "personal-care", "all"]), TICKS, min_size=1)
    return st.dictionaries(st.sampled_from(PEOPLE), what, min_size=1, max_size=2)


def _somebody() -> st.SearchStrategy[list[int]]:
    """Draw one party, and mostly nobody."""
    return mostly([], *([number] for number in range(PARTIES)))


def _under(
    edge: dict[str, Any], edges: list[dict[str, Any]], law: list[dict[str, Any]]
) -> st.SearchStrategy[dict[str, Any] | None]:
    """Draw what an edge rests on: another over the same principal, what the law gives, or what is gone."""
    gone: dict[str, Any] = {"by": edge["agent"], "kind": "parental", "edge": None}
    over = [
        {"by": each["agent"], "kind": each["kind"], "edge": each["id"] or None}
        for each in [*edges, *law]
        if each["principal"] == edge["principal"]
    ]
    return st.sampled_from([*over, *over, gone, {**gone, "edge": 999}])


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a world: parties, edges, what the law gives, a service, and who asks."""
    kinds = [kind.value for kind in EdgeKind]
    edges = [draw(_edge(place + 1)) for place in range(draw(st.integers(4, 14)))]
    edges += map(dict, CHAIN) if draw(st.booleans()) else []
    law = [draw(_law()) for _ in range(draw(st.integers(0, 4)))]
    for edge in edges:
        edge["under"] = draw(_under(edge, edges, law)) if draw(st.integers(1, 4)) == 4 else None
    return {
        "parties": {
            number: {
                "kind": "person" if number in PEOPLE else draw(mostly("organisation", "estate")),
                "standing": draw(mostly("able", *STANDINGS, in_=6)),
                "since": draw(st.none() | TICKS),
                "age": draw(mostly(40, 11, 15, 17, 18, in_=4)),
            }
            for number in range(PARTIES)
        },
        "edges": edges,
        "law": law,
        "lost": draw(_lost()) if draw(st.integers(1, 4)) == 4 else {},
        "helpers": draw(mostly(list(FIRMS), [], [FIRMS[0]], in_=3)),
        "silent": draw(_somebody()),
        "doubted": draw(_somebody()),
        "service": "1",
        "provider": "tax",
        "service_level": draw(st.sampled_from([10, 20])),
        "rules": {
            "kinds": draw(mostly(kinds, *([k for k in kinds if k != each] for each in kinds), in_=4)),
            "use": draw(st.sampled_from([10, 20, 25])),
            "grant": draw(mostly(10, 20, 30, in_=3)),
            "depth": draw(mostly(3, 1, 2, in_=3)),
            "joint": draw(st.sampled_from(["together", "one-is-enough"])),
            "child": draw(st.sampled_from([(0, 18), (12, 16), (11, 12)])),
            "excluded": draw(mostly(False, True)),
            "exclusive": draw(st.booleans()),
            "since": draw(st.none() | TICKS),
            "helper_level": draw(mostly(20, 10, 25, 30, in_=3)),
            "groups": draw(st.dictionaries(st.sampled_from(["living", "taxes"]), TICKS, max_size=2)),
            "powers": draw(st.sampled_from([[], ["property"], ["personal-care"]])),
            "limits": draw(mostly(LIMITS, *([k for k in LIMITS if k != each] for each in LIMITS), [], in_=3)),
        },
        "auth": draw(mostly(30, 20, 25, in_=4)),
        "requested": draw(st.sampled_from([5, 20])),
        "now": draw(st.integers(-1, 2)),
    }


def at(hour: int | None) -> datetime | None:
    return None if hour is None else START + hour * HOUR


def moment(hour: float) -> datetime:
    return START + hour * HOUR


class Made:
    """A world made of our own values; `offset` keeps it apart from others in the same database."""

    def __init__(self, world: dict[str, Any], offset: int) -> None:
        """Make it."""
        self.world, self.offset = world, offset
        self.now = moment(world["now"])
        self.service = self._service()

    def party_id(self, number: int) -> PartyId:
        return PartyId(UUID(int=(self.offset << 32) + number))

    def number(self, party: PartyId) -> int:
        return party.int & 0xFFFFFFFF

    def edge_id(self, number: int) -> EdgeId:
        return EdgeId(UUID(int=(self.offset << 32) + (1 << 31) + number))

    def asker(self, number: int) -> Asker:
        return Asker(
            actor=self.party_id(number),
            authenticated=Level(self.world["auth"]),
            service=self.service,
            requested=Level(self.world["requested"]),
        )

    def parties(self) -> Sequence[Party]:
        today = self.now.date()
        return [
            Party(
                id=self.party_id(number),
                kind=PartyKind(each["kind"]),
                standing=Standing(each["standing"]),
                since=at(each["since"]),
                born=BirthDate.parse(f"{today.year - each['age']:04d}-01-01")
                if each["kind"] == "person"
                else None,
            )
            for number, each in self.world["parties"].items()
        ]

    def edges(self) -> Sequence[Edge]:
        return [self._edge(each) for each in self.world["edges"]]

    def law(self) -> Sequence[Link]:
        return [
            Link(
                principal=self.party_id(each["principal"]),
                agent=self.party_id(each["agent"]),
                kind=EdgeKind(each["kind"]),
                basis=each["basis"],
                worth=Level.HIGH,
                from_=at(each["from"]),
                until=at(each["until"]),
                powers=frozenset(map(Power, each["powers"])),
                restriction=Restriction(most=each["most"]),
                substitution=Substitution.EMPLOYEES,
                needed=each["needed"],
                certain=each["certain"],
                overrules=each["overrules"],
            )
            for each in self.world["law"]
        ]

    def helpers(self) -> frozenset[PartyId]:
        """Return who is on the list of organisations that help people."""
        return frozenset(map(self.party_id, self.world["helpers"]))

    def told(self) -> Law:
        """Return everything that registers told in this world."""
        return Law(
            links=tuple(self.law()),
            capacities={
                self.party_id(number): Capacity(
                    lost=tuple((power, moment(lost[power])) for power in Power if power in lost),
                    incapable_since=at(lost.get("all")),
                )
                for number, lost in self.world["lost"].items()
            },
            silent=frozenset(map(self.party_id, self.world["silent"])),
            doubted=frozenset(map(self.party_id, self.world["doubted"])),
        )

    def _edge(self, each: dict[str, Any]) -> Edge:
        branches = each["branches"]
        return Edge(
            id=self.edge_id(each["id"]),
            principal=self.party_id(each["principal"]),
            agent=self.party_id(each["agent"]),
            kind=EdgeKind(each["kind"]),
            state=State(each["state"]),
            initiator=self.party_id(each["principal"]),
            under=self._under(each["under"]),
            since=START,
            pending_until=START + 100 * HOUR,
            terms=Terms(
                scopes=tuple(self._scope(*scope) for scope in each["scopes"]),
                level=Level(each["level"]),
                source_level=Level(each["source_level"]),
                from_=moment(each["from"]),
                until=moment(each["until"]),
                restriction=Restriction(
                    actions=frozenset(map(Action, each["actions"])),
                    branches=None if branches is None else frozenset(branches),
                    most=each["most"],
                ),
                substitution=Substitution(each["substitution"]),
                needed=each["needed"],
            ),
        )

    def _under(self, under: dict[str, Any] | None) -> Under | None:
        if under is None:
            return None
        edge = None if under["edge"] is None else self.edge_id(under["edge"])
        return Under(by=self.party_id(under["by"]), kind=EdgeKind(under["kind"]), edge=edge)

    def _scope(self, kind: str, name: str, as_of: int | None) -> Scope:
        if kind == "service":
            return Scope.of_service(ServiceId(UUID(int=int(name))))
        return Scope(ScopeKind(kind), name, at(as_of))

    def _service(self) -> Service:
        rules = self.world["rules"]
        low, high = rules["child"]
        return Service(
            id=ServiceId(UUID(int=int(self.world["service"]))),
            organisation=OrganisationId(self.world["provider"]),
            names=Text(nl="Aangifte", en="Return"),
            descriptions=Text(nl="Doe aangifte", en="File a return"),
            level=Level(self.world["service_level"]),
            representation=Representation(
                version=1,
                kinds=tuple(map(EdgeKind, rules["kinds"])),
                use=Level(rules["use"]),
                grant=Level(rules["grant"]),
                depth=rules["depth"],
                joint=JointRule(rules["joint"]),
                child_from=low,
                child_until=high,
                excluded=rules["excluded"],
                exclusive=rules["exclusive"],
                helper_level=Level(rules["helper_level"]),
                since=at(rules["since"]),
                groups=tuple(Group(id=id_, since=moment(since)) for id_, since in rules["groups"].items()),
                powers=tuple(map(Power, rules["powers"])),
                limits=tuple(map(LimitKind, rules["limits"])),
            ),
        )
