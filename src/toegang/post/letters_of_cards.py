"""The letters about logging in with a card, in Dutch (plain words, B1) and English."""

from __future__ import annotations

from typing import Final

from toegang.post.texts import LetterPurpose, LetterText

LETTERS_OF_CARDS: Final[dict[LetterPurpose, dict[str, LetterText]]] = {
    LetterPurpose.CARD_ACTIVATED: {
        "nl": LetterText(
            subject="U kunt inloggen met uw kaart",
            before=(
                (
                    "U kunt nu inloggen met uw identiteitskaart of rijbewijs en de pincode die "
                    "daarbij hoort. Geef uw pincode aan niemand."
                ),
                "Was u dit niet? Log in op {address}/account/cards en stop het inloggen met uw kaart.",
            ),
        ),
        "en": LetterText(
            subject="You can log in with your card",
            before=(
                (
                    "You can now log in with your identity card or driving licence and its PIN. "
                    "Do not share your PIN with anyone."
                ),
                "Was this not you? Log in at {address}/account/cards and stop logging in with your card.",
            ),
        ),
    },
    LetterPurpose.CARD_USED: {
        "nl": LetterText(
            subject="Er is ingelogd met uw kaart",
            before=(
                (
                    "Er is voor het eerst ingelogd met uw identiteitskaart of rijbewijs, en met de pincode. "
                    "Van volgende keren krijgt u geen brief."
                ),
                "Was u dit niet? Log in op {address}/account/cards en stop het inloggen met uw kaart.",
            ),
        ),
        "en": LetterText(
            subject="Your card was used to log in",
            before=(
                (
                    "Your identity card or driving licence was used with its PIN to log in for the first "
                    "time. We send no letter the next times."
                ),
                "Was this not you? Log in at {address}/account/cards and stop logging in with your card.",
            ),
        ),
    },
}
