"""A change of the catalogue, made by the command, is in force on every node within five seconds."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from tests.journeys.house import REDIRECT
from tests.journeys.party import Party
from tests.operations.hub import Hub, command, copy_of, eventually, serving
from toegang.catalogue.values import ClientId

pytestmark = pytest.mark.timeout(400)  # real processes, on a machine that may do other things too

WITHIN = 5.0  # seconds (DESIGN: a change arrives at every node)
ASKED = 12  # connections, of which each may reach any worker
TOWN = Party(ClientId("town-portal"))
CATALOGUE = """\
organisations:
- id: town
  names: {{nl: Stad, en: Town}}
  kind: public
  sector: towns
  services:
  - id: 01929d2e-0000-7000-8000-000000000001
    names: {{nl: Vergunning, en: Permit}}
    descriptions: {{nl: Een vergunning., en: A permit.}}
    level: basic
    enabled: {service}
  clients:
  - id: town-portal
    names: {{nl: Portaal, en: Portal}}
    services: [01929d2e-0000-7000-8000-000000000001]
    profile: basic
    profile_reason: a test
    authentication: client_secret_basic
    secret_hashes: [{hashed}]
    redirect_uris: ["{redirect}"]
    enabled: {client}
"""
OPEN = {"service": "true", "client": "true"}


def import_(folder: Path, state: dict[str, str]) -> float:
    """Put the town in force by the command; return the moment at which it had ended."""
    file = folder / "town.yaml"
    file.write_text(CATALOGUE.format(hashed="0" * 64, redirect=REDIRECT, **state))
    done = command(folder, "toegang catalogue import town.yaml")
    assert done.returncode == 0, done.stderr
    return time.monotonic()


def begins(hub: Hub) -> bool:
    """Tell whether a login for the town begins, on a connection of its own."""
    line = HTTPConnection("127.0.0.1", hub.port, timeout=5)
    try:
        line.request("GET", TOWN.url())
        answer = line.getresponse()
        # On to a page of the hub: a refusal is a page at once, or goes back to the client.
        return (answer.getheader("location") or "").startswith("/")
    except (OSError, HTTPException):
        return False
    finally:
        line.close()


def everywhere(hubs: Sequence[Hub], *, wanted: bool) -> bool:
    return all(begins(hub) is wanted for hub in hubs for _ in range(ASKED))


def seen(hubs: Sequence[Hub], folder: Path, state: dict[str, str]) -> float:
    """Change the town and return the seconds until every worker of every node acts on it."""
    changed = import_(folder, state)
    eventually(f"{state}", lambda: everywhere(hubs, wanted=state == OPEN), limit=WITHIN)
    return time.monotonic() - changed


CLOSINGS = ({"service": "false", "client": "true"}, {"service": "true", "client": "false"})


def test_what_is_closed_or_opened_is_so_at_every_worker_within_five_seconds(
    hub: Hub, record_testsuite_property: Callable[[str, object], None]
) -> None:
    took = [seen([hub], hub.folder, state) for state in (OPEN, CLOSINGS[0], OPEN, CLOSINGS[1])]
    record_testsuite_property("seconds until live", f"{max(took):.2f}")

    assert max(took) < WITHIN


def test_what_is_closed_or_opened_is_so_on_both_nodes_of_one_database_within_five_seconds(
    postgres_hub: Hub, tmp_path: Path, record_testsuite_property: Callable[[str, object], None]
) -> None:
    postgres_hub.ready()
    with serving(copy_of(postgres_hub.folder, tmp_path)) as other:
        other.ready()
        took = [seen([postgres_hub, other], other.folder, state) for state in (OPEN, CLOSINGS[0])]
    record_testsuite_property("seconds until live", f"{max(took):.2f}")

    assert max(took) < WITHIN
