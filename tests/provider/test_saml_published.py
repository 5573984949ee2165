"""The catalogue of services as the business scheme publishes it."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest
from lxml import etree

from tests.catalogue import builders as b
from tests.saml import parties
from tests.saml.peers import bergshamra_says, signxml_says
from toegang.assurance import Level
from toegang.catalogue.values import (
    Attribute,
    AttributeGrant,
    IdentityForm,
    SamlProfile,
    ServiceNumber,
    SingleSignOn,
)
from toegang.provider.saml.published import published
from toegang.saml.metadata.values import KeyUse, PartnerKey
from toegang.saml.service_catalogue import ESC, LONGEST_NAME, ServiceCatalogue, write_service_catalogue

BROKER, OIN = "00000000000000000100", "00000000000000000200"
CERTIFICATE = base64.b64encode(parties.certificate("rsa", parties.SP)).decode()
NUMBERED = (ServiceNumber(index=7, service=b.PERMIT),)


def catalogue(*changed: object) -> ServiceCatalogue:
    """Describe a small catalogue with one connection by the business scheme."""
    grant = AttributeGrant(attribute=Attribute.BIRTH_DATE, purpose=b.text("To know your age"))
    entity = b.entity()
    role = replace(
        b.metadata().service_provider, keys=(PartnerKey(use=KeyUse.ENCRYPTION, certificate=CERTIFICATE),)
    )  # type: ignore[type-var]
    usual = (
        b.organisation(oin=OIN),
        b.service(
            identity=IdentityForm.KVK,
            level=Level.SUBSTANTIAL,
            attributes=(grant,),
            single_sign_on=SingleSignOn(allowed=True),
            names=b.text("A name that is longer than the scheme has room for, by quite a few characters"),
        ),
        b.connection(profile=SamlProfile.ETD, service_indexes=NUMBERED),
        replace(entity, metadata=replace(entity.metadata, service_provider=role)),
    )
    return published(b.snapshot(*usual, *changed), BROKER, "test", b.NOW)


@pytest.mark.requires("ETD-1.13")
def test_a_service_is_described_with_its_level_its_number_and_whom_it_serves() -> None:
    [provider] = catalogue().providers
    [service] = provider.services
    assert provider.oin == OIN
    assert service.service_id == f"urn:etoegang:DV:{OIN}:services:7"
    assert service.context_class == "urn:etoegang:core:assurance-class:loa3"
    assert service.concerned == ("urn:etoegang:1.9:EntityConcernedID:KvKnr",)
    assert [each.name for each in service.attributes] == ["urn:etoegang:1.9:attribute:DateOfBirth"]
    assert service.certificates == (CERTIFICATE,)


@pytest.mark.requires("ETD-1.13")
def test_it_is_signed_and_in_the_order_of_the_scheme() -> None:
    octets = write_service_catalogue(catalogue(), "_catalogue", parties.signing())
    assert (signxml_says(octets), bergshamra_says(octets)) == ("", "")
    root = etree.fromstring(octets)
    assert root.tag == f"{{{ESC}}}ServiceCatalogue"
    assert root.get(f"{{{ESC}}}Version", "").startswith("urn:etoegang:1.13:service-catalogue:test:")
    provider = root[1]
    assert [etree.QName(each).localname for each in provider] == [
        "ServiceProviderID",
        "OrganizationDisplayName",
        "OrganizationDisplayName",
        "ServiceDefinition",
        "ServiceInstance",
    ]
    definition = [etree.QName(each).localname for each in provider[3]]
    assert definition == [
        "ServiceUUID",
        "ServiceName",
        "ServiceName",
        "ServiceDescription",
        "ServiceDescription",
        "AuthnContextClassRef",
        "HerkenningsmakelaarId",
        "EntityConcernedTypesAllowed",
        "RequestedAttribute",
    ]
    instance = [etree.QName(each).localname for each in provider[4]]
    assert instance == [
        "ServiceID",
        "ServiceUUID",
        "InstanceOfService",
        "HerkenningsmakelaarId",
        "SSOSupport",
        "ServiceCertificate",
    ]
    names = [each.text or "" for each in provider[3].iter(f"{{{ESC}}}ServiceName")]
    assert max(map(len, names)) == LONGEST_NAME


def test_what_is_closed_has_no_number_or_is_of_another_profile_is_not_published() -> None:
    numbered = {"service_indexes": NUMBERED}
    for changed in (
        b.connection(profile=SamlProfile.ETD, enabled=False, **numbered),
        b.connection(profile=SamlProfile.ST_SAML, **numbered),
        b.connection(profile=SamlProfile.ETD),
        b.service(enabled=False),
        b.organisation(oin=""),
    ):
        assert catalogue(changed).providers == ()
