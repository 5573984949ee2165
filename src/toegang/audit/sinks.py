"""Where checkpoints go so that whoever changes the database cannot change them: a file, another host.

The file holds one JSON line per checkpoint (`{"checkpoint": "..."}`), is opened for appending only, and
is flushed to the disk before the trail believes that it left. Put it on another machine's disk, or make
it append-only (`chattr +a`), and let it be copied away.
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from toegang.errors import Malformed, Misconfigured, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from toegang.outbound.client import Outbound

ACCEPTED = frozenset({200, 201, 202, 204})
MODE = 0o640


class _Line(msgspec.Struct):
    checkpoint: str


@dataclass(frozen=True, slots=True)
class FileSink:
    """Appends checkpoints to a file."""

    path: Path

    async def keep(self, note: str) -> None:
        """Append and flush to disk, in a thread: a slow disk does not stop the logins.

        Raises:
            Unavailable: the file cannot be written.

        """
        try:
            await asyncio.to_thread(_append, self.path, msgspec.json.encode(_Line(note)) + b"\n")
        except OSError as error:
            detail = f"the checkpoint file cannot be written: {error.strerror}"
            raise Unavailable(detail) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSink:
    """Posts checkpoints to another host: the note as text/plain, `token` as bearer where it asks one.

    The receiver keeps each note it gets, and answers with 200, 201, 202 or 204 when it has; the same
    note may come twice. `party` names the receiver in the log.
    """

    outbound: Outbound
    url: str
    token: str = field(default="", repr=False)
    party: str = "checkpoints"

    async def keep(self, note: str) -> None:
        """Post the checkpoint.

        Raises:
            Unavailable: no answer in time, or one that does not say that it was kept.

        """
        headers = {"content-type": "text/plain; charset=utf-8"}
        if self.token:
            headers["authorization"] = f"Bearer {self.token}"
        answer = await self.outbound.request(
            self.party, "POST", self.url, headers=headers, content=note.encode()
        )
        if answer.status not in ACCEPTED:
            detail = f"{self.party}: the checkpoint was answered with {answer.status}"
            raise Unavailable(detail)


def _append(path: Path, line: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, MODE)
    try:
        written = os.write(handle, line)
        if written != len(line):
            # A full disk tore the line. The next one begins on a line of its own.
            os.write(handle, b"\n")
            raise OSError(28, "no space left")
        os.fsync(handle)
    finally:
        os.close(handle)


def read_checkpoints(path: Path) -> Iterator[str]:
    """Yield the checkpoints of a file in the order in which they left.

    A torn last line, from a machine that lost its power, is passed over: it was never acknowledged.

    Raises:
        Malformed: a whole line is not a checkpoint's line.
        Misconfigured: the file cannot be read; a trail without its outside checkpoints proves little.

    """
    try:
        file = path.open("rb")
    except OSError as error:
        detail = f"the checkpoint file {path} cannot be read: {error.strerror}"
        raise Misconfigured(detail) from error
    with file:
        for number, line in enumerate(file, start=1):
            if not line.endswith(b"\n") or not line.strip():
                continue
            try:
                yield msgspec.json.decode(line, type=_Line).checkpoint
            except msgspec.MsgspecError as error:
                detail = f"line {number} of the checkpoint file cannot be read"
                raise Malformed(detail) from error
