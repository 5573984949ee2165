"""What whole SAML libraries say of answers that we believe: where they refuse, we refuse, or know why not.

Two more peers beside those of tests/saml/test_peers.py; each judges all the answers in one process. What we
refuse they need not be asked.
"""

from __future__ import annotations

import base64
import json
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from tests import machine
from tests.hostile.test_s20_must_refuse import BELIEVED, REFUSED
from tests.parts import node, node_modules, program, venv_python
from tests.saml.answers import ACS, CERTIFICATE, EXPECTED, PARTNER, signed, written
from tests.saml.bending import bendings
from tests.saml.parties import HUB, IDP, signing
from tests.saml.samples import NOW
from tests.volumes import volume
from toegang.errors import Refusal, Unavailable
from toegang.means.saml.answer import believe
from toegang.saml.document import admit
from toegang.saml.metadata.values import Endpoint, EntityMetadata
from toegang.saml.metadata.write import write_metadata
from toegang.saml.names import Binding
from toegang.saml.writing import SignedPart

BENT = volume(25, 350)  # of each kind of each genuine document
REQUESTS = ("_r1", "_request")
PATIENCE = 1_800.0

# Where we believe what a peer refuses, by the pattern of its reason, and why we may.
NOT_NEEDED = "SAMLBind-3.5.5.2, SAMLProf-4.1.4.2: unsigned, it need not say so; the signed assertion does"
BELIEVED_ALL_THE_SAME: dict[tuple[str, str], str] = {
    ("pysaml2", r"Not valid response: .*Class 'KeyInfo' .*Class 'X509Certificate' instance: base64"): (
        "nobody signed KeyInfo, and of it is read which pinned key is tried first, and nothing else"
    ),
    ("pysaml2", "(Unsolicited response; )?XML parse error: Unsolicited response: None"): NOT_NEEDED,
    ("node-saml", "Error: InResponseTo is missing from response"): NOT_NEEDED,
}


def pysaml2(folder: Path) -> tuple[str, ...]:
    return str(venv_python("saml-peers")), "-m", "tests.interop.saml.sites.pysaml2_judge", str(folder)


def node_saml(folder: Path) -> tuple[str, ...]:
    judge = node_modules().parent / "node-saml-judge.mjs"
    return str(node()), str(judge), str(folder)


PEERS: dict[str, Callable[[Path], tuple[str, ...]]] = {"pysaml2": pysaml2, "node-saml": node_saml}


def is_believed(octets: bytes) -> bool:
    """Tell whether we believe an answer, to the one request or the other."""
    for request in REQUESTS:
        try:
            believe(admit(octets), PARTNER, replace(EXPECTED, request=request), (), NOW)
        except (Refusal, Unavailable):
            continue
        return True
    return False


@cache
def answers() -> tuple[bytes, ...]:
    """Return what we believe of genuine answers that were bent, and of the checklist."""
    found = {bent.octets for bent in bendings(BENT, seed=7)} | {
        bent.base.text.encode() for bent in bendings(0)
    }
    for bend in (*(case.bend for case in REFUSED if case.unsigned), *(row[2] for row in BELIEVED)):
        found |= {signed(written(bend), part) for part in SignedPart}
    return tuple(sorted(filter(is_believed, found)))


def furnish(folder: Path) -> None:
    """Write down what a peer needs: the provider, what is expected, and the answers."""
    role = replace(
        PARTNER.role, sign_on=(Endpoint(binding=Binding.REDIRECT, location="https://idp.example/sso"),)
    )
    metadata = EntityMetadata(entity_id=IDP, identity_provider=role)
    (folder / "partner.xml").write_bytes(write_metadata(metadata, "_partner", signing("rsa", IDP)))
    asked = {
        "audience": HUB,
        "consumer": ACS,
        "partner": IDP,
        "certificate": CERTIFICATE,
        "xmlsec": program("xmlsec1"),
        "requests": REQUESTS,
        "answers": [base64.b64encode(octets).decode() for octets in answers()],
    }
    (folder / "asked.json").write_text(json.dumps(asked))


def verdicts(peer: str, folder: Path) -> list[str]:
    """Return why a peer does not believe each of the answers."""
    furnish(folder)
    subprocess.run(PEERS[peer](folder), check=True, cwd=machine.ROOT, timeout=PATIENCE)
    told: list[str] = json.loads((folder / f"{peer}.json").read_text())
    return told


@pytest.mark.parametrize("peer", PEERS)
@pytest.mark.requires("SAMLProf-4.1.4.3", "XMLDSIG-3.2")
def test_what_a_whole_library_refuses_we_refuse(peer: str, tmp_path: Path) -> None:
    told = verdicts(peer, tmp_path)
    assert len(told) == len(answers()) > 60
    alone = [
        (reason, octets)
        for reason, octets in zip(told, answers(), strict=True)
        if reason
        and not any(peer == name and re.match(pattern, reason) for name, pattern in BELIEVED_ALL_THE_SAME)
    ]
    assert alone == []
    assert told.count("") > len(told) / 2
