"""The ciphers of a channel to a chip, and how its keys come from a secret."""

from __future__ import annotations

import hashlib
import hmac
from enum import Enum
from typing import Final

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

from toegang.emrtd.faults import Fault, refuse

ENCRYPTION: Final = 1
AUTHENTICATION: Final = 2
PASSWORD: Final = 3
"""ICAO9303-11-9.7.1: the counters with which keys are derived from one secret."""
TAG_SIZE: Final = 8
"""Octets of an authentication code, whatever the cipher."""
_PADDING: Final = b"\x80"


class Suite(Enum):
    """A cipher with its key size: (name, octets of a key, octets of a block)."""

    TDES = ("3DES", 16, 8)
    AES128 = ("AES-128", 16, 16)
    AES192 = ("AES-192", 24, 16)
    AES256 = ("AES-256", 32, 16)

    @property
    def key_size(self) -> int:
        """Octets of a key."""
        return self.value[1]

    @property
    def block(self) -> int:
        """Octets of a block."""
        return self.value[2]

    def derive(self, secret: bytes, counter: int) -> bytes:
        """ICAO9303-11-9.7.1: derive a key from a secret; the norm says with which hash."""
        seed = secret + counter.to_bytes(4)
        if self in {Suite.TDES, Suite.AES128}:
            key = hashlib.sha1(seed, usedforsecurity=False).digest()[: self.key_size]
        else:
            key = hashlib.sha256(seed).digest()[: self.key_size]
        return bytes(map(_odd, key)) if self is Suite.TDES else key

    def encrypt(self, key: bytes, vector: bytes, octets: bytes) -> bytes:
        """Encrypt whole blocks, chained (CBC)."""
        cipher = self._cipher(key, vector).encryptor()
        return cipher.update(octets) + cipher.finalize()

    def decrypt(self, key: bytes, vector: bytes, octets: bytes) -> bytes:
        """Decrypt whole blocks, chained (CBC).

        Raises:
            DocumentRefused: no whole blocks.

        """
        if len(octets) % self.block:
            refuse(Fault.UNREADABLE, "what is encrypted is no number of whole blocks")
        cipher = self._cipher(key, vector).decryptor()
        return cipher.update(octets) + cipher.finalize()

    def authenticate(self, key: bytes, octets: bytes) -> bytes:
        """ICAO9303-11-4.3.3.2, 4.4.3.4: the code over these octets, which 3DES alone pads: eight octets."""
        return self.authenticate_blocks(key, pad(octets, self.block) if self is Suite.TDES else octets)

    def authenticate_blocks(self, key: bytes, blocks: bytes) -> bytes:
        """ICAO9303-11-9.8.6.2, 9.8.7.2: the code over what was padded already: eight octets."""
        if self is Suite.TDES:
            return _retail(key, blocks)
        code = CMAC(AES(key))
        code.update(blocks)
        return code.finalize()[:TAG_SIZE]

    def _cipher(self, key: bytes, vector: bytes) -> Cipher[modes.CBC]:
        algorithm = TripleDES(key + key[:8]) if self is Suite.TDES else AES(key)
        return Cipher(algorithm, modes.CBC(vector))


def pad(octets: bytes, block: int) -> bytes:
    """ISO9797-1-6.3.2: padding method 2: one bit, then none until the block is full."""
    return octets + _PADDING + bytes(-(len(octets) + 1) % block)


def unpad(octets: bytes) -> bytes:
    """ISO9797-1-6.3.2: take the padding off.

    Raises:
        DocumentRefused: there is none.

    """
    bare = octets.rstrip(b"\x00")
    if not bare.endswith(_PADDING):
        refuse(Fault.CHANNEL_BROKEN, "what was decrypted has no padding")
    return bare[:-1]


def same(first: bytes, second: bytes) -> bool:
    """Compare two codes, in a time that tells nothing."""
    return hmac.compare_digest(first, second)


def _retail(key: bytes, blocks: bytes) -> bytes:
    """ISO9797-1-7.3: MAC algorithm 3: single DES through the blocks, the last one thrice."""
    first, second = key[:8], key[8:16]
    single = Cipher(TripleDES(first * 3), modes.CBC(bytes(8))).encryptor()
    chained = (single.update(blocks) + single.finalize())[-8:]
    undone = Cipher(TripleDES(second * 3), modes.ECB()).decryptor()  # noqa: S305 one block, as the norm has it
    last = Cipher(TripleDES(first * 3), modes.ECB()).encryptor()  # noqa: S305
    return last.update(undone.update(chained) + undone.finalize()) + last.finalize()


def _odd(octet: int) -> int:
    """ICAO9303-11-9.7.1.1: set the lowest bit so that the number of ones is odd."""
    return octet & 0xFE | (octet >> 1).bit_count() % 2 ^ 1
