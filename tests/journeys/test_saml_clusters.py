"""One supplier with one technical connection serves many providers, and each has only its own."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from uuid import UUID

import httpx2
import pytest

from tests.hostile.scenes import events
from tests.journeys.house import BENCH, House, means, service, text
from tests.journeys.saml_party import SamlParty, Told, enrol, follow
from tests.journeys.test_saml_login import BSN
from tests.journeys.test_saml_refusals import requester, responder, status_of
from tests.saml import parties
from toegang.assurance import Level
from toegang.audit.events import LoginCompleted
from toegang.catalogue.values import (
    EntityId,
    IdentityForm,
    Kind,
    Member,
    Organisation,
    OrganisationId,
    SamlProfile,
    ServiceId,
)
from toegang.saml import names, reading
from toegang.saml.encryption import PRESCRIBED, decrypt_id
from toegang.saml.messages import Attribute, AuthnRequest, EncryptedId, NameId, Status
from toegang.saml.metadata.values import KeyUse

SUPPLIER = OrganisationId("supplier")
PRACTICES = {
    OrganisationId(f"practice-{number}"): (
        EntityId(f"urn:nl-eid-gdi:1.0:DV:0000000000000000010{number}:entities:9001"),
        ServiceId(UUID(f"01929d2e-0000-7000-8000-0000000000c{number}")),
    )
    for number in (1, 2)
}
FIRST, SECOND = PRACTICES
LC = "urn:nl-eid-gdi:1.0:LC:00000000000000000100:entities:9001"


@dataclass(frozen=True, slots=True)
class Cluster:
    """A supplier, and the first of its providers with keys of its own."""

    supplier: SamlParty
    own: SamlParty

    def request(self, house: House, practice: OrganisationId, **changes: object) -> AuthnRequest:
        entity, asked = PRACTICES[practice]
        extensions = (
            Attribute(name=names.GDI_INTENDED_AUDIENCE, values=(entity,)),
            Attribute(name=names.GDI_SERVICE_UUID, values=(str(asked),)),
        )
        made = {"extensions": extensions, "service_index": None} | changes
        return self.supplier.request(house, **made)

    async def log_in(self, house: House, practice: OrganisationId) -> Told:
        person = await enrol(house, BSN)
        request = self.request(house, practice)
        came_back = await self.supplier.ask(house.browser(), request, person=str(person))
        return await self.supplier.told(house, came_back)


async def clustered(house: House) -> Cluster:
    supplier = SamlParty(
        profile=SamlProfile.ST_SAML,
        services=tuple(asked for _, asked in PRACTICES.values()),
        entity_id=LC,
        organisation=SUPPLIER,
        more={
            "members": tuple(
                Member(organisation=owner, entity_id=entity) for owner, (entity, _) in PRACTICES.items()
            )
        },
    )
    own = SamlParty(
        profile=SamlProfile.ST_SAML,
        services=(),
        entity_id=PRACTICES[FIRST][0],
        organisation=FIRST,
    )
    await house.put(
        Organisation(id=SUPPLIER, names=text("Supplier"), kind=Kind.PRIVATE, sector="care", supplier=True),
        *(Organisation(id=owner, names=text(owner), kind=Kind.PRIVATE, sector="care") for owner in PRACTICES),
        *(
            service(asked, owner, Level.LOW, identity=IdentityForm.BSN)
            for owner, (_, asked) in PRACTICES.items()
        ),
        means(BENCH, Level.HIGH, gives_bsn=True),
        *supplier.records(house),
        own.entity(house),
    )
    return Cluster(supplier, own)


def opened_by(party: SamlParty, told: Told, recipient: str) -> NameId:
    assert told.assertion is not None
    [value] = told.assertion.values(names.GDI_ACTING_SUBJECT)
    assert isinstance(value, EncryptedId)
    assert value.recipient == recipient
    return reading.read_name_id(decrypt_id(value, party.decryptions, PRESCRIBED, told.proof).octets)


@pytest.mark.requires("STSAML-4.2", "STSAML-4.3")
async def test_the_answer_is_for_the_provider_and_its_supplier_and_counts_for_the_provider(
    house: House,
) -> None:
    cluster = await clustered(house)
    told = await cluster.log_in(house, SECOND)
    entity, asked = PRACTICES[SECOND]
    assert told.assertion is not None
    assert told.assertion.audiences == ((entity, LC),)
    assert told.assertion.values(names.GDI_SERVICE_UUID) == (str(asked),)
    [completed] = [event for event in await events(house) if isinstance(event, LoginCompleted)]
    assert (completed.organisation, completed.client) == (SECOND, cluster.supplier.id)


async def test_a_provider_with_keys_of_its_own_reads_what_its_supplier_cannot(lone_house: House) -> None:
    cluster = await clustered(lone_house)
    first, second = await cluster.log_in(lone_house, FIRST), await cluster.log_in(lone_house, SECOND)
    assert opened_by(cluster.own, first, PRACTICES[FIRST][0]).value == BSN
    assert opened_by(cluster.supplier, second, PRACTICES[SECOND][0]).value == BSN


async def test_the_page_names_the_provider_and_not_its_supplier(lone_house: House) -> None:
    cluster, browser = await clustered(lone_house), lone_house.browser()
    await lone_house.put(means(type(BENCH)("bench-second"), Level.HIGH, gives_bsn=True))
    page = await cluster.supplier.ask(browser, cluster.request(lone_house, FIRST))
    assert "practice-1 nl" in page.text
    assert "Supplier" not in page.text


async def refused(house: House, cluster: Cluster, request: AuthnRequest) -> Status:
    browser: httpx2.AsyncClient = house.browser()
    came_back = await follow(browser, await browser.post("/saml/sso", data=cluster.supplier.in_form(request)))
    return await status_of(house, cluster.supplier, came_back)


@pytest.mark.requires("STSAML-4.2")
async def test_a_cluster_names_provider_and_service_and_no_service_of_another(lone_house: House) -> None:
    cluster = await clustered(lone_house)
    entity, own = PRACTICES[FIRST]
    foreign = PRACTICES[SECOND][1]

    def with_(audience: str | None, asked: ServiceId | None) -> AuthnRequest:
        told = {names.GDI_INTENDED_AUDIENCE: audience, names.GDI_SERVICE_UUID: str(asked) if asked else None}
        extensions = tuple(Attribute(name=name, values=(value,)) for name, value in told.items() if value)
        return cluster.request(lone_house, FIRST, extensions=extensions)

    whom = requester(names.REQUEST_UNSUPPORTED, "IntendedAudience is not a provider of this connection")
    assert await refused(lone_house, cluster, with_(None, own)) == whom
    assert await refused(lone_house, cluster, with_("urn:other", own)) == whom
    assert await refused(lone_house, cluster, with_(LC, own)) == whom
    assert await refused(lone_house, cluster, with_(entity, None)) == requester(
        names.REQUEST_UNSUPPORTED, "A cluster names the service by ServiceUUID"
    )
    assert await refused(lone_house, cluster, with_(entity, foreign)) == responder(names.REQUEST_DENIED)


async def test_a_provider_that_was_closed_takes_no_other_with_it(lone_house: House) -> None:
    cluster = await clustered(lone_house)
    await lone_house.put(
        Organisation(id=FIRST, names=text(FIRST), kind=Kind.PRIVATE, sector="care", enabled=False)
    )
    assert await refused(lone_house, cluster, cluster.request(lone_house, FIRST)) == responder(
        names.REQUEST_DENIED
    )
    assert (await cluster.log_in(lone_house, SECOND)).assertion is not None


@pytest.mark.requires("STSAML-4.3")
async def test_while_a_partner_changes_its_key_what_is_encrypted_opens_with_both(lone_house: House) -> None:
    cluster = await clustered(lone_house)
    entity = cluster.supplier.entity(lone_house)
    role = entity.metadata.service_provider
    assert role is not None
    keys = (*role.keys, replace(role.keys[0], certificate=certificate_of("next"), use=KeyUse.ENCRYPTION))
    metadata = replace(entity.metadata, service_provider=replace(role, keys=keys))
    await lone_house.put(replace(entity, metadata=metadata))
    told = await cluster.log_in(lone_house, SECOND)
    assert told.assertion is not None
    [value] = told.assertion.values(names.GDI_ACTING_SUBJECT)
    assert isinstance(value, EncryptedId)
    for holder in (LC, "next"):
        keys_of_holder = (parties.decryption(holder),)
        opened = decrypt_id(value, keys_of_holder, PRESCRIBED, told.proof)
        assert reading.read_name_id(opened.octets).value == BSN


def certificate_of(who: str) -> str:
    return base64.b64encode(parties.certificate("rsa", who)).decode()
