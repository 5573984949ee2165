"""The rules that an authorization request must meet, in the order in which they are looked at.

What a message may look like at all is checked by oidc/request.py; here is what this client, by its
profile and the catalogue, may ask. One rule, one function, one source.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from toegang.catalogue import gate
from toegang.catalogue.values import IdentityForm, ServiceId
from toegang.errors import NotEntitled, ProtocolRefusal
from toegang.login.acting import ForWhom
from toegang.oidc import pkce
from toegang.oidc.authorization_details import ACT_FOR
from toegang.oidc.errors import INVALID_AUTHORIZATION_DETAILS, INVALID_REQUEST, INVALID_SCOPE
from toegang.provider.oidc.details import check_named

if TYPE_CHECKING:
    from toegang.catalogue.values import Client, Service
    from toegang.oidc.profile import SecurityProfile
    from toegang.oidc.request import AuthorizationRequest

SERVICE_SCOPE = "service:"
REPRESENTS = "represents"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A well-formed request, with everything that is known of who asks it."""

    request: AuthorizationRequest
    client: Client
    profile: SecurityProfile
    service: Service
    pushed: bool
    proof_key: str
    issuer: str


def request_was_pushed(asked: Asked) -> None:
    """FAPI2-5.3.2.2: the browser cannot bend a request that the client left with us before."""
    if asked.profile.pushed and not asked.pushed:
        raise ProtocolRefusal(INVALID_REQUEST, "this client pushes its requests (RFC 9126)")


def scope_asks_for_openid(asked: Asked) -> None:
    """OIDCC-3.1.2.1: without `openid` it is no OpenID Connect request."""
    if "openid" not in asked.request.scope:
        raise ProtocolRefusal(INVALID_SCOPE, "scope must contain openid")


def challenge_is_s256(asked: Asked) -> None:
    """RFC7636-4.3, NLGOV-OAuth: S256 and nothing else; asked of every profile but basic."""
    pkce.check_challenge(
        asked.request.code_challenge, asked.request.code_challenge_method, required=asked.profile.pkce
    )


def state_is_there(asked: Asked) -> None:
    """NLGOV-OAuth: the client must be able to tell its own answers."""
    if asked.profile.state and not asked.request.state:
        raise ProtocolRefusal(INVALID_REQUEST, "state is required")


def nonce_is_there(asked: Asked) -> None:
    """NLGOV-OIDC: the ID token must be tied to the request."""
    if asked.profile.nonce and not asked.request.nonce:
        raise ProtocolRefusal(INVALID_REQUEST, "nonce is required")


def response_mode_is_allowed(asked: Asked) -> None:
    """OAuth2MRT-2.1, FAPI2-5.3.2.2: the ways in which this profile's answers may travel."""
    if asked.request.response_mode not in asked.profile.response_modes:
        raise ProtocolRefusal(INVALID_REQUEST, "response_mode is not allowed for this client")


def proof_key_is_one(asked: Asked) -> None:
    """RFC9449-10.1: a proof at the pushed request and `dpop_jkt` name the same key."""
    named = asked.request.dpop_jkt
    if named and asked.proof_key and named != asked.proof_key:
        raise ProtocolRefusal(INVALID_REQUEST, "dpop_jkt is not the key of the proof")


def bsn_goes_encrypted(asked: Asked) -> None:
    """NLGOV-OIDC-BSN: a citizen service number leaves encrypted for its receiver, or not at all."""
    if asked.service.identity is IdentityForm.BSN and not asked.client.userinfo_encryption:
        message = f"client {asked.client.id} has no key to encrypt a BSN for"
        raise NotEntitled(message)


def representation_is_registered(asked: Asked) -> None:
    """MANDATES-P9: who acts for another is asked by who is registered for it, at a service that admits it."""
    wished = asked.request.claims.find(REPRESENTS) is not None
    if wished and not gate.represents(asked.service, asked.client):
        raise ProtocolRefusal(INVALID_REQUEST, "this client is not registered for represents here")


def details_are_registered(asked: Asked) -> None:
    """RFC9396-5: a type is asked by who is registered for it, and only as the service knows it."""
    wish, rules = asked.request.act_for, asked.service.representation
    if wish is None:
        return
    if ACT_FOR not in asked.client.authorization_details_types:
        raise ProtocolRefusal(
            INVALID_AUTHORIZATION_DETAILS,
            "this client is not registered for this type of authorization_details",
        )
    if rules is None or not gate.represents(asked.service, asked.client):
        raise ProtocolRefusal(INVALID_AUTHORIZATION_DETAILS, "nobody acts for another at this service")
    if wish.service not in {None, asked.service.id}:
        raise ProtocolRefusal(
            INVALID_AUTHORIZATION_DETAILS, "authorization_details is for another service than the request"
        )
    if set(wish.kinds) - {each.value for each in rules.kinds}:
        raise ProtocolRefusal(
            INVALID_AUTHORIZATION_DETAILS,
            "authorization_details asks a kind of authority that this service does not admit",
        )
    check_named(wish, asked.issuer)


RULES = (
    request_was_pushed,
    scope_asks_for_openid,
    challenge_is_s256,
    state_is_there,
    nonce_is_there,
    response_mode_is_allowed,
    proof_key_is_one,
    bsn_goes_encrypted,
    representation_is_registered,
    details_are_registered,
)


def for_whom(asked: Asked) -> ForWhom:
    """OIDCC-5.5.1, NLGOV-OIDC-represents: tell for whom the person can log in, by what is asked.

    The claim `represents` as essential asks for somebody who acts for another, and for nobody else; so does
    `authorization_details`.
    """
    wish = asked.request.claims.find(REPRESENTS)
    only_another = asked.request.act_for is not None or (wish is not None and wish.essential)
    return ForWhom.at(asked.service, asked.client, only_another=only_another)


def service_asked(request: AuthorizationRequest, client: Client) -> ServiceId:
    """Return the service that the scope `service:<uuid>` names, else the client's first.

    Raises:
        ProtocolRefusal: more than one, or not a UUID.
        NotEntitled: the client has no service at all.

    """
    named = [word for word in request.scope if word.startswith(SERVICE_SCOPE)]
    if len(named) > 1:
        raise ProtocolRefusal(INVALID_SCOPE, "one login is for one service")
    if named:
        try:
            return ServiceId(UUID(named[0].removeprefix(SERVICE_SCOPE)))
        except ValueError as error:
            raise ProtocolRefusal(INVALID_SCOPE, "service: is followed by a UUID") from error
    if not client.services:
        message = f"client {client.id} has no services"
        raise NotEntitled(message)
    return client.services[0]
