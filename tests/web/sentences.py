"""What is said to people in Dutch: on pages, as a translator's tool collects it, and in code; how plainly."""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

WEB = Path(str(resources.files("toegang.web")))
DUTCH = WEB / "translations" / "nl" / "pages.po"
DUTCH_IS = "nl"
_METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]

# Words of officials, and the plain word that takes their place.
STIFF = {
    "derhalve": "daarom",
    "middels": "met",
    "teneinde": "om",
    "indien": "als",
    "dient te": "moet",
    "dienen te": "moeten",
    "alsmede": "en",
    "betreffende": "over",
    "inzake": "over",
    "conform": "volgens",
    "ten behoeve van": "voor",
    "authenticeren": "inloggen",
    "authenticatie": "inloggen",
    "authenticatiemiddel": "inlogmiddel",
    "sessie": "",
    "transactie": "",
    "verifiëren": "controleren",
    "verificatie": "controle",
    "gelieve": "",
    "u wordt verzocht": "wilt u",
    "desgewenst": "als u wilt",
    "reeds": "al",
    "thans": "nu",
    "hetgeen": "wat",
    "tevens": "ook",
    "omtrent": "over",
}
INFORMAL = {"je", "jij", "jou", "jouw", "jullie"}
LONGEST = 15  # words in a sentence


def used() -> set[str | tuple[str, ...]]:
    """Return every sentence marked for translation; a plural as the pair of both."""
    options = {"templates/**.html": {"extensions": "jinja2.ext.do", "silent": "false"}}
    found = extract_from_dir(WEB, _METHODS, options)
    return {message if isinstance(message, str) else tuple(message) for _, _, message, _, _ in found}


def dutch() -> Catalog:
    """Return the Dutch catalogue."""
    return read_po(io.BytesIO(DUTCH.read_bytes()), locale="nl", abort_invalid=True)


def spoken(catalog: Catalog) -> list[str]:
    """Return every translated sentence group."""
    strings: list[str] = []
    for message in catalog:
        if message.id:
            strings += [message.string] if isinstance(message.string, str) else list(message.string or ())
    return strings


def parts(text: str) -> list[str]:
    """Cut a text into sentences."""
    return [part for part in re.split(r"(?<=[.?!:])\s+", text) if part]


def stiffness(text: str) -> Iterator[str]:
    """Tell what is not plain in a Dutch text: sentences that are too long, "je", and words of officials."""
    for part in (part for line in text.splitlines() for part in parts(line)):
        if len(part.split()) > LONGEST:
            yield f"too long: {part}"
    words = text.lower().replace(",", " ").replace(".", " ").replace("?", " ").split()
    for word in sorted(INFORMAL & set(words)):
        yield f"{word}: {text}"
    for word, plain in STIFF.items():
        if f" {word} " in f" {' '.join(words)} ":
            yield f"{word}, say {plain!r}: {text}"


def said_in_code() -> Iterator[str]:
    """Yield every Dutch text that stands in code: letters, messages, mails, names of means, explanations."""
    for file in sorted(WEB.parent.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            for value in _in_dutch(node):
                for each in ast.walk(value):
                    if isinstance(each, ast.Constant) and isinstance(each.value, str):
                        yield each.value


def _in_dutch(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == DUTCH_IS:
                yield value
    elif isinstance(node, ast.Call):
        yield from (each.value for each in node.keywords if each.arg == DUTCH_IS)
