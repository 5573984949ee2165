"""Which level another party's word stands for: by the table of its admission, and by nothing else.

A word that the table does not have, or no word at all, proves nothing. Without a table the other party
speaks the names of the eID scheme.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.assurance import Level, Scheme, level_named, name_of

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.catalogue.values import AdmittedMeans

NOTHING = Level.MINIMAL


def level_of(admission: AdmittedMeans, name: str, now: datetime) -> Level:
    """Return the level that `name` proves; the lowest there is when nobody knows the name."""
    if not admission.levels:
        found = level_named(name)
        return found[1] if found and found[0] is Scheme.EIDAS else NOTHING
    return max((level for known, level in _table(admission, now) if known == name), default=NOTHING)


def names_for(admission: AdmittedMeans, required: Level, now: datetime) -> tuple[str, ...]:
    """Return the names that prove at least `required`, those of the lowest level first."""
    enough = [(level, name) for name, level in _table(admission, now) if level >= required]
    return tuple(name for _, name in sorted(enough, key=lambda pair: pair[0]))


def reach(admission: AdmittedMeans) -> Level:
    """Return the highest level that the other party has a name for."""
    return max((alias.level for alias in admission.levels), default=Level.HIGH)


def _table(admission: AdmittedMeans, now: datetime) -> tuple[tuple[str, Level], ...]:
    if admission.levels:
        return tuple(
            (alias.name, alias.level)
            for alias in admission.levels
            if alias.until is None or now < alias.until
        )
    named = ((name_of(level, Scheme.EIDAS), level) for level in Level)
    return tuple(
        (name, level)
        for name, level in named
        if name and level_named(name, Scheme.EIDAS) == (Scheme.EIDAS, level)
    )
