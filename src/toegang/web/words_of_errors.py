"""Every error in plain words: what is wrong, and what to do now.

Whoever adds an error class adds its words here; tests/web/test_words.py finds what was forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang.identity.holds import HoldReason
from toegang.means.citizen.holding import SuspensionReason

if TYPE_CHECKING:
    from collections.abc import Mapping

N_ = str  # marks a sentence for the translators' list; it is translated when a page is made


@dataclass(frozen=True, slots=True)
class ErrorWords:
    """What an error page says: its title, what is wrong, what to do now."""

    title: str
    wrong: str
    now: str


_AGAIN = N_("Go back to the website where you started. Log in again there.")
_RETRY = N_("Go back and try again.")
_LATER = N_("Wait a few minutes and try again.")
_ASK_SERVICE = N_("Tell the website where you started. Give them the code below.")

_STILL = N_("Your account stands still")

HELD_GENERALLY = ErrorWords(
    _STILL, N_("You cannot log in with this account for a while."), N_("Contact the help desk.")
)

HELD: Mapping[str, ErrorWords] = {
    HoldReason.DIED: ErrorWords(
        N_("Nobody can log in with this account"),
        N_("According to the population register the person of this account has died."),
        N_("Is that a mistake? Tell your municipality. Once it is put right, the account works again."),
    ),
    HoldReason.TWO_ACCOUNTS: ErrorWords(
        _STILL,
        N_("There turned out to be two accounts with your citizen service number (BSN)."),
        N_("We look into it, and you need not do anything. Does it take long? Contact the help desk."),
    ),
    HoldReason.SUSPENDED: ErrorWords(
        _STILL,
        N_("We suspended this account for a while. We sent you a letter about it."),
        N_("After the last day you can use the account again. Do you not agree? Contact the help desk."),
    ),
}

SUSPENDED_BECAUSE: Mapping[str, str] = {
    SuspensionReason.MISUSE: N_("we think that somebody else uses your account"),
    SuspensionReason.INVESTIGATION: N_("the use of your account is being investigated"),
    SuspensionReason.AUTHORITY: N_("the supervising authority has told us to do this"),
}

ERRORS: Mapping[str, ErrorWords] = {
    "refused": ErrorWords(
        N_("This is not possible"),
        N_("You asked for something that is not allowed."),
        _AGAIN,
    ),
    "protocol-refusal": ErrorWords(
        N_("This is not possible"),
        N_("The website sent us something that is not allowed."),
        _ASK_SERVICE,
    ),
    "refused-at-party": ErrorWords(
        N_("The other party said no"),
        N_("Your login means, or another party, did not agree."),
        _AGAIN,
    ),
    "malformed": ErrorWords(
        N_("We cannot read this request"),
        N_("The website sent us something that we do not understand."),
        _ASK_SERVICE,
    ),
    "too-large": ErrorWords(
        N_("This is too large"),
        N_("We received more than we can read."),
        _AGAIN,
    ),
    "unknown-party": ErrorWords(
        N_("We do not know this website"),
        N_("The website that sent you here is not registered with us."),
        _ASK_SERVICE,
    ),
    "register-without-key": ErrorWords(
        N_("There is no such metadata here"),
        N_("The register of mandates of this hub has no key of its own. The hub signs in its place."),
        N_(
            "Use the metadata of the hub itself, at /saml/metadata. Do you run this hub? The command"
            " toegang config check says how you make the key."
        ),
    ),
    "party-closed": ErrorWords(
        N_("You cannot log in here now"),
        N_("This website or login means may not be used at the moment."),
        _LATER,
    ),
    "not-entitled": ErrorWords(
        N_("This website asks too much"),
        N_("The website asks for something it may not have."),
        _ASK_SERVICE,
    ),
    "redirect-not-registered": ErrorWords(
        N_("We cannot send you back"),
        N_("The website gave an address that we do not know."),
        _ASK_SERVICE,
    ),
    "client-not-proven": ErrorWords(
        N_("We cannot check this website"),
        N_("The website did not prove who it is."),
        _ASK_SERVICE,
    ),
    "proof-invalid": ErrorWords(
        N_("We cannot trust this request"),
        N_("A signature is not right."),
        _ASK_SERVICE,
    ),
    "document-refused": ErrorWords(
        N_("We cannot use this identity document"),
        N_("We could not see that the document and its chip are real and valid."),
        N_("Try again, or use another identity document."),
    ),
    "nonce-required": ErrorWords(
        N_("We cannot trust this request"),
        N_("The website must send its request once more."),
        _ASK_SERVICE,
    ),
    "one-time-gone": ErrorWords(
        N_("This link or code does not work any more"),
        N_("It was used before, or it is too old."),
        _AGAIN,
    ),
    "replayed": ErrorWords(
        N_("You have been here before"),
        N_("We received the same message twice."),
        _AGAIN,
    ),
    "user-interaction-needed": ErrorWords(
        N_("You must log in first"),
        N_("The website wanted to log you in without asking you anything."),
        _AGAIN,
    ),
    "choice-needed": ErrorWords(
        N_("You must choose first"),
        N_("The website wanted to log you in without asking you anything."),
        _AGAIN,
    ),
    "consent-needed": ErrorWords(
        N_("You must agree first"),
        N_("The website wanted to log you in without asking you anything."),
        _AGAIN,
    ),
    "level-unreachable": ErrorWords(
        N_("No login means fits"),
        N_("No login means reaches the level that this service asks."),
        _ASK_SERVICE,
    ),
    "level-not-proven": ErrorWords(
        N_("This way of logging in is not enough"),
        N_("The service asks for a higher level than you logged in with."),
        N_("Log in again and choose another login means."),
    ),
    "cancelled": ErrorWords(N_("You stopped"), N_("You are not logged in."), _AGAIN),
    "login-unknown": ErrorWords(
        N_("We cannot find this"),
        N_("The address is not right, or what stood here was long ago."),
        N_("Go back to where you came from. Were you logging in? Then start again on the website."),
    ),
    "login-expired": ErrorWords(
        N_("Your time is over"),
        N_("You were logging in, but it took too long."),
        _AGAIN,
    ),
    "login-elsewhere": ErrorWords(
        N_("You started in another browser"),
        N_("We cannot see that this login is yours."),
        _AGAIN,
    ),
    "login-ended": ErrorWords(
        N_("This login is over"),
        N_("You finished this login before."),
        _AGAIN,
    ),
    "step-out-of-order": ErrorWords(
        N_("This page is over"),
        N_("You went back to a page that you already finished."),
        _AGAIN,
    ),
    "form-expired": ErrorWords(
        N_("This page is too old"),
        N_("We did not use what you filled in."),
        N_("Open the page again and fill it in once more."),
    ),
    "credentials-wrong": ErrorWords(
        N_("This is not right"), N_("The name, password or code does not fit."), _RETRY
    ),
    "too-many-tries": ErrorWords(
        N_("You tried too often"),
        N_("To keep your account safe, you must wait."),
        _LATER,
    ),
    "account-closed": ErrorWords(
        N_("You cannot use this account"),
        N_("The account is suspended, blocked or ended."),
        N_(
            "Did you suspend it, or report misuse? Ask for a letter with a code. "
            "With the code you can use the account again. Otherwise contact the help desk."
        ),
    ),
    "account-held": HELD_GENERALLY,
    "below-own-floor": ErrorWords(
        N_("You blocked this level yourself"),
        N_("In My account you chose a higher lowest level. These login means do not reach it."),
        N_("Log in with a login means that reaches it. In My account you can change your lowest level."),
    ),
    "pin-wrong": ErrorWords(N_("This PIN is not right"), N_("The PIN of the app is another one."), _RETRY),
    "app-closed": ErrorWords(
        N_("You cannot use this app"),
        N_("The app was stopped, is blocked, or waits for the code from a letter."),
        N_("In My account you see your apps, and you can add the app again."),
    ),
    "passkey-refused": ErrorWords(
        N_("You cannot use this passkey"),
        N_("The passkey was stopped, or your device did not prove that it has it."),
        N_("In My account you see your passkeys, and you can add a new one."),
    ),
    "means-declined": ErrorWords(
        N_("Your login means did not log you in"),
        N_("You stopped there, or your login means said no."),
        N_("Choose another login means, or try again."),
    ),
    "not-linked": ErrorWords(
        N_("This login means is not linked to you"),
        N_("This service must know who you are, and this login means cannot tell."),
        N_("Log in with your own account. In My account you can link this login means to yourself."),
    ),
    "linked-elsewhere": ErrorWords(
        N_("This login means cannot be linked to you"),
        N_("Somebody else linked it before."),
        N_("Do you think that this is wrong? Contact the help desk."),
    ),
    "person-not-found": ErrorWords(
        N_("We cannot find you"),
        N_("The register has nobody with these particulars."),
        N_("Check what you filled in."),
    ),
    "password-too-weak": ErrorWords(
        N_("This password is not strong enough"),
        N_("Others can guess it."),
        N_("Go back and choose another password."),
    ),
    "number-not-usable": ErrorWords(
        N_("This number cannot be used"),
        N_("We cannot send text messages to it."),
        N_("Go back and use another number."),
    ),
    "upload-refused": ErrorWords(
        N_("This file is not taken over"),
        N_("Nothing was changed."),
        N_("Upload the file again."),
    ),
    "value-refused": ErrorWords(
        N_("Something is not right"),
        N_("We cannot use one of the fields."),
        N_("Go back and check what you filled in."),
    ),
    "unavailable": ErrorWords(
        N_("This does not work at the moment"),
        N_("A system that we need does not answer."),
        _LATER,
    ),
    "crossed": ErrorWords(
        N_("Something else happened at the same moment"),
        N_("We cannot do both at once."),
        _RETRY,
    ),
    "misconfigured": ErrorWords(
        N_("Something went wrong on our side"),
        N_("Our system is not set up well. You did nothing wrong."),
        _LATER,
    ),
    "error": ErrorWords(
        N_("Something went wrong on our side"),
        N_("You did nothing wrong."),
        _LATER,
    ),
    "not-found": ErrorWords(
        N_("This page does not exist"),
        N_("The address is not right, or the page is gone."),
        N_("Check the address."),
    ),
}
