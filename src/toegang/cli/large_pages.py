"""What a worker holds when it begins to serve, laid in large pages of memory.

A login touches thousands of pages of the usual 4 KiB, all over what the worker holds. That is more than a
processor remembers the places of, so it looks many up again in every login; of pages of 2 MiB it is some
dozens. The kernel is asked once, for areas that are in use nearly whole: that takes no memory worth
mentioning. Where it cannot do it (Linux before 6.1, other systems) everything stays as it is.
"""

from __future__ import annotations

import ctypes
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

AREAS: Final = Path("/proc/self/smaps")
LARGE: Final = 2 * 1024 * 1024
"""Bytes of a large page."""
IN_USE: Final = 0.9
"""Such a part of an area is in memory already, where it is worth it: what is laid anew is there whole."""
COLLAPSE: Final = 25
"""MADV_COLLAPSE: lay what is there in large pages, now (madvise(2))."""
_AREA: Final = re.compile(
    r"^([0-9a-f]+)-([0-9a-f]+) rw-p [0-9a-f]+ 00:00 0 *(?:\[heap\])?\n(?:.+\n)*?Rss: +([0-9]+) kB$",
    re.MULTILINE,
)


def lay() -> None:
    """Lay what this process holds now in large pages."""
    with suppress(OSError, AttributeError):
        advise = ctypes.CDLL(None).madvise
        advise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
        for begin, size in areas(AREAS.read_text(encoding="ascii", errors="replace")):
            advise(begin, size, COLLAPSE)  # where the kernel does not take this advice, nothing has changed


def areas(told: str) -> Iterator[tuple[int, int]]:
    """Yield where whole large pages fit, and of how many bytes: into the areas of which is `told` (proc(5)).

    Only memory of this process's own, of no file and no stack, and in use nearly whole.
    """
    for found in _AREA.finditer(told):
        begin, end, resident = int(found[1], 16), int(found[2], 16), int(found[3]) * 1024
        first, last = -(-begin // LARGE) * LARGE, end // LARGE * LARGE
        if first < last and resident >= IN_USE * (end - begin):
            yield first, last - first
