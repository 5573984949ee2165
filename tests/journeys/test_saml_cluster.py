"""A supplier with one connection for many providers: who asks for whom, and for which service."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.hostile.scenes import events
from tests.journeys.house import BENCH, CLINIC, PERMIT, TOWN, House, means, service
from tests.journeys.saml_party import SamlParty, enrol
from tests.journeys.test_saml_login import BSN, DOSSIER, posted
from tests.journeys.test_saml_refusals import status_of
from toegang.assurance import Level
from toegang.audit.events import AssertionIssued
from toegang.catalogue.values import ClientId, EntityId, IdentityForm, Member, SamlProfile
from toegang.saml import names
from toegang.saml.messages import Attribute, Status

SUPPLIER, PRACTICE = "https://supplier.example/saml", "https://practice.example/saml"
CLUSTER = {
    "entity_id": SUPPLIER,
    "members": (Member(organisation=CLINIC, entity_id=EntityId(PRACTICE)),),
}


async def opened(house: House) -> tuple[SamlParty, SamlParty]:
    """Open a cluster in which the first service is the supplier's own; return supplier and member."""
    supplier = SamlParty(
        profile=SamlProfile.SAML2INT,
        services=(PERMIT, DOSSIER),
        entity_id=SUPPLIER,
        id=ClientId("cluster"),
        organisation=TOWN,
        more=CLUSTER,
    )
    member = replace(supplier, entity_id=PRACTICE, organisation=CLINIC)
    await house.put(
        service(DOSSIER, CLINIC, Level.LOW, identity=IdentityForm.PSEUDONYM),
        means(BENCH, Level.HIGH, gives_bsn=True),
        *supplier.records(house),
        member.entity(house),
    )
    return supplier, member


@pytest.mark.requires("STSAML-4.2")
async def test_a_member_of_a_plain_cluster_asks_for_itself_and_needs_to_name_no_service(
    lone_house: House,
) -> None:
    _, member = await opened(lone_house)
    told = await posted(lone_house, member, lone_house.browser())
    assert told.assertion is not None
    assert told.assertion.audiences == ((PRACTICE,),)
    [issued] = [each for each in await events(lone_house) if isinstance(each, AssertionIssued)]
    assert issued.service == DOSSIER


@pytest.mark.requires("STSAML-4.2")
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"extensions": (Attribute(name=names.GDI_INTENDED_AUDIENCE, values=(PRACTICE,)),)},
        {"extensions": (Attribute(name=names.GDI_SERVICE_UUID, values=(str(DOSSIER),)),)},
    ],
)
async def test_a_supplier_that_does_not_say_for_whom_or_which_service_is_told_so(
    lone_house: House, changes: dict[str, Any]
) -> None:
    supplier, _ = await opened(lone_house)
    person = await enrol(lone_house, BSN)
    request = supplier.request(lone_house, **changes)
    came_back = await supplier.ask(lone_house.browser(), request, person=str(person))
    found = await status_of(lone_house, supplier, came_back)
    assert replace(found, message="") == Status(code=names.REQUESTER, second=names.REQUEST_UNSUPPORTED)
