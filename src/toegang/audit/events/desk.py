"""What happens at a desk: a clerk sees a person and their document, another officer gives what they ask."""

from dataclasses import dataclass
from typing import ClassVar

from toegang.audit.event import Event, Personal
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


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskMandateEvent(Event):
    """Something at a desk about a mandate.

    `clerk` is the pseudonym of who did it, as the catalogue has it under `people:`; `organisation` is whose
    desk it is; `case` names the visit. `principal` is the id of who is represented, so that they can see it;
    `agent` is the id of who acts, so that they can see it; None for who did not come to the desk.
    """

    clerk: str
    organisation: str
    case: str
    principal: Personal
    agent: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskMandateAsked(DeskMandateEvent):
    """A clerk saw who wants to give a mandate with an identity document, and who is to act if they came too.

    `asked` is `give`, or `end`: then `principal` is who came to end one, whichever side of it they are.
    `document` and `agent_document` are the kinds. `document_number` is what stands on the first, so that a
    document that turns out to be stolen or false leads to whatever it was used for; `agent_document_number`
    is that of the second, so that the same can be said of it. Both are kept nowhere else, and erased with
    the other values about people.
    """

    name: ClassVar[str] = "desk:mandate-asked"

    document: str
    document_number: Personal
    agent_document: str = ""
    agent_document_number: Personal | None = None
    asked: str = "give"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskMandateDecided(DeskMandateEvent):
    """The second officer agreed with what was noted, or did not.

    `noted_by` is the pseudonym of the clerk who noted it. `outcome` is `active`, `offered` (who is to act did
    not come, and accepts it later) or `refused`; `edge` is the id of the mandate, empty where none was made.
    """

    name: ClassVar[str] = "desk:mandate-decided"

    noted_by: str
    outcome: str
    edge: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskMandateEnded(DeskMandateEvent):
    """A clerk ended a mandate for one of the two, who came by. `edge` is its id."""

    name: ClassVar[str] = "desk:mandate-ended"

    edge: str
