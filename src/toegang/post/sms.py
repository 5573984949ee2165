"""Text messages: composed in the unit of the act, handed to a gateway that speaks HTTP.

The protocol of the gateway stands in docs/protocols/sms-gateway.md.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from toegang.audit.events import SmsHandedOver
from toegang.post.handover import hand_over
from toegang.post.outbox import Message
from toegang.post.texts import SMS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from toegang.audit.event import Event
    from toegang.errors import Refusal
    from toegang.ids import Ids
    from toegang.outbound.client import Outbound
    from toegang.post.budget import SmsBudget
    from toegang.post.outbox import Outbox, Sealed
    from toegang.post.telephone import Telephone
    from toegang.post.texts import SmsPurpose
    from toegang.units import Unit

KIND: Final = "sms"
PARTY: Final = "sms-gateway"

ASKED: Final = frozenset({"login-code", "number-code", "recovery-code"})
"""The purposes that somebody outside can cause; only these are held to the budget."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sms:
    """One text message to be: `values` fill the braces of its text, such as `code`.

    `notice` is what its room gets back if it cannot be brought.
    """

    purpose: SmsPurpose
    to: Telephone
    language: str
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    notice: str = field(default="", repr=False)

    def text(self, host: str) -> str:
        """Write the message out; `host` is ours, to which codes are bound."""
        language = "en" if self.language == "en" else "nl"
        return SMS[self.purpose][language].format(host=host, **self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsPost:
    """The door for text messages; `host` is the hub's own host name."""

    outbox: Outbox
    budget: SmsBudget
    ids: Ids
    host: str

    async def send(self, unit: Unit, sms: Sms, until: datetime, now: datetime) -> UUID | Refusal:
        """Put the message in the outbox, to be sent before `until`; return its id.

        Returns (for the unit to return) TooManyTries when the budget for its country, or the whole, is
        spent, or when codes to that country are hardly ever used (security line L05). Notices to a
        person about their own account always go.
        """
        if sms.purpose in ASKED:
            refusal = await self.budget.spend(unit, sms.to, now)
            if refusal is not None:
                return refusal
        message = Message(
            id=self.ids.uuid(),
            kind=KIND,
            to_party=PARTY,
            payload=json.dumps(
                {"to": sms.to.number, "text": sms.text(self.host), "notice": sms.notice}
            ).encode(),
            until=until,
            purpose=sms.purpose,
        )
        await self.outbox.put(unit, message, now)
        return message.id


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsCarrier:
    """Hands text messages to the gateway at `url`, proven by the bearer `secret`.

    `sender` is what the telephone shows as sender; empty leaves that to the gateway.
    """

    outbound: Outbound
    url: str
    secret: str = field(repr=False)
    sender: str = ""

    async def carry(self, message: Message) -> None:
        """Hand the message over.

        Raises:
            Unavailable: the gateway did not take it.
            Refusal: the gateway says that it can never be sent.

        """
        found = json.loads(message.payload)
        content = {"to": found["to"], "text": found["text"], "valid_until": message.until.isoformat()}
        if self.sender:
            content["sender"] = self.sender
        await hand_over(
            self.outbound,
            PARTY,
            f"{self.url}/messages/{message.id}",
            self.secret,
            json.dumps(content).encode(),
        )


def handed_over(message: Sealed, now: datetime) -> Event:
    """Make the event of a text message that the gateway accepted."""
    return SmsHandedOver(
        at=now,
        message=message.id,
        purpose=message.purpose,
        attempts=message.attempts,
        milliseconds=max(0, round((now - message.put_at).total_seconds() * 1000)),
    )
