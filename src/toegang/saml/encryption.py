"""Encryption in XML (XMLENC): an identifier that only one party can read, and what is sent to us so.

By default AES-GCM under RSA-OAEP with SHA-256. What proves nothing by itself (CBC) or masks with SHA-1 is
used only where a profile prescribes it, and opened only inside something whose signature was verified.
RSA 1.5 never. Whatever goes wrong, the answer is one and the same, after the same work (S19).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar
from xml.sax.saxutils import escape, quoteattr

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from lxml import etree

from toegang.errors import Misconfigured, ProofInvalid, Refusal
from toegang.keys.secret import fresh
from toegang.saml.algorithms import DataCipher, KeyTransport
from toegang.saml.bindings.redirect import VerifiedQuery
from toegang.saml.document import MESSAGE, Unverified, admit, canonical, raw
from toegang.saml.keys import DecryptionKey, TrustedKey
from toegang.saml.messages import EncryptedId
from toegang.saml.names import DS, SAML, XENC, XENC11
from toegang.saml.placement import ASSERTION, ENCRYPTED_ASSERTION, RESPONSE, tag_of
from toegang.saml.signature import Verified, advice_of, verify

T = TypeVar("T")
N = TypeVar("N", DataCipher, KeyTransport)

MOST_KEYS: Final = 4
BLOCK: Final = 16  # octets
NONCE: Final = 12
TAG: Final = 16
SHA1: Final = "http://www.w3.org/2000/09/xmldsig#sha1"
SHA256: Final = "http://www.w3.org/2001/04/xmlenc#sha256"
MGF1_SHA256: Final = XENC11 + "mgf1sha256"
ELEMENT: Final = XENC + "Element"
KEY_TYPE: Final = XENC + "EncryptedKey"
ENCRYPTED_ID: Final = f"{{{SAML}}}EncryptedID"
ENCRYPTED_DATA: Final = f"{{{XENC}}}EncryptedData"
ENCRYPTED_KEY: Final = f"{{{XENC}}}EncryptedKey"
KEY_INFO: Final = f"{{{DS}}}KeyInfo"
MGF1P_HASH: Final = hashes.SHA1()  # noqa: S303 - a mask, not a proof; where prescribed only
OAEP_METHOD: Final = {
    KeyTransport.OAEP: f'<xenc:EncryptionMethod Algorithm="{KeyTransport.OAEP}">'
    f'<ds:DigestMethod Algorithm="{SHA256}"/>'
    f'<xenc11:MGF xmlns:xenc11="{XENC11}" Algorithm="{MGF1_SHA256}"/></xenc:EncryptionMethod>',
    KeyTransport.OAEP_MGF1P: f'<xenc:EncryptionMethod Algorithm="{KeyTransport.OAEP_MGF1P}">'
    f'<ds:DigestMethod Algorithm="{SHA1}"/></xenc:EncryptionMethod>',
}
WRAPPED_KEY: Final = (
    f'<xenc:EncryptedKey xmlns:xenc="{XENC}" xmlns:ds="{DS}" Id="_k{{id}}" Recipient={{recipient}}>'
    "{method}{name}<xenc:CipherData><xenc:CipherValue>{value}</xenc:CipherValue></xenc:CipherData>"
    '<xenc:ReferenceList><xenc:DataReference URI="#_d{id}"/></xenc:ReferenceList></xenc:EncryptedKey>'
)
RETRIEVAL: Final = f'<ds:RetrievalMethod Type="{KEY_TYPE}" URI="#_k{{id}}"/>'
SEALED: Final = (
    f'<xenc:EncryptedData xmlns:xenc="{XENC}" Id="_d{{id}}" Type="{ELEMENT}">'
    f'<xenc:EncryptionMethod Algorithm="{{cipher}}"/><ds:KeyInfo xmlns:ds="{DS}">{{key}}</ds:KeyInfo>'
    "<xenc:CipherData><xenc:CipherValue>{value}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Methods:
    """What a profile encrypts with (the first of each) and takes; `key_beside` places the wrapped key.

    Inside KeyInfo most libraries find it; beside the data is where the scheme for access has it.
    """

    transports: tuple[KeyTransport, ...]
    ciphers: tuple[DataCipher, ...]
    key_beside: bool = False

    @property
    def alone(self) -> Methods:
        """What of it may be opened when nothing around it is signed."""
        return replace(
            self,
            transports=tuple(each for each in self.transports if each is KeyTransport.OAEP),
            ciphers=tuple(each for each in self.ciphers if each.authentic),
        )

    def for_key(self, listed: Collection[str]) -> Methods:
        """SAMLMeta-2.4.1.1: narrow to what the metadata lists beside a key.

        Where it lists nothing of ours, the key is wrapped as all software can, which is the last way of ours.
        """
        return replace(
            self,
            transports=tuple(each for each in self.transports if each in listed) or self.transports[-1:],
            ciphers=tuple(each for each in self.ciphers if each in listed) or self.ciphers,
        )


MODERN: Final = Methods(
    transports=(KeyTransport.OAEP,), ciphers=(DataCipher.AES256_GCM, DataCipher.AES128_GCM)
)
DEPLOYED: Final = Methods(
    transports=(KeyTransport.OAEP, KeyTransport.OAEP_MGF1P),
    ciphers=(DataCipher.AES256_GCM, DataCipher.AES128_GCM),
)
"""For plain deployments: narrowed to each key, because most software cannot mask with SHA-256 yet."""
PRESCRIBED: Final = Methods(
    transports=(KeyTransport.OAEP_MGF1P, KeyTransport.OAEP),
    ciphers=(DataCipher.AES256_CBC, DataCipher.AES128_CBC, DataCipher.AES256_GCM, DataCipher.AES128_GCM),
    key_beside=True,
)
"""For profiles that prescribe AES-256-CBC under RSA-OAEP-MGF1P (STSAML-4, ETD-1.13)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sealed:
    """What an encrypted element holds, as far as it has the form that can be opened."""

    transport: KeyTransport
    masked_by: hashes.HashAlgorithm
    hashed_by: hashes.HashAlgorithm
    cipher: DataCipher
    key_names: tuple[str, ...]
    wrapped: bytes = field(repr=False)
    data: bytes = field(repr=False)


