"""A service that speaks SAML always gets an answer, also when the answer is no; each by its own codes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from lxml import etree

from tests.hostile.scenes import events
from tests.journeys.house import (
    BENCH,
    CLINIC,
    LOW_MEANS,
    PERMIT,
    PORTAL,
    House,
    means,
    service,
)
from tests.journeys.saml_party import ACS, HERE, SamlParty, enrol, follow, ticket
from tests.journeys.test_saml_login import BSN, DOSSIER, opened, party
from toegang.assurance import Level
from toegang.audit.events import LoginRefused, RequestRefused
from toegang.catalogue.values import IdentityForm, SamlProfile
from toegang.provider.saml.status import CANCELLED
from toegang.saml import names, writing
from toegang.saml.bindings import post
from toegang.saml.bindings.parameters import Carrier
from toegang.saml.messages import (
    Attribute,
    Comparison,
    NameIdPolicy,
    RequestedContext,
    Scoping,
    Status,
)
from toegang.saml.names import NameFormat
from toegang.saml.signing import sign

Act = Callable[[House, SamlParty], Awaitable[httpx2.Response]]

HIGH_CLASS = "urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI"


async def status_of(house: House, asking: SamlParty, came_back: httpx2.Response) -> Status:
    """Return what the service is told, by a response that the hub signed, without an assertion."""
    assert came_back.status_code == 303, came_back.text[:600]
    assert came_back.headers["location"].startswith(ACS)
    told = await asking.told(house, came_back)
    assert told.assertion is None
    assert told.response.destination == ACS
    return told.response.status


def responder(second: str, message: str = "") -> Status:
    return Status(code=names.RESPONDER, second=second, message=message)


def requester(second: str, message: str = "") -> Status:
    return Status(code=names.REQUESTER, second=second, message=message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A request with something in it, and the codes that it is answered with."""

    status: Status
    profile: SamlProfile = SamlProfile.ST_SAML
    changes: dict[str, Any] = field(default_factory=dict)
    by_post: bool = True


CLASS = RequestedContext(classes=(HIGH_CLASS,), comparison=Comparison.MINIMUM)
UUID = Attribute(name=names.GDI_SERVICE_UUID, values=(str(DOSSIER),))
REFUSED: dict[str, Row] = {
    "provider unknown": Row(
        status=requester(names.NO_SUPPORTED_IDP, "None of the identity providers is known and open"),
        changes={"scoping": Scoping(providers=("urn:nobody",))},
    ),
    "level asked where none may be": Row(
        status=responder(names.REQUEST_UNSUPPORTED, "Level of assurance cannot be asked in this way"),
        changes={"requested": CLASS},
    ),
    "compared as exact where minimum is meant": Row(
        status=responder(names.REQUEST_UNSUPPORTED, "Level of assurance cannot be asked in this way"),
        profile=SamlProfile.DIGID3,
        changes={"requested": replace(CLASS, comparison=Comparison.EXACT)},
    ),
    "level unknown": Row(
        status=responder(names.NO_AUTHN_CONTEXT),
        profile=SamlProfile.DIGID3,
        changes={"requested": replace(CLASS, classes=("urn:unknown",))},
    ),
    "passive": Row(status=responder(names.NO_PASSIVE), changes={"passive": True}),
    "named by a kind of name that is not given": Row(
        status=requester(names.INVALID_NAME_ID_POLICY, "This format of NameID is not given"),
        changes={"name_id_policy": NameIdPolicy(format=NameFormat.PERSISTENT)},
    ),
    "service not named": Row(
        status=requester(names.REQUEST_UNSUPPORTED, "The service is not named"),
        changes={"service_index": None},
    ),
    "service named twice": Row(
        status=requester(names.REQUEST_UNSUPPORTED, "The service is named both by index and by UUID"),
        changes={"service_index": 1, "extensions": (UUID,)},
    ),
    "index means nothing": Row(
        status=requester(names.REQUEST_UNSUPPORTED, "AttributeConsumingServiceIndex means no service here"),
        changes={"service_index": 9},
    ),
    "service of another": Row(
        status=responder(names.REQUEST_DENIED),
        changes={
            "service_index": None,
            "extensions": (Attribute(name=names.GDI_SERVICE_UUID, values=(str(PERMIT),)),),
        },
    ),
    "for another entity": Row(
        status=requester(names.REQUEST_UNSUPPORTED, "IntendedAudience is not a provider of this connection"),
        changes={
            "service_index": None,
            "extensions": (UUID, Attribute(name=names.GDI_INTENDED_AUDIENCE, values=("urn:other",))),
        },
    ),
    "an assertion is brought": Row(
        status=requester(names.REQUEST_UNSUPPORTED, "IdpAssertion is not for requests of service providers"),
        changes={
            "extensions": (Attribute(name=names.GDI_IDP_ASSERTION, values=("PHNhbWw+",)),),
            "service_index": 1,
        },
    ),
    "by an address where only a form is meant": Row(
        status=requester(
            names.REQUEST_UNSUPPORTED, "Requests of this connection do not come by this binding"
        ),
        by_post=False,
    ),
    "address told by itself": Row(
        status=requester(names.REQUEST_UNSUPPORTED, "AssertionConsumerServiceIndex is missing"),
        changes={"consumer_index": None, "consumer_url": ACS},
    ),
}


