"""An external OpenID provider as a login means: whole logins, with what is asked and what comes out."""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.jose.keyrings import record
from tests.journeys.conftest import house_secrets
from tests.journeys.house import House, open_house
from tests.journeys.party import claims
from tests.means.elsewhere import BANK, Customer, bank, code_of
from tests.means.openid_provider import LOW, SECRET, SUBSTANTIAL, OpenIdProvider, openid_provider
from toegang.assurance import Level
from toegang.clock import epoch
from toegang.keys.ring import Algorithm

__all__ = ["house_secrets"]
LOA = "http://eidas.europa.eu/LoA/"


@pytest.fixture
async def house(house_secrets: Path, tmp_path: Path, sqlite_template: Path) -> AsyncIterator[House]:
    path = tmp_path / "toegang.db"
    shutil.copy(sqlite_template, path)
    async with open_house(house_secrets, tmp_path, f"sqlite:///{path}") as opened:
        yield opened


@pytest.fixture
async def provider(house: House) -> AsyncIterator[OpenIdProvider]:
    async with openid_provider(house.clock) as running:
        await house.put(bank(running))
        yield running


async def acr_of(customer: Customer, code: str) -> str:
    tokens = (await customer.party.redeem(customer.browser, code)).json()
    return str(claims(tokens["id_token"])["acr"])


async def test_a_customer_of_the_bank_logs_in_at_the_level_that_the_bank_proved(
    house: House, provider: OpenIdProvider
) -> None:
    customer = Customer(house=house, provider=provider)
    gone = await customer.leave()
    code = code_of(await customer.come_back(provider.answer(gone)))
    assert await acr_of(customer, code) == LOA + "substantial"


@pytest.mark.requires("OIDCC-3.1.2.1", "RFC7636-4.3", "OIDCC-5.5.1.1")
async def test_what_is_asked_is_bound_and_names_every_level_that_is_enough(
    house: House, provider: OpenIdProvider
) -> None:
    asked = provider.asked(await Customer(house=house, provider=provider).leave())
    wanted = json.loads(asked["claims"])["id_token"]
    assert asked["acr_values"] == f"{LOW} {SUBSTANTIAL}"
    assert wanted["acr"] == {"essential": True, "values": [LOW, SUBSTANTIAL]}
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == f"http://localhost:8000/means/oidc/callback/{BANK}"
    assert "max_age" not in asked
    for secret in ("state", "nonce", "code_challenge"):
        assert len(asked[secret]) == 43  # 256 bits


async def test_a_higher_level_asks_only_what_reaches_it(house: House, provider: OpenIdProvider) -> None:
    gone = await Customer(house=house, provider=provider).leave(acr_values=LOA + "substantial")
    assert provider.asked(gone)["acr_values"] == SUBSTANTIAL


async def test_a_level_that_the_bank_has_no_name_for_is_not_offered(
    house: House, provider: OpenIdProvider
) -> None:
    gone = await Customer(house=house, provider=provider).leave(acr_values=LOA + "high")
    assert not gone.startswith(provider.url)


@pytest.mark.parametrize(
    ("acr", "proven"), [(LOW, "low"), (SUBSTANTIAL, "substantial")], ids=["low", "substantial"]
)
async def test_the_level_is_what_the_table_says_under_the_ceiling(
    house: House, provider: OpenIdProvider, acr: str, proven: str
) -> None:
    customer = Customer(house=house, provider=provider)
    code = code_of(await customer.come_back(provider.answer(await customer.leave(), claims={"acr": acr})))
    assert await acr_of(customer, code) == LOA + proven


async def test_the_ceiling_of_the_admission_caps_what_the_bank_says(
    house: House, provider: OpenIdProvider
) -> None:
    await house.put(bank(provider, ceiling=Level.LOW))
    customer = Customer(house=house, provider=provider)
    code = code_of(await customer.come_back(provider.answer(await customer.leave())))
    assert await acr_of(customer, code) == LOA + "low"


@pytest.mark.parametrize("acr", [None, "", "urn:bank:unknown", LOA + "high"])
async def test_a_level_that_is_missing_or_unknown_proves_nothing(
    house: House, provider: OpenIdProvider, acr: str | None
) -> None:
    customer = Customer(house=house, provider=provider)
    page = await customer.come_back(provider.answer(await customer.leave(), claims={"acr": acr}))
    assert page.status_code == 200
    assert 'value="bench"' in page.text
    assert code_of(page) == ""


@pytest.mark.requires("OIDCC-3.1.2.1")
async def test_a_fresh_login_is_asked_and_seen(house: House, provider: OpenIdProvider) -> None:
    customer = Customer(house=house, provider=provider)
    gone = await customer.leave(prompt="login")
    assert provider.asked(gone)["max_age"] == "0"
    assert provider.asked(gone)["prompt"] == "login"
    assert code_of(await customer.come_back(provider.answer(gone)))


