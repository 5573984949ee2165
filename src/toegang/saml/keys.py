"""Keys in SAML: whose signature is trusted, and what the hub signs and decrypts with.

A `TrustedKey` comes from pinned metadata and from nowhere else: what a message says about keys in its
KeyInfo is at most a hint which of the trusted ones to try first. Reading a key takes a thousand times as
long as using one, so each is read once (`trusted_key`).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import xmlsec
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from xmlsec import constants

from toegang.errors import Malformed, Misconfigured, ProofInvalid
from toegang.saml.algorithms import KeyKind, SignatureAlgorithm
from toegang.saml.metadata.values import PartnerKey
from toegang.saml.why import Why

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey

WEAKEST_RSA: Final = 2048
STRONGEST_RSA: Final = 8192
"""Bits. Larger keys cost a guest nothing and their host a second a message."""
LEAST_EXPONENT: Final = 65_537
CURVE_BYTES: Final = {KeyKind.P256: 32, KeyKind.P384: 48}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrustedKey:
    """A partner's public key out of pinned metadata; `name` is its KeyName, '' when it has none.

    `fingerprint` is the SHA-256 of the certificate, in hexadecimal. `encrypts` are the methods that its
    metadata lists; empty when it lists none.
    """

    name: str
    fingerprint: str
    kind: KeyKind
    encrypts: tuple[str, ...] = ()
    public: PublicKey = field(repr=False)
    native: xmlsec.Key = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SigningKey:
    """What the hub signs with; `certificate` is DER in base64, to be shown beside signatures."""

    name: str
    certificate: str
    kind: KeyKind
    private: PrivateKey = field(repr=False)

    @classmethod
    def of(cls, private: PrivateKey, certificate: bytes, name: str = "") -> SigningKey:
        """Build from a private key and its certificate (DER); the name is the certificate's by default.

        Raises:
            Misconfigured: the certificate is another key's, or the key is too weak.

        """
        name, encoded = _belonging(private, certificate, name)
        return cls(name=name, certificate=encoded, kind=_kind(private.public_key()), private=private)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DecryptionKey:
    """What the hub decrypts with: RSA."""

    name: str
    certificate: str
    private: rsa.RSAPrivateKey = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of its certificate, as `TrustedKey` has it of a partner's."""
        return hashlib.sha256(base64.b64decode(self.certificate)).hexdigest()

    @classmethod
    def of(cls, private: PrivateKey, certificate: bytes, name: str = "") -> DecryptionKey:
        """Build from a private key and its certificate (DER); the name is the certificate's by default.

        Raises:
            Misconfigured: the certificate is another key's, or the key is not RSA or too weak.

        """
        name, encoded = _belonging(private, certificate, name)
        if not isinstance(private, rsa.RSAPrivateKey):
            message = f"key {name}: keys for decryption are RSA"
            raise Misconfigured(message)
        return cls(name=name, certificate=encoded, private=private)


def trusted_key(key: PartnerKey) -> TrustedKey:
    """SAML-MetaIOP-2.6.1: the key in a certificate that was pinned; its dates and issuer say nothing.

    Raises:
        Malformed: the certificate cannot be read, or its key is of a kind or strength not accepted.

    """
    return _read(key.certificate, key.name, key.algorithms)


def check_certificate(certificate: str) -> None:
    """SAML-MetaIOP-2.6.1: refuse a certificate whose key could not be trusted; much quicker.

    Raises:
        Malformed: as `trusted_key`.

    """
    _certified(certificate)


def sign_octets(octets: bytes, key: SigningKey, algorithm: SignatureAlgorithm) -> bytes:
    """XMLDSIG-6.4: sign octets as they are; ECDSA gives both numbers side by side.

    Raises:
        Misconfigured: the key does not sign by this algorithm.

    """
    if not algorithm.fits(key.kind):
        message = f"key {key.name} is no key for {algorithm}"
        raise Misconfigured(message)
    if isinstance(key.private, rsa.RSAPrivateKey):
        return key.private.sign(octets, padding.PKCS1v15(), algorithm.hash)
    first, second = decode_dss_signature(key.private.sign(octets, ec.ECDSA(algorithm.hash)))
    size = CURVE_BYTES[key.kind]
    return first.to_bytes(size, "big") + second.to_bytes(size, "big")


