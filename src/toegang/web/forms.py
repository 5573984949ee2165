"""What a page's form shows: the values filled in before, and what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from toegang.hot import hot

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


def _nothing() -> Mapping[str, Any]:
    """Return an empty mapping that cannot change."""
    return MappingProxyType({})


@hot(frozen=True, slots=True, kw_only=True)
class Form:
    """A form to render: `csrf` is the proof of origin, hidden in it.

    `values` are shown again (never a password or a code). `errors` tells per field, in the page's
    order, why it was refused: keys of words.REASONS.
    """

    csrf: str = ""
    values: Mapping[str, str] = field(default_factory=_nothing)
    errors: Mapping[str, tuple[str, ...]] = field(default_factory=_nothing)


@hot(frozen=True, slots=True, kw_only=True)
class TimeLeft:
    """Until when a page may be used: the moment, and the seconds from now (WCAG22-2.2.1).

    `more` tells whether more time can be asked.
    """

    until: datetime
    seconds: int
    more: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A message above a page; `tone` is info, ok, warning or error."""

    text: str
    tone: str = "info"
