"""The demo as real processes for the time of the tests: the fixture `running_demo`.

The foreign clients of tests/interop are in its catalogue; the tests that need them start them.
"""

from __future__ import annotations

import os
import re
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import httpx2
import pytest

from demo.__main__ import bring_guests, party_program, start_hub
from demo.hub import prepare_hub
from demo.personas import Persona, read_personas
from demo.places import PORTS, Guest, Party, Places
from demo.supervisor import Supervisor, run
from tests.interop.registrations import FOREIGN, write_registrations
from tests.machine import ROOT
from tests.sharing import own_ports

# This is loaded before the folders that use them.
pytest.register_assert_rewrite(
    "tests.browser.ground",
    "tests.browser.visitor",
    "tests.browser.telephone",
    "tests.browser.with_the_app",
    "tests.browser.readers",
)

PATIENCE = 40.0  # seconds that a text message or a letter may take when the machine is busy
NODES_LOOK = 2.5  # seconds in which a change of the catalogue is live for certain here
BETWEEN_LOOKS = 0.05
# People in Chromium log in one after the other, and do not wait for their telephone to be left alone.
TO_ONE_NUMBER = {"TOEGANG_SMS__PER_MINUTE": "20"}
PORTS_IN_ALL = max(PORTS, len(Party) + len(FOREIGN) + 1)  # never both in one demo
BEGINNINGS = 60  # of the places for a demo, where a process may look first
_DIGITS = re.compile(r"\b(\d{6})\b")
_LETTER_CODE = re.compile(r"code:\s+([A-Z0-9][A-Z0-9 -]+[A-Z0-9])\s")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningDemo:
    """A demo that runs: its addresses, its telephones and its letter box."""

    places: Places
    read_before: set[str] = field(default_factory=set)

    @property
    def hub(self) -> str:
        """The hub's address, which is its issuer."""
        return self.places.url(Party.HUB)

    def persona(self, name: str) -> Persona:
        """Return a persona by its id."""
        return next(persona for persona in read_personas() if persona.id == name)

    def text_message_code(self, telephone: str) -> str:
        """Wait for the next text message with a code at a number, and return that; others only tell."""
        url = f"{self.places.url(Party.TELEPHONE)}/telephones/{telephone[1:]}/texts.json"
        found = _DIGITS.search(self._next(url, lambda each: bool(_DIGITS.search(each["text"])))["text"])
        assert found
        return found[1]

    def letter(self, family_name: str, about: str = "") -> tuple[str, str]:
        """Wait for the next letter to somebody that has these words; return its page and its code."""
        url = self.places.url(Party.LETTERBOX)
        letter = self._next(
            f"{url}/letters.json",
            lambda each: family_name in " ".join(each["address"]) and about in each["text"],
        )
        found = _LETTER_CODE.search(letter["text"])
        return f"{url}/letters/{letter['id']}", found[1] if found else ""

    def _next(self, url: str, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Return the oldest that was not read before: codes and letters come in the order of asking."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            new = [each for each in reversed(httpx2.get(url, timeout=5).json()) if wanted(each)]
            for each in new:
                if each["id"] not in self.read_before:
                    self.read_before.add(each["id"])
                    return dict(each)
            time.sleep(BETWEEN_LOOKS)
        message = f"nothing new at {url} within {PATIENCE:.0f} seconds"
        raise AssertionError(message)


@pytest.fixture(scope="session")
def running_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    """Run one demo for all who leave its accounts as they are."""
    with demo_at(tmp_path_factory.mktemp("demo")) as running:
        yield running


@contextmanager
def demo_at(home: Path, guests: tuple[Guest, ...] = ()) -> Iterator[RunningDemo]:
    """Start the hub and the parties on free ports, with these guests; stop them all at the end."""
    places = Places(home=home, port_base=free_ports(PORTS_IN_ALL), guests=guests)
    places.prepare()
    supervisor = Supervisor()
    environment = pytest.MonkeyPatch()
    environment.setenv("PYTHONPATH", os.pathsep.join([str(ROOT / "src"), str(ROOT)]))
    for name, value in TO_ONE_NUMBER.items():
        environment.setenv(name, value)
    try:
        supervisor.start([party_program(places, party) for party in Party if party is not Party.HUB])
        prepare_hub(places, quiet, lambda: bring_guests(places, supervisor, quiet))
        import_catalogue(places, write_registrations(places))
        start_hub(places, supervisor, quiet)
        yield RunningDemo(places=places)
    finally:
        supervisor.stop()
        environment.undo()


def quiet(_: str) -> None:
    """Say nothing."""


def free_ports(number: int) -> int:
    """Return the first of so many ports after each other that nobody listens on.

    Each process begins elsewhere: the tests of another checkout may look just now, and listen only later.
    """
    own = own_ports()
    bases = range(own.start, own.stop - number, number)
    begin = os.getpid() * 7 % min(BEGINNINGS, len(bases))
    for base in chain(bases[begin:], bases[:begin]):
        if all(map(_is_free, range(base, base + number))):
            return base
    message = "no free ports on this machine"
    raise AssertionError(message)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def let_nodes_look() -> None:
    """Wait until every node of a running hub has looked at its catalogue again: it does so each second."""
    time.sleep(NODES_LOOK)


def import_catalogue(places: Places, registrations: Path) -> None:
    """Bring entries into the hub's catalogue by its own command, as an operator would."""
    command = ("-m", "toegang", "catalogue", "import", "--config", str(places.home / "hub.toml"))
    log = places.home / "prepare.log"
    run("reading the foreign clients", (sys.executable, *command, str(registrations)), log, os.environ)
