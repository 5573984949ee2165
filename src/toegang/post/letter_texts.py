"""The letters that we write to people, in Dutch (plain words, B1) and English."""

from __future__ import annotations

from typing import Final

from toegang.post.letters_of_cards import LETTERS_OF_CARDS
from toegang.post.letters_of_devices import LETTERS_OF_DEVICES
from toegang.post.letters_of_holds import LETTERS_OF_HOLDS
from toegang.post.letters_of_mandates import LETTERS_OF_MANDATES
from toegang.post.letters_of_notices import LETTERS_OF_NOTICES
from toegang.post.texts import LetterPurpose, LetterText

LETTERS: Final[dict[LetterPurpose, dict[str, LetterText]]] = {
    **LETTERS_OF_CARDS,
    **LETTERS_OF_HOLDS,
    **LETTERS_OF_DEVICES,
    **LETTERS_OF_MANDATES,
    **LETTERS_OF_NOTICES,
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
                    "Iemand probeerde vaak om in te loggen op uw account. Het wachtwoord of de code was "
                    "verkeerd. Dat lukte dus niet. Wij laten nu alleen nog apparaten toe die wij kennen."
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
    LetterPurpose.APP_CODE: {
        "nl": LetterText(
            subject="Uw code voor de app",
            before=(
                (
                    "U wilt inloggen met de app op het apparaat dat u {device} noemt. "
                    "Met de code in deze brief maakt u de app klaar voor gebruik."
                ),
            ),
            code_caption="Uw code:",
            after=(
                "Open de app op dit apparaat en vul deze code in.",
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
            subject="Your code for the app",
            before=(
                (
                    "You want to log in with the app on the device that you call {device}. "
                    "The code in this letter makes the app ready for use."
                ),
            ),
            code_caption="Your code:",
            after=(
                "Open the app on this device and enter this code.",
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
    LetterPurpose.APP_CHECKED: {
        "nl": LetterText(
            subject="Uw identiteitsbewijs is gecontroleerd met de app",
            before=(
                (
                    "Met de app is uw identiteitsbewijs gecontroleerd. "
                    "Met deze app kan iemand nu ook inloggen waar niveau substantieel nodig is."
                ),
                "Was u dit zelf? Dan hoeft u niets te doen.",
                (
                    "Was u dit niet? Ga dan meteen naar {address}/account/misuse. "
                    "Wij stoppen dan uw account en de app."
                ),
            ),
        ),
        "en": LetterText(
            subject="Your identity document was checked with the app",
            before=(
                (
                    "Your identity document was checked with the app. "
                    "With this app somebody can now also log in where level substantial is needed."
                ),
                "Was it you? Then there is nothing that you need to do.",
                (
                    "Was it not you? Then go to {address}/account/misuse at once. "
                    "We then stop your account and the app."
                ),
            ),
        ),
    },
    LetterPurpose.NEW_BROWSER: {
        "nl": LetterText(
            subject="Er is ingelogd in een nieuwe browser",
            before=(
                "Er is ingelogd met uw account in een browser waarin dat nog niet eerder gebeurde.",
                "Was u dit zelf? Dan hoeft u niets te doen.",
                "Was u dit niet? Ga dan meteen naar {address}/misuse en meld het ons.",
            ),
        ),
        "en": LetterText(
            subject="Somebody logged in in a new browser",
            before=(
                "Somebody logged in with your account in a browser in which that did not happen before.",
                "Was it you? Then there is nothing that you need to do.",
                "Was it not you? Then go to {address}/misuse at once and tell us.",
            ),
        ),
    },
    LetterPurpose.FLOOR_LOWERED: {
        "nl": LetterText(
            subject="Uw laagste niveau gaat omlaag",
            before=(
                (
                    "U hebt gevraagd om weer te kunnen inloggen op een lager niveau. "
                    "Dat kan 3 dagen nadat u het vroeg."
                ),
                "Was u dit zelf? Dan hoeft u niets te doen.",
                (
                    "Was u dit niet? Ga dan meteen naar {address}/account/level. "
                    "Daar zet u het terug. Meld het ons ook op {address}/account/misuse."
                ),
            ),
        ),
        "en": LetterText(
            subject="Your lowest level goes down",
            before=(
                (
                    "You asked to be able to log in at a lower level again. "
                    "That works 3 days after you asked it."
                ),
                "Was it you? Then there is nothing that you need to do.",
                (
                    "Was it not you? Then go to {address}/account/level at once. "
                    "There you put it back. Also tell us at {address}/account/misuse."
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
