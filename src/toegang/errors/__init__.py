"""Every way in which Toegang says no, as one closed tree.

    ToegangError
    ├── Refusal                    what was asked may not be; someone outside must do something else
    │   ├── Malformed              the message cannot be read as what it claims to be
    │   ├── ProtocolRefusal        a protocol's rule is broken; `error` is that protocol's own word for it
    │   ├── TooLarge               the message is larger than anything honest
    │   ├── RefusedAtParty         a request was refused, and its sender is told by way of the browser
    │   ├── UnknownParty           nobody is registered under this name
    │   │   └── RegisterWithoutKey our own register of mandates has no key yet, so no metadata either
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
    │   │   ├── ChoiceNeeded       somebody is logged in, and has to say for whom
    │   │   └── ConsentNeeded      somebody is logged in, and has to agree
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
    │   └── Crossed                others changed the same at that moment; trying at once helps
    └── Misconfigured              the operator must mend settings, keys or catalogue

Start in root.py, then parties.py, logins.py and people.py; a new refusal is a class there, a line here, and
its words in web/words_of_errors.py. Never here: what a refusal looks like outside (web, provider).

Raise inside, translate once (web/answers.py). `code` may be shown; `detail` is for the log, and names nobody.
"""

from toegang.errors.logins import (
    Cancelled,
    ChoiceNeeded,
    ConsentNeeded,
    FormExpired,
    LevelNotProven,
    LevelUnreachable,
    LinkedElsewhere,
    LoginElsewhere,
    LoginEnded,
    LoginExpired,
    LoginUnknown,
    MeansDeclined,
    NotLinked,
    StepOutOfOrder,
    UserInteractionNeeded,
)
from toegang.errors.parties import (
    ClientNotProven,
    DocumentRefused,
    Malformed,
    NonceRequired,
    NotEntitled,
    OneTimeGone,
    PartyClosed,
    ProofInvalid,
    ProtocolRefusal,
    RedirectNotRegistered,
    RefusedAtParty,
    RegisterWithoutKey,
    Replayed,
    TooLarge,
    UnknownParty,
)
from toegang.errors.people import (
    AccountClosed,
    AccountHeld,
    AppClosed,
    BelowOwnFloor,
    CredentialsWrong,
    NumberNotUsable,
    PasskeyRefused,
    PasswordTooWeak,
    PersonNotFound,
    PinWrong,
    TooManyTries,
    UploadRefused,
    ValueRefused,
)
from toegang.errors.root import (
    Crossed,
    Misconfigured,
    Refusal,
    ToegangError,
    Unavailable,
    settle,
)

__all__ = [
    "AccountClosed",
    "AccountHeld",
    "AppClosed",
    "BelowOwnFloor",
    "Cancelled",
    "ChoiceNeeded",
    "ClientNotProven",
    "ConsentNeeded",
    "CredentialsWrong",
    "Crossed",
    "DocumentRefused",
    "FormExpired",
    "LevelNotProven",
    "LevelUnreachable",
    "LinkedElsewhere",
    "LoginElsewhere",
    "LoginEnded",
    "LoginExpired",
    "LoginUnknown",
    "Malformed",
    "MeansDeclined",
    "Misconfigured",
    "NonceRequired",
    "NotEntitled",
    "NotLinked",
    "NumberNotUsable",
    "OneTimeGone",
    "PartyClosed",
    "PasskeyRefused",
    "PasswordTooWeak",
    "PersonNotFound",
    "PinWrong",
    "ProofInvalid",
    "ProtocolRefusal",
    "RedirectNotRegistered",
    "Refusal",
    "RefusedAtParty",
    "RegisterWithoutKey",
    "Replayed",
    "StepOutOfOrder",
    "ToegangError",
    "TooLarge",
    "TooManyTries",
    "Unavailable",
    "UnknownParty",
    "UploadRefused",
    "UserInteractionNeeded",
    "ValueRefused",
    "settle",
]
