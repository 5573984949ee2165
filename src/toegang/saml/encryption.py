"""Encryption in XML (XMLENC): an identifier that only one party can read, and what is sent to us so.

By default AES-GCM under RSA-OAEP with SHA-256. What proves nothing by itself (CBC) or masks with SHA-1 is
used only where a profile prescribes it, and opened only inside something whose signature was verified.
RSA 1.5 never. Whatever goes wrong, the answer is one and the same, after the same work (S19).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final
from xml.sax.saxutils import quoteattr

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from lxml import etree

from toegang.errors import Misconfigured, Refusal
from toegang.keys.secret import fresh
from toegang.saml.algorithms import DataCipher, KeyTransport
from toegang.saml.bindings.redirect import VerifiedQuery
from toegang.saml.document import MESSAGE, Unverified, admit, canonical, raw
from toegang.saml.keys import DecryptionKey, TrustedKey
from toegang.saml.markup import Canonical, element, in_attribute, in_text
from toegang.saml.messages import EncryptedId
from toegang.saml.names import DS, SAML, XENC, XENC11
from toegang.saml.placement import ASSERTION, ENCRYPTED_ASSERTION, RESPONSE, tag_of
from toegang.saml.sealed import (
    BLOCK,
    MGF1_SHA256,
    MGF1P_HASH,
    NONCE,
    SHA1,
    SHA256,
    Sealed,
    WrappedKey,
    closed,
    read_sealed,
)
from toegang.saml.signature import Verified, advice_of, verify

MOST_TRIES: Final = 6
ELEMENT: Final = XENC + "Element"
KEY_TYPE: Final = XENC + "EncryptedKey"
ENCRYPTED_ID: Final = f"{{{SAML}}}EncryptedID"
OAEP_METHOD: Final = {
    KeyTransport.OAEP: f'<xenc:EncryptionMethod Algorithm="{KeyTransport.OAEP}">'
    f'<ds:DigestMethod{{ds}} Algorithm="{SHA256}"></ds:DigestMethod>'
    f'<xenc11:MGF xmlns:xenc11="{XENC11}" Algorithm="{MGF1_SHA256}"></xenc11:MGF></xenc:EncryptionMethod>',
    KeyTransport.OAEP_MGF1P: f'<xenc:EncryptionMethod Algorithm="{KeyTransport.OAEP_MGF1P}">'
    f'<ds:DigestMethod{{ds}} Algorithm="{SHA1}"></ds:DigestMethod></xenc:EncryptionMethod>',
}
PADDING: Final = {
    transport: padding.OAEP(mgf=padding.MGF1(hashed), algorithm=hashed, label=None)
    for transport, hashed in (
        (KeyTransport.OAEP, hashes.SHA256()),
        (KeyTransport.OAEP_MGF1P, MGF1P_HASH),
    )
}
NAMED: Final = "<ds:KeyInfo{ds}><ds:KeyName>{name}</ds:KeyName></ds:KeyInfo>"
WRAPPED_KEY: Final = (
    '<xenc:EncryptedKey{xenc} Id="_k{number}',
    '" Recipient="{recipient}">{method}{named}<xenc:CipherData><xenc:CipherValue>',
    '</xenc:CipherValue></xenc:CipherData><xenc:ReferenceList><xenc:DataReference URI="#_d',
    '"></xenc:DataReference></xenc:ReferenceList></xenc:EncryptedKey>',
)
"""What stands around an id, the key in base64, and the id again."""
INSIDE: Final = {"xenc": "", "ds": ""}
BESIDE: Final = {"xenc": f' xmlns:xenc="{XENC}"', "ds": f' xmlns:ds="{DS}"'}
"""What a wrapped key declares: inside KeyInfo both namespaces are in force, beside the data neither."""
START: Final = re.compile(rb"<(?:([A-Za-z_][\w.-]*):)?[A-Za-z_][\w.-]*")
RETRIEVAL: Final = (f'<ds:RetrievalMethod Type="{KEY_TYPE}" URI="#_k', '"></ds:RetrievalMethod>')


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
class Opened:
    """What was encrypted, not yet read, and the fingerprint of the key of ours that opened it.

    The key is told of what opened, and of nothing else: who asks us to open things learns nothing (S19).
    """

    octets: bytes = field(repr=False)
    key: str


def encrypt_id(
    name_id: bytes,
    recipient: str,
    key: TrustedKey,
    methods: Methods = MODERN,
    *,
    also: Sequence[TrustedKey] = (),
) -> bytes:
    """SAMLCore-2.2.4: return saml:EncryptedID around a NameID (its octets), for one recipient.

    `recipient` is the entity that holds the key, and those in `also`: each of them opens it (STSAML-4.3).
    For several recipients, make several.

    Raises:
        Misconfigured: a key of the recipient is not RSA.

    """
    return _encrypted(ENCRYPTED_ID, name_id, recipient, (key, *also), methods)


def encrypt_assertion(
    assertion: bytes,
    recipient: str,
    key: TrustedKey,
    methods: Methods = MODERN,
    *,
    also: Sequence[TrustedKey] = (),
) -> bytes:
    """SAMLCore-2.3.4: return saml:EncryptedAssertion around a signed assertion (its octets).

    Raises:
        Misconfigured: a key of the recipient is not RSA.

    """
    return _encrypted(ENCRYPTED_ASSERTION, assertion, recipient, (key, *also), methods)


def decrypt_id(
    encrypted: EncryptedId,
    keys: Sequence[DecryptionKey],
    methods: Methods = MODERN,
    inside: Verified | VerifiedQuery | None = None,
) -> Opened:
    """SAMLCore-2.2.4: open an encrypted NameID and return its octets, well-formed but not yet read.

    `inside` is the signed thing that it was read from; without it, or where it holds something else, only
    what authenticates itself opens.

    Raises:
        ProofInvalid: it does not open, whatever the reason.

    """
    try:
        element = raw(admit(encrypted.octets))
        if tag_of(element) != ENCRYPTED_ID:
            raise closed()
        signed = inside is not None and any(
            canonical(each) == canonical(element) for each in inside.element.iter(ENCRYPTED_ID)
        )
        opened, key = _opened(element, keys, methods if signed else methods.alone)
        return Opened(octets=canonical(raw(opened)), key=key.fingerprint)
    except Refusal as error:
        raise closed() from error


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
        raise closed()
    try:
        opened, key = _opened(sealed[0], keys, methods)
        if tag_of(raw(opened)) != ASSERTION:
            raise closed()
        if raw(opened).find(f"{{{DS}}}Signature") is not None:
            return replace(verify(opened, signers), opened_by=key.fingerprint)
        return Verified(
            octets=canonical(raw(opened)),
            key=response.key,
            advice=advice_of(raw(opened)),
            opened_by=key.fingerprint,
        )
    except Refusal as error:
        raise closed() from error


def _opened(
    element: etree._Element, keys: Sequence[DecryptionKey], methods: Methods
) -> tuple[Unverified, DecryptionKey]:
    """Read, unwrap, decrypt, and lead what comes out through the gate; with it, the key that opened it."""
    sealed = read_sealed(element)
    wrapped = [each for each in sealed.keys if each.transport in methods.transports]
    if not wrapped or sealed.cipher not in methods.ciphers:
        raise closed()
    pairs = [(each, key) for each in wrapped for key in keys]
    named = [(each, key) for each, key in pairs if key.name in each.names]
    for each, key in (named or pairs)[:MOST_TRIES]:
        plain = _plain(sealed, each, key)
        if plain is None:
            continue
        # What a wrong key makes of CBC sometimes looks padded; then another key may still be the right one.
        for octets in (plain, _in_scope(plain, element)):
            with suppress(Refusal):
                return admit(octets, MESSAGE), key
    raise closed()


def _in_scope(plain: bytes, around: etree._Element) -> bytes:
    """XMLENC-4.4: declare the prefix of what was encrypted without its declaration, as around it."""
    start = START.match(plain)
    prefix = start[1].decode() if start and start[1] else None
    namespace = around.nsmap.get(prefix)
    if start is None or namespace is None:
        return plain
    declared = f" xmlns{f':{prefix}' if prefix else ''}={quoteattr(namespace)}"
    return plain[: start.end()] + declared.encode() + plain[start.end() :]


def _plain(sealed: Sealed, wrapped: WrappedKey, key: DecryptionKey) -> bytes | None:
    """XMLENC-5.2 and -5.5: unwrap and decrypt; a key that does not unwrap is replaced by a random one.

    So the second half of the work is always done, and fails as any wrong key makes it fail.
    """
    mask = padding.MGF1(wrapped.masked_by)
    substitute = fresh(sealed.cipher.key_bytes)
    try:
        unwrapped = key.private.decrypt(
            wrapped.octets, padding.OAEP(mgf=mask, algorithm=wrapped.hashed_by, label=None)
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


def _encrypted(tag: str, plain: bytes, recipient: str, keys: Sequence[TrustedKey], methods: Methods) -> bytes:
    """XMLENC-4.3: a fresh key for the data, wrapped for each key of the recipient; in canonical form."""
    cipher, transport = methods.ciphers[0], methods.transports[0]
    secret, nonce = fresh(cipher.key_bytes), fresh(NONCE if cipher.authentic else BLOCK)
    identity = nonce.hex()
    wrapped = ""
    for at, key in enumerate(keys):
        begin, told, refers, end = _around_key(recipient, key.name, transport, at, beside=methods.key_beside)
        value = _base64(_wrap(secret, key, transport))
        wrapped += f"{begin}{identity}{told}{value}{refers}{identity}{end}"
    found, beside = (identity.join(RETRIEVAL), wrapped) if methods.key_beside else (wrapped, "")
    sealed = _base64(nonce + _seal(cipher, secret, nonce, plain))
    content = (
        f'<xenc:EncryptedData xmlns:xenc="{XENC}" Id="_d{identity}" Type="{ELEMENT}">'
        f'<xenc:EncryptionMethod Algorithm="{cipher}"></xenc:EncryptionMethod>'
        f'<ds:KeyInfo xmlns:ds="{DS}">{found}</ds:KeyInfo><xenc:CipherData><xenc:CipherValue>{sealed}'
        f"</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>{beside}"
    )
    return element(f"saml:{tag.rpartition('}')[2]}", {}, Canonical(content.encode()), alone=True)


@lru_cache(maxsize=4096)
def _around_key(
    recipient: str, name: str, transport: KeyTransport, at: int, *, beside: bool
) -> tuple[str, ...]:
    """Return the pieces around what is wrapped for one key of a recipient, which are always the same."""
    declared = BESIDE if beside else INSIDE
    told = {
        "number": "" if at == 0 else f"{at}_",
        "recipient": in_attribute(recipient),
        "method": OAEP_METHOD[transport].format(ds=declared["ds"]),
        "named": NAMED.format(name=in_text(name), ds=declared["ds"]) if name else "",
        "xenc": declared["xenc"],
    }
    return tuple(piece.format(**told) for piece in WRAPPED_KEY)


def _wrap(secret: bytes, key: TrustedKey, transport: KeyTransport) -> bytes:
    if not isinstance(key.public, rsa.RSAPublicKey):
        message = f"key {key.fingerprint}: only an RSA key is encrypted for"
        raise Misconfigured(message)
    return key.public.encrypt(secret, PADDING[transport])


def _seal(cipher: DataCipher, secret: bytes, nonce: bytes, plain: bytes) -> bytes:
    if cipher.authentic:
        return AESGCM(secret).encrypt(nonce, plain, None)
    filled = BLOCK - len(plain) % BLOCK
    closing = Cipher(algorithms.AES(secret), modes.CBC(nonce)).encryptor()
    return closing.update(plain + bytes(filled - 1) + bytes([filled])) + closing.finalize()


def _base64(octets: bytes) -> str:
    return base64.b64encode(octets).decode("ascii")
