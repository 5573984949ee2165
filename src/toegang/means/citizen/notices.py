"""What other rooms must hear of an account: a typed message in the outbox, in the unit of the act."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Self
from uuid import UUID

from toegang.identity.people import PersonId
from toegang.post.outbox import Message

if TYPE_CHECKING:
    from toegang.ids import Ids

KIND: Final = "account:proofs-withdrawn"
LIFETIME: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofsWithdrawn:
    """What this account proved before `at` counts no more: sessions that rest on it are to be ended.

    An empty `account` means every account that the person has at this means, an empty `means` whatever was
    proven by any means, an empty `authenticator` every device that proved it. `why` is a short word:
    `password-changed`, `recovered`, `misuse`, `suspended`, `blocked`, `held`, `ended`, `number-changed`,
    `logged-out`, `link-ended`, `app-stopped`, `app-lowered`, `passkey-stopped`, `passkey-lowered`,
    `card-stopped`, `card-reported`.
    Nothing waits for this message: from the commit on `check_usable` refuses the old proofs.
    """

    means: str
    account: str
    person: PersonId | None
    why: str
    at: datetime
    authenticator: str = ""

    def message(self, ids: Ids) -> Message:
        """Write it for the outbox, to whoever registered a carrier of this kind."""
        content = {
            "means": self.means,
            "account": self.account,
            "person": str(self.person) if self.person else None,
            "why": self.why,
            "at": self.at.isoformat(),
            "authenticator": self.authenticator,
        }
        return Message(
            id=ids.uuid(),
            kind=KIND,
            to_party="login",
            payload=json.dumps(content).encode(),
            until=self.at + LIFETIME,
            purpose="proofs-withdrawn",
        )

    @classmethod
    def read(cls, message: Message) -> Self:
        """Read it back from the outbox."""
        found = json.loads(message.payload)
        return cls(
            means=found["means"],
            account=found["account"],
            person=PersonId(UUID(found["person"])) if found["person"] else None,
            why=found["why"],
            at=datetime.fromisoformat(found["at"]),
            authenticator=found.get("authenticator", ""),
        )
