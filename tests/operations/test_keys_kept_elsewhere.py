"""While the hub replaces its key, foreign software that keeps our metadata for days believes every answer.

Twenty days of logins in a house of this process; pysaml2 and node-saml judge each answer by a copy of the
hub's own metadata that is up to six days old, as long as the hub lets it be kept (SAMLMeta-2.3.2).
"""

from __future__ import annotations

import base64
import json
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests import machine
from tests.interop.test_saml_verdicts import PATIENCE, node_saml, pysaml2
from tests.journeys.house import House
from tests.journeys.saml_party import HUB, POST_ACS, SamlParty, follow, form_of
from tests.journeys.test_saml_login import opened
from tests.operations.conftest import house_secrets, rotating
from tests.parts import program
from tests.volumes import volume
from toegang.catalogue.values import IdentityForm, SamlProfile
from toegang.keys import changes
from toegang.keys.certificates import Subject
from toegang.keys.ring import Algorithm
from toegang.provider.saml.metadata import VALID_FOR
from toegang.saml.metadata.values import KeyUse, PartnerKey

__all__ = ["house_secrets", "rotating"]

EVERY = timedelta(hours=24 / volume(2, 24))
KEPT = timedelta(days=6)  # the metadata says seven, and may have been written an hour before
LONG = timedelta(days=20)
MAKING = changes.Making(bits=2048, subject=Subject(common_name="localhost"))
PEERS: dict[str, Callable[[Path], tuple[str, ...]]] = {"pysaml2": pysaml2, "node-saml": node_saml}
SHOWN = re.compile(r'use="signing">.*?<ds:X509Certificate>([^<]+)<', re.DOTALL)


@dataclass(kw_only=True)
class Copy:
    """The hub's metadata as somebody fetched it, and what was answered while they kept it."""

    fetched_at: datetime
    metadata: bytes
    requests: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    def judged_by(self, peer: str, asking: SamlParty, folder: Path) -> list[str]:
        """Return why a peer does not believe each of the answers."""
        folder.mkdir()
        (folder / "partner.xml").write_bytes(self.metadata)
        asked = {
            "audience": asking.entity_id,
            "consumer": POST_ACS,
            "partner": HUB,
            "certificate": SHOWN.findall(self.metadata.decode()),
            "xmlsec": program("xmlsec1"),
            "requests": self.requests,
            "answers": self.answers,
        }
        (folder / "asked.json").write_text(json.dumps(asked))
        subprocess.run(PEERS[peer](folder), check=True, cwd=machine.ROOT, timeout=PATIENCE)
        told: list[str] = json.loads((folder / f"{peer}.json").read_text())
        return told


@dataclass(frozen=True, kw_only=True)
class Reader(SamlParty):
    """A website without a key for encryption: what it is told, others can read too."""

    @property
    def told_keys(self) -> tuple[PartnerKey, ...]:
        encoded = base64.b64encode(self.certificate).decode()
        return (PartnerKey(use=KeyUse.SIGNING, certificate=encoded),)


async def answered(house: House, asking: SamlParty) -> tuple[str, str]:
    """Log somebody in; return the request's id and the answer as it is posted."""
    request, browser = asking.request(house, consumer_index=1), house.browser()
    sent = await browser.post("/saml/sso", data=asking.in_form(request))
    _, fields = form_of(await follow(browser, sent))
    return request.id, fields["SAMLResponse"]


async def kept(house: House, asking: SamlParty, ring: Path) -> list[Copy]:
    """Log in for twenty days, in which the hub replaces its key; return what was answered, by copy."""
    copies: list[Copy] = []
    began = house.clock.now()
    rotated = False
    while (now := house.clock.now()) < began + LONG:
        if not rotated and now >= began + timedelta(days=1):
            changes.rotate(ring, Algorithm.RS256, now=now, making=MAKING)
            rotated = True
        if not copies or now >= copies[-1].fetched_at + KEPT:
            octets = (await house.browser().get("/saml/metadata")).content
            copies.append(Copy(fetched_at=now, metadata=octets))
        request, answer = await answered(house, asking)
        copies[-1].requests.append(request)
        copies[-1].answers.append(answer)
        house.clock.advance(EVERY)
    return copies


@pytest.mark.timeout(1800)
@pytest.mark.requires("SAMLMeta-2.4.1.1", "SAMLMeta-2.3.2")
async def test_software_that_keeps_our_metadata_for_days_believes_every_answer(
    rotating: House, tmp_path: Path
) -> None:
    plain = await opened(rotating, SamlProfile.SAML2INT, identity=IdentityForm.PSEUDONYM)
    asking = Reader(profile=plain.profile, services=plain.services, more=plain.more)
    await rotating.put(*asking.records(rotating))
    copies = await kept(rotating, asking, tmp_path / "keys" / "saml")

    assert KEPT < VALID_FOR
    assert sum(len(each.answers) for each in copies) == LONG // EVERY
    assert len({shown for each in copies for shown in SHOWN.findall(each.metadata.decode())}) == 2
    for peer in PEERS:
        for number, copy in enumerate(copies):
            told = copy.judged_by(peer, asking, tmp_path / f"{peer}-{number}")
            assert set(told) == {""}, (peer, number)
    first, last = copies[0], copies[-1]
    stale = Copy(
        fetched_at=first.fetched_at, metadata=first.metadata, requests=last.requests, answers=last.answers
    )
    for peer in PEERS:
        # So it was looked at: a copy that is older than it says believes nothing of now.
        assert "" not in stale.judged_by(peer, asking, tmp_path / f"{peer}-stale")
