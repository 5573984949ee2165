"""Each foreign client, unchanged, logs somebody in, checks the level, shows a refusal and logs out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Browser

from demo.places import Party
from tests.browser.visitor import Visitor, at_a_browser
from tests.interop.registrations import LOW
from tests.operations.hub import eventually
from tests.running_demo import PATIENCE, RunningDemo

pytestmark = pytest.mark.timeout(200)


def told(visitor: Visitor) -> dict[str, Any]:
    """Read the JSON that a client shows."""
    found: dict[str, Any] = json.loads(visitor.page.locator("body").inner_text())
    return found


def log_in(visitor: Visitor, url: str) -> None:
    """Log in from an address of a client to the end."""
    visitor.page.goto(url)
    visitor.log_in()
    visitor.press("confirm")


def is_asked_who(visitor: Visitor) -> bool:
    """Tell whether this browser is asked at the hub how to log in: nobody is known any more."""
    return visitor.page.locator("button[name=means]").first.is_visible()


def log_out_at_the_hub(visitor: Visitor) -> None:
    """Log out there, where no client asks for it."""
    visitor.page.goto(f"{visitor.demo.hub}/oidc/logout")
    visitor.press("confirm")


def stop(visitor: Visitor, url: str) -> None:
    """Begin a login at a client, and stop it on the last page."""
    visitor.page.goto(url)
    visitor.log_in()
    visitor.press("stop")


@pytest.mark.requires("OIDCC-3.1.3")
def test_mod_auth_openidc_lets_in_at_the_level_that_it_requires(
    browser: Browser, running_demo: RunningDemo, apache: str
) -> None:
    with at_a_browser(browser, running_demo, "sanne") as sanne:
        log_in(sanne, f"{apache}/protected/")
        assert sanne.heading == "Mine"
        sanne.page.goto(f"{apache}/protected/callback?info=json")
        received = told(sanne)
        assert received["id_token"]["acr"] == LOW
        assert received["id_token"]["iss"] == running_demo.hub
        assert received["userinfo"]["family_name"] == "de Jong"
        assert received["userinfo"]["sub"] == received["id_token"]["sub"]
        sanne.page.goto(f"{apache}/protected/callback?logout={apache}/")
        assert sanne.heading == "Open"
        sanne.page.goto(f"{apache}/protected/")
        assert is_asked_who(sanne)


@pytest.mark.requires("OIDCBCL-2.5")
def test_mod_auth_openidc_ends_its_session_when_somebody_logs_out_at_the_hub(
    browser: Browser, running_demo: RunningDemo, apache: str
) -> None:
    with at_a_browser(browser, running_demo, "sanne") as sanne:
        log_in(sanne, f"{apache}/protected/")
        sanne.page.goto(f"{apache}/protected/")
        assert sanne.heading == "Mine"
        log_out_at_the_hub(sanne)

        def is_out() -> bool:
            sanne.page.goto(f"{apache}/protected/")
            return is_asked_who(sanne)

        eventually("the session at Apache has ended", is_out, PATIENCE)


def test_mod_auth_openidc_shows_a_refusal(browser: Browser, running_demo: RunningDemo, apache: str) -> None:
    with at_a_browser(browser, running_demo, "tess") as tess:
        stop(tess, f"{apache}/protected/")
        assert tess.page.url.startswith(apache)
        # This version takes the `iss` of an error (RFC 9207) for a login begun elsewhere, and refuses that.
        assert "Invalid Request" in tess.page.locator("body").inner_text()


@pytest.mark.requires("FAPI2-5.3.2.2", "RFC9126-2", "RFC9449-5")
def test_openid_client_logs_in_with_pushed_requests_and_dpop(
    browser: Browser, running_demo: RunningDemo, openid_client: str
) -> None:
    with at_a_browser(browser, running_demo, "suharti") as suharti:
        log_in(suharti, f"{openid_client}/login")
        received = told(suharti)
        assert received["token_type"] == "dpop"
        assert received["claims"]["acr"] == LOW
        assert received["userinfo"]["family_name"] == "Suharti"
        assert received["userinfo"]["sub"] == received["claims"]["sub"]
        suharti.page.goto(f"{openid_client}/renew")
        renewed = told(suharti)
        assert "error" not in renewed, renewed
        assert renewed["another"]
        assert renewed["userinfo"]["sub"] == received["claims"]["sub"]
        suharti.page.goto(f"{openid_client}/logout")
        assert told(suharti) == {"at": "/"}


def test_openid_client_receives_a_refusal(
    browser: Browser, running_demo: RunningDemo, openid_client: str
) -> None:
    with at_a_browser(browser, running_demo, "olena") as olena:
        stop(olena, f"{openid_client}/login")
        assert told(olena)["error"] == "access_denied"


@pytest.mark.requires("OIDCC-3.1.3")
def test_mozilla_django_oidc_logs_in_with_a_secret(
    browser: Browser, running_demo: RunningDemo, django: str
) -> None:
    with at_a_browser(browser, running_demo, "maximiliaan") as maximiliaan:
        log_in(maximiliaan, f"{django}/oidc/authenticate/")
        received = told(maximiliaan)
        assert received["acr"] == LOW
        assert received["sub"]
        assert received["family_name"].startswith("van der Oldenborgh")
        maximiliaan.page.goto(f"{django}/oidc/logout/")
        assert told(maximiliaan) == {"at": "/"}
        maximiliaan.page.goto(f"{django}/mine")
        assert not told(maximiliaan)["here"]
        maximiliaan.page.goto(f"{django}/oidc/authenticate/")
        assert is_asked_who(maximiliaan)


def test_mozilla_django_oidc_shows_a_refusal(
    browser: Browser, running_demo: RunningDemo, django: str
) -> None:
    with at_a_browser(browser, running_demo, "nadia") as nadia:
        stop(nadia, f"{django}/oidc/authenticate/")
        assert told(nadia) == {"at": "/refused"}


@pytest.mark.requires("NLGOV-OIDC")
def test_authlib_logs_in_with_a_pushed_request_and_a_key(browser: Browser, running_demo: RunningDemo) -> None:
    with at_a_browser(browser, running_demo, "pieter") as pieter:
        pieter.open(Party.HOSPITAL, "Mijn De Linde")
        pieter.log_in(second_step=False)
        pieter.press("confirm")
        received = json.loads(pieter.page.locator("pre").text_content() or "")
        assert received["id_token"]["acr"] == "http://eid.logius.nl/LoA/basic"
        assert received["userinfo"]["sub"] == received["id_token"]["sub"]


@pytest.mark.requires("OIDCRPL-2", "OIDCBCL-2.5")
def test_authlib_logs_out_at_the_hub_and_ends_its_session_when_the_hub_does(
    browser: Browser, running_demo: RunningDemo
) -> None:
    with at_a_browser(browser, running_demo, "pieter") as pieter:
        log_in_at_the_hospital(pieter)
        pieter.push("Log uit")
        assert pieter.page.url.startswith(running_demo.places.url(Party.HOSPITAL))
        assert not is_inside(pieter)
        log_in_at_the_hospital(pieter)
        log_out_at_the_hub(pieter)
        pieter.page.goto(running_demo.places.url(Party.HOSPITAL))
        eventually("the session at the hospital has ended", lambda: not is_inside(pieter), PATIENCE)


def log_in_at_the_hospital(visitor: Visitor) -> None:
    visitor.open(Party.HOSPITAL, "Mijn De Linde")
    visitor.log_in(second_step=False)
    visitor.press("confirm")
    visitor.page.goto(visitor.demo.places.url(Party.HOSPITAL))
    assert is_inside(visitor)


def is_inside(visitor: Visitor) -> bool:
    """Tell whether the website knows somebody: it offers to log out."""
    visitor.page.reload()
    return visitor.page.get_by_role("button", name="Log uit").is_visible()
