"""What we mail, in Dutch (plain words, B1) and English: the frame of notices, a code, a report of misuse.

The subject never says what happened: it stands on screens that others see.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final


class MailPurpose(enum.StrEnum):
    """Why a mail is sent that is no notice."""

    MAIL_CODE = "mail-code"
    MISUSE_REPORT = "misuse-report"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailText:
    """A mail's subject and its text, with our host name in `{host}`."""

    subject: str
    text: str


_END_NL = """\
Dit is een automatisch bericht. U kunt er niet op antwoorden.
Wij vragen u nooit per e-mail om uw wachtwoord of om een pincode.
Wilt u iets nakijken? Typ dan zelf {host} in uw browser.
"""
_END_EN = """\
This message was sent automatically. You cannot reply to it.
We never ask for your password or a PIN by mail.
Do you want to check something? Then type {host} in your browser yourself.
"""

NOTICE: Final[dict[str, MailText]] = {
    "nl": MailText(subject="Bericht over uw account", text="{said}\n\n" + _END_NL),
    "en": MailText(subject="A message about your account", text="{said}\n\n" + _END_EN),
}

MAILS: Final[dict[MailPurpose, dict[str, MailText]]] = {
    MailPurpose.MAIL_CODE: {
        "nl": MailText(
            subject="Uw code",
            text=(
                "Uw code om dit e-mailadres te bevestigen is {code}.\n"
                "Vul de code in op de pagina waar u hem vroeg. De code werkt {minutes} minuten.\n"
                "Vroeg u niet om een code? Dan hoeft u niets te doen.\n\n" + _END_NL
            ),
        ),
        "en": MailText(
            subject="Your code",
            text=(
                "Your code to confirm this mail address is {code}.\n"
                "Fill it in on the page where you asked for it. The code works for {minutes} minutes.\n"
                "Did you not ask for a code? Then you need to do nothing.\n\n" + _END_EN
            ),
        ),
    },
    MailPurpose.MISUSE_REPORT: {
        "nl": MailText(
            subject="Melding van misbruik {report}",
            text=(
                "Er is misbruik gemeld.\n\n"
                "Code van de melding: {report}\n"
                "Gemeld: {at}\n"
                "Door: {by}\n"
                "Over login: {login}\n"
                "Gestopt: {stopped}\n\n"
                "Wie het meldde staat niet in deze e-mail. U vindt de melding met haar code op {host}.\n"
            ),
        ),
    },
}

REPORTED: Final[dict[str, str]] = {
    "person": "de persoon zelf, in Mijn account",
    "outside": "iemand die niet was ingelogd",
    "account": "het hele account",
    "devices": "apps en sessies",
    "sessions": "alle sessies",
}
"""What reports of misuse call who reported, and what was stopped; operators read Dutch."""
