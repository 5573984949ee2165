"""Letters: composed in the unit of the act, typeset by the carrier, handed to a letter house.

The letter is a tagged PDF (PDFUA-1), read aloud in its own language; its text goes along for readers who
get it in braille or in large print. The protocol stands in docs/protocols/letter-house.md.
"""

from __future__ import annotations

import asyncio
import base64
import importlib.resources
import json
import unicodedata
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Final

import typst
from anyascii import anyascii

from toegang.audit.events import LetterHandedOver
from toegang.errors import Malformed, PersonNotFound
from toegang.post.handover import hand_over
from toegang.post.letter_texts import LETTERS
from toegang.post.outbox import Message
from toegang.post.texts import FRAMES, LetterPurpose

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import datetime
    from uuid import UUID

    from toegang.audit.event import Event
    from toegang.ids import Ids
    from toegang.outbound.client import Outbound
    from toegang.post.outbox import Outbox, Sealed
    from toegang.units import Unit

KIND: Final = "letter"
PARTY: Final = "letter-house"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One letter to be: `name` and `address` lines as on the envelope.

    `dated` is the day in the Netherlands on which it was written. `values` fill the braces of its text:
    `address` (where to go, without https://), and for letters with a code also `code` and `last_day` (see
    `written`). `to` is the BSN of whom it is for, looked at once more before it leaves. In
    large print it says the same in larger type. `notice` is what its room gets back if it cannot be brought.
    """

    purpose: LetterPurpose
    name: str
    address: tuple[str, ...]
    language: str
    dated: date
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    to: str = field(default="", repr=False)
    large_print: bool = False
    notice: str = field(default="", repr=False)

    @classmethod
    def read(cls, payload: bytes) -> Letter:
        """Read a letter back from the outbox."""
        found = json.loads(payload)
        return cls(
            purpose=LetterPurpose(found["purpose"]),
            name=found["name"],
            address=tuple(found["address"]),
            language=found["language"],
            values=found["values"],
            dated=date.fromisoformat(found["dated"]),
            to=found.get("to", ""),
            large_print=found.get("large_print", False),
            notice=found.get("notice", ""),
        )

    def write(self) -> bytes:
        """Write it for the outbox."""
        return json.dumps(asdict(self) | {"dated": self.dated.isoformat()}).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Where the window of the envelopes shows the address, in millimetres from the sheet's left and top."""

    left: int = 25
    top: int = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterPost:
    """The door for letters."""

    outbox: Outbox
    ids: Ids

    async def send(self, unit: Unit, letter: Letter, until: datetime, now: datetime) -> UUID:
        """Put the letter in the outbox, to be handed over before `until`; return its id."""
        message = Message(
            id=self.ids.uuid(),
            kind=KIND,
            to_party=PARTY,
            payload=letter.write(),
            until=until,
            purpose=letter.purpose,
        )
        await self.outbox.put(unit, message, now)
        return message.id


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterCarrier:
    """Typesets letters and hands them to the letter house at `url`, proven by the bearer `secret`.

    `sender` is the name that letters come from; empty for the one in the texts. `has_died` tells by a BSN
    whether somebody died since the letter was written: it is not sent then.
    """

    outbound: Outbound
    url: str
    secret: str = field(repr=False)
    window: Window = field(default_factory=Window)
    sender: str = ""
    has_died: Callable[[str], Awaitable[bool]] | None = None

    async def carry(self, message: Message) -> None:
        """Typeset the letter beside the event loop and hand it over.

        Raises:
            Unavailable: the letter house did not take it.
            Refusal: it cannot be typeset, or the letter house says that it can never be sent.

        """
        letter = Letter.read(message.payload)
        if letter.to and self.has_died is not None and await self.has_died(letter.to):
            detail = "the person died while the letter was on its way"
            raise PersonNotFound(detail)
        sheet = Sheet.of(letter, str(message.id), self.window, self.sender)
        pdf = await asyncio.to_thread(sheet.pdf)
        content = {
            "language": letter.language,
            "address": [letter.name, *letter.address],
            "text": sheet.text(),
            "pdf": base64.b64encode(pdf).decode(),
            "valid_until": message.until.isoformat(),
        }
        await hand_over(
            self.outbound,
            PARTY,
            f"{self.url}/letters/{message.id}",
            self.secret,
            json.dumps(content).encode(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Everything that stands on the paper."""

    language: str
    subject: str
    salutation: str
    before: tuple[str, ...]
    code_caption: str
    code: str = field(repr=False)
    after: tuple[str, ...]
    closing: str
    sender: str
    address: tuple[str, ...]
    dated: str
    date_caption: str
    reference: str
    reference_caption: str
    window_left: int
    window_top: int
    large_print: bool = False

    @classmethod
    def of(cls, letter: Letter, reference: str, window: Window, sender: str = "") -> Sheet:
        """Fill in the text of the letter."""
        language = "en" if letter.language == "en" else "nl"
        text, frame = LETTERS[letter.purpose][language], FRAMES[language]
        return cls(
            language=language,
            subject=text.subject,
            salutation=frame.salutation.format(name=letter.name),
            before=tuple(paragraph.format(**letter.values) for paragraph in text.before),
            code_caption=text.code_caption,
            code=letter.values.get("code", "") if text.code_caption else "",
            after=tuple(paragraph.format(**letter.values) for paragraph in text.after),
            closing=frame.closing,
            sender=sender or frame.sender,
            address=(letter.name, *letter.address),
            dated=written(letter.dated, language),
            date_caption=frame.date,
            reference=reference,
            reference_caption=frame.reference,
            window_left=window.left,
            window_top=window.top,
            large_print=letter.large_print,
        )

    def pdf(self) -> bytes:
        """PDFUA-1: typeset as a tagged PDF; takes tenths of a second, so not on the event loop.

        A tagged PDF may hold no character that no font has. So a name in a script of which this machine
        has no font is written in Latin letters, which its bearer and the postman know; in the last resort
        a question mark stands for what cannot be written.

        Raises:
            Malformed: it cannot be typeset at all.

        """
        for form in (self, self._spelled(_latin), self._spelled(_ascii)):
            made = _typeset(form)
            if made is not None:
                return made
        message = "a letter cannot be typeset"
        raise Malformed(message)

    def _spelled(self, spell: Callable[[str], str]) -> Sheet:
        """Return the sheet with the names and the address as `spell` writes them."""
        return replace(
            self,
            salutation=spell(self.salutation),
            address=tuple(map(spell, self.address)),
            before=tuple(map(spell, self.before)),
        )

    def text(self) -> str:
        """Write the same as plain text."""
        code = (f"{self.code_caption} {self.code}",) if self.code else ()
        heading = (
            "\n".join(self.address),
            f"{self.date_caption}: {self.dated}\n{self.reference_caption}: {self.reference}",
            self.subject,
        )
        body = (*heading, self.salutation, *self.before, *code, *self.after, f"{self.closing}\n{self.sender}")
        return "\n\n".join(body)


def _typeset(sheet: Sheet) -> bytes | None:
    template = importlib.resources.files("toegang.post").joinpath("templates/letter.typ").read_bytes()
    try:
        made: bytes = typst.compile(
            template, format="pdf", pdf_standards="ua-1", sys_inputs={"letter": json.dumps(asdict(sheet))}
        )
    except typst.TypstError:
        # The error quotes the text that could not be set, which is somebody's name: it stays here.
        return None
    return made


def _latin(text: str) -> str:
    """Write every word that is not in Latin letters in Latin letters."""
    return " ".join(word if _is_latin(word) else _ascii(word) for word in text.split(" "))


def _ascii(text: str) -> str:
    return "".join(anyascii(sign) or "?" for sign in text)


def _is_latin(word: str) -> bool:
    return all(unicodedata.name(sign, "").startswith("LATIN") for sign in word if sign.isalpha())


def written(day: date, language: str) -> str:
    """Write a day out for people, such as `7 december 2026`."""
    months = FRAMES["en" if language == "en" else "nl"].months
    return f"{day.day} {months[day.month - 1]} {day.year}"


def handed_over(message: Sealed, now: datetime) -> Event:
    """Make the event of a letter that the letter house accepted."""
    return LetterHandedOver(
        at=now,
        message=message.id,
        purpose=message.purpose,
        attempts=message.attempts,
        milliseconds=max(0, round((now - message.put_at).total_seconds() * 1000)),
    )
