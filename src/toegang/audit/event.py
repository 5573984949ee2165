"""What every event has, and how personal data may stand in one."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Personal:
    """A value about a person, in an event: the trail keeps a commitment to it, never the value itself.

    The leaf of the tree holds SHA-256(salt || value); salt and value stand in a row of their own that
    may be erased (GDPR-17). The proof stays, and whoever still holds both can show what was meant.
    `value` is None when it was erased: then nothing but the commitment is left.
    """

    value: str | None = field(repr=False)

    @classmethod
    def of(cls, value: object) -> "Personal":
        """Wrap anything that has a stable text, such as a person's id or the network of an address."""
        return cls(str(value))

    @classmethod
    def maybe(cls, value: object | None) -> "Personal | None":
        """Wrap a value that may be absent."""
        return None if value is None else cls.of(value)

    def __str__(self) -> str:
        """Hide the value."""
        return "personal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened: a fact of one kind, never a line of text.

    `name` is `subject:what-happened` and never changes once it was recorded. `at` is the moment of the
    act, in UTC, from the clock of whoever acted. A field that is added later has a default, so that old
    events stay readable.
    """

    name: ClassVar[str]

    at: datetime
