"""Class references: what a request must prove, and what the answer is called.

1. The service's level of now is the floor; where the scheme says so, a request may go below it (ETD-LoA).
2. A request names levels by their references, in its order of preference; a connection's own aliases count
   first. References that nobody knows are passed over, unless nothing else was named (SAMLCore-3.3.2.2.1).
3. What must be proven is the floor, or the lowest level named if that is higher.
4. The answer is proven, never echoed. Asked as exact, it is the highest of the references asked that was
   proven; otherwise it is the level proven, in the vocabulary that was asked in, or the profile's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.assurance import Level, Scheme, level_named, name_of
from toegang.errors import LevelNotProven, LevelUnreachable, ProtocolRefusal
from toegang.hot import hot
from toegang.provider.saml.status import NOT_OFFERED
from toegang.saml.messages import Comparison

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.catalogue.values import AcrAlias, Connection
    from toegang.provider.saml.profiles import Profile
    from toegang.saml.messages import RequestedContext

ALIAS = "alias"


@hot(frozen=True, slots=True, kw_only=True)
class AskedLevels:
    """What was asked, understood: the `names` known with their levels, in the order of preference.

    `vocabulary` is the scheme in which the answer is called, or `alias` for the connection's own names.
    """

    required: Level
    exact: bool = False
    names: tuple[tuple[str, Level], ...] = ()
    vocabulary: str


@hot(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who asks a level, how they are spoken with, and the level that the catalogue has for the service."""

    connection: Connection
    profile: Profile
    floor: Level
    now: datetime


def resolve(asking: Asking, requested: RequestedContext | None) -> AskedLevels:
    """Apply steps 1 to 3.

    Raises:
        ProtocolRefusal: the profile does not let a request name levels, or not in this way.
        LevelUnreachable: nothing that was named is known.

    """
    if requested is None:
        return AskedLevels(required=asking.floor, vocabulary=_own_vocabulary(asking))
    comparison = requested.comparison
    if comparison not in asking.profile.comparisons:
        raise ProtocolRefusal(NOT_OFFERED, "Level of assurance cannot be asked in this way")
    known = [(name, *found) for name in requested.classes if (found := _level(asking, name)) is not None]
    if not known:
        message = f"connection {asking.connection.id} asks levels that nobody knows"
        raise LevelUnreachable(message)
    lowest = min(level for _, _, level in known)
    return AskedLevels(
        required=lowest if asking.profile.below_catalogue else max(asking.floor, lowest),
        exact=comparison is Comparison.EXACT,
        names=tuple((name, level) for name, _, level in known),
        vocabulary=known[0][1],
    )


def answer_name(asking: Asking, asked: AskedLevels, proven: Level) -> str:
    """Apply step 4: name the level that was proven.

    Raises:
        LevelNotProven: there is no name at or below what was proven.

    """
    if asking.profile.substantial_asked and proven is Level.SUBSTANTIAL and asked.required < proven:
        # LegacySAML-3: a service for which this level is not switched on does not know its name.
        proven = Level.LOW
    met = [(level, name) for name, level in asked.names if level <= proven]
    if asked.exact and asked.names:
        found = max(met)[1] if met else None
    elif asked.vocabulary == ALIAS:
        found = _alias_of(asking, proven)
    else:
        found = name_of(proven, Scheme(asked.vocabulary))
    if found is None:
        message = f"{asked.vocabulary} has no name for {proven.name}"
        raise LevelNotProven(message)
    return found


def _level(asking: Asking, name: str) -> tuple[str, Level] | None:
    for alias in _living(asking):
        if alias.name == name:
            return ALIAS, alias.level
    found = level_named(name)
    return None if found is None else (found[0].value, found[1])


def _alias_of(asking: Asking, proven: Level) -> str | None:
    met = [alias for alias in _living(asking) if alias.level <= proven]
    # In a dual-run the name without an end is the one to grow into.
    best = max(met, key=lambda alias: (alias.level, alias.until is None), default=None)
    return best.name if best else None


def _own_vocabulary(asking: Asking) -> str:
    return ALIAS if _living(asking) else asking.profile.scheme.value


def _living(asking: Asking) -> list[AcrAlias]:
    aliases = asking.connection.acr_aliases
    return [alias for alias in aliases if alias.until is None or asking.now < alias.until]
