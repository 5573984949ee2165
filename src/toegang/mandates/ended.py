"""What other rooms must hear of a mandate that ended: a typed message, in the unit of the move."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Self
from uuid import UUID

from toegang.mandates.edge import EdgeId
from toegang.post.outbox import Message

if TYPE_CHECKING:
    from toegang.ids import Ids

KIND: Final = "mandate:ended"
LIVES: Final = timedelta(hours=24)
"""How long after it was redeemed a statement counts as in use: no grant lives longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateEnded:
    """At `at` a mandate ended, or became less than it was, on which statements in use rest.

    Nothing waits for this message: from the commit on no decision rests on the mandate as it was.
    """

    edge: EdgeId
    at: datetime

    def message(self, ids: Ids) -> Message:
        """Write it for the outbox, to whoever registered a carrier of this kind."""
        content = {"edge": str(self.edge), "at": self.at.isoformat()}
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
        return cls(edge=EdgeId(UUID(found["edge"])), at=datetime.fromisoformat(found["at"]))
