"""What came through the gate in one snapshot, and while when (gate.py).

A snapshot never changes: who is known, enabled and not blocked in it stays so, and only time closes what was
open. So a party that came through comes through again, with one look, while it and all that it rests on
are within their dates; a login asks for some eighteen. Outside of these, and for every refusal, the gate
looks anew.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, TypeVar, cast

if TYPE_CHECKING:
    from toegang.catalogue.parts import Validity

Party = TypeVar("Party")

MOST: Final = 8_192
"""Parties that are known at once, some 250 bytes each; as many records stay read (packed.py)."""

_EVER: Final = datetime.min.replace(tzinfo=UTC)
_NEVER: Final = datetime.max.replace(tzinfo=UTC)


class Passed:
    """What came through; each snapshot begins with nothing."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        """Know of nobody."""
        self._known: dict[tuple[type, object], tuple[object, datetime, datetime]] = {}

    def find(self, kind: type[Party], id: object, now: datetime) -> Party | None:  # noqa: A002 the word of the field
        """Return the record of this kind and id if it is known to be open at `now`; None says nothing."""
        known = self._known.get((kind, id))
        return cast("Party", known[0]) if known is not None and known[1] <= now < known[2] else None

    def keep(self, id: object, party: Party, *validities: Validity) -> Party:  # noqa: A002
        """Remember a party that came through, within all these validities; return it."""
        if len(self._known) >= MOST:
            self._known.clear()
        begins = max(each.from_ or _EVER for each in validities)
        ends = min(each.until or _NEVER for each in validities)
        self._known[type(party), id] = party, begins, ends
        return party
