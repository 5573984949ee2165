"""Another PIN for an app: who knows the one that it has chooses it, goes on with it, and is told."""

from __future__ import annotations

from uuid import UUID

import pytest

from demo.app_device import Refused
from tests.means.telephones import OTHER_PIN, PIN, Telephones, telephones_in
from tests.web.citizens import Town
from tests.web.linked import code_of
from toegang.app.outside import sequencer
from toegang.means.app.values import AppId


@pytest.fixture
async def phones(town: Town) -> Telephones:
    return await telephones_in(town)


async def test_who_changed_the_pin_logs_in_with_the_new_one_and_is_told_once(phones: Telephones) -> None:
    device = await phones.add(phones.town.browser())
    await phones.town.bureau.texts()
    await device.change_pin(PIN, OTHER_PIN)
    (told,) = await phones.town.bureau.texts()
    assert "PIN of your app was changed" in told["text"]
    assert (await phones.town.bureau.names_of_events()).count("app:pin-changed") == 1
    assert code_of(await phones.log_in(phones.town.browser(), device, OTHER_PIN))
    with pytest.raises(Refused) as refused:
        await phones.log_in(phones.town.browser(), device, PIN)
    assert refused.value.code == "pin-wrong"


async def test_the_person_sees_the_change_in_their_history(phones: Telephones) -> None:
    browser = phones.town.browser()
    device = await phones.add(browser)
    await device.change_pin(PIN, OTHER_PIN)
    while await sequencer(phones.town.app.ground).step():
        pass
    assert "The PIN of an app was changed" in (await browser.open("/account/trail")).text


async def test_a_right_pin_gives_the_tries_back_when_it_is_changed_too(phones: Telephones) -> None:
    device = await phones.add(phones.town.browser())
    with pytest.raises(Refused):
        await device.change_pin(OTHER_PIN, "86420")
    await device.change_pin(PIN, OTHER_PIN)
    with pytest.raises(Refused) as refused:
        await device.change_pin(PIN, "86420")
    assert refused.value.problem["tries_left"] == 4


async def test_a_change_of_pin_is_no_use_of_the_app_in_a_login(phones: Telephones) -> None:
    device = await phones.add(phones.town.browser())
    desk = phones.town.rooms.apps.meeting.desk
    before = await desk.apps.find(AppId(UUID(device.app)))
    phones.town.bureau.later(minutes=1)
    await device.change_pin(PIN, OTHER_PIN)
    after = await desk.apps.find(AppId(UUID(device.app)))
    assert before is not None
    assert after is not None
    assert (before.last_used_at, after.last_used_at) == (None, None)
    assert before.pin_key != after.pin_key
