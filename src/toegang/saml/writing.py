"""Messages as octets, in the order of the schema, signed with our own key.

A message for the Redirect binding is written with `key=None`: there the signature is over the address
(SAMLBind-3.4.4.1). What others wrote (the assertions in an advice, a message behind an artifact) goes in byte
for byte; what is ours is written in canonical form (markup.py). Identifiers come from the caller: `_` and at
least 128 random bits (SAMLCore-1.3.4).
"""

from __future__ import annotations

import base64
import enum
import re
from functools import lru_cache

from toegang.errors import Misconfigured
from toegang.saml.keys import SigningKey
from toegang.saml.markup import Attributes, element, followed, inside, leaf, truth
from toegang.saml.messages import (
    ArtifactResolve,
    ArtifactResponse,
    Assertion,
    AuthnRequest,
    LogoutRequest,
    LogoutResponse,
    Message,
    NameId,
    NameIdPolicy,
    RequestedContext,
    Response,
    Scoping,
    Status,
)
from toegang.saml.signing import signature_over
from toegang.saml.times import write_moment
from toegang.saml.writing_assertions import (
    VERSION,
    moment_or_none,
    write_attribute,
    write_issuer,
    write_name_id,
    write_statements,
    write_subject_name,
)

_DIGEST = re.compile(rb"<ds:DigestValue>([A-Za-z0-9+/=]+)</ds:DigestValue>")


class SignedPart(enum.Enum):
    """SAMLProf-4.1.3.5: what of an answer carries a signature of its own."""

    RESPONSE = "response"
    ASSERTION = "assertion"
    BOTH = "both"


def name_id(value: NameId) -> bytes:
    """SAMLCore-2.2.3: return a name that stands on its own, to be encrypted."""
    return write_name_id(value, alone=True)


def assertion(value: Assertion, key: SigningKey | None) -> bytes:
    """SAMLCore-2.3.3: return an assertion that stands on its own."""
    issuer, statements = write_issuer(value.issuer), write_statements(value)
    return _signed("saml:Assertion", _head(value), issuer, *statements, key=key)


def response(value: Response, key: SigningKey, *, signed: SignedPart = SignedPart.BOTH) -> bytes:
    """SAMLCore-3.3.3: return an answer; without an assertion the response itself is signed in any case."""
    inner: tuple[bytes, ...] = ()
    if value.assertion:
        inner = (assertion(value.assertion, None if signed is SignedPart.RESPONSE else key),)
    elif value.encrypted:
        inner = (value.encrypted,)
    bare = inner and signed is SignedPart.ASSERTION
    return _answer("samlp:Response", value, *inner, key=None if bare else key)


def response_around(value: Response, inner: bytes, key: SigningKey | None) -> bytes:
    """SAMLCore-3.3.3: return an answer around an assertion that is written, or encrypted, already.

    Without a key the response itself is not signed: for what travels inside something that is (STSAML-4).
    """
    return _answer("samlp:Response", value, inner, key=key)


def fingerprint(assertion: bytes) -> str:
    """Return the hash by which an assertion that we signed is known, in hexadecimal.

    It is the SHA-256 that its signature gives (XMLDSIG-4.4.3.6), of all that it says; so who holds the
    assertion reads it there, however their library writes the rest.
    """
    found = _DIGEST.search(assertion)
    if found is None:
        message = "an assertion without a signature has no fingerprint"
        raise Misconfigured(message)
    return base64.b64decode(found[1]).hex()


def authn_request(value: AuthnRequest, key: SigningKey | None) -> bytes:
    """SAMLCore-3.4.1: return a request for a login."""
    more = {
        "ForceAuthn": truth(value.force_authn or None),
        "IsPassive": truth(value.passive or None),
        "AssertionConsumerServiceIndex": _number(value.consumer_index),
        "AssertionConsumerServiceURL": value.consumer_url or None,
        "ProtocolBinding": value.binding or None,
        "AttributeConsumingServiceIndex": _number(value.service_index),
        "ProviderName": value.provider_name or None,
    }
    content = (
        *_extensions(value),
        *(_policy(each) for each in (value.name_id_policy,) if each),
        *(_requested(each) for each in (value.requested,) if each),
        *(_scoping(each) for each in (value.scoping,) if each),
    )
    return _message("samlp:AuthnRequest", value, more, *content, key=key)


