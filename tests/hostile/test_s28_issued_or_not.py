"""S28: whoever holds an assertion in our name can find out whether it was issued, also one signed by a thief.

A thief of the signing key makes what every library takes for ours. In the trail, under a signed checkpoint,
it does not stand.
"""

from __future__ import annotations

import re

import pytest

from tests.hostile.scenes import events
from tests.journeys.house import House
from tests.journeys.saml_party import enrol, hub_keys, ticket
from tests.journeys.test_saml_login import BSN, opened
from toegang.audit.events import AssertionIssued
from toegang.catalogue.values import SamlProfile
from toegang.saml import reading, writing
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
    forged = writing.assertion(ours, stolen)
    assert verify(admit(forged), hub_keys(house)).id == ours.id

    known = await issued(house)
    assert known == {ours.id: writing.fingerprint(held[0])}
    pretty = held[0].replace(b'"><', b'" ><', 1)
    assert writing.fingerprint(pretty) == known[ours.id]
    altered = writing.assertion(reading.read_assertion(verify(admit(forged), hub_keys(house))), stolen)
    bent = altered.replace(b'IssueInstant="2027', b'IssueInstant="2028', 1)
    assert writing.fingerprint(bent) != known[ours.id]
