"""What the hub says of itself in SAML, and how partners hold it to its word."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.journeys.house import House
from tests.journeys.saml_party import ARS, HUB, SLO, SSO, hub_keys
from toegang.saml.document import METADATA, admit
from toegang.saml.metadata.values import EntityMetadata, KeyUse
from toegang.saml.names import Binding
from toegang.saml.signature import verify


@pytest.mark.requires("SAMLMeta-2.4.3", "STSAML-4.1")
async def test_our_metadata_is_signed_and_tells_addresses_and_keys(lone_house: House) -> None:
    answer = await lone_house.browser().get("/saml/metadata")
    assert answer.headers["content-type"] == "application/samlmetadata+xml"
    assert answer.headers["cache-control"] == "public, max-age=3600"
    proof = verify(admit(answer.content, METADATA), hub_keys(lone_house))
    assert proof.id.startswith("_")
    said = lone_house.app.rooms.saml.metadata.describe(lone_house.clock.now())
    assert isinstance(said, EntityMetadata)
    role = said.identity_provider
    assert role is not None
    assert said.entity_id == HUB
    assert {each.use for each in role.keys} == {KeyUse.SIGNING, KeyUse.ENCRYPTION}
    assert {(each.binding, each.location) for each in role.sign_on} == {
        (Binding.POST, SSO),
        (Binding.REDIRECT, SSO),
    }
    assert [(each.binding, each.location, each.index) for each in role.artifact] == [(Binding.SOAP, ARS, 0)]
    assert SLO in {each.location for each in role.logout}
    assert role.wants_requests_signed


async def test_the_document_is_kept_for_an_hour_and_then_made_anew(lone_house: House) -> None:
    browser = lone_house.browser()
    first = (await browser.get("/saml/metadata")).content
    assert (await browser.get("/saml/metadata")).content == first
    lone_house.clock.advance(timedelta(hours=1))
    assert (await browser.get("/saml/metadata")).content != first
