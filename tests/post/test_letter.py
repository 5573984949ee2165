"""A letter is a tagged PDF whatever somebody is called, says the same as text, and reaches the letter box."""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import typst

from demo.letterbox import build
from demo.personas import read_personas
from demo.places import Party, Places, secret
from tests.demo.running import calling, running
from tests.post.house import house
from toegang.audit.events import LetterHandedOver
from toegang.errors import Malformed, Unavailable
from toegang.ids import SystemIds
from toegang.post.delivery import Route
from toegang.post.letter import KIND, Letter, LetterCarrier, LetterPost, Sheet, Window, handed_over, written
from toegang.post.letter_texts import LETTERS
from toegang.post.outbox import Message
from toegang.post.texts import LetterPurpose

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from demo.personas import Persona
    from toegang.clock import FixedClock

FAR = datetime(2100, 1, 1, tzinfo=UTC)
LETTER = Letter(
    purpose=LetterPurpose.ACTIVATION,
    name="S. M. de Jong",
    address=("Dorpsstraat 12", "1234 AB  Zandermeer"),
    language="nl",
    dated=date(2027, 3, 1),
    values={
        "code": "BCDF-GHJK-MNPQ",
        "address": "toegang.example",
        "last_day": "15 maart 2027",
        "asker": "P. de Vries",
        "agent": "P. de Vries",
        "desk": "Gemeente Voorbeeld",
        "services": "Aangifte",
        "ends": "31 december 2027",
        "digits": "78",
        "device": "Telefoon van Sanne",
        "reason": "Er loopt een onderzoek naar het gebruik van uw account.",
        "said": "Het e-mailadres van uw account is weggehaald.",
        "what": "Aangifte, door P. de Vries",
    },
)
FOR_THE_WINDOW = 11.5  # points
PLACES = Places(home=Path("/nonexistent"))


def sheet(letter: Letter = LETTER) -> Sheet:
    return Sheet.of(letter, "019a", Window())


@pytest.mark.requires("PDFUA-1")
@pytest.mark.parametrize("name", ["#panic() *x* $y$ @z", '"] + panic("', "<script>\\u{0}", "a" * 400, "ΑΒΓ"])
def test_a_name_is_only_ever_text(name: str) -> None:
    letter = replace(LETTER, name=name)
    assert name in sheet(letter).text()
    assert sheet(letter).pdf().startswith(b"%PDF-")


