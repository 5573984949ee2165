"""What we write to people, in Dutch (plain words, B1) and English.

Every text is a format string; the names in braces are the values that the sender must give.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final


class SmsPurpose(enum.StrEnum):
    """Why a text message is sent."""

    LOGIN_CODE = "login-code"
    NUMBER_CODE = "number-code"
    RECOVERY_CODE = "recovery-code"
    NUMBER_CHANGED = "number-changed-notice"
    PASSWORD_CHANGED = "password-changed-notice"  # noqa: S105 a name, not a password
    ACCOUNT_ACTIVATED = "account-activated-notice"
    ACCOUNT_SUSPENDED = "account-suspended-notice"
    ACCOUNT_ENDED = "account-ended-notice"
    MEANS_LINKED = "means-linked-notice"
    FAILURES = "failures-notice"


class LetterPurpose(enum.StrEnum):
    """Why a letter is sent."""

    ACTIVATION = "activation-letter"
    RECOVERY = "recovery-letter"
    FIRST_NUMBER = "first-number-letter"
    NUMBER_CHANGED = "number-changed-letter"
    ACCOUNT_SUSPENDED = "account-suspended-letter"
    ACCOUNT_ENDED = "account-ended-letter"
    FAILURES = "failures-letter"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterText:
    """A letter's subject and paragraphs; `code_caption` stands above the code of letters that have one."""

    subject: str
    before: tuple[str, ...]
    code_caption: str = ""
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFrame:
    """What is the same in every letter of one language."""

    salutation: str
    closing: str
    sender: str
    date: str
    reference: str
    months: tuple[str, ...]


# The code stands on the last line beside our host name, so that a telephone fills it in on our own
# pages only (the form that the common telephones read).
_BOUND = "\n@{host} #{code}"

SMS: Final[dict[SmsPurpose, dict[str, str]]] = {
    SmsPurpose.LOGIN_CODE: {
        "nl": "Uw code om in te loggen is {code}. Geef deze code aan niemand." + _BOUND,
        "en": "Your code to log in is {code}. Do not share this code." + _BOUND,
    },
    SmsPurpose.NUMBER_CODE: {
        "nl": "Uw code om dit nummer te bevestigen is {code}. Geef deze code aan niemand." + _BOUND,
        "en": "Your code to confirm this number is {code}. Do not share this code." + _BOUND,
    },
    SmsPurpose.RECOVERY_CODE: {
        "nl": "Uw code voor een nieuw wachtwoord is {code}. Geef deze code aan niemand." + _BOUND,
        "en": "Your code for a new password is {code}. Do not share this code." + _BOUND,
    },
    SmsPurpose.NUMBER_CHANGED: {
        "nl": "Het telefoonnummer van uw account is gewijzigd. Was u dit niet? Ga naar {host}.",
        "en": "The telephone number of your account was changed. Not you? Go to {host}.",
    },
    SmsPurpose.PASSWORD_CHANGED: {
        "nl": "Het wachtwoord van uw account is gewijzigd. Was u dit niet? Ga naar {host}.",
        "en": "The password of your account was changed. Not you? Go to {host}.",
    },
    SmsPurpose.ACCOUNT_ACTIVATED: {
        "nl": "Uw account is klaar voor gebruik. Was u dit niet? Ga naar {host}.",
        "en": "Your account is ready for use. Not you? Go to {host}.",
    },
    SmsPurpose.ACCOUNT_SUSPENDED: {
        "nl": "Uw account is opgeschort. Was u dit niet? Ga naar {host}.",
        "en": "Your account was suspended. Not you? Go to {host}.",
    },
    SmsPurpose.MEANS_LINKED: {
        "nl": "Er is een inlogmiddel aan uw account gekoppeld. Was u dit niet? Ga naar {host}.",
        "en": "A login means was linked to your account. Not you? Go to {host}.",
    },
    SmsPurpose.FAILURES: {
        "nl": "Iemand probeert in te loggen op uw account. Dat lukte niet. Ga voor hulp naar {host}.",
        "en": "Somebody tries to log in to your account. They did not get in. For help go to {host}.",
    },
    SmsPurpose.ACCOUNT_ENDED: {
        "nl": "Uw account is beëindigd. Was u dit niet? Ga naar {host}.",
        "en": "Your account was ended. Not you? Go to {host}.",
    },
}

