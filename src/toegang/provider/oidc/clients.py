"""Who a client is, and how it proves it, at every endpoint that asks.

read_credentials   what the request brings: exactly one method (RFC6749-2.3)
check_credentials  that it is right for the client registered: method, secret, assertion or certificate
"""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from toegang.catalogue import gate
from toegang.catalogue.values import ClientId
from toegang.errors import ClientNotProven, Refusal
from toegang.jose.certificates import certificates_in
from toegang.jose.public_keys import PublicKeySet
from toegang.oidc.client_assertion import AssertingClient, Door, ProvenClient, check_assertion
from toegang.oidc.client_certificate import RegisteredCertificate, check_certificate
from toegang.oidc.profile import BY_CERTIFICATE, PROFILES, ClientAuthentication, SecurityProfile
from toegang.oidc.token_request import PresentedLine, PresentedSecret

if TYPE_CHECKING:
    from datetime import datetime

    from toegang.catalogue.snapshot import Snapshot
    from toegang.catalogue.values import Client
    from toegang.keys.presented import PresentedCertificate
    from toegang.oidc.token_request import Credentials, PresentedAssertion


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthenticatedClient:
    """A client that proved itself. `assertion` must be recorded, and refused when it was seen before.

    `certificate` is what proved it, if that did; its tokens are bound to that.
    """

    client: Client
    profile: SecurityProfile
    assertion: ProvenClient | None = None
    certificate: PresentedCertificate | None = None


def profile_of(client: Client) -> SecurityProfile:
    """Return the security profile that the catalogue gave to the client."""
    return PROFILES[client.profile]


@lru_cache(maxsize=4096)
def keys_of(jwks: str) -> PublicKeySet:
    """Parse a client's registered keys, once per key set."""
    return PublicKeySet.parse(json.loads(jwks) if jwks else {"keys": []})


@lru_cache(maxsize=4096)
def certificates_of(jwks: str) -> frozenset[str]:
    """Return the thumbprints of the certificates among a client's registered keys, once per key set."""
    return certificates_in(json.loads(jwks) if jwks else {"keys": []})


def check_client(
    presented: Credentials,
    snapshot: Snapshot,
    door: Door,
    now: datetime,
    *,
    ending: bool = False,
) -> AuthenticatedClient:
    """OIDCC-9: check what a client brought against what is registered for it now.

    A client that is unknown or closed is told no more than one that fails to prove itself. `ending` lets
    a closed client in too: giving up what it holds is never refused.

    Raises:
        ClientNotProven: it is not proven.

    """
    id_ = ClientId(presented.client_id)
    try:
        closed = snapshot.client(id_) if ending else None
        client = closed or gate.open_client(snapshot, id_, now)
        return _proven(presented, client, door, now)
    except Refusal as refusal:
        raise ClientNotProven(refusal.detail) from refusal


def _proven(presented: Credentials, client: Client, door: Door, now: datetime) -> AuthenticatedClient:
    profile, method = profile_of(client), _method(presented, client)
    if method not in profile.auth_methods:
        message = f"{method.value} is not a method of the profile {profile.name}"
        raise ClientNotProven(message)
    if method is not client.authentication:
        message = f"{method.value} is not this client's method"
        raise ClientNotProven(message)
    if isinstance(presented, PresentedSecret):
        _check_secret(presented.secret, client)
        return AuthenticatedClient(client=client, profile=profile)
    if isinstance(presented, PresentedLine):
        check_certificate(presented.certificate, _registered(client), now=now)
        return AuthenticatedClient(client=client, profile=profile, certificate=presented.certificate)
    proven = _check_assertion(presented, client, door, now)
    return AuthenticatedClient(client=client, profile=profile, assertion=proven)


def _method(presented: Credentials, client: Client) -> ClientAuthentication:
    """Return the method that was used; a line's certificate is what the client registered it for."""
    if not isinstance(presented, PresentedLine):
        return presented.method
    return client.authentication if client.authentication in BY_CERTIFICATE else ClientAuthentication.TLS


def _registered(client: Client) -> RegisteredCertificate:
    return RegisteredCertificate(
        method=client.authentication,
        name=client.certificate_name,
        thumbprints=certificates_of(client.jwks) | set(client.certificate_thumbprints),
    )


def _check_assertion(
    presented: PresentedAssertion, client: Client, door: Door, now: datetime
) -> ProvenClient:
    profile = profile_of(client)
    asserting = AssertingClient(
        client_id=client.id,
        keys=keys_of(client.jwks),
        algorithms=profile.algorithms,
        audience=profile.assertion_audience,
    )
    return check_assertion(presented.assertion, asserting, door, now=now)


def _check_secret(secret: str, client: Client) -> None:
    # Machine secrets are random, so a fast hash keeps them; every registered one is compared.
    hashed = sha256(secret.encode()).hexdigest()
    matches = [hmac.compare_digest(hashed, known) for known in client.secret_hashes]
    if not any(matches):
        message = "wrong secret"
        raise ClientNotProven(message)
