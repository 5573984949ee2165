"""Campaigns turned against people, as a blocker, as a way elsewhere, as markup; and their failing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.conftest import NOON
from tests.journeys.house import CLINIC, CLINIC_CLIENT, PORTAL, client
from tests.journeys.party import CLINIC_PARTY
from tests.web.citizens import Town
from tests.web.conftest import town
from tests.web.inviting import INVITED, campaigning, log_in, logs_in_uninvited, names, told
from tests.web.linked import code_of, put
from toegang.assurance import Step
from toegang.catalogue.check import Basis, check_text
from toegang.catalogue.export import as_text
from toegang.catalogue.snapshot import Snapshot
from toegang.catalogue.values import Text
from toegang.errors import Unavailable
from toegang.identity.people import PersonId
from toegang.login.invitations import Answers
from toegang.means.citizen.misuse import Report
from toegang.units import Unit

__all__ = ["town"]

PORTAL_URL = CLINIC_PARTY.for_service(PORTAL)


class Broken:
    """Answers that cannot be kept, or not even be looked for: the database is away at that very moment."""

    def __init__(self, *, finds: bool) -> None:
        self.finds = finds

    async def find(self, person: PersonId) -> Answers:  # noqa: ARG002
        if not self.finds:
            raise Unavailable
        return Answers()

    async def hold(self, unit: Unit, person: PersonId) -> Answers:  # noqa: ARG002
        raise Unavailable

    async def write(self, unit: Unit, person: PersonId, answers: Answers) -> None:
        """Never come to."""

    async def erase(self, unit: Unit, person: PersonId) -> None:
        """Never come to."""


@pytest.mark.parametrize(
    "asked", [{"max_age": "0"}, {"max_age": "900"}, {"prompt": "login"}], ids=["now", "aged", "login"]
)
async def test_a_service_in_a_hurry_is_not_kept_waiting(town: Town, asked: dict[str, str]) -> None:
    await campaigning(town)
    assert await logs_in_uninvited(town, CLINIC_PARTY.for_service(PORTAL, **asked))


async def test_nor_one_that_asks_silently_from_an_app_or_without_invitations(town: Town) -> None:
    await campaigning(town)
    browser = town.browser()
    page = await browser.open(CLINIC_PARTY.for_service(PORTAL, prompt="none"))
    assert "error=login_required" in page.address
    sso = town.rooms.catalogue.current.service(PORTAL)
    assert sso is not None
    await put(town, replace(sso, invitations=False))
    assert await logs_in_uninvited(town)
    await put(town, sso, client(CLINIC_CLIENT, CLINIC, (PORTAL,), native=True))
    assert await logs_in_uninvited(town)
    assert await told(town) == []


async def test_an_earlier_login_that_counts_again_is_answered_at_once(town: Town) -> None:
    await campaigning(town, again_after=1)
    browser = town.browser()
    await browser.send(await log_in(town, browser), do="go-on")
    town.bureau.later(minutes=5)
    assert code_of(await browser.open(PORTAL_URL))


async def test_who_reads_an_invitation_that_is_stopped_goes_on_by_any_button(town: Town) -> None:
    await campaigning(town, most=4)
    (campaign,) = town.rooms.catalogue.current.campaigns_at(PORTAL)
    for act in ("reload", "start-step", "go-on", "never-again"):
        browser = town.browser()
        page = await log_in(town, browser)
        assert page.title == INVITED, act
        await put(town, replace(campaign, enabled=False))
        page = await (browser.open(page.address) if act == "reload" else browser.send(page, do=act))
        assert code_of(page), act
        await put(town, campaign)
        town.bureau.later(days=31)
    assert "campaign:started" not in await names(town)


async def test_two_tabs_and_two_browsers_answer_one_invitation_once(town: Town) -> None:
    await campaigning(town)
    browser = town.browser()
    page = await log_in(town, browser)
    stranger = await town.browser().open(page.address)
    assert stranger.status == 403
    assert (await town.browser().send(stranger, page.address, do="go-on")).status == 403
    assert code_of(await browser.send(page, do="go-on"))
    assert (await browser.send(page, do="start-step")).status == 410
    assert await names(town) == ["campaign:shown", "campaign:declined"]


async def test_an_invitation_is_taken_by_nobody_who_is_not_invited(town: Town) -> None:
    await campaigning(town, share=0)
    browser = town.browser()
    page = await browser.open(PORTAL_URL)
    login = page.address.replace("/means/citizen/", "/login/").removesuffix("/password")
    for wish in ("go-on", "start-step", "never-again"):
        refused = await browser.send(page, login, do=wish)
        assert refused.status == 400, wish
        assert not code_of(refused)
    assert await told(town) == []


@pytest.mark.parametrize("finds", [True, False])
async def test_an_invitation_that_fails_fails_no_login(town: Town, finds: bool) -> None:
    await campaigning(town)
    object.__setattr__(town.rooms.logins.advancing.inviting, "answers", Broken(finds=finds))
    assert await logs_in_uninvited(town)
    assert await told(town) == []


async def test_words_of_a_campaign_are_words_and_lead_nowhere(town: Town) -> None:
    evil = Text(nl="<script>alert(1)</script>", en='"><a href="https://evil.example/">x</a>{{ 7*7 }}')
    await campaigning(town, title=evil, text=evil, leads_to=Step.HIGH)
    browser = town.browser()
    page = await log_in(town, browser)
    assert "<script>alert" not in page.text
    assert 'href="https://evil' not in page.text
    assert "{{ 7*7 }}" in page.text
    started = await browser.http.post(page.address, data={"csrf": page.csrf, "do": "start-step"})
    assert started.headers["location"] == "/account/cards"


async def test_who_waits_an_hour_is_told_so_and_the_service_too(town: Town) -> None:
    await campaigning(town)
    browser = town.browser()
    page = await log_in(town, browser)
    await browser.send(page, do="start-step")
    town.bureau.later(minutes=61)
    late = await browser.open(page.address)
    assert late.title == "Your time is over"
    back = await browser.send(late, do="back")
    assert "error=" in back.address


async def test_what_was_proven_must_still_hold_when_the_person_goes_on(town: Town) -> None:
    await campaigning(town)
    browser = town.browser()
    page = await log_in(town, browser)
    account = await town.bureau.account()
    await town.rooms.citizen.reporting.report(account.id, Report(login=""), town.bureau.now)
    assert "error=" in (await browser.send(page, do="go-on")).address


BASIS = Basis(before=Snapshot.of([]), now=NOON)
FILE = """
campaigns:
  - id: up
    names: {{nl: Omhoog, en: Up}}
    title: {{nl: "{words}", en: "{words}"}}
    text: {{nl: "{words}", en: "{words}"}}
    steps: [{steps}]
    leads_to: {leads_to}
    until: 2099-01-01
