"""An entity as its metadata describes it: frozen, free of XML, ready to be kept and looked up."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime


class KeyUse(enum.StrEnum):
    """What a key may be used for (SAMLMeta-2.4.1.1); BOTH where the metadata does not say."""

    SIGNING = "signing"
    ENCRYPTION = "encryption"
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerKey:
    """A key of a partner: its certificate (DER, base64 without line breaks) and the name it goes by.

    Only the public key in the certificate counts for signatures; the certificate's dates are for
    warnings to people (SAML-MetaIOP-2.6.1). `algorithms` are the encryption methods that it lists.
    """

    use: KeyUse
    certificate: str
    name: str = ""
    algorithms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where a message of one binding is taken; `index` and `default` for indexed ones (SAMLMeta-2.2)."""

    binding: str
    location: str
    response_location: str = ""
    index: int | None = None
    default: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedAttribute:
    """An attribute that a consuming service asks (SAMLMeta-2.4.4.2); `values` narrow it."""

    name: str
    name_format: str = ""
    required: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceIndex:
    """What a service provider calls one of its services (SAMLMeta-2.4.4.1)."""

    index: int
    names: tuple[tuple[str, str], ...]
    default: bool | None = None
    attributes: tuple[RequestedAttribute, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceProviderRole:
    """SAMLMeta-2.4.4: who asks logins."""

    keys: tuple[PartnerKey, ...] = ()
    consumers: tuple[Endpoint, ...] = ()
    logout: tuple[Endpoint, ...] = ()
    artifact: tuple[Endpoint, ...] = ()
    name_formats: tuple[str, ...] = ()
    services: tuple[ServiceIndex, ...] = ()
    requests_signed: bool = False
    wants_assertions_signed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityProviderRole:
    """SAMLMeta-2.4.3: who logs people in."""

    keys: tuple[PartnerKey, ...] = ()
    sign_on: tuple[Endpoint, ...] = ()
    logout: tuple[Endpoint, ...] = ()
    artifact: tuple[Endpoint, ...] = ()
    name_formats: tuple[str, ...] = ()
    wants_requests_signed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityContact:
    """Whom to reach about an entity (SAMLMeta-2.3.2.2)."""

    role: str
    company: str = ""
    name: str = ""
    mail: str = ""
    telephone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionPointMetadata:
    """SAMLMeta-2.4.6: an entity that decides who may do what, and signs what it decided.

    We publish one, and read none: `decisions` is where it is asked.
    """

    entity_id: str
    valid_until: datetime
    cache_seconds: int
    keys: tuple[PartnerKey, ...]
    decisions: tuple[Endpoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityMetadata:
    """One entity (SAMLMeta-2.3.2), with what it does; `valid_until` is its own or its group's, the sooner.

    `cache_seconds` is how long a copy may be used before it is asked again; None when it says nothing.
    `certifications` are the values of the entity attribute assurance-certification (SAML-IAP-2). Names and
    addresses of its organisation come with their language.
    """

    entity_id: str
    valid_until: datetime | None = None
    cache_seconds: int | None = None
    service_provider: ServiceProviderRole | None = None
    identity_provider: IdentityProviderRole | None = None
    organisation_names: tuple[tuple[str, str], ...] = ()
    organisation_addresses: tuple[tuple[str, str], ...] = ()
    contacts: tuple[EntityContact, ...] = ()
    certifications: tuple[str, ...] = field(default=())