def verify_octets(octets: bytes, signature: bytes, algorithm: str, keys: Iterable[TrustedKey]) -> TrustedKey:
    """SAMLBind-3.4.4.1: check a signature over octets with the keys of the party that they claim to be of.

    ECDSA is taken as two numbers side by side, and in DER, as some send it in addresses.

    Raises:
        ProofInvalid: the algorithm is not accepted, no key is of its kind, or none of them made it.

    """
    try:
        named = SignatureAlgorithm(algorithm)
    except ValueError as error:
        message = "a signature by an algorithm that is not accepted"
        raise ProofInvalid(message) from error
    for key in keys:
        if named.fits(key.kind) and _holds(octets, signature, named, key):
            return key
    message = "the signature is of none of the party's keys"
    raise ProofInvalid(message)


def _holds(octets: bytes, signature: bytes, algorithm: SignatureAlgorithm, key: TrustedKey) -> bool:
    try:
        if isinstance(key.public, rsa.RSAPublicKey):
            key.public.verify(signature, octets, padding.PKCS1v15(), algorithm.hash)
        else:
            key.public.verify(_der(signature, CURVE_BYTES[key.kind]), octets, ec.ECDSA(algorithm.hash))
    except InvalidSignature:
        return False
    return True


def _der(signature: bytes, size: int) -> bytes:
    if len(signature) != 2 * size:
        return signature
    return encode_dss_signature(
        int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big")
    )


@lru_cache(maxsize=4096)
def _read(certificate: str, name: str, encrypts: tuple[str, ...]) -> TrustedKey:
    der, public = _certified(certificate)
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return TrustedKey(
        name=name,
        fingerprint=hashlib.sha256(der).hexdigest(),
        kind=_kind(public),
        encrypts=encrypts,
        public=public,
        native=xmlsec.Key.from_memory(pem, constants.KeyDataFormatPem),
    )


def _certified(certificate: str) -> tuple[bytes, PublicKey]:
    """Return a certificate (DER) and the key in it, if that is of a kind and strength accepted."""
    try:
        der = base64.b64decode(certificate, validate=True)
        public = x509.load_der_x509_certificate(der).public_key()
    except (binascii.Error, ValueError, UnsupportedAlgorithm) as error:
        message = "a certificate that cannot be read"
        raise Malformed(message) from error
    if not isinstance(public, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        message = "a certificate with a key that is neither RSA nor on a curve"
        raise Malformed(message, why=Why.WEAK_KEY)
    _kind(public)
    return der, public


def _kind(public: PublicKey) -> KeyKind:
    if isinstance(public, rsa.RSAPublicKey):
        if WEAKEST_RSA <= public.key_size <= STRONGEST_RSA and public.public_numbers().e >= LEAST_EXPONENT:
            return KeyKind.RSA
        message = f"an RSA key of {public.key_size} bits, or one with a small exponent"
        raise Malformed(message, why=Why.WEAK_KEY)
    if isinstance(public.curve, ec.SECP256R1):
        return KeyKind.P256
    if isinstance(public.curve, ec.SECP384R1):
        return KeyKind.P384
    message = f"a key on the curve {public.curve.name}"
    raise Malformed(message, why=Why.WEAK_KEY)


def _belonging(private: PrivateKey, certificate: bytes, name: str) -> tuple[str, str]:
    """Return the key's name and its certificate in base64, after a look whether they belong together."""
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    try:
        certified = x509.load_der_x509_certificate(certificate).public_key().public_bytes(*form)
        _kind(private.public_key())
    except (ValueError, Malformed) as error:
        message = (
            f"key {name}: its certificate cannot be read, or it is not RSA from 2048 bits, P-256 or P-384"
        )
        raise Misconfigured(message) from error
    if certified != private.public_key().public_bytes(*form):
        message = f"key {name}: the certificate beside it is of another key"
        raise Misconfigured(message)
    return (
        name or hashlib.sha256(certificate).hexdigest(),
        base64.b64encode(certificate).decode("ascii"),
    )