"""


@pytest.mark.parametrize(
    ("words", "steps", "leads_to", "wrong"),
    [
        ("Ga naar https://toegang.example/x", "sms", "app", "an address"),
        ("Ga naar www.toegang.example", "sms", "app", "an address"),
        ("Mail naar hulp@toegang.example", "sms", "app", "an address"),
        ("Kijk op inloggen-digid.nl", "sms", "app", "an address"),
        ("javascript:/alert", "sms", "app", "an address"),
        ("<b>Doe het nu</b>", "sms", "app", "`<` or `>`"),
        ("Doe het \u202enu", "sms", "app", "turn the direction"),
        ("x" * 81, "sms", "app", "more than 80"),
        ("Doe het nu", "app", "sms", "no step up"),
        ("Doe het nu", "app", "app", "no step up"),
        ("Doe het nu", "", "app", "for nobody"),
        ("Doe het nu", "", "password", "nobody is invited to a password"),
        ("Doe het nu", "sms, everybody", "app", "`everybody` is not known here"),
    ],
)
def test_a_campaign_that_misleads_is_not_taken_into_the_catalogue(
    words: str, steps: str, leads_to: str, wrong: str
) -> None:
    text = FILE.format(words=words, steps=steps, leads_to=leads_to)
    assert any(wrong in problem.what for problem in check_text(text, BASIS).problems)


def test_a_campaign_without_an_end_or_with_a_link_is_refused_and_a_good_one_comes_back() -> None:
    good = FILE.format(words="Doe het nu", steps="password, sms", leads_to="app")
    endless = good.replace("    until: 2099-01-01\n", "")
    assert [each.what for each in check_text(endless, BASIS).problems] == ["`until` is missing"]
    linked = good + "    url: https://evil.example\n"
    assert "does not belong" in check_text(linked, BASIS).problems[0].what
    checked = check_text(good, BASIS)
    assert checked.problems == ()
    assert check_text(as_text(checked.after), BASIS).after == checked.after
