"""What an encrypted element holds, as far as it has the form that can be opened (XMLENC-3)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, TypeVar

from cryptography.hazmat.primitives import hashes
from lxml import etree

from toegang.errors import ProofInvalid
from toegang.saml.algorithms import DataCipher, KeyTransport
from toegang.saml.names import DS, XENC, XENC11
from toegang.saml.placement import tag_of

T = TypeVar("T")
N = TypeVar("N", DataCipher, KeyTransport)

BLOCK: Final = 16  # octets
NONCE: Final = 12
TAG: Final = 16
MOST_WRAPPED: Final = 16
"""Keys beside one text: for a few recipients, each with a current and a next one."""
SHA1: Final = "http://www.w3.org/2000/09/xmldsig#sha1"
SHA256: Final = "http://www.w3.org/2001/04/xmlenc#sha256"
MGF1_SHA256: Final = XENC11 + "mgf1sha256"
MGF1P_HASH: Final = hashes.SHA1()  # noqa: S303 - a mask, not a proof; where prescribed only
ENCRYPTED_DATA: Final = f"{{{XENC}}}EncryptedData"
ENCRYPTED_KEY: Final = f"{{{XENC}}}EncryptedKey"
KEY_INFO: Final = f"{{{DS}}}KeyInfo"


@dataclass(frozen=True, slots=True, kw_only=True)
class WrappedKey:
    """XMLENC-3.5.1: the key of the text, wrapped for one key of somebody; `names` are what that is called."""

    names: tuple[str, ...]
    transport: KeyTransport
    hashed_by: hashes.HashAlgorithm
    masked_by: hashes.HashAlgorithm
    octets: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """XMLENC-3.1: an encrypted text, and its key as often as it was wrapped."""

    cipher: DataCipher
    data: bytes = field(repr=False)
    keys: tuple[WrappedKey, ...]


def read_sealed(element: etree._Element) -> Sealed:
    """SAMLCore-2.2.4: read an EncryptedID or EncryptedAssertion: one EncryptedData and its EncryptedKeys.

    Raises:
        ProofInvalid: it has another form.

    """
    data = _only(list(element.iterchildren(ENCRYPTED_DATA)))
    inside = [key for info in data.iterchildren(KEY_INFO) for key in info.iterchildren(ENCRYPTED_KEY)]
    wrapped = inside + list(element.iterchildren(ENCRYPTED_KEY))
    if not 1 <= len(wrapped) <= MOST_WRAPPED:
        raise closed()
    cipher = _among(_only(list(data.iterchildren(f"{{{XENC}}}EncryptionMethod"))), DataCipher)
    octets = _value(data)
    shortest = NONCE + TAG if cipher.authentic else 2 * BLOCK
    if len(octets) < shortest or not (cipher.authentic or len(octets) % BLOCK == 0):
        raise closed()
    return Sealed(cipher=cipher, data=octets, keys=tuple(map(_wrapped, wrapped)))


def closed() -> ProofInvalid:
    """Return the one error for whatever does not open (S19)."""
    message = "an encrypted element does not open"
    return ProofInvalid(message)


def _wrapped(element: etree._Element) -> WrappedKey:
    method = _only(list(element.iterchildren(f"{{{XENC}}}EncryptionMethod")))
    transport = _among(method, KeyTransport)
    hashed_by, masked_by = _oaep(method, transport)
    return WrappedKey(
        names=tuple(_key_names(element)),
        transport=transport,
        hashed_by=hashed_by,
        masked_by=masked_by,
        octets=_value(element),
    )


def _oaep(
    method: etree._Element, transport: KeyTransport
) -> tuple[hashes.HashAlgorithm, hashes.HashAlgorithm]:
    """XMLENC-5.5.2: return the hash of OAEP and that of its mask; SHA-1 is the old name's default."""
    digest = next((each.get("Algorithm") for each in method.iterchildren(f"{{{DS}}}DigestMethod")), SHA1)
    mask = next((each.get("Algorithm") for each in method.iterchildren(f"{{{XENC11}}}MGF")), None)
    if method.find(f"{{{XENC}}}OAEPparams") is not None or method.find(f"{{{XENC}}}KeySize") is not None:
        raise closed()
    if transport is KeyTransport.OAEP:
        if (digest, mask) != (SHA256, MGF1_SHA256):
            raise closed()
        return hashes.SHA256(), hashes.SHA256()
    if mask is not None or digest not in {SHA1, SHA256}:
        raise closed()
    return hashes.SHA256() if digest == SHA256 else MGF1P_HASH, MGF1P_HASH


def _key_names(wrapped: etree._Element) -> Iterator[str]:
    for info in wrapped.iterchildren(KEY_INFO):
        for name in info.iterchildren(f"{{{DS}}}KeyName"):
            yield (name.text or "").strip()


def _value(element: etree._Element) -> bytes:
    """XMLENC-3.3: return what CipherData holds itself; a reference to elsewhere is refused."""
    data = _only(list(element.iterchildren(f"{{{XENC}}}CipherData")))
    value = _only(list(data))
    if tag_of(value) != f"{{{XENC}}}CipherValue" or len(value):
        raise closed()
    try:
        return base64.b64decode("".join((value.text or "").split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise closed() from error


def _only(found: list[T]) -> T:
    if len(found) != 1:
        raise closed()
    return found[0]


def _among(method: etree._Element, names: type[N]) -> N:
    try:
        return names(method.get("Algorithm", ""))
    except ValueError as error:
        raise closed() from error
