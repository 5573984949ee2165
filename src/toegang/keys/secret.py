"""Secret keys of 32 bytes: one that seals values at rest, one that finds them again without reading.

From each secret file a separate key is derived per purpose (HKDF), so that a sealed outbox payload
cannot be passed off as a sealed identifier, and equal values have unequal hashes in different stores.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from toegang.errors import Misconfigured, ProofInvalid

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SECRET_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
LATEST_VERSION = 255


def read_secret(path: Path) -> bytes:
    """Return the 32 random bytes in the file.

    Raises:
        Misconfigured: no such file, another length, all bytes alike, or readable by others.

    """
    check_private(path)
    secret = path.read_bytes()
    if len(secret) != SECRET_BYTES or len(set(secret)) == 1:
        message = f"{path}: must hold exactly {SECRET_BYTES} random bytes"
        raise Misconfigured(message)
    return secret


def fresh(size: int) -> bytes:
    """Return `size` random bytes for one use by a cipher: a key for one message, or its nonce."""
    return os.urandom(size)


def check_private(path: Path) -> None:
    """Refuse a file that others than its owner can read.

    Raises:
        Misconfigured: no such file, or group or others have rights on it.

    """
    try:
        mode = path.stat().st_mode
    except OSError as error:
        message = f"{path}: cannot be read ({error.strerror})"
        raise Misconfigured(message) from error
    if not stat.S_ISREG(mode) or mode & 0o077:
        message = f"{path}: must be a file that only its owner can read (chmod 600)"
        raise Misconfigured(message)


def derive(secret: bytes, kind: str, purpose: str) -> bytes:
    """RFC5869-2.3: a key of 32 bytes for one kind of work and one purpose.

    Only the second half of HKDF: the secret is uniformly random already.

    Raises:
        Misconfigured: the secret is not 32 bytes long, or the purpose is empty.

    """
    if len(secret) != SECRET_BYTES or not purpose:
        message = f"a secret of {SECRET_BYTES} bytes and a purpose are needed"
        raise Misconfigured(message)
    label = f"toegang {kind} {purpose}".encode()
    return HKDFExpand(algorithm=SHA256(), length=SECRET_BYTES, info=label).derive(secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class SealingKey:
    """NIST-SP800-38D: AES-256-GCM under the newest version of a key; older versions still open.

    A sealed value is: 1 byte version, 12 bytes nonce, ciphertext, 16 bytes tag. Nonces are random, so
    a version is to be replaced before 2**32 values were sealed with it (NIST-SP800-38D-8.3).
    """

    newest: int
    ciphers: Mapping[int, AESGCM] = field(repr=False)

    @classmethod
    def derive(cls, secrets: Mapping[int, bytes], purpose: str) -> Self:
        """Build from the secret of each version, numbered 1 to 255, for one purpose.

        Raises:
            Misconfigured: no version, a version out of range, or a secret of another length.

        """
        if not secrets or not all(1 <= version <= LATEST_VERSION for version in secrets):
            message = "sealing keys are numbered from 1 to 255"
            raise Misconfigured(message)
        ciphers = {version: AESGCM(derive(secret, "seal", purpose)) for version, secret in secrets.items()}
        return cls(newest=max(ciphers), ciphers=ciphers)

    def seal(self, plaintext: bytes, context: bytes) -> bytes:
        """Encrypt; `context` (which row, which field) is not stored but must be the same to open."""
        version = bytes([self.newest])
        # The nonce belongs to the cipher, not to the story, so it is drawn here and not by `ids`.
        nonce = os.urandom(NONCE_BYTES)
        return version + nonce + self.ciphers[self.newest].encrypt(nonce, plaintext, version + context)

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """Decrypt what `seal` made with the same context.

        Raises:
            ProofInvalid: altered, of another context, or sealed with a key that is not here.

        """
        version, nonce = sealed[:1], sealed[1 : 1 + NONCE_BYTES]
        cipher = self.ciphers.get(version[0]) if version else None
        if cipher is None or len(sealed) < 1 + NONCE_BYTES + TAG_BYTES:
            message = "a sealed value is cut off or of an unknown key version"
            raise ProofInvalid(message)
        try:
            return cipher.decrypt(nonce, sealed[1 + NONCE_BYTES :], version + context)
        except InvalidTag as error:
            message = "a sealed value does not open"
            raise ProofInvalid(message) from error

    def is_newest(self, sealed: bytes) -> bool:
        """Return whether the value was sealed with the newest version; if not, seal it again."""
        return sealed[:1] == bytes([self.newest])


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingKey:
    """RFC2104: a keyed hash by which a value is found without being stored (HMAC-SHA256)."""

    key: bytes = field(repr=False)

    @classmethod
    def derive(cls, secret: bytes, purpose: str) -> Self:
        """Build for one purpose from a secret of 32 bytes.

        Raises:
            Misconfigured: the secret has another length, or the purpose is empty.

        """
        return cls(key=derive(secret, "find", purpose))

    def find(self, value: bytes) -> bytes:
        """Return the 32 bytes under which `value` is stored and looked up."""
        return hmac.digest(self.key, value, hashlib.sha256)
