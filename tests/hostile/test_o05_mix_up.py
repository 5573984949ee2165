"""O05: an answer counts once, for the request, provider, login and browser that it was asked by."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from tests.hostile.scenes import second_node
from tests.journeys.house import House
from tests.means.elsewhere import BANK, OTHER_BANK, Customer, bank, code_of
from tests.means.openid_provider import OpenIdProvider, openid_provider


@pytest.fixture
async def honest(lone_house: House) -> AsyncIterator[OpenIdProvider]:
    async with openid_provider(lone_house.clock) as running:
        await lone_house.put(bank(running))
        yield running


@pytest.fixture
async def evil(lone_house: House) -> AsyncIterator[OpenIdProvider]:
    """Run a provider that was admitted and turns out to be an enemy."""
    async with openid_provider(lone_house.clock) as running:
        await lone_house.put(bank(running, OTHER_BANK))
        yield running


@pytest.fixture
def customer(lone_house: House, honest: OpenIdProvider) -> Customer:
    return Customer(house=lone_house, provider=honest)


@pytest.mark.requires("RFC9207-2.4")
@pytest.mark.parametrize("issuer", [None, "", "https://evil.example", "http://localhost"])
async def test_an_answer_that_names_another_issuer_or_none_is_refused(
    honest: OpenIdProvider, customer: Customer, issuer: str | None
) -> None:
    back = honest.answer(await customer.leave(), {"iss": issuer})
    page = await customer.come_back(back)
    assert page.status_code == 400
    assert "proof-invalid" in page.text
    assert not any(path == "/token" for _, path, _, _ in honest.seen)


@pytest.mark.requires("RFC9207-2.4")
async def test_an_error_of_another_issuer_is_not_believed_either(
    honest: OpenIdProvider, customer: Customer
) -> None:
    told = {"iss": "https://evil.example", "error": "access_denied", "code": None}
    page = await customer.come_back(honest.answer(await customer.leave(), told))
    assert "proof-invalid" in page.text


async def test_an_issuer_that_never_promised_to_name_itself_may_leave_it_out_but_not_lie(
    honest: OpenIdProvider, customer: Customer, lone_house: House
) -> None:
    honest.metadata["authorization_response_iss_parameter_supported"] = False
    assert code_of(await customer.come_back(honest.answer(await customer.leave(), {"iss": None})))
    again = Customer(house=lone_house, provider=honest)
    page = await again.come_back(honest.answer(await again.leave(), {"iss": "https://evil.example"}))
    assert "proof-invalid" in page.text


@pytest.mark.requires("RFC9700-4.4.2")
async def test_each_provider_answers_at_an_address_of_its_own(
    honest: OpenIdProvider, evil: OpenIdProvider, lone_house: House
) -> None:
    there = [
        each.asked(await Customer(house=lone_house, provider=each).leave(means))["redirect_uri"]
        for each, means in ((honest, BANK), (evil, OTHER_BANK))
    ]
    assert there[0] != there[1]


async def test_what_was_asked_of_one_provider_is_not_answered_by_another(
    honest: OpenIdProvider, evil: OpenIdProvider, customer: Customer
) -> None:
    gone = await customer.leave()
    back = honest.answer(gone).replace(f"/callback/{BANK}", f"/callback/{OTHER_BANK}")
    page = await customer.come_back(back)
    assert "one-time-gone" in page.text
    assert not any(path == "/token" for _, path, _, _ in evil.seen)


async def test_a_provider_that_gives_its_own_token_for_another_is_refused(
    honest: OpenIdProvider, evil: OpenIdProvider, customer: Customer
) -> None:
    page = await customer.come_back(honest.answer(await customer.leave(), claims={"iss": evil.url}))
    assert "proof-invalid" in page.text


async def test_an_answer_that_nobody_asked_is_refused(customer: Customer) -> None:
    page = await customer.come_back(f"/means/oidc/callback/{BANK}?code=a&state=made-up")
    assert page.status_code == 400
    assert "one-time-gone" in page.text


async def test_an_answer_counts_once_in_one_browser_and_on_one_node(
    honest: OpenIdProvider, customer: Customer, lone_house: House
) -> None:
    back = honest.answer(await customer.leave())
    assert code_of(await customer.come_back(back))
    assert "one-time-gone" in (await customer.come_back(back)).text
    async with second_node(lone_house) as other:
        customer.browser._transport = other.browser()._transport  # the same cookies at another machine
        assert "one-time-gone" in (await customer.come_back(back)).text


async def test_an_answer_brought_by_another_browser_is_refused_and_gone(
    honest: OpenIdProvider, customer: Customer, lone_house: House
) -> None:
    back = honest.answer(await customer.leave())
    thief = Customer(house=lone_house, provider=honest)
    await thief.leave()
    assert (await thief.come_back(back)).status_code == 403
    assert "one-time-gone" in (await customer.come_back(back)).text


async def test_an_answer_that_comes_too_late_is_refused(
    honest: OpenIdProvider, customer: Customer, lone_house: House
) -> None:
    back = honest.answer(await customer.leave())
    lone_house.clock.advance(timedelta(minutes=31))
    assert "one-time-gone" in (await customer.come_back(back)).text


@pytest.mark.parametrize("closing", [{"enabled": False}, {"blocked": True}], ids=["disabled", "blocked"])
async def test_a_means_that_was_closed_meanwhile_proves_nothing(
    honest: OpenIdProvider, customer: Customer, lone_house: House, closing: dict[str, Any]
) -> None:
    back = honest.answer(await customer.leave())
    await lone_house.put(bank(honest, **closing))
    page = await customer.come_back(back)
    assert page.status_code == 403
    assert "party-closed" in page.text
    assert not any(path == "/token" for _, path, _, _ in honest.seen)


async def test_who_chose_another_means_meanwhile_is_not_logged_in_by_the_first(
    honest: OpenIdProvider, customer: Customer
) -> None:
    login = (await customer.browser.get(customer.party.url())).headers["location"]
    back = honest.answer(await customer.choose(login))
    page = await customer.browser.post(login, data={"csrf": await proof(customer, login), "means": "bench"})
    assert "/means/bench/" in page.headers["location"]
    assert "step-out-of-order" in (await customer.come_back(back)).text


async def proof(customer: Customer, login: str) -> str:
    """Return the proof of origin that every form of this browser carries."""
    del login
    secret = customer.browser.cookies["toegang-browser"]
    return customer.house.app.rooms.cookies.proof(secret)


@pytest.mark.parametrize(
    "query",
    ["state=a&state=b", "code=a&code=b&state=a", "state=%ff", "state=a%00", "a=1&" * 70 + "state=a"],
    ids=["state twice", "code twice", "no utf-8", "zero", "many"],
)
async def test_an_answer_that_cannot_be_read_is_refused(customer: Customer, query: str) -> None:
    await customer.leave()
    response = await customer.browser.get(f"/means/oidc/callback/{BANK}?{query}")
    assert response.status_code in {400, 413}


async def test_metadata_of_another_issuer_is_not_used(honest: OpenIdProvider, customer: Customer) -> None:
    honest.metadata["issuer"] = "https://evil.example"
    assert "unavailable" in await customer.leave()


async def test_browsers_are_sent_only_to_pages_that_were_admitted(
    honest: OpenIdProvider, customer: Customer
) -> None:
    honest.metadata["authorization_endpoint"] = "https://evil.example/authorize"
    gone = await customer.leave()
    assert "misconfigured" in gone
    assert "evil.example" not in gone
