"""The root of the tree, its three great branches, and the way from a returned refusal to a raised one."""

from __future__ import annotations

from typing import ClassVar, TypeVar

T = TypeVar("T")


class ToegangError(Exception):
    """Root of the tree; never raised itself."""

    code: ClassVar[str] = "error"

    def __init__(self, detail: str = "") -> None:
        """Keep `detail` for the log."""
        super().__init__(detail)
        self.detail = detail


class Refusal(ToegangError):
    """What was asked may not be."""

    code = "refused"

    def __init__(self, detail: str = "", *, why: str = "", about: str = "") -> None:
        """Say by a message key why, where a page has words for it, and about whom or what, unvouched for."""
        super().__init__(detail)
        self.why, self.about = why, about


class Unavailable(ToegangError):
    """Something we depend on does not answer; trying later helps."""

    code = "unavailable"

    def __init__(self, detail: str = "", retry_after: int = 5, *, crowded: bool = False) -> None:
        """Carry how many seconds to wait; `crowded` when it was not even asked, because so many ask it."""
        super().__init__(detail)
        self.retry_after, self.crowded = retry_after, crowded


class Crossed(Unavailable):
    """Others changed the same at that moment, and the store undid this; trying at once helps."""

    code = "crossed"

    def __init__(self, detail: str = "") -> None:
        """Ask for a second only: who was in the way is done by then."""
        super().__init__(detail, retry_after=1)


class Misconfigured(ToegangError):
    """The operator must mend settings, keys or catalogue; the text says how."""

    code = "misconfigured"


def settle(result: T | Refusal) -> T:
    """Raise the refusal that a unit of work returned, now that it is committed, or hand on its result."""
    if isinstance(result, Refusal):
        raise result
    return result
