"""After a new login a person is where they were, at a page of ours, whatever the cookie says."""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode

import pytest

from toegang.web.goals import GOALS, goal_of, page_of
from toegang.web.routes import ROUTES
from toegang.web.table import Table

TEAM = "/account/teams/c2VhbGVk-_nep/019e0000-0000-7000-8000-000000000001"


def told(page: str) -> str:
    return "at~" + urlsafe_b64encode(page.encode()).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "page",
    [
        "https://evil.example/account/teams/x",
        "//evil.example/account/teams/x",
        "/account/teams//evil.example",
        "/account/teams/../../cockpit/keys",
        "/account/teams/x?after=//evil.example",
        "/account/teams/x#there",
        "/account/teams/x\nlocation: https://evil.example",
        "/account/teams/x\\evil",
        "/account/teams/",
        "/account/means/x",
        "/desk/mandate/x",
        "/oidc/authorize",
        "/account/teams/" + "/".join("abcdefgh"),
        "/account/teams/" + "x" * 2000,
        "/account/teams/é",
    ],
)
def test_no_cookie_leads_elsewhere_than_to_our_own_pages(page: str) -> None:
    assert page_of(told(page)) == "/account"


@pytest.mark.parametrize("goal", ["at~", "at~!", "at~_", "at~gA", "at~" + "A" * 9000, "//evil.example", "at"])
def test_what_no_cookie_of_ours_says_leads_home(goal: str) -> None:
    assert page_of(goal) == "/account"


@pytest.mark.parametrize(
    "page", [*GOALS.values(), TEAM, "/account/mandates/for/c2Vh", "/account/mandates/used"]
)
def test_a_page_is_come_back_to(page: str) -> None:
    assert page_of(goal_of(page, form=False)) == page


@pytest.mark.parametrize("act", ["add", "remove", "limit", "close"])
def test_of_a_form_the_page_that_it_stands_on_is_come_back_to(act: str) -> None:
    assert page_of(goal_of(f"{TEAM}/{act}", form=True)) == TEAM


@pytest.mark.parametrize("template", sorted({path for method, path, _ in ROUTES if method == "POST"}))
def test_no_form_leads_to_an_address_that_cannot_be_read(template: str) -> None:
    asked = re.sub("{[^}]*}", "019e0000-0000-7000-8000-000000000001", template)
    assert Table(ROUTES).find("GET", page_of(goal_of(asked, form=True))).handler is not None


def test_a_form_at_the_desk_leads_to_the_desk_and_anything_else_home() -> None:
    assert page_of(goal_of("/desk/mandate/abc", form=True)) == "/desk"
    assert page_of(goal_of("/account/means/abc", form=True)) == "/account"
    assert page_of(goal_of("/account/mandates/é", form=False)) == "/account/mandates"
    assert page_of(goal_of("/account/teams/" + "x" * 600, form=False)) == "/account"
