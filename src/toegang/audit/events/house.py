"""What happens in the house itself: post, catalogue, keys, decisions looked up, data erased."""

import enum
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from toegang.audit.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PostEvent(Event):
    """What every event about something sent says.

    `message` is the message's own id in the outbox, `purpose` the kind of message (`login-code`,
    `activation-letter`), `attempts` how often it was tried.
    """

    message: UUID
    purpose: str
    attempts: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsHandedOver(PostEvent):
    """A text message was accepted by the gateway.

    `milliseconds` is the time since it was put in the outbox.
    """

    name: ClassVar[str] = "sms:handed-over"

    milliseconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterHandedOver(PostEvent):
    """A letter was accepted by the printer.

    `milliseconds` is the time since it was put in the outbox.
    """

    name: ClassVar[str] = "letter:handed-over"

    milliseconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MailHandedOver(PostEvent):
    """A mail was accepted by the mail server.

    `milliseconds` is the time since it was put in the outbox.
    """

    name: ClassVar[str] = "mail:handed-over"

    milliseconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PostExpired(PostEvent):
    """A message was not sent because its end time had passed."""

    name: ClassVar[str] = "post:expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostFailed(PostEvent):
    """A message was given up.

    `code` is the stable code of the last error.
    """

    name: ClassVar[str] = "post:failed"

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueCount:
    """How many records of one `kind` were `added`, `changed` and `removed`."""

    kind: str
    added: int = 0
    changed: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueChanged(Event):
    """The catalogue got a new version.

    `version` is the new version, `counts` what changed, per kind of record. `by` is the role holder's id
    in the catalogue, or the command that did it; `reason` is the ground that they gave, for instance the
    number of the decision.
    """

    name: ClassVar[str] = "catalogue:changed"

    version: int
    counts: tuple[CatalogueCount, ...]
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyEvent(Event):
    """What every event of a key says.

    `ring` is what the key is for (`signing`, `encryption`, `trail`), `kid` its name, `algorithm` the only
    algorithm that it is used with.
    """

    ring: str
    kid: str
    algorithm: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPublished(KeyEvent):
    """A key was shown to the parties, before its first use."""

    name: ClassVar[str] = "key:published"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyActivated(KeyEvent):
    """A key came into use."""

    name: ClassVar[str] = "key:activated"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRetired(KeyEvent):
    """A key went out of use; what it signed may still be checked."""

    name: ClassVar[str] = "key:retired"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyWithdrawn(KeyEvent):
    """A key may no longer be believed, from this moment."""

    name: ClassVar[str] = "key:withdrawn"


class DecisionReader(enum.StrEnum):
    """Who looked up why a login went as it did."""

    PERSON = "person"
    SERVICE = "service"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionLookedUp(Event):
    """Somebody looked up the decision record of a login.

    `reference` is that login's reference code, `reader` in which role, `client` the client that asked
    for a service, `by` the operator's id in the catalogue or the name of their account on the machine.
    """

    name: ClassVar[str] = "decision:looked-up"

    reference: str
    reader: DecisionReader
    client: str | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalErased(Event):
    """GDPR-17: values about a person were erased from the trail; their commitments stay.

    `count` is how many values. `ground` is why, as a short word (`retention`, `request`). Whoever
    checks the trail adds these counts up: a value missing beyond them was taken away in secret.
    """

    name: ClassVar[str] = "trail:personal-erased"

    count: int
    ground: str
