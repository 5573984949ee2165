"""Reading a document beside the requests: a small one in a thread, a large one in a process of its own.

Ten thousand entities take seconds of one core. A thread would share the interpreter with the logins, and
keep them waiting; a process does not. It is bounded in memory and time, and tells entity by entity.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NewType

import msgspec

import toegang
from toegang.catalogue.partners.takeover import Pins
from toegang.errors import Malformed, ProofInvalid, Refusal, TooLarge, Unavailable
from toegang.saml.keys import trusted_key
from toegang.saml.metadata.read import Pinned, SignedBy, Trust, read_metadata
from toegang.saml.metadata.values import EntityMetadata, KeyUse, PartnerKey

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

SMALL = 65_536
"""Bytes that are read within some milliseconds."""

PATIENCE = 180.0
"""Seconds for the largest document."""

LINE = 4 * 1024 * 1024
"""Bytes that one entity may take as JSON."""

SLICE = 40
"""Entities between two turns of the loop: some milliseconds."""

REFUSALS: dict[str, type[Refusal]] = {each.code: each for each in (Malformed, TooLarge, ProofInvalid)}


Described = NewType("Described", bytes)
"""One entity as JSON."""


class Named(msgspec.Struct, frozen=True):
    """The part of an entity that says which it is."""

    entity_id: str


_DESCRIBED = msgspec.json.Decoder(EntityMetadata)
_NAMED = msgspec.json.Decoder(Named)


class Errand(msgspec.Struct, frozen=True, kw_only=True):
    """What the process is asked: read this file, believed by these pins, at this moment."""

    path: str
    pins: Pins
    now: datetime
    plain_http: bool


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """What the process says of a document that may not be: as the refusal that it met there."""

    refused: str
    detail: str
    why: str
    about: str

    @classmethod
    def of(cls, error: Refusal) -> Refused:
        """Write a refusal down."""
        return cls(refused=error.code, detail=error.detail, why=error.why, about=error.about)

    def again(self) -> Refusal:
        """Return the refusal that was written down."""
        return REFUSALS.get(self.refused, Malformed)(self.detail, why=self.why, about=self.about)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentReader:
    """Reads metadata; with `plain_http` addresses at localhost need no https. `own` are our own names."""

    plain_http: bool = False
    own: frozenset[str] = frozenset()
    _alone: asyncio.Lock = field(default_factory=asyncio.Lock, repr=False, compare=False)

    async def read(self, octets: bytes, pins: Pins, now: datetime) -> AsyncIterator[Described]:
        """Yield the entities of a document that is believed by `pins`, or refuse it as a whole.

        Each comes as it was written down, and is read by `described`: ten thousand of them as objects would
        keep the collector of garbage busy, and everybody waiting.

        Raises:
            Malformed, TooLarge, ProofInvalid: as `read_metadata`; nothing was yielded.
            Unavailable: it took too long, or more memory than anything honest.

        """
        if len(octets) <= SMALL:
            found = await asyncio.to_thread(read_now, octets, pins, now, plain_http=self.plain_http)
            for each in found:
                yield written(each)
            return
        async with self._alone:
            path = await asyncio.to_thread(_written, octets)
            try:
                errand = Errand(path=str(path), pins=pins, now=now, plain_http=self.plain_http)
                async for entity in _apart(errand):
                    yield entity
            finally:
                await asyncio.to_thread(path.unlink, missing_ok=True)


def written(entity: EntityMetadata) -> Described:
    """Write an entity down, on one line."""
    return Described(msgspec.json.encode(entity))


def described(line: Described) -> EntityMetadata:
    """Read an entity that was written down."""
    return _DESCRIBED.decode(line)


def named(line: Described) -> str:
    """Return the entity id of one that was written down."""
    return _NAMED.decode(line).entity_id


def read_now(
    octets: bytes, pins: Pins, now: datetime, *, plain_http: bool = False
) -> tuple[EntityMetadata, ...]:
    """Read a document here and now.

    Raises:
        Malformed, TooLarge, ProofInvalid: as `read_metadata`.

    """
    return read_metadata(octets, _trust(pins), now, plain_http=plain_http)


def _trust(pins: Pins) -> Trust:
    if not pins.signers:
        return Pinned(sha256=pins.sha256)
    keys = (trusted_key(PartnerKey(use=KeyUse.SIGNING, certificate=each)) for each in pins.signers)
    return SignedBy(keys=tuple(keys))


def _written(octets: bytes) -> Path:
    handle, name = tempfile.mkstemp(prefix="toegang-metadata-")
    with os.fdopen(handle, "wb") as file:
        file.write(octets)
    return Path(name)


async def _apart(errand: Errand) -> AsyncIterator[Described]:
    """Ask a process of its own, which finds this program where this one was found."""
    home = str(Path(toegang.__file__).parents[1])
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "toegang.catalogue.partners.apart",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([home, os.environ.get("PYTHONPATH", "")])},
        limit=LINE,
    )
    try:
        async with asyncio.timeout(PATIENCE):
            async for entity in _told(process, errand):
                yield entity
            ended = await process.wait()
    except TimeoutError as error:
        message = f"metadata: not read within {PATIENCE} s"
        raise Unavailable(message) from error
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    if ended:
        message = "metadata: the process that read it ended before its time"
        raise Unavailable(message)


async def _told(process: asyncio.subprocess.Process, errand: Errand) -> AsyncIterator[Described]:
    asked, answers = process.stdin, process.stdout
    if asked is None or answers is None:
        return
    asked.write(msgspec.json.encode(errand))
    asked.close()
    count = 0
    while line := await answers.readline():
        if line.startswith(b'{"refused":'):
            raise msgspec.json.decode(line, type=Refused).again()
        yield Described(line)
        count += 1
        if count % SLICE == 0:
            await asyncio.sleep(0)
