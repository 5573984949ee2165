"""Closed lists in plain words: levels, attributes, form fields, reasons; errors stand in words_of_errors.py.

English stands here and is the key of the translation. Whoever adds a level, an attribute or a reason
adds its words here; tests/web/test_words.py finds what was forgotten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toegang.assurance import Level
from toegang.catalogue.representation import EdgeKind
from toegang.mandates.party import PartyKind
from toegang.web.words_of_authority import BASES
from toegang.web.words_of_errors import ERRORS, HELD, SUSPENDED_BECAUSE, ErrorWords
from toegang.web.words_of_events import EVENTS, OTHER
from toegang.web.words_of_limits import FIELDS_OF_LIMITS, LIMIT_CHOICES, LIMITS, REASONS_OF_LIMITS
from toegang.web.words_of_mandates import (
    BEGINS,
    COLUMNS,
    ENDED_BECAUSE,
    FALLEN,
    GONE,
    LINES,
    LIST_COLUMNS,
    OBJECTIONS,
    OTHERWISE,
    PAST,
    REASONS_OF_MANDATES,
    SCOPES,
    SIDES,
    STATES,
)
from toegang.web.words_of_office import REASONS_OF_OFFICE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from babel.support import NullTranslations

N_ = str  # marks a sentence for the translators' list; it is translated when a page is made


LEVELS: Mapping[Level, str] = {
    Level.MINIMAL: N_("minimal"),
    Level.BASIC: N_("basic"),
    Level.LOW: N_("medium"),
    Level.SUBSTANTIAL: N_("substantial"),
    Level.HIGH: N_("high"),
}

LEVEL_MEANINGS: Mapping[Level, str] = {
    Level.MINIMAL: N_("You log in with a name you chose yourself."),
    Level.BASIC: N_("You log in with a user name and a password."),
    Level.LOW: N_("You log in with a password and a second check, such as a text message."),
    Level.SUBSTANTIAL: N_("You log in with a means for which your identity document was checked."),
    Level.HIGH: N_("You log in with the chip of your identity document."),
}

ATTRIBUTES: Mapping[str, str] = {
    "bsn": N_("your citizen service number (BSN)"),
    "pseudonym": N_("a number that is yours at this organisation only"),
    "kvk": N_("the KVK number of the organisation that you act for"),
    "rsin": N_("the RSIN of the organisation that you act for"),
    "given_names": N_("your first names"),
    "family_name": N_("your family name"),
    "birth_date": N_("your date of birth"),
    "age_over_18": N_("whether you are 18 or older"),
}

TROUBLES: Mapping[str, str] = {
    "certificate-ends": N_("a certificate of this partner ends"),
    "signer-ends": N_("the certificate ends with which this partner signs its metadata"),
    "metadata-ends": N_("the metadata of this partner ends, and is not renewed"),
    "not-refreshed": N_("the metadata of this partner cannot be fetched or believed"),
    "our-key-ends": N_("a key of ours goes out of use that this partner still encrypts with"),
}

KEY_USES: Mapping[str, str] = {
    "signing": N_("signing"),
    "encryption": N_("encryption"),
    "both": N_("signing and encryption"),
    "mandates": N_("declaring mandates"),
}

KEY_STATES: Mapping[str, str] = {
    "published": N_("announced"),
    "active": N_("in use"),
    "retired": N_("out of use, still accepted"),
}

CERTIFICATE_PURPOSES: Mapping[str, str] = {
    "card-terminal": N_("what we show to cards"),
    "travel-authority": N_("believed of passports and identity cards"),
    "licence-authority": N_("believed of driving licences"),
    "card-authority": N_("believed of cards with an e-function"),
}

FACTORS: Mapping[str, str] = {
    "password": N_("password"),
    "sms-code": N_("code by text message"),
    "app": N_("app"),
    "passkey": N_("passkey"),
    "document-chip": N_("chip of your identity document"),
    "card-pin": N_("PIN of your card"),
    "external": N_("check by another party"),
    "bench": N_("test means"),
}

DOCUMENT_KINDS: Mapping[str, str] = {
    "passport": N_("passport"),
    "identity-card": N_("identity card"),
    "driving-licence": N_("driving licence"),
    "other-travel-document": N_("another travel document"),
}

FIELDS: Mapping[str, str] = {
    **FIELDS_OF_LIMITS,
    "partner": N_("Name or entity id"),
    "office_reference": N_("Reference of the mandate"),
    "office_order": N_("What must happen"),
    "office_cause": N_("Why"),
    "office_decision": N_("Reference of the decision"),
    "explain_actor": N_("BSN of who acts"),
    "explain_principal": N_("BSN or KVK number of who is represented"),
    "explain_words": N_("Name of the service"),
    "explain_service": N_("Service"),
    "explain_level": N_("Level of the login"),
    "bsn": N_("Citizen service number (BSN)"),
    "birth_date": N_("Date of birth"),
    "postal_code": N_("Postcode"),
    "house_number": N_("House number"),
    "activation_code": N_("Activation code"),
    "letter_code": N_("Code from the letter"),
    "user_name": N_("User name"),
    "password": N_("Password"),
    "new_password": N_("New password"),
    "repeat_password": N_("New password again"),
    "current_password": N_("Password you use now"),
    "telephone": N_("Mobile telephone number"),
    "code": N_("Code from the text message"),
    "number_lost": N_("Telephone number lost"),
    "sure": N_("I am sure"),
    "stop": N_("What must stop"),
    "large_print": N_("Letters in large print"),
    "ways": N_("How we tell you"),
    "logins": N_("Logins in a browser that we do not know"),
    "mail": N_("Mail address"),
    "mail_code": N_("Code from the mail"),
    "letter_size": N_("How large the print of the letters is"),
    "floor": N_("Lowest level"),
    "means": N_("Login means"),
    "app_code": N_("Code in the app"),
    "passkey_name": N_("Name of the passkey"),
    "document": N_("Document"),
    "document_number": N_("Number of the document"),
    "same_person": N_("The person on the photo"),
    "other_name": N_("Name of the other person"),
    "helper_here": N_("Whether who may act is here"),
    "helper": N_("Organisation that helps"),
    "helper_bsn": N_("BSN of who may act"),
    "helper_birth_date": N_("Date of birth of who may act"),
    "helper_document": N_("Document of who may act"),
    "helper_document_number": N_("Number of the document of who may act"),
    "helper_same_person": N_("The person on the photo, of who may act"),
    "case": N_("Name of the visit"),
    "desk_code": N_("Code of the desk"),
    "metadata": N_("File with metadata"),
    "signer_file": N_("Certificate, as a file"),
    "signer": N_("Certificate, as text"),
    "sha256": N_("SHA-256 of the file"),
    "organisation": N_("Organisation"),
    "number_for": N_("Number of who you log in for"),
    "team_firm": N_("KVK number of the organisation"),
    "team_name": N_("Name of the team"),
    "team_add": N_("Number of who is to be on this team"),
    "team_numbers": N_("Numbers, one on each line"),
    "team_file": N_("File with numbers"),
    "client_list": N_("Clients, one on each line"),
    "client_file": N_("File with clients"),
    "name_like": N_("Name of who you log in for"),
    "client_name": N_("Name of a client"),
    "client_number": N_("BSN or KVK number of a client"),
    "clients": N_("Which clients"),
    "team": N_("To which team"),
    "anew": N_("In place of what we know"),
    "contact_code": N_("Code that the other shows you"),
    "helper_words": N_("Look for an organisation that helps"),
    "words": N_("Look for a service or an organisation"),
    "services": N_("For which services"),
    "wide": N_("For more at once"),
    "later": N_("What is added later"),
    "grants": N_("Giving it on"),
    "until": N_("Last day"),
    "begins": N_("First day"),
    "mandate_code": N_("Code from the letter"),
    "kvk": N_("KVK number"),
    "number_of": N_("BSN or KVK number"),
}

REASONS: Mapping[str, str] = {
    **REASONS_OF_MANDATES,
    **REASONS_OF_OFFICE,
    **REASONS_OF_LIMITS,
    "empty": N_("Fill in this field."),
    "team-not-yours": N_("You cannot change teams of this organisation. Check the number."),
    "team-not-made": N_("Fill in a name. There can be 500 teams at most."),
    "team-not-theirs": N_("Nobody with this number works for this organisation or is its client."),
    "team-already": N_("Who has this number is on this team already."),
    "team-list-too-long": N_("This list is too long. Add 1,000 numbers at most at once."),
    "team-not-empty": N_("This team is not empty any more."),
    "hand-over-both": N_("One person decides for both organisations. Then this is not possible."),
    "hand-over-ended": N_("This organisation cannot act now. Check the number."),
    "no-client-of-it": N_("Nobody with this name or number is a client of this organisation."),
    "name-too-short": N_("Fill in at least two letters of the name."),
    "malformed": N_("This cannot be right. Check what you typed."),
    "too-long": N_("This is too long."),
    "too-short": N_("This is too short."),
    "number-for-invalid": N_("A KVK number has 8 digits. A BSN has 9 digits."),
    "nobody-to-give-for": N_("You do not decide for whoever has this number. Check the number."),
    "kvk-invalid": N_("This is not a valid KVK number. A KVK number has 8 digits."),
    "kvk-unknown": N_("The trade register has no organisation with this KVK number."),
    "nobody-to-act-for": N_("You cannot log in for this number here."),
    "bsn-invalid": N_("This is not a valid BSN. A BSN has 9 digits."),
    "date-invalid": N_("Fill in a date such as 31-12-1980."),
    "date-in-future": N_("This date is in the future."),
    "postal-code-invalid": N_("Fill in a postcode such as 1234 AB."),
    "house-number-invalid": N_("Fill in the number only. Put letters in the next field."),
    "code-wrong": N_("This code is not right. Check the code and try again."),
    "app-called": N_(
        "Your app is called already, or was called often. Wait, or choose that the app is on another device."
    ),
    "app-code-wrong": N_("This code is not right, or was used. Look in the app, or ask it for another."),
    "apps-most": N_("You have as many apps as you may have. Stop one first."),
    "app-other-login": N_("Log out, and log in with your password or with another app. Then add the app."),
    "passkeys-most": N_("You have as many passkeys as you may have. Stop one first."),
    "passkey-late": N_("This took too long, or you did it in another window. Try again."),
    "passkey-refused": N_("This passkey does not work here. Was it stopped? Then choose another one."),
    "passkey-known": N_("This passkey was added before. Use another device."),
    "passkey-copied": N_(
        "We stopped this passkey: somebody may have copied it. Log in in another way. Then add a new passkey."
    ),
    "passkey-not-admitted": N_("Passkeys of this kind are not accepted. Use another device."),
    "document-number-form": N_("A number of a document has 6 to 12 letters and digits."),
    "same-person-needed": N_("Only go on when you saw the document and the person is the one on the photo."),
    "desk-person-unknown": N_("The register knows nobody with this BSN who can be helped here."),
    "desk-person-differs": N_(
        "The register knows nobody with this BSN and this date of birth who can be helped here. Check both."
    ),
    "desk-not-apart": N_(
        "You cannot help with this mandate: it is about you, or you act for one of them. Ask a colleague."
    ),
    "desk-for-itself": N_(
        "A desk gives no mandate to its own organisation. "
        "The person does that in their own account, or at the desk of another organisation."
    ),
    "desk-no-account": N_("This person has no account that works. Help them to get one first."),
    "desk-has-account": N_("This person has an account already, or may not have one now."),
    "desk-code-wrong": N_(
        "The code or the date of birth is not right, or the code was used or is too old. "
        "Check both, or ask at the desk."
    ),
    "desk-apps-most": N_("This person has as many apps as they may have."),
    "desk-not-yourself": N_("You cannot do this for yourself, nor agree with your own visit."),
    "desk-no-case": N_(
        "No visit by this name waits at your desk. Check the name, or ask your colleague to note it."
    ),
    "app-no-letter": N_(
        "We cannot send another letter now. You asked for several already, or the app is too old. "
        "Wait, or add the app again."
    ),
    "code-expired": N_("This code is too old. Ask for a new code."),
    "letter-code-gone": N_("This code does not work any more. Ask for a new letter."),
    "number-letter-gone": N_("This code does not work any more. Give your telephone number again."),
    "no-address": N_(
        "We cannot send you a letter: the register has no address of you in the Netherlands. "
        "Contact your municipality."
    ),
    "credentials-wrong": N_("The user name or password is not right. Check both and try again."),
    "password-wrong": N_("This password is not right. Check it and try again."),
    "user-name-taken": N_("Somebody else has this user name. Choose another one."),
    "user-name-invalid": N_("Use 6 to 32 letters, digits, dots or dashes."),
    "user-name-is-bsn": N_("Do not use your BSN as user name."),
    "passwords-differ": N_("The two passwords are not the same."),
    "password-too-short": N_("Use at least 15 characters."),
    "password-too-long": N_("This password is too long. Use at most 128 characters."),
    "password-guessable": N_("This password is easy to guess. Use a few words that do not belong together."),
    "password-known": N_("This password is on a list of known passwords. Choose another one."),
    "password-has-name": N_("Do not use your name, user name or date of birth in your password."),
    "password-same": N_("You use this password now. Choose another one."),
    "number-not-usable": N_("We cannot send text messages to this number. Use another number."),
    "number-rests": N_("You cannot change this number yet. The page says from when you can."),
    "number-invalid": N_("Fill in a number such as 06 12345678."),
    "level-not-reached": N_("You can only choose a level at which you are logged in now."),
    "not-confirmed": N_("Tick the box if you are sure."),
    "choose-one": N_("Choose one."),
    "choose-way": N_("Choose at least one way."),
    "way-not-possible": N_("This way does not reach you. Choose another one."),
    "mail-not-usable": N_("We cannot send mail to this address. Fill in an address such as name@example.nl."),
    "no-mail-here": N_("We do not send mail."),
    "too-many-tries": N_("You tried too often. Wait a while and try again."),
    "linked-elsewhere": N_("Somebody else linked this account before. You cannot link it."),
    "cannot-be-linked": N_("This login means cannot be linked now."),
    "file-missing": N_("Choose a file."),
    "file-too-large": N_("This file is too large. Choose a file of 256 kB at most."),
    "file-unreadable": N_("We cannot read this file. Save it as CSV or as text, and choose it again."),
    "file-no-column": N_(
        "We do not know which column has the numbers. Call it BSN, KVK or number in the first line."
    ),
    "file-empty": N_("There are no numbers in this file."),
    "pin-missing": N_("Give a certificate, or the SHA-256 of the file."),
    "pin-twice": N_("Give a certificate or the SHA-256 of the file, not both."),
    "certificate-invalid": N_("This is no certificate, or its key is too weak."),
    "sha256-invalid": N_("A SHA-256 has 64 characters: digits and the letters a to f."),
    "organisation-unknown": N_("The catalogue has no organisation of this name."),
    "link-gone": N_("You linked this already, or it took too long. Start again."),
}
NAMELESS: Mapping[PartyKind | None, str] = {
    PartyKind.PERSON: N_("someone whose name we cannot show now"),
    PartyKind.ORGANISATION: N_("an organisation whose name we cannot show now"),
    PartyKind.BRANCH: N_("a branch whose name we cannot show now"),
    PartyKind.ESTATE: N_("someone whose name we cannot show now"),
    None: N_("a name that we cannot show now"),
}
_REASON_UNKNOWN = N_("Check this field.")


def in_language(sentences: NullTranslations) -> Mapping[str, Callable[..., object]]:
    """Return what the templates call these lists by, speaking the language of `sentences`."""
    say = sentences.ugettext

    def error_words(code: str, why: str = "") -> ErrorWords:
        """Return the words of an error by its `code`, and of a hold by `why`; else the general ones."""
        known = HELD.get(why) or ERRORS.get(code, ERRORS["error"])
        return ErrorWords(say(known.title), say(known.wrong), say(known.now))

    def stands(row: Mapping[str, object], begins: str) -> str:
        """Return how a row of web.own_mandates.rows stands, that begins on a day."""
        state, over = str(row["state"]), bool(row["over"])
        held = state == "active" and not over
        now = say(BEGINS) % {"day": begins} if held and row["early"] else _state(say, state, over=over)
        return f"{now}, {say(FALLEN)}" if row["fallen"] and not over else now

    return {
        "level_name": lambda level: say(LEVELS[level]),
        "level_meaning": lambda level: say(LEVEL_MEANINGS[level]),
        "attribute_name": lambda attribute: say(ATTRIBUTES[attribute]),
        "factor_names": lambda factors: ", ".join(say(FACTORS[factor]) for factor in factors),
        "trouble_words": lambda trouble: say(TROUBLES[trouble]),
        "key_use": lambda use: say(KEY_USES[use]),
        "certificate_purpose": lambda purpose: say(CERTIFICATE_PURPOSES[purpose]),
        "key_state": lambda state: say(KEY_STATES[state]),
        "event_words": lambda name: say(EVENTS.get(name, OTHER)),
        "document_kind": lambda kind: say(DOCUMENT_KINDS[kind]),
        "field_name": lambda field: say(FIELDS[field]),
        "reason": lambda key: say(REASONS.get(key, _REASON_UNKNOWN)),
        "error_words": error_words,
        "basis_name": lambda basis: say(BASES.get(basis, BASES[EdgeKind.VOLUNTARY])),
        # Of a mandates.names.Shown.
        "party_name": lambda shown: shown.name or say(NAMELESS[shown.kind]),
        "mandate_state": lambda state, over: _state(say, state, over=over),
        "mandate_stands": stands,
        "ended_because": lambda reason: say(ENDED_BECAUSE[reason]),
        # Of web.mandate_limits.limits_shown: a key, and to what it is limited.
        "limit_words": lambda key, value: say(LIMITS[key]) % {"value": value},
        "limit_choice": lambda word: say(LIMIT_CHOICES[word]),
        "column_name": lambda column: say({**COLUMNS, **LIST_COLUMNS}[column]),
        # Of a line of web.asking_many.
        "line_words": lambda word: say(LINES.get(word) or OBJECTIONS.get(word, OTHERWISE)),
        "side_name": lambda mine: say(SIDES[mine]),
        # Of web.meant.meant: how wide, and its name in this language.
        "scope_words": lambda wide, name: say(SCOPES[wide] if name or wide == "all" else GONE) % {wide: name},
        "suspended_because": lambda reason: say(SUSPENDED_BECAUSE[reason]),
    }


def _state(say: Callable[[str], str], state: str, *, over: bool) -> str:
    return say(PAST if over and state == "active" else STATES[state])
