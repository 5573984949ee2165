"""The two roles that count here, identity provider and service provider, as metadata describes them."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from toegang.errors import Malformed
from toegang.saml.elements import (
    Children,
    Element,
    address,
    boolean,
    index,
    local,
    name,
    needed,
    tag,
    text,
    uri,
)
from toegang.saml.keys import check_certificate
from toegang.saml.metadata.about import folded, parse_localised
from toegang.saml.metadata.values import (
    Endpoint,
    IdentityProviderRole,
    KeyUse,
    PartnerKey,
    RequestedAttribute,
    ServiceIndex,
    ServiceProviderRole,
)
from toegang.saml.names import DS, MD, SAML, SAMLP
from toegang.saml.why import Why

LONGEST_LOCATION: Final = 2_048
_PRINTABLE = re.compile(r"[!-~]+")
_LOCAL_HOSTS: Final = {"localhost", "127.0.0.1", "::1"}


def speaks_saml(role: Element) -> bool:
    """SAMLMeta-2.4.1: say whether a role is for SAML 2.0."""
    return SAMLP in (role.get("protocolSupportEnumeration") or "").split()


def parse_service_provider(role: Element, *, plain_http: bool) -> ServiceProviderRole:
    """SAMLMeta-2.4.4: read who asks logins."""
    children = Children(role)
    keys, artifact, logout, formats = _shared(children, plain_http=plain_http)
    consumers = _indexed(children.many(tag(MD, "AssertionConsumerService")), plain_http=plain_http)
    services = tuple(map(_service_index, children.many(tag(MD, "AttributeConsumingService"))))
    children.end()
    if not consumers:
        message = "a service provider without an address to answer to"
        raise Malformed(message)
    _check_numbers([each.index for each in services], [each.default for each in services])
    return ServiceProviderRole(
        keys=keys,
        consumers=consumers,
        logout=logout,
        artifact=artifact,
        name_formats=formats,
        services=services,
        requests_signed=boolean(role, "AuthnRequestsSigned") or False,
        wants_assertions_signed=boolean(role, "WantAssertionsSigned") or False,
    )


def parse_identity_provider(role: Element, *, plain_http: bool) -> IdentityProviderRole:
    """SAMLMeta-2.4.3: read who logs people in."""
    children = Children(role)
    keys, artifact, logout, formats = _shared(children, plain_http=plain_http)
    sign_on = _endpoints(children.many(tag(MD, "SingleSignOnService")), plain_http=plain_http)
    children.many(tag(MD, "NameIDMappingService"))
    children.many(tag(MD, "AssertionIDRequestService"))
    children.many(tag(MD, "AttributeProfile"))
    children.many(tag(SAML, "Attribute"))
    children.end()
    if not sign_on:
        message = "an identity provider without an address to ask at"
        raise Malformed(message)
    return IdentityProviderRole(
        keys=keys,
        sign_on=sign_on,
        logout=logout,
        artifact=artifact,
        name_formats=formats,
        wants_requests_signed=boolean(role, "WantAuthnRequestsSigned") or False,
    )


_Shared = tuple[tuple[PartnerKey, ...], tuple[Endpoint, ...], tuple[Endpoint, ...], tuple[str, ...]]


def _shared(children: Children, *, plain_http: bool) -> _Shared:
    """SAMLMeta-2.4.2: take what both roles begin with: keys, artifact and logout addresses, name formats."""
    children.optional(tag(DS, "Signature"))
    children.optional(tag(MD, "Extensions"))
    keys = tuple(map(_key, children.many(tag(MD, "KeyDescriptor"))))
    children.optional(tag(MD, "Organization"))
    children.many(tag(MD, "ContactPerson"))
    artifact = _indexed(children.many(tag(MD, "ArtifactResolutionService")), plain_http=plain_http)
    logout = _endpoints(children.many(tag(MD, "SingleLogoutService")), plain_http=plain_http)
    children.many(tag(MD, "ManageNameIDService"))
    formats = tuple(uri(each) for each in children.many(tag(MD, "NameIDFormat")))
    return keys, artifact, logout, formats


def _key(element: Element) -> PartnerKey:
    """SAMLMeta-2.4.1.1: read a key: without `use` for both (S17), never without a certificate."""
    children = Children(element)
    info = children.one(tag(DS, "KeyInfo"))
    methods = tuple(needed(each, "Algorithm") for each in children.many(tag(MD, "EncryptionMethod")))
    children.end()
    certificates = [
        each
        for data in info.iterchildren(tag(DS, "X509Data"))
        for each in data.iterchildren(tag(DS, "X509Certificate"))
    ]
    if len(certificates) != 1:
        message = f"a key with {len(certificates)} certificates"
        raise Malformed(message)
    certificate = "".join(text(certificates[0]).split())
    check_certificate(certificate)
    return PartnerKey(
        use=_use(element.get("use")),
        certificate=certificate,
        name=next((folded(each) for each in info.iterchildren(tag(DS, "KeyName"))), ""),
        algorithms=methods,
    )


def _use(value: str | None) -> KeyUse:
    if value is None:
        return KeyUse.BOTH
    if value not in {KeyUse.SIGNING, KeyUse.ENCRYPTION}:
        message = "a key for a use that does not exist"
        raise Malformed(message)
    return KeyUse(value)


def _endpoints(elements: tuple[Element, ...], *, plain_http: bool) -> tuple[Endpoint, ...]:
    """SAMLMeta-2.2.2: read addresses."""
    return tuple(_endpoint(each, None, plain_http=plain_http) for each in elements)


def _indexed(elements: tuple[Element, ...], *, plain_http: bool) -> tuple[Endpoint, ...]:
    """SAMLMeta-2.2.3: read addresses with numbers; no number occurs twice, at most one is the default."""
    found = tuple(_endpoint(each, _number(each), plain_http=plain_http) for each in elements)
    _check_numbers([each.index for each in found], [each.default for each in found])
    return found


def _endpoint(element: Element, number: int | None, *, plain_http: bool) -> Endpoint:
    needed(element, "Binding")
    response = element.get("ResponseLocation")
    return Endpoint(
        binding=address(element, "Binding"),
        location=_location(needed(element, "Location"), plain_http=plain_http),
        response_location="" if response is None else _location(response, plain_http=plain_http),
        index=number,
        default=boolean(element, "isDefault"),
    )


def _number(element: Element) -> int:
    found = index(element, "index")
    if found is None:
        message = f"{local(element)} without an index"
        raise Malformed(message)
    return found


def _check_numbers(numbers: list[int | None] | list[int], defaults: list[bool | None]) -> None:
    if len(set(numbers)) != len(numbers) or defaults.count(True) > 1:
        message = "an index or a default that occurs twice"
        raise Malformed(message)


def _location(value: str, *, plain_http: bool) -> str:
    """S26: an address is absolute https, without user part or fragment; nothing is sent elsewhere."""
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError as error:
        message = "an address that is not a URL"
        raise Malformed(message, why=Why.NOT_HTTPS) from error
    plain = plain_http and parts.scheme == "http" and parts.hostname in _LOCAL_HOSTS
    if not (
        parts.hostname
        and (value.startswith("https://") or plain)
        and len(value) <= LONGEST_LOCATION
        and _PRINTABLE.fullmatch(value)
        and not any(letter in value for letter in "#\\")
        and "@" not in parts.netloc
    ):
        message = "an address that is not plain https"
        raise Malformed(message, why=Why.NOT_HTTPS)
    return value


def _service_index(element: Element) -> ServiceIndex:
    """SAMLMeta-2.4.4.1: read what a service provider calls one of its services."""
    children = Children(element)
    names = parse_localised(children.many(tag(MD, "ServiceName")))
    children.many(tag(MD, "ServiceDescription"))
    attributes = tuple(map(_requested, children.many(tag(MD, "RequestedAttribute"))))
    children.end()
    return ServiceIndex(
        index=_number(element),
        names=names,
        default=boolean(element, "isDefault"),
        attributes=attributes,
    )


def _requested(element: Element) -> RequestedAttribute:
    children = Children(element)
    values = children.many(tag(SAML, "AttributeValue"))
    children.end()
    return RequestedAttribute(
        name=name(needed(element, "Name"), "the name of an attribute"),
        name_format=address(element, "NameFormat"),
        required=boolean(element, "isRequired") or False,
        values=tuple(folded(each) for each in values),
    )
