"""The security profiles: what each asks of a client, as one table to read row by row.

    row                            nlgov               fapi2               basic
    client proves itself by        key, certificate    key, certificate    key, certificate, secret
    signatures (client and hub)    RS256 PS256 ES256   PS256 ES256         RS256 PS256 ES256
    assertion audience             issuer or token     issuer only         issuer or endpoints
    PKCE S256                      asked               asked               may
    state and nonce                asked               may                 may
    pushed request                 may                 asked               may
    DPoP                           may                 or a certificate    may
    response modes                 query, form_post    query               query, form_post
    code                           60 s                60 s                60 s
    ID token                       5 min               5 min               10 min
    access token                   15 min, signed      10 min, signed      60 min, a handle
    refresh token                  rotated             kept (bound)        rotated

Sources: nlgov NLGOV-OIDC and NLGOV-OAuth (server and client profiles); fapi2 FAPI2-5.3.2 and -5.4;
basic OIDCC-15.1 (what certification of the code flow needs) within RFC9700-2.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import timedelta


class ClientAuthentication(enum.StrEnum):
    """OIDCC-9: how a client proves who it is, by the method's registered name.

    `none` is in no profile: only a service of the hub itself, which asks its logins inside the house, is
    registered with it, and nobody is let in by it.
    """

    PRIVATE_KEY_JWT = "private_key_jwt"
    TLS = "tls_client_auth"  # RFC8705-2.1: a certificate of an authority, by its name
    SELF_SIGNED_TLS = "self_signed_tls_client_auth"  # RFC8705-2.2: a certificate that is pinned
    SECRET_BASIC = "client_secret_basic"  # noqa: S105 - a word of the protocol
    SECRET_POST = "client_secret_post"  # noqa: S105 - a word of the protocol
    NONE = "none"


BY_CERTIFICATE = frozenset({ClientAuthentication.TLS, ClientAuthentication.SELF_SIGNED_TLS})
"""Methods for which mutual TLS is needed; tokens of these clients are bound to the certificate."""


class ResponseMode(enum.Enum):
    """OAuth2MRT-2.1 and OAuth2FPRM-2: how the answer travels through the browser."""

    QUERY = "query"
    FORM_POST = "form_post"


class AssertionAudience(enum.Enum):
    """RFC7523-3: whom a client may name as the audience of its assertion."""

    ISSUER = "exactly the issuer, as a string (FAPI2-5.3.2.1)"
    ISSUER_OR_TOKEN_ENDPOINT = "the issuer, or the token endpoint's URL at the token endpoint itself"  # noqa: S105
    ISSUER_OR_ENDPOINT = "the issuer, the token endpoint, or the endpoint called"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityProfile:
    """What is asked of every client of this profile. Lifetimes count from the moment of issue."""

    name: str
    auth_methods: frozenset[ClientAuthentication]
    algorithms: tuple[str, ...]
    """Signatures accepted from the client and offered to it; the first is the default."""
    assertion_audience: AssertionAudience
    pkce: bool
    state: bool
    nonce: bool
    pushed: bool
    dpop: bool
    """Whether tokens are bound to a key; those of a client with a certificate are bound to that."""
    response_modes: frozenset[ResponseMode]
    code_lifetime: timedelta
    pushed_lifetime: timedelta
    id_token_lifetime: timedelta
    access_token_lifetime: timedelta
    opaque_access_token: bool
    """Whether access tokens are handles, which only our own endpoints can read."""
    refresh_idle: timedelta
    refresh_lifetime: timedelta
    refresh_rotates: bool
    amr: bool
    """Whether the methods used are told besides the level."""


NLGOV = SecurityProfile(
    name="nlgov",
    auth_methods=frozenset(  # NLGOV-OAuth client authentication
        {ClientAuthentication.PRIVATE_KEY_JWT, ClientAuthentication.TLS}
    ),
    algorithms=("RS256", "PS256", "ES256"),  # NLGOV-OIDC: RS256 MUST, PS256 SHOULD, nothing weaker
    assertion_audience=AssertionAudience.ISSUER_OR_TOKEN_ENDPOINT,  # NLGOV-OAuth, minus audience injection
    pkce=True,  # NLGOV-OAuth: MUST, S256 only
    state=True,  # NLGOV-OAuth: MUST
    nonce=True,  # NLGOV-OIDC: MUST
    pushed=False,
    dpop=False,
    response_modes=frozenset({ResponseMode.QUERY, ResponseMode.FORM_POST}),
    code_lifetime=timedelta(seconds=60),
    pushed_lifetime=timedelta(seconds=90),
    id_token_lifetime=timedelta(minutes=5),  # NLGOV-OIDC: at most 5 minutes
    access_token_lifetime=timedelta(minutes=15),  # NLGOV-OAuth: at most an hour
    opaque_access_token=False,  # NLGOV-OAuth: MUST be signed JWTs
    refresh_idle=timedelta(hours=6),  # NLGOV-OIDC: at most 6 hours unused
    refresh_lifetime=timedelta(hours=24),  # NLGOV-OAuth: at most 24 hours
    refresh_rotates=True,  # NLGOV-OAuth: one-time or sender-constrained
    amr=False,  # NLGOV-OIDC: acr tells the level, amr MUST NOT
)

FAPI2 = SecurityProfile(
    name="fapi2",
    auth_methods=frozenset({ClientAuthentication.PRIVATE_KEY_JWT}) | BY_CERTIFICATE,  # FAPI2-5.3.2.1
    algorithms=("PS256", "ES256"),  # FAPI2-5.4.1
    assertion_audience=AssertionAudience.ISSUER,  # FAPI2-5.3.2.1, after the audience injection of 2025
    pkce=True,  # FAPI2-5.3.2.2
    state=False,  # PKCE does its work
    nonce=False,
    pushed=True,  # FAPI2-5.3.2.2
    dpop=True,  # FAPI2-5.3.2.1: sender-constrained
    response_modes=frozenset({ResponseMode.QUERY}),
    code_lifetime=timedelta(seconds=60),  # FAPI2-5.3.2.1: at most 60 seconds
    pushed_lifetime=timedelta(seconds=90),  # FAPI2-5.3.2.2: under 600 seconds
    id_token_lifetime=timedelta(minutes=5),
    access_token_lifetime=timedelta(minutes=10),
    opaque_access_token=False,
    refresh_idle=timedelta(hours=6),
    refresh_lifetime=timedelta(hours=24),
    refresh_rotates=False,  # FAPI2-5.3.2.1: rotation SHALL NOT be used
    amr=False,
)

BASIC = SecurityProfile(
    name="basic",
    auth_methods=frozenset(ClientAuthentication) - {ClientAuthentication.NONE},  # OIDCC-9
    algorithms=("RS256", "PS256", "ES256"),  # OIDCC-15.1: RS256 MUST
    assertion_audience=AssertionAudience.ISSUER_OR_ENDPOINT,  # OIDCC-9: SHOULD be the token endpoint
    pkce=False,  # checked in full when the client uses it (RFC9700-2.1.1)
    state=False,
    nonce=False,  # OIDCC-3.1.2.1: optional in the code flow
    pushed=False,
    dpop=False,
    response_modes=frozenset({ResponseMode.QUERY, ResponseMode.FORM_POST}),
    code_lifetime=timedelta(seconds=60),
    pushed_lifetime=timedelta(seconds=90),
    id_token_lifetime=timedelta(minutes=10),
    access_token_lifetime=timedelta(minutes=60),
    opaque_access_token=True,  # OIDCC-15.1 has it used at userinfo only
    refresh_idle=timedelta(hours=6),
    refresh_lifetime=timedelta(hours=24),
    refresh_rotates=True,  # RFC9700-4.14.2
    amr=False,
)

PROFILES = {profile.name: profile for profile in (NLGOV, FAPI2, BASIC)}
"""By the name that the catalogue uses; nlgov is the default."""

OFFERED_METHODS = tuple(
    method
    for method in ClientAuthentication
    if any(method in profile.auth_methods for profile in PROFILES.values())
)
"""What a client of some profile may prove itself by, in the order in which we would rather have it."""
