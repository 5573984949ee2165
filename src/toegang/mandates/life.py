"""The life of an edge as one table: which act, by whom, leads from which states to which.

Nothing changes an edge but a line of `TABLE`; what it does not say is refused. Tests are made from the same
table. What must hold besides stands in guards.py, and moving.py does it.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final

from toegang.mandates.edge import LIVE, PENDING, State


class Act(enum.StrEnum):
    """What is done with an edge; the words stand in the trail and never change."""

    REQUEST = "request"
    OFFER = "offer"
    APPROVE = "approve"
    SEND_LETTER = "send-letter"
    ACTIVATE = "activate"
    ACCEPT = "accept"
    CONSENT = "consent"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"
    RESTRICT = "restrict"
    EXTEND = "extend"
    REVOKE = "revoke"
    RENOUNCE = "renounce"
    SUSPEND = "suspend"
    RESUME = "resume"
    SUPERSEDE = "supersede"
    TERMINATE = "terminate"
    VOID = "void"
    TRANSFER = "transfer"


class Side(enum.StrEnum):
    """As what somebody acts. A party has the sides that the edge gives them; the last three are the house."""

    PRINCIPAL = "principal"
    AGENT = "agent"
    CO_PRINCIPAL = "co-principal"
    INITIATOR = "initiator"
    ANSWERER = "answerer"  # of a request or an offer: the side that did not begin it
    OFFICE = "office"  # a desk, the fraud desk, a court: with a decision
    LAW = "law"  # a fact of a register
    CLOCK = "clock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One transition. Without `to` the edge settles: it waits for co-principals, else it is active."""

    number: str
    act: Act
    by: frozenset[Side]
    from_: frozenset[State]
    to: State | None = None


def _line(
    number: str, act: Act, by: set[Side], from_: set[State] | frozenset[State], to: State | None
) -> Line:
    return Line(number=number, act=act, by=frozenset(by), from_=frozenset(from_), to=to)


_NOWHERE: Final = frozenset[State]()
_ANY_PRINCIPAL = {Side.PRINCIPAL, Side.CO_PRINCIPAL, Side.OFFICE}
_HELD = {State.ACTIVE, State.SUSPENDED}

TABLE: Final[tuple[Line, ...]] = (
    _line("T1", Act.REQUEST, {Side.AGENT}, _NOWHERE, State.REQUESTED),
    _line("T2", Act.OFFER, {Side.PRINCIPAL}, _NOWHERE, State.OFFERED),
    _line("T3", Act.APPROVE, {Side.PRINCIPAL}, {State.REQUESTED}, None),
    _line("T4", Act.SEND_LETTER, {Side.AGENT, Side.OFFICE}, {State.REQUESTED}, State.CODE_SENT),
    _line("T5", Act.ACTIVATE, {Side.AGENT}, {State.CODE_SENT}, None),
    _line("T6", Act.ACCEPT, {Side.AGENT}, {State.OFFERED}, None),
    _line("T7", Act.CONSENT, {Side.CO_PRINCIPAL}, {State.AWAITING_COSIGN}, None),
    _line("T8", Act.DECLINE, {Side.ANSWERER, Side.CO_PRINCIPAL}, PENDING, State.DECLINED),
    _line("T9", Act.WITHDRAW, {Side.INITIATOR}, PENDING, State.WITHDRAWN),
    _line("T10", Act.LAPSE, {Side.CLOCK}, PENDING, State.LAPSED),
    _line("T11", Act.RESTRICT, {Side.PRINCIPAL, Side.AGENT}, {State.ACTIVE}, State.ACTIVE),
    _line("T11", Act.EXTEND, {Side.PRINCIPAL}, {State.ACTIVE}, State.ACTIVE),
    _line("T12", Act.REVOKE, _ANY_PRINCIPAL, _HELD, State.REVOKED),
    _line("T13", Act.RENOUNCE, {Side.AGENT}, _HELD, State.RENOUNCED),
    _line("T14", Act.SUSPEND, {Side.OFFICE}, {State.ACTIVE}, State.SUSPENDED),
    _line("T14", Act.RESUME, {Side.OFFICE}, {State.SUSPENDED}, State.ACTIVE),
    _line("T15", Act.SUPERSEDE, {Side.LAW}, _HELD, State.SUPERSEDED),
    _line("T16", Act.TERMINATE, {Side.LAW}, LIVE, State.TERMINATED_BY_LAW),
    _line("T17", Act.VOID, {Side.OFFICE}, LIVE, State.VOID),
    _line("T18", Act.TRANSFER, {Side.LAW}, _NOWHERE, State.ACTIVE),
)

LINES: Final = {line.act: line for line in TABLE}
ENDING: Final = frozenset({Act.DECLINE, Act.WITHDRAW, Act.REVOKE, Act.RENOUNCE})
"""Acts of people that only end something: no level is too low for them, no standing forbids them."""
