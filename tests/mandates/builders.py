"""Builders: parties, edges and rules of services, each changed by name where a test needs it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind, LimitKind, Power, Representation
from toegang.catalogue.values import OrganisationId, Service, ServiceId, Text
from toegang.mandates.demands import Demands, demands_of
from toegang.mandates.edge import Edge, EdgeId, State, Substitution, Terms
from toegang.mandates.law import NOTHING_TOLD, Law
from toegang.mandates.link import Link
from toegang.mandates.moves import Move, Mover, Scene
from toegang.mandates.party import Party, PartyId, PartyKind
from toegang.mandates.scope import Scope
from toegang.registers.population import BirthDate

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SINCE = datetime(2026, 1, 1, tzinfo=UTC)
TAXES = OrganisationId("taxes")
GROWN = BirthDate.parse("1970-01-01")


def party_id(number: int) -> PartyId:
    return PartyId(UUID(int=number))


SANNE, PIETER, NOOR = party_id(1), party_id(2), party_id(3)
FIRM = party_id(100)


def person(number: int | PartyId, **changes: Any) -> Party:  # noqa: ANN401 any field of the value
    id_ = party_id(number) if isinstance(number, int) else number
    return replace(Party(id=id_, kind=PartyKind.PERSON, born=GROWN), **changes)


def firm(number: int | PartyId = FIRM, **changes: Any) -> Party:  # noqa: ANN401
    id_ = party_id(number) if isinstance(number, int) else number
    return replace(Party(id=id_, kind=PartyKind.ORGANISATION), **changes)


def rules(**changes: Any) -> Representation:  # noqa: ANN401
    """Return rules that admit every kind, and hold people to every limit."""
    usual = Representation(version=1, kinds=tuple(EdgeKind), limits=tuple(LimitKind), since=SINCE)
    return replace(usual, **changes)


def service(number: int = 1, rules_: Representation | None = None, **changes: Any) -> Service:  # noqa: ANN401
    made = Service(
        id=ServiceId(UUID(int=number)),
        organisation=TAXES,
        names=Text(nl="Aangifte", en="Return"),
        descriptions=Text(nl="Doe aangifte", en="File a return"),
        level=Level.BASIC,
        representation=rules_,
    )
    return replace(made, **changes)


def terms(**changes: Any) -> Terms:  # noqa: ANN401
    made = Terms(
        scopes=(Scope.of_service(ServiceId(UUID(int=1))),),
        level=Level.SUBSTANTIAL,
        from_=NOW - DAY,
        until=NOW + 30 * DAY,
        substitution=Substitution.EMPLOYEES,
    )
    return replace(made, **changes)


def edge(**changes: Any) -> Edge:  # noqa: ANN401
    made = Edge(
        id=EdgeId(UUID(int=7)),
        principal=SANNE,
        agent=PIETER,
        kind=EdgeKind.VOLUNTARY,
        state=State.ACTIVE,
        terms=terms(),
        initiator=SANNE,
        since=NOW - DAY,
    )
    return replace(made, **changes)


def law(**changes: Any) -> Link:  # noqa: ANN401
    """Return curatele of Pieter over Sanne, as the law gives it."""
    made = Link(
        principal=SANNE,
        agent=PIETER,
        kind=EdgeKind.COURT,
        basis="curatele",
        worth=Level.HIGH,
        from_=NOW - DAY,
        until=None,
        powers=frozenset(Power),
        substitution=Substitution.EMPLOYEES,
        overrules=True,
    )
    return replace(made, **changes)


def told(*links: Link, **changes: Any) -> Law:  # noqa: ANN401
    """Return that registers told this, and nothing else of anybody."""
    return replace(NOTHING_TOLD, links=links, **changes)


def demands(**changes: Any) -> Demands:  # noqa: ANN401
    found = demands_of([rules()])
    assert found is not None
    return replace(found, **changes)


def scene(**changes: Any) -> Scene:  # noqa: ANN401
    made = Scene(principal=person(SANNE), agent=person(PIETER), demands=demands(letter=True), now=NOW)
    return replace(made, **changes)


def move(act: Any, by: Mover | PartyId, **changes: Any) -> Move:  # noqa: ANN401
    mover = by if isinstance(by, Mover) else Mover.self(by, Level.HIGH)
    return replace(Move(act=act, by=mover), **changes)
