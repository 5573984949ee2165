"""The steps that citizens climb, each surer than the one before: which one an account stands at.

    step           what the account's best means is
    PASSWORD       a password alone
    SMS            a password, and a code by text message
    PASSKEY        a passkey
    APP            the app
    SUBSTANTIAL    any means at level substantial, such as the app after a check of a document
    HIGH           any means at level high, such as a card with a chip

Which means makes which step is said by `step_of` and nowhere else.
"""

from __future__ import annotations

import enum

from toegang.assurance.levels import Level

ACCOUNT = "account"
APP = "app"
PASSKEY = "passkey"


class Step(enum.StrEnum):
    """A step, in the order of climbing. The words are stored and never change."""

    PASSWORD = "password"  # noqa: S105 the name of a step
    SMS = "sms"
    PASSKEY = "passkey"
    APP = "app"
    SUBSTANTIAL = "substantial"
    HIGH = "high"

    @property
    def rank(self) -> int:
        """How far up it is."""
        return _ORDER.index(self)

    def reaches(self, other: Step) -> bool:
        """Tell whether it is as far up as `other`, or further."""
        return self.rank >= other.rank


_ORDER = tuple(Step)
_AT_LOW = {ACCOUNT: Step.SMS, PASSKEY: Step.PASSKEY, APP: Step.APP}


def step_of(kind: str, level: Level) -> Step:
    """Return the step of a means that can prove `level`.

    `kind` is what it is: `account`, `app`, `passkey`; another word counts as the app does.
    """
    if level >= Level.HIGH:
        return Step.HIGH
    if level >= Level.SUBSTANTIAL:
        return Step.SUBSTANTIAL
    return _AT_LOW.get(kind, Step.APP) if level >= Level.LOW else Step.PASSWORD
