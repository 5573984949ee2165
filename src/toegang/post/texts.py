"""What we write to people, in Dutch (plain words, B1) and English; whole letters stand in letter_texts.py.

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
    MEANS_UNLINKED = "means-unlinked-notice"
    FAILURES = "failures-notice"
    NEW_BROWSER = "new-browser-notice"
    FLOOR_RAISED = "floor-raised-notice"
    FLOOR_LOWERED = "floor-lowered-notice"
    APP_ADDED = "app-added-notice"
    APP_STOPPED = "app-stopped-notice"
    APP_BLOCKED = "app-blocked-notice"
    APP_PIN_CHANGED = "app-pin-changed-notice"
    APP_CHECKED = "app-checked-notice"
    PASSKEY_ADDED = "passkey-added-notice"
    PASSKEY_STOPPED = "passkey-stopped-notice"
    CARD_ACTIVATED = "card-activated-notice"
    CARD_USED = "card-used-notice"
    CARD_STOPPED = "card-stopped-notice"
    CARD_PIN = "card-pin-notice"
    FLOOR_LIFTED = "floor-lifted-notice"
    MAIL_SET = "mail-set-notice"
    MAIL_REMOVED = "mail-removed-notice"
    NOTICES_CHANGED = "notices-changed-notice"
    MANDATE_ASKED = "mandate-asked-notice"
    MANDATE_OFFERED = "mandate-offered-notice"
    MANDATE_GIVEN = "mandate-given-notice"
    MANDATE_RECEIVED = "mandate-received-notice"
    MANDATE_CHANGED = "mandate-changed-notice"
    MANDATE_ENDED = "mandate-ended-notice"
    MANDATE_ENDS = "mandate-ends-notice"


class LetterPurpose(enum.StrEnum):
    """Why a letter is sent."""

    ACTIVATION = "activation-letter"
    ACCOUNT_OPENED = "account-opened-letter"
    RECOVERY = "recovery-letter"
    FIRST_NUMBER = "first-number-letter"
    NUMBER_CHANGED = "number-changed-letter"
    ACCOUNT_SUSPENDED = "account-suspended-letter"
    ACCOUNT_ENDED = "account-ended-letter"
    FAILURES = "failures-letter"
    FLOOR_LOWERED = "floor-lowered-letter"
    NEW_BROWSER = "new-browser-letter"
    APP_CODE = "app-code-letter"
    APP_ADDED = "app-added-letter"
    APP_STOPPED = "app-stopped-letter"
    PASSKEY_ADDED = "passkey-added-letter"
    PASSKEY_STOPPED = "passkey-stopped-letter"
    SUSPENDED_BY_US = "suspended-by-us-letter"
    RESUMED = "resumed-letter"
    APP_CHECKED = "app-checked-letter"
    CARD_ACTIVATED = "card-activated-letter"
    CARD_USED = "card-used-letter"
    NOTICE = "notice-letter"
    MANDATE_CODE = "mandate-code-letter"
    MANDATE_AT_DESK = "mandate-at-desk-letter"
    MANDATE_ENDED_AT_DESK = "mandate-ended-at-desk-letter"


AT_HOME_ONLY: Final = frozenset(
    {
        LetterPurpose.ACTIVATION,
        LetterPurpose.RECOVERY,
        LetterPurpose.FIRST_NUMBER,
        LetterPurpose.APP_CODE,
        LetterPurpose.MANDATE_CODE,
    }
)
"""eIDAS-2015/1502-2.2.2: letters with a code. An address in another country is not checked as ours are, so it
gets none: what such a letter opens is opened at a desk."""


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
    SmsPurpose.MEANS_UNLINKED: {
        "nl": "Een of meer gekoppelde inlogmiddelen zijn losgemaakt. Was u dit niet? Ga naar {host}.",
        "en": "One or more linked login means were taken off your account. Not you? Go to {host}.",
    },
    SmsPurpose.FAILURES: {
        "nl": "Iemand probeert in te loggen op uw account. Dat lukte niet. Ga voor hulp naar {host}.",
        "en": "Somebody tries to log in to your account. They did not get in. For help go to {host}.",
    },
    SmsPurpose.NEW_BROWSER: {
        "nl": "Er is ingelogd met uw account in een nieuwe browser. Was u dit niet? Ga naar {host}/misuse.",
        "en": "Somebody logged in with your account in a new browser. Not you? Go to {host}/misuse.",
    },
    SmsPurpose.FLOOR_RAISED: {
        "nl": "Voor uw logins geldt nu een hoger laagste niveau. Was u dit niet? Ga naar {host}.",
        "en": "A higher lowest level now counts for your logins. Not you? Go to {host}.",
    },
    SmsPurpose.FLOOR_LOWERED: {
        "nl": "Over 3 dagen kunt u weer inloggen op een lager niveau. Was u dit niet? Ga naar {host}.",
        "en": "In 3 days you can log in at a lower level again. Not you? Go to {host}.",
    },
    SmsPurpose.APP_ADDED: {
        "nl": "Er is een app aan uw account toegevoegd. Was u dit niet? Ga naar {host}.",
        "en": "An app was added to your account. Not you? Go to {host}.",
    },
    SmsPurpose.APP_STOPPED: {
        "nl": "Uw app is gestopt: twee apparaten gebruikten dezelfde app. Ga voor hulp naar {host}.",
        "en": "Your app was stopped: two devices used the same app. For help go to {host}.",
    },
    SmsPurpose.APP_BLOCKED: {
        "nl": "Uw app is geblokkeerd: de pincode was te vaak fout. Was u dit niet? Ga naar {host}/misuse.",
        "en": "Your app was blocked: the PIN was wrong too often. Was this not you? Go to {host}/misuse.",
    },
    SmsPurpose.APP_PIN_CHANGED: {
        "nl": "De pincode van uw app is veranderd. Was u dit niet? Ga naar {host}/misuse.",
        "en": "The PIN of your app was changed. Was this not you? Go to {host}/misuse.",
    },
    SmsPurpose.APP_CHECKED: {
        "nl": "Er is een identiteitsbewijs gecontroleerd met uw app. Was u dit niet? Ga naar {host}.",
        "en": "An identity document was checked with your app. Not you? Go to {host}.",
    },
    SmsPurpose.PASSKEY_ADDED: {
        "nl": "Er is een passkey aan uw account toegevoegd. Was u dit niet? Ga naar {host}.",
        "en": "A passkey was added to your account. Not you? Go to {host}.",
    },
    SmsPurpose.PASSKEY_STOPPED: {
        "nl": "Uw passkey is gestopt: misschien heeft iemand hem gekopieerd. Ga voor hulp naar {host}.",
        "en": "Your passkey was stopped: somebody may have copied it. For help go to {host}.",
    },
    SmsPurpose.CARD_ACTIVATED: {
        "nl": "U kunt nu inloggen met uw identiteitskaart of rijbewijs. Was u dit niet? Ga naar {host}.",
        "en": "You can now log in with your identity card or driving licence. Not you? Go to {host}.",
    },
    SmsPurpose.CARD_USED: {
        "nl": "Er is voor het eerst ingelogd met uw identiteitskaart of rijbewijs. Niet u? Ga naar {host}.",
        "en": "Your card was used to log in for the first time. Not you? Go to {host}.",
    },
    SmsPurpose.CARD_STOPPED: {
        "nl": "Inloggen met uw kaart is gestopt. Was u dit niet? Ga naar {host}.",
        "en": "Logging in with your card was stopped. Not you? Go to {host}.",
    },
    SmsPurpose.CARD_PIN: {
        "nl": "Er is een nieuwe pincode voor uw kaart aangevraagd. Was u dit niet? Ga naar {host}.",
        "en": "A letter with a new PIN for your card was asked for. Not by you? Go to {host}.",
    },
    SmsPurpose.FLOOR_LIFTED: {
        "nl": "Een medewerker heeft uw laagste niveau weggehaald. Vroeg u dat niet? Ga naar {host}.",
        "en": "A clerk took away your lowest level. Did you not ask for that? Go to {host}.",
    },
    SmsPurpose.MAIL_SET: {
        "nl": "Er is een e-mailadres bij uw account gezet. Was u dit niet? Ga naar {host}.",
        "en": "A mail address was set for your account. Not you? Go to {host}.",
    },
    SmsPurpose.MAIL_REMOVED: {
        "nl": "Het e-mailadres van uw account is weggehaald. Was u dit niet? Ga naar {host}.",
        "en": "The mail address of your account was removed. Not you? Go to {host}.",
    },
    SmsPurpose.NOTICES_CHANGED: {
        "nl": "U krijgt berichten over uw account nu anders. Was u dit niet? Ga naar {host}.",
        "en": "How you get messages about your account was changed. Not you? Go to {host}.",
    },
    SmsPurpose.MANDATE_ASKED: {
        "nl": "Iemand vraagt of hij iets voor u mag regelen. Kijk bij uw machtigingen op {host}.",
        "en": "Somebody asks whether they may arrange things for you. See your mandates at {host}.",
    },
    SmsPurpose.MANDATE_OFFERED: {
        "nl": "Iemand vraagt of u iets voor hem wilt regelen. Kijk bij uw machtigingen op {host}.",
        "en": "Somebody asks whether you want to arrange things for them. See your mandates at {host}.",
    },
    SmsPurpose.MANDATE_GIVEN: {
        "nl": "Iemand mag nu iets voor u regelen. Klopt dat niet? Kijk bij uw machtigingen op {host}.",
        "en": "Somebody may now arrange things for you. Not right? See your mandates at {host}.",
    },
    SmsPurpose.MANDATE_RECEIVED: {
        "nl": "U mag nu iets voor iemand anders regelen. Kijk bij uw machtigingen op {host}.",
        "en": "You may now arrange things for somebody else. See your mandates at {host}.",
    },
    SmsPurpose.MANDATE_CHANGED: {
        "nl": "Een machtiging van u is veranderd. Kijk bij uw machtigingen op {host}.",
        "en": "A mandate of yours was changed. See your mandates at {host}.",
    },
    SmsPurpose.MANDATE_ENDED: {
        "nl": "Een machtiging van u is gestopt. Kijk bij uw machtigingen op {host}.",
        "en": "A mandate of yours was ended. See your mandates at {host}.",
    },
    SmsPurpose.MANDATE_ENDS: {
        "nl": "Een machtiging van u stopt binnenkort. Wilt u verder? Kijk bij uw machtigingen op {host}.",
        "en": "A mandate of yours ends soon. Do you want to go on? See your mandates at {host}.",
    },
    SmsPurpose.ACCOUNT_ENDED: {
        "nl": "Uw account is beëindigd. Was u dit niet? Ga naar {host}.",
        "en": "Your account was ended. Not you? Go to {host}.",
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
