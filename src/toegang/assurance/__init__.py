"""Assurance: how sure we are of who someone is.

Start in levels.py: one scale, compared in one way, with its names per scheme. steps.py has the steps
that citizens climb on it, from a password to a card.
Never here: which level a service asks (catalogue), what was proven in a login (login).
"""

from toegang.assurance.levels import Level, Scheme, level_named, name_of
from toegang.assurance.steps import Step, step_of

__all__ = ["Level", "Scheme", "Step", "level_named", "name_of", "step_of"]
