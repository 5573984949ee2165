"""ISO/IEC 18004: an address as a picture that a telephone scans, drawn into the page itself."""

from __future__ import annotations

from dataclasses import dataclass

import segno

QUIET = 4  # modules of white around it, as the norm asks


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A QR code: `side` in modules, quiet zone included, and the dark modules as one path."""

    side: int
    path: str


def picture_of(address: str) -> Picture:
    """Draw an address; error correction M, so that a smudge on the glass does no harm."""
    rows = tuple(segno.make_qr(address, error="m").matrix)
    dark = (
        f"M{x + QUIET} {y + QUIET}h1v1h-1z"
        for y, row in enumerate(rows)
        for x, module in enumerate(row)
        if module
    )
    return Picture(side=len(rows) + 2 * QUIET, path="".join(dark))
