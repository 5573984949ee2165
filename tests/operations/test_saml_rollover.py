"""The keys of the hub and of its partners in SAML are replaced while people log in: no login fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys.house import BENCH, CLINIC, House, means, service
from tests.journeys.saml_party import enrol
from tests.journeys.test_saml_login import BSN, DOSSIER
from tests.means.elsewhere import Customer, code_of
from tests.means.openid_provider import OpenIdProvider
from tests.means.savings_bank import Saver, savings
from tests.means.speaking import speaking
from tests.operations.rolling import Copy, Keys, Rolling, RollingBank, Shelf, Website
from tests.volumes import Counting, counting, volume
from toegang.assurance import Level
from toegang.catalogue.values import ClientId, IdentityForm, SamlProfile, ServiceNumber
from toegang.keys import changes
from toegang.keys.certificates import Subject
from toegang.keys.ring import Algorithm
from toegang.provider.saml.profiles import PROFILES
from toegang.saml.own import OwnKeys

__all__ = ["counting"]

HOUR, DAY, INSTANT = timedelta(hours=1), timedelta(days=1), timedelta(seconds=30)
WEEK = timedelta(days=6)  # the hub's metadata says seven, and may have been written an hour ago
EVERY = HOUR * volume(24, 1)
AT_ONCE = volume(1, 3)
"""Logins of each party that are under way at each change."""

STEPS = 20 * DAY // EVERY
MAKING = changes.Making(bits=2048, subject=Subject(common_name="localhost"))
End = Callable[[], Awaitable[None]]
Begin = Callable[[], Awaitable[End]]
"""Begins a login, and gives what ends it."""

CADENCES = dict(zip(SamlProfile, (WEEK, DAY, EVERY, WEEK), strict=True))


@dataclass(kw_only=True)
class Town:
    """A hub, parties around it that look at each other now and then, and what became of their logins."""

    house: House
    ring: Path
    shelf: Shelf
    parties: list[Rolling] = field(default_factory=list)
    signed_by: set[str] = field(default_factory=set)
    rolls: list[Iterator[None]] = field(default_factory=list)

    @property
    def own(self) -> OwnKeys:
        return OwnKeys(self.house.app.ground.saml_keys)

    async def pass_time(self, at: int) -> None:
        """Do what is due at step `at`: ours and theirs; then look at each other's metadata."""
        day, hour = divmod(at * EVERY, DAY)
        now = self.house.clock.now()
        if not hour and day in {1, 2}:
            changes.rotate(self.ring, (Algorithm.RS256, Algorithm.RSA_OAEP)[day - 1], now=now, making=MAKING)
        if not hour and day == 3:
            self.rolls += [party.keys.roll(1) for party in self.parties]
        if not hour and day % 2:
            for roll in self.rolls:
                next(roll, None)
        for party in self.parties:
            await party.copy.look(self.house)
        loop = self.house.app.loops.refresh
        for source in await loop.due(now):
            assert await loop.refresh(source, now)
        self.signed_by.add(self.own.signing(now).name)

    def told(self) -> set[str]:
        """Return the certificates that our metadata tells now."""
        return {key.certificate for key in self.own.announced(self.house.clock.now())}

    def pinned(self) -> set[str]:
        """Return the certificates of all parties that the hub believes now."""
        snapshot = self.house.app.rooms.catalogue.current
        found: set[str] = set()
        for party in self.parties:
            entity = snapshot.entity(party.entity_id)
            assert entity is not None
            role = entity.metadata.service_provider or entity.metadata.identity_provider
            assert role is not None
            found.update(key.certificate for key in role.keys)
        return found


@asynccontextmanager
async def opened(house: House, folder: Path) -> AsyncIterator[Town]:
    shelf = Shelf(house=house)
    async with speaking(shelf.respond) as shelf.url:
        yield Town(house=house, ring=folder / "keys" / "saml", shelf=shelf)


def website(number: int, profile: SamlProfile) -> Website:
    entity_id = f"urn:nl-eid-gdi:1.0:DV:00000000000000000001:entities:{9100 + number}"
    return Website(
        id=ClientId(f"website-{number}"),
        profile=profile,
        services=(DOSSIER,),
        entity_id=entity_id,
        more={"service_indexes": (ServiceNumber(index=1, service=DOSSIER),)},
        keys=Keys(of=entity_id),
        copy=Copy(every=CADENCES[profile]),
    )