@pytest.mark.requires("STSAML-4.4", "SAMLCore-3.2.2")
@pytest.mark.parametrize("name", REFUSED)
async def test_a_request_that_cannot_be_followed_is_answered_with_its_codes(
    lone_house: House, name: str
) -> None:
    row = REFUSED[name]
    asking = await opened(lone_house, row.profile)
    request = asking.request(lone_house, **row.changes)
    came_back = await asking.ask(lone_house.browser(), request, by_post=row.by_post)
    assert ticket(came_back)["RelayState"] == "a-state"
    assert await status_of(lone_house, asking, came_back) == row.status
    recorded = [
        event for event in await events(lone_house) if event.name in {"request:refused", "login:refused"}
    ]
    assert len(recorded) == 1


@pytest.mark.requires("SAMLCore-3.3.2.2.1", "STSAML-4.4")
async def test_a_level_asked_by_a_declaration_is_one_that_nobody_knows(lone_house: House) -> None:
    asking, browser = await opened(lone_house, SamlProfile.DIGID3), lone_house.browser()
    text = writing.authn_request(asking.request(lone_house, requested=CLASS), None).decode()
    bent = text.replace("AuthnContextClassRef", "AuthnContextDeclRef")
    signed = sign(etree.fromstring(bent), asking.key)
    fields = dict(post.fields(Carrier.REQUEST, signed, None))
    came_back = await follow(browser, await browser.post("/saml/sso", data=fields))
    assert await status_of(lone_house, asking, came_back) == responder(names.NO_AUTHN_CONTEXT)


@pytest.mark.requires("STSAML-4.4")
@pytest.mark.parametrize("closed", [{"blocked": True}, {"enabled": False}])
async def test_a_provider_that_is_closed_is_named_in_vain(lone_house: House, closed: dict[str, bool]) -> None:
    asking = await opened(lone_house, SamlProfile.ST_SAML)
    await lone_house.put(means(LOW_MEANS, Level.LOW, gives_bsn=True, **closed))
    alone, both = Scoping(providers=(LOW_MEANS,)), Scoping(providers=(LOW_MEANS, BENCH))
    came_back = await asking.ask(lone_house.browser(), asking.request(lone_house, scoping=alone))
    status = await status_of(lone_house, asking, came_back)
    assert (status.code, status.second) == (names.REQUESTER, names.NO_SUPPORTED_IDP)
    person = await enrol(lone_house, BSN)
    asked = asking.request(lone_house, scoping=both)
    came_back = await asking.ask(lone_house.browser(), asked, person=str(person))
    assert (await asking.told(lone_house, came_back)).assertion is not None


async def test_a_request_of_long_ago_and_one_from_the_future_are_denied(lone_house: House) -> None:
    asking = await opened(lone_house, SamlProfile.ST_SAML)
    for shift in (timedelta(minutes=-7), timedelta(minutes=2)):
        request = asking.request(lone_house, issued_at=lone_house.clock.now() + shift)
        came_back = await asking.ask(lone_house.browser(), request)
        status = await status_of(lone_house, asking, came_back)
        assert (status.code, status.second) == (names.REQUESTER, names.REQUEST_DENIED)
    for shift in (timedelta(minutes=-5), timedelta(seconds=50)):
        request = asking.request(lone_house, issued_at=lone_house.clock.now() + shift)
        sent = await lone_house.browser().post("/saml/sso", data=asking.in_form(request))
        assert sent.headers["location"].startswith("/saml/sso/")


@pytest.mark.requires("SAMLBind-3.4.3")
@pytest.mark.parametrize("profile", [SamlProfile.ST_SAML, SamlProfile.DIGID3, SamlProfile.ETD])
async def test_a_relay_state_that_is_too_long_is_answered_and_not_brought_back(
    lone_house: House, profile: SamlProfile
) -> None:
    asking, browser = await opened(lone_house, profile), lone_house.browser()
    fields = asking.in_form(asking.request(lone_house), None) | {"RelayState": "x" * 81}
    came_back = await follow(browser, await browser.post("/saml/sso", data=fields))
    assert "RelayState" not in ticket(came_back)
    status = await status_of(lone_house, asking, came_back)
    assert status == requester(names.REQUEST_UNSUPPORTED, "RelayState is too long")


async def page_of(house: House, asking: SamlParty, browser: httpx2.AsyncClient) -> httpx2.Response:
    """Ask a login where two means can be chosen, and return the page to choose from."""
    await house.put(means(LOW_MEANS, Level.LOW, gives_bsn=True))
    return await asking.ask(browser, asking.request(house))


