"""Every way in which Toegang says no, as one closed tree.

    ToegangError
    ├── Refusal                    what was asked may not be; someone outside must do something else
    │   ├── Malformed              the message cannot be read as what it claims to be
    │   ├── ProtocolRefusal        a protocol's rule is broken; `error` is that protocol's own word for it
    │   ├── TooLarge               the message is larger than anything honest
    │   ├── RefusedAtParty         a request was refused, and its sender is told by way of the browser
    │   ├── UnknownParty           nobody is registered under this name
    │   ├── PartyClosed            registered, but disabled, blocked, not yet or no longer admitted
    │   ├── NotEntitled            this party may not have what it asks (scope, attribute, grant, service)
    │   ├── RedirectNotRegistered  the return address is not one that the party registered
    │   ├── ClientNotProven        the client did not prove who it is
    │   ├── ProofInvalid           a signature, proof of possession or verifier does not hold
    │   │   └── NonceRequired      the same proof with the nonce given here would be looked at
    │   ├── DocumentRefused        an identity document or its chip is not believed; `reason` says why
    │   ├── OneTimeGone            a one-time thing is unknown, used or expired (never said which)
    │   ├── Replayed               this exact message was seen before
    │   ├── UserInteractionNeeded  a silent login was asked, but a person must act
    │   │   └── ChoiceNeeded       somebody is logged in, and has to say for whom
    │   ├── LevelUnreachable       no means that may be used here can reach the level asked
    │   ├── LevelNotProven         what was proven is lower than what must be proven
    │   ├── Cancelled              the person stopped
    │   ├── LoginUnknown           no such login under way (never was, or long gone)
    │   ├── LoginExpired           the login took too long
    │   ├── LoginElsewhere         the login belongs to another browser, or this browser lost its cookie
    │   ├── LoginEnded             the login was already answered
    │   ├── StepOutOfOrder         the page belongs to a step that is over or not yet reached
    │   ├── FormExpired            the form's proof of origin is missing or old
    │   ├── CredentialsWrong       the name, password or code does not fit (never said which)
    │   │   └── PinWrong           the PIN of an app is another one; `tries_left` says how often again
    │   ├── TooManyTries           wait; `retry_after` says how long
    │   ├── AccountClosed          the account is locked, suspended, ended or its person has died
    │   │   ├── BelowOwnFloor      the person wants no login of theirs at so low a level
    │   │   └── AccountHeld        it stands still for a while; `why`, `about` and `until` say more
    │   ├── AppClosed              an app of an account is pending, blocked or stopped; `state` says which
    │   ├── PasskeyRefused         a passkey is not believed, or may not be used or added; `why` says which
    │   ├── MeansDeclined          another party's means did not log this person in
    │   ├── NotLinked              this means is not linked to a person, and the service needs one
    │   ├── LinkedElsewhere        the account at this means belongs, or once belonged, to somebody else
    │   ├── PersonNotFound         the register knows nobody by these particulars
    │   ├── PasswordTooWeak        the new password is refused; `reasons` says why
    │   ├── NumberNotUsable        the telephone number cannot receive a code
    │   ├── UploadRefused          a document that an operator brought is not taken over; `why` says why
    │   └── ValueRefused           one field of a form; `field` and `reason` say which and why
    ├── Unavailable                something we depend on does not answer; trying later helps
    └── Misconfigured              the operator must mend settings, keys or catalogue

Raise inside, translate once (web/answers.py). `code` may be shown; `detail` is for the log, and names nobody.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, TypeVar

T = TypeVar("T")
Fields = tuple[tuple[str, str], ...] | None


class ToegangError(Exception):
    """Root of the tree; never raised itself."""

    code: ClassVar[str] = "error"

    def __init__(self, detail: str = "") -> None:
        """Keep `detail` for the log."""
        super().__init__(detail)
        self.detail = detail


class Refusal(ToegangError):
    """What was asked may not be."""

    code = "refused"

    def __init__(self, detail: str = "", *, why: str = "", about: str = "") -> None:
        """Say by a message key why, where a page has words for it, and about whom or what, unvouched for."""
        super().__init__(detail)
        self.why, self.about = why, about


class Malformed(Refusal):
    """The message cannot be read as what it claims to be."""

    code = "malformed"


class TooLarge(Refusal):
    """The message is larger than anything honest."""

    code = "too-large"


class ProtocolRefusal(Refusal):
    """A protocol's rule is broken, and the protocol has its own word for that."""

    code = "protocol-refusal"

    def __init__(self, error: str, description: str, detail: str = "") -> None:
        """Carry the protocol's word and a sentence of ours (ASCII) that repeats nothing of what came in."""
        super().__init__(detail or f"{error}: {description}")
        self.error, self.description = error, description


