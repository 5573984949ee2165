"""The parties on other software: which of them can come, what they are furnished with, and how they start.

The hub and its partners learn each other's metadata here, as an operator and a partner would: theirs by
`toegang metadata import`, ours by `toegang metadata publish`.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import urllib.request
from typing import TYPE_CHECKING, Any, Final

import yaml
from lxml import etree

from demo import apache, certificates
from demo.environments import OURS, Environments, NotInstalled
from demo.guest_catalogue import BANK_LEVELS, FOR_ANOTHER, MEANS, ORGANISATIONS, PASS_LEVEL
from demo.personas import read_personas
from demo.places import Guest, Party, secret
from demo.supervisor import DemoFailed, Program, run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from demo.places import Places

ENVIRONMENTS: Final = {
    Guest.PORTAL: "django-digid-eherkenning",
    Guest.PRACTICE: "saml-peers",
    Guest.BANK: "nanoidp",
    Guest.PASS: "saml-peers",
}
MODULES: Final = {
    Guest.PORTAL: "demo.foreign.portal",
    Guest.PRACTICE: "demo.foreign.practice",
    Guest.BANK: "demo.foreign.bank",
    Guest.PASS: "demo.foreign.pass_",
    Guest.COUNTER: "demo.foreign.pharmacy",
}
TITLES: Final = {
    Guest.PORTAL: "Gezondheidsportaal Zandermeer (SAML, BSN, also for somebody else; level midden)",
    Guest.PRACTICE: "Huisartsenpraktijk De Wilg, behind a supplier (SAML; basis)",
    Guest.PHARMACY: "Apotheek De Els, behind the same supplier (SAML by Apache; basis)",
    Guest.BANK: "De Zandbank, of the login means Bankmiddel (OpenID Connect)",
    Guest.PASS: "Stichting Zandpas, of the login means Zandpas (SAML)",
}
METADATA_NAMES: Final = "urn:oasis:names:tc:SAML:2.0:metadata"
METADATA: Final = {
    Guest.PORTAL: ("/metadata/digid", FOR_ANOTHER),
    Guest.PRACTICE: ("/metadata",),
    Guest.PASS: ("/metadata",),
    Guest.PHARMACY: ("/mellon/metadata",),
}
"""Who speaks SAML, and where its metadata is: the portal has a connection more, for who acts for another."""

LONGEST_SOCKET: Final = 100
"""Bytes of the path of a unix socket, which the system limits to little more."""

BANK_PASSWORD: Final = "nep wachtwoord bank"


def invite(
    places: Places, say: Callable[[str], None], environments: Environments = OURS
) -> tuple[Guest, ...]:
    """Make the environments that are not there yet; return who can come, and say who cannot and why."""
    failed: dict[str, str] = {}
    for name in dict.fromkeys(ENVIRONMENTS.values()):
        try:
            environments.ready(name, say)
        except NotInstalled as error:
            failed[name] = f"{name} could not be installed: {error}"
    absent = {guest: failed[name] for guest, name in ENVIRONMENTS.items() if name in failed}
    if len(os.fsencode(places.socket)) > LONGEST_SOCKET:
        absent.setdefault(Guest.PORTAL, "the path of this folder is too long for the hub's socket")
    if not apache.can_serve(places.folder(Guest.PHARMACY)):
        absent[Guest.PHARMACY] = "here is no Apache with mod_auth_mellon, or it may not read in this folder"
    for guest, why in absent.items():
        say(f"left out: {TITLES[guest]}\n  {why}")
    coming = [guest for guest in TITLES if guest not in absent]
    if Guest.PHARMACY in coming:
        coming.append(Guest.COUNTER)
    # The portal is the one whose server calls the hub by a certificate.
    return (Guest.DOOR, *coming) if Guest.PORTAL in coming else tuple(coming)


def furnish(places: Places) -> None:
    """Give each guest its folder with what it must know; the hub's metadata too."""
    vouching = certificates.authority(places.authority.parent)
    partner = _own_metadata(places) if set(places.guests) & set(METADATA) else b""
    for guest in places.guests:
        folder = places.folder(guest)
        # Apache may have to read as somebody else; keys are closed one by one.
        folder.mkdir(mode=0o755 if guest is Guest.PHARMACY else 0o700, exist_ok=True)
        if guest is Guest.BANK:
            _furnish_bank(places, folder)
        elif guest is not Guest.COUNTER:
            certificates.issued(vouching, folder, guest.value)
        if guest in METADATA:
            (folder / "partner.xml").write_bytes(partner)
        if guest is Guest.PORTAL:
            # By this it believes who acts for whom, apart from who logs in.
            (folder / "register.xml").write_bytes(_own_metadata(places, "--mandates"))
        (folder / "site.json").write_text(json.dumps(_about(places, guest)))


def write_secrets(places: Places) -> None:
    """Give the hub the secret that it has at the bank."""
    folder = places.home / "hub" / "means"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / MEANS[Guest.BANK]).touch(mode=0o600)
    (folder / MEANS[Guest.BANK]).write_text(secret(Guest.BANK))


def programs(places: Places) -> list[Program]:
    """Return the guests as processes, but for the door: that starts with the hub."""
    return [_program(places, guest) for guest in places.guests if guest is not Guest.DOOR]


def door(places: Places) -> list[Program]:
    """Return the hub's door as a process, if there is one."""
    return [_program(places, guest) for guest in places.guests if guest is Guest.DOOR]