@pytest.mark.requires("STSAML-4.4")
async def test_whoever_stops_is_told_to_the_service_in_exactly_these_words(house: House) -> None:
    asking, browser = await opened(house, SamlProfile.ST_SAML), house.browser()
    page = await page_of(house, asking, browser)
    proof = page.text.split('name="csrf" value="')[1].split('"')[0]
    stopped = await browser.post(str(page.url), data={"csrf": proof, "do": "stop"})
    assert await status_of(house, asking, stopped) == responder(
        names.AUTHN_FAILED, "Authentication cancelled"
    )
    assert CANCELLED == "Authentication cancelled"


async def test_a_level_that_nobody_reaches_is_told_as_such(lone_house: House) -> None:
    asking, browser = await opened(lone_house, SamlProfile.ST_SAML), lone_house.browser()
    await lone_house.put(means(BENCH, Level.BASIC, gives_bsn=True))
    page = await asking.ask(browser, asking.request(lone_house))
    proof = page.text.split('name="csrf" value="')[1].split('"')[0]
    back = await browser.post(str(page.url), data={"csrf": proof, "do": "back"})
    assert await status_of(lone_house, asking, back) == responder(names.NO_AUTHN_CONTEXT)


async def test_who_acts_for_an_organisation_is_no_answer_where_a_citizen_is_told(lone_house: House) -> None:
    asking = await opened(lone_house, SamlProfile.DIGID3)
    person, request = await enrol(lone_house, BSN), asking.request(lone_house)
    came_back = await asking.ask(lone_house.browser(), request, person=str(person), represents="kvk:90000011")
    assert await status_of(lone_house, asking, came_back) == responder(names.REQUEST_DENIED)
    [refused] = [event for event in await events(lone_house) if isinstance(event, LoginRefused)]
    assert refused.code == "not-entitled"


async def test_nobody_acts_for_an_organisation_so_its_service_is_denied(lone_house: House) -> None:
    asking = await opened(lone_house, SamlProfile.ETD, identity=IdentityForm.KVK)
    await lone_house.put(replace(means(BENCH, Level.HIGH), gives_organisation=True))
    came_back = await asking.ask(lone_house.browser(), asking.request(lone_house))
    assert await status_of(lone_house, asking, came_back) == responder(names.REQUEST_DENIED)


async def test_a_service_that_was_closed_meanwhile_is_told_so_when_it_resolves(lone_house: House) -> None:
    asking = await opened(lone_house, SamlProfile.ST_SAML)
    person = await enrol(lone_house, BSN)
    came_back = await asking.ask(lone_house.browser(), asking.request(lone_house), person=str(person))
    await lone_house.put(service(DOSSIER, CLINIC, Level.LOW, identity=IdentityForm.BSN, enabled=False))
    assert await status_of(lone_house, asking, came_back) == responder(names.REQUEST_DENIED)
    assert "assertion:issued" not in [event.name for event in await events(lone_house)]


async def test_only_the_means_that_the_service_names_are_offered(lone_house: House) -> None:
    asking = await opened(lone_house, SamlProfile.ST_SAML)
    await lone_house.put(means(LOW_MEANS, Level.LOW, gives_bsn=True, settings=(("entity_id", "urn:low"),)))
    scoping = Scoping(providers=("urn:low", "urn:unknown"), requesters=("urn:on-behalf",))
    person = await enrol(lone_house, BSN)
    came_back = await asking.ask(
        lone_house.browser(), asking.request(lone_house, scoping=scoping), person=str(person)
    )
    assert (await asking.told(lone_house, came_back)).assertion is not None
    [completed] = [event for event in await events(lone_house) if event.name == "login:completed"]
    assert getattr(completed, "means", "") == LOW_MEANS
    decision = await lone_house.app.rooms.logins.decisions.find(getattr(completed, "reference", ""))
    assert decision is not None
    assert decision.requesters == ("urn:on-behalf",)
    reasons = {offer.means: offer.reason for offer in decision.offers}
    assert reasons[BENCH] == "not-asked"


async def test_what_cannot_be_trusted_is_a_page_and_goes_nowhere(lone_house: House) -> None:
    asking = await opened(lone_house, SamlProfile.ST_SAML)
    stranger = party(SamlProfile.ST_SAML).named(entity_id="urn:stranger")
    for request, sender in (
        (asking.request(lone_house, consumer_index=7), asking),
        (asking.request(lone_house, destination="https://elsewhere.example/sso"), asking),
        (stranger.request(lone_house), stranger),
    ):
        page = await follow(
            lone_house.browser(), await lone_house.browser().post("/saml/sso", data=sender.in_form(request))
        )
        assert page.status_code in {400, 403}
        assert HERE not in page.text
        assert "<html" in page.text
    assert not [event for event in await events(lone_house) if isinstance(event, RequestRefused)]


async def test_services_are_told_apart_by_index_and_the_page_names_the_right_one(lone_house: House) -> None:
    asking = await opened(lone_house, SamlProfile.SAML2INT, identity=IdentityForm.PSEUDONYM)
    asking = asking.named(services=(DOSSIER, PORTAL))
    await lone_house.put(asking.connection)
    page = await page_of(lone_house, asking, lone_house.browser())
    assert "Service 0" in page.text
