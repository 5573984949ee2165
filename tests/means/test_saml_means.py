"""An external SAML identity provider as a login means: whole logins, what is asked and what comes out."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from tests.journeys.conftest import house_secrets
from tests.journeys.house import ISSUER, PERMIT, TOWN_CLIENT, House, demanding, open_house
from tests.journeys.party import claims
from tests.means.elsewhere import Customer, code_of
from tests.means.identity_provider import (
    LOW,
    SUBSTANTIAL,
    IdentityProvider,
    identity_provider,
    named,
)
from tests.means.openid_provider import OpenIdProvider
from tests.means.savings_bank import SAVINGS, Saver, savings
from toegang.assurance import Level
from toegang.saml.encryption import PRESCRIBED
from toegang.saml.messages import AuthnStatement, Comparison, NameId, Status
from toegang.saml.metadata.values import Endpoint
from toegang.saml.names import (
    AUTHN_FAILED,
    GDI_INTENDED_AUDIENCE,
    GDI_SERVICE_UUID,
    NO_AUTHN_CONTEXT,
    NO_AVAILABLE_IDP,
    RESPONDER,
    SUBJECT_ID,
    Binding,
    NameFormat,
)
from toegang.saml.writing import SignedPart

__all__ = ["house_secrets"]
LOA = "http://eidas.europa.eu/LoA/"


@pytest.fixture
async def house(house_secrets: Path, tmp_path: Path, sqlite_template: Path) -> AsyncIterator[House]:
    path = tmp_path / "toegang.db"
    shutil.copy(sqlite_template, path)
    async with open_house(house_secrets, tmp_path, f"sqlite:///{path}") as opened:
        yield opened


@pytest.fixture
async def bank(house: House) -> AsyncIterator[IdentityProvider]:
    async with identity_provider(house.app, house.clock) as running:
        await house.put(running.entity(), savings(running))
        yield running


@pytest.fixture
def saver(house: House, bank: IdentityProvider) -> Saver:
    return saver_of(house, bank)


def saver_of(house: House, bank: IdentityProvider) -> Saver:
    nobody = OpenIdProvider(clock=house.clock)
    return Saver(customer=Customer(house=house, provider=nobody), bank=bank)


async def told_of(saver: Saver, response: httpx2.Response) -> dict[str, object]:
    """Redeem what the browser brought to the service; return the claims of its ID token."""
    code = code_of(response)
    assert code, response.text
    tokens = (await saver.customer.party.redeem(saver.customer.browser, code)).json()
    return claims(tokens["id_token"])


@pytest.mark.parametrize("part", SignedPart)
async def test_a_saver_logs_in_whatever_of_the_answer_is_signed(saver: Saver, part: SignedPart) -> None:
    await saver.leave()
    told = await told_of(saver, await saver.answer(part))
    assert told["acr"] == LOA + "substantial"


@pytest.mark.requires("SAMLCore-3.4.1", "SAMLProf-4.1.4.1")
async def test_what_is_asked_is_signed_and_says_where_and_how_to_answer(
    saver: Saver, bank: IdentityProvider
) -> None:
    request = await saver.leave()
    assert request.issuer == f"{ISSUER}/saml/metadata"
    assert request.destination == f"{bank.url}/sso"
    assert request.consumer_url == f"{ISSUER}/saml/acs"
    assert request.binding == Binding.POST
    assert not request.force_authn
    assert request.requested
    assert request.requested.classes == (LOW, SUBSTANTIAL)
    assert request.requested.comparison is Comparison.EXACT
    assert request.scoping is None
    assert len(request.id) > 32
    assert len(saver.state) == 43


@pytest.mark.parametrize(
    ("comparison", "classes"), [("minimum", (LOW,)), ("exact", (LOW, SUBSTANTIAL)), ("none", None)]
)
async def test_a_level_is_asked_as_the_provider_understands_it(
    house: House, saver: Saver, bank: IdentityProvider, comparison: str, classes: tuple[str, ...] | None
) -> None:
    await house.put(savings(bank, settings={"comparison": comparison}))
    requested = (await saver.leave()).requested
    assert (requested.classes if requested else None) == classes
    assert requested is None or requested.comparison == comparison


@pytest.mark.requires("SAMLCore-3.4.1.2")
async def test_on_whose_behalf_is_told_where_the_admission_says_so(
    house: House, saver: Saver, bank: IdentityProvider
) -> None:
    await house.put(savings(bank, settings={"requester": "yes"}))
    scoping = (await saver.leave()).scoping
    assert scoping is not None
    assert scoping.requesters == (TOWN_CLIENT,)


@pytest.mark.requires("STSAML-4.2")
async def test_in_the_scheme_for_access_the_service_is_told_in_extensions(
    house: House, saver: Saver, bank: IdentityProvider
) -> None:
    await house.put(savings(bank, settings={"speaks": "st-saml", "comparison": "none"}))
    told = {each.name: each.values for each in (await saver.leave()).extensions}
    assert told == {GDI_INTENDED_AUDIENCE: (TOWN_CLIENT,), GDI_SERVICE_UUID: (str(PERMIT),)}


@pytest.mark.parametrize("binding", ["post", "redirect"])
async def test_the_request_travels_as_the_admission_says(
    house: House, saver: Saver, bank: IdentityProvider, binding: str
) -> None:
    await house.put(savings(bank, settings={"request_by": binding}))
    await saver.leave()
    assert code_of(await saver.answer())


async def test_the_page_that_posts_a_request_may_lead_to_the_provider_and_on_to_the_service(
    saver: Saver, bank: IdentityProvider
) -> None:
    gone = await saver.customer.leave(SAVINGS)
    page = await saver.customer.browser.get(gone)
    targets = page.headers["content-security-policy"].partition("form-action ")[2].partition(";")[0].split()
    assert {bank.url, "http://localhost:9000"} <= set(targets)
    assert (await saver.customer.house.browser().get(gone)).status_code == 403


@pytest.mark.requires("SAMLBind-3.6.6", "SAMLProf-4.1.4.1")
@pytest.mark.parametrize("part", SignedPart)
async def test_an_answer_behind_an_artifact_is_fetched(
    house: House, saver: Saver, bank: IdentityProvider, part: SignedPart
) -> None:
    await house.put(savings(bank, settings={"answer_by": "artifact"}))
    request = await saver.leave()
    assert request.binding == Binding.ARTIFACT
    octets = bank.signed(bank.response(request, bank.assertion(request)), part)
    back = bank.ticket(octets, saver.state, request.consumer_url)
    assert code_of(await saver.customer.come_back(back))
    assert len(bank.resolved) == 1


@pytest.mark.requires("STSAML-4.1")
async def test_a_bank_whose_artifact_service_demands_our_certificate_gets_it(house: House) -> None:
    tls = demanding(house.app.ground.settings)
    async with identity_provider(house.app, house.clock, tls=tls) as bank:
        await house.put(bank.entity(), savings(bank, settings={"answer_by": "artifact"}))
        saver = saver_of(house, bank)
        request = await saver.leave()
        octets = bank.signed(bank.response(request, bank.assertion(request)))
        back = bank.ticket(octets, saver.state, request.consumer_url)
        assert code_of(await saver.customer.come_back(back))


async def test_an_encrypted_assertion_in_a_signed_response_is_opened(
    saver: Saver, bank: IdentityProvider
) -> None:
    request = await saver.leave()
    assert code_of(await saver.post(bank.sealed(request, bank.assertion(request))))


async def test_the_cockpit_tells_which_key_of_ours_the_provider_still_encrypts_with(
    house: House, saver: Saver, bank: IdentityProvider
) -> None:
    cockpit = house.app.rooms.cockpit
    before = await cockpit.partner(bank.entity_id, house.clock.now())
    assert (before.ours, [key.seen_at for key in before.keys]) == ((), [None])
    request = await saver.leave()
    assert code_of(await saver.post(bank.sealed(request, bank.assertion(request))))
    view = await cockpit.partner(bank.entity_id, house.clock.now())
    [(ours, seen_at)] = view.ours
    assert (ours.dates.fingerprint, ours.use) == (bank.hub_lock.fingerprint, "encryption")
    assert [key.seen_at for key in view.keys] == [seen_at]


async def test_a_name_that_was_encrypted_for_us_tells_the_key_too(
    house: House, saver: Saver, bank: IdentityProvider
) -> None:
    await house.put(savings(bank, settings={"speaks": "etd"}))
    request = await saver.leave()
    who = NameId(value="a", name_qualifier="q")
    acting = bank.sealed_name(who, request.issuer, PRESCRIBED)
    attributes = (named("urn:etoegang:core:ActingSubjectID", acting),)
    assert code_of(await saver.answer(attributes=attributes))
    view = await house.app.rooms.cockpit.partner(bank.entity_id, house.clock.now())
    assert [ours.dates.fingerprint for ours, _ in view.ours] == [bank.hub_lock.fingerprint]


@pytest.mark.parametrize(("speaks", "opens"), [("plain", False), ("etd", True)])
async def test_old_ciphers_open_only_where_an_agreement_prescribes_them(
    house: House, saver: Saver, bank: IdentityProvider, speaks: str, opens: bool
) -> None:
    await house.put(savings(bank, settings={"speaks": speaks}))
    request = await saver.leave()
    acting = named("urn:etoegang:core:ActingSubjectID", NameId(value="a", name_qualifier="q"))
    assertion = bank.assertion(request, attributes=(acting,))
    response = await saver.post(bank.sealed(request, assertion, PRESCRIBED))
    assert bool(code_of(response)) is opens


@pytest.mark.parametrize(
    ("context", "proven"), [(LOW, "low"), (SUBSTANTIAL, "substantial")], ids=["low", "substantial"]
)
async def test_the_level_is_what_the_table_says(
    house: House, saver: Saver, context: str, proven: str
) -> None:
    await saver.leave()
    statement = AuthnStatement(at=house.clock.now(), context_class=context)
    assert (await told_of(saver, await saver.answer(authn=statement)))["acr"] == LOA + proven


async def test_the_ceiling_of_the_admission_caps_what_the_bank_says(
    house: House, saver: Saver, bank: IdentityProvider
) -> None:
    await house.put(savings(bank, ceiling=Level.LOW))
    await saver.leave()
    assert (await told_of(saver, await saver.answer()))["acr"] == LOA + "low"


async def test_a_class_that_the_table_does_not_have_proves_nothing(house: House, saver: Saver) -> None:
    await saver.leave()
    page = await saver.answer(authn=AuthnStatement(at=house.clock.now(), context_class=LOA + "high"))
    assert code_of(page) == ""
    assert 'value="bench"' in page.text


@pytest.mark.requires("SAMLCore-3.4.1")
async def test_a_fresh_login_is_asked_and_seen(house: House, saver: Saver, bank: IdentityProvider) -> None:
    request = await saver.leave(prompt="login")
    assert request.force_authn
    old = AuthnStatement(at=house.clock.now() - timedelta(minutes=5), context_class=SUBSTANTIAL)
    page = await saver.answer(authn=old)
    assert "proof-invalid" in page.text
    again = saver_of(house, bank)
    await again.leave(prompt="login")
    assert code_of(await again.answer())


async def test_the_service_is_told_when_the_person_logged_in_at_the_bank(house: House, saver: Saver) -> None:
    at = house.clock.now() - timedelta(minutes=5)
    await saver.leave()
    told = await told_of(saver, await saver.answer(authn=AuthnStatement(at=at, context_class=SUBSTANTIAL)))
    assert told["auth_time"] == int(at.timestamp())


async def test_a_name_that_does_not_last_names_nobody(saver: Saver) -> None:
    await saver.leave()
    passing = NameId(value="a", format=NameFormat.TRANSIENT.value)
    assert "proof-invalid" in (await saver.answer(subject=passing)).text


@pytest.mark.requires("SAML-SubjectID-2.3")
async def test_an_attribute_may_name_the_person_where_the_name_does_not_last(
    house: House, bank: IdentityProvider
) -> None:
    await house.put(savings(bank, settings={"subject": SUBJECT_ID}))
    subjects = []
    for number, who in enumerate(("one@bank.example", "one@bank.example", "two@bank.example")):
        again = saver_of(house, bank)
        await again.leave()
        passing = NameId(value=f"passing-{number}", format=NameFormat.TRANSIENT.value)
        answer = await again.answer(subject=passing, attributes=(named(SUBJECT_ID, who),))
        subjects.append((await told_of(again, answer))["sub"])
    assert subjects[0] == subjects[1] != subjects[2]


@pytest.mark.requires("STSAML-4.4")
@pytest.mark.parametrize("by", ["post", "artifact"])
@pytest.mark.parametrize(
    ("second", "told"),
    [
        (AUTHN_FAILED, "means-declined"),
        (NO_AUTHN_CONTEXT, "level-not-proven"),
        (NO_AVAILABLE_IDP, "unavailable"),
        ("", "means-declined"),
    ],
)
async def test_a_status_leads_to_the_ways_on(
    house: House, saver: Saver, bank: IdentityProvider, second: str, told: str, by: str
) -> None:
    await house.put(savings(bank, settings={"answer_by": by}))
    request = await saver.leave()
    status = Status(code=RESPONDER, second=second)
    octets = bank.signed(bank.response(request, None, status=status))
    if by == "post":
        page = await saver.post(octets)
    else:
        page = await saver.customer.come_back(bank.ticket(octets, saver.state, request.consumer_url))
    assert told in page.text
    assert 'value="again"' in page.text
    response = await saver.customer.send(page, do="back")
    assert "error=" in response.headers["location"]


async def test_the_hub_says_in_its_metadata_where_answers_come(house: House) -> None:
    metadata = (await house.browser().get("/saml/metadata")).text
    assert "SPSSODescriptor" in metadata
    assert f'Location="{ISSUER}/saml/acs"' in metadata


async def test_a_bank_whose_artifact_service_is_away_is_said(
    house: House, saver: Saver, bank: IdentityProvider
) -> None:
    nowhere = Endpoint(binding=Binding.SOAP, location="http://localhost:1/", index=0)
    await house.put(savings(bank, settings={"answer_by": "artifact"}), bank.entity(artifact=(nowhere,)))
    request = await saver.leave()
    page = await saver.customer.come_back(bank.ticket(b"", saver.state, request.consumer_url))
    assert "unavailable" in page.text
    assert 'value="again"' in page.text
