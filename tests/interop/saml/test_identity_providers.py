"""Each foreign identity provider, unchanged, is a login means of the hub, in Chromium.

What comes back by a form comes from another site, so without the hub's cookie; it finds its login still.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from playwright.sync_api import Browser

from tests.browser.visitor import Visitor
from tests.interop.saml.conftest import KNOWN, RSIN
from tests.interop.saml.house import House
from tests.interop.saml.peers import Peer
from tests.interop.saml.registrations import BANK, BROKER, CAMPUS, LOW
from tests.interop.saml.visits import arrive, at, begin, cookies_of, leave, posts

pytestmark = pytest.mark.timeout(300)

PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"


def at_campus(visitor: Visitor) -> None:
    """Fill in the form of SimpleSAMLphp."""
    visitor.page.fill("[name=username]", KNOWN[CAMPUS].id)
    visitor.page.fill("[name=password]", KNOWN[CAMPUS].id)
    visitor.page.locator("#regularsubmit button, [type=submit]").first.click()


def at_bank(visitor: Visitor) -> None:
    """Fill in the form of nanoidp."""
    visitor.page.fill("[name=username]", KNOWN[BANK].id)
    visitor.page.fill("[name=password]", KNOWN[BANK].id)
    visitor.page.locator("[type=submit]").first.click()


ACTS = {BANK: at_bank, CAMPUS: at_campus}


@pytest.mark.parametrize("name", sorted(ACTS))
def test_an_identity_provider_proves_an_account_that_the_hub_names_for_the_service(
    browser: Browser, house: House, providers: Mapping[str, Peer], means: Mapping[str, Peer], name: str
) -> None:
    seen = []
    for _ in range(2):
        with at(browser, house, "ahmet") as visitor:
            begin(visitor, providers["insurer"].begin, name)
            leave(visitor, means[name])
            with posts(visitor) as sent:
                ACTS[name](visitor)
                visitor.page.wait_for_url(f"{house.demo.hub}/login/**")
            # The form of another site came without any cookie of ours; an address needs none of this.
            assert [cookies_of(each) for each in sent] == ([set()] if name == CAMPUS else [])
            visitor.press("confirm")
            shown = arrive(visitor, providers["insurer"])
            assert shown["here"]
            assert (shown["format"], shown["level"]) == (PERSISTENT, LOW)
            seen.append(shown["name_id"])
    assert seen[0] == seen[1]
    assert KNOWN[name].name_id not in seen[0]


@pytest.mark.requires("ETD-1.13")
def test_a_company_that_pysaml2_asserts_logs_in_at_the_business_site_of_django(
    browser: Browser, house: House, providers: Mapping[str, Peer], means: Mapping[str, Peer]
) -> None:
    site = providers["django-digid"]
    with at(browser, house, "ahmet") as visitor:
        begin(visitor, f"{site.url}/eherkenning/login/", BROKER)
        leave(visitor, means[BROKER])
        visitor.page.locator(f"button[value={KNOWN[BROKER].id}]").click()
        visitor.page.wait_for_url(f"{house.demo.hub}/**")
        visitor.press("confirm")
        assert arrive(visitor, site) == {"here": True, "bsn": "", "rsin": RSIN}


@pytest.mark.requires("SAMLCore-3.2.2.2", "ETD-1.13")
def test_who_stops_at_an_identity_provider_goes_back_to_the_website_which_is_told(
    browser: Browser, house: House, providers: Mapping[str, Peer], means: Mapping[str, Peer]
) -> None:
    site = providers["django-digid"]
    with at(browser, house, "ahmet") as visitor:
        begin(visitor, f"{site.url}/eherkenning/login/", BROKER)
        leave(visitor, means[BROKER])
        visitor.page.locator("button[value='']").click()
        visitor.page.wait_for_url(f"{house.demo.hub}/**")
        visitor.page.get_by_text("Terug naar de website").click()
        [said] = arrive(visitor, site)["said"]
        assert "eHerkenning" in said
