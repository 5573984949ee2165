"""Foreign SAML software, unchanged, on both sides of the hub, in Chromium.

Service providers log people in, show a refusal and log out. Identity providers are login means. Whoever logs
out at one website is logged out at the others too. The hub and the peers are two sites to the browser: what
comes back by a form comes without the cookies that say SameSite=Lax, and each must find its login all the
same. All of it is one file, so that the peers start once.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping

import pytest
from playwright.sync_api import Browser

from tests.browser.visitor import Visitor
from tests.interop.saml.conftest import KNOWN, RSIN
from tests.interop.saml.house import House
from tests.interop.saml.peers import Peer
from tests.interop.saml.registrations import BANK, BASIC, BROKER, CAMPUS, LEVELS, LOW
from tests.interop.saml.visits import (
    arrive,
    at,
    begin,
    cookies_of,
    leave,
    log_in,
    log_out,
    posts,
    stop,
    told,
)
from tests.operations.hub import eventually
from tests.running_demo import PATIENCE

pytestmark = pytest.mark.timeout(300)

PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
CANCELLED = "Authentication cancelled"
FAMILY_NAME = "urn:oid:2.5.4.4"
PAIRWISE = "urn:oasis:names:tc:SAML:attribute:pairwise-id"


@pytest.mark.requires("SAMLProf-4.1")
@pytest.mark.parametrize(
    ("name", "persona"),
    [("node-saml", "olena"), ("pysaml2", "ahmet"), ("python3-saml", "suharti"), ("simplesaml", "nadia")],
)
def test_a_library_logs_in_and_out(
    browser: Browser, house: House, providers: Mapping[str, Peer], name: str, persona: str
) -> None:
    with at(browser, house, persona) as visitor:
        shown = log_in(visitor, providers[name], LEVELS[name])
        assert shown["here"]
        assert shown["format"] == PERSISTENT
        assert shown["name_id"]
        assert shown["level"] == LEVELS[name]
        values = {
            key: [value] if isinstance(value, str) else value for key, value in shown["attributes"].items()
        }
        # pysaml2 calls what it knows by the names of directories.
        family_name = visitor.persona.record["names"]["family"]
        assert (values.get(FAMILY_NAME) or values["sn"])[0].endswith(family_name)
        assert (values.get(PAIRWISE) or values["pairwise-id"])[0].endswith("@localhost")
        log_out(visitor, providers[name])


@pytest.mark.requires("SAMLProf-4.1")
def test_shibboleth_logs_in_and_out(browser: Browser, house: House, providers: Mapping[str, Peer]) -> None:
    with at(browser, house, "pieter") as pieter:
        shown = log_in(pieter, providers["shibboleth"])
        assert pieter.heading == "Mine"
        assert shown["Shib-AuthnContext-Class"] == BASIC
        assert shown["family-name"] == pieter.persona.record["names"]["family"]
        assert shown["pairwise-id"].endswith("@localhost")
        log_out(pieter, providers["shibboleth"])


@pytest.mark.requires("SAMLProf-4.1", "STSAML-4.2")
def test_mod_auth_mellon_logs_in_and_out_behind_the_connection_of_a_supplier(
    browser: Browser, house: House, providers: Mapping[str, Peer]
) -> None:
    with at(browser, house, "pieter") as pieter:
        shown = log_in(pieter, providers["mellon"])
        assert pieter.heading == "Mine"
        assert shown["MELLON_NAME_ID"]
        assert shown[f"MELLON_{PAIRWISE}"].endswith("@localhost")
        log_out(pieter, providers["mellon"])


@pytest.mark.requires("LegacySAML-3")
def test_django_digid_logs_in_with_a_bsn_by_artifact_and_mutual_tls_and_logs_out(
    browser: Browser, house: House, providers: Mapping[str, Peer]
) -> None:
    digid = providers["django-digid"]
    with at(browser, house, "sanne") as sanne:
        known = {"here": True, "bsn": sanne.persona.bsn, "rsin": ""}
        assert log_in(sanne, digid, LOW) == known
        log_out(sanne, digid)
        assert log_in(sanne, digid, LOW) == known
        # Somebody who logs out at the hub is logged out here by SOAP.
        sanne.page.goto(f"{house.demo.hub}/oidc/logout")
        sanne.press("confirm")

        def is_out() -> bool:
            sanne.page.goto(f"{digid.url}/mine")
            return not told(sanne)["here"]

        eventually("the session at Django has ended", is_out, PATIENCE)


REFUSALS: Mapping[str, Callable[[Visitor, Peer], bool]] = {
    "django-digid": lambda visitor, _: "geannuleerd" in told(visitor)["said"][0],
    "mellon": lambda visitor, peer: CANCELLED in peer.said() and visitor.heading == "Unauthorized",
    "node-saml": lambda visitor, _: CANCELLED in told(visitor)["description"],
    "pysaml2": lambda visitor, _: told(visitor)["error"] == "StatusAuthnFailed",
    "python3-saml": lambda visitor, _: CANCELLED in told(visitor)["description"],
    "shibboleth": lambda visitor, _: "AuthnFailed" in visitor.page.url,
    "simplesaml": lambda visitor, _: told(visitor)["status"][2] == CANCELLED,
}
# Who has no telephone stops at the lower level; a telephone gets few messages a minute.
STOPPING: Mapping[str, tuple[str, str]] = defaultdict(
    lambda: ("ahmet", BASIC), {"django-digid": ("maximiliaan", LOW), "python3-saml": ("tess", LOW)}
)


@pytest.mark.requires("STSAML-4.4")
@pytest.mark.parametrize("name", sorted(REFUSALS))
def test_a_peer_shows_that_somebody_stopped(
    browser: Browser, house: House, providers: Mapping[str, Peer], name: str
) -> None:
    persona, level = STOPPING[name]
    with at(browser, house, persona) as visitor:
        stop(visitor, providers[name], level)
        assert REFUSALS[name](visitor, providers[name]), visitor.page.content()[:2000]


@pytest.mark.requires("SAMLBind-3.5")
@pytest.mark.parametrize(
    ("name", "cookie", "comes"),
    [("mellon", "mellon-session", True), ("pysaml2", "pysaml2-sp-session", False)],
)
def test_a_cookie_that_was_there_goes_along_with_the_form_of_the_hub_only_if_it_says_so(
    browser: Browser, house: House, providers: Mapping[str, Peer], name: str, cookie: str, comes: bool
) -> None:
    with at(browser, house, "ahmet") as ahmet:
        with posts(ahmet) as sent:
            log_in(ahmet, providers[name])
        [answer] = sent
        assert answer.url.startswith(providers[name].url)
        assert (cookie in cookies_of(answer)) is comes
        assert cookie in {each.get("name") for each in ahmet.page.context.cookies()}


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
