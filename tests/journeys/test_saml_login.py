"""A citizen logs in at a service that speaks SAML, by each of the four profiles."""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import httpx2
import pytest

from tests.hostile.scenes import events, names_of_events
from tests.journeys.house import BENCH, CLINIC, House, means, service, text
from tests.journeys.saml_party import (
    ACS,
    HUB,
    POST_ACS,
    SamlParty,
    Told,
    enrol,
    form_of,
    ticket,
)
from toegang.assurance import Level
from toegang.audit.events import AssertionIssued
from toegang.catalogue.values import (
    IdentityForm,
    Kind,
    Organisation,
    SamlProfile,
    ServiceId,
    ServiceNumber,
    SingleSignOn,
)
from toegang.saml import names
from toegang.saml.algorithms import DataCipher, KeyTransport
from toegang.saml.messages import Comparison, NameId, NameIdPolicy, RequestedContext, Status
from toegang.saml.names import SUCCESS, NameFormat

DOSSIER = ServiceId(UUID("01929d2e-0000-7000-8000-0000000000d0"))
BSN = "999990019"
SSO_OF_CARE = SingleSignOn(allowed=True, max_age=600)
CLINIC_OF_CARE = Organisation(id=CLINIC, names=text("Clinic"), kind=Kind.PRIVATE, sector="care")
CONTEXTS = {
    SamlProfile.ST_SAML: "http://eidas.europa.eu/LoA/high",
    SamlProfile.DIGID3: "urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI",
    SamlProfile.ETD: "urn:etoegang:core:assurance-class:loa4",
    SamlProfile.SAML2INT: "http://eidas.europa.eu/LoA/high",
}
COMPLETED = [
    "login:started",
    "login:means-chosen",
    "login:authenticated",
    "login:completed",
    "assertion:issued",
]


def party(profile: SamlProfile) -> SamlParty:
    numbered = (ServiceNumber(index=1, service=DOSSIER),)
    return SamlParty(profile=profile, services=(DOSSIER,), more={"service_indexes": numbered})


async def opened(house: House, profile: SamlProfile, **changes: object) -> SamlParty:
    """Open a service that is told a BSN, and the connection by which it is asked."""
    asked = {"identity": IdentityForm.BSN} | changes
    made = party(profile)
    await house.put(
        service(DOSSIER, CLINIC, Level.LOW, **asked),
        means(BENCH, Level.HIGH, gives_bsn=True),
        *made.records(house),
    )
    return made


@pytest.mark.parametrize("profile", SamlProfile)
async def test_a_login_by_artifact_tells_the_service_who_how_sure_and_for_whom(
    house: House, profile: SamlProfile
) -> None:
    asking = await opened(house, profile)
    person = await enrol(house, BSN)
    request = asking.request(house)
    came_back = await asking.ask(house.browser(), request, person=str(person))
    told = await asking.told(house, came_back)
    said = told.assertion
    assert said is not None
    assert said.authn is not None
    [confirmation] = said.confirmations
    until = house.clock.now() + timedelta(minutes=2)

    assert ticket(came_back)["RelayState"] == "a-state"
    assert told.response.status == Status(code=SUCCESS)
    assert said.issuer == HUB
    assert said.authn.context_class == CONTEXTS[profile]
    assert said.audiences == ((asking.entity_id,),)
    assert (confirmation.recipient, confirmation.in_response_to) == (ACS, request.id)
    assert (confirmation.not_on_or_after, said.not_on_or_after) == (until, until)
    assert confirmation.not_before is None
    assert (await names_of_events(house))[-5:] == COMPLETED


async def log_in(house: House, asking: SamlParty, **request: object) -> Told:
    """Log in somebody with a BSN by artifact, with something else in the request."""
    person = await enrol(house, BSN)
    asked = asking.request(house, **request)
    return await asking.told(house, await asking.ask(house.browser(), asked, person=str(person)))


def name_of(told: Told) -> NameId:
    assert told.assertion is not None
    assert isinstance(told.assertion.subject, NameId)
    return told.assertion.subject


