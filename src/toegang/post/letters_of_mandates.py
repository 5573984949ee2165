"""The letters for who lets somebody else act for them, and does not log in themselves."""

from __future__ import annotations

from typing import Final

from toegang.post.texts import LetterPurpose, LetterText

LETTERS_OF_MANDATES: Final[dict[LetterPurpose, dict[str, LetterText]]] = {
    LetterPurpose.MANDATE_CODE: {
        "nl": LetterText(
            subject="Mag iemand iets voor u regelen?",
            before=(
                "{asker} vraagt of hij of zij iets voor u mag regelen.",
                "Het gaat om: {services}. Dat mag dan tot en met {ends}.",
                ("Vindt u dit goed? Geef deze code dan aan {asker}. Daarna kan {asker} dit voor u regelen."),
            ),
            code_caption="Uw code:",
            after=(
                "De code werkt tot en met {last_day}.",
                (
                    "Vindt u dit niet goed, of kent u deze persoon niet? "
                    "Geef de code dan aan niemand. U hoeft verder niets te doen."
                ),
                "U kunt de machtiging altijd stoppen. Dat kan op {address} of bij de helpdesk.",
            ),
        ),
        "en": LetterText(
            subject="May somebody arrange things for you?",
            before=(
                "{asker} asks whether they may arrange things for you.",
                "It is about: {services}. They may do so until {ends}.",
                "Do you agree? Then give this code to {asker}. After that {asker} can arrange this for you.",
            ),
            code_caption="Your code:",
            after=(
                "The code works until {last_day}.",
                (
                    "Do you not agree, or do you not know this person? "
                    "Then give the code to nobody. There is nothing else that you need to do."
                ),
                "You can end the mandate at any time, at {address} or with the help desk.",
            ),
        ),
    },
    LetterPurpose.MANDATE_AT_DESK: {
        "nl": LetterText(
            subject="Iemand mag iets voor u regelen",
            before=(
                "U was met uw identiteitsbewijs aan de balie van {desk}.",
                "U liet daar vastleggen dat {agent} iets voor u mag regelen.",
                "Het gaat om: {services}. Dat mag tot en met {ends}.",
                "Was u dit zelf? Dan hoeft u niets te doen.",
                (
                    "Was u dit niet? Of wilt u dit niet meer? Dan kunt u de machtiging meteen stoppen. "
                    "Dat kan aan elke balie, op {address}/account/mandates of bij de helpdesk."
                ),
            ),
        ),
        "en": LetterText(
            subject="Somebody may arrange things for you",
            before=(
                "You were at the desk of {desk} with your identity document.",
                "You had it noted there that {agent} may arrange things for you.",
                "It is about: {services}. They may do so until {ends}.",
                "Was it you? Then there is nothing that you need to do.",
                (
                    "Was it not you? Or do you not want this any more? Then you can end the mandate at once: "
                    "at any desk, at {address}/account/mandates or with the help desk."
                ),
            ),
        ),
    },
    LetterPurpose.MANDATE_ENDED_AT_DESK: {
        "nl": LetterText(
            subject="Er is een machtiging van u gestopt",
            before=(
                "Aan de balie van {desk} is een machtiging gestopt.",
                "Het gaat om {what}. Dit mag nu niet meer.",
                "Weet u hiervan? Dan hoeft u niets te doen.",
                (
                    "Weet u hier niets van? Bel dan de helpdesk. Wilt u opnieuw een machtiging geven? "
                    "Dat kan aan elke balie of op {address}/account/mandates."
                ),
            ),
        ),
        "en": LetterText(
            subject="A mandate of yours has ended",
            before=(
                "At the desk of {desk} a mandate was ended.",
                "It is {what}. This is not allowed any more.",
                "Do you know of this? Then there is nothing that you need to do.",
                (
                    "Do you know nothing of it? Then call the help desk. Do you want to give a mandate "
                    "again? You can do so at any desk, or at {address}/account/mandates."
                ),
            ),
        ),
    },
}
