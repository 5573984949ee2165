"""What happens at a desk: a clerk sees a person and their document, another officer gives the code."""

from dataclasses import dataclass
from typing import ClassVar

from toegang.audit.event import Personal
from toegang.audit.events.accounts import AccountEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskEvent(AccountEvent):
    """Something at a desk.

    `clerk` is the pseudonym of who did it, as the catalogue has it under `people:`; `organisation` is whose
    desk it is; `case` names the visit.
    """

    clerk: str
    organisation: str
    case: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskIdentityChecked(DeskEvent):
    """A clerk saw a person with an identity document, and asked something for them.

    `asked` is what: `app`, `account`, or letters in `large-print` or `normal-print`.
    `document` is its kind. `document_number` is what stands on it, so that a document that turns out to be
    stolen or false leads to whatever it was used for; it is kept nowhere else, and erased with the other
    values about people.
    """

    name: ClassVar[str] = "desk:identity-checked"

    document: str
    document_number: Personal | None = None
    asked: str = "app"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskCodeGiven(DeskEvent):
    """The code was shown with which the person goes on alone; `second` whether by another than who checked.

    `asked` is what it is for: `app` or `account`.
    """

    name: ClassVar[str] = "desk:code-given"

    second: bool
    asked: str = "app"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRefused(DeskEvent):
    """The second officer did not agree: no code was given."""

    name: ClassVar[str] = "desk:refused"
