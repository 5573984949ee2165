"""Messages, read from what was verified: each function takes a proof; what was not signed cannot be read.

Version 2.0, one issuer, moments in UTC, children in the order of the schema. What a message may say that
means nothing here (Consent, StatusDetail, foreign extensions) is passed over.
"""

from __future__ import annotations

import re
from typing import Final

from toegang.errors import Malformed, TooLarge
from toegang.saml.bindings.redirect import VerifiedQuery
from toegang.saml.document import admit, raw
from toegang.saml.elements import (
    Children,
    Element,
    address,
    boolean,
    identifier,
    index,
    local,
    moment,
    name,
    needed,
    octets_of,
    tag,
    text,
    uri,
)
from toegang.saml.messages import (
    ArtifactResolve,
    ArtifactResponse,
    Assertion,
    Attribute,
    AuthnRequest,
    Comparison,
    LogoutRequest,
    LogoutResponse,
    NameId,
    NameIdPolicy,
    RequestedContext,
    Response,
    Scoping,
    Status,
)
from toegang.saml.names import REQUESTER, RESPONDER, SAML, SAMLP, SUCCESS, VERSION_MISMATCH
from toegang.saml.reading_assertions import (
    VERSION,
    Head,
    parse_assertion,
    parse_attributes,
    parse_head,
    parse_issuer,
    parse_name,
    parse_name_id,
)
from toegang.saml.signature import AssertionOnly, Verified
from toegang.saml.times import parse_moment

Proof = Verified | VerifiedQuery
"""What was verified: by a signature in the message, or over the address that carried it."""

MOST_SESSIONS: Final = 64
"""Of one person at one party; each is looked for."""

_FIRST_CODES: Final = {SUCCESS, REQUESTER, RESPONDER, VERSION_MISMATCH}
_COUNT = re.compile(r"[0-9]{1,9}")
_WHITE: Final = " \t\r\n"


def read_authn_request(proof: Proof) -> AuthnRequest:
    """SAMLCore-3.4.1: read a request for a login.

    Raises:
        Malformed: it is something else, or asks an address both by number and by name.

    """
    element, children, head = _opened(proof, "AuthnRequest")
    extensions = children.optional(tag(SAMLP, "Extensions"))
    subject = children.optional(tag(SAML, "Subject"))
    policy = children.optional(tag(SAMLP, "NameIDPolicy"))
    children.optional(tag(SAML, "Conditions"))
    requested = children.optional(tag(SAMLP, "RequestedAuthnContext"))
    scoping = children.optional(tag(SAMLP, "Scoping"))
    children.end()
    request = AuthnRequest(
        id=head.id,
        issuer=head.issuer,
        issued_at=head.issued_at,
        destination=address(element, "Destination"),
        force_authn=boolean(element, "ForceAuthn") or False,
        passive=boolean(element, "IsPassive") or False,
        consumer_index=index(element, "AssertionConsumerServiceIndex"),
        consumer_url=address(element, "AssertionConsumerServiceURL"),
        binding=address(element, "ProtocolBinding"),
        service_index=index(element, "AttributeConsumingServiceIndex"),
        provider_name=element.get("ProviderName", ""),
        requested=None if requested is None else _requested(requested),
        name_id_policy=None if policy is None else _policy(policy),
        scoping=None if scoping is None else _scoping(scoping),
        has_subject=subject is not None,
        extensions=() if extensions is None else _extensions(extensions),
    )
    if request.consumer_index is not None and (request.consumer_url or request.binding):
        message = "an address to answer to both by number and by name"
        raise Malformed(message)
    return request


def read_response(proof: Verified) -> Response:
    """SAMLCore-3.3.3 and SAMLProf-4.1.4.2: read an answer to a request for a login.

    It MUST NOT come in an address (SAMLProf-4.1.2), so no proof by an address is taken.

    Raises:
        Malformed: it is something else, is a success without an assertion, or a failure with one.

    """
    element, children, head = _opened(proof, "Response")
    status = _answer_status(children)
    plain = children.optional(tag(SAML, "Assertion"))
    encrypted = None if plain is not None else children.optional(tag(SAML, "EncryptedAssertion"))
    children.end()
    if (status.code == SUCCESS) != (plain is not None or encrypted is not None):
        message = "a success without an assertion, or a failure with one"
        raise Malformed(message)
    return Response(
        id=head.id,
        issuer=head.issuer,
        issued_at=head.issued_at,
        status=status,
        in_response_to=identifier(element, "InResponseTo"),
        destination=address(element, "Destination"),
        assertion=None if plain is None else parse_assertion(plain, proof.advice),
        encrypted=None if encrypted is None else octets_of(encrypted),
    )


