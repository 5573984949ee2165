"""What goes into a statement and what comes out: named parameters, plain values, times as integers.

A statement is written once for both engines, with parameters as `:name`. Booleans are kept as 0 and 1,
times as microseconds since 1970-01-01T00:00:00Z, UUIDs as 16 bytes: what both engines mean the same by.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

Value = int | str | bytes | float | None
Params = Mapping[str, Value]
Row = tuple[Any, ...]
Question = tuple[str, Params]
"""A statement with its parameters."""

NOTHING: Params = {}

MOST_AMONG = 512
"""Values in one `IN (...)`; what is more goes into a further statement."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

# A quoted text, a cast (`::`) or a parameter; only the last is replaced.
_TOKEN = re.compile(r"'(?:[^']|'')*'|::|:([a-z_][a-z0-9_]*)")


def micros(at: datetime) -> int:
    """Return microseconds since 1970-01-01T00:00:00Z, exactly."""
    return (at - _EPOCH) // _MICROSECOND


def moment(stamp: int) -> datetime:
    """Return the moment, in UTC, that `micros` gave `stamp` for."""
    return _EPOCH + timedelta(microseconds=stamp)


def stamp_or_none(at: datetime | None) -> int | None:
    """Return `micros` of a moment that there may not be."""
    return None if at is None else micros(at)


def moment_or_none(stamp: int | None) -> datetime | None:
    """Return the moment, if there is one, that `stamp_or_none` gave `stamp` for."""
    return None if stamp is None else moment(stamp)


def named(prefix: str, values: Iterable[Value], params: dict[str, Value]) -> list[str]:
    """Give each value a parameter of its own, and return how a statement calls them.

    The last is repeated up to a power of two, so that a statement has a few forms and not one per length.
    """
    wanted = list(values)
    whole = wanted + wanted[-1:] * ((1 << (len(wanted) - 1).bit_length()) - len(wanted))
    letters = [f"{prefix}{place}" for place in range(len(whole))]
    params.update(zip(letters, whole, strict=True))
    return [f":{name}" for name in letters]


def among(sql: str, values: Iterable[bytes]) -> Iterator[Question]:
    """Return the questions that find all of these values: `{among}` in `sql` becomes their names."""
    wanted = sorted(set(values))
    for begin in range(0, len(wanted), MOST_AMONG):
        params: dict[str, Value] = {}
        names = named("p", wanted[begin : begin + MOST_AMONG], params)
        yield sql.replace("{among}", ", ".join(names)), params


@cache
def numbered(sql: str) -> tuple[str, tuple[str, ...]]:
    """Rewrite `:name` to `$1`, `$2`, ... and return the names in that order; once per statement."""
    names: list[str] = []

    def number(found: re.Match[str]) -> str:
        name = found.group(1)
        if name is None:
            return found.group(0)
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    return _TOKEN.sub(number, sql), tuple(names)