@pytest.mark.parametrize("age", [None, 60])
async def test_an_earlier_login_at_the_bank_is_not_a_fresh_one(
    house: House, provider: OpenIdProvider, age: int | None
) -> None:
    customer = Customer(house=house, provider=provider)
    gone = await customer.leave(prompt="login")
    at = None if age is None else epoch(house.clock.now()) - age
    page = await customer.come_back(provider.answer(gone, claims={"auth_time": at}))
    assert page.status_code == 400
    assert code_of(page) == ""


@pytest.mark.requires("OIDCC-2")
async def test_the_service_is_told_when_the_person_logged_in_at_the_bank(
    house: House, provider: OpenIdProvider
) -> None:
    customer = Customer(house=house, provider=provider)
    at = epoch(house.clock.now() - timedelta(minutes=10))
    back = provider.answer(await customer.leave(), claims={"auth_time": at})
    tokens = (await customer.party.redeem(customer.browser, code_of(await customer.come_back(back)))).json()
    assert claims(tokens["id_token"])["auth_time"] == at


@pytest.mark.requires("RFC9126-2")
async def test_a_request_is_left_at_the_bank_beforehand_where_it_takes_that(
    house: House, provider: OpenIdProvider
) -> None:
    provider.metadata["pushed_authorization_request_endpoint"] = f"{provider.url}/par"
    customer = Customer(house=house, provider=provider)
    gone = await customer.leave()
    assert set(provider.pushed) == {"urn:ietf:params:oauth:request_uri:0"}
    assert "nonce=" not in gone
    assert code_of(await customer.come_back(provider.answer(gone)))


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
async def test_the_hub_proves_itself_by_a_secret_where_the_bank_has_no_better(
    house: House, provider: OpenIdProvider, method: str
) -> None:
    secrets = house.app.ground.settings.means.secrets
    assert secrets is not None
    secrets.mkdir()
    (secrets / BANK).touch(mode=0o600)
    (secrets / BANK).write_text(SECRET)
    await house.put(bank(provider, settings={"authentication": method}))
    customer = Customer(house=house, provider=provider)
    assert code_of(await customer.come_back(provider.answer(await customer.leave())))


async def test_one_customer_has_one_name_at_a_service_and_another_at_the_next(
    house: House, provider: OpenIdProvider
) -> None:
    subjects = []
    for who in ("first", "first", "second"):
        customer = Customer(house=house, provider=provider)
        back = provider.answer(await customer.leave(), claims={"sub": who})
        code = code_of(await customer.come_back(back))
        tokens = (await customer.party.redeem(customer.browser, code)).json()
        subjects.append(claims(tokens["id_token"])["sub"])
    assert subjects[0] == subjects[1] != subjects[2]
    assert "first" not in subjects


async def test_forms_of_the_choice_may_lead_to_the_pages_of_the_bank(
    house: House, provider: OpenIdProvider
) -> None:
    customer = Customer(house=house, provider=provider)
    login = (await customer.browser.get(customer.party.url())).headers["location"]
    policy = (await customer.browser.get(login)).headers["content-security-policy"]
    assert provider.url in policy.partition("form-action ")[2].partition(";")[0].split()


async def test_a_key_that_the_bank_took_into_use_is_found(house: House, provider: OpenIdProvider) -> None:
    customer = Customer(house=house, provider=provider)
    assert code_of(await customer.come_back(provider.answer(await customer.leave())))
    new = record(Algorithm.RS256, "second")
    provider.keys = (*provider.keys, new)
    house.clock.advance(timedelta(minutes=2))
    again = Customer(house=house, provider=provider)
    assert code_of(await again.come_back(provider.answer(await again.leave(), key=new)))


async def test_a_bank_that_is_away_is_said_with_the_other_means(
    house: House, provider: OpenIdProvider
) -> None:
    provider.answers["/.well-known/openid-configuration"] = (503, b"")
    customer = Customer(house=house, provider=provider)
    login = (await customer.browser.get(customer.party.url())).headers["location"]
    page = await customer.choose(login)
    assert "unavailable" in page
    assert 'value="again"' in page
    assert 'value="back"' in page


async def test_a_bank_that_was_there_this_hour_is_used_while_its_metadata_is_away(
    house: House, provider: OpenIdProvider
) -> None:
    await Customer(house=house, provider=provider).leave()
    provider.answers["/.well-known/openid-configuration"] = (503, b"")
    house.clock.advance(timedelta(hours=2))
    customer = Customer(house=house, provider=provider)
    assert code_of(await customer.come_back(provider.answer(await customer.leave())))
