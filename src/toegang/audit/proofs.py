"""Proofs in a file: that events stand in the trail, for anybody to check without asking the hub.

    {"format": "toegang-proofs-1",
     "events": [{"index": 12, "leaf": "<base64>", "path": ["<base64>", ...], "checkpoint": "<signed note>",
                 "opened": [{"name": "person", "salt": "...", "value": "..."}]}]}

The leaf is the event as it was hashed (RFC9162-2.1.1); `opened` are values about people that the leaf only
has a commitment to, for whoever may know them. The key that signs checkpoints is not in the file: who
takes it from there believes the file for what the file says.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from toegang.audit.encoding import Kept, commitments, decode, is_committed
from toegang.audit.trail import EventProof, check_proof
from toegang.errors import Malformed, ProofInvalid

if TYPE_CHECKING:
    from collections.abc import Iterable

    from toegang.audit.checkpoint import Verifier
    from toegang.audit.event import Event

FORMAT: Final = "toegang-proofs-1"
LARGEST: Final = 4_000_000  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenProof:
    """The proof of one event, with values that its leaf has commitments to."""

    proof: EventProof
    opened: tuple[Kept, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    name: str
    salt: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Event:
    index: int
    leaf: str
    path: tuple[str, ...]
    checkpoint: str
    opened: tuple[_Opened, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    format: str
    events: tuple[_Event, ...]


def write_proofs(proofs: Iterable[OpenProof]) -> bytes:
    """Write a file of proofs."""
    written = tuple(
        _Event(
            index=one.proof.index,
            leaf=_encode(one.proof.leaf),
            path=tuple(_encode(each) for each in one.proof.path),
            checkpoint=one.proof.checkpoint,
            opened=tuple(_Opened(name=kept.name, salt=kept.salt, value=kept.value) for kept in one.opened),
        )
        for one in proofs
    )
    return msgspec.json.format(msgspec.json.encode(_File(format=FORMAT, events=written)), indent=1)


def read_proofs(content: bytes) -> tuple[OpenProof, ...]:
    """Read a file of proofs; nothing of it is believed yet.

    Raises:
        Malformed: not such a file.

    """
    if len(content) > LARGEST:
        message = "a file of proofs is smaller than this"
        raise Malformed(message)
    try:
        found = msgspec.json.decode(content, type=_File)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        message = "not a file of proofs"
        raise Malformed(message) from error
    if found.format != FORMAT:
        message = f"proofs of another format: {found.format[:40]}"
        raise Malformed(message)
    return tuple(_proof(one) for one in found.events)


def check_open_proof(one: OpenProof, verifier: Verifier) -> Event:
    """RFC9162-2.1.3.2: return the event, once it is shown to stand in the trail with these values.

    Raises:
        Malformed: no checkpoint, or no event of the list.
        ProofInvalid: the checkpoint, the path or a value does not hold.

    """
    check_proof(one.proof, verifier)
    promised = commitments(one.proof.leaf)
    if not all(is_committed(kept, promised.get(kept.name)) for kept in one.opened):
        message = "a value is not the one that the event was recorded with"
        raise ProofInvalid(message)
    return decode(one.proof.leaf, {kept.name: kept.value for kept in one.opened})


def _proof(one: _Event) -> OpenProof:
    return OpenProof(
        proof=EventProof(
            index=one.index,
            leaf=_decode(one.leaf),
            path=tuple(_decode(each) for each in one.path),
            checkpoint=one.checkpoint,
        ),
        opened=tuple(Kept(each.name, each.salt, each.value) for each in one.opened),
    )


def _encode(octets: bytes) -> str:
    return base64.b64encode(octets).decode()


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        message = "not base64"
        raise Malformed(message) from error
