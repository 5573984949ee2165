"""A bank that speaks SAML, an enemy beside it, and a saver on the way: what attacks on a means begin from."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.journeys.house import House
from tests.means.elsewhere import Customer
from tests.means.identity_provider import IdentityProvider, identity_provider
from tests.means.openid_provider import OpenIdProvider
from tests.means.savings_bank import SAVINGS, Saver, savings
from toegang.catalogue.values import MeansId

ENEMY = MeansId("enemy")


def saver_of(house: House, bank: IdentityProvider, means: MeansId = SAVINGS) -> Saver:
    """Be somebody with a browser of their own."""
    customer = Customer(house=house, provider=OpenIdProvider(clock=house.clock))
    return Saver(customer=customer, bank=bank, means=means)


@asynccontextmanager
async def savings_bank(house: House) -> AsyncIterator[IdentityProvider]:
    """Run the bank, admitted."""
    async with identity_provider(house.app, house.clock) as running:
        await house.put(running.entity(), savings(running))
        yield running


@asynccontextmanager
async def enemy_bank(house: House) -> AsyncIterator[IdentityProvider]:
    """Run a provider that was admitted too, and turns out to be an enemy."""
    async with identity_provider(house.app, house.clock, "https://idp.enemy.example") as running:
        await house.put(running.entity(), savings(running, ENEMY))
        yield running
