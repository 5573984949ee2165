"""L19: what one person may is nothing to who logs in after them in the same login, however the two meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.journeys import acting as a
from tests.journeys.party import follow
from tests.journeys.test_acting_for_organisations import about_organisations, asked, by_another

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from tests.journeys.house import House
    from toegang.catalogue.values import Service
    from toegang.mandates.law import Law
    from toegang.mandates.party import PartyId


@dataclass(slots=True)
class Slow:
    """Registers that take so long, the second time that they are asked, that something happens meanwhile."""

    told: a.Told
    meanwhile: Callable[[], Awaitable[None]]
    times: int = 0

    async def for_actor(self, actor: PartyId, service: Service, now: datetime) -> Law:
        """Return what is told."""
        return await self.told.for_actor(actor, service, now)

    async def between(self, actor: PartyId, principal: PartyId, service: Service, now: datetime) -> Law:
        """Return what is told, after what happens."""
        self.times += 1
        if self.times == 2:  # the first was when it was chosen, the second is when the login is to end
            await self.meanwhile()
        return await self.told.between(actor, principal, service, now)


@pytest.mark.requires("MANDATES-P4", "MANDATES-P14")
async def test_what_the_first_person_may_ends_no_login_of_who_logged_in_anew_meanwhile(
    lone_house: House,
) -> None:
    house = lone_house
    await about_organisations(house)
    await a.given(house, a.FIRM)
    await a.numbered(house, a.FIRM, "90000001")
    browser = a.english(house)
    page = await follow(browser, asked())

    async def another_logs_in() -> None:
        anew = await a.post(browser, page, do="another-means")
        await by_another(browser, anew, a.OTHER)

    slow = Slow(a.Told(), another_logs_in)
    asking = house.app.rooms.logins.choosing.authorities
    object.__setattr__(asking, "gathering", slow)
    end = await a.post(browser, page, whom=a.offered(page)[0])
    assert slow.times == 3, "the second person was asked about too"
    assert "You can no longer log in for who you chose." in end.text
    assert a.offered(end) == []
