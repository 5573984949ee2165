"""A client of tests: its keys, its assertions, proofs and request objects, good unless bent."""

from __future__ import annotations

import base64
import hashlib
import json

from joserfc import jws

from tests.jose.keyrings import NOW, key_set, record
from toegang.clock import epoch
from toegang.jose.segments import encode
from toegang.jose.sign import joserfc_key, sign
from toegang.keys.ring import Algorithm, KeyRecord
from toegang.oidc.client_assertion import AssertingClient, Door
from toegang.oidc.dpop import ProvenRequest
from toegang.oidc.profile import SecurityProfile
from toegang.oidc.request_object import RequestSigner

ISSUER = "https://hub.example"
TOKEN = f"{ISSUER}/oidc/token"
PAR = f"{ISSUER}/oidc/par"
CLIENT = "client-1"
NOW_SECONDS = epoch(NOW)
KEY = record(Algorithm.ES256, "client")
OTHER_KEY = record(Algorithm.ES256, "other client")
PROOF_KEY = record(Algorithm.ES256, "proof")

AT_TOKEN = Door(issuer=ISSUER, token_endpoint=TOKEN, called=TOKEN)
AT_PAR = Door(issuer=ISSUER, token_endpoint=TOKEN, called=PAR)

Claims = dict[str, object]


def bent(claims: Claims, changes: Claims) -> Claims:
    """Return the claims with changes; None takes a claim away."""
    return {name: value for name, value in (claims | changes).items() if value is not None}


def client(profile: SecurityProfile, key: KeyRecord = KEY) -> AssertingClient:
    return AssertingClient(
        client_id=CLIENT,
        keys=key_set(key),
        algorithms=profile.algorithms,
        audience=profile.assertion_audience,
    )


def assertion(key: KeyRecord = KEY, typ: str = "JWT", **changes: object) -> str:
    claims: Claims = {
        "iss": CLIENT,
        "sub": CLIENT,
        "aud": ISSUER,
        "iat": NOW_SECONDS,
        "exp": NOW_SECONDS + 60,
        "jti": "assertion-1",
    }
    return sign(bent(claims, changes), key, typ)


def signer(*keys: KeyRecord, dated: bool = True) -> RequestSigner:
    return RequestSigner(
        client_id=CLIENT, keys=key_set(*(keys or (KEY,))), algorithms=("ES256", "PS256"), dated=dated
    )


def request_object(key: KeyRecord = KEY, typ: str = "oauth-authz-req+jwt", **changes: object) -> str:
    claims: Claims = {
        "iss": CLIENT,
        "aud": ISSUER,
        "nbf": NOW_SECONDS,
        "exp": NOW_SECONDS + 300,
        "client_id": CLIENT,
        "response_type": "code",
        "redirect_uri": "https://client.example/cb",
        "scope": "openid",
        "state": "inside",
    }
    return sign(bent(claims, changes), key, typ)


def proof(
    about: ProvenRequest,
    *,
    key: KeyRecord = PROOF_KEY,
    jwk: Claims | None = None,
    typ: str = "dpop+jwt",
    **changes: object,
) -> str:
    claims: Claims = {"jti": "proof-1", "htm": about.method, "htu": about.url, "iat": NOW_SECONDS}
    if about.access_token is not None:
        claims["ath"] = encode(hashlib.sha256(about.access_token.encode()).digest())
    public = {name: key.jwk[name] for name in ("kty", "crv", "x", "y", "n", "e") if name in key.jwk}
    header = {"alg": key.algorithm.value, "typ": typ, "jwk": public if jwk is None else jwk}
    registry = jws.JWSRegistry(algorithms=["ES256", "RS256", "PS256"])
    registry.max_header_length = 4096
    payload = json.dumps(bent(claims, changes))
    return jws.serialize_compact(header, payload, joserfc_key(key), registry=registry)


def basic(client_id: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()
