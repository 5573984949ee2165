"""Notices to a person, left by a room that knows persons and carried by the one that knows accounts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Self
from uuid import UUID

from toegang.post.outbox import Message
from toegang.post.texts import SmsPurpose

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.ids import Ids

KIND: Final = "person:notice"
LIFETIME: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonNotice:
    """What is to be told to a person, by the ways that their account has for it."""

    person: UUID
    purpose: SmsPurpose

    def message(self, ids: Ids, now: datetime) -> Message:
        """Return it as a message to ourselves."""
        return Message(
            id=ids.uuid(),
            kind=KIND,
            to_party="account",
            payload=json.dumps({"person": str(self.person), "purpose": self.purpose}).encode(),
            until=now + LIFETIME,
            purpose=self.purpose,
        )

    @classmethod
    def read(cls, payload: bytes) -> Self:
        """Read it back."""
        found = json.loads(payload)
        return cls(person=UUID(found["person"]), purpose=SmsPurpose(found["purpose"]))
