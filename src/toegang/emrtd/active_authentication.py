"""Active authentication: the chip signs a challenge of ours with a key whose other half was signed.

The challenge comes from the nonce of the session, so that an answer that was heard elsewhere answers nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from toegang.emrtd.algorithms import OLD_HASHES, Hash, PublicKey
from toegang.emrtd.apdu import EXTENDED, SHORT, Command, internal_authenticate
from toegang.emrtd.ciphers import same
from toegang.emrtd.faults import Fault, refuse
from toegang.emrtd.sessions import Session

CHALLENGE_SIZE: Final = 8
LONGEST_SIGNATURE: Final = 1024
_PARTIAL: Final = 0x6A
_LAST_NIBBLE: Final = 0x0F
_LAST_OF_SCHEME: Final = 0x0C
_TRAILERS: Final[Mapping[bytes, Hash]] = {
    b"\xbc": Hash.SHA1,
    b"\x38\xcc": Hash.SHA224,
    b"\x34\xcc": Hash.SHA256,
    b"\x36\xcc": Hash.SHA384,
    b"\x35\xcc": Hash.SHA512,
}


def challenge(session: Session) -> bytes:
    """ICAO9303-11-6.1.2.1: eight octets, MUST be used for nothing else."""
    return session.public("active authentication", CHALLENGE_SIZE)


def command(session: Session, *, extended: bool = False) -> Command:
    """ICAO9303-11-6.1.3: what a reader asks the chip for us."""
    return internal_authenticate(challenge(session), EXTENDED if extended else SHORT)


def check(key: PublicKey, named: Hash | None, asked: bytes, signature: bytes, *, old: bool = False) -> None:
    """ICAO9303-11-6.1: check that the chip with this key signed this challenge.

    `named` is the hash of ActiveAuthenticationInfo, which MUST be there for ECDSA. `old` lets SHA-1 and
    SHA-224 count.

    Raises:
        DocumentRefused: it did not.

    """
    if not 0 < len(signature) <= LONGEST_SIGNATURE:
        refuse(Fault.CHIP_NOT_PROVEN, "no signature of the chip")
    if isinstance(key, rsa.RSAPublicKey):
        _check_rsa(key, asked, signature, old=old)
    else:
        _check_ecdsa(key, named, asked, signature)


def _check_rsa(key: rsa.RSAPublicKey, asked: bytes, signature: bytes, *, old: bool) -> None:
    """ISO9796-2-8, ICAO9303-11-6.1.2.2: scheme 1, of which part of the message is recovered.

    1. The signature is as long as the key; it or the rest to the modulus opens (ISO9796-2-B.4, B.6).
    2. What is opened is 6A, our unknown part M1, the hash, and a trailer that names the hash.
    3. The hash is over M1 and our challenge, which stood beside it.
    """
    # 1.
    numbers = key.public_numbers()
    size = (numbers.n.bit_length() + 7) // 8
    value = int.from_bytes(signature)
    if len(signature) != size or value >= numbers.n:
        refuse(Fault.CHIP_NOT_PROVEN, "a signature of another length")
    opened = pow(value, numbers.e, numbers.n)
    if opened & _LAST_NIBBLE != _LAST_OF_SCHEME:
        opened = numbers.n - opened
    block = opened.to_bytes(size)
    # 2.
    trailer = block[-2:] if block[-1:] == b"\xcc" else block[-1:]
    function = _TRAILERS.get(trailer)
    if block[0] != _PARTIAL or function is None:
        refuse(Fault.CHIP_NOT_PROVEN, "what was signed is not in the form of scheme 1")
    if function in OLD_HASHES and not old:
        refuse(Fault.ALGORITHM, "the chip signs with an old hash")
    end = len(block) - len(trailer) - function.native.digest_size
    # 3.
    recovered, hashed = block[1:end], block[end : len(block) - len(trailer)]
    if not same(function.digest(recovered + asked), hashed):
        refuse(Fault.CHIP_NOT_PROVEN, "the chip signed another challenge")


def _check_ecdsa(key: ec.EllipticCurvePublicKey, named: Hash | None, asked: bytes, signature: bytes) -> None:
    """ICAO9303-11-6.1.2.3: two numbers side by side, with a hash no longer than the key."""
    if named is None:
        refuse(Fault.CHIP_NOT_PROVEN, "no signed word on how the chip signs")
    if named.native.digest_size * 8 > key.curve.key_size:
        refuse(Fault.ALGORITHM, "a hash that is longer than the key")
    half, odd = divmod(len(signature), 2)
    if odd or half != (key.curve.key_size + 7) // 8:
        refuse(Fault.CHIP_NOT_PROVEN, "a signature of another length")
    encoded = encode_dss_signature(int.from_bytes(signature[:half]), int.from_bytes(signature[half:]))
    try:
        key.verify(encoded, asked, ec.ECDSA(named.native))
    except InvalidSignature:
        refuse(Fault.CHIP_NOT_PROVEN, "the chip signed another challenge")
