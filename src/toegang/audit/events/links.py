"""What happens between people and their accounts at other parties."""

from dataclasses import dataclass
from typing import ClassVar

from toegang.assurance import Level
from toegang.audit.event import Event, Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkMade(Event):
    """An account at another party became a means of a person, or its link got another level.

    `means` is the admitted means, `level` the highest that the link is worth. `by` says how: `person`
    (fresh logins on both sides) or `bsn` (the other party is admitted to give it). `person` is the person's
    id, so that people can see what can prove them.
    """

    name: ClassVar[str] = "link:made"

    means: str
    level: Level
    by: str
    person: Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkEnded(Event):
    """An account at another party is no longer a means of a person.

    `means` is the admitted means; `by` is who ended it (`person`, `operator`, `register`), or what
    happened to the account that may have made it (`misuse`, `blocked`, `recovered`, `ended`). `person` is the
    person's id, so that people can see what could prove them.
    """

    name: ClassVar[str] = "link:ended"

    means: str
    by: str
    person: Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRefused(Event):
    """An account at another party was not linked, because it is or was a means of somebody else.

    `means` is the admitted means. `person` is the id of the person whom it was to be linked to, to notice
    accounts that are given away.
    """

    name: ClassVar[str] = "link:refused"

    means: str
    person: Personal | None = None
