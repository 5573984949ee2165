"""Statements: that somebody may act for another, for one login, to be redeemed once by whom it is for."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NewType
from uuid import UUID

from toegang.assurance import Level
from toegang.catalogue.values import ServiceId
from toegang.mandates.edge import EdgeId
from toegang.mandates.party import PartyId, Standing
from toegang.mandates.scope import Restriction

if TYPE_CHECKING:
    from collections.abc import Iterable

    from toegang.mandates.link import Link
    from toegang.mandates.party import Party

StatementId = NewType("StatementId", UUID)

LIVES: Final = timedelta(minutes=5)
"""How long a statement can be redeemed."""

CLOCKS_APART: Final = timedelta(minutes=5)
"""P28: whoever ends a mandate may read a clock that is so far ahead of that of who redeems a statement."""


class Status(enum.StrEnum):
    """What became of it; the words are stored and never change."""

    ISSUED = "issued"
    REDEEMED = "redeemed"
    CONTESTED = "contested"  # an edge that it rests on ended while it could be redeemed
    ENDED = "ended"  # redeemed, and found later to rest on what the law gives no more


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """What a statement is bound to; whoever redeems it must know all of it.

    `transaction` is the login's id: one login has one statement. `audience` is who redeems it, `nonce` what
    its request carried, `session` the browser's.
    """

    transaction: str = field(repr=False)
    audience: str
    nonce: str = field(repr=False)
    session: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Step:
    """One link of the path as it was: its edge in this version, or (None) what the law gave."""

    edge: EdgeId | None
    version: int
    basis: str
    agent: PartyId
    principal: PartyId


def steps(links: Iterable[Link]) -> tuple[Step, ...]:
    """Return links as they were looked at."""
    return tuple(Step(link.edge, link.version, link.basis, link.agent, link.principal) for link in links)


@dataclass(frozen=True, slots=True)
class Met:
    """A party on the path as it was looked at."""

    party: PartyId
    standing: Standing
    since: datetime | None


def as_met(met: Met, party: Party | None) -> bool:
    """Tell whether a party is as it was met."""
    return party is not None and (party.standing, party.since) == (met.standing, met.since)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """That `actor` may act for `principal` at a service, as it was decided and on what it rests.

    `until` is when it can no longer be redeemed, `valid_until` when the authority itself ends (None: no end
    known). `rules` is the version of the service's rules. While it waits, nobody of `met` changes. `under` is
    what links of the path rest on.
    """

    id: StatementId
    binding: Binding
    actor: PartyId
    principal: PartyId
    service: ServiceId
    path: tuple[Step, ...]
    level: Level
    restriction: Restriction
    rules: int
    issued_at: datetime
    until: datetime
    valid_until: datetime | None
    status: Status = Status.ISSUED
    met: tuple[Met, ...] = ()
    under: tuple[Step, ...] = ()

    @property
    def beside(self) -> tuple[str, ...]:
        """The orders of a court beside the last authority, where it took two (BW-1:441, BW-1:453)."""
        far = self.path[-1]
        if far.edge is not None:
            return ()
        ends = (None, far.agent, far.principal)
        return tuple(each.basis for each in self.under if (each.edge, each.agent, each.principal) == ends)