def at_website(house: House, site: Website, person: str) -> Begin:
    """Return how a login at a website begins; with the artifact in hand it is under way."""

    async def begin() -> End:
        came_back = await site.ask(house.browser(), site.request(house), person=person)

        async def end() -> None:
            told = await site.told(house, came_back)
            subjects = PROFILES[site.profile].subjects
            name = site.open(told, subjects.acting) if subjects else None
            assert told.assertion is not None
            assert name is None or name.value == BSN

        return end

    return begin


def at_bank(house: House, bank: RollingBank) -> Begin:
    """Return how a login at the town with the bank begins; before the bank answers it is under way."""

    async def begin() -> End:
        saver = Saver(customer=Customer(house=house, provider=OpenIdProvider(clock=house.clock)), bank=bank)
        await saver.leave()

        async def end() -> None:
            answer = bank.sealed(saver.request, bank.assertion(saver.request))
            assert code_of(await saver.post(answer))

        return end

    return begin


async def keep_logging_in(town: Town, begins: list[Begin], steps: Iterator[int]) -> int:
    """Log in everywhere at every step: begun before what happens and ended after it, and wholly after."""
    done, clock = 0, town.house.clock
    for at in steps:
        ends = await asyncio.gather(*(begin() for begin in begins))
        clock.advance(INSTANT)
        await town.pass_time(at)
        clock.advance(INSTANT)
        await asyncio.gather(*(end() for end in ends))
        ends = await asyncio.gather(*(begin() for begin in begins))
        await asyncio.gather(*(end() for end in ends))
        clock.advance(EVERY - 2 * INSTANT)
        done += 2 * len(begins)
    return done


@pytest.mark.timeout(1800)
@pytest.mark.requires("SAMLMeta-2.4.1.1")
async def test_no_login_at_a_website_fails_while_the_hub_and_all_websites_replace_their_keys(
    rotating: House, tmp_path: Path, counting: Counting
) -> None:
    house = rotating
    async with opened(house, tmp_path) as town:
        websites = [website(number, profile) for number, profile in enumerate(SamlProfile)]
        town.parties += websites
        await house.put(
            service(DOSSIER, CLINIC, Level.LOW, identity=IdentityForm.BSN),
            means(BENCH, Level.HIGH, gives_bsn=True),
            *(each.connection for each in websites),
            *(town.shelf.pinned(each.id, each) for each in websites),
        )
        person = str(await enrol(house, BSN))
        for site in websites:
            await site.copy.look(house)
        ours, theirs = town.told(), town.pinned()
        begins = [at_website(house, site, person) for site in websites for _ in range(AT_ONCE)]
        done = await keep_logging_in(town, begins, counting("steps of a rollover", STEPS))

        assert done == STEPS * len(websites) * AT_ONCE * 2
        assert len(town.signed_by) == 2
        assert ours.isdisjoint(town.told())
        assert theirs.isdisjoint(town.pinned())


@pytest.mark.timeout(1800)
@pytest.mark.requires("SAMLMeta-2.4.1.1")
async def test_no_login_with_a_bank_fails_while_it_and_the_hub_replace_their_keys(
    rotating: House, tmp_path: Path, counting: Counting
) -> None:
    house = rotating
    async with opened(house, tmp_path) as town, speaking(town.shelf.respond) as url:
        entity_id = "https://idp.bank.example"
        bank = RollingBank(
            clock=house.clock,
            hub=town.own,
            url=url,
            entity_id=entity_id,
            keys=Keys(of=entity_id),
            copy=Copy(every=WEEK),
        )
        town.parties.append(bank)
        await house.put(town.shelf.pinned("bank", bank), savings(bank))
        await bank.copy.look(house)
        ours, theirs = town.told(), town.pinned()
        begins = [at_bank(house, bank)] * AT_ONCE
        done = await keep_logging_in(town, begins, counting("steps of a rollover", STEPS))

        assert done == STEPS * AT_ONCE * 2
        assert len(bank.locked) == 2
        assert ours.isdisjoint(town.told())
        assert theirs.isdisjoint(town.pinned())
