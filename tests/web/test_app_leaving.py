"""An app that its device gives up is stopped, whatever its state; and nobody else can do that."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from demo.app_device import Refused
from tests.means.telephones import OTHER_PIN, PIN, Telephones, number_on, telephones_in
from tests.web.citizens import Town
from toegang.means.app.values import App, AppId, AppStatus


@pytest.fixture
async def phones(town: Town) -> Telephones:
    return await telephones_in(town)


async def kept(phones: Telephones, app: str) -> App:
    found = await phones.town.rooms.apps.meeting.desk.apps.find(AppId(UUID(app)))
    assert found is not None
    return found


async def test_an_app_that_is_removed_is_stopped_once_and_for_good(phones: Telephones) -> None:
    device = await phones.add(phones.town.browser())
    await device.leave()
    await device.leave()
    app = await kept(phones, device.app)
    assert (app.status, app.ended_by, app.name) == (AppStatus.STOPPED, "device", "")
    assert (await phones.town.bureau.names_of_events()).count("app:stopped") == 1
    _, session = await phones.waiting(phones.town.browser(), device)
    with pytest.raises(Refused) as refused:
        await device.confirm(session, PIN)
    assert refused.value.code == "app-stopped"


async def test_a_blocked_app_leaves_too(phones: Telephones) -> None:
    device = await phones.add(phones.town.browser())
    _, session = await phones.waiting(phones.town.browser(), device)
    for _ in range(5):
        with pytest.raises(Refused):
            await device.confirm(session, OTHER_PIN)
    assert (await kept(phones, device.app)).status is AppStatus.BLOCKED
    await device.leave()
    assert (await kept(phones, device.app)).status is AppStatus.STOPPED


async def test_what_an_app_confirmed_that_left_since_lets_nobody_in(phones: Telephones) -> None:
    device, browser = await phones.add(phones.town.browser()), phones.town.browser()
    page, session = await phones.waiting(browser, device)
    await device.confirm(session, PIN)
    await device.leave()
    told = await browser.send(page, do="on")
    assert (told.status, "code=" in told.address) == (403, False)


async def test_nobody_stops_the_app_of_somebody_else(phones: Telephones) -> None:
    device = await phones.add(phones.town.browser())
    forged = replace(phones.device(), app=device.app)
    with pytest.raises(Refused) as refused:
        await forged.leave()
    assert refused.value.code == "proof-invalid"
    assert (await kept(phones, device.app)).status is AppStatus.ACTIVE


async def test_a_statement_of_another_act_stops_nothing(phones: Telephones) -> None:
    device = await phones.add(phones.town.browser())
    _, given = await device.send("/challenges", {})
    said = {"session": given["session"], "challenge": given["challenge"], "act": "waiting"}
    body = {"device": device.by_device(device.payload(said))}
    status, told = await device.send(f"/challenges/{given['session']}/stop", body)
    assert (status, told["code"]) == (403, "proof-invalid")
    assert (await kept(phones, device.app)).status is AppStatus.ACTIVE


async def test_a_new_app_on_the_device_takes_the_place_of_the_old_one(phones: Telephones) -> None:
    """What the web app does: the old keys speak for the last time once the new ones are there."""
    old, browser = await phones.add(phones.town.browser()), phones.town.browser()
    page, contact = await phones.meet(browser, await phones.to_new_app(browser), phones.device())
    fresh = phones.device()
    await fresh.activate(await fresh.scan(contact, number=number_on(page)), OTHER_PIN)
    await old.leave()
    statuses = [(await kept(phones, each.app)).status for each in (old, fresh)]
    assert statuses == [AppStatus.STOPPED, AppStatus.ACTIVE]