def artifact_resolve(value: ArtifactResolve, key: SigningKey) -> bytes:
    """SAMLCore-3.5.1: return a request for the message behind an artifact."""
    return _message("samlp:ArtifactResolve", value, {}, leaf("samlp:Artifact", value.artifact), key=key)


def artifact_response(value: ArtifactResponse, key: SigningKey) -> bytes:
    """SAMLCore-3.5.2: return the message behind an artifact, byte for byte, or nothing.

    Of one that is written here, the declaration that is in force around it is left out.
    """
    message = (inside(value.message, "samlp"),) if value.message else ()
    return _answer("samlp:ArtifactResponse", value, *message, key=key)


def logout_request(value: LogoutRequest, key: SigningKey | None) -> bytes:
    """SAMLCore-3.7.1: return a wish to end sessions."""
    more = {"Reason": value.reason or None, "NotOnOrAfter": moment_or_none(value.not_on_or_after)}
    content = (
        write_subject_name(value.subject, alone=True),
        *(leaf("samlp:SessionIndex", each) for each in value.session_indexes),
    )
    return _message("samlp:LogoutRequest", value, more, *content, key=key)


def logout_response(value: LogoutResponse, key: SigningKey | None) -> bytes:
    """SAMLCore-3.7.2: return how a wish to end sessions went."""
    return _answer("samlp:LogoutResponse", value, key=key)


def _answer(
    name: str,
    value: Response | ArtifactResponse | LogoutResponse,
    *content: bytes,
    key: SigningKey | None,
) -> bytes:
    """SAMLCore-3.2.2: return what every answer has, and then the content."""
    more = {"InResponseTo": value.in_response_to or None}
    return _message(name, value, more, _status(value.status), *content, key=key)


def _message(name: str, value: Message, more: Attributes, *content: bytes, key: SigningKey | None) -> bytes:
    """SAMLCore-3.2: return a message with what every message has."""
    attributes = {**_head(value), "Destination": value.destination or None, **more}
    return _signed(name, attributes, write_issuer(value.issuer, alone=True), *content, key=key)


def _signed(
    name: str, attributes: Attributes, issuer: bytes, *content: bytes, key: SigningKey | None
) -> bytes:
    """SAMLCore-5.4.1: return an element with a signature right after the issuer; without a key none."""
    octets = element(name, attributes, issuer, *content, alone=True)
    if key is None:
        return octets
    return followed(octets, issuer, signature_over(octets, attributes["ID"] or "", key))


def _head(value: Message | Assertion) -> Attributes:
    return {"ID": value.id, "IssueInstant": write_moment(value.issued_at), "Version": VERSION}


@lru_cache(maxsize=64)
def _status(value: Status) -> bytes:
    """SAMLCore-3.2.2.1: return how it went; most answers say the same."""
    second = (element("samlp:StatusCode", {"Value": value.second}),) if value.second else ()
    message = (leaf("samlp:StatusMessage", value.message),) if value.message else ()
    return element("samlp:Status", {}, element("samlp:StatusCode", {"Value": value.code}, *second), *message)


def _number(value: int | None) -> str | None:
    return None if value is None else str(value)


def _extensions(value: AuthnRequest) -> tuple[bytes, ...]:
    if not value.extensions:
        return ()
    return (
        element("samlp:Extensions", {}, *(write_attribute(each, alone=True) for each in value.extensions)),
    )


def _policy(value: NameIdPolicy) -> bytes:
    return element(
        "samlp:NameIDPolicy",
        {
            "Format": value.format or None,
            "SPNameQualifier": value.sp_name_qualifier or None,
            "AllowCreate": truth(value.allow_create or None),
        },
    )


def _requested(value: RequestedContext) -> bytes:
    return element(
        "samlp:RequestedAuthnContext",
        {"Comparison": value.comparison.value},
        *(leaf("saml:AuthnContextClassRef", each, alone=True) for each in value.classes),
    )


def _scoping(value: Scoping) -> bytes:
    entries = [element("samlp:IDPEntry", {"ProviderID": each}) for each in value.providers]
    return element(
        "samlp:Scoping",
        {"ProxyCount": _number(value.proxy_count)},
        *((element("samlp:IDPList", {}, *entries),) if entries else ()),
        *(leaf("samlp:RequesterID", each) for each in value.requesters),
    )
