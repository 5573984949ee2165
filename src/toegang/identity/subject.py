"""Who was proven by a login means: a person of ours, or somebody else's identifier."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from toegang.identity.people import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The proven subject: `person` where we know the person behind the means.

    `issuer` and `identifier` name the account at its issuer (unique together, never reused); from an
    unlinked external means there is no person, and such a subject yields only a pseudonym.
    """

    issuer: str
    identifier: str
    person: PersonId | None = None


class RepresentedKind(enum.StrEnum):
    """What somebody acts for: a person, or an organisation by one of its numbers."""

    PERSON = "person"
    KVK = "kvk"
    RSIN = "rsin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Represented:
    """Whom somebody acts for, as the means that proved them vouches for it.

    `number` is an organisation's, `person` a person of ours; the other of the two is empty. `types` say in
    which capacity (STSAML-4.3), in the words of who vouches. `intermediary` is the KVK number of who stands
    between them in a chain (ETD-1.13), empty for none.
    """

    kind: RepresentedKind
    number: str = field(default="", repr=False)
    person: PersonId | None = None
    types: tuple[str, ...] = ()
    intermediary: str = field(default="", repr=False)
