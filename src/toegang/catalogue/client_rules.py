"""Rules for clients alone: how they prove themselves, which keys they need, where they are reached."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from toegang.catalogue.addresses import is_private_use
from toegang.catalogue.api import ApiScope
from toegang.catalogue.rules import Finding
from toegang.catalogue.values import Client
from toegang.jose.certificates import certificates_in
from toegang.jose.public_keys import SIGNATURE_ALGORITHMS, PublicKeySet
from toegang.keys.ring import Use
from toegang.oidc.profile import BY_CERTIFICATE, PROFILES, ClientAuthentication

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toegang.catalogue.rules import Rule, World
    from toegang.catalogue.values import Record

KEY = ClientAuthentication.PRIVATE_KEY_JWT
SECRETS = frozenset({ClientAuthentication.SECRET_BASIC, ClientAuthentication.SECRET_POST})


def key_client_has_a_signing_key(record: Record, _: World) -> Iterator[Finding]:
    """OIDCC-9: who proves itself by a signature has registered the key to check it with."""
    if isinstance(record, Client) and record.authentication is KEY and not _can_sign(record):
        yield Finding(
            field="jwks" if record.jwks else "authentication",
            what="private_key_jwt needs a public key to check the client's signature with",
            remedy="add `jwks:` with a P-256 or RSA key for signing",
        )


def secret_client_has_a_secret(record: Record, _: World) -> Iterator[Finding]:
    """OIDCC-9: who proves itself by a secret has one, and nobody else."""
    if not isinstance(record, Client):
        return
    by_secret = record.authentication in SECRETS
    if by_secret and not record.secret_hashes:
        yield Finding(
            field="authentication",
            what=f"{record.authentication.value} needs a secret",
            remedy="run `toegang client secret` and put the hash under `secret_hashes:`",
        )
    if not by_secret and record.secret_hashes:
        yield Finding(
            field="secret_hashes",
            what=f"{record.authentication.value} uses no secret",
            remedy="remove `secret_hashes`",
        )


def certificate_client_has_a_certificate(record: Record, _: World) -> Iterator[Finding]:
    """RFC8705-2: a certificate is known by one name or pinned, as the method has it, and nobody else's."""
    if not isinstance(record, Client):
        return
    method, pinned = record.authentication, record.certificate_thumbprints
    if method is ClientAuthentication.TLS and record.certificate_name is None:
        yield Finding(
            field="authentication",
            what="tls_client_auth needs the name of a certificate",
            remedy="add `certificate_name:`, such as dns:client.example",
        )
    if method is ClientAuthentication.SELF_SIGNED_TLS and not pinned and not _certificates(record):
        yield Finding(
            field="authentication",
            what="self_signed_tls_client_auth needs a certificate",
            remedy="add `certificate_thumbprints:`, or `x5c` to a key under `jwks:`",
        )
    if method is not ClientAuthentication.TLS and record.certificate_name is not None:
        yield Finding(
            field="certificate_name",
            what=f"{method.value} looks at no name of a certificate",
            remedy="remove it, or use tls_client_auth",
        )
    if method is not ClientAuthentication.SELF_SIGNED_TLS and pinned:
        yield Finding(
            field="certificate_thumbprints",
            what=f"{method.value} uses no pinned certificate",
            remedy="remove them, or use self_signed_tls_client_auth",
        )


def only_the_hubs_own_client_proves_nothing(record: Record, _: World) -> Iterator[Finding]:
    """NLGOV-OAuth-2: whoever speaks OpenID Connect to the hub proves who it is, apps included.

    `none` is for a service of the hub itself, which asks its logins inside the house.
    """
    if not isinstance(record, Client) or record.authentication is not ClientAuthentication.NONE:
        return
    if record.redirect_uris or record.jwks:
        yield Finding(
            field="authentication",
            what="a client must prove who it is",
            remedy="use private_key_jwt; an app does so with a key that it makes on the device",
        )


def own_schemes_are_for_apps(record: Record, _: World) -> Iterator[Finding]:
    """RFC8252-7.1: only an app has a scheme of its own."""
    if not isinstance(record, Client) or record.native:
        return
    for address in (*record.redirect_uris, *record.post_logout_redirect_uris):
        if is_private_use(address):
            yield Finding(
                field="redirect_uris" if address in record.redirect_uris else "post_logout_redirect_uris",
                what=f"{address} is an address of an app",
                remedy="use https, or set `native: true`",
            )


