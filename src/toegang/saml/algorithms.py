"""The algorithms that are spoken here, by the names that XML gives them; what is not listed is refused.

No SHA-1, MD5, HMAC or DSA for signatures; no RSA 1.5 padding for keys; no transform that computes
anything. A name says which kind of key it belongs to, so that no key is used for another kind of work.
"""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives import hashes

if TYPE_CHECKING:
    from hashlib import _Hash

EXCLUSIVE_C14N: Final = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED: Final = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"

_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
_XENC = "http://www.w3.org/2001/04/xmlenc#"
_XENC11 = "http://www.w3.org/2009/xmlenc11#"


class KeyKind(enum.Enum):
    """What a key is: RSA, or a point on one of two curves."""

    RSA = "RSA"
    P256 = "P-256"
    P384 = "P-384"


class SignatureAlgorithm(enum.StrEnum):
    """RFC6931-2.3: how a signature is made."""

    RSA_SHA256 = _MORE + "rsa-sha256"
    RSA_SHA384 = _MORE + "rsa-sha384"
    RSA_SHA512 = _MORE + "rsa-sha512"
    ECDSA_SHA256 = _MORE + "ecdsa-sha256"
    ECDSA_SHA384 = _MORE + "ecdsa-sha384"

    @property
    def hash(self) -> hashes.HashAlgorithm:
        """The hash that is signed."""
        return _HASHES[self.value[-6:]]

    def fits(self, kind: KeyKind) -> bool:
        """Say whether keys of this kind may sign so; a curve has one hash of its own strength."""
        if kind is KeyKind.RSA:
            return "#rsa-" in self.value
        return self is (SignatureAlgorithm.ECDSA_SHA256 if kind is KeyKind.P256 else self.ECDSA_SHA384)


class DigestAlgorithm(enum.StrEnum):
    """XMLENC-5.7: how what is referred to is hashed."""

    SHA256 = _XENC + "sha256"
    SHA384 = _MORE + "sha384"
    SHA512 = _XENC + "sha512"

    def digest(self, octets: bytes) -> bytes:
        """Return the hash of the octets."""
        return _DIGESTS[self.value[-6:]](octets).digest()


class KeyTransport(enum.StrEnum):
    """XMLENC-5.5: how the key of a cipher is wrapped for somebody.

    OAEP_MGF1P masks with SHA-1: for profiles that prescribe it, and for partners who list nothing better.
    """

    OAEP = _XENC11 + "rsa-oaep"
    OAEP_MGF1P = _XENC + "rsa-oaep-mgf1p"


class DataCipher(enum.StrEnum):
    """XMLENC-5.2: how an element is encrypted; CBC proves nothing, and is for profiles that prescribe it."""

    AES128_GCM = _XENC11 + "aes128-gcm"
    AES256_GCM = _XENC11 + "aes256-gcm"
    AES128_CBC = _XENC + "aes128-cbc"
    AES256_CBC = _XENC + "aes256-cbc"

    @property
    def key_bytes(self) -> int:
        """The length of the key."""
        return 16 if "aes128" in self.value else 32

    @property
    def authentic(self) -> bool:
        """Say whether what was altered does not open."""
        return self.value.endswith("gcm")


_HASHES: Final[dict[str, hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_DIGESTS: Final[dict[str, Callable[[bytes], _Hash]]] = {
    "sha256": hashlib.sha256,
    "sha384": hashlib.sha384,
    "sha512": hashlib.sha512,
}
