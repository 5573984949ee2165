"""What happens to the apps of accounts."""

from dataclasses import dataclass
from typing import ClassVar

from toegang.audit.events.accounts import AccountChange, AccountEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class AppLetterSent(AccountEvent):
    """An app proved its keys, and a letter was sent whose code activates it."""

    name: ClassVar[str] = "app:letter-sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppActivated(AccountChange):
    """An app of an account can be used from now on."""

    name: ClassVar[str] = "app:activated"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppPinWrong(AccountEvent):
    """The device of an app was proven, and the PIN was wrong.

    `reference` is the login that it happened in, if any (none where the PIN was to be
    changed); `tries_left` how many tries are left.
    """

    name: ClassVar[str] = "app:pin-wrong"

    reference: str | None = None
    tries_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AppPinChanged(AccountEvent):
    """Another PIN took the place of the one that an app had, which was proven."""

    name: ClassVar[str] = "app:pin-changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppBlocked(AccountChange):
    """Too many PINs in a row were wrong: the app must be activated anew.

    `tries` is how many were counted.
    """

    name: ClassVar[str] = "app:blocked"

    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AppStopped(AccountChange):
    """An app was stopped, for good.

    `why` is the reason as a short word: `person`, `device` (removed from its device, or another app took its
    place there), `copied` (two devices had its keys), or that of its account (`misuse`, `blocked`, `ended`).
    """

    name: ClassVar[str] = "app:stopped"

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppSubscribed(AccountEvent):
    """An app asked to be told by push when a login waits for it."""

    name: ClassVar[str] = "app:subscribed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppUnsubscribed(AccountEvent):
    """An app is not told by push any more.

    `why` is the reason as a short word: `gone` (its push service says that the subscription is over).
    """

    name: ClassVar[str] = "app:unsubscribed"

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppBrowserKnown(AccountEvent):
    """A person let the browser in which they logged in know their app, so that it can call it."""

    name: ClassVar[str] = "app:browser-known"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppCalled(AccountEvent):
    """A login called the app that its browser knew.

    `reference` is the login; `pushed` whether a notice was sent.
    """

    name: ClassVar[str] = "app:called"

    reference: str
    pushed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AppNumberWrong(AccountEvent):
    """In an app that was called the number was wrong so often that the call ended.

    `reference` is the login; `tries` how many were counted.
    """

    name: ClassVar[str] = "app:number-wrong"

    reference: str
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AppActivationRefused(AccountEvent):
    """Who was to be asked for a PIN said no: an app was not added."""

    name: ClassVar[str] = "app:activation-refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppLoginRefused(AccountEvent):
    """The person refused a login in the app.

    `reference` is the login; `misuse` whether they said that they did not begin it.
    """

    name: ClassVar[str] = "app:login-refused"

    reference: str
    misuse: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AppDocumentChecked(AccountChange):
    """An identity document was checked with an app, which made it substantial.

    `reference` is the code of the check that its person saw, `kind` the kind of document, `proofs` what was
    proven of it, in the order of the alphabet.
    """

    name: ClassVar[str] = "app:document-checked"

    reference: str
    kind: str
    proofs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AppDocumentRefused(AccountEvent):
    """A check of an identity document with an app came to nothing, and the app stayed as it was.

    `reference` is the code of the check. `why` is the reason as a short word: of the document and its chip
    (docs/protocols/emrtd.md), of the register (`lost`, `stolen`, `revoked`, `unknown`), or of the comparison
    (`other-person`, `other-kind`, `no-number`); `reported` when the population register heard that it is
    lost or stolen; `unavailable` when a register did not answer.
    """

    name: ClassVar[str] = "app:document-refused"

    reference: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppLowered(AccountChange):
    """An app is no longer substantial: the check of an identity document with it was undone.

    `why` is the reason as a short word: `person`, or `lost` or `stolen` of a document that was reported.
    """

    name: ClassVar[str] = "app:lowered"

    why: str
