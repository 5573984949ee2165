"""Adding, using and stopping apps: by which ground, how long, how many, and what stops them all."""

from __future__ import annotations

import pytest

from demo.app_device import Device, Refused, Session
from tests.means.bureau import DAAN, GOOD, particulars
from tests.means.telephones import APP, OTHER_PIN, PIN, Telephones, telephones_in, token_on
from tests.web.citizens import Browser, Page, Town
from tests.web.linked import code_of, put
from toegang.means.citizen.misuse import Report


@pytest.fixture
async def phones(town: Town) -> Telephones:
    return await telephones_in(town)


@pytest.fixture
async def poor(town: Town) -> Telephones:
    """Have a resident without a telephone number: their password is all that they can prove."""
    await town.resident(town.browser(), number="")
    await put(town, APP)
    return Telephones(town=town)


async def to_new_by_password(phones: Telephones, browser: Browser) -> Page:
    page = await browser.open("/account/apps/new")
    page = await browser.send(page, means="citizen-account")
    page = await phones.town.sign_in(browser, page)
    return await browser.send(page, do="begin")


async def pending(phones: Telephones, browser: Browser) -> tuple[Device, Session, str, str]:
    """Have an app that waits for its letter; return its challenge and the letter's code."""
    device = phones.device()
    session = await phones.scan(browser, await to_new_by_password(phones, browser), device)
    assert session.details["ground"] == "password-letter"
    told = await device.activate(session, PIN)
    assert told["status"] == "pending"
    return device, session, told["challenge"], await phones.town.bureau.letter_code()


async def code(device: Device, *given: object) -> str:
    """Return the code with which a letter's code was refused."""
    with pytest.raises(Refused) as refused:
        await device.give_letter_code(*given)  # type: ignore[arg-type]
    return refused.value.code


async def refused_confirmation(phones: Telephones, device: Device) -> str:
    _, session = await phones.waiting(phones.town.browser(), device)
    with pytest.raises(Refused) as refused:
        await device.confirm(session, PIN)
    return refused.value.code


async def test_after_a_text_message_an_app_works_at_once_and_its_person_is_told(phones: Telephones) -> None:
    browser = phones.town.browser()
    device = await phones.add(browser, name="Telefoon van Sanne")
    assert "An app was added" in (await phones.town.bureau.texts())[-1]["text"]
    assert (await phones.town.bureau.letters())[-1]["purpose"] == "app-added-letter"
    page = await browser.open("/account/apps")
    assert "Telefoon van Sanne" in page.text
    assert "not used yet" in page.text
    assert code_of(await phones.log_in(phones.town.browser(), device))
    assert "last used" in (await browser.open("/account/apps")).text


async def test_after_a_password_alone_an_app_waits_for_the_code_of_a_letter(poor: Telephones) -> None:
    browser = poor.town.browser()
    device, session, challenge, letter = await pending(poor, browser)
    assert await refused_confirmation(poor, device) == "app-pending"
    with pytest.raises(Refused) as refused:
        await device.change_pin(PIN, "86420")
    assert refused.value.code == "app-pending"
    assert await code(device, session, challenge, "BCDF-GHJK-MNPQ") == "credentials-wrong"
    poor.town.bureau.later(days=3)
    assert (await device.give_letter_code(session, challenge, letter))["status"] == "active"
    assert code_of(await poor.log_in(poor.town.browser(), device))
    assert await code(device, session, challenge, letter) == "step-out-of-order"


async def ask_again(browser: Browser, app: str) -> Page:
    """Ask the letter of an app again, in My account."""
    page = await browser.open("/account/apps")
    return await browser.send(page, "/account/apps/letter", app=app)


async def late(device: Device, letter: str) -> str:
    """Return the code with which a later letter's code was refused."""
    with pytest.raises(Refused) as refused:
        await device.give_late_letter_code(letter)
    return refused.value.code


