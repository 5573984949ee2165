"""Metadata as parties of the scheme for access publish it: written so by us, and read as that."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.journeys.test_saml_structure import SIGNATURE, outline, shift
from tests.saml.described import KEY, NOW, TRUST
from tests.saml.parties import HUB, IDP, SP
from tests.saml.strategies import partner_key
from toegang.saml.metadata.read import read_metadata
from toegang.saml.metadata.values import (
    Endpoint,
    EntityMetadata,
    KeyUse,
    RequestedAttribute,
    ServiceIndex,
    ServiceProviderRole,
)
from toegang.saml.metadata.write import Group, write_metadata
from toegang.saml.names import GDI_SERVICE_UUID, Binding

UNTIL = datetime(2027, 1, 1, tzinfo=UTC)
ACS = (Endpoint(binding=Binding.ARTIFACT, location="https://lc.example/acs", index=0, default=True),)
LEAVE = (Endpoint(binding=Binding.POST, location="https://lc.example/logout"),)
SUPPLIER = EntityMetadata(
    entity_id="urn:nl-eid-gdi:1.0:LC:00000000000000000100:entities:9011",
    valid_until=UNTIL,
    service_provider=ServiceProviderRole(
        keys=(
            partner_key("rsa", KeyUse.SIGNING, IDP, "current"),
            partner_key("rsa", KeyUse.SIGNING, HUB, "next"),
        ),
        consumers=ACS,
        logout=LEAVE,
        requests_signed=True,
        wants_assertions_signed=True,
    ),
)
MEMBER = EntityMetadata(
    entity_id="urn:nl-eid-gdi:1.0:DV:00000000000000000200:entities:9002",
    valid_until=UNTIL,
    service_provider=ServiceProviderRole(
        keys=(partner_key("rsa", KeyUse.ENCRYPTION, SP, "theirs"),),
        consumers=ACS,
        requests_signed=True,
        wants_assertions_signed=True,
    ),
)
PROVIDER = EntityMetadata(
    entity_id="urn:nl-eid-gdi:1.0:DV:00000000000000000300:entities:9003",
    valid_until=UNTIL,
    service_provider=ServiceProviderRole(
        keys=(
            partner_key("rsa", KeyUse.SIGNING, IDP, "signs"),
            partner_key("rsa", KeyUse.ENCRYPTION, SP, "reads"),
        ),
        consumers=ACS,
        logout=LEAVE,
        services=(
            ServiceIndex(
                index=1,
                names=(("nl", "Dossier"),),
                default=True,
                attributes=(
                    RequestedAttribute(
                        name=GDI_SERVICE_UUID, values=("00000000-0000-0000-0000-000000000001",)
                    ),
                ),
            ),
        ),
        requests_signed=True,
        wants_assertions_signed=True,
    ),
)
ROLE = "    SPSSODescriptor AuthnRequestsSigned WantAssertionsSigned protocolSupportEnumeration"
A_KEY = """
        KeyDescriptor use
            KeyInfo
                KeyName
                X509Data
                    X509Certificate
""".strip("\n")
LOGOUT = "        SingleLogoutService Binding Location"
CONSUMER = "        AssertionConsumerService Binding Location index isDefault"
SERVICE = """
        AttributeConsumingService index isDefault
            ServiceName lang
            RequestedAttribute Name NameFormat
                AttributeValue
""".strip("\n")


def entity(*lines: str) -> str:
    return "\n".join(("EntityDescriptor entityID validUntil", ROLE, *lines))


def bare(text: str) -> str:
    """Leave out what may be there or not: an ID of its own, a format of names."""
    return text.replace("EntityDescriptor ID ", "EntityDescriptor ").replace(" NameFormat", "")


@pytest.mark.requires("STSAML-4.5", "SAMLMeta-2.3.1")
def test_a_supplier_publishes_itself_and_its_providers_in_one_signed_group() -> None:
    octets = write_metadata(Group(members=(SUPPLIER, MEMBER)), "_group", KEY)
    told = outline(octets)
    head, _, rest = told.partition("\n    EntityDescriptor")
    assert head.startswith("EntitiesDescriptor ID")
    assert head.endswith(SIGNATURE.strip("\n"))
    members = bare("    EntityDescriptor" + rest)
    expected = (entity(A_KEY, A_KEY, LOGOUT, CONSUMER), entity(A_KEY, CONSUMER))
    assert members == "\n".join(shift(each, 1) for each in expected)
    # A provider that its supplier signs for has no key of its own for that.
    assert read_metadata(octets, TRUST, NOW) == (SUPPLIER, MEMBER)


@pytest.mark.requires("STSAML-4.5", "SAMLMeta-2.4.4")
def test_a_provider_publishes_its_keys_addresses_and_services() -> None:
    octets = write_metadata(PROVIDER, "_one", KEY)
    told = bare(outline(octets)).splitlines()
    signature = SIGNATURE.strip("\n").splitlines()
    assert told[0] == "EntityDescriptor entityID validUntil"
    assert told[1 : 1 + len(signature)] == signature
    expected = bare(entity(A_KEY, A_KEY, LOGOUT, CONSUMER, SERVICE)).splitlines()
    assert told[1 + len(signature) :] == expected[1:]
    assert read_metadata(octets, TRUST, NOW) == (PROVIDER,)