def attribute_names(told: Told) -> list[str]:
    assert told.assertion is not None
    return [attribute.name for attribute in told.assertion.attributes]


@pytest.mark.requires("STSAML-4.3")
async def test_the_scheme_for_access_names_people_encrypted_and_sessions_by_a_name_for_once(
    lone_house: House,
) -> None:
    asking = await opened(lone_house, SamlProfile.ST_SAML)
    told = await log_in(lone_house, asking)
    subject, acting = name_of(told), asking.open(told, names.GDI_ACTING_SUBJECT)
    said = told.assertion
    assert said is not None
    assert said.authn is not None

    assert subject.format == NameFormat.TRANSIENT
    assert subject.value == said.authn.session_index
    assert (acting.value, acting.name_qualifier) == (BSN, names.GDI_LEGACY_BSN)
    assert (acting.format, acting.sp_name_qualifier) == (NameFormat.PERSISTENT, "")
    assert said.values(names.GDI_SERVICE_UUID) == (str(DOSSIER),)
    assert attribute_names(told) == [names.GDI_ACTING_SUBJECT, names.GDI_SERVICE_UUID]


@pytest.mark.requires("STSAML-4.3")
async def test_whoever_acts_for_a_child_is_told_beside_the_child_and_the_kind_of_authority(
    lone_house: House,
) -> None:
    asking = await opened(lone_house, SamlProfile.ST_SAML)
    parent, child = await enrol(lone_house, BSN), await enrol(lone_house, "999990032")
    request = asking.request(lone_house)
    came_back = await asking.ask(
        lone_house.browser(), request, person=str(parent), represents=f"person:{child}"
    )
    told = await asking.told(lone_house, came_back)

    assert asking.open(told, names.GDI_ACTING_SUBJECT).value == BSN
    assert asking.open(told, names.GDI_LEGAL_SUBJECT).value == "999990032"
    assert told.assertion is not None
    assert told.assertion.values(names.GDI_REPRESENTATION_TYPE) == (
        "urn:nl-eid-gdi:1.1:RT:Zorg_Volledig_Gezag_Kind",
    )
    [completed] = [event for event in await events(lone_house) if event.name == "login:completed"]
    assert getattr(completed, "represented", None) is True


@pytest.mark.requires("STSAML-4.3")
async def test_a_service_without_a_right_to_the_number_is_told_a_pseudonym_that_the_hub_qualifies(
    lone_house: House,
) -> None:
    asking = await opened(lone_house, SamlProfile.ST_SAML, identity=IdentityForm.PSEUDONYM)
    acting = [asking.open(await log_in(lone_house, asking), names.GDI_ACTING_SUBJECT) for _ in range(2)]
    assert acting[0] == acting[1]
    assert acting[0].name_qualifier == HUB
    assert BSN not in acting[0].value


@pytest.mark.requires("LegacySAML-3")
async def test_the_older_citizen_connection_is_told_a_sector_code_and_the_number(lone_house: House) -> None:
    asking = await opened(lone_house, SamlProfile.DIGID3)
    told = await log_in(lone_house, asking)
    assert name_of(told) == NameId(value=f"s00000000:{BSN}")
    assert attribute_names(told) == []


LOW = "urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorContract"
SMARTCARD = "urn:oasis:names:tc:SAML:2.0:ac:classes:Smartcard"


@pytest.mark.requires("LegacySAML-3")
@pytest.mark.parametrize(
    ("floor", "asked", "proven", "answered"),
    [
        (Level.LOW, None, Level.SUBSTANTIAL, LOW),
        (Level.LOW, LOW, Level.SUBSTANTIAL, LOW),
        (Level.LOW, SMARTCARD, Level.SUBSTANTIAL, SMARTCARD),
        (Level.SUBSTANTIAL, LOW, Level.SUBSTANTIAL, SMARTCARD),
        (Level.LOW, LOW, Level.HIGH, "urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI"),
    ],
)
async def test_substantial_is_told_as_such_where_it_is_asked(
    lone_house: House, floor: Level, asked: str | None, proven: Level, answered: str
) -> None:
    asking = await opened(lone_house, SamlProfile.DIGID3)
    await lone_house.put(service(DOSSIER, CLINIC, floor, identity=IdentityForm.BSN))
    requested = RequestedContext(classes=(asked,), comparison=Comparison.MINIMUM) if asked else None
    person = await enrol(lone_house, BSN)
    request = asking.request(lone_house, requested=requested)
    came_back = await asking.ask(
        lone_house.browser(), request, by_post=False, person=str(person), level=str(int(proven))
    )
    told = await asking.told(lone_house, came_back)
    assert told.assertion is not None
    assert told.assertion.authn is not None
    assert told.assertion.authn.context_class == answered


