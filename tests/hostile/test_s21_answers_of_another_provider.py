"""S21: an answer counts for the request, the provider, the login and the browser of one row, and no other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.hostile.savers import ENEMY, enemy_bank, saver_of, savings_bank
from tests.journeys.house import House
from tests.means.elsewhere import code_of
from tests.means.identity_provider import IdentityProvider, form
from tests.means.savings_bank import Saver, savings
from toegang.saml.messages import Status
from toegang.saml.names import NO_AUTHN_CONTEXT, RESPONDER
from toegang.saml.writing import SignedPart


@pytest.fixture
async def bank(lone_house: House) -> AsyncIterator[IdentityProvider]:
    async with savings_bank(lone_house) as running:
        yield running


@pytest.fixture
async def enemy(lone_house: House) -> AsyncIterator[IdentityProvider]:
    async with enemy_bank(lone_house) as running:
        yield running


@pytest.fixture
def saver(lone_house: House, bank: IdentityProvider) -> Saver:
    return saver_of(lone_house, bank)


@pytest.mark.requires("SAMLProf-4.1.4.3")
@pytest.mark.parametrize("part", SignedPart)
async def test_a_trusted_provider_does_not_answer_what_was_asked_of_another(
    saver: Saver, enemy: IdentityProvider, part: SignedPart
) -> None:
    request = await saver.leave()
    told = enemy.response(request, enemy.assertion(request))
    page = await saver.post(enemy.signed(told, part))
    assert "proof-invalid" in page.text
    assert code_of(page) == ""


@pytest.mark.parametrize("part", SignedPart)
async def test_a_trusted_provider_does_not_speak_in_the_name_of_another(
    saver: Saver, bank: IdentityProvider, enemy: IdentityProvider, part: SignedPart
) -> None:
    request = await saver.leave()
    told = bank.response(request, bank.assertion(request))
    page = await saver.post(enemy.signed(told, part, enemy.key))
    assert "proof-invalid" in page.text


@pytest.mark.parametrize("part", [SignedPart.RESPONSE, SignedPart.BOTH])
async def test_the_issuer_of_the_response_and_of_the_assertion_are_both_looked_at(
    saver: Saver, bank: IdentityProvider, enemy: IdentityProvider, part: SignedPart
) -> None:
    request = await saver.leave()
    mixed = bank.response(request, bank.assertion(request, issuer=enemy.entity_id))
    assert "proof-invalid" in (await saver.post(bank.signed(mixed, part))).text
    await saver.leave()
    other = bank.response(saver.request, bank.assertion(saver.request), issuer=enemy.entity_id)
    assert "proof-invalid" in (await saver.post(bank.signed(other, part))).text


async def test_what_an_unsigned_response_says_around_a_signed_assertion_counts_for_nothing(
    saver: Saver, bank: IdentityProvider
) -> None:
    """The attack: a true assertion for another request, in a response that says it answers this one."""
    first = await saver.leave()
    stolen = bank.assertion(first)
    second = await saver.leave()
    told = bank.response(second, stolen)
    assert "proof-invalid" in (await saver.post(bank.signed(told, SignedPart.ASSERTION))).text


async def test_what_nobody_signed_proves_nobody_and_why_it_says_so_is_not_believed(
    saver: Saver, bank: IdentityProvider
) -> None:
    request = await saver.leave()
    failed = bank.response(request, None, status=Status(code=RESPONDER, second=NO_AUTHN_CONTEXT))
    signed = bank.signed(failed)
    stripped = signed[: signed.index(b"<ds:Signature")] + signed[signed.index(b"</ds:Signature>") + 15 :]
    page = await saver.post(stripped)
    assert "means-declined" in page.text
    assert 'value="again"' in page.text


@pytest.mark.parametrize(
    "bent",
    [
        {"audiences": (("https://another.example",),)},
        {"audiences": ()},
        {"not_on_or_after": None},
        {"not_before": None},
        {"confirmations": ()},
        {"authn": None},
    ],
    ids=lambda bent: next(iter(bent)) + str(len(str(bent))),
)
async def test_an_assertion_that_is_for_others_or_does_not_say_proves_nobody(
    saver: Saver, bent: dict[str, Any]
) -> None:
    await saver.leave()
    assert "proof-invalid" in (await saver.answer(**bent)).text


@pytest.mark.parametrize("field", ["recipient", "in_response_to", "not_on_or_after", "method"])
async def test_a_confirmation_for_others_proves_nobody(
    saver: Saver, bank: IdentityProvider, field: str
) -> None:
    request = await saver.leave()
    [right] = bank.assertion(request).confirmations
    wrong: dict[str, Any] = {
        "recipient": "http://localhost:8000/saml/acs/",
        "in_response_to": "_another",
        "not_on_or_after": bank.clock.now() - timedelta(minutes=2),
        "method": "urn:oasis:names:tc:SAML:2.0:cm:sender-vouches",
    }
    bent = replace(right, **{field: wrong[field]})
    assert "proof-invalid" in (await saver.answer(confirmations=(bent,))).text


async def test_an_answer_brought_by_another_browser_is_refused_and_gone(
    saver: Saver, bank: IdentityProvider, lone_house: House
) -> None:
    request = await saver.leave()
    octets = bank.signed(bank.response(request, bank.assertion(request)))
    thief = saver_of(lone_house, bank)
    await thief.leave()
    assert (await thief.post(octets, saver.state)).status_code == 403
    assert "one-time-gone" in (await saver.post(octets)).text


async def test_a_state_of_another_login_of_the_same_browser_does_not_fit(
    saver: Saver, bank: IdentityProvider
) -> None:
    first = await saver.leave()
    octets = bank.signed(bank.response(first, bank.assertion(first)))
    await saver.leave()
    assert "proof-invalid" in (await saver.post(octets)).text


async def test_a_provider_of_which_the_admission_changed_meanwhile_is_another(
    saver: Saver, enemy: IdentityProvider, lone_house: House
) -> None:
    request = await saver.leave()
    await lone_house.put(savings(enemy))  # the same means, pointed at another entity
    told = enemy.response(request, enemy.assertion(request))
    assert "proof-invalid" in (await saver.post(enemy.signed(told))).text


async def test_each_of_two_providers_answers_for_itself(
    bank: IdentityProvider, enemy: IdentityProvider, lone_house: House
) -> None:
    for provider, means in ((bank, None), (enemy, ENEMY)):
        one = saver_of(lone_house, provider, *([means] if means else []))
        await one.leave()
        assert code_of(await one.answer())


async def test_an_answer_without_a_state_or_that_is_no_answer_is_refused(
    saver: Saver, bank: IdentityProvider, lone_house: House
) -> None:
    request = await saver.leave()
    octets = bank.signed(bank.response(request, bank.assertion(request)))
    assert "one-time-gone" in (await saver.post(octets, "")).text
    bare = lone_house.browser()
    for sent in ({}, {"SAMLRequest": form(octets, None)["SAMLResponse"]}, {"SAMLResponse": "%%%"}):
        assert (await bare.post("/saml/acs", data=sent)).status_code == 400
    assert (await bare.get("/saml/acs/made-up")).status_code == 400
