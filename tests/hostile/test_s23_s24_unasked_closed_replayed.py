"""S23, S24: what was not asked, is closed by now, or was shown before, on whatever node, proves nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.hostile.savers import saver_of, savings_bank
from tests.hostile.scenes import second_node
from tests.journeys.house import HUB, House, text
from tests.means.elsewhere import code_of
from tests.means.identity_provider import IdentityProvider
from tests.means.savings_bank import Saver, savings
from toegang.catalogue.values import Kind, Organisation, Validity


@pytest.fixture
async def bank(lone_house: House) -> AsyncIterator[IdentityProvider]:
    async with savings_bank(lone_house) as running:
        yield running


@pytest.fixture
def saver(lone_house: House, bank: IdentityProvider) -> Saver:
    return saver_of(lone_house, bank)


async def test_an_answer_that_nobody_asked_is_refused(saver: Saver, bank: IdentityProvider) -> None:
    request = await saver.leave()
    for asked in ("", request.id):
        unasked = replace(request, id=asked or "_never-asked")
        octets = bank.signed(bank.response(unasked, bank.assertion(unasked)))
        assert "one-time-gone" in (await saver.post(octets, "a-state-of-nobody")).text
    made = bank.response(request, bank.assertion(request), in_response_to="")
    assert "proof-invalid" in (await saver.post(bank.signed(made))).text


CLOSED: dict[str, dict[str, Any]] = {"disabled": {"enabled": False}, "blocked": {"blocked": True}}


@pytest.mark.parametrize("name", CLOSED)
async def test_a_means_that_was_closed_meanwhile_proves_nothing(
    saver: Saver, bank: IdentityProvider, lone_house: House, name: str
) -> None:
    await saver.leave()
    await lone_house.put(savings(bank, **CLOSED[name]))
    page = await saver.answer()
    assert "party-closed" in page.text
    assert code_of(page) == ""


async def test_a_provider_whose_metadata_was_closed_or_ran_out_meanwhile_proves_nothing(
    saver: Saver, bank: IdentityProvider, lone_house: House
) -> None:
    now = lone_house.clock.now()
    entity = bank.entity()
    over = replace(entity.metadata, valid_until=now - timedelta(seconds=1))
    for closed in (
        replace(entity, enabled=False),
        replace(entity, validity=Validity(until=now)),
        replace(entity, metadata=over),
    ):
        await lone_house.put(entity)
        await saver.leave()
        await lone_house.put(closed)
        assert "party-closed" in (await saver.answer()).text


async def test_a_provider_whose_organisation_was_closed_meanwhile_proves_nothing(
    saver: Saver, lone_house: House
) -> None:
    await saver.leave()
    owner = Organisation(
        id=HUB, names=text("Hub"), kind=Kind.PUBLIC, sector="access", oin="0" * 20, enabled=False
    )
    await lone_house.put(owner)
    assert code_of(await saver.answer()) == ""


async def test_a_key_that_was_taken_out_of_the_pinned_metadata_proves_nothing(
    saver: Saver, bank: IdentityProvider, lone_house: House
) -> None:
    await saver.leave()
    await lone_house.put(bank.entity(keys=()))
    assert "proof-invalid" in (await saver.answer()).text


async def test_an_answer_counts_once_on_any_node(
    saver: Saver, bank: IdentityProvider, lone_house: House
) -> None:
    request = await saver.leave()
    octets = bank.signed(bank.response(request, bank.assertion(request)))
    assert code_of(await saver.post(octets))
    assert "one-time-gone" in (await saver.post(octets)).text
    async with second_node(lone_house) as other:
        saver.customer.browser._transport = other.browser()._transport  # the same cookies elsewhere
        assert "one-time-gone" in (await saver.post(octets)).text


async def test_an_assertion_that_was_seen_is_refused_even_for_a_request_that_it_would_fit(
    saver: Saver, bank: IdentityProvider, lone_house: House
) -> None:
    """A provider that gives an assertion of one request the name of another's gains nothing."""
    await saver.leave()
    assert code_of(await saver.answer(id="_the-same"))
    again = saver_of(lone_house, bank)
    await again.leave()
    page = await again.answer(id="_the-same")
    assert "replayed" in page.text
    assert code_of(page) == ""


async def test_an_answer_that_comes_too_late_is_refused(
    saver: Saver, bank: IdentityProvider, lone_house: House
) -> None:
    request = await saver.leave()
    octets = bank.signed(bank.response(request, bank.assertion(request)))
    lone_house.clock.advance(timedelta(minutes=4))
    assert "proof-invalid" in (await saver.post(octets)).text
    lone_house.clock.advance(timedelta(minutes=30))
    assert "one-time-gone" in (await saver.post(octets)).text
