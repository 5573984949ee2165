"""Gives the demo a year that is over: `python -m demo.past SETTINGS`. Once; a past that is there stays.

Public figures are of whole months that are over and hide small numbers, so a hub of today has none to show.
What is written are events, as logins and accounts leave them in the trail; the figures are counted from them
as from any other. The people in them are made up, and so are the numbers.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

from demo import hospital, municipality
from demo.catalogue import (
    ACCOUNT_CLIENT,
    ACCOUNT_SERVICE,
    APP_MEANS,
    CAMPAIGN,
    CITIZEN_MEANS,
    PASSKEY_MEANS,
)
from toegang import config
from toegang.app import build_ground
from toegang.assurance import Level, Step
from toegang.audit.events import (
    AccountStepChanged,
    CampaignDeclined,
    CampaignFinished,
    CampaignShown,
    CampaignStarted,
    Domain,
    LoginCancelled,
    LoginCompleted,
    LoginRefused,
    MandateBegun,
    MandateMoved,
    MandateReasonGiven,
    MandateUsed,
    PasskeyAdded,
    Personal,
)
from toegang.catalogue.representation import EdgeKind
from toegang.mandates.edge import State
from toegang.mandates.life import Act, Side
from toegang.mandates.reasons import HARMLESS, Reason
from toegang.means.passkey.values import Bond
from toegang.storage.trail import TrailTables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from toegang.audit.event import Event
    from toegang.units import Units

    Happened = Callable[[random.Random, datetime, str], Event]

MONTHS = 12
DAYS = 28  # of each month, so that every month has them
TOGETHER = 200
"""Events written by one statement."""

REFERENCE = "DEMO-PAST-{:04d}"


class About(TypedDict):
    """What every event of a login says."""

    at: datetime
    reference: str
    service: UUID
    organisation: str
    sector: str
    client: str


@dataclass(frozen=True, slots=True)
class Place:
    """A service where people logged in."""

    service: str
    organisation: str
    sector: str
    client: str
    level: Level

    def about(self, at: datetime, reference: str) -> About:
        """Return what every event of a login there says."""
        return About(
            at=at,
            reference=reference,
            service=UUID(self.service),
            organisation=self.organisation,
            sector=self.sector,
            client=self.client,
        )

    def completed(self, chance: random.Random, at: datetime, reference: str) -> Event:
        """Somebody logged in."""
        return LoginCompleted(
            **self.about(at, reference),
            means=CITIZEN_MEANS,
            factors=("password", "sms-code") if self.level >= Level.LOW else ("password",),
            required=self.level,
            proven=self.level,
            domain=Domain.CITIZEN,
            reused_session=False,
            milliseconds=chance.randint(8_000, 60_000),
            person=somebody(chance),
        )

    def stopped(self, _: random.Random, at: datetime, reference: str) -> Event:
        """Somebody thought better of it."""
        return LoginCancelled(**self.about(at, reference), step="choose-means", means=CITIZEN_MEANS)

    def expired(self, _: random.Random, at: datetime, reference: str) -> Event:
        """Somebody took too long."""
        about = self.about(at, reference)
        return LoginRefused(**about, code="login-expired", step="go-to-means", required=self.level)


def drawn_id(chance: random.Random) -> str:
    """Make up an id."""
    return str(UUID(int=chance.getrandbits(128), version=4))


def somebody(chance: random.Random) -> Personal:
    """Make up who it was."""
    return Personal.of(drawn_id(chance))


LEVELS = {Step.PASSWORD: Level.BASIC, Step.SMS: Level.LOW, Step.APP: Level.LOW, None: None}


def climbed(before: Step | None, after: Step | None) -> Happened:
    """Return how an account comes from one step to another; None is nowhere."""

    def happened(chance: random.Random, at: datetime, _: str) -> Event:
        return AccountStepChanged(
            at=at,
            before=before,
            after=after,
            level_before=LEVELS[before],
            level_after=LEVELS[after],
            person=somebody(chance),
        )

    return happened


def added(bond: Bond) -> Happened:
    """Return how an account gets a passkey of that bond; which model is hidden by its browser."""

    def happened(chance: random.Random, at: datetime, _: str) -> Event:
        return PasskeyAdded(
            at=at,
            means=PASSKEY_MEANS,
            before=None,
            after=Level.LOW,
            bond=bond.value,
            model=str(UUID(int=0)),
            person=somebody(chance),
        )

    return happened


def with_the_app(chance: random.Random, at: datetime, reference: str) -> Event:
    """Somebody logged in with the app."""
    about = _TOWN.about(at, reference)
    return LoginCompleted(
        **about,
        means=APP_MEANS,
        factors=("app",),
        required=Level.LOW,
        proven=Level.LOW,
        domain=Domain.CITIZEN,
        reused_session=False,
        milliseconds=chance.randint(6_000, 30_000),
        person=somebody(chance),
    )


def invited(kind: type[CampaignShown | CampaignStarted | CampaignDeclined]) -> Happened:
    """Return what somebody does with the invitation to the app."""

    def happened(chance: random.Random, at: datetime, reference: str) -> Event:
        return kind(
            **_CARE.about(at, reference),
            campaign=CAMPAIGN,
            step=Step.PASSWORD,
            leads_to=Step.APP,
            person=somebody(chance),
        )

    return happened


def finished(chance: random.Random, at: datetime, _: str) -> Event:
    """Somebody has the app, some days after they were invited."""
    return CampaignFinished(
        at=at, campaign=CAMPAIGN, leads_to=Step.APP, days=chance.randint(2, 9), person=somebody(chance)
    )


def acted(*basis: str) -> Happened:
    """Return how somebody acts for another at the town, by that ground."""

    def happened(chance: random.Random, at: datetime, _: str) -> Event:
        return MandateUsed(
            at=at,
            statement=drawn_id(chance),
            service=_TOWN.service,
            basis=basis,
            path=("law",) * len(basis),
            level=Level.LOW,
            rules=1,
            actor=somebody(chance),
            principal=somebody(chance),
        )

    return happened


def offered(chance: random.Random, at: datetime, _: str) -> Event:
    """Somebody offers a mandate to another."""
    return MandateBegun(
        at=at,
        edge=drawn_id(chance),
        kind=EdgeKind.VOLUNTARY.value,
        act=Act.OFFER.value,
        after=State.OFFERED.value,
        level=Level.LOW,
        principal=somebody(chance),
        agent=somebody(chance),
    )


def moved(act: Act, before: State, after: State, side: Side) -> Happened:
    """Return what somebody does with a mandate."""

    def happened(chance: random.Random, at: datetime, _: str) -> Event:
        return MandateMoved(
            at=at,
            edge=drawn_id(chance),
            version=2,
            act=act.value,
            before=before.value,
            after=after.value,
            side=side.value,
            level=Level.LOW,
            contested=0,
            principal=somebody(chance),
            agent=somebody(chance),
        )

    return happened


def reasoned(reason: Reason) -> Happened:
    """Return that somebody tells why they ended a mandate."""

    def happened(chance: random.Random, at: datetime, _: str) -> Event:
        return MandateReasonGiven(
            at=at,
            edge=drawn_id(chance),
            after=State.REVOKED.value,
            reason=reason.value,
            told=reason in HARMLESS,
            by=somebody(chance),
        )

    return happened


_TOWN = Place(
    municipality.REGISTRATION.offers[0].id,
    "gemeente-zandermeer",
    "municipalities",
    municipality.REGISTRATION.client_id,
    Level.LOW,
)
_CARE, _RESULTS = (
    Place(offer.id, "ziekenhuis-de-linde", "care", hospital.REGISTRATION.client_id, level)
    for offer, level in zip(hospital.REGISTRATION.offers, (Level.BASIC, Level.LOW), strict=False)
)
_OWN = Place(ACCOUNT_SERVICE, "toegang", "access", ACCOUNT_CLIENT, Level.BASIC)

# What happened in every month: how often in the oldest one, how often in the newest, and what.
YEAR: tuple[tuple[int, int, Happened], ...] = (
    (60, 140, _TOWN.completed),
    (90, 130, _CARE.completed),
    (25, 85, _RESULTS.completed),
    (20, 45, _OWN.completed),
    (40, 26, climbed(None, Step.PASSWORD)),
    (20, 45, climbed(None, Step.SMS)),
    (12, 14, climbed(Step.PASSWORD, Step.SMS)),
    (10, 28, climbed(Step.SMS, Step.APP)),
    (2, 3, climbed(Step.SMS, None)),
    (10, 90, with_the_app),
    (18, 36, added(Bond.SYNCED)),
    (12, 16, added(Bond.DEVICE_BOUND)),
    (30, 90, invited(CampaignShown)),
    (12, 40, invited(CampaignStarted)),
    (15, 45, invited(CampaignDeclined)),
    (10, 32, finished),
    (24, 15, _TOWN.stopped),
    (14, 12, _CARE.expired),
    (30, 60, acted("parental-joint")),
    (15, 40, acted("bewind")),
    (12, 70, acted("voluntary")),
    (20, 90, acted("staff", "intermediary")),
    (14, 60, offered),
    (12, 52, moved(Act.ACCEPT, State.OFFERED, State.ACTIVE, Side.AGENT)),
    (24, 36, moved(Act.REVOKE, State.ACTIVE, State.REVOKED, Side.PRINCIPAL)),
    (11, 14, reasoned(Reason.NOT_NEEDED)),
    (10, 12, reasoned(Reason.SOMEBODY_ELSE)),
)


def past(now: datetime) -> Iterator[Event]:
    """Make up what happened in the twelve whole months before `now`, always the same in the same month."""
    chance = random.Random(MONTHS)
    number = 0
    for month in range(MONTHS):
        begun = month_before(now, MONTHS - month)
        for first, last, happened in YEAR:
            for _ in range(first + (last - first) * month // (MONTHS - 1)):
                at = begun + timedelta(
                    days=chance.randrange(DAYS), seconds=chance.randrange(8 * 3600, 22 * 3600)
                )
                yield happened(chance, at, REFERENCE.format(number))
                number += 1


def month_before(now: datetime, months: int) -> datetime:
    """Return the first moment of the month so many months before that of `now`, in UTC."""
    count = now.year * 12 + now.month - 1 - months
    return datetime(count // 12, count % 12 + 1, 1, tzinfo=UTC)


async def remember(trail: TrailTables, units: Units, now: datetime) -> int:
    """Write the past, unless it is there; return how many events."""
    if await trail.by_reference(REFERENCE.format(0)):
        return 0
    events = list(past(now))
    for at in range(0, len(events), TOGETHER):
        async with units.begin() as unit:
            await trail.record(unit, *events[at : at + TOGETHER])
    return len(events)


async def main(settings: config.Settings) -> None:
    """Open the hub's database and write the past in it."""
    ground = build_ground(settings)
    await ground.database.open()
    try:
        trail = TrailTables(database=ground.database, ids=ground.ids)
        await remember(trail, ground.units, ground.clock.now())
    finally:
        await ground.outbound.aclose()
        await ground.database.close()


if __name__ == "__main__":
    asyncio.run(main(config.load(Path(sys.argv[1]), os.environ)))
