"""Signing what Toegang states, with its own keys."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec
from joserfc.jwk import ECKey, RSAKey

from toegang.errors import Misconfigured
from toegang.jose.segments import encode
from toegang.jose.verify import JWS
from toegang.keys.ring import Use

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from toegang.keys.ring import KeyRecord


def sign(claims: Mapping[str, object], key: KeyRecord, typ: str) -> str:
    """RFC7515-5.1 and RFC7519-7.1: a compact token over the claims, typed explicitly (RFC8725-3.11).

    Raises:
        Misconfigured: the key is for encryption.

    """
    header, sign_octets = _signer(key, typ)
    signing_input = f"{header}.{encode(msgspec.json.encode(claims))}"
    return f"{signing_input}.{encode(sign_octets(signing_input.encode()))}"


@lru_cache(maxsize=256)
def _signer(key: KeyRecord, typ: str) -> tuple[str, Callable[[bytes], bytes]]:
    # Remembered by the identity of the record: preparing a key costs more than signing with it.
    if key.use is not Use.SIGNING:
        message = f"key {key.kid}: an encryption key does not sign"
        raise Misconfigured(message)
    algorithm = JWS.get_alg(key.algorithm.value)
    native: Any = joserfc_key(key)
    algorithm.check_key(native)
    header = {"alg": key.algorithm.value, "kid": key.kid, "typ": typ}
    return encode(msgspec.json.encode(header)), lambda octets: algorithm.sign(octets, native)


def joserfc_key(key: KeyRecord) -> ECKey | RSAKey:
    """Return the key as joserfc wants it; it reads the key's numbers once, here."""
    kind: type[ECKey | RSAKey] = ECKey if key.algorithm.elliptic else RSAKey
    native = kind.import_key(key.private, {"use": key.use.value})  # type: ignore[arg-type]
    native.check_use(key.use.value)
    return native
