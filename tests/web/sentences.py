"""The sentences that the pages use, collected from templates and code as a translator's tool would."""

from __future__ import annotations

import io
import re
from importlib import resources
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

WEB = Path(str(resources.files("toegang.web")))
DUTCH = WEB / "translations" / "nl" / "pages.po"
_METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]


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
