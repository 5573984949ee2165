"""How an edge is written in its row: MessagePack by place, without names, and without what is as usual.

There are tens of millions of them, so their size is what a database of mandates weighs: some 200 bytes, of
which names would be as many again. Places never change; what is new comes last, with what it was before.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

import msgspec

from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.mandates.edge import Edge, EdgeId, Source, State, Substitution, Terms, Under
from toegang.mandates.party import PartyId
from toegang.mandates.scope import UNRESTRICTED, Action, Restriction, Scope, ScopeKind

if TYPE_CHECKING:
    from collections.abc import Sequence


class _Scope(msgspec.Struct, array_like=True, frozen=True):
    kind: ScopeKind
    name: str = ""
    as_of: datetime | None = None


class _Restriction(msgspec.Struct, array_like=True, frozen=True):
    actions: frozenset[Action]
    branches: frozenset[str] | None = None
    cases: frozenset[str] | None = None
    most: int | None = None
    looks_back_to: datetime | None = None


class _Terms(msgspec.Struct, array_like=True, frozen=True):
    scopes: tuple[_Scope, ...]
    level: Level
    from_: datetime
    until: datetime
    source_level: Level = Level.HIGH
    substitution: Substitution = Substitution.NONE
    restriction: _Restriction | None = None
    grants: bool = False
    needed: int = 1
    teams_only: bool = False


class _Body(msgspec.Struct, array_like=True, frozen=True):
    id: UUID
    principal: UUID
    agent: UUID
    kind: EdgeKind
    state: State
    initiator: UUID
    since: datetime
    terms: _Terms
    version: int = 1
    source: Source = Source.SELF
    text_hash: bytes = b""
    pending_until: datetime | None = None
    renews: UUID | None = None
    co_principals: frozenset[UUID] = frozenset()
    agreed: frozenset[UUID] = frozenset()
    under_by: UUID | None = None
    under_kind: EdgeKind | None = None
    under_edge: UUID | None = None
    less: int = 0
    signed: UUID | None = None
    asked_by: UUID | None = None
    nobody: UUID | None = None


_encode: Final = msgspec.msgpack.Encoder(uuid_format="bytes").encode
_decode: Final = msgspec.msgpack.Decoder(_Body).decode


def body_of(edge: Edge) -> bytes:
    """Write an edge."""
    return _encode(
        _short(
            _Body(
                edge.id,
                edge.principal,
                edge.agent,
                edge.kind,
                edge.state,
                edge.initiator,
                edge.since,
                _terms(edge.terms),
                edge.version,
                edge.source,
                edge.text_hash,
                edge.pending_until,
                edge.renews,
                frozenset(edge.co_principals),
                frozenset(edge.agreed),
                None if edge.under is None else edge.under.by,
                None if edge.under is None else edge.under.kind,
                None if edge.under is None else edge.under.edge,
                edge.less,
                edge.signed,
                edge.asked_by,
                edge.nobody,
            )
        )
    )


def edge_in(body: bytes) -> Edge:
    """Read an edge from its body."""
    kept = _decode(body)
    terms, limits = kept.terms, kept.terms.restriction
    return Edge(
        id=EdgeId(kept.id),
        principal=PartyId(kept.principal),
        agent=PartyId(kept.agent),
        kind=kept.kind,
        state=kept.state,
        terms=Terms(
            scopes=tuple(Scope(scope.kind, scope.name, scope.as_of) for scope in terms.scopes),
            level=terms.level,
            from_=terms.from_,
            until=terms.until,
            source_level=terms.source_level,
            restriction=UNRESTRICTED if limits is None else _restriction(limits),
            substitution=terms.substitution,
            grants=terms.grants,
            needed=terms.needed,
            teams_only=terms.teams_only,
        ),
        initiator=PartyId(kept.initiator),
        since=kept.since,
        version=kept.version,
        source=kept.source,
        pending_until=kept.pending_until,
        co_principals=frozenset(map(PartyId, kept.co_principals)),
        agreed=frozenset(map(PartyId, kept.agreed)),
        renews=None if kept.renews is None else EdgeId(kept.renews),
        text_hash=kept.text_hash,
        under=_under(kept),
        less=kept.less,
        signed=None if kept.signed is None else PartyId(kept.signed),
        asked_by=None if kept.asked_by is None else PartyId(kept.asked_by),
        nobody=None if kept.nobody is None else PartyId(kept.nobody),
    )


def edges_in(rows: Sequence[tuple[bytes, ...]]) -> tuple[Edge, ...]:
    """Read the edges in a column of bodies."""
    return tuple(edge_in(row[0]) for row in rows)


def _under(kept: _Body) -> Under | None:
    if kept.under_by is None or kept.under_kind is None:
        return None
    edge = None if kept.under_edge is None else EdgeId(kept.under_edge)
    return Under(by=PartyId(kept.under_by), kind=kept.under_kind, edge=edge)


def _terms(terms: Terms) -> _Terms:
    limits = terms.restriction
    return _Terms(
        tuple(_Scope(scope.kind, scope.name, scope.as_of) for scope in terms.scopes),
        terms.level,
        terms.from_,
        terms.until,
        terms.source_level,
        terms.substitution,
        None
        if limits == UNRESTRICTED
        else _Restriction(limits.actions, limits.branches, limits.cases, limits.most, limits.looks_back_to),
        terms.grants,
        terms.needed,
        terms.teams_only,
    )


def _restriction(limits: _Restriction) -> Restriction:
    return Restriction(
        actions=limits.actions,
        branches=limits.branches,
        cases=limits.cases,
        most=limits.most,
        looks_back_to=limits.looks_back_to,
    )


def _short(whole: msgspec.Struct) -> Sequence[object]:
    """Return the values in their places, up to the last one that is not as usual."""
    names, usual = whole.__struct_fields__, whole.__struct_defaults__
    values = [_inner(getattr(whole, name)) for name in names]
    for default in reversed(usual):
        if values[-1] != default:
            break
        values.pop()
    return values


def _inner(value: object) -> object:
    if isinstance(value, msgspec.Struct):
        return _short(value)
    return [_inner(each) for each in value] if isinstance(value, tuple) else value
