"""A town that invites its residents to climb a step, and what people do with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.journeys.house import PORTAL, text
from tests.journeys.party import CLINIC_PARTY
from tests.means.telephones import APP
from tests.web.citizens import Browser, Page, Town
from tests.web.linked import code_of, put
from toegang.assurance import Step
from toegang.audit.events import CampaignFinished, Event
from toegang.audit.events.campaigns import CampaignEvent
from toegang.catalogue.campaign import Campaign
from toegang.catalogue.parts import CampaignId, Validity

INVITED = "To the app en"
TO_APP = Campaign(
    id=CampaignId("to-the-app"),
    names=text("App"),
    title=text("To the app"),
    text=text("Then you need no text message"),
    steps=(Step.PASSWORD, Step.SMS),
    leads_to=Step.APP,
)


async def campaigning(town: Town, *others: Campaign, number: str = "06 12345678", **changes: object) -> Town:
    """Have a resident in a town whose hub runs a campaign, until a year from now."""
    await town.resident(town.browser(), number)
    ends = Validity(until=town.bureau.now + timedelta(days=365))
    await put(town, APP, replace(TO_APP, **{"validity": ends, **changes}), *others)  # type: ignore[arg-type]
    return town


async def log_in(town: Town, browser: Browser, address: str = "") -> Page:
    """Log in at the clinic's portal with a password alone, up to whatever comes after it."""
    page = await browser.open(address or CLINIC_PARTY.for_service(PORTAL))
    if page.title == "How do you want to log in?":
        page = await browser.send(page, means="citizen-account")
    return await town.sign_in(browser, page)


async def logs_in_uninvited(town: Town, address: str = "", browser: Browser | None = None) -> bool:
    """Tell whether a login goes on to its service at once."""
    page = await log_in(town, browser or town.browser(), address)
    assert page.title in {"", INVITED}, page.title
    return code_of(page) != ""


async def told(town: Town) -> list[Event]:
    """Return what the trail says of campaigns."""
    return [each for each in await town.bureau.events() if isinstance(each, CampaignEvent | CampaignFinished)]


async def names(town: Town) -> list[str]:
    """Return the names of what the trail says of campaigns."""
    return [each.name for each in await told(town)]
