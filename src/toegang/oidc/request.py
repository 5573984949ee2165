"""What a client may send to the authorization endpoint, as one frozen value.

Read in three steps, because an error may only travel to an address that was checked first:
    reply_to = ReplyTo.parse(parameters)        # the caller finds the client, checks redirect_uri
    parameters = request_object.open_request_object(...)   # when there is one; then ReplyTo anew
    request = AuthorizationRequest.parse(parameters)       # a refusal here goes to reply_to
"""

from __future__ import annotations

import enum
import re
from typing import TYPE_CHECKING, TypeVar

from toegang.errors import ProtocolRefusal
from toegang.hot import hot
from toegang.oidc.authorization_details import ActFor
from toegang.oidc.claims_request import ClaimsRequest
from toegang.oidc.errors import (
    INVALID_REQUEST,
    INVALID_SCOPE,
    REGISTRATION_NOT_SUPPORTED,
    UNSUPPORTED_RESPONSE_TYPE,
)
from toegang.oidc.profile import ResponseMode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toegang.oidc.parameters import Parameters

STATE_LIMIT = 2_048
NONCE_LIMIT = 1_024
HINT_LIMIT = 512
CLIENT_ID_LIMIT = 256
LIST_LIMIT = 64
AGE_DIGITS = 9

REQUEST_URI_PREFIX = "urn:ietf:params:oauth:request_uri:"

NO_CLAIMS = ClaimsRequest()

_VISIBLE = re.compile(r"[ -~]+")
_SCOPE = re.compile(r"[!#-\[\]-~]+")
_THUMBPRINT = re.compile(r"[A-Za-z0-9_-]{43}")

E = TypeVar("E", bound=enum.Enum)


class Prompt(enum.Enum):
    """OIDCC-3.1.2.1: what the person must, or must not, be shown."""

    NONE = "none"
    LOGIN = "login"
    CONSENT = "consent"
    SELECT_ACCOUNT = "select_account"


@hot(frozen=True, slots=True, kw_only=True)
class ReplyTo:
    """Who asks and where the answer would go; nothing of it has been checked against a registration."""

    client_id: str
    redirect_uri: str | None
    state: str | None
    response_mode: ResponseMode
    request_object: str | None = None
    request_uri: str | None = None

    @classmethod
    def parse(cls, parameters: Parameters) -> ReplyTo:
        """RFC6749-4.1.1 and RFC9101-5: read only what is needed to find the client.

        An unreadable state or response mode is left out here, and refused by AuthorizationRequest.

        Raises:
            ProtocolRefusal: no client_id (invalid_request). Show a page: there is nowhere to go.

        """
        client_id = parameters.get("client_id", "")
        if not _VISIBLE.fullmatch(client_id) or len(client_id) > CLIENT_ID_LIMIT:
            raise ProtocolRefusal(INVALID_REQUEST, "client_id is missing")
        state = parameters.get("state")
        known = {mode.value: mode for mode in ResponseMode}
        return cls(
            client_id=client_id,
            redirect_uri=parameters.get("redirect_uri"),
            state=state if state is not None and _is_visible(state, STATE_LIMIT) else None,
            response_mode=known.get(parameters.get("response_mode", ""), ResponseMode.QUERY),
            request_object=parameters.get("request"),
            request_uri=parameters.get("request_uri"),
        )


@hot(frozen=True, slots=True, kw_only=True)
class AuthorizationRequest:
    """OIDCC-3.1.2.1: a request that is well formed; whether it may be granted is not decided here."""

    client_id: str
    redirect_uri: str | None
    scope: tuple[str, ...]
    state: str | None = None
    nonce: str | None = None
    prompt: frozenset[Prompt] = frozenset()
    max_age: int | None = None
    """Seconds."""
    display: str | None = None
    ui_locales: tuple[str, ...] = ()
    id_token_hint: str | None = None
    login_hint: str | None = None
    acr_values: tuple[str, ...] = ()
    claims: ClaimsRequest = NO_CLAIMS
    code_challenge: str | None = None
    code_challenge_method: str | None = None
    response_mode: ResponseMode = ResponseMode.QUERY
    dpop_jkt: str | None = None
    act_for: ActFor | None = None

    @classmethod
    def parse(cls, parameters: Parameters) -> AuthorizationRequest:
        """OIDCC-3.1.2.2: read all parameters; unknown ones are ignored (RFC6749-3.1).

        Raises:
            ProtocolRefusal: one of them cannot be right, or asks what is not offered.

        """
        reply_to = ReplyTo.parse(parameters)
        for rule in RULES:
            rule(parameters)
        claims, details = parameters.get("claims"), parameters.get("authorization_details")
        return cls(
            client_id=reply_to.client_id,
            redirect_uri=reply_to.redirect_uri,
            scope=_scope(parameters),
            state=_visible(parameters, "state", STATE_LIMIT),
            nonce=_visible(parameters, "nonce", NONCE_LIMIT),
            prompt=_prompt(parameters),
            max_age=_max_age(parameters),
            display=parameters.get("display"),
            ui_locales=_words(parameters, "ui_locales"),
            id_token_hint=parameters.get("id_token_hint"),
            login_hint=_hint(parameters),
            acr_values=_words(parameters, "acr_values"),
            claims=NO_CLAIMS if claims is None else ClaimsRequest.parse(claims),
            code_challenge=parameters.get("code_challenge"),
            code_challenge_method=parameters.get("code_challenge_method"),
            response_mode=reply_to.response_mode,
            dpop_jkt=_thumbprint(parameters),
            act_for=None if details is None else ActFor.parse(details),
        )