def read_around(proof: AssertionOnly) -> Response:
    """SAMLProf-4.1.4.2: read what an unsigned response says around a signed assertion, which it leaves out.

    Nobody is to believe it: by what it says it can be refused, and nothing else follows. It may leave out
    who it is from.

    Raises:
        Malformed: it is no response by the schema.

    """
    element = raw(proof.response)
    children = Children(element)
    if element.get("Version") != VERSION:
        message = f"a response that is not of version {VERSION}"
        raise Malformed(message)
    needed(element, "ID")
    issuer = children.optional(tag(SAML, "Issuer"))
    status = _answer_status(children)
    children.one(tag(SAML, "Assertion"))
    children.end()
    return Response(
        id=identifier(element, "ID"),
        issuer="" if issuer is None else parse_issuer(issuer),
        issued_at=parse_moment(needed(element, "IssueInstant")),
        status=status,
        in_response_to=identifier(element, "InResponseTo"),
        destination=address(element, "Destination"),
    )


def read_assertion(proof: Verified) -> Assertion:
    """SAMLCore-2.3.3: read an assertion that was itself signed.

    Raises:
        Malformed: it is something else.

    """
    element = _expected(proof, tag(SAML, "Assertion"))
    return parse_assertion(element, proof.advice)


def read_artifact_resolve(proof: Verified) -> ArtifactResolve:
    """SAMLCore-3.5.1: read a request for the message behind an artifact.

    Raises:
        Malformed: it is something else.

    """
    element, children, head = _opened(proof, "ArtifactResolve")
    children.optional(tag(SAMLP, "Extensions"))
    artifact = text(children.one(tag(SAMLP, "Artifact"))).strip(_WHITE)
    children.end()
    return ArtifactResolve(
        id=head.id,
        issuer=head.issuer,
        issued_at=head.issued_at,
        artifact=name(artifact, "an artifact"),
        destination=address(element, "Destination"),
    )


def read_artifact_response(proof: Verified) -> ArtifactResponse:
    """SAMLCore-3.5.2: read the message behind an artifact, or that there is none.

    The caller must have the message inside verified on its own (S22).

    Raises:
        Malformed: it is something else, or holds more than one message, or one without a success.

    """
    element, children, head = _opened(proof, "ArtifactResponse")
    status = _answer_status(children)
    held = children.rest()
    if len(held) > 1 or (held and status.code != SUCCESS):
        message = "more than one message behind an artifact, or one without a success"
        raise Malformed(message)
    return ArtifactResponse(
        id=head.id,
        issuer=head.issuer,
        issued_at=head.issued_at,
        status=status,
        in_response_to=identifier(element, "InResponseTo"),
        destination=address(element, "Destination"),
        message=octets_of(held[0]) if held else None,
    )


def read_logout_request(proof: Proof) -> LogoutRequest:
    """SAMLCore-3.7.1: read a wish to end sessions.

    Raises:
        TooLarge: it names more sessions than anybody has.
        Malformed: it is something else, or names nobody.

    """
    element, children, head = _opened(proof, "LogoutRequest")
    children.optional(tag(SAMLP, "Extensions"))
    subject = parse_name(children)
    if subject is None:
        message = "a wish to log out nobody"
        raise Malformed(message)
    named = children.many(tag(SAMLP, "SessionIndex"))
    children.end()
    if len(named) > MOST_SESSIONS:
        message = f"a wish to end {len(named)} sessions"
        raise TooLarge(message)
    indexes = tuple(name(text(each), "a session index") for each in named)
    return LogoutRequest(
        id=head.id,
        issuer=head.issuer,
        issued_at=head.issued_at,
        subject=subject,
        destination=address(element, "Destination"),
        not_on_or_after=moment(element, "NotOnOrAfter"),
        session_indexes=indexes,
        reason=element.get("Reason", ""),
    )


