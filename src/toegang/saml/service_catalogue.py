"""The catalogue of services that the business scheme publishes, as signed octets (ETD-1.13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from toegang.saml.document import reparse
from toegang.saml.keys import SigningKey
from toegang.saml.markup import element, leaf, truth
from toegang.saml.names import DS, MD, SAML
from toegang.saml.signing import sign
from toegang.saml.times import write_moment

ESC: Final = "urn:etoegang:1.13:service-catalog"
LONGEST_NAME: Final = 64  # characters
LONGEST_TEXT: Final = 1024
_NAMESPACES: Final[Mapping[str, str]] = {
    "xmlns:esc": ESC,
    "xmlns:ds": DS,
    "xmlns:md": MD,
    "xmlns:saml": SAML,
}
_PUBLIC: Final = {"esc:IsPublic": "true"}

Texts = tuple[tuple[str, str], ...]
"""A text in each language, by its tag."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedAttribute:
    """An attribute that a service is told, and the purpose that people read."""

    name: str
    purposes: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceEntry:
    """A service: what it is, at which level, whom it serves (`concerned`), and where it is connected.

    `service_id` is its name at its connection. `certificates` are those that names are encrypted for (DER,
    base64).
    """

    uuid: str
    service_id: str
    names: Texts
    descriptions: Texts
    context_class: str
    concerned: tuple[str, ...]
    attributes: tuple[AskedAttribute, ...] = ()
    single_sign_on: bool = False
    certificates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderEntry:
    """A service provider with its services; `oin` has 20 digits."""

    oin: str
    names: Texts
    services: tuple[ServiceEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCatalogue:
    """All of it; `broker` is the OIN of who connects them, `version` a URI that grows with each change."""

    issued_at: datetime
    version: str
    broker: str
    providers: tuple[ProviderEntry, ...]


def write_service_catalogue(value: ServiceCatalogue, identity: str, key: SigningKey) -> bytes:
    """ETD-1.13: return the catalogue, signed as a whole; `identity` is its ID."""
    octets = element(
        "esc:ServiceCatalogue",
        {
            **_NAMESPACES,
            "esc:IssueInstant": write_moment(value.issued_at),
            "esc:Version": value.version,
            "ID": identity,
        },
        *(_provider(each, value.broker) for each in value.providers),
    )
    return sign(reparse(octets), key)


def _provider(value: ProviderEntry, broker: str) -> bytes:
    return element(
        "esc:ServiceProvider",
        _PUBLIC,
        leaf("esc:ServiceProviderID", value.oin),
        *_texts("esc:OrganizationDisplayName", value.names, LONGEST_NAME),
        *(_definition(each, broker) for each in value.services),
        *(_instance(each, broker) for each in value.services),
    )


def _definition(value: ServiceEntry, broker: str) -> bytes:
    return element(
        "esc:ServiceDefinition",
        _PUBLIC,
        leaf("esc:ServiceUUID", value.uuid),
        *_texts("esc:ServiceName", value.names, LONGEST_NAME),
        *_texts("esc:ServiceDescription", value.descriptions, LONGEST_TEXT),
        leaf("saml:AuthnContextClassRef", value.context_class),
        leaf("esc:HerkenningsmakelaarId", broker),
        *(leaf("esc:EntityConcernedTypesAllowed", each, {"setNumber": "1"}) for each in value.concerned),
        *(
            element(
                "esc:RequestedAttribute",
                {"Name": each.name, "isRequired": "true"},
                *_texts("esc:PurposeStatement", each.purposes, LONGEST_TEXT),
            )
            for each in value.attributes
        ),
    )


def _instance(value: ServiceEntry, broker: str) -> bytes:
    return element(
        "esc:ServiceInstance",
        _PUBLIC,
        leaf("esc:ServiceID", value.service_id),
        leaf("esc:ServiceUUID", value.uuid),
        leaf("esc:InstanceOfService", value.uuid),
        leaf("esc:HerkenningsmakelaarId", broker),
        leaf("esc:SSOSupport", str(truth(value.single_sign_on))),
        *(element("esc:ServiceCertificate", {}, _key(each)) for each in value.certificates),
    )


def _key(certificate: str) -> bytes:
    data = element("ds:X509Data", {}, leaf("ds:X509Certificate", certificate))
    return element("md:KeyDescriptor", {"use": "encryption"}, element("ds:KeyInfo", {}, data))


def _texts(name: str, values: Texts, longest: int) -> tuple[bytes, ...]:
    """Return a text in each language, cut off where the scheme has no more room."""
    cut = ((tag, text if len(text) <= longest else f"{text[: longest - 1]}…") for tag, text in values)
    return tuple(leaf(name, text, {"xml:lang": tag}) for tag, text in cut)
