"""The register's own answer: who has authority over a minor, as the population register itself derives it."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from toegang.identity.numbers import Bsn
    from toegang.registers.families import PartialDate


class Relation(enum.StrEnum):
    """The kinds of authority, in the words of the published interface (GEZAG)."""

    JOINT = "GezamenlijkOuderlijkGezag"
    SOLE = "EenhoofdigOuderlijkGezag"
    WITH_THIRD = "GezamenlijkGezag"
    GUARDIANSHIP = "Voogdij"
    NONE_FOR_NOW = "TijdelijkGeenGezag"
    UNDETERMINED = "GezagNietTeBepalen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Custody:
    """One relation in an answer: over `child`, by `holders` and by so many who have no number here.

    `born` is the child's birth date, None where the register does not tell it.
    """

    child: Bsn
    born: PartialDate | None
    relation: Relation
    holders: frozenset[Bsn] = field(default=frozenset(), repr=False)
    unnamed: int = 0
    investigated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What the register at `source` said at `as_of`, by whom it was asked about: over or by them."""

    about: Mapping[Bsn, tuple[Custody, ...]] = field(repr=False)
    as_of: datetime
    source: str


class CustodyRegister(Protocol):
    """Asks the population register who has authority over whom."""

    async def find(self, people: frozenset[Bsn]) -> Answers:
        """Find what there is over and by at most MOST_ASKED people (families.py).

        Raises:
            ValueError: more are asked.
            Unavailable: the register does not answer, or not in its own form.

        """
        ...
