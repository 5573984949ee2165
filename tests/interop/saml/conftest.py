"""The house of these tests, and the foreign peers that log in through it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from lxml import etree

from tests.interop.saml import identity_providers as idp
from tests.interop.saml import service_providers as sp
from tests.interop.saml.house import SECRETS, House, house_at
from tests.interop.saml.peers import Peer, running
from tests.interop.saml.registrations import (
    BANK,
    BANK_LEVEL,
    BROKER,
    CAMPUS,
    CAMPUS_LEVEL,
    LEVELS,
    ORGANISATIONS,
    write_means,
    write_registrations,
)
from tests.interop.saml.service_providers import COMPANY_LEVEL, Wanted
from tests.running_demo import free_ports, let_nodes_look
from toegang.saml import names

PORTS_EACH = 2
MAKERS: Mapping[str, Callable[[Wanted], Peer]] = {
    "django-digid": sp.django_digid,
    "insurer": sp.python3_saml,
    "mellon": sp.mellon,
    "node-saml": sp.node_saml,
    "pysaml2": sp.pysaml2,
    "python3-saml": sp.python3_saml,
    "shibboleth": sp.shibboleth,
    "simplesaml": sp.simplesaml,
}
# On one site there are two parties, each with metadata of its own.
ALSO = {"django-eherkenning": ("django-digid", "/metadata/eherkenning")}


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """Run the hub with its door for servers."""
    # Not pytest's own folder: what Apache's workers read must be open to them all the way down.
    with tempfile.TemporaryDirectory(prefix="saml-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        with house_at(home) as made:
            yield made


@pytest.fixture(scope="module")
def providers(house: House) -> Iterator[Mapping[str, Peer]]:
    """Run all service providers, known to the hub by their own metadata."""
    hub, first = house.metadata(), free_ports(PORTS_EACH * len(MAKERS))
    peers = {
        name: make(
            Wanted(
                name=name,
                home=house.home / name,
                port=first + PORTS_EACH * number,
                partner=hub,
                level=LEVELS[name],
                authority=str(house.authority),
            )
        )
        for number, (name, make) in enumerate(MAKERS.items())
    }
    with running(*peers.values()):
        told = {name: peer.metadata() for name, peer in peers.items()}
        told |= {name: peers[of].metadata(path) for name, (of, path) in ALSO.items()}
        connect(house, told)
        yield peers


def connect(house: House, told: Mapping[str, bytes]) -> None:
    """Bring service providers into the catalogue, and their metadata after it."""
    write_registrations(house.home / "service-providers.yaml", told)
    house.import_catalogue(house.home / "service-providers.yaml")
    for name, octets in told.items():
        path = house.home / f"{name}.xml"
        path.write_bytes(octets)
        of = ALSO.get(name, (name, ""))[0]
        house.import_metadata(path, ORGANISATIONS[name], signer_of(house, of, octets))
    let_nodes_look()


RSIN, ACTING = "123456782", "4f2c9f6d0c1a"
BANK_SECRET = "obviously-not-a-secret-bank"
KNOWN: Mapping[str, idp.Known] = {
    BANK: idp.Known(id="klant", name_id="klant", level=BANK_LEVEL),
    CAMPUS: idp.Known(id="student", name_id="s1234567", level=CAMPUS_LEVEL),
    BROKER: idp.Known(
        id="inkoper",
        name_id="inkoper",
        level=COMPANY_LEVEL,
        names={
            names.ETD_ACTING_SUBJECT: {"qualifier": names.ETD_PSEUDONYM, "value": ACTING},
            names.ETD_LEGAL_SUBJECT: {"qualifier": names.ETD_RSIN, "value": RSIN},
        },
    ),
}


@pytest.fixture(scope="module")
def means(house: House) -> Iterator[Mapping[str, Peer]]:
    """Run all identity providers, admitted as means."""
    hub, first = house.metadata(), free_ports(PORTS_EACH * len(KNOWN))
    wanted = {
        name: Wanted(
            name=name,
            home=house.home / name,
            port=first + PORTS_EACH * number,
            partner=hub,
            level=known.level,
        )
        for number, (name, known) in enumerate(KNOWN.items())
    }
    client = {
        "client_id": "toegang",
        "client_secret": BANK_SECRET,
        "redirect_uris": [f"{house.demo.hub}/means/oidc/callback/{BANK}"],
    }
    peers = {
        BANK: idp.nanoidp(wanted[BANK], [KNOWN[BANK]], client),
        CAMPUS: idp.simplesaml(wanted[CAMPUS], [KNOWN[CAMPUS]]),
        BROKER: idp.pysaml2(wanted[BROKER], [KNOWN[BROKER]]),
    }
    with running(*peers.values()):
        secret = house.home / SECRETS / BANK
        secret.touch(mode=0o600)
        secret.write_text(BANK_SECRET)
        told = {name: peers[name].metadata() for name in (CAMPUS, BROKER)}
        bank = {
            "issuer": f"http://localhost:{peers[BANK].port}",
            "client_id": "toegang",
            "authentication": "client_secret_basic",
            "level_by": "claims",
        }
        write_means(house.home / "means.yaml", bank, *map(entity_of, told.values()))
        house.import_catalogue(house.home / "means.yaml")
        for name, octets in told.items():
            path = house.home / f"{name}.xml"
            path.write_bytes(octets)
            house.import_metadata(path, f"{name}-bv", signer_of(house, name, octets))
        let_nodes_look()
        yield peers


def signer_of(house: House, name: str, octets: bytes) -> Path | None:
    """Return who signed a peer's metadata, if anybody did."""
    return house.home / name / "certificate.pem" if b"SignatureValue" in octets else None


def entity_of(octets: bytes) -> str:
    """Return whom metadata describes."""
    return str(etree.fromstring(octets).get("entityID"))
