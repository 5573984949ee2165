"""People are invited, on their way to a service, to climb a step: shown, started, finished, never forced."""

from __future__ import annotations

from dataclasses import replace

from tests.journeys.house import PERMIT, PORTAL
from tests.journeys.party import CLINIC_PARTY, claims
from tests.means.telephones import PIN, Telephones
from tests.web.citizens import Town
from tests.web.conftest import town
from tests.web.inviting import INVITED, TO_APP, campaigning, log_in, logs_in_uninvited, names, told
from tests.web.linked import code_of, put
from toegang.assurance import Step
from toegang.audit.events import AccountStepChanged, CampaignFinished, CampaignShown
from toegang.catalogue.parts import CampaignId

__all__ = ["town"]


async def test_going_on_is_the_first_thing_offered_and_brings_the_person_to_the_service(town: Town) -> None:
    await campaigning(town)
    browser = town.browser()
    page = await log_in(town, browser)
    assert page.title == INVITED
    first, second, third = (
        page.text.index(f'value="{word}"') for word in ("go-on", "start-step", "never-again")
    )
    assert first < second < third
    page = await browser.send(page, do="go-on")
    tokens = (await CLINIC_PARTY.redeem(browser.http, code_of(page))).json()
    assert claims(tokens["id_token"])["acr"].endswith("/basic")
    shown, declined = await told(town)
    assert isinstance(shown, CampaignShown)
    assert (shown.campaign, shown.step, shown.leads_to, shown.service) == (
        TO_APP.id,
        Step.SMS,
        Step.APP,
        PORTAL,
    )
    assert declined.name == "campaign:declined"


async def test_who_starts_takes_the_step_and_comes_back_to_the_service(town: Town) -> None:
    await campaigning(town)
    browser, phones = town.browser(), Telephones(town=town)
    page = await log_in(town, browser)
    waiting = page.address
    page = await browser.send(page, do="start-step")
    page = await browser.send(page, means="citizen-account")
    device = phones.device()
    page = await town.anew(browser, page)
    assert f'href="{waiting}"' in page.text
    session = await phones.scan(browser, await browser.send(page, do="begin"), device)
    await device.activate(session, PIN, "Telephone")
    town.bureau.later(minutes=20)
    page = await browser.open(waiting)
    assert page.title.startswith("Go on to")
    page = await browser.send(page, do="go-on")
    assert code_of(page)
    assert await names(town) == ["campaign:shown", "campaign:started", "campaign:finished"]
    moved = [each for each in await town.bureau.events() if isinstance(each, AccountStepChanged)]
    assert [(each.before, each.after) for each in moved] == [(None, Step.SMS), (Step.SMS, Step.APP)]
    assert "waiting=;" in page.headers["set-cookie"]
    assert await logs_in_uninvited(town)


async def test_a_step_reached_too_late_is_not_counted_as_finished(town: Town) -> None:
    await campaigning(town, within=5)
    browser, phones = town.browser(), Telephones(town=town)
    page = await log_in(town, browser)
    await browser.send(page, do="start-step")
    town.bureau.later(days=5)
    await phones.add(town.browser())
    assert not any(isinstance(each, CampaignFinished) for each in await told(town))


async def test_nobody_is_asked_again_before_the_days_are_over_nor_too_often(town: Town) -> None:
    await campaigning(town, again_after=10, most=2)
    for wait, uninvited in ((0, False), (9, True), (1, False), (10, True), (300, True)):
        town.bureau.later(days=wait)
        assert await logs_in_uninvited(town) is uninvited


async def test_who_does_not_want_to_be_asked_is_not_asked_by_another_campaign_either(town: Town) -> None:
    await campaigning(town)
    browser = town.browser()
    assert code_of(await browser.send(await log_in(town, browser), do="never-again"))
    another = replace(town.rooms.catalogue.current.campaigns_at(PORTAL)[0], id=CampaignId("another"))
    await put(town, another)
    town.bureau.later(days=60)
    assert await logs_in_uninvited(town)
    assert await names(town) == ["campaign:shown", "campaign:never-again"]


async def test_of_two_campaigns_the_more_important_is_shown_and_one_a_day(town: Town) -> None:
    await campaigning(town)
    ends = town.rooms.catalogue.current.campaigns_at(PORTAL)[0].validity
    more = replace(
        TO_APP, id=CampaignId("more"), title=replace(TO_APP.title, en="More"), priority=5, validity=ends
    )
    await put(town, more)
    assert (await log_in(town, town.browser())).title == "More"
    assert await logs_in_uninvited(town)
    town.bureau.later(days=1)
    assert (await log_in(town, town.browser())).title == INVITED


async def test_a_campaign_is_for_its_steps_its_services_and_its_share_of_people(town: Town) -> None:
    await campaigning(town, steps=(Step.PASSWORD,))
    campaign = town.rooms.catalogue.current.campaigns_at(PORTAL)[0]
    assert await logs_in_uninvited(town)
    for changes in ({"services": (PERMIT,)}, {"share": 0}):
        await put(town, replace(campaign, steps=(Step.SMS,), **changes))
        assert await logs_in_uninvited(town)
    await put(town, replace(campaign, steps=(Step.SMS,), services=(PORTAL,)))
    assert not await logs_in_uninvited(town)
    assert await names(town) == ["campaign:shown"]


async def test_what_was_answered_goes_with_the_account(town: Town) -> None:
    await campaigning(town)
    browser = town.browser()
    await browser.send(await log_in(town, browser), do="never-again")
    account = await town.bureau.account()
    assert account.person is not None
    answers = town.rooms.logins.advancing.inviting.answers
    assert (await answers.find(account.person)).campaigns
    page = await browser.send(await browser.open("/account/end"), means="citizen-account")
    page = await town.anew(browser, page)
    await browser.send(page, sure="yes")
    assert not (await answers.find(account.person)).campaigns
