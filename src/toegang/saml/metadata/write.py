"""Our own metadata, and that of a supplier with its providers, as signed octets (SAMLMeta-2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from toegang.errors import Misconfigured
from toegang.saml.document import reparse
from toegang.saml.keys import SigningKey
from toegang.saml.markup import element, leaf, truth
from toegang.saml.messages import Attribute
from toegang.saml.metadata.values import (
    DecisionPointMetadata,
    Endpoint,
    EntityContact,
    EntityMetadata,
    IdentityProviderRole,
    KeyUse,
    PartnerKey,
    RequestedAttribute,
    ServiceIndex,
    ServiceProviderRole,
)
from toegang.saml.names import CERTIFICATION, DS, MDATTR, PREFIXES, SAMLP, URI_NAMES
from toegang.saml.signing import sign
from toegang.saml.times import write_duration, write_moment
from toegang.saml.writing_assertions import write_attribute

_NAMESPACES: Mapping[str, str] = {
    "xmlns:md": PREFIXES["md"],
    "xmlns:ds": DS,
    "xmlns:saml": PREFIXES["saml"],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """SAMLMeta-2.3.1: entities published together, such as a supplier and the providers it serves."""

    members: tuple[EntityMetadata, ...]
    name: str = ""
    valid_until: datetime | None = None
    cache_seconds: int | None = None


def write_metadata(
    value: EntityMetadata | Group | DecisionPointMetadata, identity: str, key: SigningKey
) -> bytes:
    """SAMLMeta-2.3: return an entity, or a group of entities, signed as a whole.

    `identity` is the document's ID: `_` and at least 128 random bits.

    Raises:
        Misconfigured: a group without members, an entity without a role, an organisation without both names
            and addresses, or a service without a name or attributes.

    """
    if isinstance(value, DecisionPointMetadata):
        return sign(reparse(_decision_point(value, identity)), key)
    octets = _group(value, identity) if isinstance(value, Group) else _entity(value, identity)
    return sign(reparse(octets), key)


def _decision_point(value: DecisionPointMetadata, identity: str) -> bytes:
    """SAMLMeta-2.4.6: return who decides."""
    return element(
        "md:EntityDescriptor",
        {
            **_NAMESPACES,
            "ID": identity,
            "entityID": value.entity_id,
            **_lifetime(value.valid_until, value.cache_seconds),
        },
        element(
            "md:PDPDescriptor",
            {"protocolSupportEnumeration": SAMLP},
            *(_key(each) for each in value.keys),
            *(_endpoint("md:AuthzService", each) for each in value.decisions),
        ),
    )


def _group(value: Group, identity: str) -> bytes:
    if not value.members:
        message = "metadata of nobody"
        raise Misconfigured(message)
    return element(
        "md:EntitiesDescriptor",
        {
            **_NAMESPACES,
            "ID": identity,
            "Name": value.name or None,
            **_lifetime(value.valid_until, value.cache_seconds),
        },
        *(_entity(each) for each in value.members),
    )


def _entity(value: EntityMetadata, identity: str | None = None) -> bytes:
    """SAMLMeta-2.3.2: return one entity."""
    if value.identity_provider is None and value.service_provider is None:
        message = f"{value.entity_id}: metadata of an entity without a role"
        raise Misconfigured(message)
    return element(
        "md:EntityDescriptor",
        {
            **_NAMESPACES,
            "ID": identity,
            "entityID": value.entity_id,
            **_lifetime(value.valid_until, value.cache_seconds),
        },
        *_extensions(value.certifications),
        *(_identity_provider(each) for each in (value.identity_provider,) if each),
        *(_service_provider(each) for each in (value.service_provider,) if each),
        *_organisation(value),
        *(_contact(each) for each in value.contacts),
    )


def _lifetime(until: datetime | None, cache_seconds: int | None) -> Mapping[str, str | None]:
    return {
        "validUntil": write_moment(until) if until else None,
        "cacheDuration": None if cache_seconds is None else write_duration(cache_seconds),
    }


def _extensions(certifications: tuple[str, ...]) -> tuple[bytes, ...]:
    """SAML-IAP-2: say which frameworks of assurance the entity is certified for."""
    if not certifications:
        return ()
    attribute = Attribute(name=CERTIFICATION, name_format=URI_NAMES, values=certifications)
    group = element("mdattr:EntityAttributes", {"xmlns:mdattr": MDATTR}, write_attribute(attribute))
    return (element("md:Extensions", {}, group),)


def _identity_provider(value: IdentityProviderRole) -> bytes:
    """SAMLMeta-2.4.3: return who logs people in."""
    return element(
        "md:IDPSSODescriptor",
        {
            "WantAuthnRequestsSigned": truth(value.wants_requests_signed),
            "protocolSupportEnumeration": SAMLP,
        },
        *_shared(value),
        *(_endpoint("md:SingleSignOnService", each) for each in value.sign_on),
    )


def _service_provider(value: ServiceProviderRole) -> bytes:
    """SAMLMeta-2.4.4: return who asks logins."""
    return element(
        "md:SPSSODescriptor",
        {
            "AuthnRequestsSigned": truth(value.requests_signed),
            "WantAssertionsSigned": truth(value.wants_assertions_signed),
            "protocolSupportEnumeration": SAMLP,
        },
        *_shared(value),
        *(_endpoint("md:AssertionConsumerService", each) for each in value.consumers),
        *(_service_index(each) for each in value.services),
    )


def _shared(value: IdentityProviderRole | ServiceProviderRole) -> Iterable[bytes]:
    """SAMLMeta-2.4.2: return what both roles begin with, in the order of the schema."""
    yield from (_key(each) for each in value.keys)
    yield from (_endpoint("md:ArtifactResolutionService", each) for each in value.artifact)
    yield from (_endpoint("md:SingleLogoutService", each) for each in value.logout)
    yield from (leaf("md:NameIDFormat", each) for each in value.name_formats)


def _key(value: PartnerKey) -> bytes:
    """SAMLMeta-2.4.1.1: return a key with its name, its certificate and what it is encrypted to with."""
    name = (leaf("ds:KeyName", value.name),) if value.name else ()
    data = element("ds:X509Data", {}, leaf("ds:X509Certificate", value.certificate))
    return element(
        "md:KeyDescriptor",
        {"use": None if value.use is KeyUse.BOTH else value.use.value},
        element("ds:KeyInfo", {}, *name, data),
        *(element("md:EncryptionMethod", {"Algorithm": each}) for each in value.algorithms),
    )


def _endpoint(name: str, value: Endpoint) -> bytes:
    return element(
        name,
        {
            "Binding": value.binding,
            "Location": value.location,
            "ResponseLocation": value.response_location or None,
            "index": None if value.index is None else str(value.index),
            "isDefault": truth(value.default),
        },
    )


def _service_index(value: ServiceIndex) -> bytes:
    """SAMLMeta-2.4.4.1: return what a service provider calls one of its services; it asks something."""
    if not value.names or not value.attributes:
        message = f"service {value.index} without a name, or without anything that it asks"
        raise Misconfigured(message)
    return element(
        "md:AttributeConsumingService",
        {"index": str(value.index), "isDefault": truth(value.default)},
        *(_localised("md:ServiceName", each) for each in value.names),
        *(_requested(each) for each in value.attributes),
    )


def _requested(value: RequestedAttribute) -> bytes:
    return element(
        "md:RequestedAttribute",
        {
            "Name": value.name,
            "NameFormat": value.name_format or None,
            "isRequired": truth(value.required or None),
        },
        *(leaf("saml:AttributeValue", each) for each in value.values),
    )


def _organisation(value: EntityMetadata) -> tuple[bytes, ...]:
    """SAMLMeta-2.3.2.1: an organisation has names and addresses, or is not mentioned."""
    if not value.organisation_names and not value.organisation_addresses:
        return ()
    if not value.organisation_names or not value.organisation_addresses:
        message = f"{value.entity_id}: an organisation in metadata has both names and addresses"
        raise Misconfigured(message)
    return (
        element(
            "md:Organization",
            {},
            *(_localised("md:OrganizationName", each) for each in value.organisation_names),
            *(_localised("md:OrganizationDisplayName", each) for each in value.organisation_names),
            *(_localised("md:OrganizationURL", each) for each in value.organisation_addresses),
        ),
    )


def _localised(name: str, value: tuple[str, str]) -> bytes:
    language, text = value
    return leaf(name, text, {"xml:lang": language})


def _contact(value: EntityContact) -> bytes:
    """SAMLMeta-2.3.2.2: return whom to reach."""
    parts = (
        ("md:Company", value.company),
        ("md:GivenName", value.name),
        ("md:EmailAddress", f"mailto:{value.mail}" if value.mail else ""),
        ("md:TelephoneNumber", value.telephone),
    )
    return element("md:ContactPerson", {"contactType": value.role}, *(leaf(n, t) for n, t in parts if t))