def encrypt_id(name_id: bytes, recipient: str, key: TrustedKey, methods: Methods = MODERN) -> bytes:
    """SAMLCore-2.2.4: return saml:EncryptedID around a NameID (its octets), for one recipient.

    `recipient` is the entity that holds the key. For several recipients, make several.

    Raises:
        Misconfigured: the recipient's key is not RSA.

    """
    return _encrypted(ENCRYPTED_ID, name_id, recipient, key, methods)


def encrypt_assertion(assertion: bytes, recipient: str, key: TrustedKey, methods: Methods = MODERN) -> bytes:
    """SAMLCore-2.3.4: return saml:EncryptedAssertion around a signed assertion (its octets).

    Raises:
        Misconfigured: the recipient's key is not RSA.

    """
    return _encrypted(ENCRYPTED_ASSERTION, assertion, recipient, key, methods)


def decrypt_id(
    encrypted: EncryptedId,
    keys: Sequence[DecryptionKey],
    methods: Methods = MODERN,
    inside: Verified | VerifiedQuery | None = None,
) -> bytes:
    """SAMLCore-2.2.4: open an encrypted NameID and return its octets, well-formed but not yet read.

    `inside` is the signed thing that it was read from; without it, or where it holds something else, only
    what authenticates itself opens.

    Raises:
        ProofInvalid: it does not open, whatever the reason.

    """
    try:
        element = raw(admit(encrypted.octets))
        if tag_of(element) != ENCRYPTED_ID:
            raise _closed()
        signed = inside is not None and any(
            canonical(each) == canonical(element) for each in inside.element.iter(ENCRYPTED_ID)
        )
        return canonical(raw(_opened(element, keys, methods if signed else methods.alone)))
    except Refusal as error:
        raise _closed() from error