class RefusedAtParty(Refusal):
    """A request was refused, and its sender is told by way of the browser."""

    code = "refused-at-party"

    def __init__(self, refusal: ToegangError, location: str, fields: Fields) -> None:
        """Carry what was refused and where the browser takes the answer (with form fields, or without)."""
        super().__init__(f"{refusal.code}: {refusal.detail}")
        self.refusal, self.location, self.fields = refusal, location, fields


class UnknownParty(Refusal):
    """Nobody is registered under this name."""

    code = "unknown-party"


class PartyClosed(Refusal):
    """Registered, but disabled, blocked, not yet or no longer admitted."""

    code = "party-closed"


class NotEntitled(Refusal):
    """The party may not have what it asks."""

    code = "not-entitled"


class RedirectNotRegistered(Refusal):
    """The return address is not one that the party registered."""

    code = "redirect-not-registered"


class ClientNotProven(Refusal):
    """The client did not prove who it is."""

    code = "client-not-proven"


class ProofInvalid(Refusal):
    """A signature, proof of possession or verifier does not hold."""

    code = "proof-invalid"


class NonceRequired(ProofInvalid):
    """The proof must carry the nonce that this refusal brings (RFC9449-8)."""

    code = "nonce-required"

    def __init__(self, nonce: str, detail: str = "") -> None:
        """Carry the nonce to use next time."""
        super().__init__(detail)
        self.nonce = nonce


class DocumentRefused(Refusal):
    """An identity document, or the chip in it, is not believed."""

    code = "document-refused"

    def __init__(self, reason: str, detail: str = "") -> None:
        """Carry the reason, one of the closed list in emrtd/faults.py; it is stable, as `code` is."""
        super().__init__(f"{reason}: {detail}")
        self.reason = reason


class OneTimeGone(Refusal):
    """A one-time thing is unknown, used or expired; which of these is not told."""

    code = "one-time-gone"


class Replayed(Refusal):
    """The exact message was seen before."""

    code = "replayed"


class UserInteractionNeeded(Refusal):
    """A silent login was asked, but a person must act."""

    code = "user-interaction-needed"


class ChoiceNeeded(UserInteractionNeeded):
    """A silent login was asked of somebody who is logged in, and who has to say for whom they act."""

    code = "choice-needed"


class LevelUnreachable(Refusal):
    """No means that may be used here can reach the level asked."""

    code = "level-unreachable"


class LevelNotProven(Refusal):
    """What was proven is lower than what must be proven."""

    code = "level-not-proven"


class Cancelled(Refusal):
    """The person stopped."""

    code = "cancelled"


class LoginUnknown(Refusal):
    """No such login under way."""

    code = "login-unknown"


class LoginExpired(Refusal):
    """The login took too long."""

    code = "login-expired"


class LoginElsewhere(Refusal):
    """The login belongs to another browser, or this browser lost its cookie."""

    code = "login-elsewhere"


class LoginEnded(Refusal):
    """The login was already answered."""

    code = "login-ended"


class StepOutOfOrder(Refusal):
    """The page belongs to a step that is over or not yet reached."""

    code = "step-out-of-order"


class FormExpired(Refusal):
    """The form's proof of origin is missing or old."""

    code = "form-expired"


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


class MeansDeclined(Refusal):
    """Another party's means did not log this person in: they stopped there, or it said no."""

    code = "means-declined"


class NotLinked(Refusal):
    """The means is not linked to a person, and the service needs one."""

    code = "not-linked"


class LinkedElsewhere(Refusal):
    """The account at this means belongs, or once belonged, to somebody else."""

    code = "linked-elsewhere"


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


class Unavailable(ToegangError):
    """Something we depend on does not answer; trying later helps."""

    code = "unavailable"

    def __init__(self, detail: str = "", retry_after: int = 5, *, crowded: bool = False) -> None:
        """Carry how many seconds to wait; `crowded` when it was not even asked, because so many ask it."""
        super().__init__(detail)
        self.retry_after, self.crowded = retry_after, crowded


class Misconfigured(ToegangError):
    """The operator must mend settings, keys or catalogue; the text says how."""

    code = "misconfigured"


def settle(result: T | Refusal) -> T:
    """Raise the refusal that a unit of work returned, now that it is committed, or hand on its result."""
    if isinstance(result, Refusal):
        raise result
    return result