@pytest.mark.requires("PDFUA-1")
@pytest.mark.parametrize(
    ("name", "on_paper"),
    [
        ("张伟", {"张伟", "ZhangWei"}),
        ("王小明 Jansen", {"王小明 Jansen", "WangXiaoMing Jansen"}),
        ("ნინო ბერიძე", {"ნინო ბერიძე", "nino beridze"}),
        ("محمد", {"محمد", "mhmd"}),
        ("\uffff Jansen", {"? Jansen"}),
        ("\U000f0000\U0001f600", {"?:grinning:", "?😀"}),
    ],
)
def test_a_name_in_any_script_gets_a_letter(
    name: str, on_paper: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    typeset: list[str] = []
    compiled: Callable[..., bytes] = typst.compile

    def heard(*args: object, **kwargs: object) -> bytes:
        pdf = compiled(*args, **kwargs)
        typeset.append(json.loads(kwargs["sys_inputs"]["letter"])["address"][0])  # type: ignore[index]
        return pdf

    monkeypatch.setattr(typst, "compile", heard)
    asked = sheet(replace(LETTER, name=name))
    assert b"/StructTreeRoot" in asked.pdf()
    assert typeset[0] in on_paper
    assert name in asked.text()


def test_a_letter_that_cannot_be_typeset_is_refused_without_telling_the_name() -> None:
    with pytest.raises(Malformed) as refused:
        replace(sheet(replace(LETTER, name="S. Jansen")), subject="\uffff").pdf()
    assert "Jansen" not in f"{refused.value!r} {refused.value.__cause__!r}"


@pytest.mark.requires("PDFUA-1")
@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("purpose", list(LetterPurpose))
def test_every_letter_is_a_tagged_pdf_in_its_own_language(purpose: LetterPurpose, language: str) -> None:
    pdf = sheet(replace(LETTER, purpose=purpose, language=language)).pdf()
    assert b"pdfuaid" in pdf
    assert b"/StructTreeRoot" in pdf
    assert f"/Lang({language})".encode() in pdf.replace(b" (", b"(")


@pytest.mark.requires("PDFUA-1")
@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("purpose", list(LetterPurpose))
def test_in_large_print_every_letter_says_the_same_in_larger_type(
    purpose: LetterPurpose, language: str
) -> None:
    normal = sheet(replace(LETTER, purpose=purpose, language=language))
    large = sheet(replace(LETTER, purpose=purpose, language=language, large_print=True))
    assert large.text() == normal.text()
    pdf = large.pdf()
    assert b"pdfuaid" in pdf
    assert b"/StructTreeRoot" in pdf
    address, *others = sorted(type_sizes(pdf))
    assert address == FOR_THE_WINDOW
    assert min(others) >= 16
    assert min(type_sizes(normal.pdf())) == FOR_THE_WINDOW
    assert pages(normal.pdf()) == 1
    assert pages(pdf) <= 2


def type_sizes(pdf: bytes) -> set[float]:
    """Return the sizes of type, in points, that the sheets are set in."""
    found = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    drawn = b"\n".join(zlib.decompressobj().decompress(each) for each in found if each.startswith(b"\x78"))
    return {float(size) for size in re.findall(rb"/\S+ ([0-9.]+) Tf", drawn)}


def pages(pdf: bytes) -> int:
    """Return how many pages it has."""
    return len(re.findall(rb"/Type ?/Page\b", pdf))


@pytest.mark.parametrize(
    "persona", [each for each in read_personas() if each.record["address"]], ids=lambda persona: persona.id
)
def test_every_persona_of_the_demo_can_get_a_letter(persona: Persona) -> None:
    assert sheet(replace(LETTER, name=persona.full_name)).pdf().startswith(b"%PDF-")


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("purpose", list(LetterPurpose))
def test_only_letters_with_a_code_show_one(purpose: LetterPurpose, language: str) -> None:
    text = sheet(replace(LETTER, purpose=purpose, language=language)).text()
    assert ("BCDF-GHJK-MNPQ" in text) == bool(LETTERS[purpose][language].code_caption)
    assert "{" not in text


def test_a_letter_comes_out_of_the_outbox_as_it_went_in() -> None:
    assert Letter.read(LETTER.write()) == LETTER
    large = replace(LETTER, large_print=True)
    assert Letter.read(large.write()) == large


def test_a_letter_that_an_older_node_put_in_the_outbox_is_in_normal_print() -> None:
    written_before = {
        name: value for name, value in json.loads(LETTER.write()).items() if name != "large_print"
    }
    assert not Letter.read(json.dumps(written_before).encode()).large_print


def test_a_letter_does_not_tell_its_code() -> None:
    assert "BCDF" not in repr(LETTER)


def test_a_day_is_written_out_in_both_languages() -> None:
    assert written(date(2027, 3, 1), "nl") == "1 maart 2027"
    assert written(date(2027, 12, 31), "en") == "31 December 2027"


async def test_a_letter_house_that_does_not_know_us_is_tried_again() -> None:
    async with running(build(PLACES)) as url, calling() as outbound:
        carrier = LetterCarrier(outbound=outbound, url=url, secret="obviously wrong")
        with pytest.raises(Unavailable, match="401"):
            await carrier.carry(message_of(SystemIds().uuid()))


def message_of(name: UUID) -> Message:
    return Message(id=name, kind=KIND, to_party="letter-house", payload=LETTER.write(), until=FAR)


async def test_a_letter_travels_from_the_act_to_the_letter_box_once(
    tmp_path: Path, clock: FixedClock
) -> None:
    async with house(tmp_path, clock) as home, running(build(PLACES)) as url, calling() as outbound:
        async with home.database.begin() as unit:
            await LetterPost(outbox=home.outbox, ids=home.ids).send(unit, LETTER, FAR, clock.now())
        carrier = LetterCarrier(outbound=outbound, url=url, secret=secret(Party.LETTERBOX))
        route = Route(carrier=carrier, handed_over=handed_over)
        await replace(home.delivery(), routes={KIND: route}).deliver_due(KIND)
        (event,) = home.heard.events
        assert isinstance(event, LetterHandedOver)
        page = await outbound.request("box", "GET", f"{url}/letters/{event.message}")
        assert b"BCDF-GHJK-MNPQ" in page.body
        pdf = await outbound.request("box", "GET", f"{url}/letters/{event.message}.pdf")
        assert pdf.body.startswith(b"%PDF-")
        await carrier.carry(message_of(event.message))
        letters = await outbound.request("box", "GET", f"{url}/letters.json")
        assert letters.body.count(b'"id"') == 1
