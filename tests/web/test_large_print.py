"""Letters in large print: chosen in My account, counted by every letter from then on, erased at the end."""

from __future__ import annotations

import json
import re

from tests.means.bureau import SANNE
from tests.web.citizens import Browser, Town
from toegang.audit.events import AccountLargePrintSet
from toegang.means.citizen.account import Status


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
