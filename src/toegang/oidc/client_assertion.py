"""private_key_jwt: a client proves itself with a token that it signed a moment ago, for us alone."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, NoReturn

from toegang.errors import ClientNotProven, ProofInvalid, Refusal
from toegang.jose.compact import parse_compact
from toegang.jose.segments import encode
from toegang.jose.verify import verify
from toegang.oidc.profile import AssertionAudience
from toegang.oidc.times import check_begun, check_not_over

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from toegang.jose.compact import UnverifiedToken
    from toegang.jose.public_keys import PublicKeySet
    from toegang.jose.segments import JsonObject

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
TYPES = ("client-authentication+jwt", "jwt", None)
LONGEST = timedelta(minutes=60)
JTI_LIMIT = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class AssertingClient:
    """The client that it should be: its keys and what its profile asks."""

    client_id: str
    keys: PublicKeySet
    algorithms: Collection[str]
    audience: AssertionAudience


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where the assertion was handed in: our issuer, our token endpoint, and the endpoint called."""

    issuer: str
    token_endpoint: str
    called: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenClient:
    """The client proved itself.

    The caller must record `assertion_id` until `expires`, and refuse one that was recorded.
    """

    client_id: str
    assertion_id: str
    expires: datetime


def read_assertion(text: str) -> tuple[str, UnverifiedToken]:
    """RFC7523-3: return the client that the assertion claims to be from, and the unproven assertion.

    Raises:
        ClientNotProven: not a token, or iss and sub are not one and the same client.

    """
    try:
        token = parse_compact(text)
    except Refusal as error:
        raise ClientNotProven(error.detail) from error
    client_id = token.claims.get("iss")
    if not isinstance(client_id, str) or not client_id or token.claims.get("sub") != client_id:
        message = "iss and sub of a client assertion are the client"
        raise ClientNotProven(message)
    return client_id, token


def check_assertion(
    token: UnverifiedToken, client: AssertingClient, door: Door, *, now: datetime
) -> ProvenClient:
    """RFC7523-3 and OIDCC-9: check that the client made this assertion, now, for us.

    1. Signed with the client's key, by an algorithm of its profile.
    2. iss and sub are this client.
    3. aud is us, as its profile says (an assertion for another server must not work here).
    4. exp is ahead and near; iat, where asked, and nbf are not ahead; jti is there.
    The caller must refuse an `assertion_id` that it has seen.

    Raises:
        ClientNotProven: a step fails.

    """
    try:
        # 1.
        claims = verify(token, client.keys, algorithms=client.algorithms, types=TYPES).claims
        # 2.
        if claims.get("iss") != client.client_id or claims.get("sub") != client.client_id:
            _refuse("iss and sub are another client")
        # 3.
        _check_audience(claims.get("aud"), client.audience, door)
        # 4.
        expires = check_not_over(claims, now, longest=LONGEST)
        if "iat" not in claims and client.audience is not AssertionAudience.ISSUER_OR_ENDPOINT:
            _refuse("iat is missing")
        check_begun(claims, "iat", now, oldest=LONGEST)
        check_begun(claims, "nbf", now, oldest=LONGEST)
        assertion_id = _assertion_id(claims, client.client_id)
    except Refusal as error:
        raise ClientNotProven(error.detail) from error
    return ProvenClient(client_id=client.client_id, assertion_id=assertion_id, expires=expires)


def accepted_audiences(policy: AssertionAudience, door: Door) -> frozenset[str]:
    """Return the audiences that an assertion may name at this door.

    The token endpoint's URL counts under nlgov at the token endpoint only: elsewhere it could have been
    asked for by a server that pretends our token endpoint is its own (RFC7523bis, audience injection).
    """
    if policy is AssertionAudience.ISSUER:
        return frozenset({door.issuer})
    if policy is AssertionAudience.ISSUER_OR_TOKEN_ENDPOINT:
        at_token_endpoint = door.called == door.token_endpoint
        return frozenset({door.issuer, door.token_endpoint} if at_token_endpoint else {door.issuer})
    return frozenset({door.issuer, door.token_endpoint, door.called})


def _check_audience(audience: object, policy: AssertionAudience, door: Door) -> None:
    named = [audience] if isinstance(audience, str) else audience
    if policy is AssertionAudience.ISSUER and not isinstance(audience, str):
        _refuse("aud must be one string")
    if not isinstance(named, list) or not named:
        _refuse("aud is missing")
    accepted = accepted_audiences(policy, door)
    if not all(isinstance(one, str) and one in accepted for one in named):
        _refuse("aud is not, or not only, us")


def _assertion_id(claims: JsonObject, client_id: str) -> str:
    jti = claims.get("jti")
    if not isinstance(jti, str) or not 0 < len(jti) <= JTI_LIMIT:
        _refuse("jti is missing or too long")
    # Of one length, and per client: a client cannot use up the ids of another.
    return encode(hashlib.sha256(f"{client_id} {jti}".encode()).digest())


def _refuse(detail: str) -> NoReturn:
    raise ProofInvalid(detail)
