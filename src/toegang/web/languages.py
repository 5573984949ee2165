"""The languages of the pages: which one a person reads, and where its sentences come from.

English sentences stand in the templates and are the keys; translations/nl/pages.po gives each of them
in Dutch. The catalogue of a language is read once, at start.
"""

from __future__ import annotations

import enum
import io
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlencode

from babel.core import negotiate_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

if TYPE_CHECKING:
    from collections.abc import Iterable

PARAMETER = "ui_locales"  # asks for languages, most wanted first, separated by spaces (OIDCC-3.1.2.1)
_LONGEST = 200  # characters of a wish that are looked at


class Language(enum.StrEnum):
    """A language that every page exists in; the first is used when nobody wishes otherwise."""

    NL = "nl"
    EN = "en"


OWN_NAMES = {Language.NL: "Nederlands", Language.EN: "English"}


def language_wished(*, parameter: str = "", cookie: str = "", accept: str = "") -> Language:
    """Choose the language of a page: asked in the address, else chosen before, else the browser's.

    `parameter` is `ui_locales` (tags separated by spaces), `cookie` our cookie's value, `accept` the
    Accept-Language header (RFC9110-12.5.4). What is not understood counts as no wish.
    """
    return _chosen(parameter[:_LONGEST], cookie[:_LONGEST], accept[:_LONGEST])


@lru_cache(maxsize=1024)  # browsers send few different ones, with every request
def _chosen(parameter: str, cookie: str, accept: str) -> Language:
    for wishes in (parameter.split(), [cookie], _by_weight(accept)):
        found = negotiate_locale([wish.strip() for wish in wishes if wish.strip()], list(Language), sep="-")
        if found:
            return Language(found.lower())
    return Language.NL


def _by_weight(accept: str) -> Iterable[str]:
    """Return the tags of an Accept-Language header, most wanted first; weight 0 means unwanted."""
    weighted = []
    for item in accept.split(","):
        tag, _, weight = item.partition(";q=")
        try:
            wanted = float(weight or 1)
        except ValueError:
            continue
        if wanted > 0:
            weighted.append((wanted, tag))
    return [tag for _, tag in sorted(weighted, key=lambda pair: -pair[0])]


def in_language(place: str, language: Language) -> str:
    """Return `place` (path and query of a page) asked in `language`, everything else kept."""
    path, _, query = place.partition("?")
    asked = parse_qsl(query, keep_blank_values=True) if query else ()
    kept = [(name, value) for name, value in asked if name != PARAMETER]
    # One slash at the start, for two would name a host.
    return f"/{quote(path.lstrip('/'))}?{urlencode([*kept, (PARAMETER, language.value)])}"


def translations(language: Language) -> NullTranslations:
    """Read the sentences of `language`; English needs none, since its sentences are the keys."""
    if language is Language.EN:
        return NullTranslations()
    text = resources.files("toegang.web").joinpath("translations", language.value, "pages.po").read_bytes()
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(text), locale=language.value, abort_invalid=True))
    compiled.seek(0)
    return Translations(compiled)
