"""What officers decide about mandates, and why somebody may act or may not, in words for who works here.

Whoever adds a cause, a kind or a reason adds its words here; tests/web/test_words.py finds what is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.catalogue.representation import EdgeKind
from toegang.mandates.edge import Source
from toegang.mandates.life import Act
from toegang.mandates.office import Cause
from toegang.mandates.why import Why

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from babel.support import NullTranslations

    from toegang.errors import NotEntitled

N_ = str  # marks a sentence for the translators' list; it is translated when a page is made

ORDERS: Mapping[str, str] = {
    Act.SUSPEND: N_("let it stand still"),
    Act.RESUME: N_("let it go on"),
    Act.REVOKE: N_("end it"),
    Act.VOID: N_("declare it void, as if it was never given"),
}

CAUSES: Mapping[str, str] = {
    Cause.DISPUTE: N_("the two do not agree"),
    Cause.FRAUD: N_("fraud"),
    Cause.INVESTIGATION: N_("an investigation"),
    Cause.COURT: N_("a court says so"),
}

KINDS: Mapping[str, str] = {
    EdgeKind.COURT: N_("by order of a court"),
    EdgeKind.PARENTAL: N_("parental authority"),
    EdgeKind.ESTATE: N_("of an estate"),
    EdgeKind.STATUTORY: N_("of a director"),
    EdgeKind.PROXY: N_("of a proxy in the trade register"),
    EdgeKind.VOLUNTARY: N_("given by a person"),
    EdgeKind.INTERMEDIARY: N_("given by an organisation to another one"),
    EdgeKind.EMPLOYEE: N_("given to an employee"),
    EdgeKind.STAFF: N_("given to an employee, for clients alone"),
    EdgeKind.HELPER: N_("given to an organisation that helps people"),
}

SOURCES: Mapping[str, str] = {
    Source.SELF: N_("in My account"),
    Source.ASSISTED: N_("at a desk"),
    Source.REGISTER: N_("from a register"),
    Source.IMPORT: N_("taken over from elsewhere"),
}

_CHANGED = N_("Something changed meanwhile. Look at it once more, and do it again if you still want to.")

REASONS_OF_OFFICE: Mapping[str, str] = {
    "office-unknown": N_("There is no mandate with this reference. Check it with who told you."),
    "office-ground": N_("Fill in 2 to 40 letters and digits, such as FRD-2027-0041. Never fill in a name."),
    f"office-{Why.NOT_YOURS}": N_("This cause is not enough for what must happen. Choose another one."),
    f"office-{Why.NOT_NOW}": N_("This cannot be done now. Look at how the mandate stands."),
    f"office-{Why.CHANGED}": _CHANGED,
    f"office-{Why.PENDING_ALREADY}": N_(
        "Something was proposed for this mandate already. Look at that first."
    ),
    f"office-{Why.SELF_APPROVAL}": N_("You proposed this yourself. Another officer must look at it."),
    f"office-{Why.ONE_AGENT}": N_("Another mandate took the place of this one. It cannot go on."),
    "office-colleague-gone": N_("Who proposed this is no officer any more. Decline it, and propose it anew."),
    "office-refused": N_("This is not possible with this mandate."),
    "explain-no-service": N_("No such service where people act for others. Try other words."),
}

_CLOSED = N_("this service does not admit it")
_PARTY = N_("one of them has died, or an organisation on the way was dissolved or is insolvent")
_DOUBT = N_("a register is in doubt")

RULES: Mapping[str, str] = {
    Why.NOT_ADMITTED: N_("nobody acts for others at this service"),
    Why.KIND_NOT_ADMITTED: _CLOSED,
    Why.NO_DESK: N_("this service does not admit what was given at a desk"),
    Why.NO_HELPER: N_("this organisation is not in the list of those that help people"),
    Why.LONGER_THAN_ADMITTED: N_("it lasts longer than this service admits"),
    Why.CHAIN_TOO_LONG: N_("there are more in between than this service admits"),
    Why.NOT_ANSWERABLE: N_("the service asked for another authority, or cannot be told of this one"),
    Why.NO_AUTHORITY: N_("nothing lets the one act for the other at this service"),
    Why.NOT_IN_FORCE: N_("it is not in force: not yet, not any more, or it was not answered"),
    Why.SUSPENDED: N_("it stands still: we look into it"),
    Why.LEVEL_TOO_LOW: N_("it is worth less than the level that this service asks"),
    Why.NOTHING_LEFT: N_("what all of them allow together leaves nothing"),
    Why.LIMIT_NOT_HONOURED: N_("the service does not hold people to a limit that it has"),
    Why.NO_SUBSTITUTION: N_("who has it may not let others act"),
    Why.NOT_ON_THE_TEAM: N_("the client is not of a team of this employee"),
    Why.TOGETHER: N_("others must act too"),
    Why.UNCERTAIN: _DOUBT,
    Why.REGISTER_SILENT: N_("a register did not answer, so nothing counts that rests on it"),
    Why.OVERRULED: N_("a court put somebody else in charge of this"),
    Why.PARTY_UNKNOWN: N_("one of them is not known here"),
    Why.PARTY_ENDED: _PARTY,
    Why.PARTY_INVESTIGATED: _DOUBT,
    Why.NOT_CAPABLE: N_("one of them is under 18 or under curatele"),
    Why.NOT_OF_THE_AGE: N_("the child is too young or too old for this service"),
    Why.SELF_APPROVAL: N_("one person is on both sides"),
}
OTHERWISE = N_("another rule is against it")


def objection_of(refusal: NotEntitled) -> str:
    """Return the reason (a key of words.REASONS) for what is against what an officer wants."""
    if refusal.why == "desk-not-apart":
        return refusal.why
    key = f"office-{refusal.why}"
    return key if key in REASONS_OF_OFFICE else "office-refused"


def in_language(sentences: NullTranslations) -> Mapping[str, Callable[[str], str]]:
    """Return what the templates call these lists by, speaking the language of `sentences`."""
    say = sentences.ugettext
    return {
        "order_words": lambda act: say(ORDERS[act]),
        "cause_words": lambda cause: say(CAUSES[cause]),
        "mandate_kind": lambda kind: say(KINDS[kind]),
        "source_words": lambda source: say(SOURCES[source]),
        "rule_words": lambda why: say(RULES.get(why, OTHERWISE)),
    }
