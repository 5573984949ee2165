"""The algorithms that count: hashes, signatures, keys and curves, each on a list, everything else refused."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from asn1crypto import core, keys
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from toegang.emrtd.asn1 import read, whole_octets
from toegang.emrtd.curves import CURVES, Curve
from toegang.emrtd.faults import Fault, refuse
from toegang.emrtd.tlv import check_der, read_all, read_one

if TYPE_CHECKING:
    from collections.abc import Mapping

PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey

WEAKEST_RSA: Final = 2048
STRONGEST_RSA: Final = 8192
"""Bits. A larger key only costs time."""
LARGEST_EXPONENT: Final = 1 << 64
_STANDARD: Final = "0.4.0.127.0.7.1.2"
LONGEST_SALT: Final = 64  # octets


class Hash(StrEnum):
    """A hash function, by the name that both libraries have for it."""

    SHA1 = "sha1"
    SHA224 = "sha224"
    SHA256 = "sha256"
    SHA384 = "sha384"
    SHA512 = "sha512"

    @property
    def native(self) -> hashes.HashAlgorithm:
        """The function, for cryptography."""
        return _HASHES[self]()

    def digest(self, octets: bytes) -> bytes:
        """Return the hash of these octets."""
        function = hashes.Hash(self.native)
        function.update(octets)
        return function.finalize()


_HASHES: Final[Mapping[Hash, type[hashes.HashAlgorithm]]] = {
    Hash.SHA1: hashes.SHA1,
    Hash.SHA224: hashes.SHA224,
    Hash.SHA256: hashes.SHA256,
    Hash.SHA384: hashes.SHA384,
    Hash.SHA512: hashes.SHA512,
}
OLD_HASHES: Final = frozenset({Hash.SHA1, Hash.SHA224})
"""What counts only where a policy says so."""


class Scheme(StrEnum):
    """How a signature is made."""

    PKCS1 = "rsassa_pkcs1v15"
    PSS = "rsassa_pss"
    ECDSA = "ecdsa"


_SCHEMES: Final = frozenset(each.value for each in Scheme)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureAlgorithm:
    """A scheme, its hash, and for PSS the length of its salt in octets."""

    scheme: Scheme
    hash: Hash
    salt: int = 0


def hash_named(name: str, *, old: bool) -> Hash:
    """TR03105-5.1: the hash of this name; the old ones only where `old` allows them.

    Raises:
        DocumentRefused: it is not on the list.

    """
    if name not in _HASHES or (not old and name in OLD_HASHES):
        refuse(Fault.ALGORITHM, "a hash that is not on the list")
    return Hash(name)


def signature_algorithm(algorithm: Any, digest: str, *, old: bool) -> SignatureAlgorithm:  # noqa: ANN401 asn1crypto
    """ICAO9303-12-4.1.6: RSA with PKCS #1 v1.5 or PSS, or ECDSA, with a hash of the list.

    `digest` is the name of the hash beside the signature, for identifiers that name none; '' where there is
    none. Where both name one, they MUST be the same.

    Raises:
        DocumentRefused: anything else.

    """
    try:
        scheme, named = algorithm.signature_algo, ""
        if algorithm["algorithm"].native not in {"rsassa_pkcs1v15", "ecdsa"}:
            named = algorithm.hash_algo
    except ValueError:
        refuse(Fault.ALGORITHM, "a signature that is not on the list")
    if scheme not in _SCHEMES or algorithm["algorithm"].native.endswith("plain_ecdsa"):
        refuse(Fault.ALGORITHM, "a signature that is not on the list")
    if digest and named and named != digest:
        refuse(Fault.ALGORITHM, "a signature and its message name two hashes")
    function = hash_named(named or digest, old=old)
    salt = _salt(algorithm["parameters"], function) if scheme == Scheme.PSS else 0
    return SignatureAlgorithm(scheme=Scheme(scheme), hash=function, salt=salt)


def _salt(parameters: Any, function: Hash) -> int:  # noqa: ANN401 asn1crypto
    """RFC4055-3.1: one hash for message and mask, the mask by MGF1, the usual trailer."""
    mask = parameters["mask_gen_algorithm"]
    if mask["algorithm"].native != "mgf1" or mask["parameters"]["algorithm"].native != function:
        refuse(Fault.ALGORITHM, "PSS with another mask")
    if parameters["trailer_field"].native not in {1, "trailer_field_bc"}:
        refuse(Fault.ALGORITHM, "PSS with another trailer")
    length = parameters["salt_length"].native
    if not 0 <= length <= LONGEST_SALT:
        refuse(Fault.ALGORITHM, "PSS with a salt of no honest length")
    return int(length)


def check_signature(key: PublicKey, algorithm: SignatureAlgorithm, signature: bytes, message: bytes) -> None:
    """RFC8017-8, ISO14888-3: refuse a signature that this key did not make over this message.

    Raises:
        DocumentRefused: it does not hold, or key and algorithm are of two kinds.

    """
    try:
        if isinstance(key, rsa.RSAPublicKey) and algorithm.scheme != Scheme.ECDSA:
            key.verify(signature, message, _padding(algorithm), algorithm.hash.native)
        elif isinstance(key, ec.EllipticCurvePublicKey) and algorithm.scheme == Scheme.ECDSA:
            key.verify(signature, message, ec.ECDSA(algorithm.hash.native))
        else:
            refuse(Fault.ALGORITHM, "a signature of another kind than its key")
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        refuse(Fault.NOT_SIGNED, "a signature does not hold")


def _padding(algorithm: SignatureAlgorithm) -> padding.AsymmetricPadding:
    if algorithm.scheme == Scheme.PSS:
        return padding.PSS(padding.MGF1(algorithm.hash.native), algorithm.salt)
    return padding.PKCS1v15()


def public_key(octets: bytes) -> PublicKey:
    """RFC5280-4.1.2.7: read a SubjectPublicKeyInfo (DER).

    Raises:
        DocumentRefused: RSA outside 2048 to 8192 bits, a curve that is not on the list, or no key at all.

    """
    return key_of(read(keys.PublicKeyInfo, octets))


def standard_key(octets: bytes) -> PublicKey | None:
    """ICAO9303-11-9.5.1: read a key whose curve is named by its number; None for a key of another form.

    Raises:
        DocumentRefused: a number that is not on the list, or a point that is not on the curve.

    """
    check_der(octets)
    parts = read_all(read_one(octets).value)
    algorithm = read_all(parts[0].value) if len(parts) == 2 else ()  # noqa: PLR2004 algorithm and key
    if len(algorithm) != 2 or algorithm[0].value != oid_octets(_STANDARD):  # noqa: PLR2004 name and number
        return None
    number = int.from_bytes(algorithm[1].value)
    curve = next((each for each in CURVES if each.number == number), None)
    if curve is None:
        refuse(Fault.ALGORITHM, "a curve that is not on the list")
    if parts[1].value[:1] != b"\x00":
        refuse(Fault.UNREADABLE, "a key of no whole octets")
    return _point_key(curve, parts[1].value[1:])


def key_of(info: Any) -> PublicKey:  # noqa: ANN401 asn1crypto
    """Return the key in a SubjectPublicKeyInfo that was read."""
    kind, octets = info["algorithm"]["algorithm"].native, whole_octets(info["public_key"])
    if kind in {"rsa", "rsassa_pss"}:
        return _rsa(info["public_key"].parsed)
    if kind == "ec":
        curve = curve_of(info["algorithm"]["parameters"])
        return _point_key(curve, octets)
    return refuse(Fault.ALGORITHM, "a key that is neither RSA nor elliptic")


def _rsa(numbers: Any) -> rsa.RSAPublicKey:  # noqa: ANN401 asn1crypto
    modulus, exponent = int(numbers["modulus"].native), int(numbers["public_exponent"].native)
    if not WEAKEST_RSA <= modulus.bit_length() <= STRONGEST_RSA or not 0 < exponent < LARGEST_EXPONENT:
        refuse(Fault.ALGORITHM, "an RSA key that is too short or too long")
    if modulus % 2 == 0:
        refuse(Fault.ALGORITHM, "not an RSA key")
    try:
        return rsa.RSAPublicNumbers(exponent, modulus).public_key()
    except ValueError:
        return refuse(Fault.ALGORITHM, "not an RSA key")


def _point_key(curve: Curve, point: bytes) -> ec.EllipticCurvePublicKey:
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(curve.native(), point)
    except ValueError:
        return refuse(Fault.ALGORITHM, "a point that is not on its curve")


def curve_of(parameters: Any) -> Curve:  # noqa: ANN401 asn1crypto
    """ICAO9303-12-4.1.6.3: the curve that is named, or whose parameters stand there, each of them the same.

    Authorities MUST write the parameters out. Only those of a curve on the list count: a curve with another
    generator is another curve (CVE-2020-0601).

    Raises:
        DocumentRefused: any other curve.

    """
    if parameters.name == "named":
        found = [curve for curve in CURVES if curve.oid == parameters.chosen.dotted]
    elif parameters.name == "specified":
        found = [curve for curve in CURVES if _same(curve, parameters.chosen)]
    else:
        found = []
    return found[0] if found else refuse(Fault.ALGORITHM, "a curve that is not on the list")


def _same(curve: Curve, written: Any) -> bool:  # noqa: ANN401 asn1crypto
    field = written["field_id"]
    cofactor = written["cofactor"].native
    return (
        field["field_type"].native == "prime_field"
        and field["parameters"].native == curve.p
        and int.from_bytes(written["curve"]["a"].native) == curve.a
        and int.from_bytes(written["curve"]["b"].native) == curve.b
        and bytes(written["base"]) == curve.encode(curve.g)
        and written["order"].native == curve.n
        and cofactor in {None, 1}
    )


def oid_octets(dotted: str) -> bytes:
    """X690-8.19: the value of an object identifier, without tag and length."""
    return bytes(core.ObjectIdentifier(dotted).contents)
