"""Who does something with a mandate, for whom, and what somebody proposes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind, Power
from toegang.mandates.scope import UNRESTRICTED

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.mandates.edge import EdgeId
    from toegang.mandates.party import PartyId
    from toegang.mandates.scope import Restriction, Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """For which side it is done, and what the login proved; `by` does it where that is somebody else.

    Whoever makes one with `by` has looked that they may (standing_in.py); each move asks once more. With
    `over` they may by order of a court over some matters, and nothing else is theirs to see (matters.py).
    """

    party: PartyId
    level: Level
    by: PartyId | None = None
    over: frozenset[Power] | None = None

    @property
    def person(self) -> PartyId:
        """Who is here."""
        return self.party if self.by is None else self.by


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What somebody wants to give or ask: for which scopes, from when until when.

    `read` is the text that they read before they did it; `renews` the mandate that this one follows up.
    `kind` follows from who the two are. Of an organisation its employees act. With `grants` who acts may give
    it on. It is worth `level` at most. `restriction` is what may be done there.
    """

    scopes: tuple[Scope, ...]
    from_: datetime
    until: datetime
    read: str = field(repr=False)
    renews: EdgeId | None = None
    kind: EdgeKind = EdgeKind.VOLUNTARY
    to_organisation: bool = False
    grants: bool = False
    level: Level = Level.HIGH
    restriction: Restriction = UNRESTRICTED
