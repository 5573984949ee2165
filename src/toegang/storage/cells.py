"""Values on PostgreSQL's wire: written so that the server infers their type, read by their type."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from toegang.storage.database import StatementFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from toegang.storage.statements import Value

_TEXT, _BINARY = 0, 1


def encoded(values: Iterable[Value]) -> tuple[list[bytes | None], list[int]]:
    """Return the cells and their formats (PGSQL-protocol 55.2.3).

    Numbers go as text, for which the server infers the width. Bytes and texts go in binary, with their
    length, so that no text ends early at a zero byte: the server refuses it instead.
    """
    cells: list[bytes | None] = []
    formats: list[int] = []
    for value in values:
        if isinstance(value, bytes):
            cells.append(value)
            formats.append(_BINARY)
        elif isinstance(value, int):
            cells.append(b"%d" % value)
            formats.append(_TEXT)
        elif isinstance(value, str):
            cells.append(value.encode())
            formats.append(_BINARY)
        else:
            cells.append(_float_as_text(value))
            formats.append(_TEXT)
    return cells, formats


def decoder(oid: int) -> Callable[[bytes], Value]:
    """Find how a column of this type (pg_type.oid) is read.

    Raises:
        StatementFailed: the statement returns a type that no store here uses; a sum of BIGINT, for
            instance, is numeric and must be CAST.

    """
    found = _DECODERS.get(oid)
    if found is None:
        msg = f"no column of type {oid} is read here: CAST it to bigint, text or bytea"
        raise StatementFailed(msg)
    return found


def _float_as_text(value: float | None) -> bytes | None:
    return None if value is None else repr(value).encode()


def _number(cell: bytes) -> int:
    return int.from_bytes(cell, "big", signed=True)


def _float(cell: bytes) -> float:
    value: float = struct.unpack("!d", cell)[0]
    return value


_DECODERS: dict[int, Callable[[bytes], Value]] = {
    16: _number,  # boolean
    17: bytes,  # bytea
    20: _number,  # bigint
    21: _number,  # smallint
    23: _number,  # integer
    25: bytes.decode,  # text
    701: _float,  # double precision
    1043: bytes.decode,  # varchar
}
