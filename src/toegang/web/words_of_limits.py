"""What may be done by a mandate, in plain words; the keys are those of web.mandate_limits.limits_shown.

Whoever adds a limit adds its words here; tests/web/test_words.py finds what was forgotten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

N_ = str  # marks a sentence for the translators' list; it is translated when a page is made

LIMITS: Mapping[str, str] = {
    "view": N_("only look, and change nothing"),
    "prepare": N_("look and prepare, and send nothing"),
    "may-view": N_("may look"),
    "may-prepare": N_("may prepare"),
    "may-submit": N_("may send"),
    "may-sign": N_("may sign"),
    "amount": N_("amounts up to and including %(value)s"),
    "look-back": N_("only what is of %(value)s or later"),
    "case": N_("only these cases: %(value)s"),
    "branch": N_("only the branch with number %(value)s"),
}
LIMIT_CHOICES: Mapping[str, str] = {
    "view": N_("Only look"),
    "prepare": N_("Look and prepare, and send nothing"),
    "all": N_("Everything"),
}

FIELDS_OF_LIMITS: Mapping[str, str] = {
    "limit_may": N_("What may be done"),
    "limit_most": N_("Largest amount in euros"),
    "limit_since": N_("Only from this day on"),
    "limit_cases": N_("Only these cases"),
    "limit_branch": N_("Only this branch"),
}

REASONS_OF_LIMITS: Mapping[str, str] = {
    "amount-invalid": N_("Fill in an amount such as 500 or 1250.50."),
    "cases-invalid": N_("Fill in at most 10 references of cases, with a comma between them."),
    "branch-invalid": N_("The number of a branch has 12 digits."),
    "limit-wider": N_("That is more than this mandate gives. Fill in less."),
    "limit-more-than-own": N_("That is more than you may do yourself. Fill in less."),
}
