"""What others say of the same documents: where a strict peer refuses, we refuse; what we sign, they believe.

The peers are signxml (the same parser, other rules) and bergshamra (nothing in common with us). Both are
asked about every signature in a document, as we verify every one.
"""

from __future__ import annotations

import pytest

from tests.saml.bending import bendings
from tests.saml.crafting import craft
from tests.saml.forgeries import genuine, some_forgeries
from tests.saml.judging import judge
from tests.saml.parties import (
    IDP,
    KINDS,
    artifact_response,
    assertion,
    element,
    envelope,
    request,
    response,
    signed,
    signing,
)
from tests.saml.peers import bergshamra_says, signxml_says
from tests.volumes import Counting, counting, volume
from toegang.saml.algorithms import SignatureAlgorithm
from toegang.saml.signature import sign

__all__ = ["counting"]

PEERS = {"signxml": signxml_says, "bergshamra": bergshamra_says}
FORGED = volume(400, 30_000)
BENT = volume(12, 350)  # of each of nine kinds of each genuine document

# Where we believe what a peer refuses, by the beginning of its reason, and why we may.
# There is none: the gate and the reading of signatures were made stricter until the list was empty.
BELIEVED_ALL_THE_SAME: dict[tuple[str, str], str] = {}


@pytest.mark.parametrize("peer", PEERS)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.requires("XMLDSIG-3.1", "SAMLCore-5.4")
def test_what_we_sign_is_believed_by_others(peer: str, kind: str) -> None:
    key = signing(kind)
    for algorithm in (each for each in SignatureAlgorithm if each.fits(key.kind)):
        octets = sign(element(request(IDP)), key, algorithm=algorithm)
        assert PEERS[peer](octets, kind) == ""
    nested = signed(artifact_response(signed(response(signed(assertion(), key)), key)), key)
    assert PEERS[peer](envelope(nested).encode(), kind) == ""


@pytest.mark.parametrize("peer", PEERS)
def test_what_an_honest_party_sends_is_believed_by_all_of_us(peer: str) -> None:
    for base in genuine():
        assert judge(base.text.encode()).refusal is None
        assert PEERS[peer](base.text.encode()) == ""
    kept = craft(response(assertion()), prefixes="saml samlp")
    assert judge(kept.encode()).refusal is None
    assert PEERS[peer](kept.encode()) == ""


@pytest.mark.requires("XMLDSIG-3.2")
def test_what_a_strict_peer_refuses_we_refuse(counting: Counting) -> None:
    documents = {bent.octets for bent in bendings(BENT, seed=2)}
    documents |= {forgery.octets() for forgery in some_forgeries(FORGED, seed=2)}
    alone = []
    for octets, _ in zip(sorted(documents), counting("documents compared", len(documents)), strict=True):
        if judge(octets).refusal is not None:
            continue
        for name, says in PEERS.items():
            reason = says(octets)
            if reason and not any(
                name == peer and reason.startswith(start) for peer, start in BELIEVED_ALL_THE_SAME
            ):
                alone.append((name, reason, octets))
    assert alone == []
