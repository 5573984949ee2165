"""Letters that a room of this house writes to itself, for a login or a logout to carry until the answer."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

import msgspec

from toegang.errors import OneTimeGone

if TYPE_CHECKING:
    from collections.abc import Hashable

T = TypeVar("T")


def write(letter: object) -> str:
    """Write a letter down."""
    return msgspec.json.encode(letter).decode()


def read(letter: str, kind: type[T]) -> T:
    """Read a letter back: what is not there has its default, what is not known is passed over.

    Raises:
        OneTimeGone: another version of this software wrote it, and it cannot be read; it costs one retry.

    """
    try:
        return cast("T", _decoder(cast("Hashable", kind)).decode(letter))
    except msgspec.DecodeError:
        message = f"{kind.__module__}: a letter that another version wrote"
        raise OneTimeGone(message) from None


@cache
def _decoder(kind: Hashable) -> msgspec.json.Decoder[Any]:
    """Make what reads one kind of letter, once."""
    return msgspec.json.Decoder(kind)
