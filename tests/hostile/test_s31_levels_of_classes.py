"""S31: a class is what was proven, under the ceiling of the means; comparison and request raise nothing."""

from __future__ import annotations

import pytest

from tests.journeys.house import BENCH, CLINIC, House, means, service
from tests.journeys.saml_party import SamlParty, follow, ticket
from tests.journeys.test_saml_login import DOSSIER, opened
from toegang.assurance import Level, Scheme, name_of
from toegang.catalogue.values import IdentityForm, SamlProfile
from toegang.saml.messages import Comparison, RequestedContext


def named(*levels: Level, scheme: Scheme = Scheme.EIDAS) -> tuple[str, ...]:
    return tuple(str(name_of(level, scheme)) for level in levels)


async def answered(house: House, asking: SamlParty, requested: RequestedContext | None, proven: Level) -> str:
    """Return the class that is answered, or the second status code."""
    browser = house.browser()
    sent = await browser.get(asking.in_address(asking.request(house, requested=requested)))
    came_back = await follow(browser, sent, level=str(int(proven)))
    if came_back.status_code != 303:
        return "a page"
    assert ticket(came_back)
    told = await asking.told(house, came_back)
    if told.assertion is None or told.assertion.authn is None:
        return told.response.status.second.rpartition(":")[2]
    return told.assertion.authn.context_class


LOW, SUBSTANTIAL, HIGH = Level.LOW, Level.SUBSTANTIAL, Level.HIGH
EXACT, MINIMUM = Comparison.EXACT, Comparison.MINIMUM
ROWS = [
    # floor, comparison, asked, proven, answered
    (LOW, EXACT, (LOW,), HIGH, named(LOW)[0]),
    (LOW, EXACT, (LOW, HIGH), SUBSTANTIAL, named(LOW)[0]),
    (LOW, EXACT, (SUBSTANTIAL, HIGH), HIGH, named(HIGH)[0]),
    (LOW, EXACT, (HIGH,), SUBSTANTIAL, "a page"),
    (LOW, MINIMUM, (LOW,), SUBSTANTIAL, named(SUBSTANTIAL)[0]),
    (LOW, MINIMUM, (HIGH,), SUBSTANTIAL, "a page"),
    (SUBSTANTIAL, MINIMUM, (LOW,), LOW, "a page"),
    (SUBSTANTIAL, EXACT, (LOW,), SUBSTANTIAL, named(LOW)[0]),
]


@pytest.mark.requires("SAMLCore-3.3.2.2.1", "WDO-level")
@pytest.mark.parametrize(("floor", "comparison", "asked", "proven", "expected"), ROWS)
async def test_what_is_answered_was_proven(
    lone_house: House,
    floor: Level,
    comparison: Comparison,
    asked: tuple[Level, ...],
    proven: Level,
    expected: str,
) -> None:
    asking = await opened(lone_house, SamlProfile.SAML2INT, identity=IdentityForm.PSEUDONYM)
    await lone_house.put(service(DOSSIER, CLINIC, floor))
    requested = RequestedContext(classes=named(*asked), comparison=comparison)
    assert await answered(lone_house, asking, requested, proven) == expected


@pytest.mark.parametrize("comparison", [Comparison.BETTER, Comparison.MAXIMUM])
async def test_a_comparison_that_is_not_offered_is_refused(lone_house: House, comparison: Comparison) -> None:
    asking = await opened(lone_house, SamlProfile.SAML2INT, identity=IdentityForm.PSEUDONYM)
    requested = RequestedContext(classes=named(LOW), comparison=comparison)
    assert await answered(lone_house, asking, requested, HIGH) == "RequestUnsupported"


async def test_a_means_counts_for_no_more_than_it_is_admitted_for(lone_house: House) -> None:
    asking = await opened(lone_house, SamlProfile.SAML2INT, identity=IdentityForm.PSEUDONYM)
    await lone_house.put(means(BENCH, LOW))
    assert await answered(lone_house, asking, None, HIGH) == named(LOW)[0]


@pytest.mark.requires("ETD-LoA")
async def test_in_the_business_scheme_a_request_may_ask_less_than_the_catalogue_and_gets_what_was_proven(
    lone_house: House,
) -> None:
    asking = await opened(lone_house, SamlProfile.ETD, identity=IdentityForm.PSEUDONYM)
    await lone_house.put(service(DOSSIER, CLINIC, HIGH))
    less = RequestedContext(classes=named(LOW, scheme=Scheme.ETD), comparison=MINIMUM)
    assert await answered(lone_house, asking, less, SUBSTANTIAL) == named(SUBSTANTIAL, scheme=Scheme.ETD)[0]
    assert await answered(lone_house, asking, None, SUBSTANTIAL) == "a page"