def introduce(places: Places) -> None:
    """Bring the metadata of all partners into the hub as one document; it knows them within five seconds.

    The hub knows by its catalogue whose each entity is; only the foundation's is named nowhere in it.
    """
    there = {guest: paths for guest, paths in METADATA.items() if guest in places.guests}
    told = [_fetched(places, guest, path) for guest, paths in there.items() for path in paths]
    if not told:
        return
    file = places.home / "partners.xml"
    file.write_bytes(together(told))
    pin = ("--sha256", hashlib.sha256(file.read_bytes()).hexdigest(), "--replace", "--yes")
    whose = ("--organisation", ORGANISATIONS[Guest.PASS]) if Guest.PASS in places.guests else ()
    command = ("-m", "toegang", "metadata", "import", str(file), "--config", str(settings(places)))
    log = places.home / "prepare.log"
    run("taking over metadata", (sys.executable, *command, *whose, *pin), log, places.environment())


def together(told: Sequence[bytes]) -> bytes:
    """Put metadata of several entities into one document."""
    root = etree.Element(f"{{{METADATA_NAMES}}}EntitiesDescriptor", nsmap={"md": METADATA_NAMES})
    root.extend([etree.fromstring(octets) for octets in told])
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _fetched(places: Places, guest: Guest, path: str) -> bytes:
    try:
        with urllib.request.urlopen(places.url(guest) + path, timeout=30) as answer:  # noqa: S310 on this machine
            return bytes(answer.read())
    except OSError as error:
        message = f"the {guest} does not give its metadata ({error}); see {places.log(guest)}"
        raise DemoFailed(message) from None


def settings(places: Places) -> Path:
    """Return the hub's settings file."""
    return places.home / "hub.toml"


def _own_metadata(places: Places, *which: str) -> bytes:
    publish = ("toegang", "metadata", "publish", "--config", str(settings(places)), *which)
    command = (sys.executable, "-m", *publish)
    done = subprocess.run(command, capture_output=True, env=places.environment(), check=False)
    if done.returncode != 0:
        message = f"the hub's metadata could not be written:\n{done.stderr.decode('utf-8', 'replace')}"
        raise DemoFailed(message)
    return done.stdout


def _about(places: Places, guest: Guest) -> Mapping[str, Any]:
    found: dict[str, Any] = {"home": places.url(guest)}
    if guest is Guest.PORTAL:
        found["partner"] = f"{places.url(Party.HUB)}/saml/metadata"
    if guest is Guest.BANK:
        found["password"] = BANK_PASSWORD
    if guest is Guest.COUNTER:
        found |= {"home": places.url(Guest.PHARMACY), "secret": secret(Guest.COUNTER)}
    if guest is Guest.PASS:
        people = [
            {"id": one.id, "name": one.full_name, "name_id": f"pas-{number:04}"}
            for number, one in enumerate(read_personas(), 1)
        ]
        found |= {"level": PASS_LEVEL, "people": people}
    return found


def _furnish_bank(places: Places, folder: Path) -> None:
    """Write what nanoidp reads: the hub is its one client, the personas are its customers."""
    means, url = MEANS[Guest.BANK], places.url(Guest.BANK)
    client = {
        "client_id": "toegang-demo",
        "client_secret": secret(Guest.BANK),
        "redirect_uris": [f"{places.url(Party.HUB)}/means/oidc/callback/{means}"],
    }
    written = {
        "settings": {
            "config_version": 1,
            "server": {"host": "127.0.0.1", "port": places.port(Guest.BANK)},
            "session": {
                "require_ui_login": True,
                "enforce_password_check": True,
                "secret_key": secret(Guest.BANK),
            },
            "oauth": {"issuer": url, "audience": "zandbank", "require_pkce": True, "clients": [client]},
            "jwt": {"keys_dir": str(folder / "keys")},
        },
        "users": {
            "config_version": 1,
            "users": {
                one.id: {"password": BANK_PASSWORD, "attributes": {"acr": next(iter(BANK_LEVELS))}}
                for one in read_personas()
            },
        },
    }
    for name, content in written.items():
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(content), "utf-8")


def _program(places: Places, guest: Guest) -> Program:
    environment = dict(places.environment())
    if guest is Guest.PORTAL:
        # By these it knows the hub's door.
        environment["REQUESTS_CA_BUNDLE"] = str(places.authority)
    hub = f"{places.url(Party.HUB)}/.well-known/openid-configuration"
    return Program(
        name=f"the {guest}",
        command=_command(places, guest),
        log=places.log(guest),
        port=places.port(guest),
        ready=hub if guest is Guest.DOOR else f"{places.url(guest)}/static/demo.css",
        environment=environment,
    )


def _command(places: Places, guest: Guest) -> tuple[str, ...]:
    folder, port = places.folder(guest), str(places.port(guest))
    if guest is Guest.DOOR:
        return (sys.executable, "-m", "demo.door", str(places.home))
    if guest is Guest.PHARMACY:
        counter = {"counter": str(places.port(Guest.COUNTER)), "secret": secret(Guest.COUNTER)}
        return apache.command(folder, {"port": port, "home": places.url(guest)} | counter)
    named = ENVIRONMENTS.get(guest)
    python = str(OURS.python(named)) if named else sys.executable
    return (python, "-m", MODULES[guest], port, str(folder))
