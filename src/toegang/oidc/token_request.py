"""What a client may send to the token endpoint, and how it says who it is at any back-channel endpoint."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from toegang.errors import ClientNotProven, ProtocolRefusal
from toegang.oidc.client_assertion import ASSERTION_TYPE, read_assertion
from toegang.oidc.errors import INVALID_AUTHORIZATION_DETAILS, INVALID_REQUEST, UNSUPPORTED_GRANT_TYPE
from toegang.oidc.profile import ClientAuthentication

if TYPE_CHECKING:
    from toegang.jose.compact import UnverifiedToken
    from toegang.keys.presented import PresentedCertificate
    from toegang.oidc.parameters import Parameters

AUTHORIZATION_LIMIT = 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentedSecret:
    """RFC6749-2.3.1: a client and a secret that may be its own; compare it by its hash."""

    client_id: str
    secret: str = field(repr=False)
    method: ClientAuthentication


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentedAssertion:
    """RFC7523-2.2: a client and an assertion that may be its own."""

    client_id: str
    assertion: UnverifiedToken
    method: ClientAuthentication = ClientAuthentication.PRIVATE_KEY_JWT


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentedLine:
    """RFC8705-2: a client that names itself on a line whose certificate may be its own."""

    client_id: str
    certificate: PresentedCertificate


Credentials = PresentedSecret | PresentedAssertion | PresentedLine


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeGrant:
    """RFC6749-4.1.3: a one-time code is to become tokens."""

    code: str = field(repr=False)
    redirect_uri: str | None
    code_verifier: str | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshGrant:
    """RFC6749-6: a refresh token is to become new tokens, of the same or a narrower scope."""

    refresh_token: str = field(repr=False)
    scope: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientCredentialsGrant:
    """RFC6749-4.4.2: the client asks a token for itself."""

    scope: tuple[str, ...]


Grant = CodeGrant | RefreshGrant | ClientCredentialsGrant


def parse_grant(parameters: Parameters) -> Grant:
    """RFC6749-4.1.3, -6 and -4.4.2: read which grant is used.

    Raises:
        ProtocolRefusal: another grant (unsupported_grant_type), or a part is missing (invalid_request).

    """
    kind = _get(parameters, "grant_type")
    if "authorization_details" in parameters:
        # RFC9396-6: what was granted is not narrowed here, and passed over it would seem to be.
        description = "authorization_details is asked at the authorization endpoint"
        raise ProtocolRefusal(INVALID_AUTHORIZATION_DETAILS, description)
    scope = tuple(dict.fromkeys(parameters.get("scope", "").split()))
    if kind == "authorization_code":
        return CodeGrant(
            code=_get(parameters, "code"),
            redirect_uri=parameters.get("redirect_uri"),
            code_verifier=parameters.get("code_verifier"),
        )
    if kind == "refresh_token":
        return RefreshGrant(refresh_token=_get(parameters, "refresh_token"), scope=scope)
    if kind == "client_credentials":
        return ClientCredentialsGrant(scope=scope)
    raise ProtocolRefusal(UNSUPPORTED_GRANT_TYPE, "this grant_type is not offered")


def parse_client(
    authorization: str | None, parameters: Parameters, certificate: PresentedCertificate | None = None
) -> Credentials:
    """RFC6749-2.3: read how the client says who it is; exactly one way, never none.

    `authorization` is the header's value, or None. A `client_id` beside it must name the same client. The
    certificate of the line counts where nothing else is shown (RFC8705-2).

    Raises:
        ClientNotProven: no way, an unreadable one, or two clients.
        ProtocolRefusal: more than one way at once (invalid_request).

    """
    ways = (
        authorization is not None and authorization[:6].lower() == "basic ",
        "client_secret" in parameters,
        "client_assertion" in parameters or "client_assertion_type" in parameters,
    )
    if sum(ways) > 1:
        raise ProtocolRefusal(INVALID_REQUEST, "the client authenticates in more than one way")
    presented: Credentials
    if ways[0]:
        presented = _basic(authorization or "")
    elif ways[1]:
        presented = PresentedSecret(
            client_id=parameters.get("client_id", ""),
            secret=parameters["client_secret"],
            method=ClientAuthentication.SECRET_POST,
        )
    elif ways[2]:
        presented = _assertion(parameters)
    elif certificate is not None:
        presented = PresentedLine(client_id=parameters.get("client_id", ""), certificate=certificate)
    else:
        message = "the client does not say who it is"
        raise ClientNotProven(message)
    if not presented.client_id or parameters.get("client_id", presented.client_id) != presented.client_id:
        message = "the request names no client, or two"
        raise ClientNotProven(message)
    return presented


def _basic(authorization: str) -> PresentedSecret:
    """RFC6749-2.3.1: name and secret are form-encoded before they are joined; many clients forget that."""
    message = "the Basic credentials cannot be read"
    if len(authorization) > AUTHORIZATION_LIMIT:
        raise ClientNotProven(message)
    try:
        decoded = base64.b64decode(authorization[6:].strip(), validate=True).decode("utf-8")
        name, colon, secret = decoded.partition(":")
        client_id, secret = unquote_plus(name, errors="strict"), unquote_plus(secret, errors="strict")
    except (binascii.Error, UnicodeError, ValueError) as error:
        raise ClientNotProven(message) from error
    if not colon:
        raise ClientNotProven(message)
    return PresentedSecret(client_id=client_id, secret=secret, method=ClientAuthentication.SECRET_BASIC)


def _assertion(parameters: Parameters) -> PresentedAssertion:
    if parameters.get("client_assertion_type") != ASSERTION_TYPE:
        message = "client_assertion_type is another"
        raise ClientNotProven(message)
    client_id, assertion = read_assertion(parameters.get("client_assertion", ""))
    return PresentedAssertion(client_id=client_id, assertion=assertion)


def _get(parameters: Parameters, name: str) -> str:
    if name not in parameters:
        raise ProtocolRefusal(INVALID_REQUEST, f"{name} is missing")
    return parameters[name]
