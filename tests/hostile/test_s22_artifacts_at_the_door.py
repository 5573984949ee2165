"""S22, S23: an artifact gives its message once, to whom it is for, who proves it; else nothing, or no."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.edge import over_socket
from tests.hostile.scenes import events, names_of_events, second_node
from tests.journeys.house import House
from tests.journeys.saml_party import ARS, HUB, SamlParty, enrol, ticket
from tests.journeys.test_saml_login import BSN, opened, posted
from tests.saml import parties
from toegang.audit.events import ArtifactRefused, ConnectionRefused
from toegang.catalogue.values import ClientId, IdentityForm, SamlProfile
from toegang.provider.saml.profiles import ARTIFACT_LIFETIME
from toegang.saml import writing
from toegang.saml.bindings import artifact, soap
from toegang.saml.messages import ArtifactResolve
from toegang.saml.names import SUCCESS

MANY = 64
OTHER = "urn:nl-eid-gdi:1.0:DV:00000000000000000002:entities:9002"


async def artifact_for(house: House, asking: SamlParty) -> str:
    person = await enrol(house, BSN)
    came_back = await asking.ask(house.browser(), asking.request(house), person=str(person))
    return ticket(came_back)["SAMLart"]


async def is_empty(house: House, asking: SamlParty, text: str) -> bool:
    """Ask for a message, and tell whether the answer is a success without one."""
    answer = await asking.resolve(house, text)
    assert answer.status.code == SUCCESS
    return answer.message is None


def why(recorded: list[object]) -> list[str]:
    return [event.why.value for event in recorded if isinstance(event, ArtifactRefused)]


async def another(house: House, asking: SamlParty) -> SamlParty:
    """Open a second partner, of the same services."""
    other = asking.named(id=ClientId("other-saml"), entity_id=OTHER)
    await house.put(*other.records(house))
    return other


@pytest.mark.requires("SAMLBind-3.6.5", "STSAML-4.1")
async def test_of_many_at_once_on_two_nodes_one_gets_the_message(house: House) -> None:
    asking = await opened(house, SamlProfile.ST_SAML)
    text = await artifact_for(house, asking)
    async with second_node(house) as other:
        nodes = (house, other)
        tries = [
            asking.call(nodes[at % 2], "/saml/artifact", asking.resolving(nodes[at % 2], text))
            for at in range(MANY)
        ]
        answers = await asyncio.gather(*tries)
    won = [each for each in answers if each.status_code == 200 and b":Assertion" in each.content]
    assert len(won) <= 1
    assert {each.status_code for each in answers} <= {200, 503}
    assert (await names_of_events(house)).count("assertion:issued") == 1


@pytest.mark.requires("SAMLBind-3.6.6")
async def test_a_second_time_an_unknown_one_and_one_of_long_ago_give_nothing(lone_house: House) -> None:
    asking = await opened(lone_house, SamlProfile.ST_SAML)
    text = await artifact_for(lone_house, asking)
    assert not await is_empty(lone_house, asking, text)
    assert await is_empty(lone_house, asking, text)
    assert await is_empty(lone_house, asking, artifact.make(HUB, b"x" * 20).write())
    assert await is_empty(lone_house, asking, "not an artifact")
    late = await artifact_for(lone_house, asking)
    lone_house.clock.advance(ARTIFACT_LIFETIME)
    assert await is_empty(lone_house, asking, late)
    assert why(list(await events(lone_house))) == ["reused", "unknown", "unknown", "unknown"]


@pytest.mark.requires("SAMLBind-3.6.4")
async def test_an_artifact_of_another_maker_gives_nothing_and_uses_nothing_up(lone_house: House) -> None:
    asking = await opened(lone_house, SamlProfile.ST_SAML)
    text = await artifact_for(lone_house, asking)
    made = artifact.parse(text)
    bent = replace(made, source_id=artifact.source_id("https://other.example/metadata")).write()
    assert await is_empty(lone_house, asking, bent)
    assert await is_empty(lone_house, asking, replace(made, endpoint_index=1).write())
    assert not await is_empty(lone_house, asking, text)


async def test_another_partner_gets_nothing_and_then_nobody_does(lone_house: House) -> None:
    asking = await opened(lone_house, SamlProfile.ST_SAML)
    other = await another(lone_house, asking)
    text = await artifact_for(lone_house, asking)
    assert await is_empty(lone_house, other, text)
    assert await is_empty(lone_house, asking, text)
    recorded = await events(lone_house)
    assert why(list(recorded)) == ["foreign", "reused"]
    assert "assertion:issued" not in [event.name for event in recorded]


async def refused(house: House, envelope: bytes, headers: dict[str, str], status: int = 403) -> None:
    answer = await over_socket(house).post("/saml/artifact", content=envelope, headers=headers)
    assert answer.status_code == status, answer.text
    assert b"Fault" in answer.content
    assert b"Assertion" not in answer.content


@pytest.mark.requires("STSAML-4.1", "SAMLBind-3.2.3")
async def test_who_does_not_prove_to_be_the_partner_gets_nothing_and_uses_nothing_up(
    lone_house: House,
) -> None:
    asking = await opened(lone_house, SamlProfile.ST_SAML)
    other = await another(lone_house, asking)
    text = await artifact_for(lone_house, asking)
    envelope, own, foreign = asking.resolving(lone_house, text), asking.presented(), other.presented()
    asked = ArtifactResolve(
        id="_a", issuer=asking.entity_id, issued_at=lone_house.clock.now(), artifact=text, destination=ARS
    )
    by_other = soap.wrap(writing.artifact_resolve(asked, other.key))
    signed = writing.artifact_resolve(asked, asking.key)
    unsigned = signed.replace(b"ds:Signature", b"ds:Nothing")

    await refused(lone_house, envelope, {})
    await refused(lone_house, envelope, foreign)
    await refused(lone_house, by_other, own)
    await refused(lone_house, by_other, foreign)
    await refused(lone_house, soap.wrap(unsigned), own, status=400)
    await refused(lone_house, signed, own, status=400)
    await refused(lone_house, envelope.replace(text.encode(), text[:-4].encode() + b"AAA="), own)
    old = asking.resolving(lone_house, text, issued_at=lone_house.clock.now() - timedelta(minutes=10))
    await refused(lone_house, old, own, status=400)
    elsewhere = asking.resolving(lone_house, text, destination="https://elsewhere.example/artifact")
    await refused(lone_house, elsewhere, own, status=400)

    over_a_port = await lone_house.browser().post("/saml/artifact", content=envelope, headers=own)
    assert over_a_port.status_code == 403
    assert not await is_empty(lone_house, asking, text)
    recorded = [event for event in await events(lone_house) if isinstance(event, ConnectionRefused)]
    assert {(event.client, event.endpoint) for event in recorded} == {("saml-client", "artifact")}


async def test_a_plain_deployment_needs_no_certificate_but_its_signature(lone_house: House) -> None:
    asking = await opened(lone_house, SamlProfile.SAML2INT, identity=IdentityForm.PSEUDONYM)
    text = await artifact_for(lone_house, asking)
    envelope = asking.resolving(lone_house, text)
    answer = await lone_house.browser().post("/saml/artifact", content=envelope)
    assert answer.status_code == 200
    told = await posted(lone_house, asking, lone_house.browser())
    assert told.assertion is not None
    assert parties.certificate("rsa", asking.entity_id)


async def test_an_artifact_is_no_key_to_a_posted_answer_nor_the_other_way_round(lone_house: House) -> None:
    asking = await opened(lone_house, SamlProfile.SAML2INT, identity=IdentityForm.PSEUDONYM)
    text, browser = await artifact_for(lone_house, asking), lone_house.browser()
    page = await browser.get(f"/saml/answer/{text.replace('/', '%2F')}")
    assert page.status_code in {400, 404}
    assert "SAMLResponse" not in page.text


HEADER = b'<soap:Header><x xmlns="urn:x" soap:mustUnderstand="%s"/></soap:Header><soap:Body>'
OLD, NEW = b"http://schemas.xmlsoap.org/soap/envelope/", b"http://www.w3.org/2003/05/soap-envelope"
FAULTS = {
    "to be understood": ((b"<soap:Body>", HEADER % b"1"), "soap:MustUnderstand"),
    "another version": ((OLD, NEW), "soap:Client"),
    "neither true nor false": ((b"<soap:Body>", HEADER % b"x"), "soap:Client"),
    "two bodies": ((b"</soap:Body>", b"</soap:Body><soap:Body/>"), "soap:Client"),
    "something after it": ((b"</soap:Body>", b'</soap:Body><x xmlns="urn:x"/>'), "soap:Client"),
}


@pytest.mark.parametrize("path", ["/saml/artifact", "/saml/slo/soap"])
@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.requires("SAMLBind-3.2.2", "SOAP-4.4.1")
async def test_an_envelope_of_another_form_is_refused_by_its_own_word(
    lone_house: House, name: str, path: str
) -> None:
    asking = await opened(lone_house, SamlProfile.ST_SAML)
    text = await artifact_for(lone_house, asking)
    (old, new), fault = FAULTS[name]
    envelope = asking.resolving(lone_house, text)
    assert old in envelope
    answer = await asking.call(lone_house, path, envelope.replace(old, new))
    assert (answer.status_code, f"<faultcode>{fault}</faultcode>" in answer.text) == (400, True)
    assert not await is_empty(lone_house, asking, text)
