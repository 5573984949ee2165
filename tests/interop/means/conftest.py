"""A demo with a bank beside it: nanoidp, an OpenID provider that knows nothing of the hub."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from demo.supervisor import Program, Supervisor
from tests.browser.conftest import seen
from tests.parts import venv_python
from tests.running_demo import RunningDemo, demo_at, free_ports, import_catalogue, let_nodes_look

__all__ = ["seen"]
MEANS, SECRET = "bankmiddel", "obviously-not-a-secret"
LEVELS = {"urn:bank:face": "substantial", "urn:bank:code": "low"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """A running bank, and the demo in which it is a login means."""

    demo: RunningDemo
    url: str


@pytest.fixture(scope="package")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    """Run the demo and the bank, each knowing the other."""
    folder = tmp_path_factory.mktemp("bank")
    environment = pytest.MonkeyPatch()
    (folder / "secrets").mkdir()
    (folder / "secrets" / MEANS).touch(mode=0o600)
    (folder / "secrets" / MEANS).write_text(SECRET)
    environment.setenv("TOEGANG_MEANS__SECRETS", str(folder / "secrets"))
    try:
        with demo_at(tmp_path_factory.mktemp("demo")) as demo, nanoidp(folder, demo.hub) as url:
            (folder / "means.yaml").write_text(yaml.safe_dump({"means": [admission(url)]}), "utf-8")
            import_catalogue(demo.places, folder / "means.yaml")
            let_nodes_look()
            yield Bank(demo=demo, url=url)
    finally:
        environment.undo()


def admission(url: str) -> dict[str, object]:
    """Admit the bank as far as substantial."""
    return {
        "id": MEANS,
        "kind": "oidc",
        "organisation": "toegang",
        "names": {"nl": "Bankmiddel", "en": "Bank means"},
        "ceiling": "substantial",
        "linkable": True,
        "levels": [{"name": name, "level": level} for name, level in LEVELS.items()],
        "settings": {"issuer": url, "client_id": "the-hub", "authentication": "client_secret_basic"},
    }


@contextmanager
def nanoidp(folder: Path, hub: str) -> Iterator[str]:
    """Run nanoidp with two customers and the hub as its one client; give its address."""
    port = free_ports(1)
    url = f"http://localhost:{port}"
    client = {
        "client_id": "the-hub",
        "client_secret": SECRET,
        "redirect_uris": [f"{hub}/means/oidc/callback/{MEANS}"],
    }
    settings = {
        "config_version": 1,
        "server": {"host": "127.0.0.1", "port": port},
        "session": {"require_ui_login": True, "enforce_password_check": True, "secret_key": SECRET},
        "jwt": {"keys_dir": str(folder / "keys")},
        "oauth": {"issuer": url, "audience": "the-bank", "require_pkce": True, "clients": [client]},
    }
    users = {name: {"password": name, "attributes": {"acr": acr}} for name, acr in CUSTOMERS.items()}
    for name, content in (("settings", settings), ("users", {"config_version": 1, "users": users})):
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(content), "utf-8")
    program = Program(
        name="nanoidp",
        command=(
            str(venv_python("nanoidp").with_name("nanoidp")),
            "--config",
            str(folder),
            "--strict-config",
        ),
        log=folder / "nanoidp.log",
        port=port,
        ready=f"{url}/.well-known/openid-configuration",
        environment=os.environ,
    )
    supervisor = Supervisor()
    try:
        supervisor.start([program])
        yield url
    finally:
        supervisor.stop()


CUSTOMERS = {"sanne": "urn:bank:face", "nadia": "urn:bank:code", "stranger": "urn:nobody:knows"}