async def test_a_lost_letter_is_asked_again_and_the_old_code_is_dead_at_once(poor: Telephones) -> None:
    browser = poor.town.browser()
    device, session, challenge, lost = await pending(poor, browser)
    assert "Send a new letter for the app on Telephone" in (await browser.open("/account/apps")).text
    assert (await ask_again(browser, device.app)).title == "You get a letter"
    assert await code(device, session, challenge, lost) == "credentials-wrong"
    assert await late(device, lost) == "credentials-wrong"
    found = await poor.town.bureau.letter_code()
    assert (await device.give_late_letter_code(found))["status"] == "active"
    assert code_of(await poor.log_in(poor.town.browser(), device))
    assert await late(device, found) == "step-out-of-order"
    assert (await poor.town.bureau.names_of_events()).count("app:letter-sent") == 2


async def test_a_letter_that_is_over_is_asked_again_after_the_activation_is_over(
    poor: Telephones,
) -> None:
    browser = poor.town.browser()
    device, session, challenge, lost = await pending(poor, browser)
    poor.town.bureau.later(days=60)
    assert await code(device, session, challenge, lost) == "one-time-gone"
    assert await late(device, lost) == "one-time-gone"
    inside = poor.town.browser()
    page = await inside.open("/account/apps")
    page = await inside.send(page, means="citizen-account")
    await poor.town.sign_in(inside, page)
    assert (await ask_again(inside, device.app)).title == "You get a letter"
    assert (await device.give_late_letter_code(await poor.town.bureau.letter_code()))["status"] == "active"


async def test_a_letter_is_asked_again_for_ones_own_pending_app_only_and_not_for_ever(
    poor: Telephones,
) -> None:
    browser = poor.town.browser()
    device, *_ = await pending(poor, browser)
    most = poor.town.rooms.citizen.applying.desk.policy.letters.most
    for app in ("", "no-uuid", "01900000-0000-7000-8000-000000000000"):
        assert (await ask_again(browser, app)).status in {400, 403}
    titles = [(await ask_again(browser, device.app)).title for _ in range(most + 1)]
    assert titles[-1] == "The app"
    assert await poor.town.bureau.letters()
    await browser.send(await browser.open("/account/apps"), app=device.app)
    poor.town.bureau.later(minutes=1)
    assert (await ask_again(browser, device.app)).status == 403
    assert await poor.town.bureau.letters() == []
    assert await late(device, "BCDF-GHJK-MNPQ") == "app-stopped"


async def test_an_app_that_says_no_is_not_added_and_the_page_says_so(phones: Telephones) -> None:
    browser, device = phones.town.browser(), phones.device()
    page = await phones.to_new_app(browser)
    session = await phones.scan(browser, page, device)
    await device.refuse_to_be_added(session)
    with pytest.raises(Refused, match="step-out-of-order"):
        await device.activate(session, PIN)
    with pytest.raises(Refused, match="step-out-of-order"):
        await device.refuse_to_be_added(session)
    page = await browser.open(page.address)
    assert page.title == "You did not confirm in the app"
    assert "You have no app." in (await browser.open("/account/apps")).text


async def test_an_app_that_was_added_is_not_refused_any_more(phones: Telephones) -> None:
    browser, device = phones.town.browser(), phones.device()
    session = await phones.scan(browser, await phones.to_new_app(browser), device)
    await device.activate(session, PIN)
    with pytest.raises(Refused, match="step-out-of-order"):
        await device.refuse_to_be_added(session)
    assert code_of(await phones.log_in(phones.town.browser(), device))


async def test_a_login_is_not_refused_as_an_activation(phones: Telephones) -> None:
    device = await phones.add(phones.town.browser())
    _, session = await phones.waiting(phones.town.browser(), device)
    with pytest.raises(Refused, match="step-out-of-order"):
        await device.refuse_to_be_added(session)
    await device.confirm(session, PIN)


