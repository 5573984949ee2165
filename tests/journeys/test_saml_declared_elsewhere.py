"""A login with a chain as pysaml2 reads it: the declaration beside it by the register's metadata."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests import machine
from tests.journeys import acting as a
from tests.journeys.house import House
from tests.journeys.saml_party import REGISTER, SamlParty, ticket
from tests.journeys.test_acting_for_organisations import persons
from tests.journeys.test_saml_acting import admitting
from tests.journeys.test_saml_declared import firms
from tests.journeys.test_saml_login import DOSSIER
from tests.parts import program, venv_python
from toegang.assurance import Level
from toegang.mandates.scope import Scope
from toegang.saml import names


def _read(house: House, party: SamlParty, request: str, response: bytes, folder: Path) -> dict[str, Any]:
    """Have pysaml2 read an answer, with the metadata of the hub and of its register pinned apart."""
    now, rooms = house.clock.now(), house.app.rooms.saml
    told = party.read(house, response)
    assert told.assertion is not None
    [advice] = told.assertion.advice
    private = party.decryptions[0].private
    asked = {
        "reader": party.entity_id,
        "consumer": told.assertion.confirmations[0].recipient,
        "request": request,
        "xmlsec": program("xmlsec1"),
    }
    for name, octets in {
        "hub.xml": rooms.metadata.written(now),
        "register.xml": rooms.register.written(now),
        "response.xml": response,
        "bent.xml": advice.replace(b"voluntary", b"statutory"),
        "key.pem": private.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()),
        "asked.json": json.dumps(asked).encode(),
    }.items():
        (folder / name).write_bytes(octets)
    reads = (str(venv_python("saml-peers")), "-m", "tests.interop.saml.sites.pysaml2_reader", str(folder))
    done = subprocess.run(reads, cwd=machine.ROOT, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    found: dict[str, Any] = json.loads((folder / "read.json").read_text())
    return found


@pytest.mark.requires("STSAML-4.3", "MANDATES-P1", "SAMLMeta-2.4.6")
async def test_pysaml2_reads_a_chain_and_believes_its_declaration_by_the_registers_own_metadata(
    lone_house: House, tmp_path: Path
) -> None:
    house = lone_house
    asking = await admitting(house)
    acts, mother = await persons(house, "999990019", "999990032")
    await firms(house, (a.FIRM, "90000001"))
    scopes = (Scope.of_service(DOSSIER),)
    await a.given(house, a.FIRM, 1, agent=acts, scopes=scopes)
    await a.given(house, mother, 2, agent=a.FIRM, scopes=scopes, level=Level.LOW)
    browser, request = a.english(house), asking.request(house)
    page = await asking.ask(browser, request, person=str(acts))
    came_back = await a.post(browser, page, whom=a.offered(page)[0])
    resolved = await asking.resolve(house, ticket(came_back)["SAMLart"])
    assert resolved.message is not None
    read = _read(house, asking, request.id, resolved.message, tmp_path)
    chain = {
        names.GDI_ACTING_SUBJECT: ["999990019"],
        names.GDI_LEGAL_SUBJECT: ["999990032"],
        names.ETD_INTERMEDIATE_SUBJECT: ["90000001"],
        names.GDI_REPRESENTATION_TYPE: ["urn:toegang:representation:voluntary"],
        names.GDI_SERVICE_UUID: [str(DOSSIER)],
    }
    for told in (read["login"], read["declared"]):
        assert {name: told[name] for name in chain} == chain
    assert read["declared"][names.DECLARED_BASIS] == ["employee", "voluntary"]
    assert (read["issuer"], read["believed"], read["bent_believed"]) == (REGISTER, True, False)
