"""C2SP tlog-checkpoint in a C2SP signed-note: what the hub said about its trail, signed (Ed25519).

    toegang.example/trail           origin: the name of this trail
    1234                            how many events it holds
    K9x0...=                        the root hash over them (base64)
                                    an empty line, then one line per signature:
    — toegang.example/trail 9hQe...=

Anyone with the public key and the paper can check it, with this or with anybody else's software.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from toegang.audit.merkle import HASH_BYTES, TreeHead
from toegang.errors import Malformed, ProofInvalid
from toegang.keys.ed25519 import check_signature

if TYPE_CHECKING:
    from toegang.keys.ed25519 import Ed25519Key

ED25519 = b"\x01"
KEY_ID_BYTES = 4
DASH = "\u2014 "
LARGEST = 4096
"""Characters; an honest checkpoint with several cosignatures stays well below it."""
BODY_LINES = 3


@dataclass(frozen=True, slots=True)
class Verifier:
    """C2SP signed-note: the name and public key (32 bytes) by which a checkpoint is believed."""

    name: str
    public: bytes

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a verifier key: name, key id and key, as `toegang.example/trail+0a1b2c3d+AQ...`.

        Raises:
            Malformed: not a verifier key, or its parts contradict each other.

        """
        name, plus, rest = text.strip().partition("+")
        key_id, second, encoded = rest.partition("+")
        material = _decode(encoded)
        if not (name and plus and second) or material[:1] != ED25519 or len(material) != 1 + HASH_BYTES:
            detail = "not a verifier key for Ed25519"
            raise Malformed(detail)
        verifier = cls(name, material[1:])
        if not hmac.compare_digest(verifier.key_id().hex(), key_id):
            detail = "the verifier key's id belongs to another key"
            raise Malformed(detail)
        return verifier

    def key_id(self) -> bytes:
        """Return the four bytes that stand before a signature to tell whose it is."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:KEY_ID_BYTES]

    def __str__(self) -> str:
        """Return the verifier key, to publish."""
        return f"{self.name}+{self.key_id().hex()}+{_encode(ED25519 + self.public)}"


@dataclass(frozen=True, slots=True)
class Signer:
    """The key that signs checkpoints, under the name of the trail."""

    name: str
    key: Ed25519Key

    def verifier(self) -> Verifier:
        """Return what others check with."""
        return Verifier(self.name, self.key.public)

    def sign(self, head: TreeHead) -> str:
        """C2SP tlog-checkpoint: write and sign the checkpoint of this tree."""
        text = f"{self.name}\n{head.size}\n{_encode(head.root)}\n"
        signature = self.verifier().key_id() + self.key.sign(text.encode())
        return f"{text}\n{DASH}{self.name} {_encode(signature)}\n"


def read_checkpoint(note: str, verifier: Verifier) -> TreeHead:
    """C2SP tlog-checkpoint: return the tree that the note speaks of, once it is proven.

    Steps: 1. size and shape; 2. a signature of ours, over exactly this text; 3. the trail is ours;
    4. the numbers are written in the one allowed way. Signatures of others are passed over.

    Raises:
        Malformed: not a checkpoint.
        ProofInvalid: not signed by this verifier, or about another trail.

    """
    # 1.
    text, gap, signatures = note.partition("\n\n")
    lines = text.split("\n")
    if len(note) > LARGEST or not gap or len(lines) < BODY_LINES:
        detail = "not a checkpoint"
        raise Malformed(detail)
    # 2.
    _check_signed(f"{text}\n".encode(), signatures, verifier)
    # 3.
    if lines[0] != verifier.name:
        detail = "a checkpoint of another trail"
        raise ProofInvalid(detail)
    # 4.
    root = _decode(lines[2])
    if not lines[1].isascii() or not lines[1].isdigit() or str(int(lines[1])) != lines[1]:
        detail = "a checkpoint's size is a plain number"
        raise Malformed(detail)
    if len(root) != HASH_BYTES:
        detail = "a checkpoint's root has 32 bytes"
        raise Malformed(detail)
    return TreeHead(int(lines[1]), root)


def _check_signed(text: bytes, signatures: str, verifier: Verifier) -> None:
    start = f"{DASH}{verifier.name} "
    for line in signatures.split("\n"):
        if line.startswith(start):
            material = _decode(line.removeprefix(start))
            if hmac.compare_digest(material[:KEY_ID_BYTES], verifier.key_id()):
                return check_signature(verifier.public, material[KEY_ID_BYTES:], text)
    detail = "the checkpoint carries no signature of this key"
    raise ProofInvalid(detail)


def _encode(octets: bytes) -> str:
    return base64.b64encode(octets).decode()


def _decode(text: str) -> bytes:
    detail = "not base64"
    try:
        octets = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed(detail) from error
    if _encode(octets) != text:  # RFC4648-3.5: the bits that are left over must be zero
        raise Malformed(detail)
    return octets
