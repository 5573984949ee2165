"""A person logs in with the app, on another device and on the same one; and what the trail says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.journeys.party import TOWN_PARTY, claims
from tests.means.telephones import APP, PIN, Telephones, telephones_in, token_on
from tests.web.citizens import Town
from tests.web.conftest import town
from tests.web.linked import code_of
from toegang.assurance import Level
from toegang.audit.events import AppActivated, LoginAuthenticated, LoginCompleted
from toegang.identity.people import PersonId
from toegang.identity.subject import Subject

__all__ = ["town"]


@pytest.fixture
async def phones(town: Town) -> Telephones:
    return await telephones_in(town)


async def test_with_the_app_on_another_device(phones: Telephones) -> None:
    device = await phones.add(phones.town.browser())
    before = len(await phones.town.bureau.events())
    browser = phones.town.browser()
    page = await phones.log_in(browser, device)
    tokens = (await TOWN_PARTY.redeem(browser.http, code_of(page))).json()
    told = claims(tokens["id_token"])
    assert told["acr"].endswith("/low")
    events = (await phones.town.bureau.events())[before:]
    assert [event.name for event in events] == [
        "login:started",
        "login:means-chosen",
        "login:authenticated",
        "login:completed",
        "code:redeemed",
    ]
    proven = next(event for event in events if isinstance(event, LoginAuthenticated))
    assert (proven.means, proven.factors, proven.proven) == (APP.id, ("app",), Level.LOW)
    completed = next(event for event in events if isinstance(event, LoginCompleted))
    assert (completed.means, completed.proven) == (APP.id, Level.LOW)


async def test_with_the_app_on_the_same_device(phones: Telephones) -> None:
    device = await phones.add(phones.town.browser())
    browser = phones.town.browser()
    page = await browser.send(await phones.to_login(browser), do="here")
    back = await device.confirm(await device.scan(token=token_on(page)), PIN, "en")
    assert code_of(await browser.open(back))


async def test_the_same_person_has_the_same_pseudonym_by_password_and_by_app(phones: Telephones) -> None:
    device, subjects = await phones.add(phones.town.browser()), []
    browser = phones.town.browser()
    page = await phones.log_in(browser, device)
    subjects.append(claims((await TOWN_PARTY.redeem(browser.http, code_of(page))).json()["id_token"])["sub"])
    browser = phones.town.browser()
    page = await browser.send(await browser.open(TOWN_PARTY.url()), means="citizen-account")
    page = await phones.town.anew(browser, page)
    subjects.append(claims((await TOWN_PARTY.redeem(browser.http, code_of(page))).json()["id_token"])["sub"])
    assert subjects[0] == subjects[1]


async def test_adding_an_app_counts_as_an_account_of_its_means(phones: Telephones) -> None:
    await phones.add(phones.town.browser())
    added = [event for event in await phones.town.bureau.events() if isinstance(event, AppActivated)]
    assert [(event.means, event.before, event.after) for event in added] == [(APP.id, None, Level.LOW)]


async def test_an_app_proves_its_own_person_and_nobody_else(phones: Telephones) -> None:
    means, account = phones.town.rooms.apps.means, await phones.town.bureau.account()
    person = Subject(issuer="citizen-account", identifier=str(account.id), person=account.person)
    assert not await means.proves(APP, person)
    await phones.add(phones.town.browser())
    assert await means.proves(APP, person)
    somebody = PersonId(phones.town.rooms.ids.uuid())
    assert not await means.proves(APP, replace(person, person=somebody))
    assert not await means.proves(APP, replace(person, person=None))
