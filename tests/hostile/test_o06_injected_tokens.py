"""O06: an ID token is believed only when it answers our request, at this provider, for us, now."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from tests.jose.keyrings import record
from tests.journeys.house import House
from tests.means.elsewhere import Customer, bank, code_of
from tests.means.openid_provider import CLIENT_ID, OpenIdProvider, openid_provider
from toegang.clock import epoch
from toegang.keys.ring import Algorithm


@pytest.fixture
async def provider(lone_house: House) -> AsyncIterator[OpenIdProvider]:
    async with openid_provider(lone_house.clock) as running:
        await lone_house.put(bank(running))
        yield running


@pytest.fixture
def customer(lone_house: House, provider: OpenIdProvider) -> Customer:
    return Customer(house=lone_house, provider=provider)


BENT: dict[str, dict[str, Any]] = {
    "nonce of another request": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "nonce no text": {"nonce": 7},
    "at_hash of another token": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
    "at_hash no text": {"at_hash": 7},
    "c_hash of another code": {"c_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
    "for another client": {"aud": "another"},
    "for nobody": {"aud": None},
    "for an empty list": {"aud": []},
    "for us and another": {"aud": [CLIENT_ID, "another"], "azp": CLIENT_ID},
    "for us twice": {"aud": [CLIENT_ID, CLIENT_ID]},
    "given to another": {"azp": "another"},
    "azp no text": {"azp": [CLIENT_ID]},
    "of another issuer": {"iss": "https://evil.example"},
    "of no issuer": {"iss": None},
    "no subject": {"sub": None},
    "an empty subject": {"sub": ""},
    "a subject that is no text": {"sub": 7},
    "a subject that is too long": {"sub": "x" * 256},
    "a subject with a line break": {"sub": "a\nb"},
    "a blank subject": {"sub": " "},
    "a subject that ends blank": {"sub": "somebody "},
    "no end": {"exp": None},
    "over": {"exp": 60},
    "lives a year": {"exp": -31_536_000},
    "end no number": {"exp": "tomorrow"},
    "no beginning": {"iat": None},
    "made before it was asked": {"iat": 60},
    "made in the future": {"iat": -60},
    "logged in in the future": {"auth_time": -60},
    "auth_time no number": {"auth_time": "now"},
}


@pytest.mark.requires("OIDCC-3.1.3.7", "OIDCC-3.1.3.8")
@pytest.mark.parametrize("name", BENT)
async def test_a_token_that_is_bent_proves_nothing(
    provider: OpenIdProvider, customer: Customer, name: str
) -> None:
    now = epoch(customer.house.clock.now())
    claims = {
        key: now - value if key in {"exp", "iat", "auth_time"} and isinstance(value, int) else value
        for key, value in BENT[name].items()
    }
    page = await customer.come_back(provider.answer(await customer.leave(), claims=claims))
    assert page.status_code == 400
    assert "proof-invalid" in page.text
    assert code_of(page) == ""


@pytest.mark.parametrize(
    "claims", [{"at_hash": None, "c_hash": None}, {"aud": [CLIENT_ID]}, {"azp": CLIENT_ID}]
)
async def test_what_a_provider_may_leave_out_or_say_otherwise_is_believed(
    provider: OpenIdProvider, customer: Customer, claims: dict[str, Any]
) -> None:
    assert code_of(await customer.come_back(provider.answer(await customer.leave(), claims=claims)))


@pytest.mark.requires("RFC8725-3.1")
@pytest.mark.parametrize("algorithm", [Algorithm.PS256, Algorithm.ES256])
async def test_a_token_by_another_algorithm_than_was_registered_is_refused(
    provider: OpenIdProvider, customer: Customer, algorithm: Algorithm
) -> None:
    other = record(algorithm)
    provider.keys = (*provider.keys, other)
    page = await customer.come_back(provider.answer(await customer.leave(), key=other))
    assert "proof-invalid" in page.text


async def test_a_token_by_a_key_that_the_provider_does_not_have_is_refused_and_looked_for_once_a_minute(
    provider: OpenIdProvider, lone_house: House
) -> None:
    stranger = record(Algorithm.RS256, "of a stranger")
    lone_house.clock.advance(timedelta(minutes=2))
    for _ in range(3):
        customer = Customer(house=lone_house, provider=provider)
        page = await customer.come_back(provider.answer(await customer.leave(), key=stranger))
        assert "proof-invalid" in page.text
    assert [path for _, path, _, _ in provider.seen].count("/jwks") == 1
    lone_house.clock.advance(timedelta(minutes=2))
    customer = Customer(house=lone_house, provider=provider)
    await customer.come_back(provider.answer(await customer.leave(), key=stranger))
    assert [path for _, path, _, _ in provider.seen].count("/jwks") == 2


async def test_a_code_of_another_login_is_not_exchanged(provider: OpenIdProvider, lone_house: House) -> None:
    victim, thief = (Customer(house=lone_house, provider=provider) for _ in range(2))
    stolen = provider.answer(await victim.leave()).partition("code=")[2].partition("&")[0]
    back = provider.answer(await thief.leave(), {"code": stolen})
    page = await thief.come_back(back)
    assert "means-declined" in page.text


@pytest.mark.requires("OIDCC-5.3.4")
async def test_userinfo_of_somebody_else_is_not_used(
    provider: OpenIdProvider, customer: Customer, lone_house: House
) -> None:
    await lone_house.put(bank(provider, gives_bsn=True, settings={"bsn_claim": "bsn"}))
    told = {"sub": "somebody-else", "bsn": "999990019"}
    page = await customer.come_back(provider.answer(await customer.leave(), userinfo=told))
    assert "proof-invalid" in page.text


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ((200, b'{"access_token": "a", "token_type": "Bearer"}'), "proof-invalid"),
        ((200, b'{"access_token": "a", "id_token": "a.b.c"}'), "proof-invalid"),
        ((200, b'{"access_token": "a", "id_token": 7}'), "proof-invalid"),
        ((200, b"<html>"), "unavailable"),
        ((400, b'{"error": "invalid_grant"}'), "means-declined"),
        ((401, b'{"error": "invalid_client"}'), "unavailable"),
        ((500, b"{}"), "unavailable"),
        ((302, b""), "unavailable"),
    ],
)
async def test_an_odd_answer_to_a_code_leads_to_the_ways_on(
    provider: OpenIdProvider, customer: Customer, answer: tuple[int, bytes], told: str
) -> None:
    provider.answers["/token"] = answer
    page = await customer.come_back(provider.answer(await customer.leave()))
    assert told in page.text
    assert 'value="again"' in page.text
    assert 'value="back"' in page.text


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("access_denied", "means-declined"),
        ("login_required", "means-declined"),
        ("invalid_request", "means-declined"),
        ("unmet_authentication_requirements", "level-not-proven"),
        ("server_error", "unavailable"),
        ("temporarily_unavailable", "unavailable"),
        ("<script>alert(1)</script>", "means-declined"),
    ],
)
async def test_an_error_of_the_provider_leads_to_the_ways_on_and_to_an_answer(
    provider: OpenIdProvider, customer: Customer, word: str, told: str
) -> None:
    page = await customer.come_back(provider.answer(await customer.leave(), {"code": None, "error": word}))
    assert told in page.text
    assert "<script>" not in page.text.partition("<main")[2]
    response = await customer.send(page, do="back")
    assert "error=" in response.headers["location"]


async def test_who_was_refused_by_the_provider_can_choose_another_means(
    provider: OpenIdProvider, customer: Customer
) -> None:
    told = {"code": None, "error": "access_denied"}
    page = await customer.come_back(provider.answer(await customer.leave(), told))
    choice = await customer.send(page, do="again")
    assert code_of(await customer.send(choice, means="bench"))