def response_type_is_code(parameters: Mapping[str, str]) -> None:
    """RFC9700-2.1.2: no token ever travels through the browser."""
    asked = parameters.get("response_type")
    if asked is None:
        raise ProtocolRefusal(INVALID_REQUEST, "response_type is missing")
    if asked != "code":
        raise ProtocolRefusal(UNSUPPORTED_RESPONSE_TYPE, "only response_type code is offered")


def response_mode_is_offered(parameters: Mapping[str, str]) -> None:
    """OAuth2MRT-2.1: query or form_post."""
    _member(ResponseMode, parameters.get("response_mode", "query"), "response_mode is not offered")


def nothing_is_asked_that_is_ignored(parameters: Mapping[str, str]) -> None:
    """OIDCC-7.2: what is not offered is refused where ignoring it would change the meaning of a request."""
    if "registration" in parameters:
        raise ProtocolRefusal(REGISTRATION_NOT_SUPPORTED, "self-issued registration is not offered")


RULES = (response_type_is_code, response_mode_is_offered, nothing_is_asked_that_is_ignored)


def _member(kind: type[E], value: str, description: str) -> E:
    try:
        return kind(value)
    except ValueError as error:
        raise ProtocolRefusal(INVALID_REQUEST, description) from error


def _scope(parameters: Mapping[str, str]) -> tuple[str, ...]:
    words = tuple(dict.fromkeys(parameters.get("scope", "").split()))
    if len(words) > LIST_LIMIT or not all(_SCOPE.fullmatch(word) for word in words):
        raise ProtocolRefusal(INVALID_SCOPE, "scope is not a list of scope names")
    return words


def _words(parameters: Mapping[str, str], name: str) -> tuple[str, ...]:
    words = tuple(dict.fromkeys(parameters.get(name, "").split()))
    if len(words) > LIST_LIMIT or not all(_VISIBLE.fullmatch(word) for word in words):
        raise ProtocolRefusal(INVALID_REQUEST, f"{name} is not a list of names")
    return words


def _prompt(parameters: Mapping[str, str]) -> frozenset[Prompt]:
    words = parameters.get("prompt", "").split()
    prompts = frozenset(_member(Prompt, word, "prompt has a value that is not offered") for word in words)
    if Prompt.NONE in prompts and len(prompts) > 1:
        raise ProtocolRefusal(INVALID_REQUEST, "prompt none goes with nothing else")
    return prompts


def _max_age(parameters: Mapping[str, str]) -> int | None:
    text = parameters.get("max_age")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= AGE_DIGITS):
        raise ProtocolRefusal(INVALID_REQUEST, "max_age is not a number of seconds")
    return int(text)


def _hint(parameters: Mapping[str, str]) -> str | None:
    hint = parameters.get("login_hint")
    if hint is not None and len(hint) > HINT_LIMIT:
        raise ProtocolRefusal(INVALID_REQUEST, "login_hint is too long")
    return hint


def _thumbprint(parameters: Mapping[str, str]) -> str | None:
    """RFC9449-10: the thumbprint of the key to which the code is to be bound."""
    text = parameters.get("dpop_jkt")
    if text is not None and not _THUMBPRINT.fullmatch(text):
        raise ProtocolRefusal(INVALID_REQUEST, "dpop_jkt is not a SHA-256 thumbprint")
    return text


def _visible(parameters: Mapping[str, str], name: str, limit: int) -> str | None:
    text = parameters.get(name)
    if text is not None and not _is_visible(text, limit):
        raise ProtocolRefusal(INVALID_REQUEST, f"{name} is too long, or not printable ASCII")
    return text


def _is_visible(text: str, limit: int) -> bool:
    return len(text) <= limit and _VISIBLE.fullmatch(text) is not None
