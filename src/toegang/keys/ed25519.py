"""RFC8032-5.1: Ed25519, for checkpoints of the trail; a PEM file (PKCS #8, mode 0600) holds the key."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from toegang.errors import Misconfigured, ProofInvalid
from toegang.keys.secret import check_private

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True, eq=False)
class Ed25519Key:
    """A private key; `public` is its 32 bytes public half."""

    private: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the key from its file.

        Raises:
            Misconfigured: no such file, readable by others, or not an Ed25519 key.

        """
        check_private(path)
        try:
            private = load_pem_private_key(path.read_bytes(), password=None)
        except (ValueError, TypeError) as error:
            message = f"{path}: not a private key in PEM"
            raise Misconfigured(message) from error
        if not isinstance(private, Ed25519PrivateKey):
            message = f"{path}: an Ed25519 key is needed"
            raise Misconfigured(message)
        return cls(private)

    @classmethod
    def generate(cls, path: Path) -> Self:
        """Make a new key and write it to a file that did not exist before.

        Raises:
            Misconfigured: the file exists already; a key is never overwritten.

        """
        private = Ed25519PrivateKey.generate()
        pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError as error:
            message = f"{path}: exists already; a key is never overwritten"
            raise Misconfigured(message) from error
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
        return cls(private)

    @property
    def public(self) -> bytes:
        """The public key, 32 bytes."""
        return self.private.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """RFC8032-5.1.6: sign; 64 bytes."""
        return self.private.sign(message)


def check_signature(public: bytes, signature: bytes, message: bytes) -> None:
    """RFC8032-5.1.7: refuse unless `signature` over `message` is of the key `public` (32 bytes).

    Raises:
        ProofInvalid: it is not.

    """
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError) as error:
        detail = "the signature does not hold"
        raise ProofInvalid(detail) from error
