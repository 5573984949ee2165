"""Mandates in plain words: where one stands, and what is against doing something with it.

Whoever adds a state or a reason adds its words here; tests/web/test_words.py finds what was forgotten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.mandates.edge import State
from toegang.mandates.reasons import Reason
from toegang.mandates.why import Why

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toegang.errors import NotEntitled

N_ = str  # marks a sentence for the translators' list; it is translated when a page is made

STATES: Mapping[str, str] = {
    State.REQUESTED: N_("asked, not answered yet"),
    State.OFFERED: N_("offered, not answered yet"),
    State.CODE_SENT: N_("waits for the code from the letter"),
    State.AWAITING_COSIGN: N_("waits for somebody who must agree too"),
    State.ACTIVE: N_("in force"),
    State.SUSPENDED: N_("stands still: we look into it"),
    State.DECLINED: N_("declined"),
    State.WITHDRAWN: N_("taken back"),
    State.LAPSED: N_("not answered in time"),
    State.REVOKED: N_("ended by who gave it"),
    State.RENOUNCED: N_("ended by who had it"),
    State.SUPERSEDED: N_("replaced by another one"),
    State.TERMINATED_BY_LAW: N_("ended by law"),
    State.VOID: N_("declared void"),
}
ENDED_BECAUSE: Mapping[str, str] = {
    Reason.NOT_NEEDED: N_("It is no longer needed"),
    Reason.SOMEBODY_ELSE: N_("Somebody else was chosen"),
    Reason.NO_TRUST: N_("I do not trust this any more"),
    Reason.MISTAKE: N_("It was a mistake"),
    Reason.NOT_SAID: N_("I rather not say"),
}
PAST = N_("over")
BEGINS = N_("begins on %(day)s")
FALLEN = N_("but it does not count: it was given on by a mandate that is over")

COLUMNS: Mapping[str, str] = {
    "reference": N_("Reference"),
    "side": N_("Given or got"),
    "other": N_("The other side"),
    "given-on-by": N_("Who gave it on"),
    "represented": N_("Who is represented"),
    "services": N_("What it is for"),
    "limits": N_("What may be done there"),
    "from": N_("From"),
    "until": N_("Until and including"),
    "state": N_("How it stands"),
    "since": N_("Since"),
}
"""The columns of a list as a file, in their order."""
LIST_COLUMNS: Mapping[str, str] = {
    "line": N_("Line"),
    "ending": N_("End of the number"),
    "result": N_("What became of it"),
}
"""The columns of a list of clients who were asked, in their order."""
LINES: Mapping[str, str] = {
    "invalid": N_("no valid KVK number or BSN"),
    "no-date": N_("no valid date of birth behind the BSN"),
    "twice": N_("stands on this list twice"),
    "other-kind": N_("another kind of number than the first line"),
    "unknown": N_("The trade register has no organisation with this KVK number."),
    "own": N_("You cannot do this for yourself, or on both sides."),
    "asked": N_("asked, not answered yet"),
    "left": N_("not asked yet"),
}
"""What is said of a line of such a list; else what is against asking that one."""
SIDES: Mapping[bool, str] = {True: N_("given"), False: N_("got")}
SCOPES: Mapping[str, str] = {
    "all": N_("everything, everywhere"),
    "service": "%(service)s",
    "provider": N_("everything of %(provider)s"),
    "group": N_("all services for “%(group)s”"),
}
GONE = N_("a service that is no longer there")

_SELF = N_("You cannot do this for yourself, or on both sides.")
_LATER = N_("We cannot be sure of this now. Try again later, or contact the help desk.")
_NOT_HERE = N_("For one of these services nobody can give a mandate now.")
_CHANGED = N_("Something changed meanwhile. Look at it once more, and do it again if you still want to.")

OBJECTIONS: Mapping[str, str] = {
    Why.NOT_ADMITTED: _NOT_HERE,
    Why.KIND_NOT_ADMITTED: _NOT_HERE,
    Why.NO_DESK: N_("For one of these services a mandate cannot be given at a desk."),
    Why.NO_HELPER: N_("This organisation is not in the list of those that help people now."),
    Why.LONGER_THAN_ADMITTED: N_("That is longer than one of these services allows. Choose an earlier day."),
    Why.LEVEL_TOO_LOW: N_("You must log in at a higher level for this. Log out, and log in in another way."),
    Why.UNCERTAIN: _LATER,
    Why.REGISTER_SILENT: _LATER,
    Why.OVERRULED: N_("A court decided that somebody else decides on this for you. Ask them."),
    Why.PARTY_ENDED: N_("This is not possible for somebody who has died."),
    Why.PARTY_INVESTIGATED: _LATER,
    Why.PARTY_UNKNOWN: N_("This is not possible with this person."),
    Why.NOT_CAPABLE: N_("You cannot do this yourself: you are under 18, or a court put you under curatele."),
    Why.SELF_APPROVAL: _SELF,
    Why.NOT_YOURS: N_("This is for the other side to do."),
    Why.NOT_NOW: N_("This cannot be done now. Look at how it stands."),
    Why.CHANGED: _CHANGED,
    Why.WIDER: N_("That is more than there was, or more than you may give. Choose less."),
    Why.CHAIN_TOO_LONG: N_("This was given on too often already. Ask who is represented."),
    Why.PENDING_ALREADY: N_("You asked or offered this before, and it still waits for an answer."),
    "too-often": N_("You asked this too often, or it was declined not long ago. Wait before you ask again."),
    Why.LIMIT_NOT_HONOURED: N_(
        "One of these services does not look at a limit that you set. Take it off, or choose other services."
    ),
    Why.ONE_AGENT: N_(
        "For one of these services one acts at a time. Give a mandate for that service alone, that begins at"
        " once and is not given on."
    ),
    Why.CODE_NOT_PROVEN: N_("This code is not right. Check the code and try again."),
    Why.NO_LETTER: N_("For one of these services a letter with a code is not enough."),
}
OTHERWISE = N_("This is not possible.")

REASONS_OF_MANDATES: Mapping[str, str] = {
    **{f"mandate-{why}": words for why, words in OBJECTIONS.items()},
    "mandate-refused": OTHERWISE,
    "mandate-code-wrong": N_("This code is not right, or does not work any more. Check it, or ask again."),
    "others-too-many": N_("You can choose ten at once at most. Go on, or take one out."),
    "client-list-too-long": N_("This list is too long. Ask 200 clients at most at once."),
    "client-list-too-slow": N_(
        "Looking these up takes too long now. Choose a shorter list. Nobody was asked."
    ),
    "client-list-wrong": N_("Some lines are not right. Below you read which. Nobody was asked."),
    "others-of-one-kind": N_("This one needs another kind of mandate than the others. Give it on its own."),
    "one-agent-for-several": N_(
        "For one of these services one acts at a time. Choose one person or organisation for it."
    ),
    "contact-code-gone": N_(
        "This code is not right, or does not work any more. Ask the other for a new one."
    ),
    "last-day-invalid": N_("Fill in a day such as 31-12-2030."),
    "day-is-over": N_("This day is over. Choose a later one."),
    "first-day-too-late": N_(
        "The first day must not be after the last day, and not more than a year from now. Choose another one."
    ),
}


CHANGED = f"mandate-{Why.CHANGED}"
"""The reason (a key of words.REASONS) when a page would show something else than was read."""


def objection_of(refusal: NotEntitled) -> str:
    """Return the reason (a key of words.REASONS) for what was against it."""
    key = f"mandate-{refusal.why}"
    return key if key in REASONS_OF_MANDATES else "mandate-refused"
