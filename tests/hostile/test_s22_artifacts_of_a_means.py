"""S22: an artifact is exchanged with whom it was asked of, and what comes back is signed on its own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.hostile.savers import enemy_bank, saver_of, savings_bank
from tests.journeys.house import House
from tests.means.elsewhere import code_of
from tests.means.identity_provider import IdentityProvider
from tests.means.savings_bank import Saver, savings
from toegang.saml import writing
from toegang.saml.bindings import artifact
from toegang.saml.messages import AuthnRequest, Status
from toegang.saml.names import NO_AUTHN_CONTEXT, RESPONDER


@pytest.fixture
async def bank(lone_house: House) -> AsyncIterator[IdentityProvider]:
    async with savings_bank(lone_house) as running:
        await lone_house.put(savings(running, settings={"answer_by": "artifact"}))
        yield running


@pytest.fixture
async def enemy(lone_house: House) -> AsyncIterator[IdentityProvider]:
    async with enemy_bank(lone_house) as running:
        yield running


@pytest.fixture
def saver(lone_house: House, bank: IdentityProvider) -> Saver:
    return saver_of(lone_house, bank)


def octets_of(bank: IdentityProvider, request: AuthnRequest) -> bytes:
    return bank.signed(bank.response(request, bank.assertion(request)))


async def test_an_artifact_of_another_provider_is_exchanged_with_nobody(
    saver: Saver, bank: IdentityProvider, enemy: IdentityProvider
) -> None:
    request = await saver.leave()
    back = bank.ticket(octets_of(bank, request), saver.state, request.consumer_url, of=enemy.entity_id)
    assert "proof-invalid" in (await saver.customer.come_back(back)).text
    assert bank.resolved == enemy.resolved == []


async def test_an_artifact_for_an_address_that_is_not_pinned_is_exchanged_with_nobody(
    saver: Saver, bank: IdentityProvider
) -> None:
    request = await saver.leave()
    made = artifact.make(bank.entity_id, bytes(20), 7)
    page = await saver.customer.come_back(artifact.address(request.consumer_url, made, saver.state))
    assert "misconfigured" in page.text
    assert bank.resolved == []


async def test_an_answer_that_another_signed_is_refused(
    saver: Saver, bank: IdentityProvider, enemy: IdentityProvider
) -> None:
    request = await saver.leave()
    inner = octets_of(bank, request)
    bank.envelope = bank.resolution("_unknown", inner, enemy.key)
    back = bank.ticket(inner, saver.state, request.consumer_url)
    assert "proof-invalid" in (await saver.customer.come_back(back)).text


def bare(envelope: bytes) -> bytes:
    """Take the first signature away."""
    start, end = envelope.index(b"<ds:Signature"), envelope.index(b"</ds:Signature>") + 15
    return envelope[:start] + envelope[end:]


async def test_an_answer_that_nobody_signed_is_as_good_as_what_it_holds(
    saver: Saver, bank: IdentityProvider, enemy: IdentityProvider
) -> None:
    """Some providers cannot sign around a message: what it holds is held against their key all the same."""
    for provider, good in ((enemy, False), (bank, True)):
        request = await saver.leave()
        inner = octets_of(provider, request)
        bank.envelope = bare(bank.resolution("_unknown", inner))
        back = bank.ticket(inner, saver.state, request.consumer_url)
        assert bool(code_of(await saver.customer.come_back(back))) is good


async def test_why_nobody_was_proven_is_not_believed_when_nobody_signed_it(
    saver: Saver, bank: IdentityProvider
) -> None:
    request = await saver.leave()
    status = Status(code=RESPONDER, second=NO_AUTHN_CONTEXT)
    inner = bare(bank.signed(bank.response(request, None, status=status)))
    bank.envelope = bare(bank.resolution("_unknown", inner))
    back = bank.ticket(inner, saver.state, request.consumer_url)
    assert "means-declined" in (await saver.customer.come_back(back)).text


async def test_an_answer_to_another_question_is_refused(saver: Saver, bank: IdentityProvider) -> None:
    request = await saver.leave()
    inner = octets_of(bank, request)
    bank.envelope = bank.resolution("_another-question", inner)
    back = bank.ticket(inner, saver.state, request.consumer_url)
    assert "proof-invalid" in (await saver.customer.come_back(back)).text


async def test_a_success_that_is_signed_by_its_envelope_alone_is_refused(
    saver: Saver, bank: IdentityProvider
) -> None:
    request = await saver.leave()
    around = bank.response(request, None)
    inner = writing.assertion(bank.assertion(request), None)
    octets = writing.response_around(around, inner, None)
    page = await saver.customer.come_back(bank.ticket(octets, saver.state, request.consumer_url))
    assert "proof-invalid" in page.text


async def test_a_true_answer_of_another_provider_inside_the_envelope_is_refused(
    saver: Saver, bank: IdentityProvider, enemy: IdentityProvider
) -> None:
    request = await saver.leave()
    inner = octets_of(enemy, request)
    page = await saver.customer.come_back(bank.ticket(inner, saver.state, request.consumer_url))
    assert "proof-invalid" in page.text


async def test_an_artifact_counts_once(saver: Saver, bank: IdentityProvider) -> None:
    request = await saver.leave()
    back = bank.ticket(octets_of(bank, request), saver.state, request.consumer_url)
    assert code_of(await saver.customer.come_back(back))
    assert "one-time-gone" in (await saver.customer.come_back(back)).text
    assert len(bank.resolved) == 1


async def test_nothing_behind_an_artifact_is_nothing(saver: Saver, bank: IdentityProvider) -> None:
    request = await saver.leave()
    back = bank.ticket(octets_of(bank, request), saver.state, request.consumer_url)
    bank.waiting.clear()
    assert "proof-invalid" in (await saver.customer.come_back(back)).text


@pytest.mark.parametrize("octets", [b"<html/>", b"", b"<soap/>", b"<!DOCTYPE a><a/>"])
async def test_what_is_no_answer_to_an_artifact_is_refused(
    saver: Saver, bank: IdentityProvider, octets: bytes
) -> None:
    request = await saver.leave()
    bank.envelope = octets or b" "
    back = bank.ticket(octets_of(bank, request), saver.state, request.consumer_url)
    assert "proof-invalid" in (await saver.customer.come_back(back)).text


@pytest.mark.parametrize("query", ["", "SAMLart=x", "SAMLart=AAQAAA%3D%3D&SAMLart=b", "SAMLResponse=a"])
async def test_an_address_without_one_good_artifact_is_refused(lone_house: House, query: str) -> None:
    assert (await lone_house.browser().get(f"/saml/acs?{query}")).status_code == 400