def decrypt_assertion(
    response: Verified,
    keys: Sequence[DecryptionKey],
    signers: Sequence[TrustedKey],
    methods: Methods = MODERN,
) -> Verified:
    """SAMLCore-2.3.4: open the encrypted assertion of a response that was signed around it.

    Nothing is decrypted that was not signed. A signature inside must hold too, if there is one.

    Raises:
        ProofInvalid: there is not exactly one, or it does not open, whatever the reason.

    """
    sealed = list(response.element.iterchildren(ENCRYPTED_ASSERTION))
    if tag_of(response.element) != RESPONSE or len(sealed) != 1:
        raise _closed()
    try:
        opened = _opened(sealed[0], keys, methods)
        if tag_of(raw(opened)) != ASSERTION:
            raise _closed()
        if raw(opened).find(f"{{{DS}}}Signature") is not None:
            return verify(opened, signers)
        octets = canonical(raw(opened))
        return Verified(octets=octets, key=response.key, advice=advice_of(raw(opened)))
    except Refusal as error:
        raise _closed() from error


def _closed() -> ProofInvalid:
    message = "an encrypted element does not open"
    return ProofInvalid(message)


def _opened(element: etree._Element, keys: Sequence[DecryptionKey], methods: Methods) -> Unverified:
    """Read, unwrap, decrypt, and lead what comes out through the gate."""
    sealed = _read(element)
    if sealed.transport not in methods.transports or sealed.cipher not in methods.ciphers:
        raise _closed()
    named = [key for key in keys if key.name in sealed.key_names]
    for key in (named or list(keys))[:MOST_KEYS]:
        plain = _plain(sealed, key)
        if plain is not None:
            return admit(plain, MESSAGE)
    raise _closed()


def _plain(sealed: _Sealed, key: DecryptionKey) -> bytes | None:
    """XMLENC-5.2 and -5.5: unwrap and decrypt; a key that does not unwrap is replaced by a random one.

    So the second half of the work is always done, and fails as any wrong key makes it fail.
    """
    mask = padding.MGF1(sealed.masked_by)
    substitute = fresh(sealed.cipher.key_bytes)
    try:
        unwrapped = key.private.decrypt(
            sealed.wrapped, padding.OAEP(mgf=mask, algorithm=sealed.hashed_by, label=None)
        )
    except ValueError:
        unwrapped = substitute
    secret = unwrapped if len(unwrapped) == sealed.cipher.key_bytes else substitute
    if not sealed.cipher.authentic:
        return _without_padding(_cbc(secret, sealed.data))
    try:
        return AESGCM(secret).decrypt(sealed.data[:NONCE], sealed.data[NONCE:], None)
    except InvalidTag:
        return None


def _cbc(secret: bytes, data: bytes) -> bytes:
    opening = Cipher(algorithms.AES(secret), modes.CBC(data[:BLOCK])).decryptor()
    return opening.update(data[BLOCK:]) + opening.finalize()


def _without_padding(padded: bytes) -> bytes | None:
    """XMLENC-5.2.1: the last octet tells how many to leave out; the others may be anything."""
    filled = padded[-1]
    return padded[:-filled] if 1 <= filled <= BLOCK else None


def _read(element: etree._Element) -> _Sealed:
    """Read an EncryptedID or EncryptedAssertion with one EncryptedData and its one EncryptedKey."""
    data = _only(list(element.iterchildren(ENCRYPTED_DATA)))
    inside = [key for info in data.iterchildren(KEY_INFO) for key in info.iterchildren(ENCRYPTED_KEY)]
    wrapped = _only(inside + list(element.iterchildren(ENCRYPTED_KEY)))
    method = _only(list(wrapped.iterchildren(f"{{{XENC}}}EncryptionMethod")))
    cipher = _among(_only(list(data.iterchildren(f"{{{XENC}}}EncryptionMethod"))), DataCipher)
    transport = _among(method, KeyTransport)
    octets = _value(data)
    shortest = NONCE + TAG if cipher.authentic else 2 * BLOCK
    if len(octets) < shortest or not (cipher.authentic or len(octets) % BLOCK == 0):
        raise _closed()
    hashed_by, masked_by = _oaep(method, transport)
    return _Sealed(
        transport=transport,
        hashed_by=hashed_by,
        masked_by=masked_by,
        cipher=cipher,
        key_names=tuple(_key_names(wrapped)),
        wrapped=_value(wrapped),
        data=octets,
    )


