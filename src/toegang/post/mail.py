"""Mail: plain text of a fixed form, put in the outbox in the unit of the act, handed to one mail server.

A mail tells a person something and asks nothing: it is never a factor of a login, recovers nothing, has no
link but the hub's own name, and cannot be answered. What a server takes it answers for (RFC5321-6.1); that
it later brings it back we do not see.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING, Final

from toegang.audit.events import MailHandedOver
from toegang.errors import PartyClosed
from toegang.post.mail_texts import MAILS, NOTICE, MailPurpose
from toegang.post.outbox import Message
from toegang.post.texts import SMS, SmsPurpose

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toegang.audit.event import Event
    from toegang.ids import Ids
    from toegang.outbound.smtp import MailWire
    from toegang.post.mail_address import MailAddress
    from toegang.post.outbox import Outbox, Sealed
    from toegang.units import Unit

KIND: Final = "mail"
PARTY: Final = "mail-server"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail to be: a notice (the same words as its text message) or one of our own `MailPurpose`.

    `values` fill the braces of its text. `notice` is what its room gets back if it cannot be brought.
    """

    purpose: SmsPurpose | MailPurpose
    to: MailAddress
    language: str
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    notice: str = field(default="", repr=False)

    def written(self, host: str) -> tuple[str, str]:
        """Return its subject and its text."""
        language = "en" if self.language == "en" else "nl"
        text = NOTICE[language]
        said = ""
        if isinstance(self.purpose, MailPurpose):
            text = MAILS[self.purpose][language]
        else:
            said = SMS[self.purpose][language].format(host=host)
        return text.subject.format(**self.values), text.text.format(host=host, said=said, **self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPost:
    """The door for mail; `host` is the hub's own host name."""

    outbox: Outbox
    ids: Ids
    host: str

    async def send(self, unit: Unit, mail: Mail, until: datetime, now: datetime) -> None:
        """Put the mail in the outbox, to be handed over before `until`."""
        subject, text = mail.written(self.host)
        content = {
            "to": mail.to.address,
            "subject": subject,
            "text": text,
            "language": "en" if mail.language == "en" else "nl",
            "at": now.isoformat(),
            "notice": mail.notice,
        }
        message = Message(
            id=self.ids.uuid(),
            kind=KIND,
            to_party=PARTY,
            payload=json.dumps(content).encode(),
            until=until,
            purpose=mail.purpose,
        )
        await self.outbox.put(unit, message, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailCarrier:
    """Hands mail to the server, from the address `sender`, which people see as `name`."""

    wire: MailWire
    sender: MailAddress
    name: str
    host: str

    async def carry(self, message: Message) -> None:
        """Write the mail out and hand it over; at each try it is the same, with the same Message-ID.

        Raises:
            Unavailable: the server did not take it.
            Malformed: the server will never take it.

        """
        content = json.loads(message.payload)
        written = self.compose(content, str(message.id)).as_bytes()
        await self.wire.deliver(self.sender.address, content["to"], written)

    def compose(self, content: Mapping[str, str], id_: str) -> EmailMessage:
        """RFC5322-3.6, RFC3834-5: write a mail that no answering machine answers.

        The library refuses a header with the end of a line in it, wherever that came from.
        """
        mail = EmailMessage(policy=SMTP)
        mail["From"] = Address(display_name=self.name, addr_spec=self.sender.address)
        mail["To"] = Address(addr_spec=content["to"])
        mail["Subject"] = content["subject"]
        mail["Date"] = format_datetime(datetime.fromisoformat(content["at"]))
        mail["Message-ID"] = f"<{id_}@{self.host.partition(':')[0]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail["Content-Language"] = content["language"]
        mail.set_content(content["text"], charset="utf-8", cte="quoted-printable")
        return mail


@dataclass(frozen=True, slots=True)
class NoMail:
    """Carries what was to be mailed before the mail server was taken out of the settings: it goes back."""

    async def carry(self, message: Message) -> None:
        """Refuse.

        Raises:
            PartyClosed: always.

        """
        del message
        detail = "no mail server is set any more"
        raise PartyClosed(detail)


def handed_over(message: Sealed, now: datetime) -> Event:
    """Make the event of a mail that the server took."""
    return MailHandedOver(
        at=now,
        message=message.id,
        purpose=message.purpose,
        attempts=message.attempts,
        milliseconds=max(0, round((now - message.put_at).total_seconds() * 1000)),
    )