def login_client_has_services_and_an_address(record: Record, _: World) -> Iterator[Finding]:
    """RFC6749-3.1.2.2: who logs people in has a service to do it for and an address to return to."""
    if not isinstance(record, Client):
        return
    own = record.authentication is ClientAuthentication.NONE
    if record.services and not record.redirect_uris and not own and record.api is None:
        yield Finding(
            field="services", what="there is no address to return to", remedy="add `redirect_uris:`"
        )
    if record.redirect_uris and not record.services:
        yield Finding(
            field="services", what="there is no service to log in for", remedy="name a service's id"
        )


def system_proves_itself_by_a_key(record: Record, _: World) -> Iterator[Finding]:
    """NLGOV-OAuth client authentication: a system proves itself by a key or certificate, by no secret."""
    if not isinstance(record, Client) or record.api is None:
        return
    if record.authentication not in BY_CERTIFICATE | {KEY}:
        yield Finding(
            field="api",
            what=f"a system does not ask by {record.authentication.value}",
            remedy="use private_key_jwt or a certificate",
        )
    if not record.api.scopes:
        yield Finding(field="api", what="it may ask nothing", remedy="name scopes, or remove `api`")
    if not record.services:
        yield Finding(field="api", what="there is no service to ask for", remedy="name a service's id")
    if record.api.events_uri and ApiScope.STATUS not in record.api.scopes:
        yield Finding(
            field="api",
            what="who is told that a statement has ended may also ask that",
            remedy="add mandates:status to its scopes, or remove `events_uri`",
        )


def profile_is_kept(record: Record, _: World) -> Iterator[Finding]:
    """FAPI2-5.3.2.1 and NLGOV-OAuth: what a profile demands is there; doing with less has a reason."""
    if not isinstance(record, Client):
        return
    if record.profile == "basic" and not record.profile_reason:
        yield Finding(
            field="profile",
            what="the profile `basic` needs a reason",
            remedy="write in `profile_reason:` why this client cannot do better",
        )
    allowed = PROFILES[record.profile].auth_methods
    if record.authentication in (SECRETS | BY_CERTIFICATE) - allowed:
        yield Finding(
            field="authentication",
            what=f"{record.profile} needs private_key_jwt or tls_client_auth",
            remedy="use one of them, or choose the profile `basic` and say why",
        )
    if record.profile == "fapi2" and not record.dpop_required and record.authentication not in BY_CERTIFICATE:
        yield Finding(field="profile", what="fapi2 needs DPoP", remedy="add `dpop_required: true`")


def encryption_has_a_key(record: Record, _: World) -> Iterator[Finding]:
    """OIDCC-10.2: what is encrypted for a client is encrypted with a key of that client."""
    if not isinstance(record, Client):
        return
    for field in ("id_token_encryption", "userinfo_encryption"):
        algorithm = getattr(record, field)
        if algorithm and not _candidates(record, Use.ENCRYPTION, algorithm):
            yield Finding(
                field=field,
                what=f"there is no key of this client for {algorithm}",
                remedy="add one with `use: enc` under `jwks:`",
            )


def _can_sign(client: Client) -> bool:
    return any(_candidates(client, Use.SIGNING, algorithm) for algorithm in SIGNATURE_ALGORITHMS)


def _certificates(client: Client) -> frozenset[str]:
    return certificates_in(json.loads(client.jwks)) if client.jwks else frozenset()


def _candidates(client: Client, use: Use, algorithm: str) -> bool:
    if not client.jwks:
        return False
    keys = PublicKeySet.parse(json.loads(client.jwks))
    return bool(keys.candidates(use=use, algorithm=algorithm, kid=None))


CLIENT_RULES: tuple[Rule, ...] = (
    key_client_has_a_signing_key,
    secret_client_has_a_secret,
    certificate_client_has_a_certificate,
    only_the_hubs_own_client_proves_nothing,
    own_schemes_are_for_apps,
    login_client_has_services_and_an_address,
    system_proves_itself_by_a_key,
    profile_is_kept,
    encryption_has_a_key,
)
