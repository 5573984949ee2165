"""The letters about apps, passkeys and what a desk gave, in Dutch (plain words, B1) and English."""

from __future__ import annotations

from typing import Final

from toegang.post.texts import LetterPurpose, LetterText

LETTERS_OF_DEVICES: Final[dict[LetterPurpose, dict[str, LetterText]]] = {
    LetterPurpose.ACCOUNT_OPENED: {
        "nl": LetterText(
            subject="Uw account is klaar",
            before=(
                (
                    "Iemand is met uw identiteitsbewijs naar een balie gegaan en vroeg een account aan. "
                    "Daarna is op uw naam een account gemaakt. "
                    "Met het account kunt u inloggen bij de overheid en de zorg."
                ),
                "Was u dit zelf? Dan hoeft u niets te doen.",
                "Was u dit niet? Ga dan meteen naar {address}/help. Wij stoppen dan het account.",
            ),
        ),
        "en": LetterText(
            subject="Your account is ready",
            before=(
                (
                    "Somebody came to a desk with your identity document and asked for an account. "
                    "After that an account was made in your name. You can log in with it with public "
                    "services and health care."
                ),
                "Was it you? Then there is nothing that you need to do.",
                "Was it not you? Then go to {address}/help at once. We then stop the account.",
            ),
        ),
    },
    LetterPurpose.APP_ADDED: {
        "nl": LetterText(
            subject="Er is een app aan uw account toegevoegd",
            before=(
                "Er is een app aan uw account toegevoegd. Met deze app en een pincode kan iemand inloggen.",
                "Was u dit zelf? Dan hoeft u niets te doen.",
                (
                    "Was u dit niet? Ga dan meteen naar {address}/account/misuse. "
                    "Wij stoppen dan uw account en de app."
                ),
            ),
        ),
        "en": LetterText(
            subject="An app was added to your account",
            before=(
                "An app was added to your account. With this app and a PIN somebody can log in.",
                "Was it you? Then there is nothing that you need to do.",
                (
                    "Was it not you? Then go to {address}/account/misuse at once. "
                    "We then stop your account and the app."
                ),
            ),
        ),
    },
    LetterPurpose.APP_STOPPED: {
        "nl": LetterText(
            subject="Uw app is gestopt",
            before=(
                (
                    "Twee apparaten hebben dezelfde app gebruikt. Dat mag niet kunnen: "
                    "misschien heeft iemand uw apparaat gekopieerd. Wij hebben de app gestopt."
                ),
                (
                    "Kijk op {address}/account/history waar u bent ingelogd. "
                    "Was u dat niet? Meld het ons op {address}/account/misuse."
                ),
                "U kunt de app opnieuw toevoegen op {address}/account/apps.",
            ),
        ),
        "en": LetterText(
            subject="Your app was stopped",
            before=(
                (
                    "Two devices used the same app. That should not be possible: "
                    "perhaps somebody copied your device. We stopped the app."
                ),
                (
                    "See at {address}/account/history where you logged in. "
                    "Was it not you? Tell us at {address}/account/misuse."
                ),
                "You can add the app again at {address}/account/apps.",
            ),
        ),
    },
    LetterPurpose.PASSKEY_ADDED: {
        "nl": LetterText(
            subject="Er is een passkey aan uw account toegevoegd",
            before=(
                "Er is een passkey aan uw account toegevoegd. Met deze passkey kan iemand inloggen.",
                "Was u dit zelf? Dan hoeft u niets te doen.",
                (
                    "Was u dit niet? Ga dan meteen naar {address}/account/misuse. "
                    "Wij stoppen dan uw account en de passkey."
                ),
            ),
        ),
        "en": LetterText(
            subject="A passkey was added to your account",
            before=(
                "A passkey was added to your account. With this passkey somebody can log in.",
                "Was it you? Then there is nothing that you need to do.",
                (
                    "Was it not you? Then go to {address}/account/misuse at once. "
                    "We then stop your account and the passkey."
                ),
            ),
        ),
    },
    LetterPurpose.PASSKEY_STOPPED: {
        "nl": LetterText(
            subject="Uw passkey is gestopt",
            before=(
                (
                    "Iemand heeft geprobeerd in te loggen met uw passkey. Wij zagen dat er misschien twee "
                    "van zijn. Daarom hebben wij deze passkey gestopt."
                ),
                "U kunt op een andere manier inloggen, en een nieuwe passkey toevoegen.",
                "Vertrouwt u het niet? Ga dan naar {address}/account/misuse.",
            ),
        ),
        "en": LetterText(
            subject="Your passkey was stopped",
            before=(
                (
                    "Somebody tried to log in with your passkey. We saw that there may be two of it. "
                    "So we stopped this passkey."
                ),
                "You can log in in another way, and add a new passkey.",
                "Do you not trust it? Then go to {address}/account/misuse.",
            ),
        ),
    },
}
