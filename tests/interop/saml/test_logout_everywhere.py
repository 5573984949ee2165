"""Whoever logs out at one website is logged out at the others too: all foreign software, in Chromium."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from playwright.sync_api import Browser

from tests.browser.visitor import Visitor
from tests.interop.saml.house import House
from tests.interop.saml.peers import Peer
from tests.interop.saml.visits import arrive, at, log_in, told

pytestmark = pytest.mark.timeout(300)

# Shibboleth is told by SOAP, and only the others need the browser.
BY_BROWSER = ("node-saml", "simplesaml")
OTHERS = ("shibboleth", *BY_BROWSER)


def is_here(visitor: Visitor, peer: Peer, name: str) -> bool:
    """Tell whether a website knows somebody."""
    if name == "shibboleth":
        visitor.page.goto(f"{peer.url}/")
        return "Shib-Session-ID" in told(visitor)
    visitor.page.goto(f"{peer.url}/mine")
    return bool(told(visitor)["here"])


@pytest.mark.requires("SAMLProf-4.4", "SAMLCore-3.7.3")
def test_logging_out_at_one_website_leads_along_the_others_and_back(
    browser: Browser, house: House, providers: Mapping[str, Peer]
) -> None:
    with at(browser, house, "ahmet") as ahmet:
        first = providers["pysaml2"]
        log_in(ahmet, first)
        for name in OTHERS:
            ahmet.page.goto(providers[name].begin)
            ahmet.press("confirm")
            arrive(ahmet, providers[name])
            assert is_here(ahmet, providers[name], name)
        ahmet.page.goto(first.end)
        for _ in BY_BROWSER:
            lead = re.compile("^Uitloggen bij ")
            way = ahmet.page.get_by_role("button", name=lead).or_(ahmet.page.get_by_role("link", name=lead))
            way.wait_for()
            words = way.inner_text()
            way.click()
            ahmet.page.get_by_text(words, exact=True).wait_for(state="hidden")
        assert arrive(ahmet, first) == {"at": "/"}
        for name in OTHERS:
            assert not is_here(ahmet, providers[name], name)
