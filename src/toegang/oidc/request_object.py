"""Request objects by value: parameters that the client signed, so that the browser cannot bend them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from toegang.errors import ProtocolRefusal, Refusal
from toegang.jose.compact import parse_compact
from toegang.jose.encryption import decrypt, is_encrypted
from toegang.jose.verify import verify
from toegang.oidc.errors import INVALID_REQUEST_OBJECT
from toegang.oidc.times import check_begun, check_not_over

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from toegang.jose.public_keys import PublicKeySet
    from toegang.jose.segments import JsonObject
    from toegang.keys.ring import KeyRing
    from toegang.oidc.parameters import Parameters

LONGEST = timedelta(minutes=60)
"""FAPI2MS-5.3.1: at most 60 minutes between nbf and exp, and nbf at most 60 minutes ago."""

TYPES = ("oauth-authz-req+jwt", "jwt", None)
TOKEN_CLAIMS = frozenset({"iss", "aud", "exp", "nbf", "iat", "jti", "sub"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSigner:
    """The client whose request object it should be. `dated`: exp and nbf must be there."""

    client_id: str
    keys: PublicKeySet
    algorithms: Collection[str]
    dated: bool = True


def open_request_object(
    text: str, signer: RequestSigner, *, issuer: str, ring: KeyRing | None, now: datetime
) -> Parameters:
    """RFC9101-6: return the parameters that the client signed. Only these count (RFC9101-6.3).

    1. If encrypted, decrypt it with a key of ours.
    2. The signature is the client's own, by an algorithm it may use; none is not one.
    3. `iss` is the client, `aud` holds our issuer (RFC9101-4); times hold.
    4. `client_id` inside is the client outside (RFC9101-5), and nothing refers further.
    The caller must parse the result anew, the return address included.

    Raises:
        ProtocolRefusal: a step fails (invalid_request_object).

    """
    try:
        # 1.
        if ring is not None and is_encrypted(text):
            text = decrypt(text, ring, now=now)
        # 2.
        token = verify(parse_compact(text), signer.keys, algorithms=signer.algorithms, types=TYPES)
        # 3.
        _check_times(token.claims, now, dated=signer.dated)
    except ProtocolRefusal:
        raise
    except Refusal as error:
        description = "the request object is not valid"
        raise ProtocolRefusal(INVALID_REQUEST_OBJECT, description, error.detail) from error
    _check_parties(token.claims, signer, issuer)
    # 4.
    if token.claims.get("client_id") != signer.client_id:
        raise ProtocolRefusal(INVALID_REQUEST_OBJECT, "client_id in the request object is another")
    if "request" in token.claims or "request_uri" in token.claims:
        raise ProtocolRefusal(INVALID_REQUEST_OBJECT, "a request object refers to no other")
    return _parameters(token.claims)


def _check_times(claims: JsonObject, now: datetime, *, dated: bool) -> None:
    if dated or "exp" in claims:
        check_not_over(claims, now, longest=LONGEST)
    if dated and "nbf" not in claims:
        raise ProtocolRefusal(INVALID_REQUEST_OBJECT, "the request object has no nbf")
    check_begun(claims, "nbf", now, oldest=LONGEST)
    check_begun(claims, "iat", now, oldest=LONGEST)


def _check_parties(claims: JsonObject, signer: RequestSigner, issuer: str) -> None:
    if claims.get("iss") != signer.client_id:
        raise ProtocolRefusal(INVALID_REQUEST_OBJECT, "iss in the request object is not the client")
    audience = claims.get("aud")
    if audience != issuer and not (isinstance(audience, list) and issuer in audience):
        raise ProtocolRefusal(INVALID_REQUEST_OBJECT, "aud in the request object is not the issuer")
    if "sub" in claims and claims["sub"] == signer.client_id:
        # RFC9101-10.8: else a request object would pass for a client assertion, and the other way round.
        raise ProtocolRefusal(INVALID_REQUEST_OBJECT, "a request object has no sub")


def _parameters(claims: JsonObject) -> Parameters:
    found: Parameters = {}
    for name, value in claims.items():
        if name in TOKEN_CLAIMS or value == "" or value is None:
            continue
        if (name == "claims" and isinstance(value, dict)) or (
            name == "authorization_details" and isinstance(value, list)
        ):
            found[name] = json.dumps(value)
        elif isinstance(value, bool) or not isinstance(value, str | int):
            raise ProtocolRefusal(INVALID_REQUEST_OBJECT, "a parameter in the request object is no text")
        else:
            found[name] = str(value)
    return found
