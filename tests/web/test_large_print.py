"""Letters in large print: chosen in My account, at a desk or when applying; erased at the end.

Every letter from then on follows the choice.
"""

from __future__ import annotations

import json
import re
from datetime import timedelta

from tests.means.bureau import SANNE
from tests.web.citizens import PARTICULARS, TWICE, Browser, Town
from tests.web.desks import VISIT, desks_in
from toegang.audit.events import AccountLargePrintSet, DeskIdentityChecked
from toegang.means.citizen.account import Status
from toegang.means.citizen.holding import SuspensionReason
from toegang.means.citizen.operating import Suspension
from toegang.means.citizen.posting import AMSTERDAM


async def chooses(town: Town, browser: Browser, size: str) -> None:
    page = await town.anew(browser, await browser.open("/account/letters"))
    assert (await browser.send(page, letter_size=size)).title == "Your choice for letters was saved"


async def large_letters(town: Town) -> list[object]:
    return [letter["large_print"] for letter in await town.bureau.letters()]


async def forgets(town: Town) -> None:
    """Have a letter for recovery sent."""
    browser = town.browser()
    page = await browser.open("/account/forgotten")
    await browser.send(page, user_name="sanne88", bsn=SANNE.digits)


async def test_letters_are_in_normal_print_until_the_person_chooses(town: Town) -> None:
    await town.applied(town.browser())
    assert await large_letters(town) == [False]


async def test_letters_are_as_the_person_chose_and_the_choice_is_undone(town: Town) -> None:
    await town.resident(town.browser())
    for size, large in (("large", True), ("normal", False)):
        await chooses(town, town.browser(), size)
        await town.bureau.letters()
        await forgets(town)
        assert await large_letters(town) == [large]
        town.bureau.later(days=31)
    events = [each for each in await town.bureau.events() if isinstance(each, AccountLargePrintSet)]
    assert [each.wanted for each in events] == [True, False]


async def test_the_page_shows_the_choice_and_the_download_has_it(town: Town) -> None:
    await town.resident(town.browser())
    browser = town.browser()
    await chooses(town, browser, "large")
    shown = (await browser.open("/account/letters")).text
    assert re.search(r"Now your letters are in</dt>\s*<dd[^>]*>large print</dd>", shown)
    sent = await browser.send(await browser.open("/account/data"), do="json")
    [account] = json.loads(sent.text)["account"]
    assert account["large_print"] is True


async def test_the_end_erases_the_choice_and_its_own_letter_still_follows_it(town: Town) -> None:
    await town.resident(town.browser())
    browser = town.browser()
    await chooses(town, browser, "large")
    kept = await town.bureau.account()
    await town.bureau.letters()
    await browser.send(await browser.open("/account/end"), sure="yes")
    ended = await town.bureau.desk.accounts.find(kept.id)
    assert ended is not None
    assert (ended.status, ended.large_print) == (Status.ENDED, False)
    assert await large_letters(town) == [True]


async def test_a_choice_asks_a_login_of_just_now_and_a_form_of_ours(town: Town) -> None:
    await town.resident(town.browser())
    browser = town.browser()
    page = await town.anew(browser, await browser.open("/account/letters"))
    assert (await browser.send(page, csrf="0" * 64, letter_size="large")).status == 403
    assert (await browser.send(page, letter_size="huge")).wrong == ["letter_size"]
    town.bureau.later(minutes=16)
    assert (await browser.send(page, letter_size="large")).title == "Log in with user name and password"
    assert not (await town.bureau.account()).large_print


async def test_it_is_ticked_in_the_application_and_the_first_letter_follows_it(town: Town) -> None:
    browser = town.browser()
    page = await browser.open("/account/apply/person")
    page = await browser.send(page, **(PARTICULARS | {"bsn": "1", "large_print": "yes"}))
    assert re.search(r'name="large_print"[^>]*checked', page.text)  # also where something else was wrong
    page = await browser.send(page, bsn=SANNE.digits, large_print="yes", **PARTICULARS)
    await browser.send(await browser.send(page, user_name="sanne88", **TWICE), do="skip")
    assert await large_letters(town) == [True]
    assert (await town.bureau.account()).large_print
    [event] = [each for each in await town.bureau.events() if isinstance(each, AccountLargePrintSet)]
    assert (event.wanted, event.by) == (True, "person")


async def test_an_application_that_fits_nobody_tells_nothing_by_it(town: Town) -> None:
    browser = town.browser()
    page = await browser.open("/account/apply/person")
    wrong = PARTICULARS | {"house_number": "99", "large_print": "yes"}
    page = await browser.send(page, bsn=SANNE.digits, **wrong)
    page = await browser.send(await browser.send(page, user_name="sanne88", **TWICE), do="skip")
    assert page.status == 200
    assert await town.bureau.letters() == []
    assert "account:large-print-set" not in await town.bureau.names_of_events()


async def test_a_clerk_notes_it_for_somebody_who_was_seen(town: Town) -> None:
    desks = await desks_in(town)
    await town.bureau.letters()
    for size in ("normal", "large"):
        page = await desks.clerk.open("/desk/letters")
        page = await desks.clerk.send(page, **VISIT, letter_size=size)
        assert page.title == "The choice for letters was noted"
    await forgets(town)
    assert await large_letters(town) == [True]
    events = await town.bureau.events()
    chosen = [each for each in events if isinstance(each, AccountLargePrintSet)]
    assert [(each.wanted, each.by) for each in chosen] == [(False, "desk"), (True, "desk")]
    seen = [each for each in events if isinstance(each, DeskIdentityChecked)]
    assert [each.asked for each in seen] == ["normal-print", "large-print"]
    assert all(each.person == other.person for each, other in zip(seen, chosen, strict=True))


async def test_who_is_at_the_desk_when_a_suspension_is_over_is_not_sent_away(town: Town) -> None:
    today = town.bureau.now.astimezone(AMSTERDAM).date()
    suspension = Suspension(reason=SuspensionReason.MISUSE, last_day=today)
    town.bureau.clock.advance(suspension.until - town.bureau.now - timedelta(minutes=15))
    desks = await desks_in(town)
    person = (await town.bureau.account()).person
    assert person is not None
    await town.bureau.door.operating.suspend(person, suspension, town.bureau.now)
    page = await desks.clerk.open("/desk/letters")
    sent = VISIT | {"letter_size": "large"}
    assert (await desks.clerk.send(page, **sent)).wrong == ["bsn"]
    town.bureau.clock.advance(suspension.until - town.bureau.now)
    assert (await desks.clerk.send(page, **sent)).title == "The choice for letters was noted"
