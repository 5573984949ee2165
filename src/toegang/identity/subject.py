"""Who was proven by a login means: a person of ours, or somebody else's identifier."""

from __future__ import annotations

from dataclasses import dataclass

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
