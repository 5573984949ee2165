"""What the person at a reader gives: which kind of document lies there, and what is printed that opens it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from toegang.emrtd.access import AccessKey
from toegang.emrtd.data_groups import Application
from toegang.emrtd.licence import LicenceLine
from toegang.emrtd.mrz import Mrz, key_of
from toegang.errors import DocumentRefused, Malformed
from toegang.jose.segments import parse_object

TRAVEL: Final = "travel"
LICENCE: Final = "licence"
APPLICATIONS: Final = {TRAVEL: Application.TRAVEL, LICENCE: Application.LICENCE}
LONGEST: Final = 128  # characters; a zone of three lines with line ends has 92


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Which layout of files to expect, and the key to the chip."""

    application: Application
    key: AccessKey = field(repr=False)


def read_given(octets: bytes) -> Given:
    """Read it strictly: one way to open the document, and nothing else.

    Raises:
        Malformed: not one of the ways, or with a check digit that is wrong: the person can be asked again.

    """
    found = parse_object(octets)
    texts = {name: value for name, value in found.items() if isinstance(value, str) and len(value) <= LONGEST}
    application = APPLICATIONS.get(texts.pop("document", ""))
    if application is None or len(texts) + 1 != len(found):
        message = "which document, and what is printed on it, as texts"
        raise Malformed(message)
    try:
        return Given(application=application, key=_key(application, texts))
    except DocumentRefused as refusal:
        raise Malformed(refusal.detail) from None


def _key(application: Application, texts: dict[str, str]) -> AccessKey:
    match application, sorted(texts):
        case Application.TRAVEL, ["mrz"]:
            return Mrz.parse(texts["mrz"]).key
        case Application.TRAVEL, ["birth", "expiry", "number"]:
            return key_of(texts["number"], texts["birth"], texts["expiry"])
        case Application.TRAVEL, ["can"]:
            return AccessKey.of_can(texts["can"])
        case Application.LICENCE, ["line"]:
            return LicenceLine.parse(texts["line"]).key
        case _:
            message = "no way to open this document"
            raise Malformed(message)
