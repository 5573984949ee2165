"""Parties on other software: who comes, what the hub's door passes on, and what the hub knows of them."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import ssl
import sys
import sysconfig
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import httpx2
import pytest

from demo import certificates, environments, guest_stories, guests
from demo.__main__ import told
from demo.catalogue import write_catalogue
from demo.door import Door, tls, written_over
from demo.foreign.pages import Fact, Page, received, written
from demo.hub import write_settings
from demo.personas import read_personas
from demo.places import Guest, Party, Places, secret
from demo.supervisor import Program, Supervisor
from demo.words import Words
from tests.conftest import NOON
from tests.machine import ROOT
from tests.parts import venv_python
from tests.running_demo import free_ports
from toegang.catalogue.exchange import check
from toegang.config import load

EVERYBODY = tuple(Guest)
BY_APACHE = {Guest.PHARMACY, Guest.COUNTER}


@pytest.fixture
def places(tmp_path: Path) -> Places:
    found = Places(home=tmp_path / "demo", port_base=8700, guests=EVERYBODY)
    found.prepare()
    return found


@pytest.mark.parametrize("left_out", [None, *Guest])
def test_the_catalogue_can_be_imported_whoever_is_left_out(places: Places, left_out: Guest | None) -> None:
    there = tuple(guest for guest in EVERYBODY if guest is not left_out)
    assert check([write_catalogue(replace(places, guests=there))], NOON) == ()


def test_the_processes_read_who_is_there(places: Places) -> None:
    assert Places.read(places.home) == places
    ports = [places.port(each) for each in (*Party, *Guest)]
    assert ports == list(range(places.port_base, places.port_base + len(Party) + len(Guest)))


def test_the_hub_listens_behind_the_door_only_when_there_is_one(places: Places) -> None:
    behind = load(write_settings(places), {})
    assert behind.listen.socket == places.socket
    assert behind.hub.back_channel == places.back_channel
    alone = load(write_settings(replace(places, guests=(Guest.BANK,))), {})
    assert (alone.listen.socket, alone.hub.back_channel) == (None, "")


def test_the_secret_at_the_bank_is_readable_by_nobody_else(places: Places) -> None:
    settings = load(write_settings(places), {})
    assert settings.means.secrets is not None
    file = settings.means.secrets / "bankmiddel"
    assert file.stat().st_mode & 0o077 == 0


def test_a_guest_whose_environment_cannot_be_made_is_left_out_and_the_demo_says_why(
    places: Places, tmp_path: Path
) -> None:
    broken = environments.Environments(homes=tmp_path / "venvs", locks=tmp_path / "locks")
    broken.locks.mkdir()
    for name in set(guests.ENVIRONMENTS.values()):
        (broken.locks / f"{name}.lock").write_text("a line without a hash\n")
    said: list[str] = []
    assert set(guests.invite(places, said.append, broken)) <= BY_APACHE
    told = "\n".join(said)
    assert all(f"left out: {guests.TITLES[guest]}" in told for guest in guests.ENVIRONMENTS)
    assert "could not be installed: " in told


def test_an_environment_that_is_there_stays(tmp_path: Path) -> None:
    home = copied_environment(tmp_path)
    packages_of(home).mkdir(parents=True)
    said: list[str] = []
    made = environments.Environments(homes=tmp_path, locks=environments.LOCKS)
    assert made.ready("saml-peers", said.append) == home / "bin" / "python"
    assert said == []


def test_an_environment_of_the_python_before_an_upgrade_does_not_stay(tmp_path: Path) -> None:
    home = copied_environment(tmp_path)
    (home / "lib" / "python3.10" / "site-packages").mkdir(parents=True)
    assert not environments.made_by_this_python(home)
    packages_of(home).mkdir(parents=True)
    assert environments.made_by_this_python(home)


def copied_environment(place: Path) -> Path:
    """Copy what there is to see of an environment to `place`, its packages left out."""
    home = venv_python("saml-peers").parent.parent
    shutil.copytree(home / "bin", place / "saml-peers" / "bin", symlinks=True)
    shutil.copy(home / "installed.lock", place / "saml-peers")
    return place / "saml-peers"


def packages_of(home: Path) -> Path:
    """Return where our Python looks for the packages of an environment."""
    return Path(sysconfig.get_path("purelib", "venv", {"base": str(home)}))


def test_the_portal_is_left_out_where_the_hub_can_have_no_socket(places: Places) -> None:
    for name in set(guests.ENVIRONMENTS.values()):
        venv_python(name)
    said: list[str] = []
    deep = replace(places, home=places.home / ("x" * 100))
    assert set(guests.invite(deep, said.append)) - BY_APACHE == {Guest.PRACTICE, Guest.BANK, Guest.PASS}
    assert "too long" in "\n".join(said)


def test_a_proof_with_everybody_says_who_took_part(places: Places) -> None:
    assert told(places) == "fourteen people, five service providers, six login means"
    assert told(replace(places, guests=())) == "fourteen people, two service providers, four login means"


def test_every_story_is_of_a_persona_and_names_who_must_be_there() -> None:
    assert set(guest_stories.STORIES) <= {persona.id for persona in read_personas()}
    named = {guest for needed, _ in guest_stories.STORIES.values() for guest in needed}
    assert named == set(Guest) - {Guest.DOOR, Guest.COUNTER}


def test_a_page_is_marked_as_demo_in_both_languages_and_escapes_what_it_shows() -> None:
    page = Page(
        look="x",
        name=Words("Naam", "Name"),
        title=Words("Titel", "Title"),
        body=received([Fact(name="a", value="<b>", why=Words("om", "for"))], "nl"),
    )
    assert "Demo: alles op deze pagina is verzonnen." in written(page, "nl")
    english = written(page, "en")
    assert "Demo: everything on this page is made up." in english
    assert '<html lang="en">' in english
    assert "&lt;b&gt;" in english
    assert "<script" not in english


@pytest.mark.parametrize("headers", [{}, {"x-pairwise-id": "forged@localhost", "x-counter": "guessed"}])
async def test_the_counter_of_the_pharmacy_believes_nobody_but_apache(
    places: Places, headers: dict[str, str]
) -> None:
    (places.folder(Guest.COUNTER)).mkdir()
    (places.folder(Guest.COUNTER) / "site.json").write_text(
        json.dumps({"home": "http://localhost:1", "secret": secret(Guest.COUNTER)})
    )
    port = free_ports(1)
    command = (sys.executable, "-m", "demo.foreign.pharmacy", str(port), str(places.folder(Guest.COUNTER)))
    ready, log = f"http://127.0.0.1:{port}/", places.log(Guest.COUNTER)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    supervisor = Supervisor()
    supervisor.start(
        [Program(name="it", command=command, log=log, port=port, ready=ready, environment=environment)]
    )
    try:
        async with httpx2.AsyncClient() as client:
            answer = await client.get(f"{ready}mine", headers=headers)
            front = await client.get(ready, headers=headers)
    finally:
        supervisor.stop()
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "Log in voor Herhaalrecept vragen" in front.text


# ------------------------------------------------------------------------------------ the door


@pytest.mark.parametrize(
    "forged",
    [b"X-Client-Certificate: me", b"x-client-certificate-verified : SUCCESS", b"X-FORWARDED-FOR: 10.0.0.1"],
)
def test_the_door_writes_over_what_only_it_may_say(forged: bytes) -> None:
    head = b"GET / HTTP/1.1\r\nHost: localhost\r\n" + forged + b"\r\nConnection: keep-alive\r\n\r\n"
    passed = written_over(head, b"")
    assert passed == (
        b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Forwarded-For: 127.0.0.1\r\n\r\n"
    )


@asynccontextmanager
async def open_door(places: Places, folder: Path) -> AsyncIterator[int]:
    """Serve the side of the door where certificates are asked, before a hub that repeats what it hears."""
    authority = certificates.authority(places.authority.parent)
    paper = certificates.issued(authority, places.folder(Guest.DOOR), "door")

    async def repeat(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.readuntil(b"\r\n\r\n"))
        writer.close()

    door = Door(socket=folder / "hub")
    async with (
        await asyncio.start_unix_server(repeat, door.socket),
        await asyncio.start_server(door.answer, "127.0.0.1", 0, ssl=tls(paper, places.authority)) as server,
    ):
        yield server.sockets[0].getsockname()[1]


async def heard(port: int, context: ssl.SSLContext) -> str:
    """Ask something at the door; return what the hub heard."""
    reader, writer = await asyncio.open_connection("localhost", port, ssl=context)
    writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Client-Certificate: forged\r\n\r\n")
    answer = await reader.read()
    writer.close()
    return answer.decode()


async def test_the_door_passes_the_certificate_on_that_was_proven_and_no_other(
    places: Places, tmp_path: Path
) -> None:
    async with open_door(places, tmp_path) as port:
        context = ssl.create_default_context(cafile=str(places.authority))
        assert "x-client-certificate" not in (await heard(port, context)).lower()
        own = certificates.issued(
            certificates.Paper(folder=places.authority.parent), places.folder(Guest.PORTAL), "portal"
        )
        context.load_cert_chain(own.certificate, own.key)
        told = await heard(port, context)
    assert "X-Client-Certificate-Verified: SUCCESS" in told
    (line,) = (line for line in told.splitlines() if line.startswith("X-Client-Certificate: "))
    assert unquote(line.partition(": ")[2]).strip() == own.certificate.read_text().strip()


async def test_the_door_lets_nobody_in_by_a_certificate_of_another_authority(
    places: Places, tmp_path: Path
) -> None:
    async with open_door(places, tmp_path) as port:
        context = ssl.create_default_context(cafile=str(places.authority))
        other = certificates.authority(tmp_path / "other")
        context.load_cert_chain(other.certificate, other.key)
        # With TLS 1.3 a client hears of it only when it reads.
        answer = ""
        with suppress(ssl.SSLError, ConnectionError):
            answer = await heard(port, context)
    assert answer == ""
