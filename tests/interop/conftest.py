"""The foreign clients as processes, started when a test needs them, stopped at the end."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from demo.supervisor import Program, Supervisor
from tests import machine
from tests.browser.ground import chromium
from tests.interop.registrations import (
    APACHE,
    APACHE_SECRET,
    DJANGO,
    DJANGO_SECRET,
    LOW_SERVICE,
    NODE,
    OTHER_NODE,
    folder_of,
    port_of,
    url_of,
)
from tests.parts import needed, node, node_modules, program, venv_python
from tests.running_demo import RunningDemo

CLIENTS = Path(__file__).parent / "clients"


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Run one Chromium; each test opens its own context in it."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="package")
def apache(running_demo: RunningDemo) -> Iterator[str]:
    """Run Apache with mod_auth_openidc; give its address."""
    places = running_demo.places
    server = (
        program("apache2") if shutil.which("apache2") else str(needed("apache2", machine.find("apache2")))
    )
    module = needed("mod_auth_openidc", machine.find("mod_auth_openidc.so"))
    folder, url = folder_of(places, APACHE), url_of(places, APACHE)
    # Apache's workers are not root, and must reach the page; the rest it reads before it steps down.
    with tempfile.TemporaryDirectory() as pages:
        write_pages(Path(pages))
        values = {
            "folder": str(folder),
            "port": str(port_of(places, APACHE)),
            "user": "User www-data\nGroup www-data" if os.geteuid() == 0 else "",
            "modules": str(module.parent),
            "pages": pages,
            "issuer": running_demo.hub,
            "secret": APACHE_SECRET,
            "service": LOW_SERVICE,
            "home": url,
        }
        settings = (CLIENTS / "apache.conf").read_text("utf-8")
        for name, value in values.items():
            settings = settings.replace(f"{{{name}}}", value)
        (folder / "apache.conf").write_text(settings, "utf-8")
        command = (server, "-DFOREGROUND", "-f", str(folder / "apache.conf"))
        with _running(running_demo, APACHE, command):
            yield url


@pytest.fixture(scope="package", params=[NODE, OTHER_NODE])
def openid_client(running_demo: RunningDemo, request: pytest.FixtureRequest) -> Iterator[str]:
    """Run openid-client; give its address.

    On the machine's Node when that is new enough, and on the one from the package index that takes its
    place when it is not.
    """
    places, script = running_demo.places, node_modules().parent / "openid-client.mjs"
    program = node() if request.param == NODE else venv_python("node").with_name("node")
    command = (
        str(program),
        str(script),
        running_demo.hub,
        str(port_of(places, request.param)),
        str(folder_of(places, NODE) / "key.json"),
        LOW_SERVICE,
    )
    with _running(running_demo, request.param, command):
        yield url_of(places, request.param)


@pytest.fixture(scope="package")
def django(running_demo: RunningDemo) -> Iterator[str]:
    """Run Django with mozilla-django-oidc; give its address."""
    places = running_demo.places
    command = (
        str(venv_python(DJANGO)),
        str(CLIENTS / "django_site.py"),
        running_demo.hub,
        str(port_of(places, DJANGO)),
        str(folder_of(places, DJANGO)),
        DJANGO_SECRET,
        LOW_SERVICE,
    )
    with _running(running_demo, DJANGO, command):
        yield url_of(places, DJANGO)


def write_pages(pages: Path) -> None:
    """Write an open page, and one behind the login."""
    pages.chmod(0o755)
    (pages / "protected").mkdir()
    (pages / "index.html").write_text("<!doctype html><title>Open</title><h1>Open</h1>")
    (pages / "protected" / "index.html").write_text("<!doctype html><title>Mine</title><h1>Mine</h1>")


@contextmanager
def _running(demo: RunningDemo, name: str, command: Sequence[str]) -> Iterator[None]:
    supervisor = Supervisor()
    started = Program(
        name=name,
        command=command,
        log=demo.places.home / f"{name}.log",
        port=port_of(demo.places, name),
        ready=f"{url_of(demo.places, name)}/",
        environment=os.environ,
    )
    try:
        supervisor.start([started])
        yield
    finally:
        supervisor.stop()
