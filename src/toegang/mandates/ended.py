"""What other rooms must hear of a mandate that ended: a typed message, in the unit of the move."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Self
from uuid import UUID

from toegang.mandates.edge import EdgeId
from toegang.mandates.party import PartyId
from toegang.mandates.statement import StatementId
from toegang.post.outbox import Message

if TYPE_CHECKING:
    from toegang.ids import Ids
    from toegang.mandates.statement import Statement

KIND: Final = "mandate:ended"
BY_LAW: Final = "statement:ended"
PARTY: Final = "party:changed"
LIVES: Final = timedelta(hours=24)
"""How long after it was redeemed a statement counts as in use: no grant lives longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateEnded:
    """At `at` a mandate ended, or became less than it was, on which statements in use rest.

    `version` is the mandate's since: what a new login states by that one stands. Nothing waits for this
    message: from the commit on no decision rests on the mandate as it was.
    """

    edge: EdgeId
    version: int
    at: datetime

    def message(self, ids: Ids) -> Message:
        """Write it for the outbox, to whoever registered a carrier of this kind."""
        content = {"edge": str(self.edge), "version": self.version, "at": self.at.isoformat()}
        return Message(
            id=ids.uuid(),
            kind=KIND,
            to_party="provider",
            payload=json.dumps(content).encode(),
            until=self.at + LIVES,
            purpose="mandate-ended",
        )

    @classmethod
    def read(cls, message: Message) -> Self:
        """Read it back from the outbox."""
        found = json.loads(message.payload)
        edge, at = EdgeId(UUID(found["edge"])), datetime.fromisoformat(found["at"])
        return cls(edge=edge, version=found["version"], at=at)

    def ends(self, statement: Statement) -> bool:
        """Tell whether a statement that rests on the mandate was made by it as it was before."""
        steps = (*statement.path, *statement.under)
        return any(step.edge == self.edge and step.version < self.version for step in steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementEnded:
    """At `at` it was found that what the law gave ended, on which a statement in use rests."""

    statement: StatementId
    at: datetime

    def message(self, ids: Ids) -> Message:
        """Write it for the outbox, to whoever registered a carrier of this kind."""
        content = {"statement": str(self.statement), "at": self.at.isoformat()}
        return Message(
            id=ids.uuid(),
            kind=BY_LAW,
            to_party="provider",
            payload=json.dumps(content).encode(),
            until=self.at + LIVES,
            purpose="statement-ended",
        )

    @classmethod
    def read(cls, message: Message) -> Self:
        """Read it back from the outbox."""
        found = json.loads(message.payload)
        return cls(statement=StatementId(UUID(found["statement"])), at=datetime.fromisoformat(found["at"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyChanged:
    """At `at` a register told that a party died, lives after all, or is otherwise than it was.

    Nothing waits for it: from the commit on nothing holds that was stated about the party as it was.
    """

    party: PartyId
    at: datetime

    def message(self, ids: Ids) -> Message:
        """Write it for the outbox, to whoever registered a carrier of this kind."""
        content = {"party": str(self.party), "at": self.at.isoformat()}
        return Message(
            id=ids.uuid(),
            kind=PARTY,
            to_party="mandates",
            payload=json.dumps(content).encode(),
            until=self.at + LIVES,
            purpose="party-changed",
        )

    @classmethod
    def read(cls, message: Message) -> Self:
        """Read it back from the outbox."""
        found = json.loads(message.payload)
        return cls(party=PartyId(UUID(found["party"])), at=datetime.fromisoformat(found["at"]))
