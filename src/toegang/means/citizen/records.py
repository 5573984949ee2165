"""What is remembered between two pages of a journey; each belongs to one browser and expires."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime

from toegang.assurance import Level
from toegang.catalogue.values import MeansId, Text
from toegang.identity.people import PersonId
from toegang.identity.subject import Subject
from toegang.means.base import Authentication
from toegang.means.citizen.account import AccountId
from toegang.means.citizen.codes import Code


class Stage(enum.StrEnum):
    """Which page of a journey is next."""

    PASSWORD = "password"  # noqa: S105 a page, not a password
    ACTIVATION = "activation"
    NUMBER = "number"
    CODE = "code"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """One use of the account in one login; kept under the login's transaction id.

    `reference` is the login's reference code. With `highest` a code is asked wherever there is a number.
    `password_at` is when the password was proven in this login; `code` is the code under way and
    `number_ending` the last digits of where it went.
    """

    browser: str
    means: MeansId
    required: Level
    provider: Text
    service: Text
    language: str
    until: datetime
    reference: str = ""
    highest: bool = False
    known_subject: Subject | None = None
    stage: Stage = Stage.PASSWORD
    account: AccountId | None = None
    password_at: datetime | None = None
    code: Code | None = None
    number_ending: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """A sign-in that succeeded: what to tell the login, and the device cookie to set."""

    authentication: Authentication
    device: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """An application under way; `bsn` and `number` are sealed. More time never goes beyond `last`.

    `large_print` is whether letters are to be in large print. `desk_code` is what the code of a desk is kept
    under with which it began; empty when it ends with a letter.
    Whether the particulars fit anybody is decided at the end and shown nowhere.
    """

    browser: str
    network: str = field(repr=False)
    language: str
    until: datetime
    bsn: bytes = field(repr=False)
    fits: bool = field(repr=False)
    name: bytes | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    number: bytes | None = field(default=None, repr=False)
    number_ending: str = ""
    number_confirmed: bool = False
    code: Code | None = None
    last: datetime | None = None
    large_print: bool = False
    desk_code: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskCode:
    """The code that a desk gave, of the visit `case`; `tries` dates of birth may still be wrong."""

    person: PersonId
    case: str
    until: datetime
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterCode:
    """The code in a letter under way, and the account that it is for (None: no letter was sent).

    `number` (sealed), its last digits and when it was asked are those of a first number, which counts
    once the code was given.
    """

    account: AccountId | None
    code: Code
    number: bytes | None = field(default=None, repr=False)
    number_ending: str = ""
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """A recovery for which the code from the letter was given; `CODE` and then `PASSWORD` remain.

    More time never goes beyond `last`.
    """

    browser: str
    account: AccountId
    name: bytes = field(repr=False)
    language: str
    until: datetime
    stage: Stage
    keep_number: bool
    number_ending: str = ""
    code: Code | None = None
    last: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberChange:
    """A new telephone number that waits for its code; `number` is sealed."""

    browser: str
    account: AccountId
    number: bytes = field(repr=False)
    number_ending: str
    until: datetime
    code: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class MailChange:
    """An address for mail that waits for its code; `mail` is sealed, `hint` is what its page shows of it."""

    browser: str
    account: AccountId
    mail: bytes = field(repr=False)
    hint: str
    until: datetime
    code: Code
