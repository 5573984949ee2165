"""Refusals of what a person fills in or owns: secrets, accounts, apps, passkeys, forms."""

from __future__ import annotations

from datetime import datetime

from toegang.errors.root import Refusal


class CredentialsWrong(Refusal):
    """The name, password or code does not fit; which of these is not told."""

    code = "credentials-wrong"


class PinWrong(CredentialsWrong):
    """The PIN of an app is another one."""

    code = "pin-wrong"

    def __init__(self, tries_left: int, detail: str = "") -> None:
        """Carry how many tries are left."""
        super().__init__(detail)
        self.tries_left = tries_left


class TooManyTries(Refusal):
    """Wait before trying again."""

    code = "too-many-tries"

    def __init__(self, retry_after: int, detail: str = "") -> None:
        """Carry how long to wait, in whole seconds."""
        super().__init__(detail)
        self.retry_after = retry_after


class AccountClosed(Refusal):
    """The account is locked, suspended, ended or its person has died."""

    code = "account-closed"


class BelowOwnFloor(AccountClosed):
    """The person wants no login of theirs at so low a level."""

    code = "below-own-floor"


class AccountHeld(AccountClosed):
    """The account, or its person, is held: `why` is the reason, `until` when that ends if it is known."""

    code = "account-held"

    def __init__(self, *, why: str, about: str = "", until: datetime | None = None) -> None:
        """Carry them; `about` is a word that says more."""
        super().__init__(why, why=why, about=about)
        self.until = until


class AppClosed(Refusal):
    """An app of an account may not be used."""

    code = "app-closed"

    def __init__(self, state: str, detail: str = "") -> None:
        """Carry the app's state: `pending`, `blocked` or `stopped`."""
        super().__init__(detail or state)
        self.state = state


class PasskeyRefused(Refusal):
    """A passkey is not believed, or may not be used or added."""

    code = "passkey-refused"


class PersonNotFound(Refusal):
    """The register knows nobody by these particulars."""

    code = "person-not-found"


class PasswordTooWeak(Refusal):
    """The new password is refused."""

    code = "password-too-weak"

    def __init__(self, reasons: tuple[str, ...], detail: str = "") -> None:
        """Carry the reasons as message keys for the page."""
        super().__init__(detail)
        self.reasons = reasons


class NumberNotUsable(Refusal):
    """The telephone number cannot receive a code."""

    code = "number-not-usable"


class UploadRefused(Refusal):
    """A document that an operator brought is not taken over."""

    code = "upload-refused"


class ValueRefused(Refusal):
    """One field of a form is not acceptable."""

    code = "value-refused"

    def __init__(self, field: str, reason: str, detail: str = "") -> None:
        """Carry the field's name and the reason as a message key for the page."""
        super().__init__(detail)
        self.field, self.reason = field, reason
