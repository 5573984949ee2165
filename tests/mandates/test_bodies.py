"""How an edge is written in its row: read back as it was, small, and readable for good."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from tests.mandates.builders import DAY, FIRM, NOOR, NOW, SANNE, edge, terms
from toegang.assurance import Level
from toegang.mandates.edge import Edge, EdgeId, Source, State, Substitution
from toegang.mandates.scope import Action, Restriction, Scope, ScopeKind
from toegang.storage.edge_bodies import body_of, edge_in

USUAL = edge(agent=FIRM)
FULL = edge(
    state=State.AWAITING_COSIGN,
    version=3,
    source=Source.ASSISTED,
    pending_until=NOW + DAY,
    co_principals=frozenset({SANNE, NOOR}),
    agreed=frozenset({NOOR}),
    renews=EdgeId(UUID(int=8)),
    text_hash=b"h" * 32,
    terms=terms(
        scopes=(Scope(ScopeKind.GROUP, "living", NOW), Scope(ScopeKind.ALL)),
        source_level=Level.LOW,
        restriction=Restriction(
            actions=frozenset({Action.VIEW}),
            branches=frozenset({"000012345678"}),
            cases=frozenset({"one", "two"}),
            most=5_000_00,
            looks_back_to=NOW - DAY,
        ),
        substitution=Substitution.ONE_LEVEL,
        grants=True,
        needed=2,
    ),
)


@pytest.mark.parametrize(
    "kept",
    [
        USUAL,
        FULL,
        replace(USUAL, agreed=frozenset({SANNE})),
        replace(FULL, terms=replace(FULL.terms, restriction=Restriction())),
        replace(USUAL, terms=terms(restriction=Restriction(most=0))),
        *(replace(USUAL, state=state) for state in State),
    ],
)
def test_an_edge_is_read_back_as_it_was(kept: Edge) -> None:
    assert edge_in(body_of(kept)) == kept


def test_what_was_written_once_is_read_for_good() -> None:
    written = bytes.fromhex(
        "98c41000000000000000000000000000000007c41000000000000000000000000000000001c41000000000000000000000"
        "000000000064a9766f6c756e74617279a6616374697665c41000000000000000000000000000000001d6ff6b840c409691"
    )
    assert body_of(USUAL).startswith(written)


def test_what_is_as_usual_takes_no_room() -> None:
    assert len(body_of(USUAL)) < 180
