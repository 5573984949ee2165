"""A passkey is added, and logs in: what the service learns, what the trail says, what people see."""

from __future__ import annotations

import pytest

from tests.means.keyholders import PASSKEYS, Keyholders, keyholders_in, options_of, send
from tests.means.telephones import APP
from tests.web.citizens import Town
from tests.web.conftest import house_secrets, town
from tests.web.linked import code_of, put
from toegang.assurance import Level
from toegang.audit.events import LoginAuthenticated, LoginCompleted, PasskeyAdded

__all__ = ["house_secrets", "town"]


@pytest.fixture
async def keyholders(town: Town) -> Keyholders:
    return await keyholders_in(town)


async def test_a_passkey_is_added_after_a_login_and_logs_in_from_then_on(keyholders: Keyholders) -> None:
    device, bureau = keyholders.device(), keyholders.town.bureau
    page = await keyholders.add(keyholders.town.browser(), device, "Laptop van Sanne")
    assert page.title == "You added a passkey"
    (kept,) = await keyholders.passkeys()
    assert (kept.name, kept.level, kept.bond.value) == ("Laptop van Sanne", Level.LOW, "device-bound")
    told = [message["purpose"] for message in await bureau.letters()]
    assert "passkey-added-letter" in told
    page = await keyholders.log_in(keyholders.town.browser(), device)
    assert code_of(page)
    events = await bureau.events()
    (proven,) = [
        each for each in events if isinstance(each, LoginAuthenticated) and each.means == PASSKEYS.id
    ]
    assert (proven.factors, proven.proven) == (("passkey",), Level.LOW)
    assert [each.means for each in events if isinstance(each, LoginCompleted)][-1] == PASSKEYS.id
    (added,) = [each for each in events if isinstance(each, PasskeyAdded)]
    assert (added.bond, added.after) == ("device-bound", Level.LOW)


async def test_who_logged_in_with_a_passkey_is_told_how_to_add_an_app(keyholders: Keyholders) -> None:
    await put(keyholders.town, APP)
    device, browser = keyholders.device(), keyholders.town.browser()
    await keyholders.register(device, Level.LOW)
    page = await browser.send(await browser.open("/account/apps/new"), means=PASSKEYS.id)
    page = await send(browser, page, device.use(options_of(page)))
    assert (page.status, page.title) == (403, "The app")
    assert "log in with your password or with another app" in page.text
