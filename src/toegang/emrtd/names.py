"""Names as a machine-readable zone has them: A to Z, fillers between, cut off where the room ends."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import Final

FILLER: Final = "<"
# ICAO9303-3-6.A: the signs whose letter is not found by taking the marks off; the first is recommended.
_SPELLED: Final = {
    "Ä": ("AE", "A"),
    "Å": ("AA", "A"),
    "Æ": ("AE",),
    "Ð": ("D",),
    "Ñ": ("N", "NXX"),
    "Ö": ("OE", "O"),
    "Ø": ("OE",),
    "Ü": ("UE", "U", "UXX"),
    "Þ": ("TH",),
    "ß": ("SS",),
    "ẞ": ("SS",),
    "Ĳ": ("IJ",),
    "Œ": ("OE",),
    "Đ": ("D",),
    "Ħ": ("H",),
    "ı": ("I",),  # noqa: RUF001 the letter without its dot
    "ĸ": ("K",),
    "Ł": ("L",),
    "Ŋ": ("N",),
    "Ŧ": ("T",),
}
_LEFT_OUT: Final = frozenset("'’`ʼ.,")  # noqa: RUF001 apostrophes of every kind
_BETWEEN: Final = frozenset(" -‐‑–")  # noqa: RUF001 hyphens of every kind
_MOST_SPELLINGS: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedName:
    """ICAO9303-3-4.6: a name in two parts, as printed, with spaces for fillers.

    `whole` is False where it fills its room to the end: then something may have been cut off.
    """

    primary: str = field(repr=False)
    secondary: str = field(repr=False)
    whole: bool = True

    @classmethod
    def parse(cls, signs: str) -> PrintedName:
        """ICAO9303-3-4.6: two fillers stand between the parts, one between names."""
        primary, _, secondary = signs.rstrip(FILLER).partition(FILLER * 2)
        return cls(
            primary=primary.replace(FILLER, " ").strip(),
            secondary=" ".join(secondary.replace(FILLER, " ").split()),
            whole=signs.endswith(FILLER),
        )


def spellings(name: str) -> frozenset[str]:
    """ICAO9303-3-6.A: every way in which a name may be printed, at most 64; empty where it cannot be.

    Marks are taken off, apostrophes left out, hyphens become spaces. Letters that the norm spells in two
    ways give both.
    """
    found = [""]
    for sign in unicodedata.normalize("NFC", name).strip():
        found = [start + way for start in found for way in _ways(sign)][:_MOST_SPELLINGS]
    return frozenset(" ".join(each.split()) for each in found)


def same_name(printed: str, name: str, *, whole: bool = True) -> bool:
    """Say whether a printed part of a name may be this name, or its beginning where it was cut off."""
    return any(each == printed or (not whole and each.startswith(printed)) for each in spellings(name))


def _ways(sign: str) -> tuple[str, ...]:
    # Small ß has a large form that nobody uses, and its upper() is two letters.
    large = sign if sign in _SPELLED else sign.upper()
    if large in _SPELLED:
        return _SPELLED[large]
    if sign in _LEFT_OUT:
        return ("",)
    if sign in _BETWEEN:
        return (" ",)
    bare = "".join(each for each in unicodedata.normalize("NFD", large) if not unicodedata.combining(each))
    return (bare,) if bare.isascii() and bare.isalpha() else ()
