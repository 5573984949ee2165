"""S28: whoever holds an assertion in our name can find out whether it was issued, also one signed by a thief.

A thief of the signing key makes what every library takes for ours. In the trail, under a signed checkpoint,
it does not stand.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.hostile.scenes import events
from tests.journeys import acting as a
from tests.journeys.house import House
from tests.journeys.saml_party import REGISTER, enrol, hub_keys, register_keys, ticket
from tests.journeys.test_acting_for_organisations import persons
from tests.journeys.test_saml_acting import admitting
from tests.journeys.test_saml_login import BSN, DOSSIER, opened
from toegang.audit.events import AssertionIssued, DeclarationIssued
from toegang.catalogue.values import SamlProfile
from toegang.mandates.scope import Scope
from toegang.saml import names, reading, writing
from toegang.saml.document import admit
from toegang.saml.signature import verify


async def issued(house: House) -> dict[str, str]:
    """Return what the trail knows of: the hash of each assertion by its ID."""
    found = [event for event in await events(house) if isinstance(event, AssertionIssued)]
    return {event.assertion: event.digest for event in found}


@pytest.mark.requires("SAMLCore-2.3.3")
async def test_what_was_issued_stands_in_the_trail_and_what_a_thief_signed_does_not(house: House) -> None:
    asking = await opened(house, SamlProfile.ST_SAML)
    person = await enrol(house, BSN)
    came_back = await asking.ask(house.browser(), asking.request(house), person=str(person))
    answer = await asking.resolve(house, ticket(came_back)["SAMLart"])
    held = re.search(rb"<saml:Assertion .*</saml:Assertion>", answer.message or b"", re.DOTALL)
    assert held
    ours = reading.read_assertion(verify(admit(held[0]), hub_keys(house)))
    stolen = house.app.rooms.saml.metadata.keys.signing(house.clock.now())
    later = replace(ours, issued_at=ours.issued_at + timedelta(seconds=1))
    forged = writing.assertion(later, stolen)
    assert verify(admit(forged), hub_keys(house)).id == ours.id

    known = await issued(house)
    assert known == {ours.id: writing.fingerprint(held[0])}
    assert writing.fingerprint(forged) != known[ours.id]
    made_up = replace(ours, id="_nobody-was-logged-in")
    assert verify(admit(writing.assertion(made_up, stolen)), hub_keys(house)).id not in known


@pytest.mark.requires("STSAML-4.3")
async def test_a_declaration_stands_in_the_trail_and_one_of_a_thief_of_the_registers_key_does_not(
    lone_house: House,
) -> None:
    house = lone_house
    asking = await admitting(house)
    acts, mother = await persons(house, "999990019", "999990032")
    await a.given(house, mother, agent=acts, scopes=(Scope.of_service(DOSSIER),))
    browser = a.english(house)
    page = await asking.ask(browser, asking.request(house), person=str(acts))
    told = await asking.told(house, await a.post(browser, page, whom=a.offered(page)[0]))
    assert told.assertion is not None
    [held] = told.assertion.advice
    ours = reading.read_assertion(verify(admit(held), register_keys(house)))
    stolen = house.app.rooms.saml.register.signing(house.clock.now())
    forged = writing.assertion(replace(ours, issued_at=ours.issued_at + timedelta(seconds=1)), stolen)
    assert verify(admit(forged), register_keys(house)).id == ours.id

    [kept] = [event for event in await events(house) if isinstance(event, DeclarationIssued)]
    assert (kept.declaration, kept.digest) == (ours.id, writing.fingerprint(held))
    assert (kept.issuer, (str(kept.statement),)) == (REGISTER, ours.values(names.DECLARED_STATEMENT))
    assert writing.fingerprint(forged) != kept.digest
    assert list(await issued(house)) == [told.assertion.id]
