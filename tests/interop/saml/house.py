"""A hub that foreign SAML peers reach as they would reach a real one: the house of these tests.

People meet it at its own address. Servers that show certificates meet a second node of it behind nginx, in
the configuration that ships; both nodes share one database. Partners come in by the command line.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from demo.supervisor import run
from tests.edge import Edge, serving
from tests.operations.hub import eventually
from tests.operations.test_mutual_tls import asked
from tests.running_demo import RunningDemo, demo_at

HOST = "localhost"
SECRETS = "secrets"
"""The folder with the secrets that the hub has at means of others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A running demo with a door for servers; `home` is a folder that every user of this machine may read."""

    demo: RunningDemo
    edge: Edge
    home: Path

    @property
    def settings(self) -> Path:
        """The hub's settings file."""
        return self.demo.places.home / "hub.toml"

    @property
    def door(self) -> Path:
        """The socket between nginx and the node behind it."""
        return self.home / "door"

    @property
    def authority(self) -> Path:
        """Who vouches for the names of nginx."""
        return self.home / "authority.pem"

    def metadata(self) -> bytes:
        """Return what the hub says of itself, by the node that knows the door for servers."""
        return asked(self.door, "/saml/metadata")

    def import_catalogue(self, path: Path) -> None:
        """Bring entries into the catalogue."""
        self._command("catalogue", "import", str(path))

    def import_metadata(self, path: Path, organisation: str, signer: Path | None = None) -> None:
        """Bring a partner's metadata in, believed by who signed it, else because it is this document."""
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        pins = ("--signer", str(signer)) if signer else ("--sha256", digest)
        self._command("metadata", "import", str(path), "--organisation", organisation, "--yes", *pins)

    def _command(self, group: str, name: str, argument: str, *more: str) -> None:
        command = (
            sys.executable,
            "-m",
            "toegang",
            group,
            name,
            argument,
            "--config",
            str(self.settings),
            *more,
        )
        run(f"toegang {group} {name}", command, self.home / "commands.log", os.environ)


@contextmanager
def house_at(home: Path) -> Iterator[House]:
    """Run the hub, its node behind nginx, and nginx, until the end of the block."""
    (home / "edge").mkdir()
    (home / SECRETS).mkdir(mode=0o700)
    with (
        pytest.MonkeyPatch.context() as environment,
        serving(home / "edge", home / "door", clients_host=HOST) as edge,
    ):
        environment.setenv("TOEGANG_MEANS__SECRETS", str(home / SECRETS))
        environment.setenv("TOEGANG_OUTBOUND__PLAIN_HTTP", "localhost, 127.0.0.1")
        with demo_at(home / "demo") as demo:
            house = House(demo=demo, edge=edge, home=home)
            house.authority.write_text(edge.site.own.pem)
            with _node_behind(house):
                yield house


@contextmanager
def _node_behind(house: House) -> Iterator[None]:
    more: Mapping[str, str] = {
        "TOEGANG_LISTEN__SOCKET": str(house.door),
        "TOEGANG_LISTEN__CLIENT_CERTIFICATES": "true",
        "TOEGANG_HUB__BACK_CHANNEL": f"https://{HOST}:{house.edge.port}",
    }
    command = (sys.executable, "-m", "toegang", "serve", "--config", str(house.settings))
    with (
        (house.home / "node.log").open("wb") as log,
        subprocess.Popen(
            command, env=os.environ | more, stdout=log, stderr=log, start_new_session=True
        ) as node,
    ):
        try:
            eventually("the node behind nginx serves", house.metadata, 60)
            yield
        finally:
            node.terminate()