LETTERS: Final[dict[LetterPurpose, dict[str, LetterText]]] = {
    LetterPurpose.ACTIVATION: {
        "nl": LetterText(
            subject="Uw activeringscode",
            before=(
                (
                    "U hebt een account aangevraagd om in te loggen bij de overheid en de zorg. "
                    "Met de code in deze brief maakt u uw account klaar voor gebruik."
                ),
            ),
            code_caption="Uw activeringscode:",
            after=(
                (
                    "Ga naar {address}. Log in met de gebruikersnaam en het wachtwoord die u hebt gekozen. "
                    "Vul daarna deze code in."
                ),
                (
                    "De code werkt tot en met {last_day}. Geef de code aan niemand. "
                    "Wij bellen of mailen u nooit om deze code."
                ),
                (
                    "Hebt u geen account aangevraagd? Gooi deze brief niet weg en meld het ons op {address}. "
                    "Zonder deze code kan niemand het account gebruiken."
                ),
            ),
        ),
        "en": LetterText(
            subject="Your activation code",
            before=(
                (
                    "You have applied for an account to log in with public services and health care. "
                    "The code in this letter makes your account ready for use."
                ),
            ),
            code_caption="Your activation code:",
            after=(
                (
                    "Go to {address}. Log in with the user name and password that you chose. "
                    "Then enter this code."
                ),
                (
                    "The code works up to and including {last_day}. Do not share the code with anyone. "
                    "We never call or mail you to ask for this code."
                ),
                (
                    "Did you not apply for an account? Keep this letter and tell us at {address}. "
                    "Nobody can use the account without this code."
                ),
            ),
        ),
    },
    LetterPurpose.RECOVERY: {
        "nl": LetterText(
            subject="Uw herstelcode",
            before=(
                (
                    "U hebt gevraagd om uw account te herstellen. "
                    "Met de code in deze brief kiest u een nieuw wachtwoord."
                ),
            ),
            code_caption="Uw herstelcode:",
            after=(
                "Ga naar {address} en vul deze code in.",
                (
                    "De code werkt tot en met {last_day}. Geef de code aan niemand. "
                    "Wij bellen of mailen u nooit om deze code."
                ),
                "Hebt u dit niet gevraagd? Meld het ons op {address}. Uw oude wachtwoord blijft werken.",
            ),
        ),
        "en": LetterText(
            subject="Your recovery code",
            before=(
                (
                    "You have asked to recover your account. "
                    "With the code in this letter you choose a new password."
                ),
            ),
            code_caption="Your recovery code:",
            after=(
                "Go to {address} and enter this code.",
                (
                    "The code works up to and including {last_day}. Do not share the code with anyone. "
                    "We never call or mail you to ask for this code."
                ),
                "Did you not ask for this? Tell us at {address}. Your old password still works.",
            ),
        ),
    },
    LetterPurpose.FIRST_NUMBER: {
        "nl": LetterText(
            subject="Uw code voor uw telefoonnummer",
            before=(
                (
                    "U wilt het telefoonnummer dat eindigt op {digits} toevoegen aan uw account. "
                    "Met de code in deze brief doet u dat. Daarna kunt u inloggen op niveau midden."
                ),
            ),
            code_caption="Uw code:",
            after=(
                (
                    "Log in bij de dienst waar u heen wilt, of ga naar {address}/account/number/letter. "
                    "Vul daarna deze code in."
                ),
                (
                    "De code werkt tot en met {last_day}. Geef de code aan niemand. "
                    "Wij bellen of mailen u nooit om deze code."
                ),
                (
                    "Was u dit niet? Dan kent iemand anders uw wachtwoord. Gebruik deze code niet. "
                    "Kies meteen een ander wachtwoord op {address}/account/password."
                ),
            ),
        ),
        "en": LetterText(
            subject="Your code for your telephone number",
            before=(
                (
                    "You want to add the telephone number that ends in {digits} to your account. "
                    "The code in this letter does that. You can then log in at level medium."
                ),
            ),
            code_caption="Your code:",
            after=(
                (
                    "Log in at the service that you want to use, or go to {address}/account/number/letter. "
                    "Then enter this code."
                ),
                (
                    "The code works up to and including {last_day}. Do not share the code with anyone. "
                    "We never call or mail you to ask for this code."
                ),
                (
                    "Was it not you? Then somebody else knows your password. Do not use this code. "
                    "Choose another password at once at {address}/account/password."
                ),
            ),
        ),
    },
    LetterPurpose.NUMBER_CHANGED: {
        "nl": LetterText(
            subject="Uw telefoonnummer is gewijzigd",
            before=(
                (
                    "Het telefoonnummer van uw account is gewijzigd. "
                    "Wij sturen codes om in te loggen voortaan naar het nieuwe nummer."
                ),
                "Was u dit zelf? Dan hoeft u niets te doen.",
                "Was u dit niet? Ga dan meteen naar {address} en meld het ons.",
            ),
        ),
        "en": LetterText(
            subject="Your telephone number was changed",
            before=(
                (
                    "The telephone number of your account was changed. "
                    "From now on we send codes to log in to the new number."
                ),
                "Was it you? Then there is nothing that you need to do.",
                "Was it not you? Then go to {address} at once and tell us.",
            ),
        ),
    },
    LetterPurpose.ACCOUNT_SUSPENDED: {
        "nl": LetterText(
            subject="Uw account is opgeschort",
            before=(
                "U hebt uw account opgeschort. Niemand kan er nu mee inloggen.",
                (
                    "Wilt u uw account weer gebruiken, of was u dit niet? Ga dan naar "
                    "{address}/account/forgotten. U krijgt een brief met een code."
                ),
            ),
        ),
        "en": LetterText(
            subject="Your account was suspended",
            before=(
                "You suspended your account. Nobody can log in with it now.",
                (
                    "Do you want to use your account again, or was it not you? Then go to "
                    "{address}/account/forgotten. You get a letter with a code."
                ),
            ),
        ),
    },
    LetterPurpose.FAILURES: {
        "nl": LetterText(
            subject="Iemand probeert in te loggen op uw account",
            before=(
                (
                    "Er is vaak geprobeerd om in te loggen op uw account, met een verkeerd wachtwoord of een "
                    "verkeerde code. Dat lukte niet. Wij laten nu alleen nog apparaten toe die wij kennen."
                ),
                "Was u dit zelf? Kies dan een nieuw wachtwoord op {address}/account/forgotten.",
                (
                    "Was u dit niet? Uw account is veilig. Wij vragen u nooit om uw wachtwoord of uw code. "
                    "Werkt inloggen niet meer? Ga dan ook naar {address}/account/forgotten."
                ),
            ),
        ),
        "en": LetterText(
            subject="Somebody tries to log in to your account",
            before=(
                (
                    "There were many tries to log in to your account, with a wrong password or a wrong code. "
                    "None succeeded. From now on we only let in devices that we know."
                ),
                "Was it you? Then choose a new password at {address}/account/forgotten.",
                (
                    "Was it not you? Your account is safe. We never ask you for your password or your code. "
                    "Can you not log in any more? Then go to {address}/account/forgotten too."
                ),
            ),
        ),
    },
    LetterPurpose.ACCOUNT_ENDED: {
        "nl": LetterText(
            subject="Uw account is beëindigd",
            before=(
                "Uw account is beëindigd. U kunt er niet meer mee inloggen.",
                "Was u dit niet, of wilt u weer een account? Ga dan naar {address}.",
            ),
        ),
        "en": LetterText(
            subject="Your account was ended",
            before=(
                "Your account was ended. You can no longer log in with it.",
                "Was it not you, or do you want an account again? Then go to {address}.",
            ),
        ),
    },
}

FRAMES: Final[dict[str, LetterFrame]] = {
    "nl": LetterFrame(
        salutation="Beste {name},",
        closing="Met vriendelijke groet,",
        sender="Toegang",
        date="Datum",
        reference="Kenmerk",
        months=(
            "januari", "februari", "maart", "april", "mei", "juni",
            "juli", "augustus", "september", "oktober", "november", "december",
        ),
    ),
    "en": LetterFrame(
        salutation="Dear {name},",
        closing="Kind regards,",
        sender="Toegang",
        date="Date",
        reference="Reference",
        months=(
            "January", "February", "March", "April", "May", "June",
            "July", "August", "September", "October", "November", "December",
        ),
    ),
}  # fmt: skip
