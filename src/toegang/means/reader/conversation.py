"""What a reader session is for: a conversation, round by round, and how it can end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from toegang.catalogue.values import Text
    from toegang.errors import Refusal
    from toegang.units import Unit

Round = tuple[bytes, ...]
"""Commands for a chip in the order in which a reader sends them, or the answers to those."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One message of a reader: what its person gave (the octets of a JSON object), or a chip's answers."""

    given: bytes = field(default=b"", repr=False)
    answers: Round = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """Everything in a session, on whatever node: what it is about, what we drew for it, what was said so far.

    `subject` is of whoever began the session: whose account or which login; a reader never sees it.
    `nonce` and `secret` are 32 octets each. `reference` is what the person sees, and events carry.
    """

    purpose: str
    subject: str = field(repr=False)
    reference: str
    nonce: bytes = field(repr=False)
    secret: bytes = field(repr=False)
    said: tuple[Said, ...] = field(default=(), repr=False)

    @property
    def size(self) -> int:
        """Octets that were said."""
        return sum(len(each.given) + sum(map(len, each.answers)) for each in self.said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the reader asks its person next, by names that the protocol page explains, and about what."""

    asks: tuple[str, ...]
    about: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """It went well; `result` waits, sealed, for the page that began the session."""

    result: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """It came to nothing: `reason` is for log and trail, `advice` the word for what the person can do.

    Reader and page show the advice and nothing else, so it must not tell a thief what did not match.
    """

    reason: str
    advice: str


End = Accepted | Refused
Next = Question | Round | Accepted | Refused


class Conversation(Protocol):
    """A purpose of reader sessions."""

    async def admit(self, unit: Unit, talk: Talk, now: datetime) -> Refusal | None:
        """Say, in the unit in which a reader takes the session, whether it may be held; count the attempt."""
        ...

    async def advance(self, talk: Talk, now: datetime) -> Next:
        """Return what comes next after all that was said; computed from the beginning, outside any unit.

        The first time nothing was said. It may be asked for the same talk more than once.

        Raises:
            Malformed: the last that was said is not as the protocol has it; the reader may say it again.
            DocumentRefused: a document or its chip is not believed, which ends the session.
            Unavailable: something is needed that does not answer; the reader may say it again.

        """
        ...

    async def conclude(self, unit: Unit, talk: Talk, end: End, now: datetime) -> End:
        """Write what follows from the end, in the unit that ends the session; the end may get worse."""
        ...


def in_both(texts: Mapping[str, Text]) -> dict[str, str]:
    """Write names for a `Question.about`, each in both languages: a reader shows its person's own (L08)."""
    return {f"{name}_{language}": text[language] for name, text in texts.items() for language in ("nl", "en")}
