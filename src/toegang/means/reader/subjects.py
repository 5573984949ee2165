"""What a purpose writes for itself: the subject that a session carries, the result that its page takes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

from toegang.errors import OneTimeGone

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def read(written: str | bytes, make: Callable[[Any], T]) -> T:
    """Read JSON of our own with `make`, which takes what it knows out of it.

    Raises:
        OneTimeGone: another version of this software wrote it, and it cannot be read; it costs one retry.

    """
    try:
        return make(json.loads(written))
    except (ValueError, KeyError, TypeError, AttributeError):
        message = "a session that another version began"
        raise OneTimeGone(message) from None
