"""What is wrong with a form, told at its fields: which refusals belong there, as data per page.

A page has a table: the class of a refusal > the field that it is shown at, and the reason (a key of
words.REASONS). A refusal that the page's table does not have is not about what was typed and travels on.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from toegang.errors import PasswordTooWeak, ValueRefused

if TYPE_CHECKING:
    from toegang.errors import Refusal

Errors = Mapping[str, tuple[str, ...]]
Places = Mapping[type["Refusal"], tuple[str, str]]

NO_ERRORS: Errors = MappingProxyType({})
WHOLE = ""
"""The field name that stands for the form as a whole."""

# The fields of the rooms that go by another name on a page.
_FIELDS = {"name": "user_name"}

# The reasons of the rooms > those of words.REASONS.
_REASONS = {
    "name.length": "user-name-invalid",
    "name.characters": "user-name-invalid",
    "name.bsn": "user-name-is-bsn",
    "name.taken": "user-name-taken",
    "password.too-short": "password-too-short",
    "password.too-long": "password-too-long",
    "password.known": "password-known",
    "password.common-word": "password-guessable",
    "password.context-word": "password-guessable",
    "password.keyboard": "password-guessable",
    "password.repeats": "password-guessable",
    "password.sequence": "password-guessable",
    "password.year": "password-guessable",
    "password.date": "password-guessable",
    "password.guessable": "password-guessable",
}


def errors_of(refusal: Refusal, places: Places) -> Errors:
    """Return what to show at which field (WCAG22-3.3.1).

    Raises:
        Refusal: this one, when the page has no place for it.

    """
    if isinstance(refusal, ValueRefused):
        field = _FIELDS.get(refusal.field, refusal.field)
        return {field: (_REASONS.get(refusal.reason, refusal.reason),)}
    if type(refusal) not in places:
        raise refusal
    field, reason = places[type(refusal)]
    if isinstance(refusal, PasswordTooWeak):
        return {field: tuple(dict.fromkeys(_REASONS.get(each, reason) for each in refusal.reasons))}
    return {field: (reason,)}