@pytest.mark.requires("ETD-1.13")
async def test_the_business_scheme_tells_an_organisation_by_its_number_and_who_acts_by_a_pseudonym(
    lone_house: House,
) -> None:
    asking = await opened(lone_house, SamlProfile.ETD, identity=IdentityForm.KVK)
    await lone_house.put(
        replace(means(BENCH, Level.HIGH), gives_organisation=True),
        replace(CLINIC_OF_CARE, oin="00000001003214345000"),
    )
    request = asking.request(lone_house)
    came_back = await asking.ask(lone_house.browser(), request, represents="kvk:90000011")
    told = await asking.told(lone_house, came_back)
    legal, acting = asking.open(told, names.ETD_LEGAL_SUBJECT), asking.open(told, names.ETD_ACTING_SUBJECT)
    assert told.assertion is not None

    assert (legal.value, legal.name_qualifier) == ("90000011", names.ETD_KVK)
    assert acting.name_qualifier == names.ETD_PSEUDONYM
    assert told.assertion.values(names.ETD_SERVICE_UUID) == (str(DOSSIER),)
    assert told.assertion.values(names.ETD_SERVICE_ID) == ("urn:etoegang:DV:00000001003214345000:services:1",)


async def posted(house: House, asking: SamlParty, browser: httpx2.AsyncClient, **changes: object) -> Told:
    """Log in by POST, and send the form that comes back."""
    person = await enrol(house, BSN)
    request = asking.request(house, **({"consumer_index": 1} | changes))
    page = await asking.ask(browser, request, person=str(person))
    action, fields = form_of(page)
    assert action == POST_ACS
    assert fields["RelayState"] == "a-state"
    return asking.read(house, b64decode(fields["SAMLResponse"]))


@pytest.mark.requires("SAML-SubjectID-3")
async def test_a_plain_deployment_is_posted_an_encrypted_assertion_with_a_pairwise_id(
    house: House,
) -> None:
    asking = await opened(house, SamlProfile.SAML2INT, identity=IdentityForm.PSEUDONYM)
    told = await posted(house, asking, house.browser())
    assert told.response.encrypted is not None
    assert told.response.destination == POST_ACS
    assert told.assertion is not None
    [pairwise] = told.assertion.values(names.PAIRWISE_ID)
    local, _, scope = str(pairwise).partition("@")
    assert (scope, local) == ("localhost", local.lower())
    assert attribute_names(told) == [names.PAIRWISE_ID]
    assert name_of(told).format == NameFormat.TRANSIENT


@pytest.mark.requires("SAMLMeta-2.4.1.1")
@pytest.mark.parametrize(
    ("listed", "transport", "cipher"),
    [
        ((), KeyTransport.OAEP_MGF1P, DataCipher.AES256_GCM),
        ((KeyTransport.OAEP_MGF1P, KeyTransport.OAEP), KeyTransport.OAEP, DataCipher.AES256_GCM),
        ((DataCipher.AES128_GCM,), KeyTransport.OAEP_MGF1P, DataCipher.AES128_GCM),
        (("http://www.w3.org/2001/04/xmlenc#rsa-1_5",), KeyTransport.OAEP_MGF1P, DataCipher.AES256_GCM),
        ((DataCipher.AES128_CBC,), KeyTransport.OAEP_MGF1P, DataCipher.AES256_GCM),
    ],
)
async def test_a_plain_deployment_gets_the_best_encryption_that_its_metadata_lists_and_none_that_is_weak(
    lone_house: House, listed: tuple[str, ...], transport: str, cipher: str
) -> None:
    asking = await opened(lone_house, SamlProfile.SAML2INT, identity=IdentityForm.PSEUDONYM)
    able = replace(asking, algorithms=listed)
    await lone_house.put(*able.records(lone_house))
    told = await posted(lone_house, able, lone_house.browser())
    assert told.assertion is not None
    assert told.response.encrypted is not None
    methods = re.findall(rb'EncryptionMethod Algorithm="([^"]+)"', told.response.encrypted)
    assert set(methods) == {transport.encode(), cipher.encode()}


