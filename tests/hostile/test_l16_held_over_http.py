"""L16, L17 over the wire: nothing that a person can do, by letter or by any means, lifts what holds them.

Who has the password of somebody who died, or of an account that an authority suspended, reads why nobody
gets in; who has not, learns nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.hostile.matrix.scene import MINE, to_password
from tests.hostile.matrix.states import by_authority_in, told_in
from tests.journeys.party import TOWN_PARTY
from tests.means.bureau import GOOD, OTHER, SANNE, registered
from tests.web.citizens import PARTICULARS, TWICE, Page, Town
from tests.web.linked import code_of, open_linked

NEW = {"new_password": OTHER, "repeat_password": OTHER}
Held = Callable[[Town], Awaitable[None]]
HELD: dict[str, tuple[Held, str]] = {
    "died": (told_in("death"), "Nobody can log in with this account"),
    "suspended": (by_authority_in, "Your account stands still"),
}


@pytest.mark.parametrize("name", HELD)
async def test_a_recovery_that_was_begun_before_opens_nothing(town: Town, name: str) -> None:
    await town.resident(town.browser())
    browser = town.browser()
    await browser.send(await browser.open("/account/forgotten"), **MINE)
    page = await browser.open("/account/forgotten/letter")
    page = await browser.send(page, activation_code=await town.bureau.letter_code(), **MINE)
    page = await browser.send(page, do="resend")
    page = await browser.send(page, code=await town.bureau.texted_code())
    await HELD[name][0](town)
    assert (await browser.send(page, **NEW)).status == 403
    assert (await signed_in(town, GOOD)).title == HELD[name][1]
    assert (await signed_in(town, OTHER)).title == "Log in with user name and password"


@pytest.mark.parametrize("name", HELD)
async def test_no_letter_recovers_and_no_second_account_is_made(town: Town, name: str) -> None:
    await town.resident(town.browser())
    await HELD[name][0](town)
    await town.bureau.letters()
    browser = town.browser()
    sent = await browser.send(await browser.open("/account/forgotten"), **MINE)
    assert sent.address == "/account/forgotten/sent"
    await town.applied(town.browser(), "sanne99", number="")
    assert await town.bureau.letters() == []


@pytest.mark.parametrize("name", HELD)
async def test_only_who_proves_the_password_reads_why(town: Town, name: str) -> None:
    await town.resident(town.browser())
    before = (await signed_in(town, OTHER)).text
    await HELD[name][0](town)
    page = await signed_in(town, GOOD)
    assert (page.status, page.title) == (403, HELD[name][1])
    assert "/account/forgotten" not in page.text
    after = await signed_in(town, OTHER)
    assert after.wrong == [""]
    assert after.text.count("<p") == before.count("<p")


async def test_a_step_up_ends_where_the_person_is_held_meanwhile(town: Town) -> None:
    """L17: what an earlier step proved is worth nothing any more, in the middle of a login."""
    await town.resident(town.browser())
    browser = town.browser()
    page = await town.sign_in(browser, await to_password(browser, TOWN_PARTY.url()))
    code = await town.bureau.texted_code()
    await told_in("death")(town)
    refused = await browser.send(page, code=code, do="confirm")
    assert code_of(refused) == ""
    assert refused.status == 403
    login = "/login/" + refused.address.split("/")[3]
    left = await browser.send(refused, login, do="back")
    assert "error=access_denied" in left.address


async def test_no_means_of_another_party_proves_who_died(town: Town) -> None:
    async with open_linked(town) as linked:
        inside = town.browser()
        await town.resident(inside)
        town.bureau.later(minutes=2)
        assert (await linked.link(inside)).status == 200
        assert code_of(await linked.to_service(town.browser()))
        await told_in("death")(town)
        refused = await linked.to_service(town.browser())
        assert (refused.status, code_of(refused)) == (403, "")
        assert refused.title == "Nobody can log in with this account"
        await told_in("death-withdrawn", number=2)(town)
        assert code_of(await linked.to_service(town.browser()))


async def test_a_person_who_moved_is_not_recovered_from_the_address_that_they_left(town: Town) -> None:
    """The letter lies with who lives there now; the register has the new address."""
    await town.resident(town.browser())
    browser = town.browser()
    await browser.send(await browser.open("/account/forgotten"), **MINE)
    code = await town.bureau.letter_code()
    moved = registered(SANNE)
    assert moved.address is not None
    town.bureau.register.people[SANNE] = replace(moved, address=replace(moved.address, house_number=9))
    await told_in("address-change")(town)
    page = await browser.open("/account/forgotten/letter")
    assert (await browser.send(page, activation_code=code, **MINE)).status in {400, 429}


async def test_nobody_applies_in_the_name_of_who_died_the_day_before(town: Town) -> None:
    town.bureau.register.people[SANNE] = registered(SANNE, deceased_on=date(2027, 2, 28) + timedelta(days=1))
    browser = town.browser()
    page = await browser.send(await browser.open("/account/apply/person"), bsn=SANNE.digits, **PARTICULARS)
    page = await browser.send(page, user_name="sanne88", **TWICE)
    await browser.send(page, do="skip")
    assert await town.bureau.letters() == []


async def signed_in(town: Town, password: str) -> Page:
    browser = town.browser()
    return await town.sign_in(browser, await to_password(browser, "/account"), password)