def read_logout_response(proof: Proof) -> LogoutResponse:
    """SAMLCore-3.7.2: read how a wish to end sessions went.

    Raises:
        Malformed: it is something else.

    """
    element, children, head = _opened(proof, "LogoutResponse")
    status = _answer_status(children)
    children.end()
    return LogoutResponse(
        id=head.id,
        issuer=head.issuer,
        issued_at=head.issued_at,
        status=status,
        in_response_to=identifier(element, "InResponseTo"),
        destination=address(element, "Destination"),
    )


def read_name_id(octets: bytes) -> NameId:
    """SAMLCore-2.2.3: read a name that was opened by `encryption.decrypt_id`.

    Raises:
        TooLarge, Malformed: it is something else.

    """
    element = raw(admit(octets))
    if element.tag != tag(SAML, "NameID"):
        message = "an encrypted name that is no NameID"
        raise Malformed(message)
    return parse_name_id(element)


def _opened(proof: Proof, kind: str) -> tuple[Element, Children, Head]:
    element = _expected(proof, tag(SAMLP, kind))
    children = Children(element)
    return element, children, parse_head(element, children)


def _expected(proof: Proof, kind: str) -> Element:
    if proof.element.tag != kind:
        message = f"{local(proof.element)} came where {kind.rpartition('}')[2]} was expected"
        raise Malformed(message)
    return proof.element


def _answer_status(children: Children) -> Status:
    """SAMLCore-3.2.2: pass over extensions; read a first code out of four, and perhaps a second."""
    children.optional(tag(SAMLP, "Extensions"))
    inside = Children(children.one(tag(SAMLP, "Status")))
    code = inside.one(tag(SAMLP, "StatusCode"))
    sentence = inside.optional(tag(SAMLP, "StatusMessage"))
    inside.optional(tag(SAMLP, "StatusDetail"))
    inside.end()
    deeper = Children(code)
    second = deeper.optional(tag(SAMLP, "StatusCode"))
    deeper.end()
    if code.get("Value") not in _FIRST_CODES:
        message = "a first status code that is none of the four"
        raise Malformed(message)
    return Status(
        code=needed(code, "Value"),
        second="" if second is None else needed(second, "Value"),
        message="" if sentence is None else text(sentence),
    )


def _extensions(element: Element) -> tuple[Attribute, ...]:
    """STSAML-4.2: the attributes among the extensions; others are passed over (SAMLCore-3.2.1)."""
    return parse_attributes(tuple(element.iterchildren(tag(SAML, "Attribute"))))


def _policy(element: Element) -> NameIdPolicy:
    Children(element).end()
    return NameIdPolicy(
        format=address(element, "Format"),
        sp_name_qualifier=address(element, "SPNameQualifier"),
        allow_create=boolean(element, "AllowCreate") or False,
    )


def _requested(element: Element) -> RequestedContext:
    """SAMLCore-3.3.2.2.1: classes, or declarations in their place: of these there are none that we know."""
    children = Children(element)
    classes = tuple(uri(each) for each in children.many(tag(SAML, "AuthnContextClassRef")))
    declared = () if classes else children.many(tag(SAML, "AuthnContextDeclRef"))
    children.end()
    if not classes and not declared:
        message = "a context is asked without a class"
        raise Malformed(message)
    try:
        comparison = Comparison(element.get("Comparison", Comparison.EXACT.value))
    except ValueError as error:
        message = "a Comparison that does not exist"
        raise Malformed(message) from error
    return RequestedContext(classes=classes, comparison=comparison)


def _scoping(element: Element) -> Scoping:
    children = Children(element)
    providers = children.optional(tag(SAMLP, "IDPList"))
    requesters = tuple(uri(each) for each in children.many(tag(SAMLP, "RequesterID")))
    children.end()
    count = element.get("ProxyCount")
    if count is not None and not _COUNT.fullmatch(count):
        message = "a ProxyCount that is no number"
        raise Malformed(message)
    return Scoping(
        providers=() if providers is None else _providers(providers),
        requesters=requesters,
        proxy_count=None if count is None else int(count),
    )


def _providers(element: Element) -> tuple[str, ...]:
    """SAMLCore-3.4.1.3: the providers in the list itself; a list elsewhere is not fetched."""
    children = Children(element)
    found = []
    for entry in children.many(tag(SAMLP, "IDPEntry")):
        needed(entry, "ProviderID")
        found.append(address(entry, "ProviderID"))
    children.optional(tag(SAMLP, "GetComplete"))
    children.end()
    if not found:
        message = "an empty list of providers"
        raise Malformed(message)
    return tuple(found)
