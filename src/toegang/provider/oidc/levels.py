"""The one rule for `acr`: what a request must prove, and what the answer is called.

1. The service's level of now is the floor; no request goes below it (WDO-level, NLGOV-OIDC-acr).
2. The client names levels in the `claims` parameter (OIDCC-5.5.1.1) or else in `acr_values`; its own
   aliases count first, then the names of each scheme. Names that nobody knows are passed over, unless
   nothing else was named or the client called them essential: then the request is refused.
3. What must be proven is the floor, or the lowest level named if that is higher.
4. The answer is proven, never echoed. Named as essential, it is the highest of the names asked for that
   was proven; otherwise it is the level proven, in the vocabulary that was asked in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.assurance import Level, Scheme, level_named, name_of
from toegang.errors import LevelNotProven, LevelUnreachable

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.catalogue.values import Client

ALIAS = "alias"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedLevels:
    """What the client asked, understood: `names` with their levels, in its order of preference.

    `vocabulary` is the scheme that the first known name belongs to, or `alias` for the client's own.
    """

    required: Level
    essential: bool
    names: tuple[tuple[str, Level], ...]
    vocabulary: str


def resolve(
    client: Client, floor: Level, asked: tuple[str, ...], *, essential: bool, now: datetime
) -> AskedLevels:
    """Apply steps 1 to 3.

    Raises:
        LevelUnreachable: nothing that was named is known, or an essential name is not.

    """
    known = [(name, *found) for name in asked if (found := _level(client, name, now)) is not None]
    if asked and (not known or (essential and len(known) < len(asked))):
        message = f"client {client.id} asks levels that nobody knows"
        raise LevelUnreachable(message)
    lowest = min((level for _, _, level in known), default=floor)
    return AskedLevels(
        required=max(floor, lowest),
        essential=essential,
        names=tuple((name, level) for name, _, level in known),
        vocabulary=known[0][1] if known else _own_vocabulary(client, now),
    )


def answer_name(client: Client, asked: AskedLevels, proven: Level, now: datetime) -> str:
    """Apply step 4: name the level that was proven.

    Raises:
        LevelNotProven: the vocabulary has no name at or below what was proven.

    """
    if asked.essential and asked.names:
        met = [(level, name) for name, level in asked.names if level <= proven]
        if met:
            return max(met)[1]
        raise LevelNotProven
    if asked.vocabulary == ALIAS:
        found = _alias_of(client, proven, now)
    else:
        found = name_of(proven, Scheme(asked.vocabulary))
    if found is None:
        message = f"{asked.vocabulary} has no name for {proven.name}"
        raise LevelNotProven(message)
    return found


def _level(client: Client, name: str, now: datetime) -> tuple[str, Level] | None:
    for alias in client.acr_aliases:
        if alias.name == name and (alias.until is None or now < alias.until):
            return ALIAS, alias.level
    found = level_named(name)
    return None if found is None else (found[0].value, found[1])


def _alias_of(client: Client, proven: Level, now: datetime) -> str | None:
    living = [alias for alias in client.acr_aliases if alias.until is None or now < alias.until]
    met = [alias for alias in living if alias.level <= proven]
    # In a dual-run the name without an end is the one to grow into.
    best = max(met, key=lambda alias: (alias.level, alias.until is None), default=None)
    return best.name if best else None


def _own_vocabulary(client: Client, now: datetime) -> str:
    living = any(alias.until is None or now < alias.until for alias in client.acr_aliases)
    return ALIAS if living else Scheme.EIDAS.value
