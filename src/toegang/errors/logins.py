"""Refusals of a login under way: its level, its browser, its order, and the means of other parties."""

from __future__ import annotations

from toegang.errors.root import Refusal


class UserInteractionNeeded(Refusal):
    """A silent login was asked, but a person must act."""

    code = "user-interaction-needed"


class ChoiceNeeded(UserInteractionNeeded):
    """A silent login was asked of somebody who is logged in, and who has to say for whom they act."""

    code = "choice-needed"


class ConsentNeeded(UserInteractionNeeded):
    """A silent login was asked of somebody who is logged in, and who has to agree to what is told."""

    code = "consent-needed"


class LevelUnreachable(Refusal):
    """No means that may be used here can reach the level asked."""

    code = "level-unreachable"


class LevelNotProven(Refusal):
    """What was proven is lower than what must be proven."""

    code = "level-not-proven"


class Cancelled(Refusal):
    """The person stopped."""

    code = "cancelled"


class LoginUnknown(Refusal):
    """No such login under way."""

    code = "login-unknown"


class LoginExpired(Refusal):
    """The login took too long."""

    code = "login-expired"


class LoginElsewhere(Refusal):
    """The login belongs to another browser, or this browser lost its cookie."""

    code = "login-elsewhere"


class LoginEnded(Refusal):
    """The login was already answered."""

    code = "login-ended"


class StepOutOfOrder(Refusal):
    """The page belongs to a step that is over or not yet reached."""

    code = "step-out-of-order"


class FormExpired(Refusal):
    """The form's proof of origin is missing or old."""

    code = "form-expired"


class MeansDeclined(Refusal):
    """Another party's means did not log this person in: they stopped there, or it said no."""

    code = "means-declined"


class NotLinked(Refusal):
    """The means is not linked to a person, and the service needs one."""

    code = "not-linked"


class LinkedElsewhere(Refusal):
    """The account at this means belongs, or once belonged, to somebody else."""

    code = "linked-elsewhere"
