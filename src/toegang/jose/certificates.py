"""Certificates in a key set: a client pins its own in `x5c`, beside the key that it holds."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from toegang.errors import Malformed, Misconfigured
from toegang.jose.public_keys import PublicKey
from toegang.keys.jwk import public_members, thumbprint
from toegang.keys.presented import public_key_of, thumbprint_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toegang.jose.segments import JsonObject


def certificates_in(document: Mapping[str, object]) -> frozenset[str]:
    """RFC7517-4.7: return the thumbprints (SHA-256, base64url) of the certificates of a key set.

    Of each key that has `x5c` the first certificate counts, and MUST hold that key.

    Raises:
        Malformed: a certificate cannot be read, or holds another key.

    """
    entries = document.get("keys")
    keys = entries if isinstance(entries, list) else []
    return frozenset(
        thumbprint_of(_certificate(jwk)) for jwk in keys if isinstance(jwk, dict) and "x5c" in jwk
    )


def _certificate(jwk: JsonObject) -> bytes:
    chain, key = jwk["x5c"], PublicKey.parse(jwk)
    first = chain[0] if isinstance(chain, list) and chain else None
    try:
        der = base64.b64decode(first, validate=True) if isinstance(first, str) else b""
        held = thumbprint(public_members(public_key_of(der)))
    except (binascii.Error, Misconfigured) as error:
        message = "x5c holds no certificate of a kind of key that is used here"
        raise Malformed(message) from error
    if key is None or key.thumbprint != held:
        message = "the first certificate of x5c holds another key"
        raise Malformed(message)
    return der