@pytest.mark.requires("SAMLCore-8.3.7")
async def test_a_persistent_name_is_the_same_at_every_login_and_qualified_by_both(lone_house: House) -> None:
    asking = await opened(lone_house, SamlProfile.SAML2INT, identity=IdentityForm.PSEUDONYM)
    policy = NameIdPolicy(format=NameFormat.PERSISTENT, allow_create=True)
    browser = lone_house.browser()
    said = [name_of(await posted(lone_house, asking, browser, name_id_policy=policy)) for _ in range(2)]
    assert said[0] == said[1]
    assert (said[0].name_qualifier, said[0].sp_name_qualifier) == (HUB, asking.entity_id)


async def test_a_subject_id_is_given_only_where_services_share_a_sector(lone_house: House) -> None:
    asking = await opened(lone_house, SamlProfile.SAML2INT, identity=IdentityForm.PSEUDONYM)
    shared = {"identity": IdentityForm.PSEUDONYM, "pseudonym_sector": "care"}
    await lone_house.put(service(DOSSIER, CLINIC, Level.LOW, **shared))
    told = await posted(lone_house, asking, lone_house.browser())
    assert attribute_names(told) == [names.PAIRWISE_ID, names.SUBJECT_ID]


async def test_a_posted_answer_is_given_once_and_to_the_browser_that_asked(lone_house: House) -> None:
    asking = await opened(lone_house, SamlProfile.SAML2INT, identity=IdentityForm.PSEUDONYM)
    browser = lone_house.browser()
    request = asking.request(lone_house, consumer_index=1)
    page = await asking.ask(browser, request)
    address = str(page.url)
    assert (await browser.get(address)).status_code == 400
    second = await asking.ask(browser, asking.request(lone_house, consumer_index=1))
    assert second.status_code == 200

    waiting = await browser.post(
        "/saml/sso", data=asking.in_form(asking.request(lone_house, consumer_index=1))
    )
    while not waiting.headers["location"].startswith("/saml/answer/"):
        waiting = await browser.get(waiting.headers["location"])
    stranger = await lone_house.browser().get(waiting.headers["location"])
    assert stranger.status_code == 400
    assert "SAMLResponse" not in stranger.text


async def test_every_assertion_stands_in_the_trail_by_its_id_and_hash(lone_house: House) -> None:
    asking = await opened(lone_house, SamlProfile.ST_SAML)
    told = await log_in(lone_house, asking)
    [issued] = [event for event in await events(lone_house) if isinstance(event, AssertionIssued)]
    assert told.assertion is not None
    assert issued.assertion == told.assertion.id
    assert len(issued.digest) == 64


async def test_a_second_login_in_one_session_asks_nobody_anything_and_force_authn_asks_again(
    lone_house: House,
) -> None:
    asking = await opened(lone_house, SamlProfile.ST_SAML)
    await lone_house.put(
        service(DOSSIER, CLINIC, Level.LOW, identity=IdentityForm.BSN, single_sign_on=SSO_OF_CARE)
    )
    person, browser = await enrol(lone_house, BSN), lone_house.browser()
    await asking.ask(browser, asking.request(lone_house), person=str(person))
    passive = await asking.ask(browser, asking.request(lone_house, passive=True))
    told = await asking.told(lone_house, passive)
    assert told.response.status.code == SUCCESS
    anew = await browser.post("/saml/sso", data=asking.in_form(asking.request(lone_house, force_authn=True)))
    assert "/means/bench/" in anew.headers["location"]