def _oaep(
    method: etree._Element, transport: KeyTransport
) -> tuple[hashes.HashAlgorithm, hashes.HashAlgorithm]:
    """XMLENC-5.5.2: return the hash of OAEP and that of its mask; SHA-1 is the old name's default."""
    digest = next((each.get("Algorithm") for each in method.iterchildren(f"{{{DS}}}DigestMethod")), SHA1)
    mask = next((each.get("Algorithm") for each in method.iterchildren(f"{{{XENC11}}}MGF")), None)
    if method.find(f"{{{XENC}}}OAEPparams") is not None or method.find(f"{{{XENC}}}KeySize") is not None:
        raise _closed()
    if transport is KeyTransport.OAEP:
        if (digest, mask) != (SHA256, MGF1_SHA256):
            raise _closed()
        return hashes.SHA256(), hashes.SHA256()
    if mask is not None or digest not in {SHA1, SHA256}:
        raise _closed()
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
        raise _closed()
    try:
        return base64.b64decode("".join((value.text or "").split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise _closed() from error


def _only(found: list[T]) -> T:
    if len(found) != 1:
        raise _closed()
    return found[0]


def _among(method: etree._Element, names: type[N]) -> N:
    try:
        return names(method.get("Algorithm", ""))
    except ValueError as error:
        raise _closed() from error


def _encrypted(tag: str, plain: bytes, recipient: str, key: TrustedKey, methods: Methods) -> bytes:
    """XMLENC-4.3: a fresh key for the data, wrapped for the recipient."""
    if not isinstance(key.public, rsa.RSAPublicKey):
        message = f"key {key.fingerprint}: only an RSA key is encrypted for"
        raise Misconfigured(message)
    cipher, transport = methods.ciphers[0], methods.transports[0]
    secret, nonce = fresh(cipher.key_bytes), fresh(NONCE if cipher.authentic else BLOCK)
    hashed = hashes.SHA256() if transport is KeyTransport.OAEP else MGF1P_HASH
    oaep = padding.OAEP(mgf=padding.MGF1(hashed), algorithm=hashed, label=None)
    wrapped = _base64(key.public.encrypt(secret, oaep))
    identity = nonce.hex()
    name = f"<ds:KeyInfo><ds:KeyName>{escape(key.name)}</ds:KeyName></ds:KeyInfo>" if key.name else ""
    wrapping = WRAPPED_KEY.format(
        id=identity,
        recipient=quoteattr(recipient),
        method=OAEP_METHOD[transport],
        name=name,
        value=wrapped,
    )
    beside = RETRIEVAL.format(id=identity) if methods.key_beside else wrapping
    data = SEALED.format(
        id=identity,
        cipher=cipher.value,
        key=beside,
        value=_base64(nonce + _seal(cipher, secret, nonce, plain)),
    )
    name = tag.rpartition("}")[2]
    after = wrapping if methods.key_beside else ""
    return f'<saml:{name} xmlns:saml="{SAML}">{data}{after}</saml:{name}>'.encode()


def _seal(cipher: DataCipher, secret: bytes, nonce: bytes, plain: bytes) -> bytes:
    if cipher.authentic:
        return AESGCM(secret).encrypt(nonce, plain, None)
    filled = BLOCK - len(plain) % BLOCK
    closing = Cipher(algorithms.AES(secret), modes.CBC(nonce)).encryptor()
    return closing.update(plain + bytes(filled - 1) + bytes([filled])) + closing.finalize()


def _base64(octets: bytes) -> str:
    return base64.b64encode(octets).decode("ascii")