async def test_five_wrong_codes_end_a_letter(poor: Telephones) -> None:
    device, session, challenge, letter = await pending(poor, poor.town.browser())
    codes = [await code(device, session, challenge, "BCDF-GHJK-MNPQ") for _ in range(5)]
    assert codes == ["credentials-wrong"] * 5
    assert await code(device, session, challenge, letter) == "one-time-gone"


async def test_a_letter_is_over_after_its_last_day(poor: Telephones) -> None:
    device, session, challenge, letter = await pending(poor, poor.town.browser())
    poor.town.bureau.later(days=22)
    assert await code(device, session, challenge, letter) == "one-time-gone"


async def test_a_letter_is_void_once_the_password_was_changed(poor: Telephones) -> None:
    device, session, challenge, letter = await pending(poor, poor.town.browser())
    poor.town.bureau.later(minutes=1)
    browser = poor.town.browser()
    page = await browser.open("/account/password")
    page = await browser.send(page, means="citizen-account")
    page = await poor.town.sign_in(browser, page)
    other = "elf fietsen achter een blauwe schuur"
    await browser.send(page, current_password=GOOD, new_password=other, repeat_password=other)
    assert await code(device, session, challenge, letter) == "one-time-gone"


async def test_a_letter_is_of_one_app(poor: Telephones) -> None:
    first, _, _, letter = await pending(poor, poor.town.browser())
    second, session, challenge, _ = await pending(poor, poor.town.browser())
    assert await code(second, session, challenge, letter) == "credentials-wrong"
    assert await code(first, session, challenge, letter) == "proof-invalid"


async def test_with_another_app_an_app_works_at_once(poor: Telephones) -> None:
    browser = poor.town.browser()
    device, session, challenge, letter = await pending(poor, browser)
    await device.give_letter_code(session, challenge, letter)
    browser, second = poor.town.browser(), poor.device()
    page = await browser.send(await browser.open("/account/apps/new"), means=APP.id)
    session = await poor.scan(browser, page, device)
    await device.confirm(session, PIN)
    page = await browser.send(await browser.open(page.address), do="on")
    page = await browser.send(page, do="begin")
    session = await poor.scan(browser, page, second)
    assert session.details["ground"] == "app"
    assert (await second.activate(session, OTHER_PIN))["status"] == "active"
    assert code_of(await poor.log_in(poor.town.browser(), second, OTHER_PIN))


async def test_an_app_can_be_added_on_the_same_device(phones: Telephones) -> None:
    browser, device = phones.town.browser(), phones.device()
    page = await browser.send(await phones.to_new_app(browser), do="here")
    await device.activate(await device.scan(token=token_on(page)), PIN)
    assert (await browser.open(page.address)).title == "You added the app"
    assert code_of(await phones.log_in(phones.town.browser(), device))


async def test_adding_an_app_asks_a_login_of_just_now(phones: Telephones) -> None:
    browser = phones.town.browser()
    page = await browser.open("/account/apps/new")
    page = await browser.send(page, means="citizen-account")
    await phones.town.anew(browser, page)
    phones.town.bureau.later(minutes=14)
    assert (await browser.open("/account/apps/new")).title == "Add the app"
    phones.town.bureau.later(minutes=2)
    assert (await browser.open("/account/apps/new")).title == "How do you want to log in?"


async def test_an_app_begun_before_proofs_were_withdrawn_is_not_added_after_it(phones: Telephones) -> None:
    browser, device = phones.town.browser(), phones.device()
    session = await phones.scan(browser, await phones.to_new_app(browser), device)
    phones.town.bureau.later(seconds=1)
    account = await phones.town.bureau.account()
    await phones.town.rooms.citizen.reporting.report(account.id, Report(login=""), phones.town.bureau.now)
    with pytest.raises(Refused) as refused:
        await device.activate(session, PIN)
    assert refused.value.code == "account-closed"


