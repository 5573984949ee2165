"""Assurance: how sure we are of who someone is.

Start in levels.py: one scale, compared in one way, with its names per scheme.
Never here: which level a service asks (catalogue), what was proven in a login (login).
"""

from toegang.assurance.levels import Level, Scheme, level_named, name_of

__all__ = ["Level", "Scheme", "level_named", "name_of"]
