"""S20: moments at either end of the calendar, told by honest keys, are taken or refused, and are no fault."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from tests.hostile.savers import saver_of, savings_bank
from tests.journeys.house import ISSUER, House
from tests.journeys.saml_party import BYE, follow, form_of
from tests.journeys.test_saml_login import opened
from tests.means.elsewhere import code_of
from tests.means.identity_provider import IdentityProvider
from tests.means.savings_bank import savings
from tests.saml.samples import ASSERTION, NOW
from toegang.catalogue.partners.sources import SOONEST, Source
from toegang.catalogue.partners.takeover import Pins
from toegang.catalogue.values import IdentityForm, SamlProfile
from toegang.saml import writing
from toegang.saml.bearer import LATEST, SKEW, Expected, check_bearer
from toegang.saml.bindings import post
from toegang.saml.bindings.parameters import Carrier
from toegang.saml.keys import SigningKey
from toegang.saml.messages import Assertion, LogoutRequest, NameId
from toegang.saml.times import parse_duration

FIRST = datetime(1, 1, 1, tzinfo=UTC)
LAST = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.fixture
async def bank(lone_house: House) -> AsyncIterator[IdentityProvider]:
    async with savings_bank(lone_house) as running:
        await lone_house.put(savings(running, settings={"logout": "yes"}))
        yield running


async def bring(house: House, path: str, request: LogoutRequest, key: SigningKey) -> httpx2.Response:
    """Bring a wish to log out in a form."""
    fields = dict(post.fields(Carrier.REQUEST, writing.logout_request(request, key), None))
    browser = house.browser()
    return await follow(browser, await browser.post(path, data=fields))


def farewell(house: House, issuer: str, path: str, until: datetime) -> LogoutRequest:
    return LogoutRequest(
        id="_farewell",
        issuer=issuer,
        issued_at=house.clock.now(),
        destination=ISSUER + path,
        subject=NameId(value="_nobody"),
        not_on_or_after=until,
    )


@pytest.mark.parametrize("until", [FIRST, LAST])
async def test_a_wish_to_log_out_is_answered_whatever_its_end(lone_house: House, until: datetime) -> None:
    asking = await opened(lone_house, SamlProfile.SAML2INT, identity=IdentityForm.PSEUDONYM)
    request = farewell(lone_house, asking.entity_id, "/saml/slo", until)
    assert form_of(await bring(lone_house, "/saml/slo", request, asking.key))[0] == BYE


@pytest.mark.parametrize("until", [FIRST, LAST])
async def test_so_is_that_of_an_identity_provider(
    lone_house: House, bank: IdentityProvider, until: datetime
) -> None:
    request = farewell(lone_house, bank.entity_id, "/saml/means/slo", until)
    assert (await bring(lone_house, "/saml/means/slo", request, bank.key)).status_code == 200


def forever(assertion: Assertion) -> Assertion:
    [bearer] = assertion.confirmations
    return replace(
        assertion,
        not_before=FIRST,
        not_on_or_after=LAST,
        confirmations=(replace(bearer, not_on_or_after=LAST),),
        authn=replace(assertion.authn, session_until=LAST) if assertion.authn else None,
    )


@pytest.mark.requires("SAMLProf-4.1.4.3")
async def test_an_assertion_without_an_end_in_sight_counts_once(
    lone_house: House, bank: IdentityProvider
) -> None:
    saver = saver_of(lone_house, bank)
    told = forever(bank.assertion(await saver.leave()))
    octets = bank.signed(bank.response(saver.request, told))
    assert code_of(await saver.post(octets))
    again = saver_of(lone_house, bank)
    request = await again.leave()
    seen = replace(forever(bank.assertion(request)), id=told.id)
    assert "replayed" in (await again.post(bank.signed(bank.response(request, seen)))).text


def test_it_is_remembered_as_long_as_there_is_a_calendar() -> None:
    [bearer] = ASSERTION.confirmations
    expected = Expected(
        issuer=ASSERTION.issuer,
        audience=ASSERTION.audiences[0][0],
        recipient=bearer.recipient,
        request=bearer.in_response_to,
        asked_at=NOW,
        posted=True,
    )
    assert check_bearer(forever(ASSERTION), expected, NOW) == LATEST + SKEW


@pytest.mark.requires("SAMLMeta-2.3.2")
@pytest.mark.parametrize("cached", ["P1D", "P9999Y", "P999999Y999999M999999DT999999999H", "PT0S"])
@pytest.mark.parametrize("until", [None, FIRST, LAST])
def test_metadata_that_may_be_kept_for_ages_is_fetched_every_night_all_the_same(
    cached: str, until: datetime | None
) -> None:
    """Whoever says so keeps nobody else's metadata from being fetched: it would be a fault for all."""
    source = Source(
        address="https://partner.example/metadata",
        pins=Pins(sha256="00"),
        entities=frozenset(),
        fetched_at=NOW,
        cache=timedelta(seconds=parse_duration(cached)),
        until=until,
    )
    assert NOW + SOONEST <= source.due_at(None) <= NOW + timedelta(days=1)
