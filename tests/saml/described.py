"""Entities as they describe themselves, for the tests of metadata."""

from __future__ import annotations

from datetime import UTC, datetime

from lxml import etree

from tests.saml.parties import HUB, IDP, SP, signing, trusted
from tests.saml.strategies import partner_key
from toegang.saml import names
from toegang.saml.metadata.read import SignedBy, read_metadata
from toegang.saml.metadata.values import (
    DecisionPointMetadata,
    Endpoint,
    EntityContact,
    EntityMetadata,
    IdentityProviderRole,
    KeyUse,
    RequestedAttribute,
    ServiceIndex,
    ServiceProviderRole,
)
from toegang.saml.names import Binding
from toegang.saml.signing import sign

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NEXT_YEAR = datetime(2027, 1, 1, tzinfo=UTC)
KEY = signing("rsa", HUB)
TRUST = SignedBy(keys=(trusted("rsa", HUB),))
KEYS = (
    partner_key("rsa", KeyUse.SIGNING, IDP, "current"),
    partner_key("p256", KeyUse.SIGNING, IDP, "next"),
    partner_key("rsa", KeyUse.ENCRYPTION, SP, "current for encryption"),
)


def provider(number: int) -> EntityMetadata:
    """Return a service provider with as much to tell as real ones have: about 6.5 kB."""
    host = f"https://sp{number}.example"
    return EntityMetadata(
        entity_id=f"{host}/saml/metadata",
        valid_until=NEXT_YEAR,
        cache_seconds=86_400,
        service_provider=ServiceProviderRole(
            keys=(KEYS[0], partner_key("rsa", KeyUse.SIGNING, HUB, "next"), KEYS[2]),
            consumers=tuple(
                Endpoint(
                    binding=Binding.ARTIFACT,
                    location=f"{host}/saml/acs/{index}",
                    index=index,
                    default=True if index == 0 else None,
                )
                for index in range(3)
            ),
            logout=(
                Endpoint(
                    binding=Binding.POST,
                    location=f"{host}/saml/slo",
                    response_location=f"{host}/saml/slo/done",
                ),
            ),
            artifact=(Endpoint(binding=Binding.SOAP, location=f"{host}/saml/artifact", index=0),),
            name_formats=(names.NameFormat.TRANSIENT.value, names.NameFormat.PERSISTENT.value),
            services=tuple(service(number, index) for index in range(2)),
            requests_signed=True,
            wants_assertions_signed=True,
        ),
        organisation_names=(("nl", f"Zorgaanbieder {number}"),),
        organisation_addresses=(("nl", host),),
        contacts=(
            EntityContact(
                role="technical",
                company="Leverancier",
                name="Beheer",
                mail=f"beheer@sp{number}.example",
                telephone="+31 20 000 0000",
            ),
            EntityContact(
                role="administrative", company="Zorg", name="Kantoor", mail=f"k@sp{number}.example"
            ),
        ),
    )


def service(number: int, index: int) -> ServiceIndex:
    """Return a service with its own number."""
    asked = RequestedAttribute(
        name=names.GDI_SERVICE_UUID, values=(f"00000000-0000-0000-{index:04}-{number:012}",)
    )
    return ServiceIndex(
        index=index,
        names=(("nl", f"Dienst {index} van zorgaanbieder {number}"), ("en", f"Service {index}")),
        attributes=(asked,),
    )


REGISTER_ITSELF = DecisionPointMetadata(
    entity_id="https://hub.example/saml/mandates/metadata",
    valid_until=NEXT_YEAR,
    cache_seconds=86_400,
    keys=KEYS[:2],
    decisions=(Endpoint(binding=names.AUTHZEN, location="https://hub.example/access/v1/evaluation"),),
)
HUB_ITSELF = EntityMetadata(
    entity_id=HUB,
    valid_until=NEXT_YEAR,
    cache_seconds=86_400,
    identity_provider=IdentityProviderRole(
        keys=KEYS,
        sign_on=(Endpoint(binding=Binding.POST, location="https://hub.example/saml/sso"),),
        logout=(Endpoint(binding=Binding.POST, location="https://hub.example/saml/slo"),),
        artifact=(Endpoint(binding=Binding.SOAP, location="https://hub.example/saml/artifact", index=0),),
        name_formats=(names.NameFormat.TRANSIENT.value,),
        wants_requests_signed=True,
    ),
    service_provider=ServiceProviderRole(
        keys=KEYS,
        consumers=(Endpoint(binding=Binding.POST, location="https://hub.example/saml/acs", index=0),),
        requests_signed=True,
        wants_assertions_signed=True,
    ),
    organisation_names=(("nl", "Toegang"),),
    organisation_addresses=(("nl", "https://hub.example/"),),
    contacts=(EntityContact(role="support", name="Desk", mail="desk@hub.example"),),
    certifications=("http://eidas.europa.eu/LoA/substantial",),
)


def bent(octets: bytes, *bends: tuple[str, str]) -> bytes:
    """Take the signature off, bend what is said, and have it signed again by whom is trusted."""
    root = etree.fromstring(octets)
    root.remove(root[0])
    text = etree.tostring(root, encoding="unicode")
    for old, new in bends:
        assert old in text, old
        text = text.replace(old, new, 1)
    return sign(etree.fromstring(text), KEY)


def read(octets: bytes, now: datetime = NOW) -> tuple[EntityMetadata, ...]:
    """Read what the trusted key signed."""
    return read_metadata(octets, TRUST, now)
