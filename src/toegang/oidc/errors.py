"""The words that OAuth and OpenID Connect have for no, and which of ours becomes which of theirs."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from toegang import errors

if TYPE_CHECKING:
    from toegang.errors import ToegangError

# RFC6749-4.1.2.1 and RFC6749-5.2
INVALID_REQUEST = "invalid_request"
INVALID_CLIENT = "invalid_client"
INVALID_GRANT = "invalid_grant"
INVALID_SCOPE = "invalid_scope"
UNAUTHORIZED_CLIENT = "unauthorized_client"
UNSUPPORTED_GRANT_TYPE = "unsupported_grant_type"
UNSUPPORTED_RESPONSE_TYPE = "unsupported_response_type"
ACCESS_DENIED = "access_denied"
SERVER_ERROR = "server_error"
TEMPORARILY_UNAVAILABLE = "temporarily_unavailable"
# RFC6750-3.1
INVALID_TOKEN = "invalid_token"  # noqa: S105 - a word of the protocol
INSUFFICIENT_SCOPE = "insufficient_scope"
# OIDCC-3.1.2.6
LOGIN_REQUIRED = "login_required"
INTERACTION_REQUIRED = "interaction_required"
ACCOUNT_SELECTION_REQUIRED = "account_selection_required"
CONSENT_REQUIRED = "consent_required"
INVALID_REQUEST_URI = "invalid_request_uri"
INVALID_REQUEST_OBJECT = "invalid_request_object"
REQUEST_NOT_SUPPORTED = "request_not_supported"
REQUEST_URI_NOT_SUPPORTED = "request_uri_not_supported"
REGISTRATION_NOT_SUPPORTED = "registration_not_supported"
# OIDCUAR-2
UNMET_AUTHENTICATION_REQUIREMENTS = "unmet_authentication_requirements"
# RFC9396-5
INVALID_AUTHORIZATION_DETAILS = "invalid_authorization_details"
# RFC9449-5 and -8
INVALID_DPOP_PROOF = "invalid_dpop_proof"
USE_DPOP_NONCE = "use_dpop_nonce"
# RFC7009-2.2.1
UNSUPPORTED_TOKEN_TYPE = "unsupported_token_type"  # noqa: S105 - a word of the protocol


class Endpoint(enum.Enum):
    """Where a request came in; the same refusal has another name at another door."""

    AUTHORIZATION = "authorization"
    PUSHED = "pushed authorization request"
    TOKEN = "token"  # noqa: S105 - a name of an endpoint
    USERINFO = "userinfo"
    INTROSPECTION = "introspection"
    REVOCATION = "revocation"
    LOGOUT = "logout"
    SYSTEMS = "interface for systems"

    @property
    def takes_tokens(self) -> bool:
        """Whether access tokens are presented there (RFC6750-3)."""
        return self in {Endpoint.USERINFO, Endpoint.SYSTEMS}


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthError:
    """RFC6749-5.2: an error as a client gets it; `status` counts where it is answered directly."""

    error: str
    description: str
    status: int = 400


_WORDS: tuple[tuple[type[ToegangError], OAuthError], ...] = (
    (errors.NonceRequired, OAuthError(error=USE_DPOP_NONCE, description="use the nonce given here")),
    (errors.ClientNotProven, OAuthError(error=INVALID_CLIENT, description="not authenticated", status=401)),
    (errors.UnknownParty, OAuthError(error=INVALID_CLIENT, description="not authenticated", status=401)),
    (errors.PartyClosed, OAuthError(error=UNAUTHORIZED_CLIENT, description="not active")),
    (errors.AccountClosed, OAuthError(error=ACCESS_DENIED, description="the login was not completed")),
    (errors.NotEntitled, OAuthError(error=UNAUTHORIZED_CLIENT, description="not allowed for this client")),
    (errors.OneTimeGone, OAuthError(error=INVALID_GRANT, description="unknown, used or expired")),
    (errors.Replayed, OAuthError(error=INVALID_REQUEST, description="this message was seen before")),
    (errors.ProofInvalid, OAuthError(error=INVALID_REQUEST, description="a signature does not hold")),
    (errors.ChoiceNeeded, OAuthError(error=INTERACTION_REQUIRED, description="a person must choose")),
    (errors.ConsentNeeded, OAuthError(error=CONSENT_REQUIRED, description="a person must agree")),
    (errors.UserInteractionNeeded, OAuthError(error=LOGIN_REQUIRED, description="a person must act")),
    (
        errors.LevelUnreachable,
        OAuthError(error=UNMET_AUTHENTICATION_REQUIREMENTS, description="the level cannot be reached"),
    ),
    (
        errors.LevelNotProven,
        OAuthError(error=UNMET_AUTHENTICATION_REQUIREMENTS, description="the level was not proven"),
    ),
    (errors.TooLarge, OAuthError(error=INVALID_REQUEST, description="the request is too large", status=413)),
    (errors.Malformed, OAuthError(error=INVALID_REQUEST, description="the request cannot be read")),
    (
        errors.Unavailable,
        OAuthError(error=TEMPORARILY_UNAVAILABLE, description="try again later", status=503),
    ),
    (errors.Refusal, OAuthError(error=ACCESS_DENIED, description="the login was not completed")),
)

_AT_ENDPOINT: dict[tuple[type[ToegangError], Endpoint], OAuthError] = {
    (errors.UnknownParty, Endpoint.AUTHORIZATION): OAuthError(
        error=UNAUTHORIZED_CLIENT, description="this client is not registered"
    ),
    (errors.OneTimeGone, Endpoint.AUTHORIZATION): OAuthError(
        error=INVALID_REQUEST_URI, description="unknown, used or expired"
    ),
    (errors.OneTimeGone, Endpoint.USERINFO): OAuthError(
        error=INVALID_TOKEN, description="unknown or expired", status=401
    ),
    (errors.ProofInvalid, Endpoint.USERINFO): OAuthError(
        error=INVALID_TOKEN, description="the token does not hold", status=401
    ),
    (errors.PartyClosed, Endpoint.USERINFO): OAuthError(
        error=INVALID_TOKEN, description="no longer valid", status=401
    ),
    (errors.ProofInvalid, Endpoint.TOKEN): OAuthError(
        error=INVALID_GRANT, description="the proof does not belong to this grant"
    ),
    (errors.NotEntitled, Endpoint.USERINFO): OAuthError(
        error=INVALID_TOKEN, description="no longer valid", status=401
    ),
    (errors.UnknownParty, Endpoint.USERINFO): OAuthError(
        error=INVALID_TOKEN, description="no longer valid", status=401
    ),
    (errors.AccountClosed, Endpoint.USERINFO): OAuthError(
        error=INVALID_TOKEN, description="no longer valid", status=401
    ),
    (errors.PartyClosed, Endpoint.TOKEN): OAuthError(error=INVALID_GRANT, description="no longer valid"),
    (errors.UnknownParty, Endpoint.TOKEN): OAuthError(error=INVALID_GRANT, description="no longer valid"),
    (errors.AccountClosed, Endpoint.TOKEN): OAuthError(error=INVALID_GRANT, description="no longer valid"),
    (errors.Replayed, Endpoint.USERINFO): OAuthError(
        error=INVALID_DPOP_PROOF, description="this was used before", status=401
    ),
    (errors.Replayed, Endpoint.TOKEN): OAuthError(error=INVALID_GRANT, description="this was used before"),
}

STATUS_BY_WORD = {
    INVALID_CLIENT: 401,
    INVALID_TOKEN: 401,
    INSUFFICIENT_SCOPE: 403,
    SERVER_ERROR: 500,
    TEMPORARILY_UNAVAILABLE: 503,
}


def word_for(refusal: ToegangError, endpoint: Endpoint) -> OAuthError:
    """Translate one of our errors for a client at an endpoint; anything unforeseen is server_error.

    Where access tokens are presented a refused proof of possession answers 401 (RFC9449-7.1), elsewhere 400
    (RFC9449-5).
    """
    endpoint = Endpoint.USERINFO if endpoint.takes_tokens else endpoint
    if isinstance(refusal, errors.ProtocolRefusal):
        return OAuthError(
            error=refusal.error, description=refusal.description, status=_status(refusal.error, endpoint)
        )
    for kind, found in _WORDS:
        if isinstance(refusal, kind):
            chosen = _AT_ENDPOINT.get((kind, endpoint), found)
            status = _status(chosen.error, endpoint) if chosen.status == 400 else chosen.status  # noqa: PLR2004
            return OAuthError(error=chosen.error, description=chosen.description, status=status)
    return OAuthError(error=SERVER_ERROR, description="something went wrong here", status=500)


def _status(error: str, endpoint: Endpoint) -> int:
    if endpoint is Endpoint.USERINFO and error in {INVALID_DPOP_PROOF, USE_DPOP_NONCE}:
        return 401
    return STATUS_BY_WORD.get(error, 400)