async def test_an_account_has_five_apps_and_a_stopped_one_makes_room(phones: Telephones) -> None:
    browser = phones.town.browser()
    for _ in range(5):
        phones.town.bureau.later(minutes=16)
        await phones.add(browser)
    page = await browser.send(await browser.open("/account/apps/new"), do="begin")
    assert page.status == 403
    assert "as many apps as you may have" in page.text
    page = await browser.open("/account/apps")
    await browser.send(page, app=page.text.partition('name="app" value="')[2][:36])
    assert (
        await browser.send(await browser.open("/account/apps/new"), do="begin")
    ).title == "Where is your app?"


async def test_a_stopped_app_proves_nothing_and_what_it_proved_counts_no_more(phones: Telephones) -> None:
    browser = phones.town.browser()
    device = await phones.add(browser)
    inside = phones.town.browser()
    page = await inside.send(await inside.open("/account"), means=APP.id)
    session = await phones.scan(inside, page, device)
    await device.confirm(session, PIN)
    assert (await inside.send(page, do="on")).title == "My account"
    page = await browser.open("/account/apps")
    await browser.send(page, app=device.app)
    assert (await browser.open("/account/apps")).text.count("You have no app") == 1
    assert (await inside.open("/account")).title == "How do you want to log in?"
    assert await refused_confirmation(phones, device) == "app-stopped"
    assert (await phones.town.bureau.names_of_events()).count("app:stopped") == 1
    assert (await browser.send(page, app=device.app)).status == 200


async def test_nobody_stops_the_app_of_somebody_else(phones: Telephones) -> None:
    browser = phones.town.browser()
    device = await phones.add(browser)
    page = await browser.open("/account/apps")
    for app in ("", "x", "00000000-0000-7000-8000-000000000000"):
        assert (await browser.send(page, app=app)).status == 403
    assert code_of(await phones.log_in(phones.town.browser(), device))


@pytest.mark.parametrize("how", ["misuse", "blocked", "ended"])
async def test_what_stops_an_account_stops_its_apps_for_good(phones: Telephones, how: str) -> None:
    device = await phones.add(phones.town.browser())
    account, now = await phones.town.bureau.account(), phones.town.bureau.now
    citizen = phones.town.rooms.citizen
    if how == "misuse":
        await citizen.reporting.report(account.id, Report(login=""), now)
    elif how == "blocked":
        await citizen.operating.block(account.id, "fraud", now)
    else:
        await citizen.operating.end(account.id, "person", now)
    _, session = await phones.waiting(phones.town.browser(), device)
    with pytest.raises(Refused) as refused:
        await device.confirm(session, PIN)
    assert refused.value.code in {"account-closed", "app-stopped"}
    kept = await phones.town.rooms.apps.meeting.desk.apps.of_account(account.id)
    assert kept == ()
    # Who is refused may still refuse.
    await device.refuse(session)


async def test_where_no_app_is_admitted_none_is_offered(town: Town) -> None:
    browser = town.browser()
    await town.resident(browser)
    assert "/account/apps" not in (await browser.open("/account")).text
    assert "Add the app" not in (await browser.open("/account/apps")).text


async def test_who_logs_in_after_somebody_else_cannot_go_on_with_their_app(phones: Telephones) -> None:
    """A browser that is shared: what one began there is nobody else's to finish."""
    browser = phones.town.browser()
    begun = await phones.to_new_app(browser)
    await phones.town.bureau.active(particulars(DAAN), name="daan88", number="06 87654321")
    await browser.send(await browser.open("/account"), "/account/logout")
    page = await browser.send(await browser.open("/account"), means="citizen-account")
    page = await browser.send(page, user_name="daan88", password=GOOD, do="sign-in")
    assert page.title == "My account"
    assert (await browser.open(begun.address)).address == "/account/apps"
    device = phones.device()
    contact = await device.open_contact()
    for fields in ({"do": "other"}, {"do": "code", "app_code": contact.code}):
        sent = await browser.send(page, begun.address, **fields)
        assert sent.address == "/account/apps"
