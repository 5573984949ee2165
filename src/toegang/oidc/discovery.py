"""The metadata document by which clients configure themselves."""

from __future__ import annotations

from dataclasses import dataclass

from toegang.oidc.authorization_details import TYPES
from toegang.oidc.dpop import ALGORITHMS as DPOP_ALGORITHMS
from toegang.oidc.profile import BY_CERTIFICATE, OFFERED_METHODS, ResponseMode

BACK_CHANNEL_ALGORITHMS = ("RS256", "PS256", "ES256")
CALLED_BY_CLIENTS = frozenset(
    {
        "pushed_authorization_request_endpoint",
        "token_endpoint",
        "userinfo_endpoint",
        "introspection_endpoint",
        "revocation_endpoint",
    }
)
"""What a client calls itself, without a browser."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """Absolute URLs."""

    authorization: str
    pushed: str
    token: str
    userinfo: str
    jwks: str
    introspection: str
    revocation: str
    end_session: str
    documentation: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderMetadata:
    """What the document tells besides what follows from the protocol rooms themselves."""

    issuer: str
    endpoints: Endpoints
    scopes: tuple[str, ...]
    claims: tuple[str, ...]
    acr_values: tuple[str, ...]
    ui_locales: tuple[str, ...]
    subject_types: tuple[str, ...]
    signing_algorithms: tuple[str, ...]
    encryption_algorithms: tuple[str, ...]
    grant_types: tuple[str, ...] = ("authorization_code", "refresh_token", "client_credentials")
    policy_uri: str | None = None
    client_certificates: bool = False
    """Whether mutual TLS is there (RFC8705)."""
    back_channel: str = ""
    """Address of the host where TLS asks for a certificate, when that is not the issuer's own."""


def metadata_document(metadata: ProviderMetadata) -> dict[str, object]:
    """OIDCD-3, RFC8414-2, RFC8705-3.3, RFC9126-5, RFC9207-3, RFC9449-5.1: the document, as JSON."""
    to_client = {
        "id_token_signing_alg_values_supported": list(metadata.signing_algorithms),
        "userinfo_signing_alg_values_supported": list(metadata.signing_algorithms),
        "id_token_encryption_alg_values_supported": ["RSA-OAEP", "RSA-OAEP-256", "ECDH-ES"],
        "id_token_encryption_enc_values_supported": ["A256GCM", "A128GCM"],
        "userinfo_encryption_alg_values_supported": ["RSA-OAEP", "RSA-OAEP-256", "ECDH-ES"],
        "userinfo_encryption_enc_values_supported": ["A256GCM", "A128GCM"],
    }
    optional = {
        "service_documentation": metadata.endpoints.documentation,
        "op_policy_uri": metadata.policy_uri,
    }
    return (
        {"issuer": metadata.issuer}
        | _endpoints(metadata.endpoints)
        | _offered(metadata)
        | _from_client(metadata)
        | _by_certificate(metadata)
        | to_client
        | {name: value for name, value in optional.items() if value is not None}
    )


def _endpoints(endpoints: Endpoints) -> dict[str, object]:
    return {
        "authorization_endpoint": endpoints.authorization,
        "pushed_authorization_request_endpoint": endpoints.pushed,
        "token_endpoint": endpoints.token,
        "userinfo_endpoint": endpoints.userinfo,
        "jwks_uri": endpoints.jwks,
        "introspection_endpoint": endpoints.introspection,
        "revocation_endpoint": endpoints.revocation,
        "end_session_endpoint": endpoints.end_session,
    }


def _offered(metadata: ProviderMetadata) -> dict[str, object]:
    return {
        "scopes_supported": list(metadata.scopes),
        "claims_supported": list(metadata.claims),
        "claim_types_supported": ["normal"],
        "acr_values_supported": list(metadata.acr_values),
        "ui_locales_supported": list(metadata.ui_locales),
        "subject_types_supported": list(metadata.subject_types),
        "response_types_supported": ["code"],
        "response_modes_supported": [mode.value for mode in ResponseMode],
        "grant_types_supported": list(metadata.grant_types),
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "claims_parameter_supported": True,
        "authorization_details_types_supported": list(TYPES),
        "request_parameter_supported": True,
        "request_uri_parameter_supported": False,
        "authorization_response_iss_parameter_supported": True,
        "require_pushed_authorization_requests": False,
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "frontchannel_logout_supported": False,
    }


def _from_client(metadata: ProviderMetadata) -> dict[str, object]:
    found: dict[str, object] = {
        "request_object_signing_alg_values_supported": list(BACK_CHANNEL_ALGORITHMS),
        "dpop_signing_alg_values_supported": list(DPOP_ALGORITHMS),
    }
    if metadata.encryption_algorithms:
        found["request_object_encryption_alg_values_supported"] = list(metadata.encryption_algorithms)
        found["request_object_encryption_enc_values_supported"] = ["A256GCM", "A128GCM"]
    absent = frozenset() if metadata.client_certificates else BY_CERTIFICATE
    methods = [method.value for method in OFFERED_METHODS if method not in absent]
    for endpoint in ("token", "introspection", "revocation"):
        found[f"{endpoint}_endpoint_auth_methods_supported"] = methods
        found[f"{endpoint}_endpoint_auth_signing_alg_values_supported"] = list(BACK_CHANNEL_ALGORITHMS)
    return found


def _by_certificate(metadata: ProviderMetadata) -> dict[str, object]:
    """RFC8705-3.3 and -5: that tokens can be bound to a certificate, and where one is asked for."""
    if not metadata.client_certificates:
        return {}
    found: dict[str, object] = {"tls_client_certificate_bound_access_tokens": True}
    if metadata.back_channel:
        found["mtls_endpoint_aliases"] = {
            name: metadata.back_channel + str(url).removeprefix(metadata.issuer)
            for name, url in _endpoints(metadata.endpoints).items()
            if name in CALLED_BY_CLIENTS
        }
    return found
