"""The letter of a notice for which there is no letter of its own: the words of its text message, on paper."""

from __future__ import annotations

from typing import Final

from toegang.post.texts import LetterPurpose, LetterText

LETTERS_OF_NOTICES: Final[dict[LetterPurpose, dict[str, LetterText]]] = {
    LetterPurpose.NOTICE: {
        "nl": LetterText(
            subject="Bericht over uw account",
            before=(
                "{said}",
                "Was u dit zelf? Dan hoeft u niets te doen.",
                "In Mijn account kiest u hoe u zulke berichten krijgt.",
            ),
        ),
        "en": LetterText(
            subject="A message about your account",
            before=(
                "{said}",
                "Was it you? Then there is nothing that you need to do.",
                "In My account you choose how you get such messages.",
            ),
        ),
    },
}
