"""O15: a logout by either protocol is refused in no state, and everybody is told in every state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bench.means import PERSON
from tests.conftest import NOON
from tests.journeys.house import BENCH, CLINIC, PORTAL, RESULTS, House, means, service, text
from tests.journeys.leaving import (
    ASKING,
    DONE,
    FRONT,
    SECOND,
    Manner,
    Scene,
    at_front,
    begin,
    logged_in_everywhere,
    results,
    sites,
    status_told,
)
from tests.journeys.party import CLINIC_PARTY
from tests.journeys.saml_party import BYE
from tests.journeys.test_saml_login import DOSSIER
from toegang.assurance import Level
from toegang.catalogue.values import Kind, Organisation, Record, Validity
from toegang.saml.messages import Status
from toegang.saml.names import SUCCESS

OVER = Validity(until=NOON - timedelta(hours=1))
OWNER = Organisation(id=CLINIC, names=text("Clinic"), kind=Kind.PRIVATE, sector="care")
PROVING = means(BENCH, Level.HIGH, gives_bsn=True)
SERVICES = tuple(service(each, CLINIC, Level.LOW) for each in (PORTAL, RESULTS, DOSSIER))

Closing = Callable[[Scene], tuple[Record, ...]]


def clients(scene: Scene, **changes: object) -> tuple[Record, ...]:
    snapshot = scene.house.app.rooms.catalogue.current
    found = [snapshot.client(each.id) for each in (CLINIC_PARTY, SECOND)]
    return tuple(replace(each, **changes) for each in found if each is not None)  # type: ignore[arg-type]


def connections(scene: Scene, **changes: object) -> tuple[Record, ...]:
    parties = (ASKING, FRONT, scene.soap)
    return tuple(replace(each.connection, **changes) for each in parties)  # type: ignore[arg-type]


def entities(scene: Scene, **changes: object) -> tuple[Record, ...]:
    parties = (ASKING, FRONT, scene.soap)
    return tuple(replace(each.entity(scene.house), **changes) for each in parties)  # type: ignore[arg-type]


CLOSINGS: dict[str, Closing] = {
    "clients disabled": lambda scene: clients(scene, enabled=False),
    "clients over": lambda scene: clients(scene, validity=OVER),
    "connections disabled": lambda scene: connections(scene, enabled=False),
    "connections over": lambda scene: connections(scene, validity=OVER),
    "entities disabled": lambda scene: entities(scene, enabled=False),
    "entities over": lambda scene: entities(scene, validity=OVER),
    "organisation disabled": lambda _: (replace(OWNER, enabled=False),),
    "organisation over": lambda _: (replace(OWNER, validity=OVER),),
    "services disabled": lambda _: tuple(replace(each, enabled=False) for each in SERVICES),
    "services over": lambda _: tuple(replace(each, validity=OVER) for each in SERVICES),
    "means blocked": lambda _: (replace(PROVING, blocked=True),),
    "means disabled": lambda _: (replace(PROVING, enabled=False),),
    "means over": lambda _: (replace(PROVING, validity=OVER),),
    "ceiling lowered": lambda _: (replace(PROVING, ceiling=Level.BASIC),),
    "account stopped": lambda _: (),
}


@pytest.mark.parametrize("starter", ["openid", "saml", "own"])
@pytest.mark.parametrize("name", CLOSINGS)
async def test_everybody_is_logged_out_in_every_state(lone_house: House, name: str, starter: str) -> None:
    async with sites() as served:
        scene = await logged_in_everywhere(lone_house, served)
        if name == "account stopped":
            lone_house.means.closed.add(str(PERSON))
        else:
            await lone_house.put(*CLOSINGS[name](scene))
        end = await at_front(scene, await begin(scene, starter), Manner.CONFIRMS)
    told = set(served.heard)
    if starter == "own":
        assert set(results(end).values()) == {DONE}
        assert told == {"/first", "/token", "/soap"}
    elif starter == "saml":
        assert status_told(scene, end.headers["location"]) == Status(code=SUCCESS)
    else:
        assert end.headers["location"] == f"{BYE}?state=a-state"
        assert told == {"/token", "/soap"}
    recorded = await lone_house.app.ground.database.all("SELECT ended_at FROM grants")
    assert all(ended for (ended,) in recorded)
