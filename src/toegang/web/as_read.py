"""As read: a page on which somebody says yes carries a digest of what it showed, and comes back with it.

So a yes is to what stood there, and to nothing that another tab, the other side or the catalogue made of it
since. Names of people are not in it: whom it is about is, and a register that is silent for a moment changes
nothing.
"""

from __future__ import annotations

from hashlib import sha256
from hmac import compare_digest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from toegang.catalogue.values import Text

MOST_DIGITS = len("2147483647")


def digest(*words: object) -> str:
    """Return a digest of what was shown; no two rows of words run together into one."""
    return sha256(b"".join(sha256(str(each).encode()).digest() for each in words)).hexdigest()


def named(services: Iterable[Mapping[str, object]]) -> tuple[str, ...]:
    """Return for what a mandate is, as pages call it in either language, and how wide it is (web.meant)."""
    return tuple(
        "\n".join([str(each["key"]), _both(each["names"]), str(each["as_of"] is None), repr(each["width"])])
        for each in services
    )


def written(version: int, *words: object) -> str:
    """Return, for a form, which version of a mandate a page showed and a digest of what stood there."""
    return f"{version}.{digest(version, *words)}"


def version_in(typed: str) -> int:
    """Return the version that a page showed; of none, one that nothing has."""
    version = typed.partition(".")[0]
    return int(version) if version.isascii() and version.isdigit() and len(version) <= MOST_DIGITS else 0


def same(typed: str, shown: object) -> bool:
    """Tell whether what comes back is what would be shown now."""
    return compare_digest(typed.encode(), str(shown).encode())


def _both(names: object) -> str:
    found: Text | None = names  # type: ignore[assignment]
    return "" if found is None else f"{found.nl}\n{found.en}"
