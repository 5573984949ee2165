"""Answering and ending: which act it is, for what somebody stands towards an edge and where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.mandates.cosigning import cosigners, required
from toegang.mandates.edge import PENDING, State
from toegang.mandates.life import Act
from toegang.mandates.moves import Move

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.mandates.edge import Edge
    from toegang.mandates.law import Law
    from toegang.mandates.moves import Mover


def agreement(edge: Edge, by: Mover, law: Law, now: datetime) -> Move:
    """T3, T6, T7: return the move by which somebody agrees."""
    if edge.state is State.AWAITING_COSIGN:
        return Move(act=Act.CONSENT, by=by, required=required(law, edge, now))
    if edge.state is State.REQUESTED:
        return Move(act=Act.APPROVE, by=by, required=cosigners(law, edge, by.party, now))
    return Move(act=Act.ACCEPT, by=by)


def ending(edge: Edge, by: Mover) -> Act:
    """T8, T9, T12, T13: return the act by which somebody ends it."""
    if edge.state in PENDING:
        return Act.WITHDRAW if edge.initiator == by.behalf else Act.DECLINE
    return Act.RENOUNCE if edge.agent == by.behalf else Act.REVOKE
