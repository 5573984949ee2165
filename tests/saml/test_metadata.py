"""Metadata: what we publish has everything in order, and what partners publish is read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import etree

from tests.saml.described import (
    HUB_ITSELF,
    KEY,
    KEYS,
    NOW,
    TRUST,
    bent,
    provider,
    read,
    service,
)
from tests.saml.strategies import partner_key
from toegang.errors import Misconfigured
from toegang.saml import names
from toegang.saml.metadata.read import Pinned, fingerprint, read_metadata
from toegang.saml.metadata.values import EntityMetadata, KeyUse, ServiceIndex
from toegang.saml.metadata.write import Group, write_metadata

OURS = write_metadata(HUB_ITSELF, "_ours", KEY)
SUPPLIER = Group(
    members=(provider(0), provider(1)),
    name="https://supplier.example/",
    valid_until=NOW + timedelta(days=30),
    cache_seconds=3_600,
)


def with_service(service: ServiceIndex) -> EntityMetadata:
    """Return a service provider with this service only."""
    value = provider(0)
    assert value.service_provider
    return replace(value, service_provider=replace(value.service_provider, services=(service,)))


def children(element: etree._Element) -> list[str]:
    return [etree.QName(each).localname for each in element]


@pytest.mark.requires("SAMLMeta-2.3.2", "SAMLMeta-2.4.2", "SAMLMeta-2.4.3", "SAMLMeta-2.4.4")
def test_our_own_metadata_has_everything_in_the_order_of_the_schema() -> None:
    root = etree.fromstring(OURS)
    assert children(root) == [
        "Signature",
        "Extensions",
        "IDPSSODescriptor",
        "SPSSODescriptor",
        "Organization",
        "ContactPerson",
    ]
    assert children(root[2]) == [
        *["KeyDescriptor"] * 3,
        "ArtifactResolutionService",
        "SingleLogoutService",
        "NameIDFormat",
        "SingleSignOnService",
    ]
    assert children(root[3]) == [*["KeyDescriptor"] * 3, "AssertionConsumerService"]
    assert children(root[4]) == ["OrganizationName", "OrganizationDisplayName", "OrganizationURL"]
    assert (root.get("validUntil"), root.get("cacheDuration")) == ("2027-01-01T00:00:00Z", "PT86400S")


@pytest.mark.requires("SAMLMeta-2.4.1.1", "STSAML-4.1")
def test_the_current_and_the_next_key_stand_there_with_name_and_certificate() -> None:
    info = [
        (each.getparent().get("use"), each.findtext(f"{{{names.DS}}}KeyName"))  # type: ignore[union-attr]
        for each in etree.fromstring(OURS)[2].iter(f"{{{names.DS}}}KeyInfo")
    ]
    assert info == [
        ("signing", "current"),
        ("signing", "next"),
        ("encryption", "current for encryption"),
    ]
    assert read(OURS) == (HUB_ITSELF,)


@pytest.mark.requires("SAMLMeta-2.3.1")
def test_a_supplier_publishes_itself_and_its_providers() -> None:
    octets = write_metadata(SUPPLIER, "_group", KEY)
    found = read(octets)
    assert [each.entity_id for each in found] == [each.entity_id for each in SUPPLIER.members]
    # What holds for the group holds for each in it, when it is sooner.
    assert {(each.valid_until, each.cache_seconds) for each in found} == {(SUPPLIER.valid_until, 3_600)}


def test_groups_may_stand_in_groups() -> None:
    inner = '<md:EntitiesDescriptor validUntil="2026-01-02T00:00:00Z"><md:EntityDescriptor '
    octets = bent(
        write_metadata(SUPPLIER, "_group", KEY),
        ("<md:EntityDescriptor ", inner),
        ("</md:EntityDescriptor>", "</md:EntityDescriptor></md:EntitiesDescriptor>"),
    )
    found = read(octets)
    assert [each.valid_until for each in found] == [NOW + timedelta(days=1), SUPPLIER.valid_until]


@pytest.mark.requires("SAMLMeta-4.3")
def test_metadata_may_be_pinned_by_its_octets_instead_of_a_key() -> None:
    trust = Pinned(sha256=fingerprint(OURS).upper())
    assert read_metadata(OURS, trust, NOW) == (HUB_ITSELF,)


@pytest.mark.requires("SAMLMeta-2.4.1.1")
def test_a_key_without_use_is_for_both() -> None:
    [found] = read(bent(OURS, ('use="signing"', ""), ('use="signing"', 'use="encryption"')))
    assert found.identity_provider
    assert [key.use for key in found.identity_provider.keys] == [
        KeyUse.BOTH,
        KeyUse.ENCRYPTION,
        KeyUse.ENCRYPTION,
    ]


def test_what_partners_write_and_we_do_not_use_is_passed_over() -> None:
    odd = (
        '<md:RoleDescriptor protocolSupportEnumeration="urn:x"/>'
        '<md:AttributeAuthorityDescriptor protocolSupportEnumeration="urn:x"/>'
        '<md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:1.1:protocol"/>'
        "<md:IDPSSODescriptor "
    )
    old = '<md:SingleSignOnService Binding="urn:mace:x" Location="https://old.example/"/>'
    octets = bent(
        OURS,
        ("<md:IDPSSODescriptor ", odd),
        ("<md:Extensions>", '<md:Extensions><r:Info xmlns:r="urn:r">x</r:Info>'),
        ("<md:SingleSignOnService ", old + "<md:SingleSignOnService "),
        ("<ds:X509Certificate>", "<ds:X509Certificate>\n  "),
        ("MII", "MI\r\n\tI"),
        ("<md:NameIDFormat>", "<md:NameIDFormat>\n  "),
        ("</md:ContactPerson>", "</md:ContactPerson><md:AdditionalMetadataLocation namespace='urn:x'/>"),
    )
    [found] = read(octets)
    assert found.identity_provider
    assert found.identity_provider.keys == KEYS
    assert len(found.identity_provider.sign_on) == 2


def test_a_provider_in_a_group_may_leave_signing_to_its_supplier() -> None:
    first, second = SUPPLIER.members
    assert second.service_provider
    without = replace(second.service_provider, keys=(partner_key("rsa", KeyUse.ENCRYPTION),))
    group = replace(SUPPLIER, members=(first, replace(second, service_provider=without)))
    found = read(write_metadata(group, "_group", KEY))[1].service_provider
    assert found == without


def test_a_demo_may_have_plain_addresses_on_its_own_machine() -> None:
    text = ('"https://hub.example/saml/sso"', '"http://localhost:8000/saml/sso"')
    [found] = read_metadata(bent(OURS, text), TRUST, NOW, plain_http=True)
    assert found.identity_provider
    assert found.identity_provider.sign_on[0].location == "http://localhost:8000/saml/sso"


@pytest.mark.parametrize(
    "value",
    [
        Group(members=()),
        replace(HUB_ITSELF, organisation_addresses=()),
        replace(HUB_ITSELF, organisation_names=()),
        EntityMetadata(entity_id="urn:x:y"),
        with_service(ServiceIndex(index=0, names=(("nl", "Dienst"),))),
        with_service(replace(service(0, 0), names=())),
    ],
)
def test_metadata_that_the_schema_has_no_form_for_is_not_written(value: EntityMetadata | Group) -> None:
    with pytest.raises(Misconfigured):
        write_metadata(value, "_document", KEY)


def test_an_entity_that_has_no_role_here_is_read() -> None:
    octets = bent(OURS, (names.SAMLP, "urn:x"), (names.SAMLP, "urn:x"))
    assert read(octets) == (replace(HUB_ITSELF, identity_provider=None, service_provider=None),)
