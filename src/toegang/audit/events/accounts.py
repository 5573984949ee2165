"""What happens to citizens' accounts."""

import enum
from dataclasses import dataclass
from typing import ClassVar

from toegang.assurance import Level, Step
from toegang.audit.event import Event, Personal


class SignInFailure(enum.StrEnum):
    """Why signing in did not succeed, as a class; the person is never told which."""

    NAME = "name"
    PASSWORD = "password"  # noqa: S105 a reason, not a password
    CODE = "code"
    CODE_EXPIRED = "code-expired"
    THROTTLED = "throttled"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountEvent(Event):
    """What every event of an account says.

    `means` is the admitted means that the account belongs to. `person` is the person's id, so that
    people can see what happened to their account; None when the name given belongs to nobody.
    """

    means: str
    person: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChange(AccountEvent):
    """An event that may change whether an account can be used, and how high.

    `before` and `after` are the highest level that the account could prove before and after the act;
    None: it could not be used. An event of something that belongs to an account, such as an app, says it of
    that alone; what it makes of the account as a whole is said by `account:step-changed`.
    """

    before: Level | None
    after: Level | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountStepChanged(Event):
    """The best means that an account can be used with became another.

    `before` and `after` are the step that it stood at and stands at now; None: it could not be used, or was
    not there yet. `level_before` and `level_after` are what it could and can prove. Figures count accounts,
    each once, from this event alone. `person` is the person's id, so that people can see what happened to
    their account.
    """

    name: ClassVar[str] = "account:step-changed"

    before: Step | None
    after: Step | None
    level_before: Level | None
    level_after: Level | None
    person: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountApplied(AccountEvent):
    """Somebody applied for an account.

    `network` is the network (not the address) that it came from, to notice applications in bulk.
    """

    name: ClassVar[str] = "account:applied"

    network: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountActivationSent(AccountEvent):
    """An activation code was put in the post.

    `repeated` says that an earlier code was replaced by it.
    """

    name: ClassVar[str] = "account:activation-sent"

    repeated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountActivated(AccountChange):
    """An account was activated: with the code from the letter, or with that of a desk.

    `case` names the visit to a desk at which its person was seen; empty after a letter.
    """

    name: ClassVar[str] = "account:activated"

    case: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPasswordChanged(AccountEvent):
    """The person chose another password."""

    name: ClassVar[str] = "account:password-changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRecovered(AccountChange):
    """A forgotten password was replaced.

    `by` says what was proven instead (`letter`, `letter-and-sms-code`).
    """

    name: ClassVar[str] = "account:recovered"

    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFloorSet(AccountEvent):
    """A person set the lowest level at which they want to be logged in, over all their means.

    `floor_before` counted until now, `floor` is what was set (`minimal`: none); `later` says that it
    counts only after the wait of a lowering. `by` is who did it (`person`, `operator`).
    """

    name: ClassVar[str] = "account:floor-set"

    floor_before: Level
    floor: Level
    later: bool
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLoggedOut(AccountEvent):
    """The person logged out everywhere: what the account proved until now counts no more."""

    name: ClassVar[str] = "account:logged-out"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountDataDownloaded(AccountEvent):
    """The person downloaded what is kept about them.

    `format` is `json` or `html`.
    """

    name: ClassVar[str] = "account:data-downloaded"

    format: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountNoticesSet(AccountEvent):
    """The person chose how to be told of what happens with their account.

    `by_before` was the choice until now, `by` is what was chosen: words of `letter`, `mail`, `push` and
    `text`, with `none` when they want to hear nothing of logins in a new browser.
    """

    name: ClassVar[str] = "account:notices-set"

    by_before: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountMailSet(AccountEvent):
    """The person confirmed an address for mail, in the place of any before it, or removed it.

    Also where it was forgotten because the account was stopped: it may have been a thief's. `known_before`
    and `known` tell whether there was one, and is one now.
    """

    name: ClassVar[str] = "account:mail-set"

    known_before: bool
    known: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLargePrintSet(AccountEvent):
    """The person chose whether their letters are in large print; `wanted` is what was chosen.

    `by` says where: `person` in My account or when they applied, `desk` where a clerk noted it for them.
    """

    name: ClassVar[str] = "account:large-print-set"

    wanted: bool
    by: str = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountBrowserTold(AccountEvent):
    """The person was told of a login in a browser that their account was not used in before.

    `by` says how: `letter`, `mail`, `push`, `text-message`.
    """

    name: ClassVar[str] = "account:browser-told"

    by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountNumberLetterSent(AccountEvent):
    """A first telephone number was confirmed with a code, and a letter was sent whose code lets it count."""

    name: ClassVar[str] = "account:number-letter-sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountNumberConfirmed(AccountChange):
    """A telephone number was confirmed with a code; the account can prove two factors."""

    name: ClassVar[str] = "account:number-confirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountNumberChanged(AccountChange):
    """The telephone number was replaced by another."""

    name: ClassVar[str] = "account:number-changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountEnded(AccountChange):
    """An account ended.

    `why` is the reason as a short word (`person`, `died`, `operator`, `unused`, `replaced` by a newer one).
    """

    name: ClassVar[str] = "account:ended"

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountMisuseReported(AccountEvent):
    """Somebody said: this was not me.

    `reference` is the reference code of the login that it is about, empty for none in particular. `report` is
    the code that the person was given, `stopped` what they chose to stop (`account`, `devices`, `sessions`).
    `by` says whether it was the person, logged in, or somebody from `outside` who named the account.
    """

    name: ClassVar[str] = "account:misuse-reported"

    reference: str
    report: str = ""
    stopped: str = "account"
    by: str = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLocked(AccountEvent):
    """Too many wrong tries: no more are looked at for a while; the account itself stays usable.

    `seconds` is how long; 0 means that strange devices are refused until the account is recovered.
    `tries` is how many were counted.
    """

    name: ClassVar[str] = "account:locked"

    seconds: int
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSignInFailed(AccountEvent):
    """Signing in to an account did not succeed.

    `why` is the class of reason. `reference` is the login that it happened in, if any. `network` is the
    network (not the address) that it came from, to notice guessing over many accounts.
    """

    name: ClassVar[str] = "account:signin-failed"

    why: SignInFailure
    reference: str | None = None
    network: Personal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSuspended(AccountChange):
    """The person suspended their account; a recovery by letter resumes it (`account:recovered`)."""

    name: ClassVar[str] = "account:suspended"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountOwnerWarned(AccountEvent):
    """The account's person was told that somebody tries to get in, or has tried.

    `by` says how: words of `letter`, `mail`, `push` and `text-message`; `tries` is how many failures in a
    row were counted.
    """

    name: ClassVar[str] = "account:owner-warned"

    by: str
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountBlocked(AccountChange):
    """An account was blocked.

    `by` is who did it (`person`, `operator`, `system`), `why` the reason as a short word.
    """

    name: ClassVar[str] = "account:blocked"

    by: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountUnblocked(AccountChange):
    """A block on an account was lifted.

    `by` is who did it (`person`, `operator`, `system`).
    """

    name: ClassVar[str] = "account:unblocked"

    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldPlaced(AccountChange):
    """A person was held: their means stand still until the hold is lifted.

    One event for each account that stands still, or one for a person without any. `by` is who did it
    (`operator`, `register`), `why` the reason (`died`, `two-accounts`, `suspended`).
    """

    name: ClassVar[str] = "account:hold-placed"

    by: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldLifted(AccountChange):
    """A hold was lifted; with the last one each account is again what it was.

    `by` is who did it (`operator`, `register`, `time`), `why` the reason that there was.
    """

    name: ClassVar[str] = "account:hold-lifted"

    by: str
    why: str
