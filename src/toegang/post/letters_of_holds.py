"""The letters about an account that stands still, in Dutch (plain words, B1) and English."""

from __future__ import annotations

from typing import Final

from toegang.post.texts import LetterPurpose, LetterText

SUSPENDED_BECAUSE: Final[dict[str, dict[str, str]]] = {
    "misuse-suspected": {
        "nl": "Wij denken dat iemand anders uw account gebruikt.",
        "en": "We think that somebody else uses your account.",
    },
    "investigation": {
        "nl": "Er loopt een onderzoek naar het gebruik van uw account.",
        "en": "The use of your account is being investigated.",
    },
    "authority": {
        "nl": "De overheid die toezicht houdt, heeft ons dit opgedragen.",
        "en": "The supervising authority has told us to do this.",
    },
}
"""Why an account was suspended, by the word of means.citizen.holding.SuspensionReason."""

LETTERS_OF_HOLDS: Final[dict[LetterPurpose, dict[str, LetterText]]] = {
    LetterPurpose.SUSPENDED_BY_US: {
        "nl": LetterText(
            subject="Wij hebben uw account stilgezet",
            before=(
                "Wij hebben uw account stilgezet. U kunt er tot en met {last_day} niet mee inloggen.",
                "De reden: {reason}",
                "Daarna kunt u uw account weer gebruiken zoals u gewend was. U hoeft daarvoor niets te doen.",
                (
                    "Bent u het hier niet mee eens? Laat het ons weten. "
                    "Op {address}/help leest u hoe dat kan, ook als u niet kunt inloggen."
                ),
            ),
        ),
        "en": LetterText(
            subject="We suspended your account",
            before=(
                "We suspended your account. You cannot log in with it now, up to and including {last_day}.",
                "The reason: {reason}",
                "After that you can use your account again as before. You need not do anything.",
                ("Do you not agree? Tell us. At {address}/help you read how, also when you cannot log in."),
            ),
        ),
    },
    LetterPurpose.RESUMED: {
        "nl": LetterText(
            subject="U kunt uw account weer gebruiken",
            before=(
                "Uw account stond stil. Dat is voorbij: u kunt er weer mee inloggen zoals u gewend was.",
                "Hebt u vragen? Kijk op {address}/help.",
            ),
        ),
        "en": LetterText(
            subject="You can use your account again",
            before=(
                "Your account was suspended. That is over: you can log in with it again as before.",
                "Do you have questions? See {address}/help.",
            ),
        ),
    },
}
